"""Views of the lists: the home page, years, units, one unit over the years."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from gongkai.model.publication import Disclosure, Unit, subject_word
from gongkai.model.recomputed import find_contradictions
from gongkai.pages import page_types
from gongkai.pages.charts.selection import unit_charts
from gongkai.pages.distributions import year_distributions
from gongkai.pages.entries import Entry, ProblemsByFile, UnitEntry
from gongkai.pages.links import (
    HOME,
    UNITS,
    department_link,
    department_name,
    project_lines,
    unit_link,
)
from gongkai.pages.list_page import ListPage, entries_key
from gongkai.pages.pagination import ListPart, split_list
from gongkai.pages.strips import score_ranges
from gongkai.pages.totals import year_sentences
from gongkai.pages.views.common import EvaluationLine, Fact, Link, PageHead, PartLink, UnitView
from gongkai.pages.views.lists import (
    ListView,
    UnitLine,
    YearLine,
    YearsView,
)

YEARS = Link("各年度", page_types.YEARS.url())


def unit_list_pages(units: Sequence[UnitEntry]) -> Iterator[ListPage]:
    """Yield years and units, with a page per year and per part of a long list."""
    yield ListPage(page_types.YEARS, YEARS.url, partial(_years_view, units))
    units_key = entries_key(_newest_entries(units))
    yield ListPage(page_types.UNITS, UNITS.url, partial(units_view, units), units_key)
    for part in unit_parts(units):
        key = entries_key(_newest_entries(part.units))
        url = part_link(UNITS, part).url
        yield ListPage(page_types.UNITS_PART, url, partial(units_part_view, part), key)
    for year in disclosed_years(units):
        link = year_link(year)
        key = entries_key(entries_of_year(year, units))
        yield ListPage(page_types.YEAR, link.url, partial(year_view, year, units), key)
        for part in _year_parts(year, units):
            view = partial(_year_part_view, year, part)
            key = entries_key(entries_of_year(year, part.units))
            yield ListPage(page_types.YEAR_PART, part_link(link, part).url, view, key)


def unit_view(
    unit: Unit, entry: UnitEntry, disclosures: Sequence[Disclosure], problems: ProblemsByFile
) -> UnitView:
    """Return the page of a unit: its facts, and all its disclosures."""
    newest_first = sorted(disclosures, key=lambda disclosure: -disclosure.year)
    facts = unit.facts
    region = f"{facts.region.province}{facts.region.city}{facts.region.county}"
    sentence = "；".join(_disclosed_years_of(newest_first)) or "尚未公开绩效自评"
    return UnitView(
        head=PageHead(
            title=facts.name,
            url=unit_link(unit).url,
            description=f"{facts.name}历年预算绩效自评公开",
            breadcrumbs=(HOME, UNITS, department_link(department_name(facts.department))),
            unit=facts.name,
            keywords=(facts.name, *facts.short_names, *facts.former_names),
            has_feeds=True,
        ),
        summary=(
            f"{facts.name}{sentence}。",
            *(
                f"{withdrawal.year} 年度的公开件已于 {withdrawal.date} 撤回：{withdrawal.reason}"
                for withdrawal in facts.withdrawals
            ),
        ),
        charts=unit_charts(disclosures, problems),
        facts=(
            Fact("简称", "、".join(facts.short_names)),
            Fact("曾用名", "、".join(facts.former_names)),
            Fact("级别", facts.level),
            Fact("行政区划", region),
            Fact("主管部门", facts.department),
            Fact("单位性质", facts.nature),
            Fact("统一社会信用代码", facts.credit_code),
            Fact("公开义务", facts.duty),
        ),
        years=tuple(disclosed.line for disclosed in reversed(entry.entries)),
        projects=tuple(
            (
                disclosure.year,
                project_lines(disclosure, find_contradictions(problems[disclosure.file])),
            )
            for disclosure in newest_first
        ),
    )


def _disclosed_years_of(disclosures: Sequence[Disclosure]) -> Iterator[str]:
    """Yield what a unit has disclosed: the years of its evaluations, those of targets only."""
    for has_targets_only in (False, True):
        years = [
            f"{disclosure.year}"
            for disclosure in disclosures
            if disclosure.has_targets_only == has_targets_only
        ]
        if years:
            subject = subject_word(has_targets_only=has_targets_only)
            yield f"已公开 {'、'.join(years)} 年度的{subject}"


def units_view(units: Sequence[UnitEntry]) -> ListView:
    """Return the list of all units with their newest evaluations, or of the parts of the list."""
    sentence = f"本站收录 {len(units)} 个单位；表中是各单位最近一个年度的自评结果。"
    head = PageHead(UNITS.title, UNITS.url, "公开预算绩效自评的全部单位", (HOME,))
    parts = unit_parts(units)
    lines = () if parts else tuple(map(newest_line, units))
    return ListView(
        head, (sentence,), "各单位最近一个年度的自评结果", (), (), _part_links(UNITS, parts), lines
    )


def units_part_view(part: ListPart) -> ListView:
    """Return a part of the list of units."""
    link = part_link(UNITS, part)
    sentence = f"{part.title}：{part.rows} 个单位；表中是各单位最近一个年度的自评结果。"
    head = PageHead(link.title, link.url, f"公开预算绩效自评的单位：{part.title}", (HOME, UNITS))
    lines = tuple(map(newest_line, part.units))
    return ListView(head, (sentence,), link.title, (), (), (), lines)


def unit_parts(units: Sequence[UnitEntry]) -> list[ListPart]:
    """Return the parts of the list of units; none if it fits on one page."""
    return split_list(units, lambda _: 1)


def year_view(year: int, units: Sequence[UnitEntry]) -> ListView:
    """Return the page of a year: totals, distributions, and all units, or the parts of the list."""
    link = year_link(year)
    entries = entries_of_year(year, units)
    parts = _year_parts(year, units)
    has_targets_only = all(entry.has_targets_only for _, entry in entries)
    subject = subject_word(has_targets_only=has_targets_only)
    return ListView(
        head=PageHead(
            f"{year}年度{subject}",
            link.url,
            f"{year}年度各单位预算{subject}",
            (HOME, YEARS),
            has_feeds=True,
        ),
        summary=tuple(_totals(year, units)),
        caption=f"{year}年度各单位的{subject}",
        distributions=year_distributions([entry for _, entry in entries]),
        scores=score_ranges(year, [entry for _, entry in entries]),
        parts=_part_links(link, parts),
        lines=() if parts else tuple(unit_line(unit, entry) for unit, entry in entries),
    )


def _year_part_view(year: int, part: ListPart) -> ListView:
    """Return a part of the list of a year's units."""
    whole = year_link(year)
    link = part_link(whole, part)
    entries = entries_of_year(year, part.units)
    evaluated = sum(not entry.has_targets_only for _, entry in entries)
    sentence = f"{part.title}：{evaluated} 个单位公开了 {year} 年度的绩效自评。"
    head = PageHead(
        link.title, link.url, f"{year}年度绩效自评：{part.title}", (HOME, YEARS, whole), year=year
    )
    lines = tuple(unit_line(unit, entry) for unit, entry in entries)
    return ListView(head, (sentence,), link.title, (), (), (), lines)


def _year_parts(year: int, units: Sequence[UnitEntry]) -> list[ListPart]:
    """Return the parts of the list of a year's units; none if it fits on one page."""
    return split_list([unit for unit, _ in entries_of_year(year, units)], lambda _: 1)


def _years_view(units: Sequence[UnitEntry]) -> YearsView:
    """Return the list of years."""
    years = disclosed_years(units)
    return YearsView(
        head=PageHead(YEARS.title, YEARS.url, "各年度预算绩效自评公开情况", (HOME,)),
        summary=(f"本站收录 {len(years)} 个年度的绩效自评。",),
        years=tuple(year_line(year, units) for year in reversed(years)),
    )


def disclosed_years(units: Iterable[UnitEntry]) -> list[int]:
    """Return the years with any disclosure, oldest first."""
    return sorted({entry.year for unit in units for entry in unit.entries})


def evaluated_years(units: Iterable[UnitEntry]) -> set[int]:
    """Return the years with any evaluation: not those of which there are targets only."""
    entries = (entry for unit in units for entry in unit.entries)
    return {entry.year for entry in entries if not entry.has_targets_only}


def year_link(year: int) -> Link:
    """Return the link to a year."""
    return Link(f"{year}年度", page_types.YEAR.url(year=year))


def part_link(whole: Link, part: ListPart) -> Link:
    """Return the link to a part of a list, e.g. lists/units-1f2e3d4c/, lists/years-2022-1f2e3d4c/."""
    name = whole.url.strip("/").replace("/", "-")
    return Link(f"{whole.title}：{part.title}", f"lists/{name}-{part.slug}/")


def entries_of_year(year: int, units: Iterable[UnitEntry]) -> list[tuple[UnitEntry, Entry]]:
    """Return the disclosures of a year with their units."""
    return [(unit, entry) for unit in units for entry in unit.entries if entry.year == year]


def _newest_entries(units: Iterable[UnitEntry]) -> Iterator[tuple[UnitEntry, Entry | None]]:
    """Yield units with their newest disclosure."""
    return ((unit, unit.newest_entry) for unit in units)


def _part_links(whole: Link, parts: Iterable[ListPart]) -> tuple[PartLink, ...]:
    return tuple(PartLink(part_link(whole, part), part.rows) for part in parts)


def unit_line(unit: UnitEntry, entry: Entry | None) -> UnitLine:
    """Return a unit as a row of a list, with one of its evaluations."""
    page = Link(unit.link.title, entry.line.page.url) if entry else unit.link
    return UnitLine(
        unit=page,
        evaluation=entry.line if entry else EvaluationLine(unit.link),
        year=entry.year if entry else None,
        department=unit.department,
        level=unit.level,
        region=unit.region,
        missed=entry.missed if entry and entry.targets.judged else None,
        unjudged=entry.targets.reason_unjudged if entry else "",
    )


def newest_line(unit: UnitEntry) -> UnitLine:
    """Return a unit with its newest evaluation; the link leads to the unit."""
    return unit_line(unit, unit.newest_entry)._replace(unit=unit.link)


def year_line(year: int, units: Iterable[UnitEntry]) -> YearLine:
    """Return a year in the list of years."""
    entries = [entry for _, entry in entries_of_year(year, units)]
    projects = sum(entry.line.projects for entry in entries)
    return YearLine(year_link(year), len(entries), projects)


def _totals(year: int, units: Sequence[UnitEntry]) -> Iterator[str]:
    """Yield sentences on a year: units, projects, money, missed targets."""
    entries = [entry for _, entry in entries_of_year(year, units)]
    yield from year_sentences(year, entries)
