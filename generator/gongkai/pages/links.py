"""Links to the pages of units, disclosures and projects; evaluations as rows of lists."""

from collections.abc import Iterator
from hashlib import blake2b

from gongkai.model.documents import Project, Record
from gongkai.model.figures import LISTED_FIGURES, EvaluationFigures, figures_of
from gongkai.model.publication import Disclosure, Unit
from gongkai.model.recomputed import Contradictions, recomputed_figures
from gongkai.model.terms import DocumentKind, Grade, Role
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
_TARGETS_ONLY, _NO_EVALUATION, _NO_OVERALL = "只有绩效目标", "没有自评表", "没有整体自评表"
_EVALUATIONS = (DocumentKind.OVERALL, DocumentKind.RUBRIC)
"""Documents that give a disclosure its score, by preference."""


def unit_link(unit: Unit) -> Link:
    """Return the link to a unit."""
    return Link(unit.facts.name, page_types.UNIT.url(unit=unit.slug))


def department_name(department: str) -> str:
    """Return the name of a department; units without one have a common name."""
    return department or "未注明主管部门"


def department_link(name: str) -> Link:
    """Return the link to a department; its address is a hash of its name."""
    slug = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return Link(name, page_types.DEPARTMENT.url(department=slug))


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
    page: Link, record: Record | None, contradictions: Contradictions
) -> EvaluationLine:
    """Return an evaluation as a row of a list; `record` holds its figures."""
    if record is None:
        return EvaluationLine(page, unscored=_NO_EVALUATION)
    figures, recomputed = figures_of(record), recomputed_figures(record, contradictions)
    return EvaluationLine(
        page=page,
        texts=tuple(map(figures.filed_text, LISTED_FIGURES)),
        numbers=tuple(
            "" if number is None else format_decimal(number)
            for number in map(figures.number, LISTED_FIGURES)
        ),
        computed=tuple(map(recomputed.get, LISTED_FIGURES)),
        unscored=_reason_without_score(record, figures),
        grade_class=_GRADES[figures.grade] if figures.grade else "",
    )


def _reason_without_score(record: Record, figures: EvaluationFigures) -> str:
    """Return why an evaluation has no score; empty if it has one."""
    if figures.score:
        return ""
    if record.form.kind.has_targets_only:
        return _TARGETS_ONLY
    cell = record.overall_cell(Role.SCORE)
    if cell:
        return "没有填" if cell.is_blank else cell.filed
    scored = any(leaf.cells.with_role(Role.SCORE) for leaf in record.leaves)
    return "本表没有总分" if scored else "本表不打分"


def project_record(project: Project) -> Record | None:
    """Return the document with a project's figures: 项目自评表, else 绩效目标表."""
    return project.record(DocumentKind.PROJECT) or project.record(DocumentKind.TARGETS)


def figures_record(disclosure: Disclosure) -> Record | None:
    """Return the document with the unit's figures: its evaluation, else its targets."""
    return main_evaluation(disclosure) or disclosure.record(DocumentKind.OVERALL_TARGETS)


def target_records(disclosure: Disclosure) -> list[Record]:
    """Return the documents of a disclosure whose targets count: the unit's and the projects'."""
    records = (figures_record(disclosure), *map(project_record, disclosure.projects))
    return [record for record in records if record]


def disclosure_line(disclosure: Disclosure, contradictions: Contradictions) -> EvaluationLine:
    """Return a disclosure as a row of a list."""
    record = figures_record(disclosure)
    line = evaluation_line(disclosure_link(disclosure), record, contradictions)
    if record is None:
        reason = _TARGETS_ONLY if disclosure.has_targets_only else _NO_OVERALL
        line = line._replace(unscored=reason)
    return line._replace(projects=len(disclosure.projects))


def project_lines(
    disclosure: Disclosure, contradictions: Contradictions
) -> tuple[EvaluationLine, ...]:
    """Return the projects of a disclosure as rows of a list."""
    return tuple(
        evaluation_line(
            project_link(disclosure, project),
            project_record(project),
            contradictions,
        )
        for project in disclosure.projects
    )
