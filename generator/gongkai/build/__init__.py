"""The pipeline: data in, site out."""
