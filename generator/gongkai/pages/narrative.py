"""自评报告: its Markdown, parsed into chapters of safe HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_SAFE_LINK = re.compile(r"https?://|[^:]*(?:[/?#].*)?$", re.IGNORECASE)
"""http(s), or relative: no scheme before the first slash."""
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_BLANK_LINE = re.compile(r"(?<=\n)([ \t]*)\n")
_DISABLED_RULES = ("code", "html_block", "html_inline", "image", "reference", "lheading", "entity")
"""Syntax that a clerk's text could trigger by accident: four spaces, <, ![, [x]:, ---, &."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and the text below it, up to the next heading."""

    level: int
    """2 for a chapter, 3 for a subsection; 0 for the text before the first heading."""
    title: str
    anchor: str
    html: str
    """Safe: rendered from Markdown in which HTML is disabled."""


def parse_chapters(body: str) -> list[Chapter]:
    """Return the chapters of a report; anchors are numbers, so that they never depend on the text."""
    markdown = build_parser()
    tokens = markdown.parse(body)
    starts = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    result: list[Chapter] = []
    if tokens and (not starts or starts[0]):
        opening = tokens[: starts[0] if starts else len(tokens)]
        result.append(Chapter(0, "", "", _render_html(markdown, opening)))
    for count, start in enumerate(starts, start=1):
        end = starts[count] if count < len(starts) else len(tokens)
        level = max(2, int(tokens[start].tag[1]))
        title = _heading_text(tokens[start + 1])
        html = _render_html(markdown, tokens[start + 3 : end])
        result.append(Chapter(level, title, f"section-{count}", html))
    return result


def build_parser() -> MarkdownIt:
    """Return a parser of CommonMark with tables and without HTML."""
    markdown = (
        MarkdownIt("commonmark", {"html": False}).enable("table").disable(list(_DISABLED_RULES))
    )
    markdown.validateLink = lambda url: bool(_SAFE_LINK.match(url))  # type: ignore[method-assign]
    markdown.core.ruler.push("link_words", _add_link_text)
    markdown.add_render_rule("softbreak", _soft_break)
    return markdown


def _add_link_text(state: StateCore) -> None:
    """Give links without text, as images become, their address as text."""
    for token in state.tokens:
        children = token.children or []
        for index in range(len(children) - 1, 0, -1):
            if children[index].type == "link_close" and children[index - 1].type == "link_open":
                text = Token(
                    "text", "", 0, content=f"{children[index - 1].attrGet('href') or '[]()'}"
                )
                children.insert(index, text)


def _soft_break(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    """Render a line break: as nothing between two Han characters, else as a newline."""
    before = tokens[index - 1].content[-1:] if index else ""
    after = tokens[index + 1].content[:1] if index + 1 < len(tokens) else ""
    return "" if _HAN.match(before) and _HAN.match(after) else "\n"


def _heading_text(heading: Token) -> str:
    return "".join(
        "" if child.type == "softbreak" else child.content for child in heading.children or ()
    )


def _render_html(markdown: MarkdownIt, tokens: Sequence[Token]) -> str:
    """Render tokens; blank lines of code are written as references, as blank lines end a block."""
    html: Any = markdown.renderer.render(tokens, markdown.options, {})
    return _BLANK_LINE.sub(r"\1&#10;", str(html))
