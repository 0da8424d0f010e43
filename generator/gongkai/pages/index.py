"""Which pages stand above the units, and what each of them is made of."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gongkai.model.publication import Site
from gongkai.model.terms import PageKind
from gongkai.pages.corrections import (
    CORRECTIONS,
    correction_years,
    corrections_key,
    corrections_view,
    corrections_year_view,
)
from gongkai.pages.downloads import list_downloads
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.links import UNITS
from gongkai.pages.lists import (
    YEARS,
    home_view,
    of_year,
    part_link,
    unit_parts,
    units_part_view,
    units_view,
    year_link,
    year_part_view,
    year_parts,
    year_view,
    years_of,
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
from gongkai.runtime.hashing import combined


@dataclass(frozen=True, slots=True)
class Listed:
    """A page above the units; what it shows is worked out only where that is asked for."""

    kind: PageKind
    path: str
    """Of its Markdown."""
    view: Callable[[], View]
    key: str = ""
    """The hash of all that it is made of; empty where that is not worth knowing."""

    @property
    def site_path(self) -> str:
        """The file of the site that it becomes."""
        url = self.path.removesuffix(".md")
        return "index.html" if url == "index" else f"{url.removesuffix('/index')}/index.html"


def listed(units: Sequence[UnitEntry], site: Site) -> Iterator[Listed]:
    """Yield home, years, units and registers."""
    for page in _listed(units, site):
        yield replace(page, view=partial(_offering, page.view, site))


def _offering(view_of: Callable[[], View], site: Site) -> View:
    """What a page shows, with the files that hold its rows; none where it has no rows of its own."""
    view = view_of()
    match view:
        case ListView() | ShortfallsView() | CorrectionsView():
            rows = bool(view.lines)
        case StatusView():
            rows = any(year.lines for year in view.years)
        case _:
            return view
    if not rows:
        return view
    return view._replace(head=replace(view.head, downloads=list_downloads(view.head.url, site)))


def _listed(units: Sequence[UnitEntry], site: Site) -> Iterator[Listed]:
    yield Listed(PageKind.HOME, "index.md", partial(home_view, units))
    yield Listed(PageKind.YEARS, f"{YEARS.url}index.md", partial(years_view, units))
    whole = _key(_newest(units))
    yield Listed(PageKind.UNITS, f"{UNITS.url}index.md", partial(units_view, units), whole)
    for share in unit_parts(units):
        path, key = list_path(part_link(UNITS, share).url), _key(_newest(share.units))
        yield Listed(PageKind.PART, path, partial(units_part_view, share), key)
    for year in years_of(units):
        yield from _year(year, units)
        yield from _shortfalls(year, units)
    yield Listed(PageKind.SHORTFALLS, f"{SHORTFALLS.url}index.md", partial(shortfalls_index, units))
    published = _key((unit, entry) for unit in units for entry in unit.entries or (None,))
    view = partial(status_view, units, site)
    yield Listed(PageKind.STATUS, f"{STATUS.url}index.md", view, published)
    yield from _corrections(units)
    yield Listed(PageKind.COMPARE, f"{COMPARE.url}index.md", compare_view)
    yield Listed(PageKind.SEARCH, f"{SEARCH.url}index.md", search_view)


def _year(year: int, units: Sequence[UnitEntry]) -> Iterator[Listed]:
    here = year_link(year)
    key = _key(of_year(year, units))
    yield Listed(PageKind.YEAR, list_path(here.url), partial(year_view, year, units), key)
    for share in year_parts(year, units):
        path, key = list_path(part_link(here, share).url), _key(of_year(year, share.units))
        yield Listed(PageKind.PART, path, partial(year_part_view, year, share), key)


def _shortfalls(year: int, units: Sequence[UnitEntry]) -> Iterator[Listed]:
    here = shortfalls_link(year)
    view = partial(shortfalls_view, year, units)
    yield Listed(PageKind.SHORTFALLS_YEAR, list_path(here.url), view, _key(of_year(year, units)))
    for share in shortfall_parts(year, units):
        path = list_path(part_link(here, share).url)
        part = partial(shortfalls_part_view, year, share)
        key = _key(of_year(year, share.units))
        yield Listed(PageKind.SHORTFALLS_PART, path, part, key)


def _corrections(units: Sequence[UnitEntry]) -> Iterator[Listed]:
    key, url = corrections_key(units), CORRECTIONS.url
    whole = partial(corrections_view, units)
    yield Listed(PageKind.CORRECTIONS, f"{url}index.md", whole, key)
    for year in correction_years(units):
        part = partial(corrections_year_view, year, units)
        yield Listed(PageKind.CORRECTIONS_YEAR, f"{url}{year}.md", part, key)


def list_path(url: str) -> str:
    """Return the Markdown path of the page at a URL."""
    return f"{url.rstrip('/')}.md"


def _newest(units: Iterable[UnitEntry]) -> Iterator[tuple[UnitEntry, Entry | None]]:
    """Units, each with its newest disclosure."""
    return ((unit, unit.entries[-1] if unit.entries else None) for unit in units)


def _key(these: Iterable[tuple[UnitEntry, Entry | None]]) -> str:
    """The hash of all that lists show of these disclosures."""
    return combined(f"{unit.told}{entry.key if entry else ''}" for unit, entry in these)
