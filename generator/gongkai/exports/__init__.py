"""Exports of the published data: open data files and API, feeds, Word and Excel."""
