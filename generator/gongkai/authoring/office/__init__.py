"""Word and Excel forms read into YAML."""
