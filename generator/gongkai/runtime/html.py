"""Text as HTML: most of it has nothing to escape, which is quicker to see than to do."""

import re

from markupsafe import escape

_SPECIAL = re.compile("[&<>\"'\n]")
"""What HTML writes otherwise, and line breaks."""


def is_plain(text: str) -> bool:
    """Whether a text is in one line and stands in HTML as it is."""
    return not _SPECIAL.search(text)


def safe(text: str) -> str:
    """A text as HTML, in an element or in quotes."""
    return str(escape(text)) if _SPECIAL.search(text) else text


def safe_line(text: str) -> str:
    """The same in one line."""
    return safe(" ".join(text.split()))
