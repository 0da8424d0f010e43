"""Rows of the open data tables (see tables) for one unit."""

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
from gongkai.exports.open_data.values import iter_document_rows
from gongkai.model.documents import Record
from gongkai.model.figures import FIRST_EXPORTED_FIGURES, LATER_EXPORTED_FIGURES, Figure, figures_of
from gongkai.model.problems import Problem, sort_problems
from gongkai.model.publication import Disclosure, Unit
from gongkai.model.recomputed import Contradictions, exact_recomputed, find_contradictions
from gongkai.model.terms import DocumentKind
from gongkai.pages.links import disclosure_link, main_evaluation, project_link, unit_link

Row = tuple[str | int, ...]
"""One value per column of the table; empty text for no value."""
RowsByTable = Mapping[str, Sequence[Row]]
"""Rows by table name."""


def unit_rows(
    unit: Unit, disclosures: Sequence[Disclosure], problems: Mapping[str, Sequence[Problem]]
) -> RowsByTable:
    """Return all rows of a unit, given its disclosures and their problems by `disclosure.file`."""
    return {
        UNITS.name: [_unit_row(unit)],
        DISCLOSURES.name: [
            _disclosure_row(disclosure, find_contradictions(problems[disclosure.file]))
            for disclosure in disclosures
        ],
        PROJECTS.name: [
            row
            for disclosure in disclosures
            for row in _project_rows(disclosure, find_contradictions(problems[disclosure.file]))
        ],
        DOCUMENTS.name: [row for disclosure in disclosures for row in _document_rows(disclosure)],
        VALUES.name: [
            tuple(row)
            for disclosure in disclosures
            for document in iter_document_rows(
                disclosure, find_contradictions(problems[disclosure.file])
            )
            for row in document.rows
        ],
        EXPLANATIONS.name: [
            row
            for disclosure in disclosures
            for row in _explanation_rows(disclosure, problems[disclosure.file])
        ],
        CORRECTIONS.name: [
            row for disclosure in disclosures for row in _correction_rows(disclosure)
        ],
    }


def _figure_values(record: Record | None, figures: Iterable[Figure]) -> Iterator[str | int]:
    """Yield figures of an evaluation; empty texts without one."""
    evaluation = figures_of(record) if record else None
    for figure in figures:
        yield evaluation.exact_value(figure) if evaluation else ""


def _unit_row(unit: Unit) -> Row:
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


def _disclosure_row(disclosure: Disclosure, contradictions: Contradictions) -> Row:
    catalogue, record = disclosure.facts.catalogue, main_evaluation(disclosure)
    return (
        *_leading_columns(disclosure),
        catalogue.name,
        catalogue.index_number,
        catalogue.abstract,
        catalogue.created,
        f"{catalogue.published or ''}",
        catalogue.publisher,
        catalogue.document_number,
        catalogue.subject,
        catalogue.genre,
        catalogue.manner,
        catalogue.audience,
        catalogue.validity,
        record.form.id if record else "",
        *_figure_values(record, FIRST_EXPORTED_FIGURES),
        len(disclosure.projects),
        disclosure_link(disclosure).url,
        *_figure_values(record, LATER_EXPORTED_FIGURES),
        *exact_recomputed(record, contradictions),
    )


def _project_rows(disclosure: Disclosure, contradictions: Contradictions) -> Iterator[Row]:
    for project in disclosure.projects:
        record = project.record(DocumentKind.PROJECT)
        yield (
            *_leading_columns(disclosure),
            project.slug,
            project.name,
            record.form.id if record else "",
            *_figure_values(record, FIRST_EXPORTED_FIGURES),
            project_link(disclosure, project).url,
            *_figure_values(record, LATER_EXPORTED_FIGURES),
            *exact_recomputed(record, contradictions),
        )


def _document_rows(disclosure: Disclosure) -> Iterator[Row]:
    projects = {project.slug: project for project in disclosure.projects}
    for record in disclosure.all_records:
        project, form = projects.get(record.project), record.form
        page = project_link(disclosure, project) if project else disclosure_link(disclosure)
        yield (
            *_leading_columns(disclosure),
            record.name,
            form.kind.value,
            record.title,
            form.id,
            form.name,
            disclosure.attachment_number(form.kind),
            record.project,
            project.name if project else "",
            form.money,
            f"{page.url}report/" if form.kind is DocumentKind.REPORT else page.url,
        )


def _explanation_rows(disclosure: Disclosure, problems: Iterable[Problem]) -> Iterator[Row]:
    """Yield the explanations that match a problem; these are the ones that the page shows."""
    explained = [problem for problem in sort_problems(list(problems)) if problem.explanation]
    for number, problem in enumerate(explained, start=1):
        explanation = problem.explanation
        yield (
            *_leading_columns(disclosure),
            number,
            problem.rule.id,
            problem.rule.name,
            problem.where,
            problem.message,
            problem.filed,
            problem.computed,
            *((explanation.reason, explanation.author, explanation.date) if explanation else ()),
        )


def _correction_rows(disclosure: Disclosure) -> Iterator[Row]:
    for number, correction in enumerate(disclosure.facts.corrections, start=1):
        yield (
            *_leading_columns(disclosure),
            number,
            correction.where,
            correction.old,
            correction.new,
            correction.reason,
            correction.date.isoformat(),
        )


def _leading_columns(disclosure: Disclosure) -> tuple[str, str, int]:
    """Return the columns that start every row of a disclosure: unit, unit name, year."""
    unit = disclosure.unit
    return unit.slug, unit.facts.name, disclosure.year
