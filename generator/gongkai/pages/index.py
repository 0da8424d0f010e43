"""Pages above the units: home, years, units, registers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from gongkai.model.publication import Site
from gongkai.pages.contradictions import contradiction_pages
from gongkai.pages.corrections import correction_pages
from gongkai.pages.departments import department_pages
from gongkai.pages.downloads import list_downloads
from gongkai.pages.entries import UnitEntry
from gongkai.pages.home import home_page
from gongkai.pages.indicator_index import indicator_pages
from gongkai.pages.list_page import ListPage
from gongkai.pages.lists import unit_list_pages
from gongkai.pages.registers import register_pages
from gongkai.pages.views.common import View
from gongkai.pages.views.lists import (
    DepartmentsView,
    DepartmentView,
    IndicatorsView,
    ListView,
    ShortfallsView,
)
from gongkai.pages.views.registers import ContradictionsView, CorrectionsView, StatusView


def iter_list_pages(units: Sequence[UnitEntry], site: Site) -> Iterator[ListPage]:
    """Yield home, years, units and registers."""
    pages = chain(
        (home_page(units, site),),
        unit_list_pages(units),
        department_pages(units),
        register_pages(units, site),
        indicator_pages(units),
        contradiction_pages(units),
        correction_pages(units),
    )
    for page in pages:
        yield replace(page, view=partial(_view_with_downloads, page.view, site))


def _view_with_downloads(build_view: Callable[[], View], site: Site) -> View:
    """Return a page's view with links to the files of its rows, if it has rows."""
    view = build_view()
    match view:
        case (
            ListView()
            | DepartmentView()
            | DepartmentsView()
            | ShortfallsView()
            | IndicatorsView()
            | ContradictionsView()
            | CorrectionsView()
        ):
            has_rows = bool(view.lines)
        case StatusView():
            has_rows = any(year.lines for year in view.years)
        case _:
            return view
    if not has_rows:
        return view
    return view._replace(head=replace(view.head, downloads=list_downloads(view.head.url, site)))
