"""The n-gram index of the site."""
