"""Open data: the JSON API, CSV, SQLite, Parquet and DCAT metadata."""
