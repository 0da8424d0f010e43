"""Drafts of forms (表式), written from filled or empty tables."""
