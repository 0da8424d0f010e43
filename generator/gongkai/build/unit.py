"""Build jobs: turn the data files of some units into their pages.

A job reads nothing else and keeps no state. It can run in any process, or on another machine that
sees the same folders, and running it twice does no harm.
"""

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from gongkai.build.redirects import redirect_html
from gongkai.build.shared_context import BuildContext, read_context
from gongkai.build.side_files import unit_side_files
from gongkai.checks.registry import check_units
from gongkai.checks.tally import Tally
from gongkai.checks.uniqueness import UniqueKey, iter_unique_keys
from gongkai.exports.feeds.formats import render_unit_feeds
from gongkai.exports.open_data.packed_rows import pack_rows
from gongkai.exports.open_data.rows import unit_rows
from gongkai.history.events import build_histories
from gongkai.history.past import HistoryInputs
from gongkai.history.versions import VersionLibrary
from gongkai.model.publication import Disclosure, Site, Unit
from gongkai.pages.archive.addresses import LinkRewriter
from gongkai.pages.archive.copies import (
    ArchiveContext,
    ArchivedPage,
    add_archive_links,
    render_archived_pages,
)
from gongkai.pages.entries import UnitEntry, unit_entry
from gongkai.pages.render import Page, render_unit_pages
from gongkai.reading.dataset import read_units
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.urls import relative_url
from gongkai.runtime.writing import (
    OutputFile,
    UnitOutput,
    hash_sitemap_entries,
    write_file,
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
    """The output files, marshalled to keep the state of a province small (see output_files)."""
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

    @property
    def part_names(self) -> frozenset[str]:
        """Names of the unit's part files in the workspace."""
        search_part = self.search_entry.posting_file if self.search_entry else ""
        return frozenset({search_part, self.rows_part} - {""})

    @property
    def output_files(self) -> Iterator[OutputFile]:
        """The files of the unit's pages; none if a problem blocks their publication."""
        return map(OutputFile._make, marshal.loads(self.packed_files))  # noqa: S302 - we wrote it ourselves


@dataclass(frozen=True, slots=True)
class UnitJob:
    """A batch of units to build in one task."""

    context_path: Path
    """Path of the pickled build context."""
    context_digest: str
    units: tuple[str, ...]
    store: UnitOutput
    """Where pages and search data are written."""
    past: HistoryInputs = field(default_factory=HistoryInputs)
    """The units' git history."""


_ArchivedPages = list[tuple[ArchivedPage, Page]]


def build_units(job: UnitJob) -> list[UnitResult]:
    """Read, check and render the units of a job one after another."""
    context = read_context(job.context_path, job.context_digest)
    with pause_gc():
        return [_build_unit(context, name, job) for name in job.units]


def _build_unit(context: BuildContext, name: str, job: UnitJob) -> UnitResult:
    exists = (context.common.folder / "units" / name).is_dir()
    dataset = read_units(context.common, [name] if exists else [])
    judgement = check_units(dataset)
    library = VersionLibrary(context.common, job.past.forms, job.past.blobs)
    entry, search_entry, files, rows_part = None, None, list[OutputFile](), ""
    archived = _ArchivedPages()
    store = job.store
    if dataset.units and context.common.site and not judgement.blocks:
        unit, problems = dataset.units[0], judgement.by_disclosure
        past = build_histories(job.past.units.get(name, {}), library)
        entry = unit_entry(unit, dataset.disclosures, problems, past)
        pages = list(render_unit_pages(unit, entry, dataset.disclosures, problems, context.site))
        live_urls = frozenset(page.head.url for page in pages)
        archived = _archived_pages(unit, job, library, context.site, live_urls)
        pages = list(add_archive_links(pages, [copy for copy, _ in archived], name))
        rendered = [(page, context.render_page(page)) for page in pages]
        files += (
            _write_page(page, html, store.site_folder, store.known_digests)
            for page, html in rendered
        )
        files += write_redirects(context, name, unit.facts.former_slugs, pages, store)
        side_files = unit_side_files(unit, dataset.disclosures, context.site, context.site_url)
        files += [
            write_file(path, data, store.site_folder, store.known_digests)
            for path, data in side_files
        ]
        feeds = render_unit_feeds(entry, unit.facts.former_slugs, context.publisher)
        files += [
            write_file(path, data, store.site_folder, store.known_digests) for path, data in feeds
        ]
        sources = _search_sources(rendered, dict(unit_page_facts(dataset.disclosures)))
        names = _search_names(unit, dataset.disclosures)
        search_entry, text_files = write_search_texts(name, sources, names, store)
        files += text_files
        if context.store_rows:
            rows_part = write_part(
                pack_rows(unit_rows(unit, dataset.disclosures, problems)), name, ".rows", store
            )
    elif context.common.site and not exists:
        archived = _archived_pages(name, job, library, context.site, frozenset())
    for _, page in archived:
        archived_file = _write_page(
            page, context.render_page(page), store.site_folder, store.known_digests
        )
        files.append(archived_file._replace(may_list=False, lastmod=""))
    return UnitResult(
        name=name,
        entry=entry,
        unique_keys=tuple(iter_unique_keys(dataset, include_texts=False)),
        tally=Tally.from_problems(judgement.problems),
        packed_files=marshal.dumps(list(map(tuple, files))),
        page_count=sum(file.is_page for file in files),
        sitemap_hash=hash_sitemap_entries(files),
        source_count=len(dataset.sources),
        search_entry=search_entry,
        rows_part=rows_part,
        copies=tuple(copy for copy, _ in archived),
    )


def _archived_pages(
    unit: Unit | str, job: UnitJob, library: VersionLibrary, site: Site, live_urls: frozenset[str]
) -> _ArchivedPages:
    """Return the replaced versions of a unit's pages.

    `live_urls` are the URLs of the present pages; a unit that no longer exists is given by its slug.
    """
    name = unit if isinstance(unit, str) else unit.slug
    withdrawals = () if isinstance(unit, str) else unit.facts.withdrawals
    past, ways = job.past.units.get(name, {}), LinkRewriter(name, live_urls)
    reasons = {
        withdrawal.year: f"{withdrawal.reason}（{withdrawal.date}）" for withdrawal in withdrawals
    }
    return list(
        render_archived_pages(
            ArchiveContext(past, library, site, job.past.manifest_hashes, ways, reasons)
        )
    )


def _search_sources(
    rendered: Iterable[tuple[Page, str]], facts: Mapping[str, PageFacts]
) -> Iterator[SourcePage]:
    for page, html in rendered:
        url, category = page.head.url, page.type.category
        if category:
            yield SourcePage(url, html, facts.get(url) or PageFacts(category))


def _search_names(unit: Unit, disclosures: Sequence[Disclosure]) -> UnitNames:
    projects: dict[str, str] = {}
    for disclosure in reversed(disclosures):
        for project in disclosure.projects:
            projects.setdefault(project.name, f"{disclosure.year}/projects/{project.slug}/")
    facts = unit.facts
    other_names = (*facts.short_names, *facts.former_names)
    return UnitNames(facts.name, other_names, facts.department, tuple(projects.items()))


def write_search_texts(
    slug: str, sources: Iterable[SourcePage], names: UnitNames, store: UnitOutput
) -> tuple[IndexedUnit, list[OutputFile]]:
    """Write the search data of some pages; return their index entry and the site's text files."""
    texts = index_pages(sources, names)
    part = write_part(texts.postings, slug, "", store)
    files = [
        write_file(
            f"{INDEX_FOLDER}text/{slug}/{number}.json.bin",
            block,
            store.site_folder,
            store.known_digests,
        )
        for number, block in enumerate(texts.text_blocks)
    ]
    return indexed_unit(texts, part, names, store.known_pinyin), files


def write_pages(
    context: BuildContext, pages: Sequence[Page], out: Path, known: Mapping[str, str]
) -> Iterator[OutputFile]:
    """Write pages; skip those whose content hash in `known` is the same."""
    return (_write_page(page, context.render_page(page), out, known) for page in pages)


def _write_page(page: Page, html: str, out: Path, known: Mapping[str, str]) -> OutputFile:
    return write_file(f"{page.head.url}index.html", html.encode(), out, known, page.head.updated)


def write_redirects(
    context: BuildContext,
    name: str,
    former_slugs: Sequence[str],
    pages: Sequence[Page],
    store: UnitOutput,
) -> Iterator[OutputFile]:
    """Write redirects from the addresses under the unit's former slugs to its present pages."""
    prefix = f"units/{name}/"
    for slug in former_slugs:
        for page in pages:
            url = f"units/{slug}/{page.head.url.removeprefix(prefix)}"
            target = relative_url(page.head.url, url)
            html = redirect_html(page.head.title, target, urljoin(context.site_url, page.head.url))
            file = write_file(
                f"{url}index.html", html.encode(), store.site_folder, store.known_digests
            )
            yield file._replace(may_list=False)
