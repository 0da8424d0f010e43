"""Checks: rules as generator functions, the registry that runs them, and a runner for folders."""
