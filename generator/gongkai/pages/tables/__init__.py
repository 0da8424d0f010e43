"""The official tables as HTML."""
