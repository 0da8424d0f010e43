"""Changes of the data, from git."""
