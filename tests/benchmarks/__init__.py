"""Benchmarks, run with `make bench`, `make bench-province` and `make bench-search`."""
