"""Budget performance self-evaluations: read as YAML, checked for meaning, published as pages."""
