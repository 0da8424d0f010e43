"""Attachments as a Word file: A4, the fonts of official documents, repeating table heads."""

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

from gongkai.exports.office.cell_positions import PlacedCell, place_cells, relative_widths
from gongkai.exports.office.print_layout import AttachmentLayout, body_parts
from gongkai.exports.office.zip_files import repack_zip
from gongkai.pages.tables.grid import Grid

TITLE_FONT, HEADING_FONT, PART_FONT, TEXT_FONT = (
    "方正小标宋简体",
    "黑体",
    "楷体_GB2312",
    "仿宋_GB2312",
)
"""Fonts of official documents: title, chapters and table heads, parts of chapters, text."""
_SUBSTITUTES = {TITLE_FONT: "宋体", HEADING_FONT: "SimHei", PART_FONT: "楷体", TEXT_FONT: "仿宋"}
"""Substitutes for fonts that are not installed."""
_LANDSCAPE_COLUMNS = 9
"""Tables with more columns are printed in landscape."""
_GAP = "\u3000\u3000"
_UNUSED_PARTS = frozenset({"thumbnail", "stylesWithEffects", "customXml"})
_FIXED_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def render_word(papers: Sequence[AttachmentLayout]) -> bytes:
    """Return a Word file with these attachments, beginning on separate pages."""
    document = docx.Document()
    _set_styles(document)
    _remove_unused_parts(document)
    for number, paper in enumerate(papers):
        is_wide = any(len(relative_widths(grid)) > _LANDSCAPE_COLUMNS for grid in paper.grids)
        section = document.add_section(WD_SECTION.NEW_PAGE) if number else document.sections[0]
        _set_page(section, is_wide=is_wide)
        _write_paper(document, paper, 239 if is_wide else 156)
    out = io.BytesIO()
    document.save(out)
    return repack_zip(out.getvalue())


def _set_styles(document: Document) -> None:
    """Set the document's properties and styles, and drop unused styles."""
    core_properties = document.core_properties
    core_properties.author, core_properties.title, core_properties.comments = "", "", ""
    core_properties.created = core_properties.modified = _FIXED_TIME
    for name, font, size in (
        ("Normal", TEXT_FONT, 16),
        ("Title", TITLE_FONT, 22),
        ("Heading 1", HEADING_FONT, 16),
        ("Heading 2", PART_FONT, 16),
        ("Heading 3", TEXT_FONT, 16),
    ):
        style = document.styles[name]
        properties = style.element.get_or_add_rPr()
        for old in list(properties):
            properties.remove(old)
        properties.append(_font_element(font, size))
        properties.append(parse_xml(f'<w:sz {nsdecls("w")} w:val="{size * 2}"/>'))
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) is None:
            style.getparent().remove(style)  # unused table designs
    title = document.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = _font_table_xml().encode()  # noqa: SLF001 - python-docx cannot set substitutes


def _remove_unused_parts(document: Document) -> None:
    """Remove what python-docx's template brings along: a thumbnail, old styles."""
    package = document.part.package
    for relationships in (package.rels, document.part.rels):
        for name, relationship in list(relationships.items()):
            if relationship.reltype.rsplit("/", 1)[-1] in _UNUSED_PARTS:
                del relationships[name]


def _font_element(font: str, _size: int = 0) -> object:
    """Return a font element for Latin and East Asian text."""
    return parse_xml(
        f'<w:rFonts {nsdecls("w")} w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
    )


def _font_table_xml() -> str:
    """Return the font table with a substitute for every font."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{substitute}"/><w:charset w:val="86"/></w:font>'
        for name, substitute in _SUBSTITUTES.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><w:fonts {nsdecls("w")}>{fonts}</w:fonts>'


def _set_page(section: Section, *, is_wide: bool) -> None:
    """Set A4 with the margins of official documents (GB/T 9704)."""
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    sides = (Mm(297), Mm(210)) if is_wide else (Mm(210), Mm(297))
    section.page_width, section.page_height = sides
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = (Mm(32), Mm(26)) if is_wide else (Mm(28), Mm(26))


def _write_paper(document: Document, paper: AttachmentLayout, width: int) -> None:
    """Write an attachment; `width` is that of its tables, in millimetres."""
    if paper.number:
        _add_paragraph(document, paper.number, HEADING_FONT)
    document.add_paragraph(paper.title, "Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in paper.cover:
        _add_paragraph(document, line)
    if paper.opening:
        _add_paragraph(document, _GAP.join(paper.opening), size=12)
    for grid in paper.grids:
        caption = grid.caption if grid.shows_caption else ""
        _add_paragraph(document, caption, HEADING_FONT, 12)
        _add_table(document, grid, width)
    for note in paper.notes:
        _add_paragraph(document, note, size=12)
    if paper.sign_off:
        _add_paragraph(document, _GAP.join(paper.sign_off), size=12)
    for part in body_parts(paper.body):
        if isinstance(part, Grid):
            _add_table(document, part, width)
            _add_paragraph(document, "")  # Word joins tables without a paragraph between them.
        else:
            document.add_paragraph(part.text, f"Heading {part.level}" if part.level else "Normal")
    if paper.grids and not (paper.notes or paper.sign_off or paper.body):
        _add_paragraph(
            document, ""
        )  # LibreOffice loses a table that ends a file when it saves .doc.


def _add_paragraph(document: Document, text: str, font: str = "", size: int = 0) -> Paragraph:
    """Add a paragraph; an empty one becomes a narrow gap."""
    paragraph = document.add_paragraph(text)
    for run in paragraph.runs:
        if size:
            run.font.size = Pt(size)
        if font:
            run._element.get_or_add_rPr().insert(0, _font_element(font))  # noqa: SLF001 - East Asian fonts
    if not text:
        paragraph.paragraph_format.line_spacing = Pt(6)
    return paragraph


def _add_table(document: Document, grid: Grid, width: int) -> None:
    """Add a table at the end of a document."""
    document.element.body.insert_element_before(_table_element(grid, width), "w:sectPr")


def _table_element(grid: Grid, width: int) -> object:
    """Return a table with borders; its head rows repeat on every page."""
    column_widths = [round(share * width * 56.7) for share in relative_widths(grid)]
    grid_columns = "".join(f'<w:gridCol w:w="{column_width}"/>' for column_width in column_widths)
    rows = "".join(
        _row_xml(row, column_widths, is_head=number < len(grid.head))
        for number, row in enumerate(place_cells(grid))
    )
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>' for side in sides)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(column_widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid_columns}</w:tblGrid>{rows}'
        "</w:tbl>"
    )


def _row_xml(row: Sequence[PlacedCell], column_widths: Sequence[int], *, is_head: bool) -> str:
    """Return the XML of a table row."""
    header = "<w:tblHeader/>" if is_head else ""
    cells = "".join(_cell_xml(row, column_widths))
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"


def _cell_xml(row: Sequence[PlacedCell], column_widths: Sequence[int]) -> Iterator[str]:
    """Yield the XML of the cells of a row."""
    for cell, _, column, continued in row:
        width = sum(column_widths[column : column + cell.column_span])
        span = f'<w:gridSpan w:val="{cell.column_span}"/>' if cell.column_span > 1 else ""
        merge = "<w:vMerge/>" if continued else '<w:vMerge w:val="restart"/>'
        merge = merge if cell.row_span > 1 else ""
        is_centred = cell.scope or "gk-num" in cell.classes
        font = HEADING_FONT if cell.scope else TEXT_FONT
        lines = [""] if continued else cell.text.split("\n")
        content = "".join(_paragraph_xml(line, font, is_centred=bool(is_centred)) for line in lines)
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}'
            f'<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
        )


def _paragraph_xml(text: str, font: str, *, is_centred: bool) -> str:
    """Return the XML of a paragraph in a table cell."""
    align = '<w:jc w:val="center"/>' if is_centred else ""
    run = (
        f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="21"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        if text
        else ""
    )
    return f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{align}</w:pPr>{run}</w:p>'
