"""Word reader: paragraphs and tables in document order, merged cells expanded."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from gongkai.authoring.office.cells import Line, OfficeDocument, Slot
from gongkai.authoring.office.safety import OfficePackage
from gongkai.authoring.office.source_parts import Aside, aside_place
from gongkai.authoring.office.word_styles import (
    WORD_NS,
    Numbering,
    WordStyles,
    is_shaded,
    shaded_table_styles,
)
from gongkai.authoring.office.word_text import (
    SKIPPED_TAGS,
    WordText,
    is_alternative,
    iter_paragraphs,
    paragraph_text,
    prompt_aside,
)
from gongkai.runtime.errors import UnreadableFileError

MAX_COLUMNS, MAX_CELLS = 200, 200_000
_NON_HEADING_STYLES = re.compile(
    rb'<w:style [^>]*w:type="table".*?</w:style>|<w:latentStyles.*?</w:latentStyles>', re.DOTALL
)
"""Most of styles.xml; parsing it takes longer than parsing the document."""
_DRAWING_NS = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_BROKEN = "文件已经损坏，读不出内容；请用 Word 或 WPS 打开，另存后再导入"


@dataclass(slots=True)
class _WordReading:
    """The lines and counts of a Word file being read."""

    package: OfficePackage
    styles: WordStyles
    numbering: Numbering
    lines: list[Line] = field(default_factory=list)
    outside: list[Slot] = field(default_factory=list)
    """What is not taken: struck and hidden texts, pictures, headers, notes."""
    paragraphs: int = 0
    tables: int = 0
    has_background: bool = False
    """Whether the page or table that is being read has a background."""
    shaded_styles: frozenset[str] = frozenset()
    """Ids of the table styles with a background."""
    cells: int = 0
    """Table cells so far."""


def read_word(package: OfficePackage) -> OfficeDocument:
    """Read a Word file. Raise UnreadableFileError if it is damaged or its tables are too large."""
    root = _parse_part(package, package.main_part)
    body = root.find(f"{WORD_NS}body")
    if body is None:
        raise UnreadableFileError(_BROKEN)
    styles, numbers = (
        next((_parse_part(package, name) for name in related), None)
        for kind in ("styles", "numbering")
        for related in [package.related_parts(package.main_part, kind)]
    )
    reading = _WordReading(package, WordStyles.from_xml(styles), Numbering.from_xml(numbers))
    reading.has_background = root.find(f"{WORD_NS}background") is not None
    for name in package.related_parts(package.main_part, "styles"):
        reading.shaded_styles = shaded_table_styles(package.parts[name])
    for block, aside in _iter_blocks(body):
        if block.tag == f"{WORD_NS}tbl":
            _add_table(reading, block, aside)
        elif block.tag == f"{WORD_NS}altChunk":
            _name_inserted_file(reading, block)
        else:
            _add_paragraph(reading, block, aside)
    _add_outside_text(reading)
    remarks = ["文件里有宏，没有运行，也没有导入"] if package.has_macros else []
    if next(body.iter(f"{WORD_NS}delText"), None) is not None:
        remarks.append("文件里有修订，按全部接受以后的文字读")
    return OfficeDocument(
        tuple(reading.lines), outside_text=tuple(reading.outside), remarks=tuple(remarks)
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


def _int_value(element: Element | None, default: int = 0) -> int:
    """Return the w:val of an element as an integer."""
    text = element.get(f"{WORD_NS}val", "") if element is not None else ""
    return int(text) if text.isdigit() else default


def _iter_blocks(
    parent: Iterable[Element], aside: Aside = Aside.NONE
) -> Iterator[tuple[Element, Aside]]:
    """Yield paragraphs and tables, also from content controls and tracked insertions."""
    for child in parent:
        if child.tag in {f"{WORD_NS}p", f"{WORD_NS}tbl", f"{WORD_NS}altChunk"}:
            yield child, aside
        elif child.tag == f"{WORD_NS}sdt":
            yield from _iter_blocks(child, aside or prompt_aside(child))
        elif child.tag not in SKIPPED_TAGS:
            yield from _iter_blocks(list(child)[:1] if is_alternative(child) else child, aside)


def _numbered_text(
    reading: _WordReading, paragraph: Element, aside: Aside, *, has_background: bool
) -> WordText:
    """Return the text of a paragraph with its automatic number."""
    text = paragraph_text(paragraph, reading.styles, aside, has_background=has_background)
    if text.text.strip():
        style = _style_id(paragraph)
        number = reading.numbering.next_number(
            *reading.numbering.list_of(paragraph, style, reading.styles)
        )
        text.parts.insert(0, number)
    return text


def _style_id(paragraph: Element) -> str:
    """Return the id of a paragraph's style."""
    style = paragraph.find(f"{WORD_NS}pPr/{WORD_NS}pStyle")
    return style.get(f"{WORD_NS}val", "") if style is not None else ""


def _add_paragraph(reading: _WordReading, paragraph: Element, aside: Aside) -> None:
    """Add a paragraph as a line, unless it is blank; its text boxes are lines of their own."""
    reading.paragraphs += 1
    place = f"第{reading.paragraphs}段"
    text = _numbered_text(reading, paragraph, aside, has_background=reading.has_background)
    outline = paragraph.find(f"{WORD_NS}pPr/{WORD_NS}outlineLvl")
    level = reading.styles.levels.get(_style_id(paragraph), 0)
    level = _int_value(outline) + 1 if outline is not None and _int_value(outline) < 6 else level  # noqa: PLR2004
    _add_line(reading, text, place, level)


def _add_line(reading: _WordReading, text: WordText, place: str, level: int = 0) -> None:
    """Add a paragraph or text box as a line, and what stands aside."""
    if text.text.strip():
        reading.lines.append((Slot(text.text.strip(), place, level),))
    reading.outside += text.named_asides(place)
    for box in text.boxes:
        _add_line(reading, box, aside_place(place, Aside.TEXT_BOX))


def _name_inserted_file(reading: _WordReading, chunk: Element) -> None:
    """Name a file that Word shows at this place without its text being in the document."""
    relation = next((text for name, text in chunk.items() if name.endswith("}id")), "")
    related = reading.package.relationships(reading.package.main_part).get(relation)
    name = related.target if related else ""
    place = aside_place(f"第{reading.paragraphs}段", Aside.INSERTED_FILE)
    reading.outside.append(Slot(name, place))


def _add_table(reading: _WordReading, table: Element, aside: Aside) -> None:
    """Add the rows of a table. Raise UnreadableFileError if it has too many cells."""
    reading.tables += 1
    style = table.find(f"{WORD_NS}tblPr/{WORD_NS}tblStyle")
    is_colored = is_shaded(table.find(f"{WORD_NS}tblPr")) or (
        style is not None and style.get(f"{WORD_NS}val") in reading.shaded_styles
    )
    outer, reading.has_background = reading.has_background, reading.has_background or is_colored
    _add_rows(reading, table, aside)
    reading.has_background = outer


def _add_rows(reading: _WordReading, table: Element, aside: Aside) -> None:
    """Add the rows of a table, without those whose deletion was tracked and those that are hidden."""
    above: Line = ()
    rows = [
        (row, row_aside)
        for row, row_aside in _children(table, f"{WORD_NS}tr", aside)
        if row.find(f"{WORD_NS}trPr/{WORD_NS}del") is None
    ]
    for number, (row, row_aside) in enumerate(rows, start=1):
        above = tuple(_iter_cells(reading, row, row_aside, number, above))
        is_hidden = row.find(f"{WORD_NS}trPr/{WORD_NS}hidden") is not None
        if is_hidden and not any(slot and slot.text for slot in above):
            continue
        reading.cells += len(above)
        if reading.cells > MAX_CELLS:
            raise UnreadableFileError(f"表格超过 {MAX_CELLS} 格，没有读取；请删去多余的行")
        reading.lines.append(above)


def _children(parent: Element, tag: str, aside: Aside) -> Iterator[tuple[Element, Aside]]:
    """Yield the rows of a table or the cells of a row, also from content controls."""
    for child in parent:
        if child.tag == tag:
            yield child, aside
        elif child.tag == f"{WORD_NS}sdt":
            yield from _children(child, tag, aside or prompt_aside(child))
        elif child.tag in {f"{WORD_NS}sdtContent", f"{WORD_NS}ins", f"{WORD_NS}customXml"}:
            yield from _children(child, tag, aside)


def _iter_cells(
    reading: _WordReading, row: Element, aside: Aside, number: int, above: Line
) -> Iterator[Slot | None]:
    """Yield the cells of a row by column; a merged cell is repeated."""
    column = min(_int_value(row.find(f"{WORD_NS}trPr/{WORD_NS}gridBefore")), MAX_COLUMNS)
    yield from [None] * column
    before: Slot | None = None
    for cell, cell_aside in _children(row, f"{WORD_NS}tc", aside):
        if cell.find(f"{WORD_NS}tcPr/{WORD_NS}cellDel") is not None:
            continue
        span = max(1, _int_value(cell.find(f"{WORD_NS}tcPr/{WORD_NS}gridSpan"), 1))
        merge = cell.find(f"{WORD_NS}tcPr/{WORD_NS}vMerge")
        if column + span > MAX_COLUMNS:
            raise UnreadableFileError(f"表格超过 {MAX_COLUMNS} 列，没有读取；请删去多余的列")
        place = f"第{reading.tables}个表第{number}行第{column + 1}列"
        slot = above[column] if column < len(above) else None
        side = cell.find(f"{WORD_NS}tcPr/{WORD_NS}hMerge")
        if side is not None and side.get(f"{WORD_NS}val") != "restart":
            slot, merge = before, side
        is_covered = merge is not None and merge.get(f"{WORD_NS}val") != "restart" and slot
        text = WordText()
        has_background = reading.has_background or is_shaded(cell.find(f"{WORD_NS}tcPr"))
        for paragraph, own_aside in iter_paragraphs(cell, cell_aside):
            text.add_text(
                _numbered_text(reading, paragraph, own_aside, has_background=has_background)
            )
        reading.outside += text.named_asides(place)
        if is_covered and text.text.strip():
            reading.outside.append(Slot(text.text.strip(), aside_place(place, Aside.COVERED)))
        slot = slot if is_covered else Slot(text.text.strip(), place)
        yield from [slot] * span
        before = slot
        column += span


_OUTSIDE_PARTS = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
    "diagramData": "图示",
    "chart": "图表",
}
"""What a part beside the main one is, by the kind of its relationship."""


def _add_outside_text(reading: _WordReading) -> None:
    """Add the text of page headers and footers, footnotes, comments, diagrams and charts."""
    package = reading.package
    for relationship in package.relationships(package.main_part).values():
        place = _OUTSIDE_PARTS.get(relationship.kind, "")
        if place and relationship.target in package.parts:
            root = _parse_part(package, relationship.target)
            for paragraph in root.iter(f"{_DRAWING_NS}p"):
                text = "".join(part.text or "" for part in paragraph.iter(f"{_DRAWING_NS}t"))
                reading.outside += [Slot(text.strip(), place)] if text.strip() else []
            for paragraph, aside in iter_paragraphs(root):
                _name_paragraph(reading, paragraph_text(paragraph, reading.styles, aside), place)


def _name_paragraph(reading: _WordReading, text: WordText, place: str) -> None:
    """Add a paragraph outside the body to what is not taken."""
    if text.text.strip():
        reading.outside.append(Slot(text.text.strip(), place))
    reading.outside += text.named_asides(place)
    for box in text.boxes:
        _name_paragraph(reading, box, place)
