"""Pages above the units: home, years, units, registers; their views are built on demand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gongkai.model.publication import Site
from gongkai.model.terms import PageKind
from gongkai.pages.corrections import (
    CORRECTIONS,
    correction_years,
    corrections_hash,
    corrections_view,
    corrections_year_view,
)
from gongkai.pages.downloads import list_downloads
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.links import UNITS
from gongkai.pages.lists import (
    YEARS,
    disclosed_years,
    entries_of_year,
    home_view,
    part_link,
    unit_parts,
    units_part_view,
    units_view,
    year_link,
    year_part_view,
    year_parts,
    year_view,
    years_view,
)
from gongkai.pages.registers import (
    COMPARE,
    SEARCH,
    SHORTFALLS,
    STATUS,
    compare_view,
    search_view,
    shortfall_parts,
    shortfalls_index,
    shortfalls_link,
    shortfalls_part_view,
    shortfalls_view,
    status_view,
)
from gongkai.pages.views.lists import ListView, ShortfallsView, View
from gongkai.pages.views.registers import CorrectionsView, StatusView
from gongkai.runtime.hashing import hash_texts


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page above the units; calling `view` builds what it shows."""

    kind: PageKind
    path: str
    """Path of its Markdown."""
    view: Callable[[], View]
    key: str = ""
    """Hash of everything that the page shows; empty if the page is always built again."""

    @property
    def site_path(self) -> str:
        """Path of the page's HTML file within the site."""
        url = self.path.removesuffix(".md")
        return "index.html" if url == "index" else f"{url.removesuffix('/index')}/index.html"


def iter_list_pages(units: Sequence[UnitEntry], site: Site) -> Iterator[ListPage]:
    """Yield home, years, units and registers."""
    for page in _iter_pages(units, site):
        yield replace(page, view=partial(_view_with_downloads, page.view, site))


def _view_with_downloads(build_view: Callable[[], View], site: Site) -> View:
    """Return a page's view with links to the files of its rows, if it has rows."""
    view = build_view()
    match view:
        case ListView() | ShortfallsView() | CorrectionsView():
            has_rows = bool(view.lines)
        case StatusView():
            has_rows = any(year.lines for year in view.years)
        case _:
            return view
    if not has_rows:
        return view
    return view._replace(head=replace(view.head, downloads=list_downloads(view.head.url, site)))


def _iter_pages(units: Sequence[UnitEntry], site: Site) -> Iterator[ListPage]:
    yield ListPage(PageKind.HOME, "index.md", partial(home_view, units))
    yield ListPage(PageKind.YEARS, f"{YEARS.url}index.md", partial(years_view, units))
    units_key = _entries_key(_newest_entries(units))
    yield ListPage(PageKind.UNITS, f"{UNITS.url}index.md", partial(units_view, units), units_key)
    for part in unit_parts(units):
        path = list_path(part_link(UNITS, part).url)
        key = _entries_key(_newest_entries(part.units))
        yield ListPage(PageKind.PART, path, partial(units_part_view, part), key)
    for year in disclosed_years(units):
        yield from _year_pages(year, units)
        yield from _shortfall_pages(year, units)
    yield ListPage(
        PageKind.SHORTFALLS, f"{SHORTFALLS.url}index.md", partial(shortfalls_index, units)
    )
    status_key = _entries_key((unit, entry) for unit in units for entry in unit.entries or (None,))
    view = partial(status_view, units, site)
    yield ListPage(PageKind.STATUS, f"{STATUS.url}index.md", view, status_key)
    yield from _correction_pages(units)
    yield ListPage(PageKind.COMPARE, f"{COMPARE.url}index.md", compare_view)
    yield ListPage(PageKind.SEARCH, f"{SEARCH.url}index.md", search_view)


def _year_pages(year: int, units: Sequence[UnitEntry]) -> Iterator[ListPage]:
    link = year_link(year)
    key = _entries_key(entries_of_year(year, units))
    yield ListPage(PageKind.YEAR, list_path(link.url), partial(year_view, year, units), key)
    for part in year_parts(year, units):
        path = list_path(part_link(link, part).url)
        key = _entries_key(entries_of_year(year, part.units))
        yield ListPage(PageKind.PART, path, partial(year_part_view, year, part), key)


def _shortfall_pages(year: int, units: Sequence[UnitEntry]) -> Iterator[ListPage]:
    link = shortfalls_link(year)
    view = partial(shortfalls_view, year, units)
    key = _entries_key(entries_of_year(year, units))
    yield ListPage(PageKind.SHORTFALLS_YEAR, list_path(link.url), view, key)
    for part in shortfall_parts(year, units):
        path = list_path(part_link(link, part).url)
        view = partial(shortfalls_part_view, year, part)
        key = _entries_key(entries_of_year(year, part.units))
        yield ListPage(PageKind.SHORTFALLS_PART, path, view, key)


def _correction_pages(units: Sequence[UnitEntry]) -> Iterator[ListPage]:
    key, url = corrections_hash(units), CORRECTIONS.url
    view = partial(corrections_view, units)
    yield ListPage(PageKind.CORRECTIONS, f"{url}index.md", view, key)
    for year in correction_years(units):
        year_page = partial(corrections_year_view, year, units)
        yield ListPage(PageKind.CORRECTIONS_YEAR, f"{url}{year}.md", year_page, key)


def list_path(url: str) -> str:
    """Return the Markdown path of the page at a URL."""
    return f"{url.rstrip('/')}.md"


def _newest_entries(units: Iterable[UnitEntry]) -> Iterator[tuple[UnitEntry, Entry | None]]:
    """Yield units with their newest disclosure."""
    return ((unit, unit.entries[-1] if unit.entries else None) for unit in units)


def _entries_key(entries: Iterable[tuple[UnitEntry, Entry | None]]) -> str:
    """Return the hash of everything that lists show of these disclosures."""
    return hash_texts(f"{unit.shown_fields}{entry.key if entry else ''}" for unit, entry in entries)
