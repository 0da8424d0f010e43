"""Replaced versions, kept under as-of/."""
