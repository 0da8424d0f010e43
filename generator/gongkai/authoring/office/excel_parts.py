"""The parts of an Excel file, read from their XML: sheets, shared texts, cell formats."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring, iterparse

from gongkai.authoring.office.number_formats import BUILT_IN_FORMATS
from gongkai.authoring.office.safety import OfficePackage
from gongkai.runtime.errors import UnreadableFileError

EXCEL_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
"""Namespace prefix of SpreadsheetML element names."""
_DRAWING_NS = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_VML_NS = "{urn:schemas-microsoft-com:vml}"
_OLD_EXCEL_NS = "{urn:schemas-microsoft-com:office:excel}"
_THREAD_NS = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
MAX_MERGES = 20_000
"""Most merged areas on a sheet."""
_BROKEN = "文件已经损坏，读不出内容；请用 Excel 或 WPS 打开，另存后再导入"


class FontLook(NamedTuple):
    """The look of a font, as far as it matters."""

    is_struck: bool = False
    is_white: bool = False
    name: str = ""
    position: str = ""
    """superscript, subscript, or empty."""


class Run(NamedTuple):
    """A piece of a text with one look."""

    text: str
    look: FontLook | None
    """None if the cell's own look decides."""


class CellFormat(NamedTuple):
    """The look of a cell, as far as it matters."""

    number_format: str = "General"
    font: FontLook = FontLook()
    style: str = ""
    """Name of its cell style, e.g. Heading 1."""
    has_fill: bool = False
    """Whether the cell has a background."""


class CellContent(NamedTuple):
    """A cell as stored."""

    row: int
    column: int
    kind: str
    """n (number), s (shared text), str, inlineStr, b (boolean), e (error) or d (date)."""
    value: str
    """The stored value; empty if there is none."""
    runs: tuple[Run, ...]
    """The pieces of an inlineStr."""
    format_index: int
    has_formula: bool


class Area(NamedTuple):
    """A rectangle of cells."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class SheetParts:
    """A worksheet as stored."""

    title: str
    part: str
    is_hidden: bool = False
    cells: list[CellContent] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hides_rows: bool = False
    """Whether rows without a height are hidden."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """The first and last column of every range of hidden columns."""
    page_texts: list[tuple[str, str]] = field(default_factory=list)
    """Where (页眉, 页脚) and text of the page headers and footers."""
    controls: int = 0
    """Number of check boxes, lists and other form controls."""
    hides_zeros: bool = False
    """Whether zeros are not shown."""
    shows_formulas: bool = False
    """Whether formulas are shown in place of their results."""
    is_chart: bool = False
    """Whether the sheet is a chart, without cells."""


@dataclass(frozen=True, slots=True)
class ExcelFile:
    """An Excel file: what its parts have in common."""

    package: OfficePackage
    texts: Sequence[tuple[Run, ...]]
    """The shared texts."""
    formats: Sequence[CellFormat]
    is_1904: bool
    """Whether dates count from 1904."""
    sheets: Sequence[SheetParts]
    """The worksheets, without their cells, in the order of the file."""


def parse_part(package: OfficePackage, name: str) -> Element:
    """Parse an XML part. Raise UnreadableFileError if it is damaged."""
    try:
        root: Element = fromstring(package.parts[name])
    except (ParseError, LookupError, ValueError):
        raise UnreadableFileError(_BROKEN) from None
    return root


def open_excel(package: OfficePackage) -> ExcelFile:
    """Read what the sheets of an Excel file share. Raise UnreadableFileError if it is damaged."""
    workbook = parse_part(package, package.main_part)
    properties = workbook.find(f"{EXCEL_NS}workbookPr")
    related = package.relationships(package.main_part)
    sheets = []
    for element in workbook.iter(f"{EXCEL_NS}sheet"):
        relationship = related.get(element.get(_RELATION_ID, ""))
        if (
            relationship
            and relationship.kind in {"worksheet", "chartsheet"}
            and relationship.target in package.parts
        ):
            is_hidden = element.get("state", "visible") != "visible"
            sheet = SheetParts(element.get("name", ""), relationship.target, is_hidden)
            sheet.is_chart = relationship.kind == "chartsheet"
            sheets.append(sheet)
    return ExcelFile(
        package,
        tuple(chain.from_iterable(map(_shared_texts, _related_roots(package, "sharedStrings")))),
        tuple(chain.from_iterable(map(_cell_formats, _related_roots(package, "styles")))),
        properties is not None and properties.get("date1904") in {"1", "true"},
        sheets,
    )


def _related_roots(package: OfficePackage, kind: str) -> Iterator[Element]:
    for name in package.related_parts(package.main_part, kind):
        yield parse_part(package, name)


def _shared_texts(root: Element) -> Iterator[tuple[Run, ...]]:
    """Yield the shared texts."""
    return (tuple(_text_runs(element)) for element in root.iter(f"{EXCEL_NS}si"))


def _text_runs(element: Element) -> Iterator[Run]:
    """Yield the pieces of a text, without the reading aids of characters."""
    for child in element:
        if child.tag == f"{EXCEL_NS}t":
            yield Run(_unescape(child.text or ""), None)
        elif child.tag == f"{EXCEL_NS}r":
            text = "".join(part.text or "" for part in child.iter(f"{EXCEL_NS}t"))
            look = child.find(f"{EXCEL_NS}rPr")
            yield Run(_unescape(text), None if look is None else _font_look(look))


def _unescape(text: str) -> str:
    """Return a text with its escaped characters (_x000D_) and all line ends as line feeds."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _font_look(font: Element) -> FontLook:
    """Return the look of a font of a cell or of a piece of its text."""
    strike = font.find(f"{EXCEL_NS}strike")
    color = font.find(f"{EXCEL_NS}color")
    name = font.find(f"{EXCEL_NS}name")
    name = font.find(f"{EXCEL_NS}rFont") if name is None else name
    position = font.find(f"{EXCEL_NS}vertAlign")
    return FontLook(
        strike is not None and strike.get("val", "1") not in {"0", "false"},
        color is not None and _is_white(color),
        name.get("val", "") if name is not None else "",
        position.get("val", "") if position is not None else "",
    )


def _is_white(color: Element) -> bool:
    """Return whether a colour is white: by its code, its place in the theme or in the old palette."""
    is_tinted = color.get("tint", "0") not in {"0", "0.0"}
    by_theme = color.get("theme") == "0" and not is_tinted
    return (
        by_theme
        or color.get("rgb", "").upper()[-6:] == "FFFFFF"
        or color.get("indexed") in _WHITE_INDEXES
    )


_WHITE_INDEXES = frozenset({"1", "9"})
"""Places of white in the palette of Excel 97."""


def _has_fill(fill: Element) -> bool:
    """Return whether a fill is a background other than white."""
    pattern = fill.find(f"{EXCEL_NS}patternFill")
    if pattern is None:
        return fill.find(f"{EXCEL_NS}gradientFill") is not None
    color = pattern.find(f"{EXCEL_NS}fgColor")
    is_white = pattern.get("patternType") == "solid" and color is not None and _is_white(color)
    return pattern.get("patternType", "none") != "none" and not is_white


def _cell_formats(root: Element) -> Iterator[CellFormat]:
    """Yield the formats that cells refer to."""
    codes = dict(BUILT_IN_FORMATS)
    for element in root.iter(f"{EXCEL_NS}numFmt"):
        codes[_number(element.get("numFmtId"))] = element.get("formatCode", "General")
    fonts, fills = root.find(f"{EXCEL_NS}fonts"), root.find(f"{EXCEL_NS}fills")
    looks = [_font_look(font) for font in fonts] if fonts is not None else []
    filled = [_has_fill(fill) for fill in fills] if fills is not None else []
    names = {
        _number(element.get("xfId")): element.get("name", "")
        for element in root.iter(f"{EXCEL_NS}cellStyle")
    }
    formats = root.find(f"{EXCEL_NS}cellXfs")
    for element in formats if formats is not None else ():
        font, fill = _number(element.get("fontId")), _number(element.get("fillId"))
        yield CellFormat(
            codes.get(_number(element.get("numFmtId")), "General"),
            looks[font] if font < len(looks) else FontLook(),
            names.get(_number(element.get("xfId")), ""),
            filled[fill] if fill < len(filled) else False,
        )


def _number(text: str | None, default: int = 0) -> int:
    """Parse a non-negative integer."""
    return int(text) if text and text.isascii() and text.isdigit() else default


def read_sheet(file: ExcelFile, sheet: SheetParts) -> None:
    """Read the cells of a sheet. Raise UnreadableFileError if it is damaged."""
    row = column = 0
    data = io.BytesIO(file.package.parts[sheet.part])
    try:
        for event, element in iterparse(data, events=("start", "end")):
            name = element.tag.removeprefix(EXCEL_NS)
            if name == "row" and event == "start":
                row, column = _number(element.get("r"), row + 1), 0
                if _is_hidden_row(element, hides_rows=sheet.hides_rows):
                    sheet.hidden_rows.add(row)
            elif name == "c" and event == "end":
                cell = _cell(element, row, column + 1)
                column = cell.column
                if cell.value or cell.runs or cell.has_formula:
                    sheet.cells.append(cell)
                element.clear()
            elif name == "row":
                element.clear()
            elif event == "end":
                _take_property(sheet, name, element)
    except (ParseError, ValueError):
        raise UnreadableFileError(_BROKEN) from None


def _take_property(sheet: SheetParts, name: str, element: Element) -> None:
    """Take what a sheet says beside its cells: hidden rows and columns, merged areas, page headers."""
    match name:
        case "sheetFormatPr":
            sheet.hides_rows = _is_set(element.get("zeroHeight"))
        case "col" if _is_set(element.get("hidden")) or element.get("width") == "0":
            first, last = _number(element.get("min"), 1), _number(element.get("max"), 1)
            sheet.hidden_columns.append((first, last))
        case "mergeCell":
            sheet.merges.append(_area(element.get("ref", "")))
            if len(sheet.merges) > MAX_MERGES:
                raise UnreadableFileError(f"合并的格子超过 {MAX_MERGES} 处，没有读取")
        case "control":
            sheet.controls += 1
        case "sheetView":
            sheet.hides_zeros = element.get("showZeros", "1") in {"0", "false"}
            sheet.shows_formulas = _is_set(element.get("showFormulas"))
        case "headerFooter":
            sheet.page_texts += _page_texts(element)
        case _:
            pass


def _is_set(text: str | None) -> bool:
    return text in {"1", "true"}


def _is_hidden_row(element: Element, *, hides_rows: bool) -> bool:
    """Return whether a row is hidden: by itself, by its height, or as all rows without a height."""
    height = element.get("ht")
    hidden = element.get("hidden")
    return (
        _is_set(hidden) or height in {"0", "0.0"} or (hides_rows and not height and hidden is None)
    )


def _cell(element: Element, row: int, column: int) -> CellContent:
    """Return a cell; one without a reference is beside the one before."""
    reference = element.get("r")
    if reference:
        row, column = _position(reference)
    kind = element.get("t", "n")
    value, formula = element.find(f"{EXCEL_NS}v"), element.find(f"{EXCEL_NS}f")
    inline = element.find(f"{EXCEL_NS}is")
    return CellContent(
        row,
        column,
        kind,
        (value.text or "") if value is not None else "",
        tuple(_text_runs(inline)) if inline is not None else (),
        _number(element.get("s")),
        formula is not None and not (kind == "str" and value is not None),
    )


def _position(reference: str) -> tuple[int, int]:
    """Return the row and column of B7. Raise ValueError if there is no such cell."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    if not (0 < row <= _MAX_ROW and column <= _MAX_COLUMN):
        raise ValueError(reference)
    return row, column


def _area(reference: str) -> Area:
    """Return the area of A1:B7."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = _position(first), _position(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def column_letters(column: int) -> str:
    """Return the letters of a column: A for 1, AB for 28."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_PAGE_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f+-]{6}|[0-9]+|[A-Za-z&])')
_PAGE_PARTS = {"Header": "页眉", "Footer": "页脚"}


def _page_texts(element: Element) -> Iterator[tuple[str, str]]:
    """Yield the texts of page headers and footers, without page numbers and other codes."""
    for child in element:
        place = next((place for end, place in _PAGE_PARTS.items() if child.tag.endswith(end)), "")
        for part in re.split(r"(?<!&)&[LCR]", child.text or ""):
            text = _PAGE_CODE.sub(lambda code: "&" if code[0] == "&&" else "", _unescape(part))
            if place and text.strip():
                yield place, text.strip()


def drawn_texts(package: OfficePackage, sheet: SheetParts) -> Iterator[str]:
    """Yield the texts of the text boxes and shapes on a sheet, and the names of its pictures."""
    for name in package.related_parts(sheet.part, "drawing"):
        for element in _shown_elements(parse_part(package, name)):
            if element.tag == f"{_DRAWING_NS}p":
                text = _drawn_text(element)
                yield from [text] if text.strip() else []
            elif element.tag.endswith("}pic"):
                names = [part for part in element.iter() if part.tag.endswith("}cNvPr")]
                yield (names[0].get("descr") or names[0].get("name") if names else "") or "图片"


def _drawn_text(paragraph: Element) -> str:
    return "".join(part.text or "" for part in paragraph.iter(f"{_DRAWING_NS}t"))


def chart_texts(package: OfficePackage, sheet: SheetParts) -> Iterator[tuple[str, str]]:
    """Yield what they are (图表, 图示) and the texts of the charts and diagrams on a sheet."""
    for name in package.related_parts(sheet.part, "drawing"):
        for kind in ("chart", "diagramData"):
            for part in package.related_parts(name, kind):
                for paragraph in parse_part(package, part).iter(f"{_DRAWING_NS}p"):
                    if text := _drawn_text(paragraph).strip():
                        yield _OBJECTS[kind], text


def control_texts(package: OfficePackage, sheet: SheetParts) -> Iterator[str]:
    """Yield the captions of check boxes, buttons and other old controls on a sheet, with their ticks."""
    for name in package.related_parts(sheet.part, "vmlDrawing"):
        try:
            root = fromstring(package.parts[name])
        except (ParseError, LookupError, ValueError):
            continue  # Excel writes HTML in such parts, which need not be well-formed.
        for shape in root.iter(f"{_VML_NS}shape"):
            data = shape.find(f"{_OLD_EXCEL_NS}ClientData")
            if data is None or data.get("ObjectType") == "Note":
                continue
            box = shape.find(f"{_VML_NS}textbox")
            text = "".join(box.itertext()) if box is not None else ""
            is_ticked = data.findtext(f"{_OLD_EXCEL_NS}Checked", "0").strip() == "1"
            is_box = data.get("ObjectType") in {"Checkbox", "Radio"}
            sign = ("☑" if is_ticked else "□") if is_box else ""
            if shown := sign + text.strip():
                yield shown


def unread_objects(package: OfficePackage, sheet: SheetParts) -> Iterator[str]:
    """Yield what is on a sheet and has no text to read, e.g. 图表."""
    kinds = [link.kind for link in package.relationships(sheet.part).values()]
    for name in package.related_parts(sheet.part, "drawing"):
        kinds += [link.kind for link in package.relationships(name).values()]
    for kind, name in _OBJECTS.items():
        if count := kinds.count(kind):
            yield f"{name} {count} 个"
    if sheet.controls:
        yield f"控件 {sheet.controls} 个"


_OBJECTS = {
    "chart": "图表",
    "diagramData": "图示",
    "oleObject": "嵌入的文件",
    "package": "嵌入的文件",
}


def _shown_elements(element: Element) -> Iterator[Element]:
    """Yield an element and those below it, without the fallbacks for old programs."""
    yield element
    for child in element:
        if child.tag != _FALLBACK:
            yield from _shown_elements(child)


def comments(package: OfficePackage, sheet: SheetParts) -> Iterator[tuple[str, str]]:
    """Yield the cell and the text of every comment on a sheet, then of the threaded ones."""
    for name in package.related_parts(sheet.part, "comments"):
        for comment in parse_part(package, name).iter(f"{EXCEL_NS}comment"):
            text = comment.find(f"{EXCEL_NS}text")
            runs = _text_runs(text) if text is not None else ()
            if shown := "".join(run.text for run in runs).strip():
                yield comment.get("ref", ""), shown
    for name in package.related_parts(sheet.part, "threadedComment"):
        for comment in parse_part(package, name).iter(f"{_THREAD_NS}threadedComment"):
            if shown := (comment.findtext(f"{_THREAD_NS}text") or "").strip():
                yield comment.get("ref", ""), shown


def readings(package: OfficePackage, sheet: SheetParts) -> Iterator[tuple[str, str]]:
    """Yield the cell and the reading of characters (拼音) of every text on a sheet that has some."""
    shared = [
        _reading(text)
        for part in package.related_parts(package.main_part, "sharedStrings")
        for text in parse_part(package, part).iter(f"{EXCEL_NS}si")
    ]
    if not any(shared) and b"rPh" not in package.parts[sheet.part]:
        return
    for cell in parse_part(package, sheet.part).iter(f"{EXCEL_NS}c"):
        inline, number = cell.find(f"{EXCEL_NS}is"), _number(cell.findtext(f"{EXCEL_NS}v"), -1)
        text = _reading(inline) if inline is not None else ""
        if cell.get("t") == "s" and 0 <= number < len(shared):
            text = shared[number]
        if text:
            yield cell.get("r", ""), text


def _reading(text: Element) -> str:
    """Return the reading of the characters of a text."""
    return "".join(part.text or "" for part in text.iterfind(f"{EXCEL_NS}rPh/{EXCEL_NS}t")).strip()
