"""What the pages of one disclosure show: its own, its report's, its projects'."""

from collections.abc import Container, Iterable, Iterator

from markupsafe import Markup

from gongkai.history.changes import Told
from gongkai.model.documents import Project, Record
from gongkai.model.forms import filled
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Site
from gongkai.model.specs import braces
from gongkai.model.terms import DocumentKind
from gongkai.pages.charts.selection import disclosure_charts, evaluation_charts
from gongkai.pages.downloads import disclosure_downloads, project_downloads
from gongkai.pages.history import history_of
from gongkai.pages.key_figures import beside, fallen_short, key_figures
from gongkai.pages.links import (
    HOME,
    UNITS,
    disclosure_link,
    evaluation,
    evaluations,
    project_lines,
    project_link,
    unit_link,
)
from gongkai.pages.narrative import chapters
from gongkai.pages.notes import Notes, notes_on
from gongkai.pages.sentences import sentences
from gongkai.pages.tables.grid import Marks
from gongkai.pages.tables.sections import grids
from gongkai.pages.views.common import (
    DisclosureView,
    Document,
    Download,
    Fact,
    Head,
    Link,
    ProjectView,
    ReportView,
    Said,
)


def disclosure_view(
    disclosure: Disclosure,
    problems: Iterable[Problem],
    site: Site,
    previous: Disclosure | None = None,
    history: Told | None = None,
) -> DisclosureView:
    """The page of a unit and year; `previous` is what it disclosed the year before."""
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
        head=_head(
            disclosure,
            Link(whole_title(disclosure), here.url),
            f"{unit}{disclosure.year}年度预算绩效自评公开：自评表、项目、报告与核验说明",
            (HOME, UNITS, unit_link(disclosure.unit)),
            disclosure_downloads(here.url, site),
        ),
        figures=key_figures(main, notes.contradictions),
        summary=_summary(main, notes),
        beside=beside(main, evaluation(previous) if previous else None),
        years=(disclosure.year - 1, disclosure.year),
        charts=disclosure_charts(main, disclosure.record(DocumentKind.BASELINE), disclosure.year),
        documents=tuple(_documents(disclosure, records, notes.marks)),
        report=Link(report.title, f"{here.url}report/") if report else None,
        report_number=disclosure.number(DocumentKind.REPORT),
        projects=project_lines(disclosure, found),
        shortfalls=fallen_short(evaluations(disclosure)),
        notes=notes.notes,
        catalogue=tuple(_catalogue(disclosure)),
        history=history_of(history),
    )


def whole_title(disclosure: Disclosure) -> str:
    """What the page of a unit and year is called."""
    return f"{disclosure.unit.facts.name}{disclosure.year}年度绩效自评"


def project_view(
    disclosure: Disclosure,
    project: Project,
    problems: Iterable[Problem],
    site: Site,
    history: Told | None = None,
) -> ProjectView:
    """The page of a project."""
    records = sorted(project.records, key=lambda record: _place(disclosure, record))
    notes = _notes(disclosure, records, problems, site, {project.file})
    unit = disclosure.unit.facts.name
    main = project.record(DocumentKind.PROJECT)
    here = project_link(disclosure, project)
    return ProjectView(
        head=_head(
            disclosure,
            here,
            f"{unit}{disclosure.year}年度项目“{project.name}”绩效自评",
            (HOME, UNITS, unit_link(disclosure.unit), disclosure_link(disclosure)),
            project_downloads(here.url, site),
        ),
        figures=key_figures(main, notes.contradictions),
        summary=_summary(main, notes),
        charts=evaluation_charts(main),
        documents=tuple(_documents(disclosure, records, notes.marks)),
        shortfalls=fallen_short([(Link(project.name, ""), main)] if main else []),
        notes=notes.notes,
        history=history_of(history, project.slug),
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
        head=_head(
            disclosure,
            Link(report.title, f"{here.url}report/"),
            f"{disclosure.unit.facts.name}{disclosure.year}年度绩效自评报告全文",
            (HOME, UNITS, unit_link(disclosure.unit), here),
        ),
        summary=_summary(main, about, "../"),
        notes=notes.notes,
        number=disclosure.number(DocumentKind.REPORT),
        cover=tuple(cover),
        chapters=tuple(chapters(report.body)),
    )


def _head(
    disclosure: Disclosure,
    page: Link,
    description: str,
    crumbs: tuple[Link, ...],
    downloads: tuple[Download, ...] = (),
) -> Head:
    """What a page of a disclosure says of itself."""
    catalogue, unit = disclosure.facts.catalogue, disclosure.unit.facts.name
    published, last = f"{catalogue.published or ''}", updated(disclosure)
    day = f"({last})" if last else ""
    title = page.title if unit in page.title else f"{unit}{disclosure.year}年度：{page.title}"
    return Head(
        title=page.title,
        url=page.url,
        description=description,
        crumbs=crumbs,
        updated=last,
        published=published,
        unit=unit,
        year=disclosure.year,
        keywords=(unit, *disclosure.unit.facts.short_names, f"{disclosure.year}年度", "绩效自评"),
        citation=f"{unit}. {title}[EB/OL]. {day}".strip(),
        downloads=downloads,
    )


def _summary(record: Record | None, notes: Notes, away: str = "") -> tuple[Markup, ...]:
    if record is None:
        return ()
    return tuple(sentences(record, notes.contradictions, away))


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


def updated(disclosure: Disclosure) -> str:
    """The day of publication or of the last correction; empty where the data says neither."""
    days = [correction.date for correction in disclosure.facts.corrections]
    if disclosure.facts.catalogue.published:
        days.append(disclosure.facts.catalogue.published)
    return max(days).isoformat() if days else ""
