"""Reading Word files: paragraphs and tables, in their order, with merged cells."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from gongkai.authoring.office.cells import Document, Line, Slot
from gongkai.authoring.office.safety import Package
from gongkai.runtime.errors import RefusedError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = "零一二三四五六七八九十"
_CHINESE = frozenset({
    "chineseCounting", "chineseCountingThousand", "ideographTraditional", "japaneseCounting",
    "taiwaneseCounting", "taiwaneseCountingThousand",
})  # fmt: skip
_DECIMAL = frozenset({"decimal", "decimalZero", "decimalFullWidth", "decimalHalfWidth"})
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})


def han(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _HAN[ones]
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    text: str
    """With %1, %2 … for the numbers of the levels."""
    start: int

    def number(self, count: int) -> str:
        if self.style in _CHINESE and 0 < count < 100:  # noqa: PLR2004 - what han() can say
            return han(count)
        if self.style in _CIRCLED and 0 < count <= 20:  # noqa: PLR2004 - as many as there are
            return chr(0x245F + count)
        return f"{count}"


@dataclass(slots=True)
class Numbering:
    """The lists of a Word file, and how far each has been counted."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    """By list and level."""
    counts: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, root: Element | None) -> "Numbering":
        """The lists that word/numbering.xml defines."""
        found = cls()
        if root is None:
            return found
        abstract = {
            each.get(f"{W}abstractNumId", ""): each for each in root.iter(f"{W}abstractNum")
        }
        for each in root.iter(f"{W}num"):
            told = each.find(f"{W}abstractNumId")
            definition = abstract.get(told.get(f"{W}val", "")) if told is not None else None
            for level in definition.iter(f"{W}lvl") if definition is not None else ():
                place = (each.get(f"{W}numId", ""), _integer(level.get(f"{W}ilvl")))
                found.levels[place] = _Level(
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    _integer(_value(level, "start"), 1),
                )
        return found

    def next(self, told: Element | None, *, counts: bool) -> str:
        """The number of the next paragraph of a list; empty where it has none, or is a bullet."""
        if told is None or not counts:
            return ""
        name, depth = _value(told, "numId"), _integer(_value(told, "ilvl"))
        level = self.levels.get((name, depth))
        if level is None or level.style not in _CHINESE | _DECIMAL | _CIRCLED:
            return ""
        self.counts[name, depth] += 1
        for place in list(self.counts):
            if place[0] == name and place[1] > depth:
                del self.counts[place]
        return re.sub(r"%([1-9])", lambda match: self._at(name, int(match[1]) - 1), level.text)

    def _at(self, name: str, depth: int) -> str:
        level = self.levels.get((name, depth))
        return level.number(self.counts[name, depth] + level.start - 1) if level else ""


def _value(element: Element, name: str) -> str:
    child = element.find(f"{W}{name}")
    return child.get(f"{W}val", "") if child is not None else ""


def _integer(told: str | None, otherwise: int = 0) -> int:
    return int(told) if told and told.isdigit() else otherwise


_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SILENT = {f"{W}{name}" for name in ("del", "instrText", "delText", "pPr", "rPr", "moveFrom")}
_SKIPPED = {*_SILENT, _FALLBACK}
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
_SYMBOLS = {"FE": "☑", "52": "☑", "FC": "√", "50": "√", "A8": "□", "6F": "□", "A3": "□", "2A": "□"}
"""Ticks and boxes of the fonts Wingdings and Wingdings 2."""
MOST_COLUMNS, MOST_CELLS = 200, 200_000
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_NO_HEADINGS = re.compile(
    rb'<w:style [^>]*w:type="table".*?</w:style>|<w:latentStyles.*?</w:latentStyles>', re.DOTALL
)
"""Most of what stands among the styles; to parse it takes longer than the document."""
_BROKEN = "文件已经损坏，读不出内容；请用 Word 或 WPS 打开，另存后再导入"


@dataclass(slots=True)
class _Reading:
    """A Word file under way of being read."""

    numbering: Numbering
    levels: dict[str, int]
    """Of each style that is a heading: its level."""
    lines: list[Line] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0
    cells: int = 0


def read_word(package: Package) -> Document:
    """A Word file's lines."""
    body = _xml(package, "word/document.xml").find(f"{W}body")
    if body is None:
        raise RefusedError(_BROKEN)
    styles, numbers = (
        _xml(package, name) if name in package.parts else None
        for name in ("word/styles.xml", "word/numbering.xml")
    )
    levels = dict(_levels(styles)) if styles is not None else {}
    reading = _Reading(Numbering.of(numbers), levels)
    for block in _blocks(body):
        if block.tag == f"{W}tbl":
            _table(reading, block)
        else:
            _paragraph(reading, block)
    remarks = ("文件里有宏，没有运行，也没有导入",) if package.macros else ()
    return Document(tuple(reading.lines), aside=tuple(_aside(package)), remarks=remarks)


def _xml(package: Package, name: str) -> Element:
    try:
        root: Element = fromstring(_plain(package.parts[name]))
    except (ParseError, LookupError, ValueError):
        raise RefusedError(_BROKEN) from None
    return root


def _plain(data: bytes) -> bytes:
    """The same in the usual namespace, where it was saved as “Strict Open XML”."""
    data = _NO_HEADINGS.sub(b"", data) if b"<w:styles" in data[:400] else data
    usual = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return data.replace(_STRICT, usual) if _STRICT in data[:4000] else data


def _levels(styles: Element) -> Iterator[tuple[str, int]]:
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        told = name.get(f"{W}val", "").lower() if name is not None else ""
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        level = _number(outline) + 1 if outline is not None else 0
        for word in ("heading ", "标题 "):
            if told.startswith(word) and told.removeprefix(word).isdigit():
                level = int(told.removeprefix(word))
        if 0 < level <= 6:  # noqa: PLR2004 - as many as Markdown has
            yield style.get(f"{W}styleId", ""), level


def _number(element: Element | None, otherwise: int = 0) -> int:
    told = element.get(f"{W}val", "") if element is not None else ""
    return int(told) if told.isdigit() else otherwise


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables, also those in content controls and tracked insertions."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag not in _SKIPPED and child.tag not in {f"{W}sectPr", f"{W}tcPr"}:
            yield from _blocks(child)


def _text(element: Element) -> Iterator[str]:
    """The text of a paragraph, text boxes and nested paragraphs included."""
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield "" if child.get(f"{W}type") in {"page", "column"} else _BREAKS[child.tag]
        elif child.tag == f"{W}sym":
            yield _SYMBOLS.get(child.get(f"{W}char", "")[-2:].upper(), "�")
        elif child.tag not in _SKIPPED:
            if child.tag == f"{W}p":
                yield "\n"
            yield from _text(child)


def _words(reading: _Reading, paragraph: Element) -> str:
    """A paragraph's text with its automatic number."""
    text = "".join(_text(paragraph))
    number = reading.numbering.next(paragraph.find(f"{W}pPr/{W}numPr"), counts=bool(text.strip()))
    return f"{number}{text}" if text.strip() else text


def _paragraph(reading: _Reading, paragraph: Element) -> None:
    reading.paragraphs += 1
    text = _words(reading, paragraph).strip()
    if not text:
        return
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    outline = paragraph.find(f"{W}pPr/{W}outlineLvl")
    level = reading.levels.get(style.get(f"{W}val", ""), 0) if style is not None else 0
    level = _number(outline) + 1 if outline is not None and _number(outline) < 6 else level  # noqa: PLR2004
    reading.lines.append((Slot(text, f"第{reading.paragraphs}段", level),))


def _table(reading: _Reading, table: Element) -> None:
    reading.tables += 1
    above: Line = ()
    rows = (each for each in _children(table, f"{W}tr"))
    for number, row in enumerate(rows, start=1):
        above = tuple(_row(reading, row, number, above))
        reading.cells += len(above)
        if reading.cells > MOST_CELLS:
            raise RefusedError(f"表格超过 {MOST_CELLS} 格，没有读取；请删去多余的行")
        reading.lines.append(above)


def _children(parent: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _children(child, tag)


def _row(reading: _Reading, row: Element, number: int, above: Line) -> Iterator[Slot | None]:
    column = min(_number(row.find(f"{W}trPr/{W}gridBefore")), MOST_COLUMNS)
    yield from [None] * column
    for cell in _children(row, f"{W}tc"):
        span = max(1, _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1))
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        if column + span > MOST_COLUMNS:
            raise RefusedError(f"表格超过 {MOST_COLUMNS} 列，没有读取；请删去多余的列")
        slot = above[column] if column < len(above) else None
        if merge is None or merge.get(f"{W}val") == "restart" or slot is None:
            text = "\n".join(_words(reading, each) for each in cell.iter(f"{W}p"))
            place = f"第{reading.tables}个表第{number}行第{column + 1}列"
            slot = Slot(text.strip(), place)
        yield from [slot] * span
        column += span


def _aside(package: Package) -> Iterator[Slot]:
    """Page headers and footers, foot notes and comments."""
    called = {
        "header": "页眉",
        "footer": "页脚",
        "footnotes": "脚注",
        "endnotes": "尾注",
        "comments": "批注",
    }
    for name in sorted(package.parts):
        word = name.removeprefix("word/").removesuffix(".xml").rstrip("0123456789")
        if name.startswith("word/") and word in called:
            for paragraph in _xml(package, name).iter(f"{W}p"):
                if text := "".join(_text(paragraph)).strip():
                    yield Slot(text, called[word])
