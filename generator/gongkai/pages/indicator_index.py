"""各类指标: indicators by kind over all units, satisfaction everywhere, targets missed again and again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from gongkai.pages import page_types
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.indicator_rows import KINDS, OTHER, SATISFACTION, KindCount
from gongkai.pages.links import HOME
from gongkai.pages.list_page import ListPage, entries_key
from gongkai.pages.lists import disclosed_years, entries_of_year, evaluated_years, year_link
from gongkai.pages.pagination import MAX_ROWS
from gongkai.pages.views.common import Link, PageHead, PartLink
from gongkai.pages.views.lists import (
    IndicatorsView,
    KindLine,
    RepeatedMiss,
    SatisfactionLine,
)

INDICATORS = Link("各类指标", page_types.INDICATORS.url())
_DESCRIPTION = "按指标的种类看：多少项、多少项没有达到；各单位的满意度；哪些目标一再没有达到"
_MOST_REPEATED = 200
"""Number of targets that are listed as missed again and again."""


def indicator_pages(units: Sequence[UnitEntry]) -> Iterator[ListPage]:
    """Yield the page of all indicators by kind, and one per year."""
    key = entries_key((unit, entry) for unit in units for entry in unit.entries)
    view = partial(indicators_view, units)
    yield ListPage(page_types.INDICATORS, INDICATORS.url, view, key)
    for year in disclosed_years(units):
        link, key = year_indicators_link(year), entries_key(entries_of_year(year, units))
        year_view = partial(_year_view, year, units)
        yield ListPage(page_types.INDICATORS_YEAR, link.url, year_view, key)


def year_indicators_link(year: int) -> Link:
    """Return the link to the indicators of a year."""
    return Link(f"{year}年度各类指标", page_types.INDICATORS_YEAR.url(year=year))


def indicators_view(units: Sequence[UnitEntry]) -> IndicatorsView:
    """Return the kinds of the newest year, the targets missed again and again, and the years."""
    years = disclosed_years(units)
    newest = max(evaluated_years(units) or years, default=None)
    entries = [entry for _, entry in entries_of_year(newest, units)] if newest else []
    kinds = tuple(_kind_lines(entries))
    repeated = _repeated_misses(units)
    parts = (
        PartLink(year_indicators_link(year), _indicator_count(entries_of_year(year, units)))
        for year in reversed(years)
    )
    return IndicatorsView(
        head=PageHead(INDICATORS.title, INDICATORS.url, _DESCRIPTION, (HOME,)),
        summary=(
            *(_kind_sentences(newest, kinds) if newest else ()),
            *_repeated_sentences(repeated),
        ),
        year=year_link(newest) if newest else None,
        kinds=kinds,
        repeated=tuple(repeated[:_MOST_REPEATED]),
        parts=tuple(parts),
        lines=(),
    )


def _year_view(year: int, units: Sequence[UnitEntry]) -> IndicatorsView:
    link, entries = year_indicators_link(year), entries_of_year(year, units)
    kinds = tuple(_kind_lines(entry for _, entry in entries))
    lines = [
        SatisfactionLine(unit.link, row) for unit, entry in entries for row in entry.satisfaction()
    ]
    shown = lines
    if len(lines) > MAX_ROWS:
        shown = [line for line in lines if line.row.is_reached is False][:MAX_ROWS]
    return IndicatorsView(
        head=PageHead(
            link.title, link.url, f"{year}年度{_DESCRIPTION}", (HOME, INDICATORS), year=year
        ),
        summary=(*_kind_sentences(year, kinds), *_limit_sentence(len(lines), len(shown))),
        year=year_link(year),
        kinds=kinds,
        repeated=(),
        parts=(),
        lines=tuple(shown),
    )


def _limit_sentence(count: int, shown: int) -> Iterator[str]:
    if shown < count:
        yield f"满意度指标共 {count} 项，下面只列没有达到目标的 {shown} 项。"


def _indicator_count(entries: Iterable[tuple[UnitEntry, Entry]]) -> int:
    return sum(entry.targets.indicators for _, entry in entries)


def _kind_lines(entries: Iterable[Entry]) -> Iterator[KindLine]:
    """Yield the kinds with their numbers over all units."""
    by_kind: dict[str, list[KindCount]] = defaultdict(list)
    for entry in entries:
        for count in entry.kinds:
            by_kind[count.kind].append(count)
    for kind in KINDS:
        if counts := by_kind.get(kind):
            yield KindLine(
                kind,
                units=len(counts),
                indicators=sum(count.indicators for count in counts),
                judged=sum(count.judged for count in counts),
                missed=sum(count.missed for count in counts),
            )


def _kind_sentences(year: int, kinds: Sequence[KindLine]) -> Iterator[str]:
    judged = sum(kind.judged for kind in kinds)
    if not judged:
        yield f"{year} 年度没有能判断是否达到目标的指标。"
        return
    most = max(kinds, key=lambda kind: (kind.kind != OTHER and kind.missed, kind.missed))
    total = sum(kind.missed for kind in kinds)
    apart = "除“其他”外，" if any(kind.missed > most.missed for kind in kinds) else ""
    yield (
        f"{year} 年度能判断的 {judged} 项指标中，{total} 项没有达到目标"
        + (f"，{apart}{most.kind}指标最多，{most.missed} 项。" if total else "。")
    )
    for kind in kinds:
        if kind.kind == SATISFACTION and kind.judged:
            yield f"满意度指标 {kind.indicators} 项，能判断 {kind.judged} 项，没有达到 {kind.missed} 项。"


def _repeated_misses(units: Iterable[UnitEntry]) -> list[RepeatedMiss]:
    """Return the targets that one unit missed in two years or more, the most years first."""
    repeated: list[RepeatedMiss] = []
    for unit in units:
        by_name: dict[tuple[str, str], dict[int, Link]] = defaultdict(dict)
        for entry in unit.entries if sum(bool(entry.missed) for entry in unit.entries) > 1 else ():
            for page, row in entry.shortfalls():
                if row.is_missed:
                    place = Link(f"{entry.year}年度", f"{page.url}#{row.anchor}")
                    by_name[row.dimension, row.name].setdefault(entry.year, place)
        for (dimension, name), years in by_name.items():
            if len(years) > 1:
                places = tuple(years[year] for year in sorted(years))
                repeated.append(RepeatedMiss(unit.link, dimension, name, places))
    repeated.sort(key=lambda miss: (-len(miss.years), miss.unit.url, miss.name))
    return repeated


def _repeated_sentences(repeated: Sequence[RepeatedMiss]) -> Iterator[str]:
    if not repeated:
        yield "没有哪个单位的同名指标两年以上没有达到目标。"
        return
    units = len({miss.unit.url for miss in repeated})
    rest = f"，下面列前 {_MOST_REPEATED} 项" if len(repeated) > _MOST_REPEATED else ""
    yield f"{units} 个单位的 {len(repeated)} 项同名指标两年以上没有达到目标{rest}。"
