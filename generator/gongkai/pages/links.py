"""Links to the pages of units, disclosures and projects; evaluations as rows of lists."""

from collections.abc import Iterable, Iterator

from gongkai.model.documents import Project, Record
from gongkai.model.figures import LISTED_FIGURES, figures_of
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Unit
from gongkai.model.terms import DocumentKind, Grade
from gongkai.model.values import format_decimal
from gongkai.pages import page_types
from gongkai.pages.views.common import EvaluationLine, Link

HOME = Link("首页", page_types.HOME.url())
UNITS = Link("各单位", page_types.UNITS.url())
_GRADES = {
    Grade.EXCELLENT: "excellent",
    Grade.GOOD: "good",
    Grade.FAIR: "fair",
    Grade.POOR: "poor",
}
_EVALUATIONS = (DocumentKind.OVERALL, DocumentKind.RUBRIC)
"""Documents that give a disclosure its score, by preference."""


def unit_link(unit: Unit) -> Link:
    """Return the link to a unit."""
    return Link(unit.facts.name, page_types.UNIT.url(unit=unit.slug))


def disclosure_link(disclosure: Disclosure) -> Link:
    """Return the link to a disclosure."""
    url = page_types.DISCLOSURE.url(unit=disclosure.unit.slug, year=disclosure.year)
    return Link(f"{disclosure.year}年度", url)


def project_link(disclosure: Disclosure, project: Project) -> Link:
    """Return the link to a project."""
    unit, year = disclosure.unit.slug, disclosure.year
    url = page_types.PROJECT.url(unit=unit, year=year, project=project.slug)
    return Link(project.name, url)


def main_evaluation(disclosure: Disclosure) -> Record | None:
    """Return the document that gives the disclosure its score."""
    records = (disclosure.record(kind) for kind in _EVALUATIONS)
    return next((record for record in records if record), None)


def evaluation_pages(disclosure: Disclosure) -> Iterator[tuple[Link, Record]]:
    """Yield the evaluations of a disclosure and its projects with their pages.

    The address of the disclosure's own page is empty.
    """
    main = main_evaluation(disclosure)
    if main:
        yield Link(main.title, ""), main
    for project in disclosure.projects:
        record = project.record(DocumentKind.PROJECT)
        if record:
            yield project_link(disclosure, project), record


def evaluation_line(
    page: Link, record: Record | None, problems: Iterable[Problem]
) -> EvaluationLine:
    """Return an evaluation as a row of a list; `record` holds its figures."""
    if record is None:
        return EvaluationLine(page)
    figures = figures_of(record)
    where = figures.score.where if figures.score else ""
    recomputed = (
        problem.computed for problem in problems if problem.where == where and problem.computed
    )
    return EvaluationLine(
        page=page,
        texts=tuple(map(figures.filed_text, LISTED_FIGURES)),
        numbers=tuple(
            "" if number is None else format_decimal(number)
            for number in map(figures.number, LISTED_FIGURES)
        ),
        computed=next(recomputed, ""),
        grade_class=_GRADES[figures.grade] if figures.grade else "",
    )


def project_lines(
    disclosure: Disclosure, problems: Iterable[Problem]
) -> tuple[EvaluationLine, ...]:
    """Return the projects of a disclosure as rows of a list."""
    known_problems = list(problems)
    return tuple(
        evaluation_line(
            project_link(disclosure, project),
            project.record(DocumentKind.PROJECT),
            known_problems,
        )
        for project in disclosure.projects
    )
