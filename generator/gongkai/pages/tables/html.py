"""A table's HTML: most of what a page holds, hence written here and not in a template."""

from collections.abc import Iterable
from functools import cache, lru_cache

from markupsafe import Markup

from gongkai.pages.tables.grid import Grid, GridRow
from gongkai.runtime.html import is_plain, safe

_PERMALINK = '<a class="gk-anchor" href="#{}" aria-label="本行的固定链接"></a>'
"""At a row that has an address of its own; its sign is drawn by the style sheet, not text."""


def grid_html(grid: Grid) -> Markup:
    """A table in a region that can be scrolled; each cell has a line of its own.

    A search index joins what stands together, and figures side by side (18, 18, 18 …) would read
    as one long number.
    """
    caption = safe(grid.caption)
    classes = "gk-table"
    classes += " gk-table-wide" if grid.wide else ""
    classes += "" if grid.titled else " gk-untitled"
    parts = [
        f'<div class="gk-wide" role="region" tabindex="0" aria-label="{caption}">',
        f'<table class="{classes}">',
        f"<caption>{caption}</caption>",
    ]
    if grid.head:
        parts.append(_head(grid.head))
    for part, rows in (("tbody", grid.body), ("tfoot", grid.foot)):
        if rows:
            parts.append(_rows(part, rows))
    parts += ("</table>", "</div>")
    return Markup("\n".join(parts))  # noqa: S704 - every text in it is escaped


def _rows(part: str, rows: Iterable[GridRow]) -> str:
    """There are hundreds of cells on a page: what is rare in them is asked for row by row."""
    parts = [f"<{part}>"]
    for row in rows:
        parts.append("<tr>")
        plain = is_plain("".join([cell[0] for cell in row]))
        for text, scope, spanned, columns, classes, marks, anchor in row:
            opening, closing = _tags(scope, spanned, columns, classes)
            if anchor:
                opening = f'{opening[:-1]} id="{anchor}">'
                closing = (_PERMALINK.format(anchor) if scope else "") + closing
            if marks:
                closing = "".join(map(mark_html, marks)) + closing
            parts.append(f"{opening}{text if plain else _lines(text)}{closing}")
        parts.append("</tr>")
    parts.append(f"</{part}>")
    return "\n".join(parts)


@lru_cache(maxsize=500)
def _head(rows: tuple[GridRow, ...]) -> str:
    """The headings, which are a form's and a year's."""
    return _rows("thead", rows)


@cache
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


def _lines(text: str) -> str:
    """Text whose lines stay lines."""
    html = safe(text)
    return "<br>".join(html.splitlines()) if "\n" in html else html


def mark_html(number: int) -> Markup:
    """The mark of a note at a figure."""
    return Markup(  # noqa: S704 - a number
        f'<sup class="gk-mark"><a href="#note-{number}" id="mark-{number}" '
        f'aria-label="核验说明第 {number} 条">注{number}</a></sup>'
    )
