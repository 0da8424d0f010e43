"""What the lists show: the home page, years, units, one unit over the years."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from generator.figures import figures_of
from generator.presenting import (
    HOME,
    UNITS,
    disclosure_link,
    evaluation,
    line,
    project_lines,
    unit_link,
)
from generator.problems import Problem
from generator.publication import Disclosure, Unit
from generator.values import MONEY, plain
from generator.views import Fact, Head, HomeView, Line, Link, ListView, UnitView

YEARS = Link("各年度", "years/")
Found = Mapping[str, Sequence[Problem]]
"""What the checks found, by the path of the disclosure.yml."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One disclosure as the lists know it, when all else about it may be forgotten."""

    year: int
    line: Line
    """Its figures, with the link that a unit's own list has."""
    budget: Decimal
    """Of the whole unit, in 万元; 0 where nothing tells it."""
    spent: Decimal


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """One unit as the lists know it."""

    link: Link
    entries: tuple[Entry, ...]
    """By year."""


def unit_entry(unit: Unit, disclosures: Iterable[Disclosure], found: Found) -> UnitEntry:
    """What the lists need to know of a unit; `disclosures` are its own, by year."""
    return UnitEntry(unit_link(unit), tuple(_entry(each, found) for each in disclosures))


def _entry(disclosure: Disclosure, found: Found) -> Entry:
    record = evaluation(disclosure)
    budget = spent = Decimal(0)
    if record:
        figures, worth = figures_of(record), MONEY[record.form.money] / MONEY["万元"]
        planned = figures.adjusted or figures.initial
        budget = planned.value.or_zero * worth if planned else budget
        spent = figures.spent.value.or_zero * worth if figures.spent else spent
    made = line(disclosure_link(disclosure), record, found[disclosure.file])
    listed = replace(made, projects=len(disclosure.projects))
    return Entry(disclosure.year, listed, budget, spent)


def unit_view(unit: Unit, disclosures: Sequence[Disclosure], found: Found) -> UnitView:
    """The page of a unit: what it is, and all it has disclosed."""
    newest = sorted(disclosures, key=lambda each: -each.year)
    facts = unit.facts
    place = f"{facts.region.province}{facts.region.city}{facts.region.county}"
    years = "、".join(str(each.year) for each in newest)
    told = f"已公开 {years} 年度的绩效自评。" if newest else "尚未公开绩效自评。"
    return UnitView(
        head=Head(
            title=facts.name,
            url=unit_link(unit).url,
            description=f"{facts.name}历年预算绩效自评公开",
            crumbs=(HOME, UNITS),
        ),
        summary=(f"{facts.name}{told}",),
        facts=(
            Fact("简称", "、".join(facts.short_names)),
            Fact("曾用名", "、".join(facts.former_names)),
            Fact("级别", facts.level),
            Fact("行政区划", place),
            Fact("主管部门", facts.department),
            Fact("单位性质", facts.nature),
            Fact("统一社会信用代码", facts.credit_code),
        ),
        years=tuple(_entry(each, found).line for each in newest),
        projects=tuple((each.year, project_lines(each, found[each.file])) for each in newest),
    )


def units_view(units: Sequence[UnitEntry]) -> ListView:
    """The list of all units, each with its newest evaluation."""
    lines = (
        replace(unit.entries[-1].line, page=unit.link) if unit.entries else Line(unit.link)
        for unit in units
    )
    return ListView(
        head=Head(UNITS.title, UNITS.url, "公开预算绩效自评的全部单位", (HOME,)),
        summary=(f"本站收录 {len(units)} 个单位；表中是各单位最近一个年度的自评结果。",),
        what="单位",
        lines=tuple(lines),
    )


def year_view(year: int, units: Sequence[UnitEntry]) -> ListView:
    """One year: all units that have disclosed."""
    here = year_link(year)
    return ListView(
        head=Head(f"{year}年度绩效自评", here.url, f"{year}年度各单位预算绩效自评", (HOME, YEARS)),
        summary=tuple(_totals(year, units)),
        what="单位",
        lines=tuple(_lines(year, units)),
    )


def years_view(units: Sequence[UnitEntry]) -> ListView:
    """The list of years."""
    years = years_of(units)
    lines = (_year_line(year, units) for year in reversed(years))
    return ListView(
        head=Head(YEARS.title, YEARS.url, "各年度预算绩效自评公开情况", (HOME,)),
        summary=(f"本站收录 {len(years)} 个年度的绩效自评。",),
        what="年度",
        lines=tuple(lines),
    )


def home_view(units: Sequence[UnitEntry]) -> HomeView:
    """The home page."""
    years = years_of(units)
    newest = years[-1] if years else None
    told = f"本站收录 {len(units)} 个单位、{len(years)} 个年度的预算绩效自评。"
    return HomeView(
        head=Head(HOME.title, HOME.url, "", ()),
        summary=(told, *(_totals(newest, units) if newest else ())),
        years=tuple(_year_line(year, units) for year in reversed(years)),
        newest=tuple(_lines(newest, units)) if newest else (),
        newest_year=newest,
    )


def years_of(units: Iterable[UnitEntry]) -> list[int]:
    """The years of which anything is disclosed, oldest first."""
    return sorted({entry.year for unit in units for entry in unit.entries})


def year_link(year: int) -> Link:
    """The page of a year."""
    return Link(f"{year}年度", f"years/{year}/")


def _of_year(year: int, units: Iterable[UnitEntry]) -> Iterator[tuple[UnitEntry, Entry]]:
    return ((unit, entry) for unit in units for entry in unit.entries if entry.year == year)


def _lines(year: int, units: Iterable[UnitEntry]) -> Iterator[Line]:
    """The disclosures of a year, named by their units."""
    for unit, entry in _of_year(year, units):
        yield replace(entry.line, page=Link(unit.link.title, entry.line.page.url))


def _year_line(year: int, units: Iterable[UnitEntry]) -> Line:
    these = [entry for _, entry in _of_year(year, units)]
    projects = sum(entry.line.projects for entry in these)
    return Line(year_link(year), units=len(these), projects=projects)


def _totals(year: int, units: Sequence[UnitEntry]) -> Iterator[str]:
    """How many units and projects, and what they had and spent together."""
    these = [entry for _, entry in _of_year(year, units)]
    projects = sum(entry.line.projects for entry in these)
    yield f"{year} 年度有 {len(these)} 个单位公开，共 {projects} 个项目。"
    budget = sum((entry.budget for entry in these), Decimal(0))
    spent = sum((entry.spent for entry in these), Decimal(0))
    if budget or spent:
        yield f"部门整体预算合计 {plain(budget)} 万元，支出合计 {plain(spent)} 万元。"
