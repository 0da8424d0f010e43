"""An evaluation in a list, and where the pages of units and disclosures lie."""

from collections.abc import Iterable, Iterator

from gongkai.model.documents import Project, Record
from gongkai.model.figures import figures_of
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Unit
from gongkai.model.terms import DocumentKind, Grade
from gongkai.pages.sentences import format_amount
from gongkai.pages.views.common import Line, Link

HOME = Link("首页", "")
UNITS = Link("各单位", "units/")
_GRADES = {
    Grade.EXCELLENT: "excellent",
    Grade.GOOD: "good",
    Grade.FAIR: "fair",
    Grade.POOR: "poor",
}
_EVALUATIONS = (DocumentKind.OVERALL, DocumentKind.RUBRIC)
"""Which document gives a disclosure its score."""


def unit_link(unit: Unit) -> Link:
    """The page of a unit."""
    return Link(unit.facts.name, f"units/{unit.slug}/")


def disclosure_link(disclosure: Disclosure) -> Link:
    """The page of a unit and year."""
    return Link(f"{disclosure.year}年度", f"units/{disclosure.unit.slug}/{disclosure.year}/")


def project_link(disclosure: Disclosure, project: Project) -> Link:
    """The page of a project."""
    return Link(project.name, f"{disclosure_link(disclosure).url}projects/{project.slug}/")


def evaluation(disclosure: Disclosure) -> Record | None:
    """The document that gives the disclosure its score."""
    found = (disclosure.record(kind) for kind in _EVALUATIONS)
    return next((record for record in found if record), None)


def evaluations(disclosure: Disclosure) -> Iterator[tuple[Link, Record]]:
    """Its own evaluation and those of its projects, each with its page; its own with none."""
    main = evaluation(disclosure)
    if main:
        yield Link(main.title, ""), main
    for project in disclosure.projects:
        record = project.record(DocumentKind.PROJECT)
        if record:
            yield project_link(disclosure, project), record


def line(page: Link, record: Record | None, problems: Iterable[Problem]) -> Line:
    """An evaluation in a list; `record` is the one that holds its figures."""
    if record is None:
        return Line(page)
    figures = figures_of(record)
    where = figures.score.where if figures.score else ""
    contradicted = (each.computed for each in problems if each.where == where and each.computed)
    return Line(
        page=page,
        score=figures.score.filed if figures.score else "",
        computed=next(contradicted, ""),
        grade=figures.grade or "",
        grade_class=_GRADES[figures.grade] if figures.grade else "",
        budget=format_amount(figures.adjusted or figures.initial, record.form),
        spent=format_amount(figures.spent, record.form),
        rate=figures.rate.filed if figures.rate else "",
    )


def project_lines(disclosure: Disclosure, problems: Iterable[Problem]) -> tuple[Line, ...]:
    """The projects of a disclosure."""
    known = list(problems)
    return tuple(
        line(project_link(disclosure, project), project.record(DocumentKind.PROJECT), known)
        for project in disclosure.projects
    )
