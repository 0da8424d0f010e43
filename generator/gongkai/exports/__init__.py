"""The same data for machines and paper: open data, feeds, Word and Excel."""
