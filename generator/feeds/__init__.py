"""Feeds: what was published, corrected and changed, for those who subscribe."""
