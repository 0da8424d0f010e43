"""Atom and JSON feeds."""
