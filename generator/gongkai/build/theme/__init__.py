"""Page templates and style sheets cut from the theme."""
