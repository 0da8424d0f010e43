"""Suppress the theme's end-of-life notice on the terminal.

mkdocs.yml refers to NOTICE by !!python/name, so reading mkdocs.yml imports this module. That is the
only moment before MkDocs imports the theme, which prints its notice on import.
"""

import os

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

NOTICE = "off"
