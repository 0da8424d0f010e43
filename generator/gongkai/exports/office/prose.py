"""A narrative report between Markdown and paragraphs: headings by level, and text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from gongkai.pages.narrative import parser

_SEVERAL = re.compile(r"\*+|`+|_+")
_LINK = re.compile(r"\](?=\()|<(?=[A-Za-z][A-Za-z0-9+.-]*:)|\\(?=[!-/:-@\[-`{-~])")
_OPENS = re.compile(
    r"(?:#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|\d{1,9}[.)](?=\s|$)|[-*_]{3,}$|[|: ]*-[-|: ]*$)"
)
"""What means something to Markdown at the start of a line."""


class Part(NamedTuple):
    """A heading or a paragraph."""

    level: int
    """1 for a chapter, 2 for a part of it; 0 for text."""
    text: str


def prose(body: str) -> Iterator[Part]:
    """The headings and paragraphs of a report's Markdown, as plain text."""
    level, before = 0, ""
    cells: list[str] | None = None
    for token in parser().parse(body):
        match token.type:
            case "heading_open":
                level = max(1, int(token.tag[1]) - 1)
            case "list_item_open":
                before = f"{token.info}{token.markup} " if token.info else "· "
            case "tr_open":
                cells = []
            case "tr_close":
                yield Part(0, "\u3000".join(cells or ()))
                cells = None
            case "inline" if cells is not None:
                cells.append(_text(token))
            case "inline":
                yield Part(level, before + _text(token))
                level, before = 0, ""
            case "fence":
                yield Part(0, token.content.strip("\n"))
            case _:
                pass


def _text(token: Token) -> str:
    return "".join(_words(token.children or ()))


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield "\n" if token.type in {"softbreak", "hardbreak"} else token.content


def markdown_of(parts: Iterable[Part]) -> str:
    """Headings and paragraphs as Markdown, as a person would write it."""
    return "\n\n".join(_block(part) for part in parts)


def _block(part: Part) -> str:
    lines = (_safe(line.strip()) for line in part.text.split("\n"))
    text = (" " if part.level else "\n").join(line for line in lines if line)
    return f"{'#' * (part.level + 1)} {text}" if part.level else text


def _safe(line: str) -> str:
    """A line in which no character means anything to Markdown."""
    line = _LINK.sub(lambda match: f"\\{match[0]}", line)
    if len(_SEVERAL.findall(line)) > 1:
        line = _SEVERAL.sub(lambda match: "".join(f"\\{each}" for each in match[0]), line)
    opening = _OPENS.match(line)
    if opening is None:
        return line
    end = opening.end() - 1 if line[:1].isdigit() else 0
    return f"{line[:end]}\\{line[end:]}"
