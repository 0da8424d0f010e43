"""Attachments as an Excel file: one sheet per attachment, with the cells of the printed form."""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.exports.office.cell_positions import column_count, place_cells, relative_widths
from gongkai.exports.office.data_sheets import (
    ABOUT_TITLE,
    DATA_TITLE,
    PartChange,
    PlainSheet,
    add_sheet,
)
from gongkai.exports.office.excel_numbers import parse_excel_number
from gongkai.exports.office.print_layout import AttachmentLayout, body_parts
from gongkai.exports.office.prose import ProseBlock
from gongkai.exports.office.styles import BORDERED_CELL, CellStyle, CellStyles, merge_cells
from gongkai.exports.office.zip_files import repack_zip
from gongkai.pages.tables.grid import Grid, GridCell

HEADING_STYLES = {1: "Headline 1", 2: "Headline 2", 3: "Headline 3"}
"""Built-in Excel styles by heading level; the importer recognizes headings by them."""
_FIXED_TIME = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Excel has no time zones
_HEADING_FONT, _TEXT_FONT = "黑体", "仿宋_GB2312"
_TEXT_LOOK = CellStyle(_TEXT_FONT)
_PAGE_WIDTH = 92
"""Width of an A4 page, in half-width characters."""
_LINE_HEIGHT = 15
"""Height of a line, in points."""
_MAX_NAME_LENGTH = 31
"""Excel's limit for sheet names, in characters."""
_GAP = "\u3000\u3000"


def render_excel(papers: Sequence[AttachmentLayout], more: Sequence[PlainSheet] = ()) -> bytes:
    """Return an Excel file with a sheet per attachment, and more sheets of plain rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    styles = CellStyles()
    for paper, name in zip(papers, sheet_names(papers), strict=True):
        write_sheet(book.create_sheet(name), paper, styles)
    return workbook_bytes(book, dict(add_sheet(book, sheet) for sheet in more))


def workbook_bytes(book: Workbook, changes: Mapping[str, PartChange] | None = None) -> bytes:
    """Return a workbook's bytes, independent of the time; `changes` are made to its parts."""
    book.properties.creator = ""
    book.properties.created = book.properties.modified = _FIXED_TIME
    out = io.BytesIO()
    book.save(out)
    return repack_zip(
        out.getvalue(), {"docProps/core.xml": (_MODIFIED, _FIXED_MODIFIED), **(changes or {})}
    )


_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FIXED_MODIFIED = rb"\g<1>2000-01-01T00:00:00Z"


def sheet_names(papers: Sequence[AttachmentLayout]) -> list[str]:
    """Return a unique sheet name per attachment: its number, or else its title."""
    labels = [paper.number or paper.title for paper in papers]
    names: list[str] = []
    for label in labels:
        base_name = re.sub(r"[\\/*?:\[\]']", " ", label).strip()[: _MAX_NAME_LENGTH - 4] or "表"
        used_names = (*names, DATA_TITLE, ABOUT_TITLE)
        same_name_count = sum(
            name == base_name or name.startswith(f"{base_name} (") for name in used_names
        )
        names.append(f"{base_name} ({same_name_count + 1})" if same_name_count else base_name)
    return names


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell of a printed table and its cell on the sheet."""

    cell: GridCell
    target: Cell


def write_sheet(sheet: Worksheet, paper: AttachmentLayout, styles: CellStyles) -> list[SheetCell]:
    """Write an attachment on an empty sheet, and return the cells of its tables."""
    parts = list(body_parts(paper.body))
    grids = [*paper.grids, *(part for part in parts if isinstance(part, Grid))]
    columns = max(map(column_count, grids), default=1)
    _set_column_widths(sheet, grids, columns)
    writer = _SheetWriter(sheet, columns, styles)
    if paper.number:
        writer.write(paper.number, CellStyle(_HEADING_FONT, 14))
    writer.write(paper.title, CellStyle("方正小标宋简体", 18, is_centred=True))
    if paper.opening:
        writer.write(_GAP.join(paper.opening))
    for line in paper.cover:
        writer.write(line)
    cells: list[SheetCell] = []
    most_rows = max((len(grid.body) for grid in paper.grids), default=0)
    for grid in paper.grids:
        if grid.shows_caption:
            writer.write(grid.caption, CellStyle(_HEADING_FONT))
        if grid.head and len(grid.body) == most_rows:
            sheet.print_title_rows = f"{writer.row}:{writer.row + len(grid.head) - 1}"
        cells += _write_grid(writer, grid, columns)
    for note in paper.notes:
        writer.write(note)
    if paper.sign_off:
        writer.write(_GAP.join(paper.sign_off))
    _write_body(writer, parts)
    _set_up_page(sheet, columns)
    return cells


@dataclass(slots=True)
class _SheetWriter:
    """A sheet and the next row to write to."""

    sheet: Worksheet
    columns: int
    """Columns of the widest table."""
    styles: CellStyles
    row: int = 1
    """Number of the next row."""

    def write(self, text: str, look: CellStyle = _TEXT_LOOK) -> None:
        """Write a line over the full width."""
        cell = self.sheet.cell(self.row, 1, text)
        cell.data_type = "s"
        self.styles.apply(cell, look)
        if self.columns > 1:
            merge_cells(self.sheet, self.row, 1, self.row, self.columns)
        height = max(_text_height(text, _PAGE_WIDTH), look.size * 1.6)
        self.sheet.row_dimensions[self.row].height = height
        self.row += 1


def _write_body(writer: _SheetWriter, parts: Iterable[ProseBlock | Grid]) -> None:
    """Write the headings, paragraphs and tables of a report."""
    for part in parts:
        if isinstance(part, Grid):
            writer.row += 1  # An empty row divides it from another table above.
            _write_grid(writer, part, column_count(part))
        else:
            style = HEADING_STYLES.get(part.level)
            writer.write(part.text, CellStyle(named=style) if style else _TEXT_LOOK)


def _set_column_widths(sheet: Worksheet, grids: Sequence[Grid], columns: int) -> None:
    """Set the column widths by the contents of the widest table."""
    widest = max(grids, key=column_count, default=None)
    widths = relative_widths(widest) if widest else [1.0]
    for column in range(columns):
        letter = get_column_letter(column + 1)
        sheet.column_dimensions[letter].width = round(widths[column] * _PAGE_WIDTH, 1)


def _write_grid(writer: _SheetWriter, grid: Grid, columns: int) -> list[SheetCell]:
    """Write a table over this many columns of the sheet, and return its cells."""
    cells = list(_write_rows(writer, grid, columns))
    writer.row += len(grid.head) + len(grid.body) + len(grid.foot)
    return cells


def _write_rows(writer: _SheetWriter, grid: Grid, columns: int) -> Iterator[SheetCell]:
    """Write the rows of a table and yield its cells."""
    sheet = writer.sheet
    edges = [
        round(column * columns / column_count(grid)) for column in range(column_count(grid) + 1)
    ]
    widths = [
        sheet.column_dimensions[get_column_letter(column + 1)].width for column in range(columns)
    ]
    for row_number, row in enumerate(place_cells(grid), start=writer.row):
        tallest = float(_LINE_HEIGHT)
        for cell, _, column, continued in row:
            left, right = edges[column] + 1, edges[column + cell.column_span]
            for position in range(left, right + 1):
                writer.styles.apply(sheet.cell(row_number, position), BORDERED_CELL)
            target = sheet.cell(row_number, left)
            if continued or isinstance(target, MergedCell):
                continue
            _fill_cell(target, cell, writer.styles)
            if right > left or cell.row_span > 1:
                merge_cells(sheet, row_number, left, row_number + cell.row_span - 1, right)
            room = sum(widths[left - 1 : right])
            tallest = max(tallest, _text_height(cell.text, room) / cell.row_span)
            yield SheetCell(cell, target)
        sheet.row_dimensions[row_number].height = min(tallest, 400)


def _fill_cell(target: Cell, cell: GridCell, styles: CellStyles) -> None:
    """Write the value and style of a cell."""
    is_numeric = "gk-num" in cell.classes
    parsed = parse_excel_number(cell.text) if is_numeric else None
    if parsed:
        target.value = parsed.value
    elif cell.text:
        target.value = cell.text
        target.data_type = "s"  # A text that begins with “=” is no formula.
    number_format = parsed.number_format if parsed else "General" if is_numeric else "@"
    font, centred = _HEADING_FONT if cell.scope else _TEXT_FONT, bool(cell.scope) or is_numeric
    look = CellStyle(font, 10.5, centred, number_format, has_border=True, shrinks=bool(parsed))
    styles.apply(target, look)


def _text_height(text: str, room: float) -> float:
    """Return the height of a text, in points, in a cell `room` half-width characters wide."""
    lines = sum(
        1 + int(sum(1 + (ord(character) > 255) for character in line) / max(room - 1, 1))  # noqa: PLR2004
        for line in text.split("\n")
    )
    return lines * _LINE_HEIGHT


def _set_up_page(sheet: Worksheet, columns: int) -> None:
    """Set up printing on A4, fitted to the width of a page."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if columns > 9 else "portrait"  # noqa: PLR2004
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
