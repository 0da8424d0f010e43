"""The build pipeline: from data files to a published site."""
