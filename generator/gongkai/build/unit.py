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
from gongkai.build.shared_context import Frame, read_context
from gongkai.build.side_files import beside_unit
from gongkai.checks.registry import judged_units
from gongkai.checks.tally import Tally
from gongkai.checks.uniqueness import Mark, marks_of
from gongkai.exports.feeds.formats import unit_feeds
from gongkai.exports.open_data.packed_rows import packed
from gongkai.exports.open_data.rows import unit_rows
from gongkai.history.events import told
from gongkai.history.past import Needed
from gongkai.history.versions import Library
from gongkai.model.publication import Disclosure, Site, Unit
from gongkai.pages.archive.addresses import Ways
from gongkai.pages.archive.copies import Copy, Old, copies, with_copies
from gongkai.pages.entries import UnitEntry, unit_entry
from gongkai.pages.render import Page, unit_pages
from gongkai.reading.dataset import read_units
from gongkai.runtime.gc_pause import uncollected
from gongkai.runtime.urls import relative_url
from gongkai.runtime.writing import Store, Written, keep, listing, write
from gongkai.search.documents import DATA, Indexed, Names, Source, indexed, read_pages
from gongkai.search.facets import KINDS, OTHER, Facts, unit_facts


@dataclass(frozen=True, slots=True)
class UnitResult:
    """The result of building a unit: what later phases and builds need of it."""

    name: str
    """Name of the unit's folder."""
    entry: UnitEntry | None
    unique_keys: tuple[Mark, ...]
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
    search_entry: Indexed | None
    """The unit's entry in the search index; None if it has no pages."""
    rows_part: str = ""
    """Name of the part file with the unit's open-data rows; empty if there is none."""
    copies: tuple[Copy, ...] = ()
    """Archived pages: replaced versions of the unit's pages."""

    @property
    def part_names(self) -> frozenset[str]:
        """Names of the unit's part files in the workspace."""
        search_part = self.search_entry.part if self.search_entry else ""
        return frozenset({search_part, self.rows_part} - {""})

    @property
    def output_files(self) -> Iterator[Written]:
        """The files of the unit's pages; none if a problem blocks their publication."""
        return map(Written._make, marshal.loads(self.packed_files))  # noqa: S302 - we wrote it ourselves


@dataclass(frozen=True, slots=True)
class UnitJob:
    """A batch of units to build in one task."""

    context_path: Path
    """Path of the pickled build context."""
    context_digest: str
    units: tuple[str, ...]
    store: Store
    """Where pages and search data are written."""
    past: Needed = field(default_factory=Needed)
    """The units' git history."""


_ArchivedPages = list[tuple[Copy, Page]]


def build_units(job: UnitJob) -> list[UnitResult]:
    """Read, check and render the units of a job one after another."""
    context = read_context(job.context_path, job.context_digest)
    with uncollected():
        return [_build_unit(context, name, job) for name in job.units]


def _build_unit(context: Frame, name: str, job: UnitJob) -> UnitResult:
    exists = (context.common.folder / "units" / name).is_dir()
    dataset = read_units(context.common, [name] if exists else [])
    judgement = judged_units(dataset)
    library = Library(context.common, job.past.forms, job.past.blobs)
    entry, search_entry, files, rows_part = None, None, list[Written](), ""
    archived = _ArchivedPages()
    store = job.store
    if dataset.units and context.common.site and not judgement.blocks:
        unit, problems = dataset.units[0], judgement.by_disclosure
        past = told(job.past.units.get(name, {}), library)
        entry = unit_entry(unit, dataset.disclosures, problems, past)
        pages = list(unit_pages(unit, entry, dataset.disclosures, problems, context.site))
        live_urls = frozenset(page.head.url for page in pages)
        archived = _archived_pages(unit, job, library, context.site, live_urls)
        pages = list(with_copies(pages, [copy for copy, _ in archived], name))
        rendered = [(page, context.html(page)) for page in pages]
        files += (_write_page(page, html, store.out, store.known) for page, html in rendered)
        files += write_redirects(context, name, unit.facts.former_slugs, pages, store)
        side_files = beside_unit(unit, dataset.disclosures, context.site, context.site_url)
        files += [write(path, data, store.out, store.known) for path, data in side_files]
        feeds = unit_feeds(entry, unit.facts.former_slugs, context.publisher)
        files += [write(path, data, store.out, store.known) for path, data in feeds]
        sources = _search_sources(rendered, dict(unit_facts(dataset.disclosures)))
        names = _search_names(unit, dataset.disclosures)
        search_entry, text_files = write_texts(name, sources, names, store)
        files += text_files
        if context.store_rows:
            rows_part = keep(
                packed(unit_rows(unit, dataset.disclosures, problems)), name, ".rows", store
            )
    elif context.common.site and not exists:
        archived = _archived_pages(name, job, library, context.site, frozenset())
    for _, page in archived:
        archived_file = _write_page(page, context.html(page), store.out, store.known)
        files.append(archived_file._replace(listed=False, updated=""))
    return UnitResult(
        name=name,
        entry=entry,
        unique_keys=tuple(marks_of(dataset, texts=False)),
        tally=Tally.of(judgement.problems),
        packed_files=marshal.dumps(list(map(tuple, files))),
        page_count=sum(file.is_page for file in files),
        sitemap_hash=listing(files),
        source_count=len(dataset.sources),
        search_entry=search_entry,
        rows_part=rows_part,
        copies=tuple(copy for copy, _ in archived),
    )


def _archived_pages(
    unit: Unit | str, job: UnitJob, library: Library, site: Site, live_urls: frozenset[str]
) -> _ArchivedPages:
    """Return the replaced versions of a unit's pages.

    `live_urls` are the URLs of the present pages; a unit that no longer exists is given by its slug.
    """
    name = unit if isinstance(unit, str) else unit.slug
    withdrawals = () if isinstance(unit, str) else unit.facts.withdrawals
    past, ways = job.past.units.get(name, {}), Ways(name, live_urls)
    reasons = {
        withdrawal.year: f"{withdrawal.reason}（{withdrawal.date}）" for withdrawal in withdrawals
    }
    return list(copies(Old(past, library, site, job.past.seals, ways, reasons)))


def _search_sources(
    rendered: Iterable[tuple[Page, str]], facts: Mapping[str, Facts]
) -> Iterator[Source]:
    for page, html in rendered:
        page_facts = facts.get(page.head.url, Facts(KINDS.get(page.kind, OTHER)))
        yield Source(page.head.url, html, page_facts)


def _search_names(unit: Unit, disclosures: Sequence[Disclosure]) -> Names:
    projects: dict[str, str] = {}
    for disclosure in reversed(disclosures):
        for project in disclosure.projects:
            projects.setdefault(project.name, f"{disclosure.year}/projects/{project.slug}/")
    facts = unit.facts
    other_names = (*facts.short_names, *facts.former_names)
    return Names(facts.name, other_names, facts.department, tuple(projects.items()))


def write_texts(
    slug: str, sources: Iterable[Source], names: Names, store: Store
) -> tuple[Indexed, list[Written]]:
    """Write the search data of some pages; return their index entry and the site's text files."""
    texts = read_pages(sources, names)
    part = keep(texts.postings, slug, "", store)
    files = [
        write(f"{DATA}text/{slug}/{number}.json.bin", block, store.out, store.known)
        for number, block in enumerate(texts.blocks)
    ]
    return indexed(texts, part, names, store.spelt), files


def write_pages(
    context: Frame, pages: Sequence[Page], out: Path, known: Mapping[str, str]
) -> Iterator[Written]:
    """Write pages; skip those whose content hash in `known` is the same."""
    return (_write_page(page, context.html(page), out, known) for page in pages)


def _write_page(page: Page, html: str, out: Path, known: Mapping[str, str]) -> Written:
    return write(f"{page.head.url}index.html", html.encode(), out, known, page.head.updated)


def write_redirects(
    context: Frame, name: str, former_slugs: Sequence[str], pages: Sequence[Page], store: Store
) -> Iterator[Written]:
    """Write redirects from the addresses under the unit's former slugs to its present pages."""
    prefix = f"units/{name}/"
    for slug in former_slugs:
        for page in pages:
            url = f"units/{slug}/{page.head.url.removeprefix(prefix)}"
            target = relative_url(page.head.url, url)
            html = redirect_html(page.head.title, target, urljoin(context.site_url, page.head.url))
            file = write(f"{url}index.html", html.encode(), store.out, store.known)
            yield file._replace(listed=False)
