"""Word reader: paragraphs and tables in document order, merged cells expanded."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from gongkai.authoring.office.cells import Line, OfficeDocument, Slot
from gongkai.authoring.office.safety import OfficePackage
from gongkai.runtime.errors import UnreadableFileError

WORD_NS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""Namespace prefix of WordprocessingML element names."""
_CHINESE_DIGITS = "零一二三四五六七八九十"
_CHINESE_FORMATS = frozenset({
    "chineseCounting", "chineseCountingThousand", "ideographTraditional", "japaneseCounting",
    "taiwaneseCounting", "taiwaneseCountingThousand",
})  # fmt: skip
_DECIMAL_FORMATS = frozenset({"decimal", "decimalZero", "decimalFullWidth", "decimalHalfWidth"})
_CIRCLED_FORMATS = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})


def chinese_numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _CHINESE_DIGITS[ones]
    return (
        ("" if tens == 1 else _CHINESE_DIGITS[tens])
        + "十"
        + (_CHINESE_DIGITS[ones] if ones else "")
    )


@dataclass(frozen=True, slots=True)
class _Level:
    """The number format of one list level."""

    style: str
    text: str
    """The lvlText template; %1, %2 … stand for the numbers of the levels."""
    start: int

    def number(self, count: int) -> str:
        """Format a count in the level's number format."""
        if self.style in _CHINESE_FORMATS and 0 < count < 100:  # noqa: PLR2004 - the range of chinese_numeral()
            return chinese_numeral(count)
        if self.style in _CIRCLED_FORMATS and 0 < count <= 20:  # noqa: PLR2004 - Unicode has ① to ⑳
            return chr(0x245F + count)
        return f"{count}"


@dataclass(slots=True)
class Numbering:
    """The automatic numbering of a Word file, with the current counts."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    """Number formats by (numId, level)."""
    counts: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    """Current counts by (numId, level)."""

    @classmethod
    def from_xml(cls, root: Element | None) -> "Numbering":
        """Load the lists defined in word/numbering.xml."""
        numbering = cls()
        if root is None:
            return numbering
        definitions = {
            element.get(f"{WORD_NS}abstractNumId", ""): element
            for element in root.iter(f"{WORD_NS}abstractNum")
        }
        for num in root.iter(f"{WORD_NS}num"):
            reference = num.find(f"{WORD_NS}abstractNumId")
            definition = (
                definitions.get(reference.get(f"{WORD_NS}val", ""))
                if reference is not None
                else None
            )
            for level in definition.iter(f"{WORD_NS}lvl") if definition is not None else ():
                place = (num.get(f"{WORD_NS}numId", ""), _integer(level.get(f"{WORD_NS}ilvl")))
                numbering.levels[place] = _Level(
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    _integer(_value(level, "start"), 1),
                )
        return numbering

    def next_number(self, num_properties: Element | None, *, counts: bool) -> str:
        """Return the number of a list's next paragraph; empty for bullets and unnumbered text."""
        if num_properties is None or not counts:
            return ""
        num_id, level_index = (
            _value(num_properties, "numId"),
            _integer(_value(num_properties, "ilvl")),
        )
        level = self.levels.get((num_id, level_index))
        if (
            level is None
            or level.style not in _CHINESE_FORMATS | _DECIMAL_FORMATS | _CIRCLED_FORMATS
        ):
            return ""
        self.counts[num_id, level_index] += 1
        for place in list(self.counts):
            if place[0] == num_id and place[1] > level_index:
                del self.counts[place]
        return re.sub(
            r"%([1-9])", lambda match: self._number_at(num_id, int(match[1]) - 1), level.text
        )

    def _number_at(self, num_id: str, level_index: int) -> str:
        """Return the current number of a list level."""
        level = self.levels.get((num_id, level_index))
        return level.number(self.counts[num_id, level_index] + level.start - 1) if level else ""


def _value(element: Element, name: str) -> str:
    """Return the w:val of a child element; empty if there is none."""
    child = element.find(f"{WORD_NS}{name}")
    return child.get(f"{WORD_NS}val", "") if child is not None else ""


def _integer(text: str | None, default: int = 0) -> int:
    """Parse a non-negative integer."""
    return int(text) if text and text.isdigit() else default


_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HIDDEN = {f"{WORD_NS}{name}" for name in ("del", "instrText", "delText", "pPr", "rPr", "moveFrom")}
_SKIPPED_TAGS = {*_HIDDEN, _FALLBACK}
_BREAKS = {
    f"{WORD_NS}br": "\n",
    f"{WORD_NS}cr": "\n",
    f"{WORD_NS}tab": "\t",
    f"{WORD_NS}noBreakHyphen": "-",
}
_SYMBOLS = {"FE": "☑", "52": "☑", "FC": "√", "50": "√", "A8": "□", "6F": "□", "A3": "□", "2A": "□"}
"""Ticks and boxes of the fonts Wingdings and Wingdings 2, by character code."""
MAX_COLUMNS, MAX_CELLS = 200, 200_000
_NON_HEADING_STYLES = re.compile(
    rb'<w:style [^>]*w:type="table".*?</w:style>|<w:latentStyles.*?</w:latentStyles>', re.DOTALL
)
"""Most of styles.xml; parsing it takes longer than parsing the document."""
_BROKEN = "文件已经损坏，读不出内容；请用 Word 或 WPS 打开，另存后再导入"


@dataclass(slots=True)
class _WordReading:
    """The lines and counts of a Word file being read."""

    numbering: Numbering
    levels: dict[str, int]
    """Heading level by style id."""
    lines: list[Line] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0
    cells: int = 0
    """Table cells so far."""


def read_word(package: OfficePackage) -> OfficeDocument:
    """Read a Word file. Raise UnreadableFileError if it is damaged or its tables are too large."""
    body = _parse_part(package, package.main_part).find(f"{WORD_NS}body")
    if body is None:
        raise UnreadableFileError(_BROKEN)
    styles, numbers = (
        next((_parse_part(package, name) for name in related), None)
        for kind in ("styles", "numbering")
        for related in [package.related_parts(package.main_part, kind)]
    )
    levels = dict(_heading_levels(styles)) if styles is not None else {}
    reading = _WordReading(Numbering.from_xml(numbers), levels)
    for block in _iter_blocks(body):
        if block.tag == f"{WORD_NS}tbl":
            _add_table(reading, block)
        else:
            _add_paragraph(reading, block)
    remarks = ("文件里有宏，没有运行，也没有导入",) if package.has_macros else ()
    return OfficeDocument(
        tuple(reading.lines), outside_text=tuple(_outside_text(package)), remarks=remarks
    )


def _parse_part(package: OfficePackage, name: str) -> Element:
    """Parse an XML part. Raise UnreadableFileError if it is damaged."""
    try:
        root: Element = fromstring(_normalize_xml(package.parts[name]))
    except (ParseError, LookupError, ValueError):
        raise UnreadableFileError(_BROKEN) from None
    return root


def _normalize_xml(data: bytes) -> bytes:
    """Drop unneeded styles."""
    return _NON_HEADING_STYLES.sub(b"", data) if b"<w:styles" in data[:400] else data


def _heading_levels(styles: Element) -> Iterator[tuple[str, int]]:
    """Yield the id and heading level of every heading style."""
    for style in styles.iter(f"{WORD_NS}style"):
        name = style.find(f"{WORD_NS}name")
        style_name = name.get(f"{WORD_NS}val", "").lower() if name is not None else ""
        outline = style.find(f"{WORD_NS}pPr/{WORD_NS}outlineLvl")
        level = _int_value(outline) + 1 if outline is not None else 0
        for prefix in ("heading ", "标题 "):
            if style_name.startswith(prefix) and style_name.removeprefix(prefix).isdigit():
                level = int(style_name.removeprefix(prefix))
        if 0 < level <= 6:  # noqa: PLR2004 - Markdown has six levels
            yield style.get(f"{WORD_NS}styleId", ""), level


def _int_value(element: Element | None, default: int = 0) -> int:
    """Return the w:val of an element as an integer."""
    text = element.get(f"{WORD_NS}val", "") if element is not None else ""
    return int(text) if text.isdigit() else default


def _iter_blocks(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and tables, also from content controls and tracked insertions."""
    for child in parent:
        if child.tag in {f"{WORD_NS}p", f"{WORD_NS}tbl"}:
            yield child
        elif child.tag not in _SKIPPED_TAGS and child.tag not in {
            f"{WORD_NS}sectPr",
            f"{WORD_NS}tcPr",
        }:
            yield from _iter_blocks(child)


def _iter_text(element: Element) -> Iterator[str]:
    """Yield the text of a paragraph, including text boxes and nested paragraphs."""
    for child in element:
        if child.tag == f"{WORD_NS}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield "" if child.get(f"{WORD_NS}type") in {"page", "column"} else _BREAKS[child.tag]
        elif child.tag == f"{WORD_NS}sym":
            yield _SYMBOLS.get(child.get(f"{WORD_NS}char", "")[-2:].upper(), "�")
        elif child.tag not in _SKIPPED_TAGS:
            if child.tag == f"{WORD_NS}p":
                yield "\n"
            yield from _iter_text(child)


def _numbered_text(reading: _WordReading, paragraph: Element) -> str:
    """Return the text of a paragraph with its automatic number."""
    text = "".join(_iter_text(paragraph))
    number = reading.numbering.next_number(
        paragraph.find(f"{WORD_NS}pPr/{WORD_NS}numPr"), counts=bool(text.strip())
    )
    return f"{number}{text}" if text.strip() else text


def _add_paragraph(reading: _WordReading, paragraph: Element) -> None:
    """Add a paragraph as a line, unless it is blank."""
    reading.paragraphs += 1
    text = _numbered_text(reading, paragraph).strip()
    if not text:
        return
    style = paragraph.find(f"{WORD_NS}pPr/{WORD_NS}pStyle")
    outline = paragraph.find(f"{WORD_NS}pPr/{WORD_NS}outlineLvl")
    level = reading.levels.get(style.get(f"{WORD_NS}val", ""), 0) if style is not None else 0
    level = _int_value(outline) + 1 if outline is not None and _int_value(outline) < 6 else level  # noqa: PLR2004
    reading.lines.append((Slot(text, f"第{reading.paragraphs}段", level),))


def _add_table(reading: _WordReading, table: Element) -> None:
    """Add the rows of a table. Raise UnreadableFileError if it has too many cells."""
    reading.tables += 1
    above: Line = ()
    rows = (row for row in _children(table, f"{WORD_NS}tr"))
    for number, row in enumerate(rows, start=1):
        above = tuple(_iter_cells(reading, row, number, above))
        reading.cells += len(above)
        if reading.cells > MAX_CELLS:
            raise UnreadableFileError(f"表格超过 {MAX_CELLS} 格，没有读取；请删去多余的行")
        reading.lines.append(above)


def _children(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also from content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in {
            f"{WORD_NS}sdt",
            f"{WORD_NS}sdtContent",
            f"{WORD_NS}ins",
            f"{WORD_NS}customXml",
        }:
            yield from _children(child, tag)


def _iter_cells(
    reading: _WordReading, row: Element, number: int, above: Line
) -> Iterator[Slot | None]:
    """Yield the cells of a row by column; a merged cell is repeated."""
    column = min(_int_value(row.find(f"{WORD_NS}trPr/{WORD_NS}gridBefore")), MAX_COLUMNS)
    yield from [None] * column
    for cell in _children(row, f"{WORD_NS}tc"):
        span = max(1, _int_value(cell.find(f"{WORD_NS}tcPr/{WORD_NS}gridSpan"), 1))
        merge = cell.find(f"{WORD_NS}tcPr/{WORD_NS}vMerge")
        if column + span > MAX_COLUMNS:
            raise UnreadableFileError(f"表格超过 {MAX_COLUMNS} 列，没有读取；请删去多余的列")
        slot = above[column] if column < len(above) else None
        if merge is None or merge.get(f"{WORD_NS}val") == "restart" or slot is None:
            text = "\n".join(
                _numbered_text(reading, paragraph) for paragraph in cell.iter(f"{WORD_NS}p")
            )
            place = f"第{reading.tables}个表第{number}行第{column + 1}列"
            slot = Slot(text.strip(), place)
        yield from [slot] * span
        column += span


def _outside_text(package: OfficePackage) -> Iterator[Slot]:
    """Yield the text of page headers and footers, footnotes, endnotes and comments."""
    part_names = {
        "header": "页眉",
        "footer": "页脚",
        "footnotes": "脚注",
        "endnotes": "尾注",
        "comments": "批注",
    }
    for relationship in package.relationships(package.main_part).values():
        kind, name = relationship.kind, relationship.target
        if kind in part_names and name in package.parts:
            for paragraph in _parse_part(package, name).iter(f"{WORD_NS}p"):
                if text := "".join(_iter_text(paragraph)).strip():
                    yield Slot(text, part_names[kind])
