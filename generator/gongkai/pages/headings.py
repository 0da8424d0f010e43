"""Headings within a page: marks in its text, which become Markdown or HTML."""

from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from gongkai.runtime.html import safe_line

_BEGIN, _BETWEEN, _END = "\x02", "\x1f", "\x03"
"""Control characters, which no data file may hold."""


class Heading(NamedTuple):
    """A heading of a page."""

    level: int
    anchor: str
    html: str
    """Its text, escaped."""


def heading(level: int, text: str, anchor: str) -> Markup:
    """The mark of a heading."""
    return Markup(f"{_BEGIN}{level}{_BETWEEN}{anchor}{_BETWEEN}{safe_line(text)}{_END}")  # noqa: S704


def parted(body: str) -> tuple[str, list[tuple[Heading, str]]]:
    """What stands before the headings of a page, and each of them with what stands below it."""
    before, *marked = body.split(_BEGIN)
    return before, [_parted(each) for each in marked]


def written(body: str, write: Callable[[Heading], str]) -> str:
    """A page's text with each heading written out."""
    before, found = parted(body)
    return "".join([before, *[f"{write(each)}{text}" for each, text in found]])


def _parted(marked: str) -> tuple[Heading, str]:
    mark, _, text = marked.partition(_END)
    level, anchor, html = mark.split(_BETWEEN)
    return Heading(int(level), anchor, html), text
