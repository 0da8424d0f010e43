"""YAML parser whose values know their line and column, with Chinese messages for faults."""
