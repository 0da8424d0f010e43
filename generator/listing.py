"""What the lists show: the home page, years, units, one unit over the years."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
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
        years=tuple(_line(each, disclosure_link(each), found) for each in newest),
        projects=tuple((each.year, project_lines(each, found[each.file])) for each in newest),
    )


def units_view(units: Sequence[Unit], disclosures: Sequence[Disclosure], found: Found) -> ListView:
    """The list of all units, each with its newest evaluation."""
    newest = {each.unit.slug: each for each in sorted(disclosures, key=lambda each: each.year)}
    lines = (
        _line(newest[unit.slug], unit_link(unit), found)
        if unit.slug in newest
        else Line(unit_link(unit))
        for unit in units
    )
    return ListView(
        head=Head(UNITS.title, UNITS.url, "公开预算绩效自评的全部单位", (HOME,)),
        summary=(f"本站收录 {len(units)} 个单位；表中是各单位最近一个年度的自评结果。",),
        what="单位",
        lines=tuple(lines),
    )


def year_view(year: int, disclosures: Sequence[Disclosure], found: Found) -> ListView:
    """One year: all units that have disclosed."""
    here = year_link(year)
    lines = (_line(each, _unit_page(each), found) for each in disclosures)
    return ListView(
        head=Head(f"{year}年度绩效自评", here.url, f"{year}年度各单位预算绩效自评", (HOME, YEARS)),
        summary=tuple(_totals(year, disclosures)),
        what="单位",
        lines=tuple(lines),
    )


def years_view(disclosures: Sequence[Disclosure]) -> ListView:
    """The list of years."""
    years = sorted({each.year for each in disclosures}, reverse=True)
    lines = (_year_line(year, disclosures) for year in years)
    return ListView(
        head=Head(YEARS.title, YEARS.url, "各年度预算绩效自评公开情况", (HOME,)),
        summary=(f"本站收录 {len(years)} 个年度的绩效自评。",),
        what="年度",
        lines=tuple(lines),
    )


def home_view(units: Sequence[Unit], disclosures: Sequence[Disclosure], found: Found) -> HomeView:
    """The home page."""
    years = sorted({each.year for each in disclosures}, reverse=True)
    newest = [each for each in disclosures if years and each.year == years[0]]
    told = f"本站收录 {len(units)} 个单位、{len(years)} 个年度的预算绩效自评。"
    return HomeView(
        summary=(told, *(_totals(years[0], newest) if years else ())),
        years=tuple(_year_line(year, disclosures) for year in years),
        newest=tuple(_line(each, _unit_page(each), found) for each in newest),
        newest_year=years[0] if years else None,
    )


def year_link(year: int) -> Link:
    """The page of a year."""
    return Link(f"{year}年度", f"years/{year}/")


def _unit_page(disclosure: Disclosure) -> Link:
    return Link(disclosure.unit.facts.name, disclosure_link(disclosure).url)


def _line(disclosure: Disclosure, page: Link, found: Found) -> Line:
    made = line(page, evaluation(disclosure), found[disclosure.file])
    return replace(made, projects=len(disclosure.projects))


def _year_line(year: int, disclosures: Iterable[Disclosure]) -> Line:
    these = [each for each in disclosures if each.year == year]
    projects = sum(len(each.projects) for each in these)
    return Line(year_link(year), units=len(these), projects=projects)


def _totals(year: int, disclosures: Sequence[Disclosure]) -> Iterator[str]:
    """How many units and projects, and what they had and spent together."""
    projects = sum(len(each.projects) for each in disclosures)
    yield f"{year} 年度有 {len(disclosures)} 个单位公开，共 {projects} 个项目。"
    budget, spent = Decimal(0), Decimal(0)
    for disclosure in disclosures:
        record = evaluation(disclosure)
        if record is None:
            continue
        figures, worth = figures_of(record), MONEY[record.form.money] / MONEY["万元"]
        planned = figures.adjusted or figures.initial
        budget += planned.value.or_zero * worth if planned else 0
        spent += figures.spent.value.or_zero * worth if figures.spent else 0
    if budget or spent:
        yield f"部门整体预算合计 {plain(budget)} 万元，支出合计 {plain(spent)} 万元。"
