"""Which pages stand above the units, and what each of them is made of."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from generator.corrected import (
    CORRECTIONS,
    correction_years,
    corrections_key,
    corrections_view,
    corrections_year_view,
)
from generator.downloads import list_downloads
from generator.entries import Entry, UnitEntry
from generator.fingerprints import combined
from generator.forms import Form
from generator.lines import UNITS
from generator.listing import (
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
from generator.open_views import Whole
from generator.opendata.api import used_forms
from generator.opendata.dictionary import DICTIONARY, dictionary_view, form_link, form_view
from generator.opendata.offering import DATA, data_view
from generator.overviews import ListView, ShortfallsView, View
from generator.publication import Site
from generator.register_views import CorrectionsView, StatusView
from generator.registers import (
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
from generator.terms import PageKind


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


def listed(
    units: Sequence[UnitEntry],
    site: Site,
    forms: Sequence[Form] = (),
    whole: Whole | None = None,
) -> Iterator[Listed]:
    """Every page above the units.

    The data dictionary tells of those of the forms that are in use; `whole` is the whole of the
    data.
    """
    for each in _listed(units, site):
        yield replace(each, view=partial(_offering, each.view, site))
    yield Listed(
        PageKind.DATA, f"{DATA.url}index.md", partial(data_view, units, site, whole or Whole())
    )
    yield from _dictionary(used_forms(units, forms))


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
        path, key = _path(part_link(UNITS, share).url), _key(_newest(share.units))
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


def _dictionary(forms: Sequence[Form]) -> Iterator[Listed]:
    key = " ".join(("dictionary", *(each.id for each in forms)))
    path = f"{DICTIONARY.url}index.md"
    yield Listed(PageKind.DICTIONARY, path, partial(dictionary_view, forms), key)
    for form in forms:
        yield Listed(PageKind.FORM, _path(form_link(form).url), partial(form_view, form), form.id)


def _year(year: int, units: Sequence[UnitEntry]) -> Iterator[Listed]:
    here = year_link(year)
    key = _key(of_year(year, units))
    yield Listed(PageKind.YEAR, _path(here.url), partial(year_view, year, units), key)
    for share in year_parts(year, units):
        path, key = _path(part_link(here, share).url), _key(of_year(year, share.units))
        yield Listed(PageKind.PART, path, partial(year_part_view, year, share), key)


def _shortfalls(year: int, units: Sequence[UnitEntry]) -> Iterator[Listed]:
    here = shortfalls_link(year)
    view = partial(shortfalls_view, year, units)
    yield Listed(PageKind.SHORTFALLS_YEAR, _path(here.url), view, _key(of_year(year, units)))
    for share in shortfall_parts(year, units):
        path = _path(part_link(here, share).url)
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


def _path(url: str) -> str:
    return f"{url.rstrip('/')}.md"


def _newest(units: Iterable[UnitEntry]) -> Iterator[tuple[UnitEntry, Entry | None]]:
    """Units, each with its newest disclosure."""
    return ((unit, unit.entries[-1] if unit.entries else None) for unit in units)


def _key(these: Iterable[tuple[UnitEntry, Entry | None]]) -> str:
    """The hash of all that lists show of these disclosures."""
    return combined(f"{unit.told}{entry.key if entry else ''}" for unit, entry in these)
