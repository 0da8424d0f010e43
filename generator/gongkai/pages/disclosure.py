"""Views of a disclosure's pages: the disclosure itself, its report and its projects."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup

from gongkai.history.changes import DisclosureHistory
from gongkai.model.documents import Project, Record
from gongkai.model.forms import fill_placeholders
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Site
from gongkai.model.recomputed import Contradictions, find_contradictions
from gongkai.model.specs import placeholder_names
from gongkai.model.terms import DocumentKind
from gongkai.pages.charts.selection import disclosure_charts, evaluation_charts
from gongkai.pages.downloads import disclosure_downloads, project_downloads
from gongkai.pages.history import history_section
from gongkai.pages.key_figures import evaluation_shortfalls, key_figures, year_comparison
from gongkai.pages.links import (
    HOME,
    UNITS,
    disclosure_link,
    evaluation_pages,
    figures_record,
    main_evaluation,
    project_lines,
    project_link,
    project_record,
    unit_link,
)
from gongkai.pages.narrative import parse_chapters
from gongkai.pages.notes import PageNotes, collect_notes
from gongkai.pages.sentences import summary_sentences
from gongkai.pages.strips import disclosure_strip
from gongkai.pages.tables.grid import NoteRefs, printed_note_refs
from gongkai.pages.tables.sections import record_grids
from gongkai.pages.views.common import (
    DisclosureView,
    Download,
    Fact,
    Link,
    PageHead,
    PrintedDocument,
    ProjectView,
    ReportView,
    SignLine,
)


def disclosure_view(
    disclosure: Disclosure,
    problems: Iterable[Problem],
    site: Site,
    previous: tuple[Disclosure, Iterable[Problem]] | None = None,
    history: DisclosureHistory | None = None,
) -> DisclosureView:
    """Return the page of a unit and year.

    `previous` is the unit's disclosure of the year before, with its problems.
    """
    known_problems = list(problems)
    report = disclosure.record(DocumentKind.REPORT)
    records = [record for record in disclosure.records if record is not report]
    records.sort(key=lambda record: _attachment_order(disclosure, record))
    own_files = {record.position.file for record in records} | {disclosure.file}
    notes = _page_notes(disclosure, records, known_problems, site, own_files)
    main, figures = main_evaluation(disclosure), figures_record(disclosure)
    contradictions = find_contradictions(known_problems)
    unit = disclosure.unit.facts.name
    page = disclosure_link(disclosure)
    tables = "目标表" if disclosure.has_targets_only else "自评表、项目、报告"
    return DisclosureView(
        head=_head(
            disclosure,
            Link(disclosure_title(disclosure), page.url),
            f"{unit}{disclosure.year}年度预算{disclosure.subject}公开：{tables}与核验说明",
            (HOME, UNITS, unit_link(disclosure.unit)),
            disclosure_downloads(page.url, site),
        ),
        subject=disclosure.subject,
        figures=key_figures(figures, contradictions, map(project_record, disclosure.projects)),
        summary=_summary(figures, contradictions),
        year_comparison=year_comparison(
            main,
            main_evaluation(previous[0]) if previous else None,
            contradictions,
            find_contradictions(previous[1]) if previous else {},
        ),
        years=(disclosure.year - 1, disclosure.year),
        charts=disclosure_charts(
            main, disclosure.record(DocumentKind.BASELINE), disclosure.year, contradictions
        ),
        strip=disclosure_strip(disclosure, main, contradictions, page.url),
        documents=tuple(_iter_documents(disclosure, records, notes.note_refs)),
        report=Link(report.title, f"{page.url}report/") if report else None,
        report_number=disclosure.attachment_number(DocumentKind.REPORT),
        projects=project_lines(disclosure, contradictions),
        shortfalls=evaluation_shortfalls(evaluation_pages(disclosure), contradictions),
        notes=notes.sections,
        catalogue=tuple(_catalogue_facts(disclosure, site)),
        history=history_section(history),
    )


def disclosure_title(disclosure: Disclosure) -> str:
    """Return the title of a disclosure, e.g. “示例单位2022年度绩效自评”."""
    return f"{disclosure.unit.facts.name}{disclosure.year}年度{disclosure.subject}"


def problems_by_project(
    disclosure: Disclosure, problems: Iterable[Problem]
) -> Mapping[str, Sequence[Problem]]:
    """Return the problems of every project: those on its documents' cells and those in its file."""
    slugs = {project.file: project.slug for project in disclosure.projects}
    for project in disclosure.projects:
        slugs |= dict.fromkeys((record.name for record in project.records), project.slug)
    groups: dict[str, list[Problem]] = {project.slug: [] for project in disclosure.projects}
    for problem in problems:
        names = (problem.where.partition("/")[0], problem.position.file)
        for slug in {slugs[name] for name in names if name in slugs}:
            groups[slug].append(problem)
    return groups


def project_view(
    disclosure: Disclosure,
    project: Project,
    problems: Iterable[Problem],
    site: Site,
    history: DisclosureHistory | None = None,
) -> ProjectView:
    """Return the page of a project; `problems` are its own."""
    records = sorted(project.records, key=lambda record: _attachment_order(disclosure, record))
    known_problems = list(problems)
    notes = _page_notes(disclosure, records, known_problems, site, {project.file})
    contradictions = find_contradictions(known_problems)
    unit = disclosure.unit.facts.name
    main, figures = project.record(DocumentKind.PROJECT), project_record(project)
    page = project_link(disclosure, project)
    return ProjectView(
        head=_head(
            disclosure,
            page,
            f"{unit}{disclosure.year}年度项目“{project.name}”{disclosure.subject}",
            (HOME, UNITS, unit_link(disclosure.unit), disclosure_link(disclosure)),
            project_downloads(page.url, site),
        ),
        figures=key_figures(figures, contradictions),
        summary=_summary(figures, contradictions),
        charts=evaluation_charts(main, contradictions),
        documents=tuple(_iter_documents(disclosure, records, notes.note_refs)),
        shortfalls=evaluation_shortfalls(
            [(Link(project.name, ""), main)] if main else [], contradictions
        ),
        notes=notes.sections,
        history=history_section(history, project.slug),
    )


def report_view(
    disclosure: Disclosure, report: Record, problems: Iterable[Problem], site: Site
) -> ReportView:
    """Return the page of a 自评报告."""
    main = main_evaluation(disclosure)
    known_problems = list(problems)
    notes = _page_notes(disclosure, [report], known_problems, site, {report.position.file})
    cover = [
        SignLine(
            f"{cell.spec.label or f'{cell.spec.key}：'}{cell.filed}",
            notes.note_refs.get(cell.where, ()),
        )
        for cell in report.cells
        if cell.filed or cell.spec.label
    ]
    placed = {number for line in cover for number in line.note_refs}
    cover += _unplaced_line(report, notes.note_refs, placed)
    page = disclosure_link(disclosure)
    return ReportView(
        head=_head(
            disclosure,
            Link(report.title, f"{page.url}report/"),
            f"{disclosure.unit.facts.name}{disclosure.year}年度绩效自评报告全文",
            (HOME, UNITS, unit_link(disclosure.unit), page),
        ),
        summary=_summary(main, find_contradictions(known_problems), "../"),
        notes=notes.sections,
        number=disclosure.attachment_number(DocumentKind.REPORT),
        cover=tuple(cover),
        chapters=tuple(parse_chapters(report.body)),
    )


def _head(
    disclosure: Disclosure,
    page: Link,
    description: str,
    crumbs: tuple[Link, ...],
    downloads: tuple[Download, ...] = (),
) -> PageHead:
    """Return the head of a page: title, breadcrumbs, dates, citation, downloads."""
    catalogue, unit = disclosure.facts.catalogue, disclosure.unit.facts.name
    published, last_day = f"{catalogue.published or ''}", last_updated(disclosure)
    citation_day = f"({last_day})" if last_day else ""
    title = page.title if unit in page.title else f"{unit}{disclosure.year}年度：{page.title}"
    return PageHead(
        title=page.title,
        url=page.url,
        description=description,
        breadcrumbs=crumbs,
        updated=last_day,
        published=published,
        unit=unit,
        year=disclosure.year,
        keywords=(
            unit,
            *disclosure.unit.facts.short_names,
            f"{disclosure.year}年度",
            disclosure.subject,
        ),
        citation=f"{unit}. {title}[EB/OL]. {citation_day}".strip(),
        downloads=downloads,
    )


def _summary(
    record: Record | None, contradictions: Contradictions, page_url: str = ""
) -> tuple[Markup, ...]:
    return tuple(summary_sentences(record, contradictions, page_url)) if record else ()


def _page_notes(
    disclosure: Disclosure,
    records: Iterable[Record],
    problems: Iterable[Problem],
    site: Site,
    files: Container[str] = (),
) -> PageNotes:
    return collect_notes(
        records,
        problems,
        disclosure.facts.corrections,
        warnings=site.shows_warnings,
        files=files,
    )


def _attachment_order(disclosure: Disclosure, record: Record) -> int:
    """Return the attachment's position in disclosure.yml; unlisted attachments come last."""
    kinds = [attachment.kind for attachment in disclosure.facts.attachments]
    return kinds.index(record.form.kind) if record.form.kind in kinds else len(kinds)


def _iter_documents(
    disclosure: Disclosure, records: Iterable[Record], note_refs: NoteRefs
) -> Iterator[PrintedDocument]:
    for record in records:
        placed: set[int] = set()
        opening = [_fill_line(line, record, note_refs, placed) for line in record.form.opening]
        grids = record_grids(record, note_refs)
        placed |= printed_note_refs(grids) if note_refs else set()
        sign_off = [_fill_line(line, record, note_refs, placed) for line in record.form.sign_off]
        sign_off += _unplaced_line(record, note_refs, placed)
        yield PrintedDocument(
            anchor=record.form.kind.anchor,
            number=disclosure.attachment_number(record.form.kind),
            title=record.title,
            opening=tuple(opening),
            grids=tuple(grids),
            notes=record.form.notes,
            sign_off=tuple(sign_off),
        )


def _fill_line(line: str, record: Record, note_refs: NoteRefs, placed: set[int]) -> SignLine:
    """Fill in a line above or below the tables; add the numbers of its notes to those placed."""
    words = {**record.placeholders, **{key: cell.filed for key, cell in record.sign_off.items()}}
    cells = [record.sign_off[key] for key in placeholder_names(line) if key in record.sign_off]
    numbers = [number for cell in cells for number in note_refs.get(cell.where, ())]
    numbers = [number for number in dict.fromkeys(numbers) if number not in placed]
    placed.update(numbers)
    return SignLine(fill_placeholders(line, words), tuple(numbers))


def _unplaced_line(record: Record, note_refs: NoteRefs, placed: set[int]) -> list[SignLine]:
    """Return a line with the notes on cells that the form does not print, if there are any."""
    if not note_refs:
        return []
    numbers = {number for cell in record.cells for number in note_refs.get(cell.where, ())}
    unplaced = tuple(sorted(numbers - placed))
    return [SignLine("表上不单独印出的各项：", unplaced)] if unplaced else []


def _catalogue_facts(disclosure: Disclosure, site: Site) -> Iterator[Fact]:
    """Yield the entries of 公开目录 by the site's names, then those that the site has in addition."""
    catalogue = disclosure.facts.catalogue
    names: dict[str, str] = {core: name for name, core in site.catalogue_names.items()}
    core_values = catalogue.model_dump(
        mode="json", by_alias=True, exclude={"published_time", "extras"}
    )
    for key, value in core_values.items():
        time = f" {catalogue.published_time}" if key == "发布日期" else ""
        yield Fact(names.get(key, key), f"{value or ''}{time}".rstrip())
    for key in site.catalogue_keys:
        yield Fact(key, catalogue.extras.get(key, ""))


def last_updated(disclosure: Disclosure) -> str:
    """Return the later of publication and last correction, as an ISO date; empty if neither is filed."""
    days = [correction.date for correction in disclosure.facts.corrections]
    if disclosure.facts.catalogue.published:
        days.append(disclosure.facts.catalogue.published)
    return max(days).isoformat() if days else ""
