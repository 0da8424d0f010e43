"""Narrative reports as Markdown and as headings, paragraphs and tables."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from gongkai.pages.narrative import build_parser

_EMPHASIS_MARKS = re.compile(r"\*+|`+|_+")
_LINK_START = re.compile(r"\](?=\()|<(?=[A-Za-z][A-Za-z0-9+.-]*:)|\\(?=[!-/:-@\[-`{-~])")
_BLOCK_START = re.compile(
    r"(?:#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|\d{1,9}[.)](?=\s|$)|[-*_]{3,}$|[|: ]*-[-|: ]*$)"
)
"""Block syntax of Markdown at the start of a line."""


class ProseBlock(NamedTuple):
    """A heading or a paragraph."""

    level: int
    """1 for a chapter, 2 for its parts; 0 for text."""
    text: str


class ProseTable(NamedTuple):
    """The rows of a table, the head first; blank cells are empty."""

    rows: Sequence[Sequence[str]]


def parse_prose(body: str) -> Iterator[ProseBlock | ProseTable]:
    """Yield the headings, paragraphs and tables of a report's Markdown as plain text."""
    level, prefix = 0, ""
    rows: list[list[str]] = []
    for token in build_parser().parse(body):
        match token.type:
            case "heading_open":
                level = max(1, int(token.tag[1]) - 1)
            case "list_item_open":
                prefix = f"{token.info}{token.markup} " if token.info else "· "
            case "tr_open":
                rows.append([])
            case "table_close":
                yield ProseTable(rows)
                rows = []
            case "inline" if rows:
                rows[-1].append(_inline_text(token))
            case "inline":
                yield ProseBlock(level, prefix + _inline_text(token))
                level, prefix = 0, ""
            case "fence":
                yield ProseBlock(0, token.content.strip("\n"))
            case _:
                pass


def _inline_text(token: Token) -> str:
    """Return the text of an inline token."""
    return "".join(_iter_text(token.children or ()))


def _iter_text(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the texts of tokens, with line breaks."""
    for token in tokens:
        yield "\n" if token.type in {"softbreak", "hardbreak"} else token.content


def prose_markdown(parts: Iterable[ProseBlock | ProseTable]) -> str:
    """Return headings, paragraphs and tables as Markdown."""
    return "\n\n".join(
        _markdown_table(part) if isinstance(part, ProseTable) else _markdown_block(part)
        for part in parts
    )


def _markdown_table(table: ProseTable) -> str:
    """Return a table as Markdown, with its empty cells."""
    width = max(map(len, table.rows))
    rows = [
        [_escape_line(cell).replace("|", "\\|") for cell in [*row, *[""] * (width - len(row))]]
        for row in table.rows
    ]
    lines = [rows[0], ["---"] * width, *rows[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _markdown_block(part: ProseBlock) -> str:
    """Return a heading or paragraph as Markdown."""
    escaped_lines = (_escape_line(line.strip()) for line in part.text.split("\n"))
    text = (" " if part.level else "\n").join(line for line in escaped_lines if line)
    return f"{'#' * (part.level + 1)} {text}" if part.level else text


def _escape_line(line: str) -> str:
    """Escape the characters of a line that Markdown would interpret."""
    line = _LINK_START.sub(lambda match: f"\\{match[0]}", line)
    if len(_EMPHASIS_MARKS.findall(line)) > 1:
        line = _EMPHASIS_MARKS.sub(
            lambda match: "".join(f"\\{character}" for character in match[0]), line
        )
    block_start = _BLOCK_START.match(line)
    if block_start is None:
        return line
    end = block_start.end() - 1 if line[:1].isdigit() else 0
    return f"{line[:end]}\\{line[end:]}"
