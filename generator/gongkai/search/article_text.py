"""What a reader sees in a page's article: its text, section by section."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

_UNSEEN = re.compile(
    r"<(script|style|template|noscript)\b.*?</\1>|<a class=\"headerlink\".*?</a>"
    r"|<ul class=\"gk-downloads\">.*?</ul>|<tr class=\"gk-whole\">.*?</tr>|<!--.*?-->",
    re.DOTALL,
)
"""What says nothing of the page's own: the list of its files is the same on every page.

Nor are hashes looked for, which change whenever anything does.
"""
_BEGINS = re.compile(
    r"<h([1-6])\b([^>]*)>(.*?)</h\1>|<th scope=\"row\" id=\"(i-[^\"]*)\"", re.DOTALL
)
"""Where a section begins: at a heading, or at an indicator that has an anchor."""
_ANCHOR = re.compile(r'\bid="([^"]*)"')
_ROW = re.compile(r'<th scope="row"[^>]*>(.*?)</th>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_PARTING = re.compile(
    r"<(?!/?(?:a|abbr|b|code|em|i|mark|small|span|strong|sub|sup|time|u|wbr)\b)[^>]*>"
)
"""Tags that part words; the others stand within them."""
_PARTED = "\0"
"""What no page has."""


class Section(NamedTuple):
    """What stands between two anchors."""

    anchor: str
    """Empty above the first heading."""
    heading: str
    """Empty at an indicator, which is part of what its heading says."""
    text: str
    """In lines: each cell and each paragraph has one of its own."""


class Article(NamedTuple):
    """A page's text."""

    title: str
    """Its first heading."""
    names: tuple[str, ...]
    """Headings and the names of rows: indicators, projects, units."""
    sections: tuple[Section, ...]


def article(html: str) -> Article | None:
    """The article of a page's HTML; None where it has none."""
    start, end = html.find("<article"), html.rfind("</article>")
    if start < 0 or end < 0:
        return None
    body = _UNSEEN.sub("", html[html.index(">", start) + 1 : end])
    sections = tuple(_sections(body))
    headings = [each.heading for each in sections if each.heading]
    names = tuple(dict.fromkeys([*headings[1:], *_plain(_ROW.findall(body))]))
    return Article(headings[0] if headings else "", names, sections)


def _sections(body: str) -> Iterator[Section]:
    anchors, parts, last = [""], [""], 0
    for match in _BEGINS.finditer(body):
        parts.append(body[last : match.start()])
        if match[4]:
            anchors.append(match[4])
            parts.append("")
            last = match.start()
        else:
            found = _ANCHOR.search(match[2])
            anchors.append(found[1] if found else "")
            parts.append(match[3])
            last = match.end()
    parts.append(body[last:])
    texts = _plain(parts)
    final = len(anchors) - 1
    for number, anchor in enumerate(anchors):
        heading, text = texts[2 * number], texts[2 * number + 1]
        if text or heading or number == final:
            yield Section(anchor, heading, text)


def _plain(parts: Sequence[str]) -> list[str]:
    """Pieces of HTML as text, all at once."""
    text = _TAG.sub("", _PARTING.sub("\n", _PARTED.join(parts)))
    if "&" in text:
        text = unescape(text)
    return [_tidy(each) for each in text.split(_PARTED)] if parts else []


def _tidy(text: str) -> str:
    """Its lines, without blank ones and what is blank around them."""
    text = text.strip()
    if "\n" not in text:
        return text
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))
