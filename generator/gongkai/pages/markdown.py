"""Pages as Markdown with front matter, for `gongkai render` and other site builders."""

import json
import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from gongkai.pages.headings import Heading, render_headings
from gongkai.pages.render import Page
from gongkai.runtime.urls import relative_url

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def render_markdown(page: Page, tags: str = "", opening: str = "") -> str:
    """Return the page's Markdown; `tags` are those of the HTML head.

    `opening` is hand-written Markdown above the body, on the home page.
    """
    body = render_headings(page.body, _markdown_heading)
    head_line = f"head_html: {json.dumps(tags, ensure_ascii=False)}\n" if tags else ""
    if opening.startswith("---\n"):
        return f"---\n{head_line}{opening.rstrip()[4:]}\n\n{body}\n"
    if not page.head.url:
        return f"---\n{head_line}---\n{opening.rstrip()}\n\n{body}\n"
    front = head_line + "".join(f"{line}\n" for line in _front_matter(page))
    title_html = str(escape(" ".join(page.head.title.split())))
    title = _markdown_heading(Heading(1, "top", title_html))
    return f"---\n{front}---\n{title}\n\n{body}\n"


def _front_matter(page: Page) -> Iterator[str]:
    head = page.head
    yield f"title: {_quote(head.title)}"
    yield f"description: {_quote(head.description)}"
    if head.breadcrumbs:
        yield "breadcrumbs:"
    for crumb in head.breadcrumbs:
        url = relative_url(crumb.url, head.url)
        yield f"  - {{title: {_quote(crumb.title)}, url: {_quote(url)}}}"
    if head.updated:
        yield f"updated: {_quote(head.updated)}"
    yield f"kind: {page.type.name}"
    if head.citation:
        yield f"citation: {_quote(head.citation)}"


def _markdown_heading(heading: Heading) -> str:
    """Return a Markdown heading; punctuation is written as entities, so that it stays text."""
    text = Markup(heading.html).unescape()  # noqa: S704 - escaped when the mark was made
    escaped = _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", text)
    return f"{'#' * heading.level} {escaped} {{#{heading.anchor}}}"


def _quote(text: str) -> str:
    """Return a value of the front matter, HTML-escaped because the theme prints it verbatim."""
    return json.dumps(str(escape(" ".join(text.split()))), ensure_ascii=False)
