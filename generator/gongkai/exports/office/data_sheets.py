"""Excel sheets of plain rows: exact values, fast to write, recognized by the importer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urljoin

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from gongkai.exports.open_data.tables import VALUES, ColumnType, DataTable
from gongkai.model.documents import Record
from gongkai.model.publication import Site
from gongkai.model.terms import NOT_STATED

DATA_TITLE, ABOUT_TITLE = "数据", "说明"
"""Titles of these sheets."""
ABOUT_HEADING = "关于这份文件"
"""Text in the first cell of 说明."""
MAX_CELL_LENGTH = 32_767
"""Excel's limit for a cell, in characters."""
TRUNCATION_NOTE = "……（单元格放不下，全文见同名的 CSV 文件）"
"""End of a text that is longer than that."""
_FIRST_CELLS = {DATA_TITLE: VALUES.headings[0], ABOUT_TITLE: ABOUT_HEADING}
_EXACT_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_MAX_DIGITS = 15
"""Excel's precision in digits; longer numbers are written as text."""
_SPECIAL = re.compile("[&<>\r]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ENTIRE_PART = re.compile(rb"\A.*\Z", re.DOTALL)
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FROZEN_HEAD = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/>'
)
_TEXT_CELL = 't="inlineStr"><is><t xml:space="preserve">'
_MIN_WIDTH, _MAX_WIDTH, _MAX_WRAPPED_WIDTH = 6, 40, 66
"""Column widths, in half-width characters."""
_SAMPLE_ROWS = 30
"""Number of rows that determine the width of a column."""


class PlainSheet(NamedTuple):
    """The rows of a sheet, headings first."""

    title: str
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    """Indexes of the columns whose figures become Excel numbers."""
    wraps_text: bool = False
    """Whether long texts wrap."""


PartChange = tuple[re.Pattern[bytes], bytes]
"""A pattern in a part of an Office file, and its replacement."""


def data_sheet(table: DataTable, rows: Iterable[Sequence[object]]) -> PlainSheet:
    """Return the headings and rows of a table as a sheet."""
    number_types = {ColumnType.WHOLE, ColumnType.DECIMAL}
    numbers = (number for number, column in enumerate(table.columns) if column.type in number_types)
    texts = [[f"{value}" for value in row] for row in rows]
    return PlainSheet(DATA_TITLE, [table.headings, *texts], frozenset(numbers))


def is_data_title(title: str, first_text: str) -> bool:
    """Return whether a sheet of this title that begins with this text is a data sheet."""
    return _FIRST_CELLS.get(title) == first_text


def add_sheet(book: Workbook, sheet: PlainSheet) -> tuple[str, PartChange]:
    """Add an empty sheet to a workbook; return the name of its part, and the change that fills it."""
    worksheet = book.create_sheet(sheet.title)
    head, body = worksheet.cell(1, 1), worksheet.cell(2, 1)
    head.font, body.number_format = Font(bold=True), "@"
    for cell in (head, body):
        cell.alignment = Alignment(vertical="top", wrap_text=sheet.wraps_text)
    xml = "".join(_sheet_xml(sheet, head.style_id, body.style_id)).encode()
    part = f"xl/worksheets/sheet{len(book.worksheets)}.xml"
    return part, (_ENTIRE_PART, xml.replace(b"\\", rb"\\"))


def _sheet_xml(sheet: PlainSheet, head: int, body: int) -> Iterator[str]:
    """Yield the XML of a sheet; writing it directly is faster than openpyxl's cells."""
    column_count = max(map(len, sheet.rows))
    letters = [get_column_letter(column + 1) for column in range(column_count)]
    cell_range = f"A1:{letters[-1]}{len(sheet.rows)}"
    yield f'<worksheet xmlns="{_NAMESPACE}"><dimension ref="{cell_range}"/>{_FROZEN_HEAD}<cols>'
    for column in range(column_count):
        width = _width(sheet, column)
        yield f'<col min="{column + 1}" max="{column + 1}" width="{width}" customWidth="1"/>'
    yield "</cols><sheetData>"
    for number, row in enumerate(sheet.rows, start=1):
        yield f'<row r="{number}">'
        style = body if number > 1 else head
        for column, text in enumerate(row):
            if text and column in sheet.numbers and number > 1 and _is_exact(text):
                yield f'<c r="{letters[column]}{number}"><v>{text}</v></c>'
            elif text:
                yield f'<c r="{letters[column]}{number}" s="{style}" {_TEXT_CELL}{_escape_text(text)}</t></is></c>'
        yield "</row>"
    yield f'</sheetData><ignoredErrors><ignoredError sqref="{cell_range}" numberStoredAsText="1"/>'
    yield "</ignoredErrors></worksheet>"


def _is_exact(text: str) -> bool:
    """Return whether Excel keeps a figure to its last digit."""
    return bool(_EXACT_NUMBER.fullmatch(text)) and sum(map(str.isdigit, text)) <= _MAX_DIGITS


def _escape_text(text: str) -> str:
    """Escape a text for XML, truncated to Excel's limit."""
    if len(text) > MAX_CELL_LENGTH:
        text = text[: MAX_CELL_LENGTH - len(TRUNCATION_NOTE)] + TRUNCATION_NOTE
    return _SPECIAL.sub(lambda match: _ENTITIES[match[0]], text) if _SPECIAL.search(text) else text


def _width(sheet: PlainSheet, column: int) -> int:
    """Return the width of a column, in half-width characters."""
    max_width = _MAX_WRAPPED_WIDTH if sheet.wraps_text else _MAX_WIDTH
    texts = (row[column] for row in sheet.rows[:_SAMPLE_ROWS] if len(row) > column)
    longest = max(
        (sum(1 + (character > "\xff") for character in text[:max_width]) for text in texts),
        default=0,
    )
    return min(max(longest + 2, _MIN_WIDTH), max_width)


class WorkbookSource(NamedTuple):
    """The origin of a workbook."""

    site: Site
    site_url: str
    title: str
    url: str
    """Address of its page, relative to the site root."""
    facts: tuple[tuple[str, str], ...]
    """Further facts as (label, text)."""
    hash: str
    """SHA-256 of the index.csv beside the workbook, in hex."""


def about_sheet(source: WorkbookSource, table: DataTable) -> PlainSheet:
    """Return the sheet that documents a workbook and the columns of its data sheet."""
    return PlainSheet(
        ABOUT_TITLE,
        [(ABOUT_HEADING, source.title), *_facts(source), *_column_facts(table)],
        wraps_text=True,
    )


def _facts(source: WorkbookSource) -> Iterator[tuple[str, str]]:
    """Yield the facts on the workbook as (label, text)."""
    site = source.site
    yield "网站", site.name
    yield "主办单位", site.organiser
    yield "网页", urljoin(source.site_url, source.url) if source.site_url else source.url
    yield "许可", site.licence or "未注明"
    yield from ((label, text or NOT_STATED) for label, text in source.facts)
    yield "数据的校验码", f"SHA-256 {source.hash}（同一网页的 index.csv）"


def _column_facts(table: DataTable) -> Iterator[tuple[str, str]]:
    """Yield the columns of a table as (label, text)."""
    yield f"“{DATA_TITLE}”工作表", f"{table.title}：{table.description}"
    for column in table.columns:
        yield f"“{column.title}”列", column.description


def money_units(records: Iterable[Record]) -> str:
    """Return the 金额单位 of the documents; one per document if they differ."""
    units = {record.title: record.form.money for record in records}
    if len(set(units.values())) == 1:
        return next(iter(units.values()))
    return "；".join(f"{title}：{unit}" for title, unit in units.items())
