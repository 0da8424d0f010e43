"""Excel reader: the rows of every sheet as displayed, merged cells expanded."""

import io
import re
import warnings
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.authoring.office.cells import Line, OfficeDocument, Slot
from gongkai.authoring.office.safety import OfficePackage
from gongkai.exports.office.data_sheets import is_data_sheet
from gongkai.exports.office.excel_numbers import displayed_text
from gongkai.exports.office.excel_writer import HEADING_STYLES
from gongkai.runtime.errors import UnreadableFileError

MAX_CELLS = 200_000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_LEVELS = {name: level for level, name in HEADING_STYLES.items()} | {
    f"Heading {level}": level for level in HEADING_STYLES
}
_TOO_LARGE = (
    f"工作表占的格子超过 {MAX_CELLS} 个，没有读取；请删去表格下面和右边多余的行列，另存后再导入"
)
_BROKEN = "文件已经损坏，读不出内容；请用 Excel 或 WPS 打开，另存后再导入"


def read_excel(package: OfficePackage) -> OfficeDocument:
    """Read an Excel file, sheet after sheet. Raise UnreadableFileError if it is damaged or too large."""
    for name, part in package.parts.items():
        if name.startswith("xl/worksheets/"):
            _check_merges(part)
    lines: list[Line] = []
    starts: set[int] = set()
    aside: list[Slot] = []
    remarks = ["文件里有宏，没有运行，也没有导入"] if package.has_macros else []
    formulas = any(_FORMULA.search(part) for name, part in package.parts.items() if "sheet" in name)
    sheets = _sheets(package, formulas=False)
    formula_sheets = _sheets(package, formulas=True) if formulas else sheets
    for sheet, formula_sheet in zip(sheets, formula_sheets, strict=True):
        starts.add(len(lines))
        if sheet.sheet_state != "visible":
            remarks.append(f"工作表“{sheet.title}”是隐藏的，也读了")
        lines += _sheet_lines(sheet, formula_sheet, remarks if formulas else None)
        aside += _comments(sheet)
    return OfficeDocument(tuple(lines), frozenset(starts), tuple(aside), tuple(remarks))


def _check_merges(part: bytes) -> None:
    """Raise UnreadableFileError if the merged cells of a sheet cover more than MAX_CELLS cells."""
    area = 0
    for left, top, right, bottom in _MERGED.findall(part):
        width = abs(
            column_index_from_string(right.decode()) - column_index_from_string(left.decode())
        )
        area += (width + 1) * (abs(int(bottom) - int(top)) + 1)
        if area > MAX_CELLS:
            raise UnreadableFileError(_TOO_LARGE)


def _sheets(package: OfficePackage, *, formulas: bool) -> list[Worksheet]:
    """Load the visible contents or the formulas of the sheets, without data sheets."""
    try:
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(package.data), data_only=not formulas)
    except RecursionError:
        raise
    except Exception:  # noqa: BLE001 - a broken file may make openpyxl raise anything
        raise UnreadableFileError(_BROKEN) from None
    sheets = list[Worksheet](sheet for sheet in book.worksheets if not is_data_sheet(sheet))
    for sheet in sheets:
        if sheet.max_row * sheet.max_column > MAX_CELLS:
            raise UnreadableFileError(f"“{sheet.title}”{_TOO_LARGE}")
    return sheets


def _sheet_lines(
    sheet: Worksheet, formula_sheet: Worksheet, remarks: list[str] | None
) -> Iterator[Line]:
    """Yield the rows of a sheet; add remarks on formulas unless `remarks` is None."""
    merged: dict[tuple[int, int], Slot] = {}
    for area in sheet.merged_cells.ranges:
        slot = _slot(sheet.cell(area.min_row, area.min_col), sheet)
        merged |= {
            (row, column): slot
            for row in range(area.min_row, area.max_row + 1)
            for column in range(area.min_col, area.max_col + 1)
        }
    for number, row in enumerate(sheet.iter_rows(), start=1):
        line = tuple(
            merged.get((number, column)) or _slot(cell, sheet)
            for column, cell in enumerate(row, start=1)
        )
        if remarks is not None:
            remarks += _missing_results(line, formula_sheet, number)
        yield line


def _slot(cell: Any, sheet: Worksheet) -> Slot:  # noqa: ANN401 - a cell, or what lies under a merged one
    """Return a cell with the text that Excel displays."""
    text = displayed_text(cell.value, cell.number_format).strip()
    place = f"工作表“{sheet.title}”{cell.coordinate}"
    return Slot(text, place, _heading_level(cell))


def _heading_level(cell: Any) -> int:  # noqa: ANN401 - as above
    """Return the level of a cell's heading style, else 0.

    Of several styles with one name, which LibreOffice writes, openpyxl keeps one; cells with the
    others have no style.
    """
    try:
        return _LEVELS.get(cell.style, 0)
    except IndexError:
        return 0


def _missing_results(line: Line, formula_sheet: Worksheet, row: int) -> Iterator[str]:
    """Yield a remark for every formula whose result is not stored in the file."""
    for column, slot in enumerate(line, start=1):
        formula = formula_sheet.cell(row, column).value
        if slot and not slot.text and isinstance(formula, str) and formula.startswith("="):
            yield f"{slot.place}是公式，文件里没有存结果；请在 Excel 里打开、保存后再导入"


def _comments(sheet: Worksheet) -> Iterator[Slot]:
    """Yield the comments on the cells of a sheet."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment and cell.comment.text:
                place = f"工作表“{sheet.title}”{cell.coordinate}的批注"
                yield Slot(cell.comment.text.strip(), place)
