"""The rows of the open data's tables (see columns), unit by unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gongkai.exports.open_data.tables import (
    CORRECTIONS,
    DISCLOSURES,
    DOCUMENTS,
    EXPLANATIONS,
    PROJECTS,
    UNITS,
    VALUES,
)
from gongkai.exports.open_data.values import decimal, documents
from gongkai.model.documents import Cell, Record
from gongkai.model.figures import figures_of
from gongkai.model.problems import Problem, in_order
from gongkai.model.publication import Disclosure, Unit
from gongkai.model.terms import DocumentKind
from gongkai.pages.links import disclosure_link, evaluation, project_link, unit_link

Row = tuple[str | int, ...]
"""A value for each column of its table; empty text where there is none."""
Rows = Mapping[str, Sequence[Row]]
"""The rows by their table's name."""
_NOTHING = ("",) * 8
"""The figures where there is no evaluation."""


def unit_rows(
    unit: Unit, disclosures: Sequence[Disclosure], found: Mapping[str, Sequence[Problem]]
) -> Rows:
    """All rows of a unit; `disclosures` are its own, `found` is what the checks found in them."""
    return {
        UNITS.name: [_unit(unit)],
        DISCLOSURES.name: [_disclosure(each) for each in disclosures],
        PROJECTS.name: [row for each in disclosures for row in _projects(each)],
        DOCUMENTS.name: [row for each in disclosures for row in _documents(each)],
        VALUES.name: [
            tuple(row)
            for each in disclosures
            for document in documents(each)
            for row in document.rows
        ],
        EXPLANATIONS.name: [
            row for each in disclosures for row in _explanations(each, found[each.file])
        ],
        CORRECTIONS.name: [row for each in disclosures for row in _corrections(each)],
    }


def figures_row(record: Record | None) -> tuple[str, ...]:
    """What an evaluation comes to: score, points, grade, the amounts, the rate, the money unit."""
    if record is None:
        return _NOTHING
    figures = figures_of(record)
    return (
        _number(figures.score),
        decimal(figures.total_points),
        figures.grade_filed or f"{figures.grade or ''}",
        _number(figures.initial),
        _number(figures.adjusted or figures.initial),
        _number(figures.spent),
        _number(figures.rate),
        record.form.money,
    )


def _unit(unit: Unit) -> Row:
    facts = unit.facts
    return (
        unit.slug,
        facts.name,
        "、".join(facts.short_names),
        "、".join(facts.former_names),
        facts.level,
        facts.region.province,
        facts.region.city,
        facts.region.county,
        facts.department,
        facts.nature,
        facts.credit_code,
        facts.duty,
        unit_link(unit).url,
    )


def _disclosure(disclosure: Disclosure) -> Row:
    told, record = disclosure.facts.catalogue, evaluation(disclosure)
    return (
        *_head(disclosure),
        told.name,
        told.index_number,
        told.abstract,
        told.created,
        f"{told.published or ''}",
        told.publisher,
        told.document_number,
        told.subject,
        told.genre,
        told.manner,
        told.audience,
        told.validity,
        record.form.id if record else "",
        *figures_row(record),
        len(disclosure.projects),
        disclosure_link(disclosure).url,
    )


def _projects(disclosure: Disclosure) -> Iterator[Row]:
    for project in disclosure.projects:
        record = project.record(DocumentKind.PROJECT)
        yield (
            *_head(disclosure),
            project.slug,
            project.name,
            record.form.id if record else "",
            *figures_row(record),
            project_link(disclosure, project).url,
        )


def _documents(disclosure: Disclosure) -> Iterator[Row]:
    projects = {each.slug: each for each in disclosure.projects}
    for record in disclosure.all_records:
        project, form = projects.get(record.project), record.form
        page = project_link(disclosure, project) if project else disclosure_link(disclosure)
        yield (
            *_head(disclosure),
            record.name,
            form.kind.value,
            record.title,
            form.id,
            form.name,
            disclosure.number(form.kind),
            record.project,
            project.name if project else "",
            form.money,
            f"{page.url}report/" if form.kind is DocumentKind.REPORT else page.url,
        )


def _explanations(disclosure: Disclosure, problems: Iterable[Problem]) -> Iterator[Row]:
    """Those that hold; they are the ones that a page shows."""
    explained = [each for each in in_order(list(problems)) if each.explanation]
    for number, each in enumerate(explained, start=1):
        why = each.explanation
        yield (
            *_head(disclosure),
            number,
            each.rule.id,
            each.rule.name,
            each.where,
            each.message,
            each.filed,
            each.computed,
            *((why.reason, why.author, why.date) if why else ()),
        )


def _corrections(disclosure: Disclosure) -> Iterator[Row]:
    for number, each in enumerate(disclosure.facts.corrections, start=1):
        what = (each.where, each.old, each.new, each.reason, each.date.isoformat())
        yield (*_head(disclosure), number, *what)


def _head(disclosure: Disclosure) -> tuple[str, str, int]:
    unit = disclosure.unit
    return unit.slug, unit.facts.name, disclosure.year


def _number(cell: Cell | None) -> str:
    return decimal(cell.value.number) if cell else ""
