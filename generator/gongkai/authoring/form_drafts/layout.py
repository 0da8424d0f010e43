"""Layout of a table file: rows of cells with their spans, as the readers give them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.authoring.office.cells import Line, Slot, distinct_cells, normalize_label

_NUMBER = re.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:%|万元|元|亿元)?")
_STRUCK = frozenset({"—", "——", "-", "--", "/", "－", "―", "一"})


@dataclass(frozen=True, slots=True, eq=False)
class PageCell:
    """A cell, and the rows and columns that it covers."""

    text: str
    row: int
    last_row: int
    column: int
    last_column: int
    place: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return not self.text.strip()

    @property
    def name(self) -> str:
        """Its text, normalized for comparison."""
        return normalize_label(self.text)

    @property
    def is_number(self) -> bool:
        """Whether it holds a figure and nothing else."""
        return bool(_NUMBER.fullmatch(unicodedata.normalize("NFKC", self.text.strip())))

    @property
    def is_struck(self) -> bool:
        """Whether the form strikes it out."""
        return self.text.strip() in _STRUCK


@dataclass(frozen=True, slots=True, eq=False)
class PageRow:
    """A row of a table, or a line of text."""

    number: int
    width: int
    """Number of columns; 1 for a line of text outside the tables."""
    cells: tuple[PageCell, ...]
    """All cells from left to right, also those that began in a row above."""

    @property
    def filled(self) -> list[PageCell]:
        """The cells with a text."""
        return [cell for cell in self.cells if not cell.is_blank]

    @property
    def is_line(self) -> bool:
        """Whether it is a single text over the whole width."""
        return len(self.cells) <= 1

    def cell_at(self, column: int) -> PageCell | None:
        """Return the cell that covers a column."""
        covering = (cell for cell in self.cells if cell.column <= column <= cell.last_column)
        return next(covering, None)


def lay_out(lines: Sequence[Line]) -> list[PageRow]:
    """Return the rows of a file; a merged cell is the same object in all rows that it covers."""
    spans: dict[Slot, list[int]] = {}
    for number, line in enumerate(lines):
        for column, slot, end in _cells_with_ends(line):
            span = spans.setdefault(slot, [number, number, column, end])
            span[1] = number
    cells = {
        slot: PageCell(slot.text, first, last, column, end, slot.place)
        for slot, (first, last, column, end) in spans.items()
    }
    return [
        PageRow(number, len(line), tuple(cells[slot] for _, slot in distinct_cells(line)))
        for number, line in enumerate(lines)
    ]


def _cells_with_ends(line: Line) -> Iterator[tuple[int, Slot, int]]:
    cells = list(distinct_cells(line))
    ends = [column for column, _ in cells[1:]] + [len(line)]
    for (column, slot), end in zip(cells, ends, strict=True):
        yield column, slot, end - 1


def iter_cells(rows: Sequence[PageRow]) -> Iterator[PageCell]:
    """Yield the cells of these rows, merged ones once."""
    for row in rows:
        yield from (cell for cell in row.cells if cell.row == row.number)
