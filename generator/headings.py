"""Headings within a page: marks in its text, which become Markdown or HTML."""

import re
from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup, escape

_BEGIN, _BETWEEN, _END = "\x02", "\x1f", "\x03"
"""Control characters, which no data file may hold."""
_MARK = re.compile(f"{_BEGIN}([1-6]){_BETWEEN}([^{_BETWEEN}]*){_BETWEEN}([^{_END}]*){_END}")


class Heading(NamedTuple):
    """A heading of a page."""

    level: int
    anchor: str
    html: str
    """Its text, escaped."""


def heading(level: int, text: str, anchor: str) -> Markup:
    """The mark of a heading."""
    safe = escape(" ".join(text.split()))
    return Markup(f"{_BEGIN}{level}{_BETWEEN}{anchor}{_BETWEEN}{safe}{_END}")  # noqa: S704


def headings(body: str) -> list[Heading]:
    """The headings of a page, in order."""
    return [_heading(match) for match in _MARK.finditer(body)]


def written(body: str, write: Callable[[Heading], str]) -> str:
    """A page's text with each heading written out."""
    return _MARK.sub(lambda match: write(_heading(match)), body)


def _heading(match: re.Match[str]) -> Heading:
    return Heading(int(match[1]), match[2], match[3])
