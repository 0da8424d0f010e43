"""Keeps the theme's end-of-life notice off the terminal.

mkdocs.yml names NOTICE with !!python/name: reading mkdocs.yml thus imports this module, and that
is the only moment before MkDocs imports the theme, which prints its notice on import.
"""

import os

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

NOTICE = "off"
