"""A page as Markdown with front matter: for gongkai render, and for other builders."""

import json
import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from generator.headings import Heading, written
from generator.pages import Page, relative_url

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def markdown(page: Page, opening: str = "") -> str:
    """The page's Markdown; `opening` is what is written by hand above it (the home page's)."""
    body = written(page.body, _heading)
    if opening or not page.head.url:
        return f"{opening.rstrip()}\n\n{body}\n"
    front = "".join(f"{line}\n" for line in _front(page))
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
    yield f"hide: [{', '.join(page.kind.hides)}]"


def _heading(heading: Heading) -> str:
    """A Markdown heading; no character of its text can mean anything to Markdown."""
    text = Markup(heading.html).unescape()  # noqa: S704 - escaped before
    safe = _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", text)
    return f"{'#' * heading.level} {safe} {{#{heading.anchor}}}"


def _quoted(text: str) -> str:
    """A value of the front matter, escaped as HTML, for the theme prints it as it is."""
    return json.dumps(str(escape(" ".join(text.split()))), ensure_ascii=False)
