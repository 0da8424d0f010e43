"""History of the data, read from git."""
