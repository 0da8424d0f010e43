"""Positions of a printed table's cells, in columns of the grid."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gongkai.pages.tables.grid import Grid, GridCell, GridRow

_MAX_WIDTH, _MIN_WIDTH = 14, 4
"""Limits of a column's width, in characters."""


class PlacedCell(NamedTuple):
    """A cell with its position, or the continuation of a cell that spans rows."""

    cell: GridCell
    row: int
    column: int
    continued: bool
    """Whether this continues the cell above."""


def column_count(grid: Grid) -> int:
    """Return the number of columns of a table."""
    rows = [*grid.head, *grid.body, *grid.foot]
    return max((sum(cell.column_span for cell in row) for row in rows[:1]), default=1)


def place_cells(grid: Grid) -> list[list[PlacedCell]]:
    """Return all rows of a table, complete from the first column to the last."""
    rows: list[list[PlacedCell]] = []
    for row_group in (grid.head, grid.body, grid.foot):
        rows += _place_rows(row_group, len(rows))
    return rows


def _place_rows(rows: Sequence[GridRow], first: int) -> Iterator[list[PlacedCell]]:
    """Yield the rows of a head, body or foot; row spans do not go beyond it."""
    pending: dict[int, tuple[GridCell, int]] = {}
    for number, row in enumerate(rows, start=first):
        positions: list[PlacedCell] = []
        column, remaining = 0, list(row)
        while remaining or column in pending:
            if column in pending:
                cell, rows_left = pending.pop(column)
                positions.append(PlacedCell(cell, number, column, continued=True))
            else:
                cell, rows_left = remaining.pop(0), 0
                rows_left = cell.row_span
                positions.append(PlacedCell(cell, number, column, continued=False))
            if rows_left > 1:
                pending[column] = (cell, rows_left - 1)
            column += cell.column_span
        yield positions


def relative_widths(grid: Grid) -> list[float]:
    """Return the relative width of every column; the widths add up to 1."""
    widths = [_MIN_WIDTH] * column_count(grid)
    for row in place_cells(grid):
        for cell, _, column, _ in row:
            longest = max(map(len, cell.text.splitlines()), default=0) if cell.text else 0
            if cell.column_span == 1 and column < len(widths):
                widths[column] = max(widths[column], min(longest, _MAX_WIDTH))
    return [width / sum(widths) for width in widths]
