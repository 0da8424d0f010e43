"""Headings within a page's body: control-character marks that become Markdown or HTML."""

from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from gongkai.runtime.html import escape_line

_START, _SEPARATOR, _END = "\x02", "\x1f", "\x03"
"""Control characters, which no data file may contain."""


class Heading(NamedTuple):
    """A heading of a page."""

    level: int
    anchor: str
    html: str
    """Text of the heading, escaped."""


def heading_mark(level: int, text: str, anchor: str) -> Markup:
    """Return the mark of a heading."""
    return Markup(f"{_START}{level}{_SEPARATOR}{anchor}{_SEPARATOR}{escape_line(text)}{_END}")  # noqa: S704


def split_headings(body: str) -> tuple[str, list[tuple[Heading, str]]]:
    """Split a body into the text above the first heading, and headings with the text below them."""
    before, *sections = body.split(_START)
    return before, [_parse_section(section) for section in sections]


def render_headings(body: str, render: Callable[[Heading], str]) -> str:
    """Replace the mark of every heading by what `render` returns for it."""
    before, sections = split_headings(body)
    return "".join([before, *[f"{render(mark)}{text}" for mark, text in sections]])


def _parse_section(section: str) -> tuple[Heading, str]:
    mark, _, text = section.partition(_END)
    level, anchor, html = mark.split(_SEPARATOR)
    return Heading(int(level), anchor, html), text
