"""A document as it is printed on paper: title, lines, tables, notes and signatures."""

from dataclasses import dataclass

from gongkai.model.documents import Fields, Record
from gongkai.model.forms import filled
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.pages.tables.grid import Grid
from gongkai.pages.tables.sections import grids


@dataclass(frozen=True, slots=True)
class Paper:
    """One attachment as printed."""

    number: str
    """附件1 …; empty where disclosure.yml gives none."""
    title: str
    name: str
    """The title, with the project where the document is about one: names its file or sheet."""
    opening: tuple[str, ...]
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]
    sign_off: tuple[str, ...]
    cover: tuple[str, ...] = ()
    """The lines below the title of a narrative report."""
    body: str = ""
    """The Markdown of a narrative report."""
    project: str = ""
    """The project that it is about, by its name in addresses."""


def papers(disclosure: Disclosure) -> list[Paper]:
    """The attachments of a disclosure in their order; those of one project stay together."""
    projects = {project.slug: project.name for project in disclosure.projects}
    order = [each.kind for each in disclosure.facts.attachments]

    def place(record: Record) -> int:
        kind = record.form.kind
        return order.index(kind) if kind in order else len(order) + list(DocumentKind).index(kind)

    records = sorted(disclosure.all_records, key=place)
    return [paper(each, disclosure, projects.get(each.project, "")) for each in records]


def paper(record: Record, disclosure: Disclosure, project: str = "") -> Paper:
    """One document as printed; `project` is its project's name."""
    report = record.form.kind is DocumentKind.REPORT
    return Paper(
        number=disclosure.number(record.form.kind),
        title=record.title,
        name=f"{record.title}（{project}）" if project else record.title,
        opening=_lines(record, record.form.opening),
        grids=() if report else tuple(grids(record, {})),
        notes=tuple(record.label(note) for note in record.form.notes),
        sign_off=_lines(record, record.form.sign_off),
        cover=tuple(_cover(record)) if report else (),
        body=record.body,
        project=record.project,
    )


def _lines(record: Record, templates: tuple[str, ...]) -> tuple[str, ...]:
    words = dict(record.words) | {key: cell.filed for key, cell in record.sign_off.items()}
    return tuple(text for each in templates if (text := filled(each, words)))


def _cover(record: Record) -> list[str]:
    cells = (
        cell for part in record.sections if isinstance(part, Fields) for cell in part.cells.values()
    )
    return [
        f"{_labelled(record.label(each.spec.label or each.spec.key))}{each.filed}" for each in cells
    ]


def _labelled(label: str) -> str:
    return label if label.endswith(("：", ":", "）")) else f"{label}："
