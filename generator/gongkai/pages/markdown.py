"""A page as Markdown with front matter: for gongkai render, and for other builders."""

import json
import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from gongkai.pages.headings import Heading, written
from gongkai.pages.render import Page
from gongkai.runtime.urls import relative_url

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def markdown(page: Page, tags: str = "", opening: str = "") -> str:
    """The page's Markdown, with the tags of its head.

    `opening` is what is written by hand above it (the home page's).
    """
    body = written(page.body, _heading)
    told = f"head_html: {json.dumps(tags, ensure_ascii=False)}\n" if tags else ""
    if opening.startswith("---\n"):
        return f"---\n{told}{opening.rstrip()[4:]}\n\n{body}\n"
    if not page.head.url:
        return f"---\n{told}---\n{opening.rstrip()}\n\n{body}\n"
    front = told + "".join(f"{line}\n" for line in _front(page))
    title = _heading(Heading(1, "top", str(escape(" ".join(page.head.title.split())))))
    return f"---\n{front}---\n{title}\n\n{body}\n"


def _front(page: Page) -> Iterator[str]:
    head = page.head
    yield f"title: {_quoted(head.title)}"
    yield f"description: {_quoted(head.description)}"
    if head.crumbs:
        yield "breadcrumbs:"
    for crumb in head.crumbs:
        url = relative_url(crumb.url, head.url)
        yield f"  - {{title: {_quoted(crumb.title)}, url: {_quoted(url)}}}"
    if head.updated:
        yield f"updated: {_quoted(head.updated)}"
    yield f"kind: {page.kind.value}"
    if head.citation:
        yield f"citation: {_quoted(head.citation)}"


def _heading(heading: Heading) -> str:
    """A Markdown heading; no character of its text can mean anything to Markdown."""
    text = Markup(heading.html).unescape()  # noqa: S704 - escaped before
    safe = _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", text)
    return f"{'#' * heading.level} {safe} {{#{heading.anchor}}}"


def _quoted(text: str) -> str:
    """A value of the front matter, escaped as HTML, for the theme prints it as it is."""
    return json.dumps(str(escape(" ".join(text.split()))), ensure_ascii=False)
