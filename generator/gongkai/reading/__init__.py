"""From bytes to YAML nodes to form-checked documents to a data set."""
