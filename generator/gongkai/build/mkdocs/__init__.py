"""The integration with MkDocs: plugin, runs, preview."""
