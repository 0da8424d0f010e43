"""Page templates and style sheets derived from the theme's output."""
