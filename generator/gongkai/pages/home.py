"""The home page: what a year came to, where to look first, departments, what is new and late."""

from collections.abc import Iterable, Iterator, Sequence

from gongkai.model.publication import Site
from gongkai.pages import page_types
from gongkai.pages.contradictions import year_contradictions_link
from gongkai.pages.departments import department_chart, department_lines
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.links import HOME
from gongkai.pages.list_page import ListPage
from gongkai.pages.lists import (
    disclosed_years,
    entries_of_year,
    evaluated_years,
    unit_line,
    year_line,
    year_link,
)
from gongkai.pages.rankings import rankings
from gongkai.pages.registers import STATUS, late_units, year_shortfalls_link
from gongkai.pages.totals import count_sentence, target_sentences, year_figures
from gongkai.pages.views.common import PageHead
from gongkai.pages.views.lists import HomeView, LatestDisclosure, Ranking

_MAX_UNITS = 15
"""Number of units up to which the home page has the table of them all."""
_NEWEST_COUNT = 8
"""Number of disclosures that are listed as newest."""


def home_page(units: Sequence[UnitEntry], site: Site) -> ListPage:
    """Return the home page."""
    return ListPage(page_types.HOME, HOME.url, lambda: home_view(units, site))


def home_view(units: Sequence[UnitEntry], site: Site) -> HomeView:
    """Return what the home page shows."""
    years = disclosed_years(units)
    newest = max(evaluated_years(units) or years, default=None)
    entries = entries_of_year(newest, units) if newest else []
    before = entries_of_year(newest - 1, units) if newest else []
    sentence = f"本站收录 {len(units)} 个单位、{len(years)} 个年度的预算绩效自评。"
    late, days = late_units(units, site, newest) if newest else ((), "")
    departments = department_lines(units, newest) if newest else ()
    return HomeView(
        head=PageHead(HOME.title, HOME.url, "", (), has_feeds=True),
        summary=(
            sentence,
            *_year_summary(newest, [entry for _, entry in entries]),
        ),
        figures=tuple(year_figures(entries, before, newest)) if newest else (),
        rankings=_rankings(newest, entries),
        charts=department_chart(departments, newest) if newest else (),
        departments=departments if len(departments) > 1 else (),
        late=late,
        late_note=days,
        late_page=STATUS,
        years=tuple(year_line(year, units) for year in reversed(years)),
        latest=tuple(_newest_disclosures(units)),
        lines=tuple(unit_line(unit, entry) for unit, entry in entries)
        if len(entries) <= _MAX_UNITS
        else (),
        latest_year=year_link(newest) if newest else None,
    )


def _year_summary(newest: int | None, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what the figures above do not say."""
    if newest is not None:
        yield count_sentence(newest, entries)
        yield from target_sentences(entries)


def _rankings(
    newest: int | None, entries: Sequence[tuple[UnitEntry, Entry]]
) -> tuple[Ranking, ...]:
    if newest is None or len(entries) <= 1:
        return ()
    return tuple(rankings(entries, year_shortfalls_link(newest), year_contradictions_link(newest)))


def _newest_disclosures(units: Iterable[UnitEntry]) -> Iterator[LatestDisclosure]:
    """Yield the disclosures published last; those without 发布日期 are left out."""
    dated = [
        (entry.published, unit, entry)
        for unit in units
        for entry in unit.entries
        if entry.published
    ]
    dated.sort(key=lambda row: (row[0], row[1].link.url), reverse=True)
    for published, unit, entry in dated[:_NEWEST_COUNT]:
        yield LatestDisclosure(entry.line.page, unit.link.title, published)
