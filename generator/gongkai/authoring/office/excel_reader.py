"""Excel reader: the rows of every sheet as displayed, merged cells expanded."""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from gongkai.authoring.office.cells import Line, OfficeDocument, Slot
from gongkai.authoring.office.excel_parts import (
    Area,
    CellContent,
    CellFormat,
    ExcelFile,
    Run,
    SheetParts,
    chart_texts,
    column_letters,
    comments,
    control_texts,
    drawn_texts,
    open_excel,
    read_sheet,
    readings,
    unread_objects,
)
from gongkai.authoring.office.number_formats import (
    UnknownFormatError,
    is_date_format,
    serial_date,
    shown_number,
    shown_text,
    shows_whole_date,
    stored_number,
)
from gongkai.authoring.office.safety import OfficePackage
from gongkai.authoring.office.symbols import raised_text, symbol_text
from gongkai.exports.office.data_sheets import is_data_title
from gongkai.exports.office.excel_writer import HEADING_STYLES
from gongkai.model.values import format_decimal
from gongkai.runtime.errors import UnreadableFileError

MAX_CELLS = 200_000
MAX_TEXT = 5_000_000
"""Most characters in the cells of a file; cells that share a text count it each."""
_LEVELS = {name: level for level, name in HEADING_STYLES.items()} | {
    f"Heading {level}": level for level in HEADING_STYLES
}
_TOO_LARGE = (
    f"工作表占的格子超过 {MAX_CELLS} 个，没有读取；请删去表格下面和右边多余的行列，另存后再导入"
)
_TOO_MUCH_TEXT = f"格子里的文字加起来超过 {MAX_TEXT // 10_000} 万字，不像是填报的表格，没有读取"
_BROKEN = "文件已经损坏，读不出内容；请用 Excel 或 WPS 打开，另存后再导入"
_STRUCK, _HIDDEN, _WHITE, _COVERED, _PICTURE = (
    "删除线文字", "隐藏文字", "白色文字", "合并后看不见的文字", "图片",
)  # fmt: skip
_PICTURE_FORMULA = "=DISPIMG("
"""What WPS stores as the text of a cell with a picture."""
_BOOLEANS = {"1": "TRUE", "0": "FALSE"}
_WHITE_FORMAT = re.compile(r"\[(?:White|白色|Color\s?2)\]", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d*)?(?:E[+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a cell shows, and what there is to say about it."""

    text: str = ""
    struck: str = ""
    """Text that is struck through; it is not taken."""
    white: str = ""
    """Text that is white on white; it is not taken."""
    picture: str = ""
    """The formula of a picture in the cell."""
    remark: str = ""
    """Where what is stored means something else, or its format is not known."""
    question: str = ""
    """Where Excel may have changed what was typed."""
    unseen: str = ""
    """What is stored in a cell that shows nothing."""


@dataclass(slots=True)
class _Reading:
    """An Excel file being read."""

    file: ExcelFile
    lines: list[Line] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)
    outside: list[Slot] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    questions: dict[str, str] = field(default_factory=dict)
    text_size: int = 0
    """Characters in the cells so far."""


def read_excel(package: OfficePackage) -> OfficeDocument:
    """Read an Excel file, visible sheets first. Raise UnreadableFileError if it is damaged or too large."""
    reading = _Reading(open_excel(package))
    if package.has_macros:
        reading.remarks.append("文件里有宏，没有运行，也没有导入")
    for sheet in sorted(reading.file.sheets, key=lambda sheet: sheet.is_hidden):
        if sheet.is_chart:
            _name_chart_sheet(reading, sheet)
            continue
        read_sheet(reading.file, sheet)
        grid = _Grid(reading, sheet)
        if not is_data_title(sheet.title, grid.text_at(1, 1)):
            grid.add_to_reading()
    return OfficeDocument(
        tuple(reading.lines),
        frozenset(reading.starts),
        tuple(reading.outside),
        tuple(reading.remarks),
        questions=reading.questions,
    )


def _name_chart_sheet(reading: _Reading, sheet: SheetParts) -> None:
    """Name a sheet that is a chart, and its texts."""
    name = f"工作表“{sheet.title}”"
    reading.remarks.append(f"{name}是图表，没有导入")
    texts = chart_texts(reading.file.package, sheet)
    reading.outside += (Slot(text, f"{name}的{kind}") for kind, text in texts)


@dataclass
class _Grid:
    """The rows and columns of a sheet."""

    reading: _Reading
    sheet: SheetParts

    @cached_property
    def cells(self) -> dict[tuple[int, int], CellContent]:
        """The cells with contents by row and column."""
        return {(cell.row, cell.column): cell for cell in self.sheet.cells}

    @cached_property
    def extent(self) -> tuple[int, int]:
        """The last row and column that matter. Raise UnreadableFileError if there are too many cells.

        Merged cells count, unless they reach so far that nobody can have meant them.
        """
        corners = list(self.cells)
        merged = [(area.bottom, area.right) for area in self.sheet.merges]
        for positions in ([*corners, *merged], corners):
            rows = max((row for row, _ in positions), default=0)
            columns = max((column for _, column in positions), default=0)
            if rows * columns <= MAX_CELLS:
                return rows, columns
        raise UnreadableFileError(f"“{self.sheet.title}”{_TOO_LARGE}")

    @cached_property
    def merges(self) -> list[Area]:
        """The merged areas within the extent. Raise UnreadableFileError if they overlap without end."""
        rows, columns = self.extent
        areas = [
            Area(area.top, area.left, min(area.bottom, rows), min(area.right, columns))
            for area in self.sheet.merges
            if area.top <= rows and area.left <= columns
        ]
        size = sum((area.bottom - area.top + 1) * (area.right - area.left + 1) for area in areas)
        if size > 2 * MAX_CELLS:
            raise UnreadableFileError(f"“{self.sheet.title}”{_TOO_LARGE}")
        return areas

    @cached_property
    def hidden_columns(self) -> set[int]:
        """The hidden columns within the extent."""
        last = self.extent[1]
        return {
            column
            for start, end in self.sheet.hidden_columns
            for column in range(start, min(end, last) + 1)
        }

    def text_at(self, row: int, column: int) -> str:
        """Return what a cell shows, without remarks on it."""
        cell = self.cells.get((row, column))
        return self._shown(cell).text.strip() if cell else ""

    def add_to_reading(self) -> None:
        """Add the rows of the sheet, and what stands beside them."""
        reading, sheet = self.reading, self.sheet
        reading.starts.add(len(reading.lines))
        if sheet.is_hidden:
            reading.remarks.append(f"工作表“{sheet.title}”是隐藏的，也读了")
        name = f"工作表“{sheet.title}”"
        if sheet.shows_formulas:
            reading.remarks.append(f"{name}设成了显示公式，读的是公式的结果")
        self._add_lines()
        package = reading.file.package
        reading.outside += (Slot(text, f"{name}的{where}") for where, text in sheet.page_texts)
        reading.outside += (
            Slot(text, f"{name}{cell}的批注") for cell, text in comments(package, sheet)
        )
        reading.outside += (
            Slot(text, f"{name}{cell}的注音") for cell, text in readings(package, sheet)
        )
        reading.outside += (Slot(text, f"{name}的图形") for text in drawn_texts(package, sheet))
        reading.outside += (
            Slot(text, f"{name}的{kind}") for kind, text in chart_texts(package, sheet)
        )
        reading.outside += (Slot(text, f"{name}的控件") for text in control_texts(package, sheet))
        if unread := "、".join(unread_objects(package, sheet)):
            reading.remarks.append(f"{name}里有{unread}，没有导入")
        sheet.cells = []

    def _add_lines(self) -> None:
        """Add the visible rows and columns, and name the texts that nobody sees."""
        rows, columns = self.extent
        shown = {position: self._shown(cell) for position, cell in self.cells.items()}
        slots = {
            position: Slot(
                shown[position].text.strip(),
                self._place(*position),
                _LEVELS.get(self._format(cell).style, 0),
            )
            for position, cell in self.cells.items()
        }
        first_cells = {
            (row, column): (area.top, area.left)
            for area in self.merges
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }
        visible = [column for column in range(1, columns + 1) if column not in self.hidden_columns]
        seen: set[tuple[int, int]] = set()
        for row in range(1, rows + 1):
            if row not in self.sheet.hidden_rows:
                positions = [first_cells.get((row, column), (row, column)) for column in visible]
                seen.update(positions)
                for position in positions:
                    slots.setdefault(position, Slot("", self._place(*position)))
                self.reading.lines.append(tuple(slots[position] for position in positions))
        unseen: list[tuple[int, int]] = []
        for position in sorted(shown):
            if position in seen:
                self._add_remarks(shown[position], slots[position].place)
            elif slots[position].text:
                reason = _COVERED if first_cells.get(position, position) != position else _HIDDEN
                place = f"{slots[position].place}的{reason}"
                self.reading.outside.append(Slot(slots[position].text, place))
                unseen.append(position)
        self._add_hidden_names(unseen)

    def _add_remarks(self, shown: _Shown, place: str) -> None:
        """Add what there is to say about a cell."""
        reading = self.reading
        for text, kind in (
            (shown.struck, _STRUCK),
            (shown.white, _WHITE),
            (shown.unseen, _HIDDEN),
            (shown.picture, _PICTURE),
        ):
            reading.outside += [Slot(text, f"{place}的{kind}")] if text else []
        reading.remarks += [f"{place}{shown.remark}"] if shown.remark else []
        if shown.question:
            reading.questions[place] = shown.question

    def _add_hidden_names(self, unseen: list[tuple[int, int]]) -> None:
        """Add a remark that names the hidden rows and columns with texts."""
        rows = sorted({row for row, _ in unseen} & self.sheet.hidden_rows)
        columns = sorted({column for _, column in unseen} & self.hidden_columns)
        names = [f"第 {row} 行" for row in rows]
        names += [f"{column_letters(column)} 列" for column in columns]
        if names:
            shown = "、".join(names[:10]) + ("等" if len(names) > 10 else "")  # noqa: PLR2004 - enough to find them
            self.reading.remarks.append(
                f"工作表“{self.sheet.title}”的{shown}是隐藏的，没有导入；要导入的，请取消隐藏"
            )

    def _place(self, row: int, column: int) -> str:
        return f"工作表“{self.sheet.title}”{column_letters(column)}{row}"

    def _format(self, cell: CellContent) -> CellFormat:
        formats = self.reading.file.formats
        if cell.format_index >= max(len(formats), 1):
            raise UnreadableFileError(_BROKEN)
        return formats[cell.format_index] if formats else CellFormat()

    def _shown(self, cell: CellContent) -> _Shown:
        """Return what a cell shows. Raise UnreadableFileError if the file has too much text."""
        look = self._format(cell)
        if cell.has_formula and not (cell.value or cell.runs):
            return _Shown(remark="是公式，文件里没有存结果；请在 Excel 里打开、保存后再导入")
        if cell.kind == "n":
            shown = _shown_value(cell.value, look, is_1904=self.reading.file.is_1904)
            is_hidden_zero = self.sheet.hides_zeros and _is_zero(cell.value)
            return _Shown(unseen=shown.text.strip()) if is_hidden_zero else shown
        if cell.kind == "d":
            return _shown_date(cell.value, look)
        runs = self._shared_text(cell.value) if cell.kind == "s" else cell.runs
        value = _BOOLEANS.get(cell.value, cell.value) if cell.kind == "b" else cell.value
        if value.startswith(_PICTURE_FORMULA):
            return _Shown(picture=value)
        shown = _shown_runs(runs or (Run(value, None),), look)
        self.reading.text_size += len(shown.text) + len(shown.struck)
        if self.reading.text_size > MAX_TEXT:
            raise UnreadableFileError(_TOO_MUCH_TEXT)
        return shown

    def _shared_text(self, number: str) -> tuple[Run, ...]:
        texts = self.reading.file.texts
        if not number.isascii() or not number.isdigit() or int(number) >= len(texts):
            raise UnreadableFileError(_BROKEN)
        return texts[int(number)]


def _shown_runs(runs: tuple[Run, ...], look: CellFormat) -> _Shown:
    """Return the text of a cell without the pieces that are struck through or white on white."""
    kept, struck, white = "", "", ""
    for run in runs:
        font = run.look or look.font
        piece = raised_text(symbol_text(font.name, run.text, is_code=False), font.position)
        if font.is_struck:
            struck += piece
        elif font.is_white and not look.has_fill:
            white += piece
        else:
            kept += piece
    text = shown_text(kept, look.number_format) if kept else ""
    unseen = kept.strip() if kept and not text.strip() else ""
    return _Shown(text, struck.strip(), white.strip(), unseen=unseen)


def _is_zero(value: str) -> bool:
    try:
        return stored_number(value) == 0
    except ValueError:
        return False


def _shown_date(value: str, look: CellFormat) -> _Shown:
    """Return what a cell shows whose date is stored as a text."""
    try:
        when = dt.datetime.fromisoformat(value)
    except ValueError:
        return _shown_runs((Run(value, None),), look)
    passed = when.replace(tzinfo=None) - dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel has no time zones
    days = Decimal(passed.days) + Decimal(passed.seconds) / 86_400
    code = look.number_format
    code = code if is_date_format(code, days) else "yyyy-mm-dd"
    return _shown_value(f"{days}", look._replace(number_format=code), is_1904=False)


def _shown_value(value: str, look: CellFormat, *, is_1904: bool) -> _Shown:
    """Return what a cell shows for a number."""
    code = look.number_format
    try:
        number = stored_number(value)
    except ValueError:
        return _shown_runs((Run(value, None),), look)
    try:
        text = shown_number(number, code, is_1904=is_1904)
    except UnknownFormatError:
        stored = format_decimal(number)
        remark = f"的数字格式“{code}”没有认出，照所存的 {stored} 读；请对照原件看它显示什么"
        return _Shown(stored, remark=remark)
    if look.font.is_struck or (look.font.is_white and not look.has_fill):
        is_struck = look.font.is_struck
        return _Shown(struck=text.strip()) if is_struck else _Shown(white=text.strip())
    if not text.strip() or _WHITE_FORMAT.match(code):
        return _Shown(unseen=format_decimal(number))
    if not is_date_format(code, number):
        return _Shown(text, remark=_number_remark(text, number))
    return _shown_serial(text, number, code, is_1904=is_1904)


def _shown_serial(text: str, number: Decimal, code: str, *, is_1904: bool) -> _Shown:
    """Return what a cell shows for a date, with a question if it is only a part of one."""
    if shows_whole_date(code, number) or number < 1:
        return _Shown(text)
    when = serial_date(number, is_1904=is_1904)
    stored = f"{when.year}年{when.month}月{when.day}日"
    question = (
        f"显示“{text.strip()}”，存的是日期 {stored}；原来填的如果是“{when.month}-{when.day}”"
        "一类的范围或编号，请照原意改"
    )
    return _Shown(text, question=question)


def _number_remark(text: str, number: Decimal) -> str:
    """Return a remark if a text does not say the number that is stored."""
    if _meaning(text) == number:
        return ""
    return f"显示“{text.strip()}”，存的是 {format_decimal(number)}；照显示的读"


def _meaning(text: str) -> Decimal | None:
    """Return the number that a text says; None if there is none or more than one."""
    numbers = _NUMBER.findall(text)
    if len(numbers) != 1:
        return None
    number = Decimal(numbers[0].replace(",", ""))
    before = text[: text.index(numbers[0])]
    number = (
        -number if before.rstrip().endswith(("-", "(", "（")) or text.startswith("-") else number
    )
    return number / 100 if "%" in text else number
