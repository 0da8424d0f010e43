"""Reading Word and Excel forms into YAML."""
