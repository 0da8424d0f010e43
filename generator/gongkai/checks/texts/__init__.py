"""Checks of texts: figures, dates, names and reasons in sentences, held against each other and the tables."""
