"""Passages: the texts of documents in prose, paragraphs of reports and cells with sentences."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from gongkai.model.documents import (
    Cell,
    Fields,
    Record,
    Table,
    TotalRow,
    body_lines,
    cache_on_record,
)
from gongkai.model.problems import Position, position_within
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import Kind

_SHORTEST = 8
"""Shortest text, in characters, that can state something about a figure."""
_TEXT_KINDS = frozenset({Kind.LONG_TEXT, Kind.TEXT})
_STOPS = "。；;！？\n"
_LONGEST_SENTENCE = 1_000
"""Characters on either side of a place; without a limit, work would grow by the square."""
_TARGET_ROLES = frozenset({Role.OBJECTIVE, Role.PURPOSE})
_TARGET_HEADING = re.compile(r"目标|用途|立项|依据|计划(?!生育)|下一步|下年|措施|打算")
"""Headings and keys of texts about targets and plans."""
LAST_YEAR_WORDS = ("上年", "去年", "上一年")
"""Words for the year before the reported one."""


class Passage(NamedTuple):
    """A paragraph of a report or the text of a cell."""

    kind: DocumentKind
    """Kind of the document that it stands in."""
    project: str
    """Slug of the project that the document is about; empty for none."""
    text: str
    position: Position
    where: str
    """Key path of the cell; the report's name for a paragraph."""
    heading: str = ""
    """The chapter's heading above a paragraph, or the key of the cell."""
    role: Role | None = None
    """Role of the cell, if the form gives it one."""
    is_cell: bool = False

    @property
    def states_results(self) -> bool:
        """Whether it may state what the year has brought, not targets, reasons for them or plans."""
        if self.role in _TARGET_ROLES:
            return False
        return "完成" in self.heading or not _TARGET_HEADING.search(self.heading)

    def position_at(self, offset: int) -> Position:
        """Return the position of a character."""
        if self.is_cell:
            return position_within(self.position, self.text, offset)
        return self.position._replace(column=self.position.column + offset)

    def where_at(self, quotation: str) -> str:
        """Return the key path of a finding about some words."""
        return f"{self.where}/{quotation}"


@cache_on_record
def find_passages(record: Record) -> tuple[Passage, ...]:
    """Return the passages of a document: headings and indicators are none."""
    return tuple(_iter_passages(record))


def _iter_passages(record: Record) -> Iterator[Passage]:
    heading = ""
    for position, line in body_lines(record):
        if line.startswith("#"):
            heading = line if line.startswith("## ") else heading
        elif len(line) >= _SHORTEST:
            yield Passage(record.form.kind, record.project, line, position, record.name, heading)
    if record.form.kind is DocumentKind.RUBRIC:
        return  # Its texts explain how points are given.
    for cell in _cells_outside_indicators(record):
        if cell.spec.kind in _TEXT_KINDS and len(cell.filed) >= _SHORTEST:
            yield Passage(
                record.form.kind,
                record.project,
                cell.filed,
                cell.position,
                cell.where,
                cell.spec.key,
                cell.spec.role,
                is_cell=True,
            )


def _cells_outside_indicators(record: Record) -> Iterator[Cell]:
    for section in record.sections:
        if isinstance(section, Fields | TotalRow):
            yield from section.cells.values()
        elif isinstance(section, Table):
            for row in section.rows:
                yield from row.cells.values()


def sentence_around(text: str, offset: int) -> tuple[int, str]:
    """Return the sentence around a character, and where it begins; of a very long one what is near."""
    first, last = max(0, offset - _LONGEST_SENTENCE), offset + _LONGEST_SENTENCE
    start = max(first, *(text.rfind(stop, first, offset) + 1 for stop in _STOPS))
    ends = [end for stop in _STOPS if (end := text.find(stop, offset, last)) >= 0]
    return start, text[start : min(ends, default=last)]


def names_other_year(text: str, year: int) -> bool:
    """Tell whether the last year that a text names is not the given one."""
    years = re.findall(r"(?<!\d)(20\d\d)(?=年|[—–-])", text)
    return bool(years and int(years[-1]) != year)
