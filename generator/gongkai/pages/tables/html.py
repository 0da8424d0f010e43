"""HTML of printed tables, most of a page's text: built here because Jinja is slower."""

from collections.abc import Iterable
from functools import cache

from markupsafe import Markup

from gongkai.pages.tables.grid import Grid, GridRow
from gongkai.runtime.html import escape_html, is_plain_line

_PERMALINK = '<a class="gk-anchor" href="#{}" aria-label="本行的固定链接"></a>'
"""Link of a row to itself; the style sheet draws its sign, so that it is no text."""


def grid_html(grid: Grid) -> Markup:
    """Return a table in a scrollable region, one line per cell.

    A search index joins text on one line, so adjacent figures (18, 18, 18 …) would read as one
    long number.
    """
    caption = escape_html(grid.caption)
    classes = "gk-table"
    classes += " gk-table-wide" if grid.is_wide else ""
    classes += "" if grid.shows_caption else " gk-untitled"
    parts = [
        f'<div class="gk-wide" role="region" tabindex="0" aria-label="{caption}">',
        f'<table class="{classes}">',
        f"<caption>{caption}</caption>",
    ]
    for tag, rows in (("thead", grid.head), ("tbody", grid.body), ("tfoot", grid.foot)):
        if rows:
            parts.append(_rows(tag, rows))
    parts += ("</table>", "</div>")
    return Markup("\n".join(parts))  # noqa: S704 - every text in it is escaped


def _rows(tag: str, rows: Iterable[GridRow]) -> str:
    """Return a part of a table; whether text needs escaping is checked once per row, for speed."""
    parts = [f"<{tag}>"]
    for row in rows:
        parts.append("<tr>")
        row_is_plain = is_plain_line("".join([cell.text for cell in row]))
        for text, scope, row_span, column_span, classes, note_refs, anchor in row:
            opening, closing = _tags(scope, row_span, column_span, classes)
            if anchor:
                opening = f'{opening[:-1]} id="{anchor}">'
                closing = (_PERMALINK.format(anchor) if scope else "") + closing
            if note_refs:
                closing = "".join(map(note_ref_html, note_refs)) + closing
            parts.append(f"{opening}{text if row_is_plain else _escaped_lines(text)}{closing}")
        parts.append("</tr>")
    parts.append(f"</{tag}>")
    return "\n".join(parts)


@cache
def _tags(scope: str, row_span: int, column_span: int, classes: tuple[str, ...]) -> tuple[str, str]:
    """Return the opening and closing tag of a cell."""
    tag = f'th scope="{scope}"' if scope else "td"
    if row_span > 1:
        tag += f' rowspan="{row_span}"'
    if column_span > 1:
        tag += f' colspan="{column_span}"'
    if classes:
        tag += f' class="{" ".join(classes)}"'
    return f"<{tag}>", f"</{tag[:2]}>"


def _escaped_lines(text: str) -> str:
    """Return text as HTML, line breaks as <br>."""
    html = escape_html(text)
    return "<br>".join(html.splitlines()) if "\n" in html else html


def note_ref_html(number: int) -> Markup:
    """Return the link from a figure to its note."""
    return Markup(  # noqa: S704 - a number
        f'<sup class="gk-mark"><a href="#note-{number}" id="mark-{number}" '
        f'aria-label="核验说明第 {number} 条">注{number}</a></sup>'
    )
