"""Positions of a printed table's cells, in columns of the grid."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gongkai.pages.tables.grid import Grid, GridCell, GridRow

_MAX_WIDTH, _MIN_WIDTH = 14, 4
"""Limits of a column's width, in characters."""


class Placed(NamedTuple):
    """A cell with its position, or the continuation of a cell that spans rows."""

    cell: GridCell
    row: int
    column: int
    continued: bool
    """Whether this continues the cell above."""


def width_of(grid: Grid) -> int:
    """Return the number of columns of a table."""
    rows = [*grid.head, *grid.body, *grid.foot]
    return max((sum(cell.columns for cell in row) for row in rows[:1]), default=1)


def placed(grid: Grid) -> list[list[Placed]]:
    """Return all rows of a table, complete from the first column to the last."""
    rows: list[list[Placed]] = []
    for row_group in (grid.head, grid.body, grid.foot):
        rows += _place_rows(row_group, len(rows))
    return rows


def _place_rows(rows: Sequence[GridRow], first: int) -> Iterator[list[Placed]]:
    """Yield the rows of a head, body or foot; row spans do not go beyond it."""
    pending: dict[int, tuple[GridCell, int]] = {}
    for number, row in enumerate(rows, start=first):
        positions: list[Placed] = []
        column, remaining = 0, list(row)
        while remaining or column in pending:
            if column in pending:
                cell, rows_left = pending.pop(column)
                positions.append(Placed(cell, number, column, continued=True))
            else:
                cell, rows_left = remaining.pop(0), 0
                rows_left = cell.rows
                positions.append(Placed(cell, number, column, continued=False))
            if rows_left > 1:
                pending[column] = (cell, rows_left - 1)
            column += cell.columns
        yield positions


def shares(grid: Grid) -> list[float]:
    """Return the relative width of every column; the widths add up to 1."""
    widths = [_MIN_WIDTH] * width_of(grid)
    for row in placed(grid):
        for cell, _, column, _ in row:
            longest = max(map(len, cell.text.splitlines()), default=0) if cell.text else 0
            if cell.columns == 1 and column < len(widths):
                widths[column] = max(widths[column], min(longest, _MAX_WIDTH))
    return [width / sum(widths) for width in widths]
