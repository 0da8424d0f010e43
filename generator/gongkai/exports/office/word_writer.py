"""Attachments as a Word file: A4, the fonts of official documents, heads that repeat on each page."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from gongkai.exports.office.cell_positions import Placed, placed, shares
from gongkai.exports.office.print_layout import Paper
from gongkai.exports.office.prose import prose
from gongkai.exports.office.zip_files import repacked
from gongkai.pages.tables.grid import Grid

TITLE, HEADING, PART, TEXT = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
"""The customary fonts: of the title, of chapters and heads, of parts, of text."""
_OTHERWISE = {TITLE: "宋体", HEADING: "SimHei", PART: "楷体", TEXT: "仿宋"}
"""What stands in for a font that a machine has not."""
_MANY = 9
"""From how many columns on a table is printed across."""
_GAP = "\u3000\u3000"
_NEEDLESS = frozenset({"thumbnail", "stylesWithEffects", "customXml"})
_NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def word(papers: Sequence[Paper]) -> bytes:
    """A Word file with these attachments, each on a page of its own."""
    document = docx.Document()
    _prepare(document)
    _lighten(document)
    for number, each in enumerate(papers):
        wide = any(len(shares(grid)) > _MANY for grid in each.grids)
        section = document.add_section(WD_SECTION.NEW_PAGE) if number else document.sections[0]
        _page(section, wide=wide)
        _write(document, each, 239 if wide else 156)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def _prepare(document: Document) -> None:
    facts = document.core_properties
    facts.author, facts.title, facts.comments = "", "", ""
    facts.created = facts.modified = _NEVER
    for name, font, size in (
        ("Normal", TEXT, 16),
        ("Title", TITLE, 22),
        ("Heading 1", HEADING, 16),
        ("Heading 2", PART, 16),
        ("Heading 3", TEXT, 16),
    ):
        style = document.styles[name]
        properties = style.element.get_or_add_rPr()
        for old in list(properties):
            properties.remove(old)
        properties.append(_fonts(font, size))
        properties.append(parse_xml(f'<w:sz {nsdecls("w")} w:val="{size * 2}"/>'))
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) is None:
            style.getparent().remove(style)  # a hundred designs, none of them used
    title = document.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = _font_table().encode()  # noqa: SLF001 - no other way to name other fonts


def _lighten(document: Document) -> None:
    """Leave out what python-docx's template brings along: a picture of it, old styles."""
    package = document.part.package
    for rels in (package.rels, document.part.rels):
        for name, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in _NEEDLESS:
                del rels[name]


def _fonts(font: str, _size: int = 0) -> object:
    return parse_xml(
        f'<w:rFonts {nsdecls("w")} w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
    )


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in _OTHERWISE.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><w:fonts {nsdecls("w")}>{fonts}</w:fonts>'


def _page(section: Section, *, wide: bool) -> None:
    """A4 with the margins of official documents (GB/T 9704)."""
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    sides = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.page_width, section.page_height = sides
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = (Mm(32), Mm(26)) if wide else (Mm(28), Mm(26))


def _write(document: Document, paper: Paper, width: int) -> None:
    if paper.number:
        _paragraph(document, paper.number, HEADING)
    document.add_paragraph(paper.title, "Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in paper.cover:
        _paragraph(document, line)
    if paper.opening:
        _paragraph(document, _GAP.join(paper.opening), size=12)
    for grid in paper.grids:
        caption = grid.caption if grid.titled else ""
        _paragraph(document, caption, HEADING, 12)
        document.element.body.insert_element_before(_table(grid, width), "w:sectPr")
    for note in paper.notes:
        _paragraph(document, note, size=12)
    if paper.sign_off:
        _paragraph(document, _GAP.join(paper.sign_off), size=12)
    for level, text in prose(paper.body):
        document.add_paragraph(text, f"Heading {level}" if level else "Normal")


def _paragraph(document: Document, text: str, font: str = "", size: int = 0) -> Paragraph:
    paragraph = document.add_paragraph(text)
    for run in paragraph.runs:
        if size:
            run.font.size = Pt(size)
        if font:
            run._element.get_or_add_rPr().insert(0, _fonts(font))  # noqa: SLF001 - East Asian fonts
    if not text:
        paragraph.paragraph_format.line_spacing = Pt(6)
    return paragraph


def _table(grid: Grid, width: int) -> object:
    """A table with borders; the rows of its head repeat on every page."""
    columns = [round(share * width * 56.7) for share in shares(grid)]
    grid_columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in columns)
    rows = "".join(
        _row(row, columns, head=number < len(grid.head)) for number, row in enumerate(placed(grid))
    )
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{each} w:val="single" w:sz="4" w:color="000000"/>' for each in sides)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid_columns}</w:tblGrid>{rows}'
        "</w:tbl>"
    )


def _row(row: Sequence[Placed], columns: Sequence[int], *, head: bool) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    cells = "".join(_cells(row, columns))
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _cells(row: Sequence[Placed], columns: Sequence[int]) -> Iterator[str]:
    for cell, _, column, continued in row:
        width = sum(columns[column : column + cell.columns])
        span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
        merge = "<w:vMerge/>" if continued else '<w:vMerge w:val="restart"/>'
        merge = merge if cell.rows > 1 else ""
        centred = cell.scope or "gk-num" in cell.classes
        font = HEADING if cell.scope else TEXT
        lines = [""] if continued else cell.text.split("\n")
        text = "".join(_line(line, font, centred=bool(centred)) for line in lines)
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}'
            f'<w:vAlign w:val="center"/></w:tcPr>{text}</w:tc>'
        )


def _line(text: str, font: str, *, centred: bool) -> str:
    align = '<w:jc w:val="center"/>' if centred else ""
    run = (
        f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="21"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        if text
        else ""
    )
    return f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{align}</w:pPr>{run}</w:p>'
