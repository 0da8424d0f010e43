"""Releases: publish, switch, verify, tag."""
