"""Publish, switch, verify, tag."""
