"""PDF reader: paragraphs and tables in reading order. As a program, it reads one within limits."""

import io
import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import astuple, dataclass, field, replace
from typing import Any, NamedTuple

from gongkai.authoring.office.cells import Line, OfficeDocument, Slot, remove_invisible
from gongkai.authoring.office.pdf_tables import PdfCell, PdfTable, table_lines
from gongkai.authoring.office.pdf_text import (
    Glyph,
    TextLine,
    glyph,
    is_line_end,
    join_wrapped,
    text_lines,
)
from gongkai.authoring.office.source_parts import SourceText
from gongkai.authoring.office.source_runs import counted_sources
from gongkai.runtime.errors import UnreadableFileError

MAX_PAGES, MAX_GLYPHS, MAX_EDGES = 300, 300_000, 8_000
"""Limits: pages of a file, characters of a file, ruling lines of a page."""
_TABLES = {"vertical_strategy": "lines", "horizontal_strategy": "lines", "snap_tolerance": 3}
_MAX_CODES = 0.1
"""Largest share of characters that a file may leave without a meaning."""
_PICTURE_SHARE = 0.7
"""A picture over this share of a page is a scan."""
_MARGIN_LINES, _EDGE_SHARE = 2, 0.2
"""Where a page's header and footer are: lines, and share of the height."""
_PAGE_NUMBER = re.compile(
    r"[-—–―－·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–―－·•\s]*"
)
_SHORT_LINE, _MIN_COLUMNS = 5.0, 3
"""Longest line that is none of a table's, in points; lines that show a table."""
_TOUCH = 3
"""Largest distance of lines that touch, in points."""
_LEADING = 0.6
"""Largest distance of lines in one cell, in character sizes."""
_GAP = "\u3000\u3000"
_SCAN = "PDF 是扫描的图片，没有文字，读不了；请用原来的 Word、Excel 文件导入，或者先做文字识别（OCR），核对后再导入"


@dataclass(slots=True)
class _Page:
    """The tables and lines of a page."""

    number: int
    width: float
    height: float
    tables: list[PdfTable]
    rows: list[list[TextLine]] = field(default_factory=list)
    """Lines outside the tables, in parts."""
    marks: Sequence[Glyph] = ()
    """All characters."""


def read_pdf(data: bytes) -> OfficeDocument:
    """Read a PDF file. Raise UnreadableFileError if it is a scan, encrypted, damaged or too large."""
    import pdfplumber  # noqa: PLC0415 - an extra, and slow to import
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect  # noqa: PLC0415
    from pdfplumber.utils.exceptions import PdfminerException  # noqa: PLC0415

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            return _read_pages(pdf)
    except (PDFEncryptionError, PDFPasswordIncorrect):
        raise UnreadableFileError("PDF 加了密码，打不开；请去掉密码，另存后再导入") from None
    except PdfminerException as error:
        if isinstance(error.__context__, PDFEncryptionError | PDFPasswordIncorrect):
            raise UnreadableFileError("PDF 加了密码，打不开；请去掉密码，另存后再导入") from None
        raise UnreadableFileError("PDF 已经损坏，读不出内容；请重新下载或另存") from None


def _read_pages(pdf: Any) -> OfficeDocument:  # noqa: ANN401 - pdfplumber has no types
    if len(pdf.pages) > MAX_PAGES:
        raise UnreadableFileError(
            f"PDF 有 {len(pdf.pages)} 页，超过 {MAX_PAGES} 页，没有读取；请只留下有表的几页"
        )
    pages: list[_Page] = []
    scans: list[int] = []
    recognized: list[int] = []
    pictures: list[int] = []
    count, codes = 0, 0
    for page in pdf.pages:
        upright = _upright_page(pdf, page)
        marks = [glyph(char) for char in upright.dedupe_chars().chars]
        count += len(marks)
        codes += sum(mark.text.startswith("(cid:") or "\ufffd" in mark.text for mark in marks)
        if count > MAX_GLYPHS:
            raise UnreadableFileError("PDF 里的字太多，没有读取；请只留下有表的几页")
        has_text = any(not mark.text.isspace() for mark in marks)
        if _has_scan(upright):
            (recognized if has_text else scans).append(page.page_number)
        elif upright.images:
            pictures.append(page.page_number)
        if has_text:
            pages.append(_read_page(upright, marks))
        page.close()
        upright.close()
    if codes > _MAX_CODES * max(1, count):
        raise UnreadableFileError(
            "PDF 里的字没有编码，看得见、读不出；请用原来的 Word、Excel 文件导入，或者先做文字识别（OCR）"
        )
    if not pages:
        raise UnreadableFileError(_SCAN if scans or pictures else "PDF 里没有文字")
    printed = _count_signs(part.text for page in pages for row in page.rows for part in row)
    outside = tuple(_take_margins(pages))
    margins = printed - _count_signs(
        part.text for page in pages for row in page.rows for part in row
    )
    remarks = [
        (scans, "是扫描的图片，没有读；请把这几页另外填报"),
        (recognized, "是扫描的图片，文字是识别软件加上去的；请与图片逐字核对"),
        (pictures, "有图片（如印章），里面的文字没有读"),
    ]
    document = OfficeDocument(
        tuple(_document_lines(pages)),
        outside_text=outside,
        remarks=tuple(f"第{_numbers(numbers)}页{remark}" for numbers, remark in remarks if numbers),
    )
    return replace(document, sources=_sources(document, pages, margins))


def _sources(
    document: OfficeDocument, pages: Sequence[_Page], margins: Counter[str]
) -> tuple[SourceText, ...]:
    """Return the sources of the account, by the number of times that every character is printed."""
    slots = {slot: None for line in document.lines for slot in line if slot}
    read = _count_signs(slot.text for slot in slots) + margins
    read += _count_signs(table.repeated for page in pages for table in page.tables)
    printed = _count_signs(mark.text for page in pages for mark in page.marks)
    unread = list(_unread_texts(pages, printed - read))
    return counted_sources(unread, read - printed, document)


def _unread_texts(pages: Sequence[_Page], missing: Counter[str]) -> Iterator[str]:
    """Yield the texts that lack these characters: lines that are missing whole, then the rest."""
    if missing:
        for page in pages:
            for part in (part for row in text_lines(page.marks) for part in row):
                signs = _count_signs([part.text])
                if signs <= missing:
                    missing -= signs
                    yield part.text
    if missing:
        yield "".join(missing.elements())


def _count_signs(texts: Iterable[str]) -> Counter[str]:
    """Count the characters that show."""
    return Counter(sign for text in texts for sign in remove_invisible(text) if not sign.isspace())


def _numbers(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers))


def _upright_page(pdf: Any, page: Any) -> Any:  # noqa: ANN401
    """Return the page, turned so that most of its text is upright."""
    from pdfplumber.page import Page  # noqa: PLC0415 - as above

    turns = Counter(_turn(char["matrix"]) for char in page.chars)
    turn = max(turns, key=lambda angle: turns[angle], default=0)
    if not turn:
        return page
    rotation = (page.rotation + turn) % 360
    page.page_obj.attrs["Rotate"] = rotation
    page.page_obj.rotate = rotation
    return Page(pdf, page.page_obj, page_number=page.page_number)


def _turn(matrix: Sequence[float]) -> int:
    """Return by how many degrees clockwise a character has to be turned to be upright."""
    along, across = matrix[0], matrix[1]
    if abs(across) > abs(along):
        return 90 if across > 0 else 270
    return 180 if along < 0 else 0


def _has_scan(page: Any) -> bool:  # noqa: ANN401
    """Return whether a picture fills the page."""
    area = float(page.width) * float(page.height)
    return any(image["width"] * image["height"] > _PICTURE_SHARE * area for image in page.images)


def _read_page(page: Any, marks: Sequence[Glyph]) -> _Page:  # noqa: ANN401
    """Return the tables of a page, and its lines outside them."""
    if len(page.edges) > MAX_EDGES:
        raise UnreadableFileError(
            f"PDF 第{page.page_number}页画的线太多，不像是表格，没有读取；请只留下有表的几页"
        )
    tables = [
        PdfTable([PdfCell(x0, top, x1, bottom) for x0, top, x1, bottom in table.cells])
        for table in page.find_tables(
            _TABLES | {"explicit_horizontal_lines": _open_ends(page.edges)}
        )
        if len(table.cells) > 1
    ]
    cells = [cell for table in tables for cell in table.cells]
    rest = [mark for mark in marks if not _place_in_cell(mark, cells)]
    for cell in cells:
        cell.read()
    tables = [table for table in tables if any(cell.text for cell in table.cells)]
    size = (float(page.width), float(page.height))
    return _Page(page.page_number, *size, tables, text_lines(rest), marks)


def _open_ends(edges: Sequence[Any]) -> list[float]:
    """Return where vertical lines end freely: a page break cuts rows without a line below.

    There are several of them, or no other line goes on.
    """
    level = [edge for edge in edges if edge["orientation"] == "h" and _is_long(edge)]
    upright = [edge for edge in edges if edge["orientation"] == "v" and _is_long(edge)]
    lines: dict[int, list[tuple[float, float]]] = {}
    for edge in level:
        lines.setdefault(round(edge["top"]), []).append((edge["x0"], edge["x1"]))
    starts = {(round(edge["x0"]), round(edge["top"])) for edge in upright}
    stops = {(round(edge["x0"]), round(edge["bottom"])) for edge in upright}
    ends = Counter(
        height
        for own, others in ((starts, stops), (stops, starts))
        for x, height in own
        if not _is_near(x, height, others) and not _is_on_line(x, height, lines)
    )
    return [
        float(end)
        for end, count in ends.items()
        if count >= _MIN_COLUMNS
        or not any(edge["top"] + _TOUCH < end < edge["bottom"] - _TOUCH for edge in upright)
    ]


def _is_long(edge: Any) -> bool:  # noqa: ANN401
    return bool(max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]) > _SHORT_LINE)


def _is_near(x: int, height: int, points: AbstractSet[tuple[int, int]]) -> bool:
    """Return whether one of these points is near."""
    near = range(-_TOUCH, _TOUCH + 1)
    return any((x + right, height + down) in points for right in near for down in near)


def _is_on_line(x: int, height: int, lines: Mapping[int, Sequence[tuple[float, float]]]) -> bool:
    """Return whether a point is on a horizontal line; `lines` has their ends by their height."""
    return any(
        start - _TOUCH <= x <= end + _TOUCH
        for level in range(height - _TOUCH, height + _TOUCH + 1)
        for start, end in lines.get(level, ())
    )


def _place_in_cell(mark: Glyph, cells: Iterable[PdfCell]) -> bool:
    """Add a character to the cell that it stands in; return whether there is one."""
    for cell in cells:
        if cell.contains(mark):
            cell.glyphs.append(mark)
            return True
    return False


def _take_margins(pages: Sequence[_Page]) -> Iterator[Slot]:
    """Take page numbers, and what stands above or below every page, from the lines; yield them."""
    candidates = [
        (page, row, re.sub(r"\d+", "#", " ".join(part.text for part in row)))
        for page in pages
        for row in [*page.rows[:_MARGIN_LINES], *page.rows[_MARGIN_LINES:][-_MARGIN_LINES:]]
        if row[0].bottom < _EDGE_SHARE * page.height or row[0].top > (1 - _EDGE_SHARE) * page.height
    ]
    repeats = Counter(text for _, _, text in candidates)
    texts: dict[str, list[int]] = {}
    numbers: list[str] = []
    for page, row, pattern in candidates:
        text = " ".join(part.text for part in row)
        if _PAGE_NUMBER.fullmatch(text) and any(map(str.isdigit, text)):
            numbers.append(text)
        elif len(pages) > 1 and repeats[pattern] > len(pages) / 2 and repeats[pattern] > 1:
            texts.setdefault(text, []).append(page.number)
        else:
            continue
        page.rows = [other for other in page.rows if other is not row]
    if numbers:
        yield Slot("、".join(numbers), "页码")
    for text, places in texts.items():
        yield Slot(text, f"第{_numbers(places)}页的页眉页脚")


class _Paragraph(NamedTuple):
    """A line of text in the body, with the margins of its page."""

    parts: Sequence[TextLine]
    page: int
    left: float
    right: float


def _document_lines(pages: Sequence[_Page]) -> Iterator[Line]:
    """Yield the lines of the document: paragraphs, and the rows of tables over page breaks."""
    reading = _Numbers()
    paragraphs: list[_Paragraph] = []
    table: list[PdfTable] = []
    margins = _text_margins(pages)
    for page in pages:
        left, right = margins[round(page.width)]
        blocks: list[PdfTable | _Paragraph] = [*page.tables]
        blocks += [_Paragraph(row, page.number, left, right) for row in page.rows]
        blocks.sort(
            key=lambda block: block.top if isinstance(block, PdfTable) else block.parts[0].top
        )
        for position, block in enumerate(blocks):
            if isinstance(block, _Paragraph):
                yield from reading.rows(table)
                table = []
                paragraphs.append(block)
                continue
            yield from reading.paragraphs(paragraphs)
            paragraphs = []
            if table and (position > 0 or not block.continues(table[-1])):
                yield from reading.rows(table)
                table = []
            table.append(block)
    yield from reading.rows(table)
    yield from reading.paragraphs(paragraphs)


def _text_margins(pages: Sequence[_Page]) -> dict[int, tuple[float, float]]:
    """Return where text and tables begin and end, by the width of the page."""
    margins: dict[int, tuple[float, float]] = {}
    for page in pages:
        left, right = margins.get(round(page.width), (page.width, 0.0))
        sides = [(part.x0, part.x1) for row in page.rows for part in row]
        sides += [table.sides for table in page.tables]
        margins[round(page.width)] = (
            min([left, *(start for start, _ in sides)]),
            max([right, *(end for _, end in sides)]),
        )
    return margins


@dataclass(slots=True)
class _Numbers:
    """How many paragraphs and tables there are so far."""

    paragraph_count: int = 0
    table_count: int = 0

    def rows(self, parts: Sequence[PdfTable]) -> list[Line]:
        """Return the rows of a table."""
        self.table_count += bool(parts)
        return table_lines(parts, self.table_count) if parts else []

    def paragraphs(self, lines: Sequence[_Paragraph]) -> Iterator[Line]:
        """Yield the paragraphs of these lines, and the rows of tables without ruling lines."""
        start = 0
        for end in range(1, len(lines) + 1):
            if end < len(lines) and _goes_on(lines[end - 1], lines[end]):
                continue
            block = lines[start:end]
            if len(block) == 1 and len(block[0].parts) > 1:
                yield from self._spaced_line(block[0])
            elif any(len(line.parts) > 1 for line in block):
                yield from self._aligned_rows(block)
            else:
                self.paragraph_count += 1
                place = f"第{block[0].page}页第{self.paragraph_count}段"
                yield (Slot(_join_parts(line.parts[0] for line in block), place),)
            start = end

    def _spaced_line(self, line: _Paragraph) -> Iterator[Line]:
        """Yield a line alone, whose parts are far from one another, as a paragraph."""
        self.paragraph_count += 1
        text = _GAP.join(part.text for part in line.parts)
        yield (Slot(text, f"第{line.page}页第{self.paragraph_count}段"),)

    def _aligned_rows(self, block: Sequence[_Paragraph]) -> Iterator[Line]:
        """Yield the rows of a table without ruling lines, its parts in columns."""
        columns = _columns(block)
        rows: list[tuple[int, list[list[TextLine]]]] = []
        above: _Paragraph | None = None
        for line in block:
            if above and rows and _wraps(above, line):
                rows[-1][1][_column_of(above.parts[-1], columns)].extend(line.parts)
                above = None
                continue
            cells: list[list[TextLine]] = [[] for _ in columns]
            for part in line.parts:
                cells[_column_of(part, columns)].append(part)
            if above and rows and not cells[0] and _is_close(above, line):
                for cell, more in zip(rows[-1][1], cells, strict=True):
                    cell.extend(more)
            else:
                rows.append((line.page, cells))
            above = line
        for page, cells in rows:
            self.paragraph_count += 1
            place = f"第{page}页第{self.paragraph_count}段"
            yield tuple(
                Slot(_join_parts(cell), f"{place}第{column}列")
                for column, cell in enumerate(cells, start=1)
            )


def _join_parts(parts: Iterable[TextLine]) -> str:
    """Join the lines of a paragraph."""
    text, spaced = "", False
    for part in parts:
        text = join_wrapped(text, part.text, spaced=spaced) if text else part.text
        spaced = part.spaced
    return text


def _columns(block: Sequence[_Paragraph]) -> list[tuple[float, float]]:
    """Return the columns of a block: the stretches that any part of a row covers."""
    columns: list[tuple[float, float]] = []
    for part in sorted((part for line in block for part in line.parts), key=lambda part: part.x0):
        if columns and part.x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], part.x1))
        else:
            columns.append((part.x0, part.x1))
    return columns


def _column_of(part: TextLine, columns: Sequence[tuple[float, float]]) -> int:
    """Return the column that a part stands in."""
    return next(number for number, (left, right) in enumerate(columns) if left <= part.x0 < right)


def _wraps(above: _Paragraph, below: _Paragraph) -> bool:
    """Return whether the last part of a line goes on at the left margin of the next line."""
    line, following = above.parts[-1], below.parts[0]
    is_full = not is_line_end(line, following, above.right - line.x0)
    starts_left = following.x0 - below.left < following.size
    return len(above.parts) > 1 and len(below.parts) == 1 and is_full and starts_left


def _is_close(above: _Paragraph, below: _Paragraph) -> bool:
    """Return whether a line is as close to the line above as lines of one cell are."""
    line, following = above.parts[0], below.parts[0]
    return above.page == below.page and following.top - line.bottom < _LEADING * line.size


def _goes_on(above: _Paragraph, below: _Paragraph) -> bool:
    """Return whether a line belongs to the same paragraph or table as the line above it."""
    if len(above.parts) > 1 and len(below.parts) > 1:
        return len(_columns([above, below])) >= max(len(above.parts), len(below.parts))
    line, following = above.parts[-1], below.parts[0]
    gap = following.top - line.bottom
    is_apart = above.page == below.page and gap > 1.5 * line.size
    is_other_size = abs(line.size - following.size) > 0.15 * line.size
    if is_apart or is_other_size or len(below.parts) > 1:
        return False
    middles = [part.x0 + part.x1 for part in (line, following)]
    is_centered = abs(middles[0] - middles[1]) < line.size
    is_indented = following.x0 - below.left > 1.2 * following.size
    width = above.right - max(above.left, line.x0)
    return (is_centered or not is_indented) and not is_line_end(line, following, width)


def main() -> None:
    """Read the PDF on standard input within the limits of the command line; write JSON."""
    memory, seconds = map(int, sys.argv[1:3])
    try:
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    except ImportError:
        pass
    result: dict[str, object]
    try:
        result = _as_json(read_pdf(sys.stdin.buffer.read()))
    except UnreadableFileError as refused:
        result = {"refusal": f"{refused}"}
    sys.stdout.buffer.write(json.dumps(result).encode())


def _as_json(document: OfficeDocument) -> dict[str, object]:
    slots: dict[Slot, int] = {}
    lines = [
        [None if slot is None else slots.setdefault(slot, len(slots)) for slot in line]
        for line in document.lines
    ]
    outside = [slots.setdefault(slot, len(slots)) for slot in document.outside_text]
    texts = [(slot.text, slot.place, slot.level) for slot in slots]
    return {
        "slots": texts,
        "lines": lines,
        "outside": outside,
        "remarks": document.remarks,
        "sources": [astuple(source) for source in document.sources or ()],
    }


if __name__ == "__main__":
    main()
