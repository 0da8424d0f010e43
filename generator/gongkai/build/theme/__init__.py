"""Page templates derived from the theme's output, and the choice of its style sheet."""
