"""Visible text of a page's article, section by section."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

_IGNORED = re.compile(
    r"<(script|style|template|noscript)\b.*?</\1>|<a class=\"headerlink\".*?</a>"
    r"|<ul class=\"gk-downloads\">.*?</ul>|<tr class=\"gk-whole\">.*?</tr>|<!--.*?-->",
    re.DOTALL,
)
"""Markup that is not indexed.

The list of downloads is the same on every page; nobody searches for hashes, which change with
every build.
"""
_SECTION_START = re.compile(
    r"<h([1-6])\b([^>]*)>(.*?)</h\1>|<th scope=\"row\" id=\"(i-[^\"]*)\"", re.DOTALL
)
"""A heading, or the row of an indicator that has an anchor."""
_ANCHOR = re.compile(r'\bid="([^"]*)"')
_ROW = re.compile(r'<th scope="row"[^>]*>(.*?)</th>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_BLOCK_TAG = re.compile(
    r"<(?!/?(?:a|abbr|b|code|em|i|mark|small|span|strong|sub|sup|time|u|wbr)\b)[^>]*>"
)
"""Tags that separate words; inline tags do not."""
_SET_APART = (
    '<sup class="gk-mark"',
    *(f'<span class="gk-{name}"' for name in ("contradicted", "place", "values")),
)
"""Beginnings of marks and second values, which style sheets set apart from the text before them."""
_SEPARATOR = "\0"
"""A character that no page contains."""
CELL, HEAD, CITATION, OPEN_CELL = "\x7f", "\x80", "\x81", "\x82"
"""Characters that no page contains: between the cells of a row, before a row of column heads, before
the citation, which no excerpt quotes, and after a cell whose row goes on in the next section.

The search drops them like blanks (see normalize).
"""
_CELL_BORDER = re.compile(r"</(?:t[hd]|dt)>\s*<(?:t[hd]|dd)\b(?! scope=\"row\" id=)[^>]*>")
_ANCHORED_CELL_BORDER = re.compile(r"</t[hd]>\s*(?=<th scope=\"row\" id=)")
_HEAD_START = re.compile(r"<thead>\s*<tr[^>]*>\s*<t[hd]\b[^>]*>")
_CITATION_START = re.compile(r"<section class=\"gk-cite\"[^>]*>\s*(?:<p>)?")


class Section(NamedTuple):
    """Text between two anchors."""

    anchor: str
    """Empty above the first heading."""
    heading: str
    """Empty at an indicator, which belongs to the section of its heading."""
    text: str
    """One line per row and paragraph; the cells of a row, its heads and the citation are marked."""


class Article(NamedTuple):
    """Text of a page."""

    title: str
    """The first heading."""
    names: tuple[str, ...]
    """Headings and row names: indicators, projects, units."""
    sections: tuple[Section, ...]


def parse_article(html: str) -> Article | None:
    """Return the article of a page's HTML; None if it has none."""
    start, end = html.find("<article"), html.rfind("</article>")
    if start < 0 or end < 0:
        return None
    body = _IGNORED.sub("", html[html.index(">", start) + 1 : end])
    sections = tuple(_iter_sections(_mark_cells(body)))
    headings = [section.heading for section in sections if section.heading]
    names = tuple(dict.fromkeys([*headings[1:], *_plain_texts(_ROW.findall(body))]))
    return Article(headings[0] if headings else "", names, sections)


def _mark_cells(body: str) -> str:
    """Put the characters that mark cells, column heads and the citation in place of their tags.

    Blanks, which the search drops, set marks and second values apart.
    """
    for tag in _SET_APART:
        body = body.replace(tag, f" {tag}")
    body = _ANCHORED_CELL_BORDER.sub(OPEN_CELL, _CELL_BORDER.sub(CELL, body))
    return _CITATION_START.sub(f"\n{CITATION}", _HEAD_START.sub(f"\n{HEAD}", body))


def _iter_sections(body: str) -> Iterator[Section]:
    anchors, fragments, last = [""], [""], 0
    for match in _SECTION_START.finditer(body):
        fragments.append(body[last : match.start()])
        if match[4]:
            anchors.append(match[4])
            fragments.append("")
            last = match.start()
        else:
            anchor_match = _ANCHOR.search(match[2])
            anchors.append(anchor_match[1] if anchor_match else "")
            fragments.append(match[3])
            last = match.end()
    fragments.append(body[last:])
    texts = _plain_texts(fragments)
    final = len(anchors) - 1
    for number, anchor in enumerate(anchors):
        heading, text = texts[2 * number], texts[2 * number + 1]
        if text or heading or number == final:
            yield Section(anchor, heading, text)


def _plain_texts(fragments: Sequence[str]) -> list[str]:
    """Convert HTML fragments to text, in one pass over all of them."""
    text = _TAG.sub("", _BLOCK_TAG.sub("\n", _SEPARATOR.join(fragments)))
    if "&" in text:
        text = unescape(text)
    return [_strip_lines(fragment) for fragment in text.split(_SEPARATOR)] if fragments else []


def _strip_lines(text: str) -> str:
    """Strip every line and drop blank ones."""
    text = text.strip()
    if "\n" not in text:
        return text
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))
