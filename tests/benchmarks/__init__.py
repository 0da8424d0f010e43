"""Benchmarks, run with `make bench` and `make bench-search`."""
