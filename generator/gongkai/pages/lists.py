"""What the lists show: the home page, years, units, one unit over the years."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from gongkai.model.publication import Disclosure, Unit
from gongkai.model.values import plain
from gongkai.pages.charts.selection import unit_charts
from gongkai.pages.distributions import distributions
from gongkai.pages.entries import Entry, Found, UnitEntry
from gongkai.pages.links import HOME, UNITS, project_lines, unit_link
from gongkai.pages.pagination import Share, shares
from gongkai.pages.views.common import Fact, Head, Line, Link, Part, UnitView
from gongkai.pages.views.lists import HomeView, ListView, Newest, UnitLine, YearLine, YearsView

YEARS = Link("各年度", "years/")
_FEW = 50
"""How many units the home page lists."""
_NEWEST = 10


def unit_view(
    unit: Unit, entry: UnitEntry, disclosures: Sequence[Disclosure], found: Found
) -> UnitView:
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
            unit=facts.name,
            keywords=(facts.name, *facts.short_names, *facts.former_names),
            feed=True,
        ),
        summary=(
            f"{facts.name}{told}",
            *(
                f"{each.year} 年度的公开件已于 {each.date} 撤回：{each.reason}"
                for each in facts.withdrawals
            ),
        ),
        charts=unit_charts(disclosures),
        facts=(
            Fact("简称", "、".join(facts.short_names)),
            Fact("曾用名", "、".join(facts.former_names)),
            Fact("级别", facts.level),
            Fact("行政区划", place),
            Fact("主管部门", facts.department),
            Fact("单位性质", facts.nature),
            Fact("统一社会信用代码", facts.credit_code),
            Fact("公开义务", facts.duty),
        ),
        years=tuple(each.line for each in reversed(entry.entries)),
        projects=tuple((each.year, project_lines(each, found[each.file])) for each in newest),
    )


def units_view(units: Sequence[UnitEntry]) -> ListView:
    """The list of all units, each with its newest evaluation; or of its parts."""
    told = f"本站收录 {len(units)} 个单位；表中是各单位最近一个年度的自评结果。"
    head = Head(UNITS.title, UNITS.url, "公开预算绩效自评的全部单位", (HOME,))
    parts = unit_parts(units)
    lines = () if parts else tuple(map(_newest_line, units))
    return ListView(head, (told,), "各单位最近一个年度的自评结果", (), _links(UNITS, parts), lines)


def units_part_view(share: Share) -> ListView:
    """Some of the units."""
    link = part_link(UNITS, share)
    told = f"{share.title}：{share.rows} 个单位；表中是各单位最近一个年度的自评结果。"
    head = Head(link.title, link.url, f"公开预算绩效自评的单位：{share.title}", (HOME, UNITS))
    return ListView(head, (told,), link.title, (), (), tuple(map(_newest_line, share.units)))


def unit_parts(units: Sequence[UnitEntry]) -> list[Share]:
    """The parts of the list of units."""
    return shares(units, lambda _: 1)


def year_view(year: int, units: Sequence[UnitEntry]) -> ListView:
    """One year: totals, distributions, and all units that have disclosed, or the list's parts."""
    here = year_link(year)
    these = of_year(year, units)
    parts = year_parts(year, units)
    return ListView(
        head=Head(
            f"{year}年度绩效自评",
            here.url,
            f"{year}年度各单位预算绩效自评",
            (HOME, YEARS),
            feed=True,
        ),
        summary=tuple(_totals(year, units)),
        caption=f"{year}年度各单位自评结果",
        distributions=distributions([entry for _, entry in these]),
        parts=_links(here, parts),
        lines=() if parts else tuple(_line(unit, entry) for unit, entry in these),
    )


def year_part_view(year: int, share: Share) -> ListView:
    """One year of some of the units."""
    here = year_link(year)
    link = part_link(here, share)
    these = of_year(year, share.units)
    told = f"{share.title}：{len(these)} 个单位公开了 {year} 年度的绩效自评。"
    head = Head(
        link.title, link.url, f"{year}年度绩效自评：{share.title}", (HOME, YEARS, here), year=year
    )
    lines = tuple(_line(unit, entry) for unit, entry in these)
    return ListView(head, (told,), link.title, (), (), lines)


def year_parts(year: int, units: Sequence[UnitEntry]) -> list[Share]:
    """The parts of a year's list."""
    return shares([unit for unit, _ in of_year(year, units)], lambda _: 1)


def years_view(units: Sequence[UnitEntry]) -> YearsView:
    """The list of years."""
    years = years_of(units)
    return YearsView(
        head=Head(YEARS.title, YEARS.url, "各年度预算绩效自评公开情况", (HOME,)),
        summary=(f"本站收录 {len(years)} 个年度的绩效自评。",),
        years=tuple(_year_line(year, units) for year in reversed(years)),
    )


def home_view(units: Sequence[UnitEntry]) -> HomeView:
    """The home page."""
    years = years_of(units)
    newest = years[-1] if years else None
    these = of_year(newest, units) if newest else []
    told = f"本站收录 {len(units)} 个单位、{len(years)} 个年度的预算绩效自评。"
    few = these if len(these) <= _FEW else []
    return HomeView(
        head=Head(HOME.title, HOME.url, "", (), feed=True),
        summary=(told, *(_totals(newest, units) if newest else ())),
        years=tuple(_year_line(year, units) for year in reversed(years)),
        newest=tuple(_newest(units)),
        lines=tuple(_line(unit, entry) for unit, entry in few),
        newest_year=year_link(newest) if newest else None,
        departments=_links(UNITS, unit_parts(units)),
    )


def years_of(units: Iterable[UnitEntry]) -> list[int]:
    """The years of which anything is disclosed, oldest first."""
    return sorted({entry.year for unit in units for entry in unit.entries})


def year_link(year: int) -> Link:
    """The page of a year."""
    return Link(f"{year}年度", f"years/{year}/")


def part_link(whole: Link, share: Share) -> Link:
    """The page of a part of a list: lists/units-1f2e3d4c/, lists/years-2022-1f2e3d4c/."""
    name = whole.url.strip("/").replace("/", "-")
    return Link(f"{whole.title}：{share.title}", f"lists/{name}-{share.slug}/")


def of_year(year: int, units: Iterable[UnitEntry]) -> list[tuple[UnitEntry, Entry]]:
    """The disclosures of a year with their units."""
    return [(unit, entry) for unit in units for entry in unit.entries if entry.year == year]


def _links(whole: Link, parts: Iterable[Share]) -> tuple[Part, ...]:
    return tuple(Part(part_link(whole, each), each.rows) for each in parts)


def _line(unit: UnitEntry, entry: Entry | None) -> UnitLine:
    """A unit in a list, with one of its evaluations."""
    page = Link(unit.link.title, entry.line.page.url) if entry else unit.link
    return UnitLine(
        unit=page,
        line=entry.line if entry else Line(unit.link),
        year=entry.year if entry else None,
        department=unit.department,
        level=unit.level,
        region=unit.region,
        missed=entry.missed if entry else 0,
    )


def _newest_line(unit: UnitEntry) -> UnitLine:
    """A unit with its newest evaluation; the link leads to the unit."""
    made = _line(unit, unit.entries[-1] if unit.entries else None)
    return UnitLine(
        unit.link, made.line, made.year, made.department, made.level, made.region, made.missed
    )


def _newest(units: Iterable[UnitEntry]) -> Iterator[Newest]:
    """The disclosures published last, of which the data gives the day."""
    dated = [
        (entry.published, unit, entry)
        for unit in units
        for entry in unit.entries
        if entry.published
    ]
    dated.sort(key=lambda each: (each[0], each[1].link.url), reverse=True)
    for published, unit, entry in dated[:_NEWEST]:
        yield Newest(entry.line.page, unit.link.title, published)


def _year_line(year: int, units: Iterable[UnitEntry]) -> YearLine:
    these = [entry for _, entry in of_year(year, units)]
    projects = sum(entry.line.projects for entry in these)
    return YearLine(year_link(year), len(these), projects)


def _totals(year: int, units: Sequence[UnitEntry]) -> Iterator[str]:
    """How many units and projects, and what they had and spent together."""
    these = [entry for _, entry in of_year(year, units)]
    projects = sum(entry.line.projects for entry in these)
    yield f"{year} 年度有 {len(these)} 个单位公开，共 {projects} 个项目。"
    budget = sum((entry.budget for entry in these), Decimal(0))
    spent = sum((entry.spent for entry in these), Decimal(0))
    if budget or spent:
        yield f"部门整体预算合计 {plain(budget)} 万元，支出合计 {plain(spent)} 万元。"
    missed = sum(entry.missed for entry in these)
    yield f"有 {missed} 项指标未达到目标。" if missed else "没有未达到目标的指标。"
