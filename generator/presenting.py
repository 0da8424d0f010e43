"""What the pages of one disclosure show: its own, its report's, its projects'."""

from collections.abc import Container, Iterable, Iterator

from generator.figures import figures_of
from generator.forms import filled
from generator.grid import Marks
from generator.model import Project, Record
from generator.narrative import chapters
from generator.noting import Notes, notes_on
from generator.problems import Problem
from generator.publication import Disclosure, Site, Unit
from generator.specs import braces
from generator.summary import amount, sentences
from generator.tables import grids
from generator.terms import DocumentKind, Grade
from generator.views import (
    DisclosureView,
    Document,
    Fact,
    Head,
    Line,
    Link,
    ProjectView,
    ReportView,
    Said,
)

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
        budget=amount(figures.adjusted or figures.initial, record.form),
        spent=amount(figures.spent, record.form),
        rate=figures.rate.filed if figures.rate else "",
    )


def project_lines(disclosure: Disclosure, problems: Iterable[Problem]) -> tuple[Line, ...]:
    """The projects of a disclosure."""
    known = list(problems)
    return tuple(
        line(project_link(disclosure, project), project.record(DocumentKind.PROJECT), known)
        for project in disclosure.projects
    )


def disclosure_view(
    disclosure: Disclosure, problems: Iterable[Problem], site: Site
) -> DisclosureView:
    """The page of a unit and year."""
    found = list(problems)
    report = disclosure.record(DocumentKind.REPORT)
    records = [record for record in disclosure.records if record is not report]
    records.sort(key=lambda record: _place(disclosure, record))
    own = {record.position.file for record in records} | {disclosure.file}
    notes = _notes(disclosure, records, found, site, own)
    main = evaluation(disclosure)
    unit = disclosure.unit.facts.name
    here = disclosure_link(disclosure)
    return DisclosureView(
        head=Head(
            title=f"{unit}{disclosure.year}年度绩效自评",
            url=here.url,
            description=f"{unit}{disclosure.year}年度预算绩效自评公开：自评表、项目、报告与核验说明",
            crumbs=(HOME, UNITS, unit_link(disclosure.unit)),
            updated=_updated(disclosure),
        ),
        summary=_summary(main, notes),
        documents=tuple(_documents(disclosure, records, notes.marks)),
        report=Link(report.title, f"{here.url}report/") if report else None,
        report_number=disclosure.number(DocumentKind.REPORT),
        projects=project_lines(disclosure, found),
        notes=notes.notes,
        catalogue=tuple(_catalogue(disclosure)),
    )


def project_view(
    disclosure: Disclosure, project: Project, problems: Iterable[Problem], site: Site
) -> ProjectView:
    """The page of a project."""
    records = sorted(project.records, key=lambda record: _place(disclosure, record))
    notes = _notes(disclosure, records, problems, site, {project.file})
    unit = disclosure.unit.facts.name
    return ProjectView(
        head=Head(
            title=project.name,
            url=project_link(disclosure, project).url,
            description=f"{unit}{disclosure.year}年度项目“{project.name}”绩效自评",
            crumbs=(HOME, UNITS, unit_link(disclosure.unit), disclosure_link(disclosure)),
            updated=_updated(disclosure),
        ),
        summary=_summary(project.record(DocumentKind.PROJECT), notes),
        documents=tuple(_documents(disclosure, records, notes.marks)),
        notes=notes.notes,
    )


def report_view(
    disclosure: Disclosure, report: Record, problems: Iterable[Problem], site: Site
) -> ReportView:
    """The page of a narrative report."""
    main = evaluation(disclosure)
    known = list(problems)
    about = _notes(disclosure, [main] if main else [], known, site)
    notes = _notes(disclosure, [report], known, site, {report.position.file})
    cover = [
        f"{cell.spec.label or f'{cell.spec.key}：'}{cell.filed}"
        for cell in report.cells()
        if cell.filed or cell.spec.label
    ]
    here = disclosure_link(disclosure)
    return ReportView(
        head=Head(
            title=report.title,
            url=f"{here.url}report/",
            description=f"{disclosure.unit.facts.name}{disclosure.year}年度绩效自评报告全文",
            crumbs=(HOME, UNITS, unit_link(disclosure.unit), here),
            updated=_updated(disclosure),
        ),
        summary=_summary(main, about),
        notes=notes.notes,
        number=disclosure.number(DocumentKind.REPORT),
        cover=tuple(cover),
        chapters=tuple(chapters(report.body)),
    )


def _summary(record: Record | None, notes: Notes) -> tuple[str, ...]:
    if record is None:
        return ()
    return tuple(sentences(figures_of(record), record.form, notes.contradictions))


def _notes(
    disclosure: Disclosure,
    records: Iterable[Record],
    problems: Iterable[Problem],
    site: Site,
    files: Container[str] = (),
) -> Notes:
    corrections, warnings = disclosure.facts.corrections, site.shows_warnings
    return notes_on(records, problems, corrections, warnings=warnings, files=files)


def _place(disclosure: Disclosure, record: Record) -> int:
    """The attachment's place in disclosure.yml; after all others where it is not listed."""
    kinds = [attachment.kind for attachment in disclosure.facts.attachments]
    return kinds.index(record.form.kind) if record.form.kind in kinds else len(kinds)


def _documents(
    disclosure: Disclosure, records: Iterable[Record], marks: Marks
) -> Iterator[Document]:
    for record in records:
        yield Document(
            anchor=record.form.kind.anchor,
            number=disclosure.number(record.form.kind),
            title=record.title,
            opening=tuple(_said(each, record, marks) for each in record.form.opening),
            grids=tuple(grids(record, marks)),
            notes=record.form.notes,
            sign_off=tuple(_said(each, record, marks) for each in record.form.sign_off),
        )


def _said(line: str, record: Record, marks: Marks) -> Said:
    """A line above or below the tables with what was filled in."""
    words = {**record.words, **{key: cell.filed for key, cell in record.sign_off.items()}}
    cells = [record.sign_off[key] for key in braces(line) if key in record.sign_off]
    noted = tuple(mark for cell in cells for mark in marks.get(cell.where, ()))
    return Said(filled(line, words), noted)


def _catalogue(disclosure: Disclosure) -> Iterator[Fact]:
    facts = disclosure.facts.catalogue.model_dump(mode="json", by_alias=True)
    return (Fact(label, str(value or "")) for label, value in facts.items())


def _updated(disclosure: Disclosure) -> str:
    days = [correction.date for correction in disclosure.facts.corrections]
    if disclosure.facts.catalogue.published:
        days.append(disclosure.facts.catalogue.published)
    return max(days).isoformat() if days else ""
