"""Web page reader: blocks of text and tables in document order, merged cells expanded."""

import email
import email.policy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from gongkai.authoring.office.cells import Line, OfficeDocument, Slot
from gongkai.authoring.office.source_runs import page_runs, sources_of
from gongkai.authoring.office.text_reader import MAX_CELLS, decode_text
from gongkai.runtime.errors import UnreadableFileError

HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml"})
"""Suffixes of saved web pages."""
MAX_COLUMNS, MAX_ELEMENTS = 200, 300_000
_PAGE_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|meta)\b", re.IGNORECASE)
_ARCHIVE_START = re.compile(
    rb"(?:MIME-Version:|From: <?Saved by|Content-Type: *multipart/related)", re.IGNORECASE
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "head", "title", "object", "audio", "video",
    "canvas", "svg", "rp", "datalist",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
})  # fmt: skip
_SIDE_TAGS = frozenset({"nav", "header", "footer", "aside"})
_SIDE_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
_SIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:foot(?:er)?|copyright|nav(?:bar)?|menu|bread-?crumbs?|crumbs?|side-?bar|header|top-?bar|share)\d*(?=$|[\s_-])",
    re.IGNORECASE,
)
_MIN_LINKS, _LINK_SHARE = 5, 0.7
"""A block with this many links, which hold this share of its text, is a list of links."""
_STRUCK = frozenset({"s", "strike", "del"})
_STRUCK_STYLE = re.compile(r"text-decoration[^;]*line-through")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NUMBERED = re.compile(r"\s*[一二三四五六七八九十]{1,3}\s*[、.．]")
_SPACE = re.compile(r"[ \t\n\f\r\xa0]+")
_WIDE = re.compile(r"[\u2014-\u201d\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_LINE_BREAK = "\x0b"
"""Stands for a <br> until white space is collapsed."""
_ATTACHMENTS = frozenset({
    ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".pdf", ".ofd", ".zip", ".rar", ".odt", ".ods",
})  # fmt: skip
_HIDDEN = "网页上不显示的文字"
_ASIDE_TAGS = {"rt": "网页上的注音", "math": "网页上的公式"}
_MAX_NAMED = 20
"""Most attachments named in a remark."""


def is_web_page(data: bytes) -> bool:
    """Return whether a file is a web page, whatever its suffix."""
    return bool(_PAGE_START.search(data[:1024].replace(b"\x00", b"")))


def is_web_archive(data: bytes) -> bool:
    """Return whether a file is a web page saved with its pictures in one file (MHTML)."""
    return bool(_ARCHIVE_START.search(data[:1024]))


@dataclass(slots=True)
class _PageReading:
    """The lines and counts of a web page being read."""

    blocks: frozenset[Any]
    """Blocks, and elements that contain one."""
    with_tables: frozenset[Any]
    """Tables, and elements that contain one."""
    lines: list[Line] = field(default_factory=list)
    outside: list[Slot] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0
    cells: int = 0
    """Table cells so far."""
    pictures: int = 0
    frames: int = 0
    attachments: dict[str, None] = field(default_factory=dict)
    """Names of the files that the page links to."""

    def set_aside(self, text: str, place: str) -> None:
        """Keep a text that is not part of the page's content, unless it is blank."""
        if text := " ".join(text.split()):
            self.outside.append(Slot(text, place))


def read_html(data: bytes) -> OfficeDocument:
    """Read a saved web page. Raise UnreadableFileError if it is no web page or its tables are too large."""
    text = page_text(data)
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise UnreadableFileError("网页里没有内容，或者已经损坏；请在浏览器里重新保存") from None
    if any("depth" in error.message for error in parser.error_log):
        raise UnreadableFileError("网页里一层套一层，套得太深，没有读取；请另存后再导入")
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise UnreadableFileError(
            "网页太大，不像是公开的表格，没有读取；请只保留表格，另存后再导入"
        )
    reading = _PageReading(_with_ancestors(root, *_BLOCKS), _with_ancestors(root, "table"))
    _read_blocks(reading, root)
    if not reading.lines and (reading.frames or root.find(".//frame") is not None):
        raise UnreadableFileError(
            "这个网页只是框架，表在它所嵌的网页里；请打开里面的那一页（如 sheet001.htm）再导入"
        )
    document = OfficeDocument(
        tuple(_lines_with_levels(reading.lines)),
        outside_text=tuple(reading.outside),
        remarks=tuple(_remarks(reading)),
    )
    return replace(document, sources=sources_of(page_runs(text), document))


def page_text(data: bytes) -> str:
    """Decode a web page, or the one in a web archive. Raise UnreadableFileError if that fails."""
    data = _page_in_archive(data) if is_web_archive(data) else data
    charset = _CHARSET.search(data[:4096])
    return _DECLARATION.sub("", decode_text(data, charset[1].decode() if charset else ""))


def _with_ancestors(root: Any, *tags: str) -> frozenset[Any]:  # noqa: ANN401 - lxml has no types
    """Return the elements with these tags, and all elements that contain one."""
    elements: set[Any] = set()
    for element in root.iter(*tags):
        while element is not None and element not in elements:
            elements.add(element)
            element = element.getparent()  # noqa: PLW2901 - climbs
    return frozenset(elements)


def _page_in_archive(data: bytes) -> bytes:
    """Return the web page within a web archive (MHTML)."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return content
    raise UnreadableFileError("单一文件网页（.mht）里没有网页；请在浏览器里另存为“网页，仅 HTML”")


def _remarks(reading: _PageReading) -> Iterator[str]:
    """Yield remarks on what the page holds besides text."""
    if reading.pictures:
        yield f"网页里有 {reading.pictures} 张图片，里面的文字没有读"
    if reading.frames:
        yield f"网页里嵌着 {reading.frames} 个别的网页，没有读；里面有表的，请打开它另存后再导入"
    if reading.attachments:
        names = "、".join(list(reading.attachments)[:_MAX_NAMED])
        yield f"网页上有附件，没有下载：{names}；里面有表的，请下载后一起导入"


def _lines_with_levels(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines; headings count only where chapters (一、) are headings, not those of a site."""
    lines = list(lines)
    numbered = sum(bool(slot and slot.level and _NUMBERED.match(slot.text)) for (slot, *_) in lines)
    for line in lines:
        slot = line[0]
        drops = slot is not None and slot.level > 0 and numbered < 2  # noqa: PLR2004 - one may be the title
        yield (replace(slot, level=0),) if drops and slot else line


def _read_blocks(reading: _PageReading, parent: Any) -> None:  # noqa: ANN401 - as above
    """Read the content of an element: every block of text is a line, every table row too."""
    for block in _iter_blocks(reading, parent):
        if isinstance(block, str):
            _add_paragraph(reading, block, _HEADINGS.get(parent.tag, 0))
        elif block.tag == "table":
            _read_table(reading, block)
        else:
            _read_blocks(reading, block)


def _iter_blocks(reading: _PageReading, parent: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the texts and the block elements of an element in order, without what is set aside."""
    texts = [parent.text or ""]
    for child in parent:
        if child in reading.blocks and child.tag not in _SKIPPED:
            yield _collapse("".join(texts))
            texts = []
            if place := _place_aside(reading, child):
                reading.set_aside(_whole_text(child), place)
            else:
                yield child
        else:
            texts += _inline_texts(reading, child)
        texts.append(child.tail or "")
    yield _collapse("".join(texts))


def _place_aside(reading: _PageReading, element: Any) -> str:  # noqa: ANN401
    """Return where a text stands that is not part of the page's content; empty for content."""
    if _is_hidden(element):
        return _HIDDEN
    if element.tag in _ASIDE_TAGS:
        return _ASIDE_TAGS[element.tag]
    if element.tag in _STRUCK or _STRUCK_STYLE.search(element.get("style", "")):
        return "网页上划去的文字"
    if element in reading.with_tables or element.tag in {"html", "body"}:
        return ""
    names = f"{element.get('id', '')} {element.get('class', '')}"
    is_side = element.tag in _SIDE_TAGS or element.get("role") in _SIDE_ROLES
    return (
        "网页的导航和页脚" if is_side or _SIDE_NAMES.search(names) or _is_link_list(element) else ""
    )


def _whole_text(element: Any) -> str:  # noqa: ANN401
    """Return all text of an element that is set aside, hidden or not."""
    if element.tag in _SKIPPED or not isinstance(element.tag, str):
        return ""
    if element.tag in {"input", "select", "textarea"}:
        return _control_text(element)
    texts = (f"{_whole_text(child)}{child.tail or ''}" for child in element)
    return f"{element.text or ''}{''.join(texts)}"


def _is_hidden(element: Any) -> bool:  # noqa: ANN401
    """Return whether an element says that it is not shown."""
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style", "")))


def _is_link_list(element: Any) -> bool:  # noqa: ANN401
    """Return whether nearly all text of an element is links."""
    links = [len("".join(link.itertext()).strip()) for link in element.iter("a")]
    length = len("".join(element.text_content().split()))
    return len(links) >= _MIN_LINKS and sum(links) >= _LINK_SHARE * length


def _inline_texts(reading: _PageReading, element: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the texts of an element within a paragraph; what stands in form controls counts as text."""
    if element.tag in _SKIPPED or not isinstance(element.tag, str):
        return
    if place := _place_aside(reading, element) if element.tag != "a" else "":
        reading.set_aside(_whole_text(element), place)
    elif element.tag == "br":
        yield _LINE_BREAK
    elif element.tag == "img":
        reading.pictures += 1
    elif element.tag in {"iframe", "frame"}:
        reading.frames += 1
    elif element.tag in {"input", "select", "textarea"}:
        yield _control_text(element)
    else:
        _note_attachment(reading, element)
        yield element.text or ""
        for child in element:
            yield from _inline_texts(reading, child)
            yield child.tail or ""


def _control_text(element: Any) -> str:  # noqa: ANN401
    """Return what a form control shows."""
    kind = element.get("type", "text").lower()
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        return "、".join(option.text_content().strip() for option in (chosen or options[:1]))
    if element.tag == "textarea":
        return (element.text or "").replace("\n", _LINE_BREAK)
    if kind in {"checkbox", "radio"}:
        return "☑" if element.get("checked") is not None else "□"
    return element.get("value", "") if kind in {"text", "number", "date", "tel"} else ""


def _note_attachment(reading: _PageReading, element: Any) -> None:  # noqa: ANN401
    """Note the file that a link leads to."""
    path = PurePosixPath(unquote(urlsplit(element.get("href", "") or "").path, errors="replace"))
    if element.tag == "a" and path.suffix.lower() in _ATTACHMENTS:
        reading.attachments[" ".join(element.text_content().split()) or path.name] = None


def _collapse(text: str) -> str:
    """Collapse white space as browsers do; a line break between Han characters is none."""

    def blank(match: re.Match[str]) -> str:
        sides = text[: match.start()][-1:], text[match.end() :][:1]
        return "" if "\n" in match[0] and all(map(_WIDE.match, sides)) else " "

    lines = _SPACE.sub(blank, text).split(_LINE_BREAK)
    return "\n".join(line.strip(" ") for line in lines).strip()


def _add_paragraph(reading: _PageReading, text: str, level: int) -> None:
    """Add a paragraph as a line, unless it is blank."""
    if text.strip():
        reading.paragraphs += 1
        reading.lines.append((Slot(text, f"第{reading.paragraphs}段", level),))


def _read_table(reading: _PageReading, table: Any) -> None:  # noqa: ANN401
    """Add the rows of a table; a table that only arranges the page is read cell by cell."""
    for caption in table.findall("caption"):
        _read_blocks(reading, caption)
    rows = [row for row in _own_rows(table) if _is_shown(reading, row)]
    is_layout = all(len(_own_cells(row)) <= 1 for row in rows)
    data_rows = set() if is_layout else {row for row in rows if row not in reading.with_tables}
    reading.tables += bool(data_rows)
    table_name = f"第{reading.tables}个表"
    grid: list[list[Slot | None]] = [[] for _ in rows]
    for number, row in enumerate(rows):
        if row not in data_rows:
            for cell in _own_cells(row):
                if _is_shown(reading, cell):
                    _read_blocks(reading, cell)
            continue
        _fill_row(reading, grid, number, row, f"{table_name}第{number + 1}行")
        reading.lines.append(tuple(grid[number]))


def _own_rows(table: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the rows of a table, not those of tables within it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot", "form"}:
            yield from _own_rows(child)


def _own_cells(row: Any) -> list[Any]:  # noqa: ANN401
    """Return the cells of a row."""
    return [cell for cell in row if cell.tag in {"td", "th"}]


def _is_shown(reading: _PageReading, element: Any) -> bool:  # noqa: ANN401
    """Return whether a row or cell is shown; set its text aside if it is not."""
    is_hidden = _is_hidden(element)
    if is_hidden:
        reading.set_aside(_whole_text(element), _HIDDEN)
    return not is_hidden


def _fill_row(
    reading: _PageReading,
    grid: list[list[Slot | None]],
    number: int,
    row: Any,  # noqa: ANN401
    place: str,
) -> None:
    """Fill a row of the grid, and the rows below where cells span them."""
    line = grid[number]
    column = 0
    for cell in _own_cells(row):
        if not _is_shown(reading, cell):
            continue
        while column < len(line) and line[column] is not None:
            column += 1
        width = max(1, _span(cell, "colspan"))
        height = min(_span(cell, "rowspan") or len(grid), len(grid) - number)
        if column + width > MAX_COLUMNS:
            raise UnreadableFileError(f"表格超过 {MAX_COLUMNS} 列，没有读取；请删去多余的列")
        reading.cells += width * height
        if reading.cells > MAX_CELLS:
            raise UnreadableFileError(f"表格超过 {MAX_CELLS} 格，没有读取；请删去多余的行")
        slot = Slot(_cell_text(reading, cell), f"{place}第{column + 1}列")
        for spanned in grid[number : number + height]:
            spanned.extend([None] * (column + width - len(spanned)))
            spanned[column : column + width] = [slot] * width
        column += width


def _span(cell: Any, name: str) -> int:  # noqa: ANN401
    """Return over how many columns or rows a cell extends; 0 for all rows that follow."""
    text = cell.get(name, "1").strip()
    return int(text[:6]) if text.isascii() and text.isdigit() else 1


def _cell_text(reading: _PageReading, cell: Any) -> str:  # noqa: ANN401
    """Return the text of a cell, a line per paragraph."""
    return "\n".join(_cell_lines(reading, cell))


def _cell_lines(reading: _PageReading, cell: Any) -> Iterator[str]:  # noqa: ANN401
    for block in _iter_blocks(reading, cell):
        if not isinstance(block, str):
            yield from _cell_lines(reading, block)
        elif block:
            yield block
