"""The theme around a page: rendered once for each kind of page, and filled for every page.

MkDocs renders one specimen of each kind, with words that stand where a page's own title, text and
table of contents go. What it makes of them is cut at these words; the rest is the same for every
page of the kind, for pages of a kind lie equally deep and outside the navigation.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from gongkai.model.terms import PageKind
from gongkai.pages.headings import Heading, parted
from gongkai.pages.render import HOME_PATH, Page
from gongkai.runtime.html import safe, safe_line
from gongkai.runtime.urls import relative_url

SPECIMENS: Mapping[PageKind, str] = {
    PageKind.HOME: HOME_PATH,
    PageKind.YEARS: "years/index.md",
    PageKind.YEAR: "years/gkx.md",
    PageKind.UNITS: "units/index.md",
    PageKind.UNIT: "units/gkx/index.md",
    PageKind.DISCLOSURE: "units/gkx/gkx/index.md",
    PageKind.REPORT: "units/gkx/gkx/report.md",
    PageKind.PROJECT: "units/gkx/gkx/projects/gkx.md",
    PageKind.PART: "lists/gkx.md",
    PageKind.SHORTFALLS: "shortfalls/index.md",
    PageKind.SHORTFALLS_YEAR: "shortfalls/gkx.md",
    PageKind.SHORTFALLS_PART: "lists/gkx-shortfalls.md",
    PageKind.STATUS: "status/index.md",
    PageKind.CORRECTIONS: "corrections/index.md",
    PageKind.CORRECTIONS_YEAR: "corrections/gkx.md",
    PageKind.COMPARE: "compare/index.md",
    PageKind.SEARCH: "search/index.md",
    PageKind.RULES: "guide/rules/index.md",
    PageKind.RULE: "guide/rules/gkx.md",
    PageKind.DATA: "data/index.md",
    PageKind.DICTIONARY: "data/dictionary/index.md",
    PageKind.FORM: "data/dictionary/gkx.md",
    PageKind.OLD_DISCLOSURE: "as-of/gkx/units/gkx/gkx/index.md",
    PageKind.OLD_REPORT: "as-of/gkx/units/gkx/gkx/report.md",
    PageKind.OLD_PROJECT: "as-of/gkx/units/gkx/gkx/projects/gkx.md",
    PageKind.AS_OF: "as-of/index.md",
    PageKind.AS_OF_RELEASE: "as-of/gkx/index.md",
}
"""Where the specimen of each kind lies; a kind of which there is one page has that page's place."""
WITH_SOURCE = frozenset({PageKind.UNIT, PageKind.DISCLOSURE, PageKind.REPORT, PageKind.PROJECT})
"""Kinds whose pages show a data file, to which an edit link may lead."""
SOURCE = "gkx-source"
_TITLE, _DESCRIPTION, _CRUMB, _HEADING = "gkx-title", "gkx-description", "gkx-crumb", "gkx-heading"
_CITATION = "gkx-citation"
_TAGS = '<meta name="gkx-tags">'
"""Stands in the head where a page's own tags go (see tags)."""
_PLAIN = '<div class="gkx-body"></div>'
"""The place of the text in a kind whose pages have no headings, hence no table of contents."""
_BODY = re.compile(rf'<h2 id="{_HEADING}">.*?</h2>|{_PLAIN}', re.DOTALL)
_TOC_ITEM = re.compile(rf"<li\b(?:(?!<li\b).)*?{_HEADING}.*?</li>", re.DOTALL)
_CRUMB_ITEM = re.compile(rf"<li\b(?:(?!<li\b).)*?{_CRUMB}.*?</li>", re.DOTALL)
_SOURCE_LINK = re.compile(rf'"([^"]*){SOURCE}"')
_BLANKS = re.compile(r"[ \t]*\n\s*")
_TOC_BOX = re.compile(r"<!-- contents -->.*?<!-- /contents -->", re.DOTALL)
"""Where the theme says so: what is left out with a table of contents that would be empty."""
_ELEMENTS = {"body": _BODY, "toc": _TOC_ITEM, "crumbs": _CRUMB_ITEM}
_CUT = "\0"


class NoPlaceError(ValueError):
    """The theme gives a page's own text no place."""


@dataclass(frozen=True, slots=True)
class Shell:
    """What the theme puts around the pages of one kind."""

    pieces: tuple[str, ...]
    """HTML and, at every second place, what of a page goes there: title, url, body …"""
    heading: str
    """The specimen's heading; empty where pages have none."""
    toc_item: str
    toc_box: tuple[str, str]
    """What stands before and after the items where there are any."""
    crumb: str
    edit: str
    """What the path of a data file is joined to for an edit link; empty where there is none."""

    def filled(self, page: Page, source: str, tags: str = "") -> str:
        """The whole HTML of a page, with the tags of its head.

        `source` is its data file's path from the hand-written pages.
        """
        head = page.head
        before, found = parted(page.body)
        words = {
            "title": safe_line(head.title),
            "description": safe_line(head.description),
            "url": head.url,
            "tags": tags,
            "citation": safe(head.citation),
            "crumbs": "".join(self._crumbs(page)),
            "toc": self._contents([heading for heading, _ in found]),
            "body": self._body(before, found).replace("\n\n", "\n"),
            "source": self._edit_url(source) if source else "",
        }
        pieces = list(self.pieces)
        pieces[1::2] = [words[name] for name in pieces[1::2]]
        return "".join(pieces)

    def _body(self, before: str, found: Iterable[tuple[Heading, str]]) -> str:
        parts = [before]
        for heading, text in found:
            parts += (self._heading(heading), text)
        return "".join(parts)

    def _edit_url(self, source: str) -> str:
        folder, slash, name = source.rpartition("/")
        return safe(f"{_joined(self.edit, f'{folder}{slash}')}{name}")

    def _contents(self, found: Sequence[Heading]) -> str:
        items = _contents(found, self.toc_item)
        before, after = self.toc_box
        return f"{before}{items}{after}" if items else ""

    def _crumbs(self, page: Page) -> Iterator[str]:
        for crumb in page.head.crumbs:
            url = relative_url(crumb.url, page.head.url)
            item = self.crumb.replace(f'"{_CRUMB}"', f'"{safe(url)}"')
            yield item.replace(_CRUMB, safe(crumb.title))

    def _heading(self, heading: Heading) -> str:
        if not self.heading:
            raise NoPlaceError
        return _written(self.heading, heading)


def specimen(kind: PageKind, opening: str) -> str:
    """The Markdown of a specimen; `opening` is what is written by hand on the home page."""
    place = f"## {_HEADING} {{#{_HEADING}}}\n" if kind.has_headings else f"{_PLAIN}\n"
    front = {"head_html": f"'{_TAGS}'"}
    if kind is PageKind.HOME:
        return f"{_front(opening, front)}\n\n{place}"
    front |= {"title": _TITLE, "description": _DESCRIPTION, "kind": kind.value}
    front["breadcrumbs"] = f"[{{title: {_CRUMB}, url: {_CRUMB}}}]"
    if kind.is_content or kind.is_old:
        front["citation"] = _CITATION
    return f"{_front('', front)}# {_TITLE} {{#top}}\n\n{place}"


def _front(text: str, more: Mapping[str, str]) -> str:
    """A Markdown text with more in its front matter."""
    lines = "".join(f"{key}: {value}\n" for key, value in more.items())
    if text.startswith("---\n"):
        return f"---\n{lines}{text.rstrip()[4:]}"
    return f"---\n{lines}---\n{text.rstrip()}"


def specimen_url(kind: PageKind) -> str:
    """The address of a kind's specimen, from the site's root."""
    path = SPECIMENS[kind].removesuffix(".md")
    return "" if path == "index" else f"{path.removesuffix('/index')}/"


def shell(kind: PageKind, html: str) -> Shell:
    """What is left of a specimen's HTML; NoPlaceError where its text is nowhere."""
    html = html.replace(_CUT, "")
    if "<pre" not in html:
        html = _BLANKS.sub("\n", html)
    found: dict[str, str] = {}
    for slot, pattern in _ELEMENTS.items():
        match = pattern.search(html)
        found[slot] = match[0] if match else ""
        html = pattern.sub(_slot(slot), html)
    if not found["body"]:
        raise NoPlaceError
    box = ("", "")
    if match := _TOC_BOX.search(html):
        before, _, after = match[0].partition(_slot("toc"))
        box = (before, after)
        html = html.replace(match[0], _slot("toc"))
    edit = _SOURCE_LINK.search(html)
    html = _SOURCE_LINK.sub(f'"{_slot("source")}"', html)
    html = html.replace(_TITLE, _slot("title")).replace(_DESCRIPTION, _slot("description"))
    html = html.replace(_TAGS, _slot("tags")).replace(_CITATION, _slot("citation"))
    if url := specimen_url(kind):
        html = html.replace(url, _slot("url"))
    return Shell(
        pieces=tuple(html.split(_CUT)),
        heading=found["body"] if found["body"] != _PLAIN else "",
        toc_item=found["toc"],
        toc_box=box,
        crumb=found["crumbs"],
        edit=edit[1] if edit else "",
    )


def _slot(name: str) -> str:
    return f"{_CUT}{name}{_CUT}"


@lru_cache(maxsize=100)
def _joined(edit: str, folder: str) -> str:
    """Where the files of a folder are edited."""
    return urljoin(edit, folder)


@lru_cache(maxsize=1_000)
def _written(template: str, heading: Heading) -> str:
    """A heading in the page; most are those of many pages."""
    level = f"h{heading.level}"
    html = template.replace("<h2", f"<{level}").replace("</h2", f"</{level}")
    return _named(html, heading)


@lru_cache(maxsize=1_000)
def _named(template: str, heading: Heading) -> str:
    """A piece of HTML with a heading's anchor and text in the specimen's place."""
    anchored = template.replace(f'"{_HEADING}"', f'"{heading.anchor}"')
    return anchored.replace(f"#{_HEADING}", f"#{heading.anchor}").replace(_HEADING, heading.html)


def _contents(found: Sequence[Heading], item: str) -> str:
    """The table of contents: items of the theme's, deeper ones in lists within."""
    made: list[str] = []
    while item and found:
        first, *rest = found
        same = (number for number, each in enumerate(rest) if each.level <= first.level)
        count = next(same, len(rest))
        below, found = rest[:count], rest[count:]
        html = _named(item, first)
        if below:
            html = f"{html.removesuffix('</li>')}<ul>\n{_contents(below, item)}\n</ul>\n</li>"
        made.append(html)
    return "\n".join(made)
