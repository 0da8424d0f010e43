"""Empty forms, as they are printed: for the site's page of a form, and to print and fill in by hand."""

from dataclasses import replace

from gongkai.authoring.skeletons import document_skeleton
from gongkai.exports.office.print_layout import AttachmentLayout
from gongkai.exports.office.word_writer import render_word
from gongkai.model.documents import Record
from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.nodes import MappingNode
from gongkai.model.terms import DocumentKind
from gongkai.pages.tables.grid import Grid
from gongkai.pages.tables.sections import record_grids
from gongkai.pages.views.common import PrintedDocument, SignLine
from gongkai.reading.document import load_document
from gongkai.reading.form_plan import LabelContext
from gongkai.reading.source import parse_source

_FRONT_MATTER = "---\n"
_BLANK = "\xa0"


def skeleton_node(form: Form) -> MappingNode:
    """Return the values of a document of a form in which nothing is filled in."""
    text = document_skeleton(form)
    if form.kind is DocumentKind.REPORT:
        text = text.removeprefix(_FRONT_MATTER).partition(f"\n{_FRONT_MATTER}")[0]
    root = parse_source(text.encode(), "").root
    if not isinstance(root, MappingNode):
        raise TypeError("the skeleton of a form must be a mapping")
    return root


def blank_context(year: int) -> LabelContext:
    """Return the words in the labels of a form that no unit has filled in yet."""
    return LabelContext({"年度": f"{year}", "上年": f"{year - 1}", "单位": "", "级别": ""})


def blank_layout(form: Form, year: int) -> AttachmentLayout:
    """Return an empty form as it is printed; of a narrative report its chapters."""
    record, _ = load_document(form, skeleton_node(form), blank_context(year), name=form.name)
    return layout_of_blank(record)


def layout_of_blank(record: Record, *more_notes: str) -> AttachmentLayout:
    """Return the layout of a document in which nothing is filled in, also not in its lines."""
    form = record.form
    words = dict(record.placeholders) | dict.fromkeys(form.sign_off_keys, "")
    opening = (fill_placeholders(line, words) for line in form.opening)
    is_report = form.kind is DocumentKind.REPORT
    return AttachmentLayout(
        number="",
        title=record.title,
        name=record.title,
        opening=tuple(text for text in opening if text),
        grids=tuple(record_grids(record, {})),
        notes=(*(record.printed_label(note) for note in form.notes), *more_notes),
        sign_off=tuple(fill_placeholders(line, words) for line in form.sign_off),
        body="\n\n".join(f"## {chapter}" for chapter in form.outline) if is_report else "",
    )


def blank_form(form: Form, year: int) -> PrintedDocument:
    """Return an empty form for its page."""
    paper = blank_layout(form, year)
    return PrintedDocument(
        number="",
        title=paper.title,
        anchor="blank",
        opening=tuple(SignLine(line, ()) for line in paper.opening),
        grids=tuple(map(_with_visible_blanks, paper.grids)),
        notes=paper.notes,
        sign_off=tuple(SignLine(line, ()) for line in paper.sign_off),
    )


def _with_visible_blanks(grid: Grid) -> Grid:
    """Return a table with a space in its blank cells: narrow screens leave out cells without a text."""
    body = tuple(
        tuple(cell if cell.text else cell._replace(text=_BLANK) for cell in row)
        for row in grid.body
    )
    return replace(grid, body=body)


def render_blank_word(form: Form, year: int) -> bytes:
    """Return a Word file of an empty form."""
    return render_word([blank_layout(form, year)])
