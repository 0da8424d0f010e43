"""The unit of work: some units' files become their pages. Nothing else is read, nothing remembered.

It may run in any process, or on another machine that sees the same folders; to run it twice does no
harm.
"""

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from gongkai.build.redirects import redirect_html
from gongkai.build.shared_context import Frame, read_frame
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
    """What has become of a unit, as far as others need to know."""

    name: str
    """Its folder."""
    entry: UnitEntry | None
    marks: tuple[Mark, ...]
    """Without those of long texts, which keep no site from being published."""
    tally: Tally
    packed: bytes
    """The files of its pages (see written), so that a province's need little time and room."""
    pages: int
    """How many of them people look at."""
    listing: str
    """The hash of what the sitemap tells of them."""
    files: int
    """How many data files were read."""
    found: Indexed | None
    """What the search needs of its pages; None where it has none."""
    rows: str = ""
    """The part that holds its rows of the open data; empty where there is none."""
    copies: tuple[Copy, ...] = ()
    """Its pages that were replaced, and are kept."""

    @property
    def parts(self) -> frozenset[str]:
        """What is kept of it in the workspace."""
        return frozenset({self.found.part if self.found else "", self.rows} - {""})

    @property
    def written(self) -> Iterator[Written]:
        """The files of its pages; none where anything keeps them from being published."""
        return map(Written._make, marshal.loads(self.packed))  # noqa: S302 - we wrote it ourselves


@dataclass(frozen=True, slots=True)
class Order:
    """Some units to be done."""

    frame: Path
    """Where the frame lies, pickled."""
    frame_digest: str
    units: tuple[str, ...]
    store: Store
    """Where pages are written, and what the search needs of them."""
    past: Needed = field(default_factory=Needed)
    """What git knows of these units' past."""


_Kept = list[tuple[Copy, Page]]


def done(order: Order) -> list[UnitResult]:
    """Read, judge and render units, one after another."""
    frame = read_frame(order.frame, order.frame_digest)
    with uncollected():
        return [_unit(frame, name, order) for name in order.units]


def _unit(frame: Frame, name: str, order: Order) -> UnitResult:
    there = (frame.common.folder / "units" / name).is_dir()
    dataset = read_units(frame.common, [name] if there else [])
    judgement = judged_units(dataset)
    library = Library(frame.common, order.past.forms, order.past.blobs)
    entry, found, written, rows = None, None, list[Written](), ""
    old = _Kept()
    if dataset.units and frame.common.site and not judgement.blocks:
        unit, problems = dataset.units[0], judgement.by_disclosure
        past = told(order.past.units.get(name, {}), library)
        entry = unit_entry(unit, dataset.disclosures, problems, past)
        pages = list(unit_pages(unit, entry, dataset.disclosures, problems, frame.site))
        live = frozenset(page.head.url for page in pages)
        old = _old(unit, order, library, frame.site, live)
        pages = list(with_copies(pages, [each for each, _ in old], name))
        made = [(page, frame.html(page)) for page in pages]
        written += (_write_page(*each, order.store.out, order.store.known) for each in made)
        written += write_redirects(frame, name, unit.facts.former_slugs, pages, order.store)
        store = order.store
        files = beside_unit(unit, dataset.disclosures, frame.site, frame.site_url)
        written += [write(path, data, store.out, store.known) for path, data in files]
        feeds = unit_feeds(entry, unit.facts.former_slugs, frame.publisher)
        written += [write(path, data, store.out, store.known) for path, data in feeds]
        sources = _sources(made, dict(unit_facts(dataset.disclosures)))
        found, texts = write_texts(name, sources, _names(unit, dataset.disclosures), order.store)
        written += texts
        if frame.rows:
            rows = keep(
                packed(unit_rows(unit, dataset.disclosures, problems)), name, ".rows", store
            )
    elif frame.common.site and not there:
        old = _old(name, order, library, frame.site, frozenset())
    for _, page in old:
        made_old = _write_page(page, frame.html(page), order.store.out, order.store.known)
        written.append(made_old._replace(listed=False, updated=""))
    return UnitResult(
        name=name,
        entry=entry,
        marks=tuple(marks_of(dataset, texts=False)),
        tally=Tally.of(judgement.problems),
        packed=marshal.dumps(list(map(tuple, written))),
        pages=sum(each.is_page for each in written),
        listing=listing(written),
        files=len(dataset.sources),
        found=found,
        rows=rows,
        copies=tuple(each for each, _ in old),
    )


def _old(
    unit: Unit | str, order: Order, library: Library, site: Site, live: frozenset[str]
) -> _Kept:
    """What stood at a unit and was replaced; `live` are its pages now. A unit that is gone has a name only."""
    name = unit if isinstance(unit, str) else unit.slug
    withdrawals = () if isinstance(unit, str) else unit.facts.withdrawals
    needed = order.past
    past, ways = needed.units.get(name, {}), Ways(name, live)
    reasons = {each.year: f"{each.reason}（{each.date}）" for each in withdrawals}
    return list(copies(Old(past, library, site, needed.seals, ways, reasons)))


def _sources(made: Iterable[tuple[Page, str]], facts: Mapping[str, Facts]) -> Iterator[Source]:
    for page, html in made:
        its = facts.get(page.head.url, Facts(KINDS.get(page.kind, OTHER)))
        yield Source(page.head.url, html, its)


def _names(unit: Unit, disclosures: Sequence[Disclosure]) -> Names:
    projects: dict[str, str] = {}
    for disclosure in reversed(disclosures):
        for each in disclosure.projects:
            projects.setdefault(each.name, f"{disclosure.year}/projects/{each.slug}/")
    facts = unit.facts
    others = (*facts.short_names, *facts.former_names)
    return Names(facts.name, others, facts.department, tuple(projects.items()))


def write_texts(
    slug: str, sources: Iterable[Source], names: Names, store: Store
) -> tuple[Indexed, list[Written]]:
    """Write what the search needs of some pages; what is to be remembered, and the site's files."""
    found = read_pages(sources, names)
    name = keep(found.postings, slug, "", store)
    written = [
        write(f"{DATA}text/{slug}/{number}.json.bin", block, store.out, store.known)
        for number, block in enumerate(found.blocks)
    ]
    return indexed(found, name, names, store.spelt), written


def write_pages(
    frame: Frame, pages: Sequence[Page], out: Path, known: Mapping[str, str]
) -> Iterator[Written]:
    """Write pages, but for those that are known to be there already."""
    return (_write_page(page, frame.html(page), out, known) for page in pages)


def _write_page(page: Page, html: str, out: Path, known: Mapping[str, str]) -> Written:
    return write(f"{page.head.url}index.html", html.encode(), out, known, page.head.updated)


def write_redirects(
    frame: Frame, name: str, former: Sequence[str], pages: Sequence[Page], store: Store
) -> Iterator[Written]:
    """At each former address of a unit's pages, a page that leads to the present one."""
    now = f"units/{name}/"
    for slug in former:
        for page in pages:
            url = f"units/{slug}/{page.head.url.removeprefix(now)}"
            way = relative_url(page.head.url, url)
            text = redirect_html(page.head.title, way, urljoin(frame.site_url, page.head.url))
            made = write(f"{url}index.html", text.encode(), store.out, store.known)
            yield made._replace(listed=False)
