"""The rules: one function each, one registry, one runner."""
