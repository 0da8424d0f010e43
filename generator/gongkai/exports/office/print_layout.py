"""Printed layout of a document: title, lines, tables, notes and sign-off."""

from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.exports.office.prose import ProseBlock, ProseTable, parse_prose
from gongkai.model.documents import Fields, Record
from gongkai.model.forms import fill_placeholders
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.pages.tables.grid import Grid, GridCell, GridRow
from gongkai.pages.tables.sections import record_grids


@dataclass(frozen=True, slots=True)
class AttachmentLayout:
    """The layout of one attachment."""

    number: str
    """附件1 …; empty if disclosure.yml gives none."""
    title: str
    name: str
    """Title with the project in brackets, if there is one; names the file or sheet."""
    opening: tuple[str, ...]
    """Texts of the line above the first table."""
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]
    sign_off: tuple[str, ...]
    cover: tuple[str, ...] = ()
    """Lines below the title of a narrative report."""
    body: str = ""
    """Markdown of a narrative report; empty for tables."""
    project: str = ""
    """Slug of the project; empty for documents of the whole unit."""


def attachment_layouts(disclosure: Disclosure) -> list[AttachmentLayout]:
    """Return the attachments of a disclosure in order; those of one kind follow one another."""
    projects = {project.slug: project.name for project in disclosure.projects}
    order = [attachment.kind for attachment in disclosure.facts.attachments]

    def position(record: Record) -> int:
        kind = record.form.kind
        return order.index(kind) if kind in order else len(order) + list(DocumentKind).index(kind)

    records = sorted(disclosure.all_records, key=position)
    return [
        attachment_layout(record, disclosure, projects.get(record.project, ""))
        for record in records
    ]


def attachment_layout(
    record: Record, disclosure: Disclosure, project: str = ""
) -> AttachmentLayout:
    """Return the layout of a document; `project` is the project's name."""
    number = disclosure.attachment_number(record.form.kind)
    return record_layout(record, number, project)


def record_layout(record: Record, number: str = "", project: str = "") -> AttachmentLayout:
    """Return the layout of a document under a number of an attachment."""
    is_report = record.form.kind is DocumentKind.REPORT
    return AttachmentLayout(
        number=number,
        title=record.title,
        name=f"{record.title}（{project}）" if project else record.title,
        opening=_fill_templates(record, record.form.opening),
        grids=() if is_report else tuple(record_grids(record, {})),
        notes=tuple(record.printed_label(note) for note in record.form.notes),
        sign_off=_fill_templates(record, record.form.sign_off),
        cover=tuple(_cover_lines(record)) if is_report else (),
        body=record.body,
        project=record.project,
    )


def _fill_templates(record: Record, templates: tuple[str, ...]) -> tuple[str, ...]:
    """Fill in the templates of an opening or sign-off; blank lines are left out."""
    words = dict(record.placeholders) | {key: cell.filed for key, cell in record.sign_off.items()}
    return tuple(text for template in templates if (text := fill_placeholders(template, words)))


def _cover_lines(record: Record) -> list[str]:
    """Return the cover of a narrative report, one line per field."""
    cells = (
        cell
        for section in record.sections
        if isinstance(section, Fields)
        for cell in section.cells.values()
    )
    return [
        f"{_with_colon(record.printed_label(cell.spec.label or cell.spec.key))}{cell.filed}"
        for cell in cells
    ]


def body_parts(body: str) -> Iterator[ProseBlock | Grid]:
    """Yield the headings, paragraphs and printed tables of a report's Markdown."""
    for part in parse_prose(body):
        yield _prose_grid(part) if isinstance(part, ProseTable) else part


def _prose_grid(table: ProseTable) -> Grid:
    """Return the printed table of a report's table."""
    head, *body = table.rows
    rows: list[GridRow] = [tuple(map(GridCell, row)) for row in body]
    return Grid("", (tuple(GridCell(text, "col" if text else "") for text in head),), tuple(rows))


def _with_colon(label: str) -> str:
    """Add a colon to a label, unless it has one or ends with a bracket."""
    return label if label.endswith(("：", ":", "）")) else f"{label}："
