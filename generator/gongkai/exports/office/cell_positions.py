"""Where the cells of a printed table stand, counted in columns of the grid."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gongkai.pages.tables.grid import Grid, GridCell, GridRow

_WIDEST, _NARROWEST = 14, 4
"""How many characters a column's width is reckoned with, at most and at least."""


class Placed(NamedTuple):
    """A cell with its place, or what lies below a cell that spans rows."""

    cell: GridCell
    row: int
    column: int
    continued: bool
    """Whether it only continues the cell above."""


def width_of(grid: Grid) -> int:
    """How many columns a table has."""
    rows = [*grid.head, *grid.body, *grid.foot]
    return max((sum(cell.columns for cell in row) for row in rows[:1]), default=1)


def placed(grid: Grid) -> list[list[Placed]]:
    """All rows of a table, each complete from the first column to the last."""
    rows: list[list[Placed]] = []
    for part in (grid.head, grid.body, grid.foot):
        rows += _part(part, len(rows))
    return rows


def _part(rows: Sequence[GridRow], first: int) -> Iterator[list[Placed]]:
    """The rows of a head, body or foot: spans end with it."""
    pending: dict[int, tuple[GridCell, int]] = {}
    for number, row in enumerate(rows, start=first):
        line: list[Placed] = []
        column, waiting = 0, list(row)
        while waiting or column in pending:
            if column in pending:
                cell, left = pending.pop(column)
                line.append(Placed(cell, number, column, continued=True))
            else:
                cell, left = waiting.pop(0), 0
                left = cell.rows
                line.append(Placed(cell, number, column, continued=False))
            if left > 1:
                pending[column] = (cell, left - 1)
            column += cell.columns
        yield line


def shares(grid: Grid) -> list[float]:
    """Each column's share of the whole width, by what its cells hold."""
    widths = [_NARROWEST] * width_of(grid)
    for row in placed(grid):
        for cell, _, column, _ in row:
            longest = max(map(len, cell.text.splitlines()), default=0) if cell.text else 0
            if cell.columns == 1 and column < len(widths):
                widths[column] = max(widths[column], min(longest, _WIDEST))
    return [width / sum(widths) for width in widths]
