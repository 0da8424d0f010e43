"""Page templates: the theme around a page, rendered once per page kind and filled for every page.

MkDocs renders one placeholder page per kind, with marker words in place of a page's title, body and
table of contents. Its HTML is split at these words; the rest is the same for every page of the kind,
because pages of a kind lie equally deep and outside the navigation.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from gongkai.pages.headings import Heading, split_headings
from gongkai.pages.page_types import HOME, PageType, page_url
from gongkai.pages.render import Page
from gongkai.runtime.html import escape_html, escape_line
from gongkai.runtime.urls import relative_url

_PLACEHOLDER = "gkx"
"""Name of unit, year and the like in the addresses of placeholder pages."""
SOURCE = "gkx-source"
_TITLE, _DESCRIPTION, _CRUMB, _HEADING = "gkx-title", "gkx-description", "gkx-crumb", "gkx-heading"
_CITATION = "gkx-citation"
_TAGS = '<meta name="gkx-tags">'
"""Marks the place of a page's meta tags in the head (see meta_tags)."""
_PLAIN = '<div class="gkx-body"></div>'
"""Marks the place of the body in kinds whose pages have no headings, hence no table of contents."""
_BODY = re.compile(rf'<h2 id="{_HEADING}">.*?</h2>|{_PLAIN}', re.DOTALL)
_TOC_ITEM = re.compile(rf"<li\b(?:(?!<li\b).)*?{_HEADING}.*?</li>", re.DOTALL)
_CRUMB_ITEM = re.compile(rf"<li\b(?:(?!<li\b).)*?{_CRUMB}.*?</li>", re.DOTALL)
_SOURCE_LINK = re.compile(rf'"([^"]*){SOURCE}"')
_VERBATIM = re.compile(
    r"(<pre\b.*?</pre>|<script\b.*?</script>|<style\b.*?</style>|<textarea\b.*?</textarea>)",
    re.DOTALL,
)
"""Elements in which white space or references matter; the group keeps them in a split."""
_BLANKS = re.compile(r"[ \t]*\n[ \t\n]*")
_PUNCTUATION = re.compile(r"&#(3[35-8]|4[0-7]|5[89]|6[0-4]|9[1-6]|12[3-6]);")
"""References to ASCII punctuation, which the Markdown of headings has; quotation marks remain."""
_TOC_BOX = re.compile(r"\n?<!-- contents -->.*?<!-- /contents -->", re.DOTALL)
"""The part of the theme that is left out if the table of contents would be empty."""
_ELEMENTS = {"body": _BODY, "toc": _TOC_ITEM, "crumbs": _CRUMB_ITEM}
_CUT = "\0"


class NoContentSlotError(ValueError):
    """The theme has no place for a page's body (page.content)."""


@dataclass(frozen=True, slots=True)
class PageTemplate:
    """The theme's HTML around the pages of one kind, with slots to fill."""

    pieces: tuple[str, ...]
    """HTML and slot names in turn; slots are title, url, body …"""
    heading: str
    """HTML of the placeholder page's heading; empty if pages have none."""
    toc_item: str
    toc_box: tuple[str, str]
    """HTML before and after the entries of the table of contents, if there are any."""
    crumb: str
    edit_base: str
    """Base URL of edit links, to be joined with a data file's path; empty if there are none."""

    def fill(self, page: Page, source: str, tags: str = "") -> str:
        """Return the complete HTML of a page (see slot_values)."""
        return self.join(self.slot_values(page, source, tags))

    def slot_values(self, page: Page, source: str, tags: str = "") -> list[str]:
        """Return what a page fills into the slots, in their order; `tags` go into its head.

        `source` is the path of its data file relative to the hand-written pages.
        """
        head = page.head
        intro, sections = split_headings(page.body)
        slots = {
            "title": escape_line(head.title),
            "description": escape_line(head.description),
            "url": head.url,
            "tags": tags,
            "citation": escape_line(head.citation),
            "crumbs": "\n".join(self._crumbs(page)),
            "toc": self._table_of_contents([heading for heading, _ in sections]),
            "body": self._body(intro, sections).replace("\n\n", "\n"),
            "source": self._edit_url(source) if source else "",
        }
        return [slots[name] for name in self.pieces[1::2]]

    def join(self, slots: Sequence[str]) -> str:
        """Return the complete HTML of a page, given what its slots hold."""
        pieces = list(self.pieces)
        pieces[1::2] = slots
        return "".join(pieces)

    def can_refill(self, old: "PageTemplate") -> bool:
        """Whether what a page has filled into the slots of another template fits into these.

        It does if only the HTML around it differs, and none of it in the article, which is indexed.
        """
        return (
            set(self.pieces[1::2]) <= set(old.pieces[1::2])
            and replace(self, pieces=()) == replace(old, pieces=())
            and self.article == old.article
        )

    def refill(self, old: "PageTemplate", html: str, slot_sizes: Sequence[int]) -> list[str]:
        """Return what the slots hold of a page that was filled into another template."""
        values: dict[str, str] = {}
        position = len(old.pieces[0])
        names_and_rest = zip(old.pieces[1::2], slot_sizes, old.pieces[2::2], strict=True)
        for name, size, rest in names_and_rest:
            values[name] = html[position : position + size]
            position += size + len(rest)
        return [values[name] for name in self.pieces[1::2]]

    @property
    def article(self) -> str:
        """The part of the HTML, with names of slots, that the search indexes (see article_text)."""
        html = _CUT.join(self.pieces)
        start, end = html.find("<article"), html.rfind("</article>")
        return html[html.index(">", start) : end] if start >= 0 else ""

    def _body(self, intro: str, sections: Iterable[tuple[Heading, str]]) -> str:
        parts = [intro]
        for heading, text in sections:
            parts += (self._heading(heading), text)
        return "".join(parts)

    def _edit_url(self, source: str) -> str:
        folder, slash, name = source.rpartition("/")
        return escape_html(urljoin(self.edit_base, folder + slash) + name)

    def _table_of_contents(self, headings: Sequence[Heading]) -> str:
        entries = _toc_entries(headings, self.toc_item)
        before, after = self.toc_box
        return f"{before}{entries}{after}" if entries else ""

    def _crumbs(self, page: Page) -> Iterator[str]:
        for crumb in page.head.breadcrumbs:
            url = relative_url(crumb.url, page.head.url)
            html = self.crumb.replace(f'"{_CRUMB}"', f'"{escape_html(url)}"')
            yield html.replace(_CRUMB, escape_line(crumb.title))

    def _heading(self, heading: Heading) -> str:
        if not self.heading:
            raise NoContentSlotError
        return _heading_html(self.heading, heading)


def placeholder_path(page_type: PageType) -> str:
    """Return the path of a type's placeholder page; a type with a single page uses that page's own."""
    return page_type.fill_path(_PLACEHOLDER)


def placeholder_markdown(page_type: PageType, opening: str) -> str:
    """Return the Markdown of a placeholder page; `opening` is the home page's hand-written text."""
    body = f"## {_HEADING} {{#{_HEADING}}}\n" if page_type.has_headings else f"{_PLAIN}\n"
    front_matter = {"head_html": f"'{_TAGS}'"}
    if page_type is HOME:
        return f"{_with_front_matter(opening, front_matter)}\n\n{body}"
    front_matter |= {"title": _TITLE, "description": _DESCRIPTION, "kind": page_type.name}
    front_matter["breadcrumbs"] = f"[{{title: {_CRUMB}, url: {_CRUMB}}}]"
    if page_type.is_content or page_type.is_archived:
        front_matter["citation"] = _CITATION
    return f"{_with_front_matter('', front_matter)}# {_TITLE} {{#top}}\n\n{body}"


def _with_front_matter(text: str, added: Mapping[str, str]) -> str:
    """Add entries to the front matter of a Markdown text."""
    lines = "".join(f"{key}: {value}\n" for key, value in added.items())
    if text.startswith("---\n"):
        return f"---\n{lines}{text.rstrip()[4:]}"
    return f"---\n{lines}---\n{text.rstrip()}"


def placeholder_url(page_type: PageType) -> str:
    """Return the URL of a type's placeholder page, relative to the site's root."""
    return page_url(placeholder_path(page_type))


def page_template(page_type: PageType, html: str) -> PageTemplate:
    """Cut a placeholder page's HTML into a template.

    Raise NoContentSlotError if the page's body does not occur in it.
    """
    html, elements = _cut_elements(tidy_html(html.replace(_CUT, "")))
    if not elements["body"]:
        raise NoContentSlotError
    html, toc_box = _cut_toc_box(html)
    edit_link = _SOURCE_LINK.search(html)
    html = _SOURCE_LINK.sub(f'"{_slot("source")}"', html)
    html = html.replace(_TITLE, _slot("title")).replace(_DESCRIPTION, _slot("description"))
    html = html.replace(_TAGS, _slot("tags")).replace(_CITATION, _slot("citation"))
    if url := placeholder_url(page_type):
        html = html.replace(url, _slot("url"))
    return PageTemplate(
        pieces=tuple(html.split(_CUT)),
        heading=elements["body"] if elements["body"] != _PLAIN else "",
        toc_item=elements["toc"],
        toc_box=toc_box,
        crumb=elements["crumbs"],
        edit_base=edit_link[1] if edit_link else "",
    )


def tidy_html(html: str) -> str:
    """Return a page of MkDocs without blank lines, indentation and needless character references.

    The pages that MkDocs makes of the data's Markdown become the same, byte by byte, as those that
    `PageTemplate.fill` makes.
    """
    parts = _VERBATIM.split(html)
    parts[::2] = [
        _PUNCTUATION.sub(_character, _BLANKS.sub("\n", part)) if part else "" for part in parts[::2]
    ]
    return "".join(parts)


def _character(reference: re.Match[str]) -> str:
    return escape_html(chr(int(reference[1])))


def _cut_elements(html: str) -> tuple[str, dict[str, str]]:
    """Replace the elements that pages repeat by slots; return them by slot, empty if missing."""
    elements: dict[str, str] = {}
    for slot, pattern in _ELEMENTS.items():
        match = pattern.search(html)
        elements[slot] = match[0] if match else ""
        html = pattern.sub(_slot(slot), html)
    return html, elements


def _cut_toc_box(html: str) -> tuple[str, tuple[str, str]]:
    """Replace the box of the table of contents by its slot; return the HTML around its entries."""
    match = _TOC_BOX.search(html)
    if match is None:
        return html, ("", "")
    before, _, after = match[0].partition(_slot("toc"))
    return html.replace(match[0], _slot("toc")), (before, after)


def _slot(name: str) -> str:
    return f"{_CUT}{name}{_CUT}"


def _heading_html(template: str, heading: Heading) -> str:
    """Return the HTML of a heading."""
    level = f"h{heading.level}"
    html = template.replace("<h2", f"<{level}").replace("</h2", f"</{level}")
    return _fill_heading(html, heading)


def _fill_heading(template: str, heading: Heading) -> str:
    """Replace the marker word in a piece of HTML by a heading's anchor and text."""
    anchored = template.replace(f'"{_HEADING}"', f'"{heading.anchor}"')
    return anchored.replace(f"#{_HEADING}", f"#{heading.anchor}").replace(_HEADING, heading.html)


def _toc_entries(headings: Sequence[Heading], template: str) -> str:
    """Return the entries of the table of contents, deeper ones in nested lists."""
    entries: list[str] = []
    while template and headings:
        first, *rest = headings
        siblings = (number for number, heading in enumerate(rest) if heading.level <= first.level)
        count = next(siblings, len(rest))
        below, headings = rest[:count], rest[count:]
        html = _fill_heading(template, first)
        if below:
            nested = f"<ul>\n{_toc_entries(below, template)}\n</ul>"
            html = f"{html.removesuffix('</li>')}\n{nested}\n</li>"
        entries.append(html)
    return "\n".join(entries)
