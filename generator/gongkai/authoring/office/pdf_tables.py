"""Tables of a PDF: cells between ruling lines become a grid, continued over page breaks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

from gongkai.authoring.office.cells import Line, Slot
from gongkai.authoring.office.pdf_text import (
    Glyph,
    TextLine,
    cell_text,
    is_line_end,
    join_wrapped,
)

_SNAP = 3.0
"""Ruling lines closer than this, in points, are one."""
_MIN_HEAD = 3
"""Fewest texts of a head that is not at the top of its table."""
_PADDING = 4.0
"""Least space between a ruling line and text, in points."""


@dataclass(slots=True, eq=False)
class PdfCell:
    """A cell of a table: its box and its text."""

    x0: float
    top: float
    x1: float
    bottom: float
    glyphs: list[Glyph] = field(default_factory=list)
    text: str = ""
    lines: list[TextLine] = field(default_factory=list)

    @property
    def width(self) -> float:
        """Width that text can fill."""
        return self.x1 - self.x0 - 2 * _PADDING

    def contains(self, mark: Glyph) -> bool:
        """Return whether a character's middle is within the cell."""
        return (
            self.x0 <= (mark.x0 + mark.x1) / 2 <= self.x1 and self.top <= mark.middle <= self.bottom
        )

    def read(self) -> None:
        """Set the text from the characters."""
        self.text, self.lines = cell_text(self.glyphs, self.width)


@dataclass(slots=True)
class PdfTable:
    """A table, or its part on one page."""

    cells: list[PdfCell]
    repeated: str = ""
    """Text of the head that it repeats from the page before."""

    @property
    def sides(self) -> tuple[float, float]:
        """Left and right edge."""
        return min(cell.x0 for cell in self.cells), max(cell.x1 for cell in self.cells)

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(cell.top for cell in self.cells)

    def continues(self, other: "PdfTable") -> bool:
        """Return whether this part has the same edges as the part on the page before."""
        return all(
            abs(mine - theirs) <= 2 * _SNAP
            for mine, theirs in zip(self.sides, other.sides, strict=True)
        )


def table_lines(parts: Sequence[PdfTable], number: int) -> list[Line]:
    """Return the rows of a table with its parts on several pages; `number` counts the tables."""
    columns = _edges(edge for part in parts for cell in part.cells for edge in (cell.x0, cell.x1))
    rows: list[list[PdfCell | None]] = []
    for part in parts:
        part_rows = _grid(part, columns)
        if rows:
            count = _repeated_head(rows, part_rows)
            repeated = dict.fromkeys(cell for row in part_rows[:count] for cell in row if cell)
            part.repeated = "".join(cell.text for cell in repeated)
            part_rows = part_rows[count:]
            _drop_blank_edge(rows, -1, -2)
            _drop_blank_edge(part_rows, 0, 1)
        if rows and part_rows and _is_continued_row(rows[-1], part_rows[0]):
            _append_row(rows[-1], part_rows.pop(0))
        elif rows and part_rows:
            _join_merged(rows, part_rows)
        rows += part_rows
    slots: dict[PdfCell, Slot] = {}
    for row_number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            if cell is not None and cell not in slots:
                slots[cell] = Slot(cell.text, f"第{number}个表第{row_number}行第{column}列")
    return [tuple(slots[cell] if cell else None for cell in row) for row in rows]


def _edges(edges: Iterable[float]) -> list[float]:
    """Return the distinct edges in order."""
    distinct: list[float] = []
    for edge in sorted(edges):
        if not distinct or edge - distinct[-1] > _SNAP:
            distinct.append(edge)
    return distinct


def _position(edges: Sequence[float], edge: float) -> int:
    """Return the position of the nearest edge."""
    return min(range(len(edges)), key=lambda position: abs(edges[position] - edge))


def _grid(part: PdfTable, columns: Sequence[float]) -> list[list[PdfCell | None]]:
    """Return the cells of a part by row and column; a merged cell is repeated."""
    rows = _edges(edge for cell in part.cells for edge in (cell.top, cell.bottom))
    grid: list[list[PdfCell | None]] = [[None] * (len(columns) - 1) for _ in rows[1:]]
    for cell in part.cells:
        left, right = _position(columns, cell.x0), _position(columns, cell.x1)
        for row in range(_position(rows, cell.top), _position(rows, cell.bottom)):
            grid[row][left:right] = [cell] * (right - left)
    return [row for row in grid if len(set(row)) > 1 or any(_texts(row))]


def _texts(row: Sequence[PdfCell | None]) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _repeated_head(
    rows: Sequence[Sequence[PdfCell | None]], part_rows: Sequence[Sequence[PdfCell | None]]
) -> int:
    """Return the number of rows of a further page that are the head, which every page repeats.

    The head is at the top of the table, or, if it has three texts without digits, further below.
    """
    texts, part_texts = list(map(_texts, rows)), list(map(_texts, part_rows))
    for start in range(len(texts)):
        pairs = zip(part_texts, texts[start:], strict=False)
        head = [row for row, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
        filled = {text for row in head for text in row if text}
        is_plain = not any(map(str.isdigit, "".join(filled)))
        if len(filled) > 1 and (start == 0 or (is_plain and len(filled) >= _MIN_HEAD)):
            return len(head)
    return 0


def _drop_blank_edge(rows: list[list[PdfCell | None]], edge: int, inner: int) -> None:
    """Drop the row at a page break if it is blank: the part of a cut row that holds no text."""
    if len(rows) > 1 and not any(
        cell and cell.text and cell not in rows[inner] for cell in rows[edge]
    ):
        del rows[edge]


def _pairs(
    above: Sequence[PdfCell | None], below: Sequence[PdfCell | None]
) -> Iterator[tuple[PdfCell | None, PdfCell]]:
    """Yield the cells below with the cells above them."""
    for cell, positions in groupby(range(len(below)), key=below.__getitem__):
        if cell is not None:
            yield above[next(iter(positions))], cell


def _is_continued_row(above: Sequence[PdfCell | None], below: Sequence[PdfCell | None]) -> bool:
    """Return whether the first row of a page is the rest of a row that the page break cut.

    Every text in it then goes on from a full line, and cells that ended above are blank.
    """
    filled = [(upper, cell) for upper, cell in _pairs(above, below) if cell.text]
    ended = any(upper and upper.text and not cell.text for upper, cell in _pairs(above, below))
    return (
        bool(filled)
        and ended
        and all(
            upper is not None
            and bool(upper.lines)
            and not is_line_end(upper.lines[-1], cell.lines[0], upper.width)
            for upper, cell in filled
        )
    )


def _append_row(above: Sequence[PdfCell | None], below: Sequence[PdfCell | None]) -> None:
    """Append the texts of a row to those of the row that it continues."""
    for upper, cell in list(_pairs(above, below)):
        if upper and cell.text:
            upper.text = join_wrapped(upper.text, cell.text, spaced=upper.lines[-1].spaced)


def _join_merged(
    rows: Sequence[list[PdfCell | None]], part_rows: Sequence[list[PdfCell | None]]
) -> None:
    """Make one cell of two that a page break divides, where one is blank and one extends over several rows."""
    is_head = _is_cut_head(rows[-1], part_rows[0])
    for upper, cell in list(_pairs(rows[-1], part_rows[0])):
        if upper is None or not (upper.text or cell.text):
            continue
        text = upper.text + cell.text
        if upper.text and cell.text:
            ends = is_line_end(upper.lines[-1], cell.lines[0], upper.width)
            is_one = is_head and _is_below(upper, cell) and not ends
            text = join_wrapped(upper.text, cell.text, spaced=upper.lines[-1].spaced)
        else:
            height = max(sum(upper in row for row in rows), sum(cell in row for row in part_rows))
            is_one = _is_below(upper, cell) and (is_head or height > 1)
        if is_one:
            for row in (*rows, *part_rows):
                row[:] = [upper if other is cell else other for other in row]
            upper.text = text


def _is_below(upper: PdfCell, cell: PdfCell) -> bool:
    """Return whether a cell has the same edges as the one above it."""
    return abs(upper.x0 - cell.x0) <= 2 * _SNAP and abs(upper.x1 - cell.x1) <= 2 * _SNAP


def _is_cut_head(above: Sequence[PdfCell | None], below: Sequence[PdfCell | None]) -> bool:
    """Return whether a page break is within the head of a table: heads above are divided below.

    Cells below are blank only where a filled one above has the same edges, and some are.
    """
    pairs = list(_pairs(above, below))
    divided = Counter(upper for upper, cell in pairs if upper and upper.text and cell.text)
    blank = [(upper, cell) for upper, cell in pairs if not cell.text]
    return (
        bool(blank)
        and max(divided.values(), default=0) > 1
        and all(upper and upper.text and _is_below(upper, cell) for upper, cell in blank)
    )
