"""HTML escaping with a fast path for text without special characters."""

import re

from markupsafe import escape

_SPECIAL = re.compile("[&<>\"'\n]")
"""Characters that HTML escapes, and line breaks."""


def is_plain_line(text: str) -> bool:
    """Tell whether a text is a single line that needs no escaping."""
    return not _SPECIAL.search(text)


def escape_html(text: str) -> str:
    """Escape a text for element content or a quoted attribute."""
    return str(escape(text)) if _SPECIAL.search(text) else text


def escape_line(text: str) -> str:
    """Escape a text as one line, its white space collapsed."""
    return escape_html(" ".join(text.split()))
