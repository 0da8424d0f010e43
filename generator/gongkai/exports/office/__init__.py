"""Word and Excel downloads."""
