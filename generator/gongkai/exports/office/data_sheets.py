"""Sheets of plain rows in an Excel file: exact, quickly written, known again when they are read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urljoin

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.exports.open_data.tables import VALUES, Table, Type
from gongkai.model.documents import Record
from gongkai.model.publication import Site
from gongkai.model.terms import ABSENT

DATA, ABOUT = "数据", "说明"
"""What these sheets are called."""
ABOUT_MARK = "关于这份文件"
"""What the first cell of 说明 says."""
LONGEST = 32_767
"""How many characters a cell of Excel holds."""
CUT = "……（单元格放不下，全文见同名的 CSV 文件）"
_MARKS = {DATA: VALUES.titles[0], ABOUT: ABOUT_MARK}
_FIGURE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DIGITS = 15
"""How many digits Excel keeps; a longer number stands as text."""
_SPECIAL = re.compile("[&<>\r]")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_WHOLE_PART = re.compile(rb"\A.*\Z", re.DOTALL)
_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FROZEN = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/>'
)
_TEXT = 't="inlineStr"><is><t xml:space="preserve">'
_NARROW, _WIDE, _WIDEST = 6, 40, 66
_LOOKED_AT = 30
"""How many rows tell how wide a column is."""


class Sheet(NamedTuple):
    """Rows for a sheet, that of the headings first."""

    title: str
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    """The columns whose figures are numbers to Excel, too."""
    wrapped: bool = False
    """Whether long texts go over several lines."""


Change = tuple[re.Pattern[bytes], bytes]
"""What is replaced by what in a part of a file."""


def data_sheet(table: Table, rows: Iterable[Sequence[object]]) -> Sheet:
    """The rows of a table below its headings."""
    figures = {Type.WHOLE, Type.DECIMAL}
    numbers = (number for number, each in enumerate(table.columns) if each.type in figures)
    texts = [[f"{value}" for value in row] for row in rows]
    return Sheet(DATA, [table.titles, *texts], frozenset(numbers))


def is_data_sheet(sheet: Worksheet) -> bool:
    """Whether a sheet is one of these: what it says stands on the other sheets, too."""
    return sheet.title in _MARKS and sheet.cell(1, 1).value == _MARKS[sheet.title]


def add_sheet(book: Workbook, sheet: Sheet) -> tuple[str, Change]:
    """Give a workbook an empty sheet; the name of its part, and what it becomes."""
    made = book.create_sheet(sheet.title)
    head, body = made.cell(1, 1), made.cell(2, 1)
    head.font, body.number_format = Font(bold=True), "@"
    for each in (head, body):
        each.alignment = Alignment(vertical="top", wrap_text=sheet.wrapped)
    xml = "".join(_xml(sheet, head.style_id, body.style_id)).encode()
    part = f"xl/worksheets/sheet{len(book.worksheets)}.xml"
    return part, (_WHOLE_PART, xml.replace(b"\\", rb"\\"))


def _xml(sheet: Sheet, head: int, body: int) -> Iterator[str]:
    wide = max(map(len, sheet.rows))
    letters = [get_column_letter(column + 1) for column in range(wide)]
    whole = f"A1:{letters[-1]}{len(sheet.rows)}"
    yield f'<worksheet xmlns="{_SPACE}"><dimension ref="{whole}"/>{_FROZEN}<cols>'
    for column in range(wide):
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
                yield f'<c r="{letters[column]}{number}" s="{style}" {_TEXT}{_safe(text)}</t></is></c>'
        yield "</row>"
    yield f'</sheetData><ignoredErrors><ignoredError sqref="{whole}" numberStoredAsText="1"/>'
    yield "</ignoredErrors></worksheet>"


def _is_exact(text: str) -> bool:
    """Whether Excel keeps a figure to its last digit."""
    return bool(_FIGURE.fullmatch(text)) and sum(map(str.isdigit, text)) <= _DIGITS


def _safe(text: str) -> str:
    if len(text) > LONGEST:
        text = text[: LONGEST - len(CUT)] + CUT
    return _SPECIAL.sub(lambda match: _NAMED[match[0]], text) if _SPECIAL.search(text) else text


def _width(sheet: Sheet, column: int) -> int:
    """How wide a column is, in half-width characters."""
    widest = _WIDEST if sheet.wrapped else _WIDE
    texts = (row[column] for row in sheet.rows[:_LOOKED_AT] if len(row) > column)
    longest = max((sum(1 + (each > "\xff") for each in text[:widest]) for text in texts), default=0)
    return min(max(longest + 2, _NARROW), widest)


class Source(NamedTuple):
    """What a file comes from."""

    site: Site
    site_url: str
    title: str
    url: str
    """Of its page, from the site's root."""
    facts: tuple[tuple[str, str], ...]
    """What else is known of it, each with its label."""
    hash: str
    """SHA-256 of the index.csv beside it."""


def about_sheet(source: Source, table: Table) -> Sheet:
    """The sheet of a file whose data sheet holds a table."""
    return Sheet(
        ABOUT, [(ABOUT_MARK, source.title), *_facts(source), *_columns(table)], wrapped=True
    )


def _facts(source: Source) -> Iterator[tuple[str, str]]:
    site = source.site
    yield "网站", site.name
    yield "主办单位", site.organiser
    yield "网页", urljoin(source.site_url, source.url) if source.site_url else source.url
    yield "许可", site.licence or "未注明"
    yield from ((label, text or ABSENT) for label, text in source.facts)
    yield "数据的校验码", f"SHA-256 {source.hash}（同一网页的 index.csv）"


def _columns(table: Table) -> Iterator[tuple[str, str]]:
    yield f"“{DATA}”工作表", f"{table.title}：{table.about}"
    for each in table.columns:
        yield f"“{each.title}”列", each.about


def money_units(records: Iterable[Record]) -> str:
    """In which unit each document gives amounts."""
    units = {record.title: record.form.money for record in records}
    if len(set(units.values())) == 1:
        return next(iter(units.values()))
    return "；".join(f"{title}：{unit}" for title, unit in units.items())
