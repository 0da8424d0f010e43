"""A table's HTML: most of what a page holds, hence written here and not in a template."""

import re
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from generator.grid import Grid, GridCell, GridRow

_SPECIAL = re.compile(r"[&<>\"'\n]")
"""What HTML writes otherwise, and line breaks."""
_PERMALINK = '<a class="gk-anchor" href="#{}" aria-label="本行的固定链接"></a>'
"""At a row that has an address of its own; its sign is drawn by the style sheet, not text."""


def grid_html(grid: Grid) -> Markup:
    """A table in a region that can be scrolled; each cell has a line of its own.

    A search index joins what stands together, and figures side by side (18, 18, 18 …) would read
    as one long number.
    """
    caption = escape(grid.caption)
    classes = "gk-table"
    classes += " gk-table-wide" if grid.wide else ""
    classes += "" if grid.titled else " gk-untitled"
    parts = [
        f'<div class="gk-wide" role="region" tabindex="0" aria-label="{caption}">',
        f'<table class="{classes}">',
        f"<caption>{caption}</caption>",
    ]
    for part, rows in (("thead", grid.head), ("tbody", grid.body), ("tfoot", grid.foot)):
        if rows:
            parts += (f"<{part}>", *_rows(rows), f"</{part}>")
    parts += ("</table>", "</div>")
    return Markup("\n".join(parts))  # noqa: S704 - every text in it is escaped


def _rows(rows: tuple[GridRow, ...]) -> Iterator[str]:
    for row in rows:
        yield "<tr>"
        yield from map(_cell, row)
        yield "</tr>"


def _cell(cell: GridCell) -> str:
    text, scope, rows, columns, classes, marks, anchor = cell
    opening, closing = _tags(scope, rows, columns, classes)
    noted = "".join(map(mark_html, marks)) if marks else ""
    if anchor:
        opening = f'{opening[:-1]} id="{anchor}">'
        noted += _PERMALINK.format(anchor) if scope else ""
    return f"{opening}{text_html(text)}{noted}{closing}"


@lru_cache(maxsize=1_000)
def _tags(scope: str, rows: int, columns: int, classes: tuple[str, ...]) -> tuple[str, str]:
    """What stands before and after the text of a cell."""
    tag = f'th scope="{scope}"' if scope else "td"
    if rows > 1:
        tag += f' rowspan="{rows}"'
    if columns > 1:
        tag += f' colspan="{columns}"'
    if classes:
        tag += f' class="{" ".join(classes)}"'
    return f"<{tag}>", f"</{tag[:2]}>"


def mark_html(number: int) -> Markup:
    """The mark of a note at a figure."""
    return Markup(  # noqa: S704 - a number
        f'<sup class="gk-mark"><a href="#note-{number}" id="mark-{number}" '
        f'aria-label="核验说明第 {number} 条">注{number}</a></sup>'
    )


def text_html(text: str) -> str:
    """Text whose lines stay lines."""
    if not _SPECIAL.search(text):
        return text
    safe = str(escape(text))
    return "<br>".join(safe.splitlines()) if "\n" in safe else safe
