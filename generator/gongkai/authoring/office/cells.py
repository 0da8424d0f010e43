"""What stands in a file, whatever made it: lines of cells, each with its place in the file."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

_BLANK = re.compile(r"[\s\u200b\ufeff]+")
_BEFORE = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|\(?[0-9一二三四五六七八九十]{1,2}\)|[0-9]{1,2}[.、])?(?:其中:)?"
)
_AFTER = re.compile(r"(?<=.)(?:\([^()]*\)|:)+$")
_HAN = re.compile(r"[\u2014-\u201d\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A cell or a paragraph; where cells are merged, the same one stands in each place."""

    text: str
    place: str
    """第2个表第3行第4列, or 工作表“附件2”C5."""
    level: int = 0
    """Of a heading: 1 for a chapter, 2 for a part of it."""


Line = tuple[Slot | None, ...]
"""A row of a table by its columns, or one paragraph."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read."""

    lines: tuple[Line, ...]
    starts: frozenset[int] = frozenset()
    """The lines at which something new begins: a sheet."""
    aside: tuple[Slot, ...] = ()
    """What stands outside the text: page headers, foot notes, comments."""
    remarks: tuple[str, ...] = field(default=())
    """What is to be told of the file, in Chinese."""


def distinct(line: Line) -> Iterator[tuple[int, Slot]]:
    """The cells of a line, each once, with its first column."""
    before: Slot | None = None
    for column, slot in enumerate(line):
        if slot is not None and slot is not before:
            yield column, slot
        before = slot


def only(line: Line) -> Slot | None:
    """The cell of a line in which nothing else stands; None where there are more, or none."""
    filled = [slot for _, slot in distinct(line) if slot.text]
    return filled[0] if len(filled) == 1 else None


def bare(text: str) -> str:
    """A text by which labels are compared: no spaces or line breaks, one kind of brackets."""
    narrow = unicodedata.normalize("NFKC", text)
    return _BLANK.sub("", narrow).rstrip(":")


def core(text: str) -> str:
    """A label without what provinces add to it: 一、 1. 其中： in front, （万元） (A) behind."""
    return _AFTER.sub("", _BEFORE.sub("", bare(text), count=1))


def squeezed(text: str) -> str:
    """A text without any spaces or line breaks, otherwise as it is."""
    return _BLANK.sub("", text)


def tidy(text: str, *, long: bool = False) -> str:
    """A value without the padding around it; in a `long` text, line breaks stay."""
    lines = [line.strip(" \t\r\xa0\u200b\ufeff\u3000") for line in text.splitlines()]
    lines = [line for line in lines if line]
    if long or not lines:
        return "\n".join(lines)
    whole = lines[0]
    for line in lines[1:]:
        joined = bool(_HAN.match(whole[-1])) and bool(_HAN.match(line[0]))
        whole += line if joined or not (whole[-1] + line[0]).isascii() else f" {line}"
    return whole
