"""API, CSV, JSON, SQLite, Parquet, DCAT."""
