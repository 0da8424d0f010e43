"""Attachments as an Excel file: a sheet each, the same cells as on paper, ready to be printed."""

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.exports.office.cell_positions import placed, shares, width_of
from gongkai.exports.office.data_sheets import ABOUT, DATA, Change, Sheet, add_sheet
from gongkai.exports.office.excel_numbers import number
from gongkai.exports.office.print_layout import Paper
from gongkai.exports.office.prose import prose
from gongkai.exports.office.styles import FRAME, Look, Wardrobe, merge
from gongkai.exports.office.zip_files import repacked
from gongkai.pages.tables.grid import Grid, GridCell

HEADINGS = {1: "Headline 1", 2: "Headline 2", 3: "Headline 3"}
"""Excel's own styles, by which a heading is known again."""
_NEVER = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no time zones
_BOLD, _TEXT = "黑体", "仿宋_GB2312"
_PLAIN = Look(_TEXT)
_WIDTH = 92
"""How many half-width characters fit on an A4 page."""
_LINE = 15
"""The height of a line, in points."""
_LONGEST_NAME = 31
_GAP = "\u3000\u3000"


def excel(papers: Sequence[Paper], more: Sequence[Sheet] = ()) -> bytes:
    """An Excel file with a sheet for each attachment, and more sheets of plain rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    looks = Wardrobe()
    for each, name in zip(papers, sheet_names(papers), strict=True):
        write_sheet(book.create_sheet(name), each, looks)
    return saved(book, dict(add_sheet(book, each) for each in more))


def saved(book: Workbook, changes: Mapping[str, Change] | None = None) -> bytes:
    """A workbook's bytes, the same whenever it is made; `changes` to its parts."""
    book.properties.creator = ""
    book.properties.created = book.properties.modified = _NEVER
    out = io.BytesIO()
    book.save(out)
    return repacked(out.getvalue(), {"docProps/core.xml": (_MODIFIED, _SAME), **(changes or {})})


_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_SAME = rb"\g<1>2000-01-01T00:00:00Z"


def sheet_names(papers: Sequence[Paper]) -> list[str]:
    """A name for each sheet: the attachment's number, told apart where several have one."""
    numbers = [each.number or each.title for each in papers]
    names: list[str] = []
    for wanted in numbers:
        safe = re.sub(r"[\\/*?:\[\]']", " ", wanted).strip()[: _LONGEST_NAME - 4] or "表"
        known = (*names, DATA, ABOUT)
        again = sum(name == safe or name.startswith(f"{safe} (") for name in known)
        names.append(f"{safe} ({again + 1})" if again else safe)
    return names


@dataclass(frozen=True, slots=True)
class Written:
    """One cell of a printed table and where it stands on the sheet."""

    cell: GridCell
    target: Cell


def write_sheet(sheet: Worksheet, paper: Paper, looks: Wardrobe) -> list[Written]:
    """Write an attachment on an empty sheet; the cells of its tables."""
    wide = max((width_of(grid) for grid in paper.grids), default=1)
    _columns(sheet, paper.grids, wide)
    at = _Place(sheet, wide, looks)
    if paper.number:
        at.write(paper.number, Look(_BOLD, 14))
    at.write(paper.title, Look("方正小标宋简体", 18, centred=True))
    if paper.opening:
        at.write(_GAP.join(paper.opening))
    for line in paper.cover:
        at.write(line)
    cells: list[Written] = []
    longest = max((len(grid.body) for grid in paper.grids), default=0)
    for grid in paper.grids:
        if grid.titled:
            at.write(grid.caption, Look(_BOLD))
        if grid.head and len(grid.body) == longest:
            sheet.print_title_rows = f"{at.row}:{at.row + len(grid.head) - 1}"
        cells += _grid(at, grid)
        at.row += len(grid.head) + len(grid.body) + len(grid.foot)
    for note in paper.notes:
        at.write(note)
    if paper.sign_off:
        at.write(_GAP.join(paper.sign_off))
    for level, text in prose(paper.body):
        at.write(text, Look(named=HEADINGS[level]) if level in HEADINGS else _PLAIN)
    _printing(sheet, wide)
    return cells


@dataclass(slots=True)
class _Place:
    """Where on a sheet is being written."""

    sheet: Worksheet
    wide: int
    looks: Wardrobe
    row: int = 1

    def write(self, text: str, look: Look = _PLAIN) -> None:
        """A line over the whole width."""
        cell = self.sheet.cell(self.row, 1, text)
        cell.data_type = "s"
        self.looks.dress(cell, look)
        if self.wide > 1:
            merge(self.sheet, self.row, 1, self.row, self.wide)
        height = max(_height(text, _WIDTH), look.size * 1.6)
        self.sheet.row_dimensions[self.row].height = height
        self.row += 1


def _columns(sheet: Worksheet, grids: Sequence[Grid], wide: int) -> None:
    widest = max(grids, key=width_of, default=None)
    widths = shares(widest) if widest else [1.0]
    for column in range(wide):
        letter = get_column_letter(column + 1)
        sheet.column_dimensions[letter].width = round(widths[column] * _WIDTH, 1)


def _grid(at: _Place, grid: Grid) -> Iterator[Written]:
    sheet, wide = at.sheet, at.wide
    edges = [round(column * wide / width_of(grid)) for column in range(width_of(grid) + 1)]
    widths = [sheet.column_dimensions[get_column_letter(each + 1)].width for each in range(wide)]
    for number_, row in enumerate(placed(grid), start=at.row):
        tallest = float(_LINE)
        for cell, _, column, continued in row:
            left, right = edges[column] + 1, edges[column + cell.columns]
            for each in range(left, right + 1):
                at.looks.dress(sheet.cell(number_, each), FRAME)
            target = sheet.cell(number_, left)
            if continued or isinstance(target, MergedCell):
                continue
            _fill(target, cell, at.looks)
            if right > left or cell.rows > 1:
                merge(sheet, number_, left, number_ + cell.rows - 1, right)
            room = sum(widths[left - 1 : right])
            tallest = max(tallest, _height(cell.text, room) / cell.rows)
            yield Written(cell, target)
        sheet.row_dimensions[number_].height = min(tallest, 400)


def _fill(target: Cell, cell: GridCell, looks: Wardrobe) -> None:
    numeric = "gk-num" in cell.classes
    known = number(cell.text) if numeric else None
    if known:
        target.value = known.value
    elif cell.text:
        target.value = cell.text
        target.data_type = "s"  # "=…" is a text here, and no formula
    style = known.style if known else "General" if numeric else "@"
    font, centred = _BOLD if cell.scope else _TEXT, bool(cell.scope) or numeric
    looks.dress(target, Look(font, 10.5, centred, style, framed=True))


def _height(text: str, room: float) -> float:
    """How high a text stands in a cell that has room for so many half-width characters."""
    lines = sum(
        1 + int(sum(1 + (ord(each) > 255) for each in line) / max(room - 1, 1))  # noqa: PLR2004
        for line in text.split("\n")
    )
    return lines * _LINE


def _printing(sheet: Worksheet, wide: int) -> None:
    """A4, as wide as the page, as long as it takes."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if wide > 9 else "portrait"  # noqa: PLR2004
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
