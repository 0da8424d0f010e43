"""YAML whose every value knows its line and column, and messages for what is malformed."""
