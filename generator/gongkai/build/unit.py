"""Build jobs: turn the data files of some units into their pages.

A job reads nothing else and keeps no state. It can run in any process, or on another machine that
sees the same folders, and running it twice does no harm.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from gongkai.build.page_writers import (
    HtmlWriter,
    RenderedPage,
    count_pages,
    data_file,
    write_page,
)
from gongkai.build.redirects import redirect_html
from gongkai.build.refill import ChangedPageError, refill_pages
from gongkai.build.shared_context import BuildContext, read_context
from gongkai.build.side_files import unit_side_files
from gongkai.checks.registry import Judgement, check_units
from gongkai.checks.texts.tally import Tally
from gongkai.checks.uniqueness import UniqueKey, iter_unique_keys
from gongkai.exports.feeds.formats import render_unit_feeds
from gongkai.exports.open_data.packed_rows import pack_rows
from gongkai.exports.open_data.rows import unit_rows
from gongkai.history.events import build_histories
from gongkai.history.lineage import UnitVersions
from gongkai.history.past import HistoryInputs
from gongkai.history.versions import VersionLibrary
from gongkai.model.publication import Disclosure, Unit, Withdrawal
from gongkai.pages.archive.addresses import LinkRewriter
from gongkai.pages.archive.copies import (
    ArchiveContext,
    ArchivedPage,
    add_archive_links,
    render_archived_pages,
)
from gongkai.pages.entries import ProblemsByFile, UnitEntry, unit_entry
from gongkai.pages.render import Page, render_unit_pages
from gongkai.reading.dataset import read_units
from gongkai.reading.form_plan import FormPlans
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.packing import pack_values, unpack_values
from gongkai.runtime.urls import relative_url
from gongkai.runtime.writing import (
    BuildOutput,
    OutputFile,
    hash_sitemap_entries,
    write_files,
    write_part,
)
from gongkai.search.documents import (
    INDEX_FOLDER,
    IndexedUnit,
    SourcePage,
    UnitNames,
    index_pages,
    indexed_unit,
)
from gongkai.search.facets import PageFacts, unit_page_facts


class MarkdownPage(NamedTuple):
    """What is known of a page whose Markdown is written, and which MkDocs has yet to render."""

    path: str
    """Path of the Markdown."""
    source: str
    """Path of its data file from the data folder."""
    facts: PageFacts | None
    """Its facts for the search; None if the search leaves it out."""


class MarkdownPages(NamedTuple):
    """The present pages of a unit while they are Markdown, and the names to index with them."""

    pages: tuple[MarkdownPage, ...]
    names: UnitNames


@dataclass(frozen=True, slots=True)
class UnitResult:
    """The result of building a unit: what later phases and builds need of it."""

    name: str
    """Name of the unit's folder."""
    entry: UnitEntry | None
    unique_keys: tuple[UniqueKey, ...]
    """Unique keys, long texts excluded (their duplicates only warn)."""
    tally: Tally
    packed_files: bytes
    """The output files, packed to keep the state of a province small (see output_files)."""
    page_count: int
    """Number of HTML pages among the output files."""
    sitemap_hash: str
    """Hash of the unit's sitemap entries."""
    source_count: int
    """Number of data files read."""
    search_entry: IndexedUnit | None
    """The unit's entry in the search index; None if it has no pages."""
    rows_part: str = ""
    """Name of the part file with the unit's open-data rows; empty if there is none."""
    copies: tuple[ArchivedPage, ...] = ()
    """Archived pages: replaced versions of the unit's pages."""
    markdown: "MarkdownPages | None" = None
    """What is still needed of the present pages if MkDocs has yet to render them."""

    @property
    def part_names(self) -> frozenset[str]:
        """Names of the unit's part files in the workspace."""
        search_part = self.search_entry.posting_file if self.search_entry else ""
        return frozenset({search_part, self.rows_part} - {""})

    @property
    def output_files(self) -> Iterator[OutputFile]:
        """The files of the unit's pages; none if a problem blocks their publication."""
        return map(OutputFile._make, unpack_values(self.packed_files))


@dataclass(frozen=True, slots=True)
class UnitJob:
    """A batch of units to build in one task."""

    context_path: Path
    """Path of the pickled build context."""
    context_digest: str
    units: tuple[str, ...]
    output: BuildOutput
    """Where pages and search data are written."""
    past: HistoryInputs = field(default_factory=HistoryInputs)
    """The units' git history."""
    present_results: Mapping[str, UnitResult] = field(default_factory=dict)
    """Present results of the units around whose pages only the theme has changed, by name."""


def build_units(job: UnitJob) -> list[UnitResult]:
    """Read, check and render the units of a job one after another."""
    context = read_context(job.context_path, job.context_digest)
    with pause_gc():
        return [
            _refill_unit(name, context, job) or _build_unit(name, context, job)
            for name in job.units
        ]


def _refill_unit(name: str, context: BuildContext, job: UnitJob) -> UnitResult | None:
    """Fill a unit's present pages into the theme's new templates; return None if that is impossible."""
    result, writer = job.present_results.get(name), context.writer
    if result is None or context.present_pages is None or not isinstance(writer, HtmlWriter):
        return None
    pages = refill_pages(result.output_files, context.present_pages, writer.templates, job.output)
    try:
        files = list(map(tuple, pages))
    except ChangedPageError:
        return None
    return replace(result, packed_files=pack_values(files))


class _ValidUnit(NamedTuple):
    """A unit that may be published."""

    unit: Unit
    disclosures: Sequence[Disclosure]
    problems: ProblemsByFile


class _WrittenUnit(NamedTuple):
    """What has been written of a unit; nothing by default."""

    files: Sequence[OutputFile] = ()
    entry: UnitEntry | None = None
    search_entry: IndexedUnit | None = None
    rows_part: str = ""
    copies: tuple[ArchivedPage, ...] = ()
    markdown: MarkdownPages | None = None


class _UnitPast(NamedTuple):
    """The git history of a unit."""

    slug: str
    versions: UnitVersions
    library: VersionLibrary
    manifest_hashes: Mapping[str, str]


_PERSONAL_DATA = "YS-"
"""What the ids of rules about personal data begin with."""
_ArchivedPages = Sequence[tuple[ArchivedPage, Page]]


@lru_cache(maxsize=1)
def _shared_plans(context_digest: str) -> FormPlans:
    """Return the plans of forms that all units of a build share in a process."""
    del context_digest
    return FormPlans()


def _build_unit(name: str, context: BuildContext, job: UnitJob) -> UnitResult:
    exists = (context.common.folder / "units" / name).is_dir()
    plans = _shared_plans(job.context_digest)
    dataset = read_units(context.common, [name] if exists else [], plans)
    judgement = check_units(dataset)
    written = _WrittenUnit()
    if context.common.site and dataset.units and _is_rendered(judgement, context):
        valid = _ValidUnit(dataset.units[0], dataset.disclosures, judgement.by_disclosure)
        written = _write_unit(valid, context, job)
    elif context.common.site and not exists:
        written = _write_withdrawn_unit(name, context, job)
    return UnitResult(
        name=name,
        entry=written.entry,
        unique_keys=tuple(iter_unique_keys(dataset, include_texts=False)),
        tally=Tally.from_problems(judgement.problems),
        packed_files=pack_values(list(map(tuple, written.files))),
        page_count=count_pages(written.files, context.writer),
        sitemap_hash=hash_sitemap_entries(written.files),
        source_count=len(dataset.sources),
        search_entry=written.search_entry,
        rows_part=written.rows_part,
        copies=written.copies,
        markdown=written.markdown,
    )


def _write_unit(valid: _ValidUnit, context: BuildContext, job: UnitJob) -> _WrittenUnit:
    """Write the pages of a unit and the files beside them; for a website also its other data."""
    unit, disclosures, problems = valid
    past = _unit_past(unit.slug, context, job)
    histories = build_histories(past.versions, past.library)
    entry = unit_entry(
        unit, disclosures, problems, histories, shows_warnings=context.site.shows_warnings
    )
    pages = list(render_unit_pages(unit, entry, disclosures, problems, context.site))
    archived = _archived_pages(past, context, pages, unit.facts.withdrawals)
    copies = tuple(copy for copy, _ in archived)
    pages = list(add_archive_links(pages, copies, unit.slug))
    rendered = [(page, context.render_page(page)) for page in pages]
    feeds = render_unit_feeds(entry, unit.facts.former_slugs, context.publisher)
    files = [write_page(*pair, context.writer, job.output) for pair in rendered]
    files += write_files(
        unit_side_files(unit, disclosures, problems, context.site, context.site_url), job.output
    )
    files += write_files(feeds, job.output)
    files += _write_archived_pages(archived, context, job.output)
    written = _WrittenUnit(files=files, entry=entry, copies=copies)
    if context.writer.makes_website:
        return _add_website_data(written, valid, rendered, context, job.output)
    return written


def _add_website_data(
    written: _WrittenUnit,
    valid: _ValidUnit,
    rendered: Sequence[tuple[Page, RenderedPage]],
    context: BuildContext,
    output: BuildOutput,
) -> _WrittenUnit:
    """Write redirects, search data and rows for the bulk download."""
    unit, disclosures, problems = valid
    facts, names = dict(unit_page_facts(disclosures, problems)), _search_names(unit, disclosures)
    if isinstance(context.writer, HtmlWriter):
        sources = _search_sources(rendered, facts)
        search_entry, text_files = write_search_texts(unit.slug, sources, names, output)
        written = written._replace(files=[*written.files, *text_files], search_entry=search_entry)
    else:
        pages = _markdown_pages(rendered, facts, context.common.shown)
        written = written._replace(markdown=MarkdownPages(tuple(pages), names))
    redirects = _write_redirects(unit, [page for page, _ in rendered], context, output)
    rows_part = ""
    if context.store_rows:
        rows = pack_rows(unit_rows(unit, disclosures, problems))
        rows_part = write_part(rows, unit.slug, ".rows", output)
    return written._replace(
        files=[*written.files, *redirects],
        rows_part=rows_part,
    )


def _is_rendered(judgement: Judgement, context: BuildContext) -> bool:
    """Whether a unit gets pages: in a preview with errors too, but never with personal data."""
    if not judgement.blocks:
        return True
    return context.shows_errors and not any(
        problem.is_blocking and problem.rule.id.startswith(_PERSONAL_DATA)
        for problem in judgement.problems
    )


def _write_withdrawn_unit(name: str, context: BuildContext, job: UnitJob) -> _WrittenUnit:
    """Write the archived pages of a unit that no longer exists."""
    archived = _archived_pages(_unit_past(name, context, job), context)
    files = list(_write_archived_pages(archived, context, job.output))
    return _WrittenUnit(files=files, copies=tuple(copy for copy, _ in archived))


def _unit_past(name: str, context: BuildContext, job: UnitJob) -> _UnitPast:
    library = VersionLibrary(context.common, job.past.forms, job.past.blobs)
    return _UnitPast(name, job.past.units.get(name, {}), library, job.past.manifest_hashes)


def _archived_pages(
    past: _UnitPast,
    context: BuildContext,
    pages: Sequence[Page] = (),
    withdrawals: Sequence[Withdrawal] = (),
) -> _ArchivedPages:
    """Return the replaced versions of a unit's present pages; none if the output is no website."""
    if not context.writer.makes_website:
        return []
    reasons = {
        withdrawal.year: f"{withdrawal.reason}（{withdrawal.date}）" for withdrawal in withdrawals
    }
    archive = ArchiveContext(
        past=past.versions,
        library=past.library,
        site=context.site,
        manifest_hashes=past.manifest_hashes,
        links=LinkRewriter(past.slug, frozenset(page.head.url for page in pages)),
        withdrawal_reasons=reasons,
    )
    return list(render_archived_pages(archive))


def _write_archived_pages(
    archived: _ArchivedPages, context: BuildContext, output: BuildOutput
) -> Iterator[OutputFile]:
    for _, page in archived:
        file = write_page(page, context.render_page(page), context.writer, output)
        yield file._replace(may_list=False, lastmod="")


def _search_sources(
    rendered: Iterable[tuple[Page, RenderedPage]], facts: Mapping[str, PageFacts]
) -> Iterator[SourcePage]:
    for page, complete in rendered:
        if page_facts := _page_facts(page, facts):
            yield SourcePage(page.head.url, complete.text, page_facts)


def _markdown_pages(
    rendered: Iterable[tuple[Page, RenderedPage]], facts: Mapping[str, PageFacts], data_name: str
) -> Iterator[MarkdownPage]:
    for page, _ in rendered:
        yield MarkdownPage(page.path, data_file(page, data_name), _page_facts(page, facts))


def _page_facts(page: Page, facts: Mapping[str, PageFacts]) -> PageFacts | None:
    """Return the facts of a page for the search; None if the search leaves it out."""
    category = page.type.category
    return (facts.get(page.head.url) or PageFacts(category)) if category else None


def _search_names(unit: Unit, disclosures: Sequence[Disclosure]) -> UnitNames:
    projects: dict[str, str] = {}
    for disclosure in reversed(disclosures):
        for project in disclosure.projects:
            projects.setdefault(project.name, f"{disclosure.year}/projects/{project.slug}/")
    facts = unit.facts
    other_names = (*facts.short_names, *facts.former_names)
    return UnitNames(facts.name, other_names, facts.department, tuple(projects.items()))


def write_search_texts(
    slug: str, sources: Iterable[SourcePage], names: UnitNames, output: BuildOutput
) -> tuple[IndexedUnit, list[OutputFile]]:
    """Write the search data of some pages; return their index entry and the site's text files."""
    texts = index_pages(sources, names)
    part = write_part(texts.postings, slug, "", output)
    folder = f"{INDEX_FOLDER}text/{slug}"
    blocks = (
        (f"{folder}/{number}.json.bin", block) for number, block in enumerate(texts.text_blocks)
    )
    files = list(write_files(blocks, output))
    return indexed_unit(texts, part, names, output.known_pinyin), files


def _write_redirects(
    unit: Unit, pages: Sequence[Page], context: BuildContext, output: BuildOutput
) -> Iterator[OutputFile]:
    """Write redirects from the addresses under the unit's former slugs to its present pages."""
    redirects = (
        _redirect(
            page, f"units/{slug}/{page.head.url.removeprefix(f'units/{unit.slug}/')}", context
        )
        for slug in unit.facts.former_slugs
        for page in pages
    )
    for file in write_files(redirects, output):
        yield file._replace(may_list=False)


def _redirect(page: Page, url: str, context: BuildContext) -> tuple[str, bytes]:
    """Return path and content of the redirect from `url` to a page."""
    target = relative_url(page.head.url, url)
    html = redirect_html(page.head.title, target, urljoin(context.site_url, page.head.url))
    return f"{url}index.html", html.encode()
