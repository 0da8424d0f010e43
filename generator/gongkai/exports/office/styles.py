"""How cells look: openpyxl compares every look with all that it knows, so each is worked out once."""

from copy import copy
from typing import Any, NamedTuple

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

_THIN = Side(style="thin")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


class Look(NamedTuple):
    """What a cell looks like."""

    font: str = ""
    size: float = 11
    centred: bool = False
    number_format: str = "General"
    named: str = ""
    """One of Excel's own styles, in place of a font."""
    framed: bool = False


FRAME = Look(framed=True)
"""An empty cell of a table."""


class Wardrobe(dict[Look, StyleArray]):
    """The looks of one workbook."""

    def dress(self, cell: Any, look: Look) -> None:  # noqa: ANN401 - a cell, of which openpyxl hides the look
        """Give a cell its look."""
        if look not in self:
            _put_on(cell, look)
            self[look] = cell._style  # noqa: SLF001 - openpyxl has no other name for it
        cell._style = copy(self[look])  # noqa: SLF001 - as above


def _put_on(cell: Cell | MergedCell, look: Look) -> None:
    if look.named:
        cell.style = look.named
    elif look.font:
        cell.font = Font(name=look.font, size=look.size)
    if look.framed:
        cell.border = _BORDER
    if look.font or look.named:
        side = "center" if look.centred else "left"
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        cell.number_format = look.number_format


def merge(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    """Merge cells, each of which has its look already."""
    sheet.merged_cells.ranges.add(CellRange(None, left, top, right, bottom))
