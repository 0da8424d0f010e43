"""Official tables as HTML."""
