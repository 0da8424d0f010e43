"""The catalogue of checks: what is judged in a disclosure beyond its shape."""
