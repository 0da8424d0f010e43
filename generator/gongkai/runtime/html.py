"""HTML escaping with a fast path for text without special characters."""

import re

from markupsafe import escape

_SPECIAL = re.compile("[&<>\"'\n]")
"""Characters that HTML escapes, and line breaks."""


def is_plain(text: str) -> bool:
    """Tell whether a text is a single line that needs no escaping."""
    return not _SPECIAL.search(text)


def safe(text: str) -> str:
    """Escape a text for element content or a quoted attribute."""
    return str(escape(text)) if _SPECIAL.search(text) else text


def safe_line(text: str) -> str:
    """Escape a text as one line, its white space collapsed."""
    return safe(" ".join(text.split()))
