"""Cached cell styles: openpyxl compares every new style with all known ones, which is slow."""

from copy import copy
from typing import Any, NamedTuple

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

_THIN = Side(style="thin")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


class CellStyle(NamedTuple):
    """The appearance of a cell."""

    font: str = ""
    """Name of the font; empty for the default style."""
    size: float = 11
    is_centred: bool = False
    number_format: str = "General"
    named: str = ""
    """Name of a built-in Excel style, in place of a font."""
    has_border: bool = False
    """Whether the cell has borders."""
    shrinks: bool = False
    """Whether a long number is written smaller, where Excel would show ####; texts wrap."""


BORDERED_CELL = CellStyle(has_border=True)
"""The style of an empty table cell."""


class CellStyles(dict[CellStyle, StyleArray]):
    """The cell styles of one workbook."""

    def apply(self, cell: Any, style: CellStyle) -> None:  # noqa: ANN401 - openpyxl does not type the style
        """Apply a style to a cell."""
        if style not in self:
            _set_style(cell, style)
            self[style] = cell._style  # noqa: SLF001 - openpyxl has no public name for it
        cell._style = copy(self[style])  # noqa: SLF001 - as above


def _set_style(cell: Cell | MergedCell, style: CellStyle) -> None:
    """Set the style of a cell through openpyxl."""
    if style.named:
        cell.style = style.named
    elif style.font:
        cell.font = Font(name=style.font, size=style.size)
    if style.has_border:
        cell.border = _BORDER
    if style.font or style.named:
        alignment = "center" if style.is_centred else "left"
        cell.alignment = Alignment(
            horizontal=alignment,
            vertical="center",
            wrap_text=not style.shrinks,
            shrink_to_fit=style.shrinks,
        )
        cell.number_format = style.number_format


def merge_cells(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    """Merge cells that are already styled."""
    sheet.merged_cells.ranges.add(CellRange(None, left, top, right, bottom))
