"""Rows of cells as read from a Word or Excel file, with the position of every cell."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gongkai.authoring.office.source_parts import SourceText

_WHITESPACE = re.compile(r"[\s\u200b\ufeff]+")
_PREFIX = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|\(?[0-9一二三四五六七八九十]{1,2}\)|[0-9]{1,2}[.、])?(?:其中:)?"
)
_SUFFIX = re.compile(r"(?<=.)(?:\([^()]*\)|:)+$")
_FULL_WIDTH = re.compile(r"[\u2014-\u201d\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A cell or a paragraph; a merged cell is the same object in every position it covers."""

    text: str
    place: str
    """第2个表第3行第4列, or 工作表“附件2”C5."""
    level: int = 0
    """Heading level: 1 for a chapter, 2 for its parts, 0 for text."""


Line = tuple[Slot | None, ...]
"""A table row, one entry per column, or a single paragraph."""


@dataclass(frozen=True, slots=True)
class OfficeDocument:
    """The content of a Word or Excel file."""

    lines: tuple[Line, ...]
    sheet_starts: frozenset[int] = frozenset()
    """Indexes of the lines at which a sheet begins."""
    outside_text: tuple[Slot, ...] = ()
    """Text outside the body: page headers and footers, footnotes, comments."""
    remarks: tuple[str, ...] = field(default=())
    """Remarks on the file for the import report, in Chinese."""
    questions: Mapping[str, str] = field(default_factory=dict)
    """Questions about values, in Chinese, by its place: Excel may have changed what was typed."""
    sources: tuple[SourceText, ...] | None = None
    """All texts of the file, counted without the reader; None if they cannot be counted."""


def distinct_cells(line: Line) -> Iterator[tuple[int, Slot]]:
    """Yield the cells of a line without repetitions, as (first column, cell)."""
    previous: Slot | None = None
    for column, slot in enumerate(line):
        if slot is not None and slot is not previous:
            yield column, slot
        previous = slot


def only_cell(line: Line) -> Slot | None:
    """Return the only non-empty cell of a line, or None if there are none or several."""
    filled = [slot for _, slot in distinct_cells(line) if slot.text]
    return filled[0] if len(filled) == 1 else None


def remove_invisible(text: str) -> str:
    """Return a text without signs that do not show: soft hyphens, joiners, marks of direction."""
    if text.isascii():
        return text
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def normalize_label(text: str) -> str:
    """Normalize a label for comparison: NFKC, no whitespace, no trailing colon."""
    narrow = unicodedata.normalize("NFKC", text)
    return _WHITESPACE.sub("", narrow).rstrip(":")


def core_label(text: str) -> str:
    """Strip what provinces add to a label: 一、 1. 其中： in front, （万元） (A) behind."""
    return _SUFFIX.sub("", _PREFIX.sub("", normalize_label(text), count=1))


def remove_whitespace(text: str) -> str:
    """Return the text without whitespace."""
    return _WHITESPACE.sub("", text)


def clean_value(text: str, *, long: bool = False) -> str:
    """Strip padding and join the lines of a value; a `long` text keeps its line breaks."""
    lines = [line.strip(" \t\r\xa0\u200b\ufeff\u3000") for line in text.splitlines()]
    lines = [line for line in lines if line]
    if long or not lines:
        return "\n".join(lines)
    value = lines[0]
    for line in lines[1:]:
        full_width = bool(_FULL_WIDTH.match(value[-1])) and bool(_FULL_WIDTH.match(line[0]))
        value += line if full_width or not (value[-1] + line[0]).isascii() else f" {line}"
    return value
