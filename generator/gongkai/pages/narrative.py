"""The narrative report: plain Markdown in, headings and safe HTML out."""

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
_OFF = ("code", "html_block", "html_inline", "image", "reference", "lheading", "entity")
"""What a clerk's text must not turn into by accident: four spaces, <, ![, [x]:, ---, &."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and the text below it, up to the next heading."""

    level: int
    """2 for a chapter, 3 for a part of it; 0 for the text before the first heading."""
    title: str
    anchor: str
    html: str
    """Safe: made from Markdown, with no HTML of the author's."""


def chapters(body: str) -> list[Chapter]:
    """The chapters of a report; anchors are counted, so that they never depend on the words."""
    reader = parser()
    tokens = reader.parse(body)
    starts = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    result: list[Chapter] = []
    if tokens and (not starts or starts[0]):
        opening = tokens[: starts[0] if starts else len(tokens)]
        result.append(Chapter(0, "", "", _html(reader, opening)))
    for count, start in enumerate(starts, start=1):
        end = starts[count] if count < len(starts) else len(tokens)
        level = max(2, int(tokens[start].tag[1]))
        title = _text(tokens[start + 1])
        text = _html(reader, tokens[start + 3 : end])
        result.append(Chapter(level, title, f"section-{count}", text))
    return result


def parser() -> MarkdownIt:
    """Reads a report: plain Markdown, in which no HTML is known."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table").disable(list(_OFF))
    made.validateLink = lambda url: bool(_SAFE_LINK.match(url))  # type: ignore[method-assign]
    made.core.ruler.push("link_words", _link_words)
    made.add_render_rule("softbreak", _soft_break)
    return made


def _link_words(state: StateCore) -> None:
    """A link without words, as a picture becomes, shows where it leads."""
    for token in state.tokens:
        children = token.children or []
        for at in range(len(children) - 1, 0, -1):
            if children[at].type == "link_close" and children[at - 1].type == "link_open":
                words = Token(
                    "text", "", 0, content=f"{children[at - 1].attrGet('href') or '[]()'}"
                )
                children.insert(at, words)


def _soft_break(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    """A line break in the file: nothing between two Han characters, else a space."""
    before = tokens[index - 1].content[-1:] if index else ""
    after = tokens[index + 1].content[:1] if index + 1 < len(tokens) else ""
    return "" if _HAN.match(before) and _HAN.match(after) else "\n"


def _text(heading: Token) -> str:
    return "".join(
        "" if child.type == "softbreak" else child.content for child in heading.children or ()
    )


def _html(parser: MarkdownIt, tokens: Sequence[Token]) -> str:
    html: Any = parser.renderer.render(tokens, parser.options, {})
    return str(html)
