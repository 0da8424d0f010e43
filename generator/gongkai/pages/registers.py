"""Registers over all units: shortfalls and state of disclosure; the compare and search pages."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from gongkai.model.publication import Site
from gongkai.model.shortfalls import Shortfall
from gongkai.model.values import format_decimal
from gongkai.pages import page_types
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.links import HOME
from gongkai.pages.list_page import ListPage, entries_key
from gongkai.pages.lists import disclosed_years, entries_of_year, evaluated_years, part_link
from gongkai.pages.pagination import MAX_ROWS, ListPart, split_list
from gongkai.pages.totals import target_sentences
from gongkai.pages.views.common import Link, PageHead, PartLink
from gongkai.pages.views.lists import DimensionLine, ShortfallLine, ShortfallsView
from gongkai.pages.views.registers import (
    CompareView,
    SearchView,
    StatusLine,
    StatusView,
    StatusYear,
)

SHORTFALLS = Link("未达标与扣分", page_types.SHORTFALLS.url())
STATUS = Link("公开情况", page_types.STATUS.url())
COMPARE = Link("对比", page_types.COMPARE.url())
SEARCH = Link("搜索", page_types.SEARCH.url())
_EXEMPT_PREFIX = "免"
"""Beginning of 公开义务 if a unit need not disclose; the reason follows."""
_STATES = ("已公开", "逾期公开", "尚未公开", "免予公开")


def register_pages(units: Sequence[UnitEntry], site: Site) -> Iterator[ListPage]:
    """Yield the registers, the compare page and the search page."""
    for year in disclosed_years(units):
        yield from _shortfall_pages(year, units)
    index_view = partial(_shortfalls_index, units)
    yield ListPage(page_types.SHORTFALLS, SHORTFALLS.url, index_view)
    status_key = entries_key((unit, entry) for unit in units for entry in unit.entries or (None,))
    yield ListPage(page_types.STATUS, STATUS.url, partial(status_view, units, site), status_key)
    yield ListPage(page_types.COMPARE, COMPARE.url, _compare_view)
    yield ListPage(page_types.SEARCH, SEARCH.url, _search_view)


def _shortfall_pages(year: int, units: Sequence[UnitEntry]) -> Iterator[ListPage]:
    """Yield the page of a year's shortfalls, and a page per part of a long list."""
    link = year_shortfalls_link(year)
    view = partial(_shortfalls_view, year, units)
    key = entries_key(entries_of_year(year, units))
    yield ListPage(page_types.SHORTFALLS_YEAR, link.url, view, key)
    for part in _shortfall_parts(year, units):
        view = partial(_shortfalls_part_view, year, part)
        key = entries_key(entries_of_year(year, part.units))
        yield ListPage(page_types.SHORTFALLS_PART, part_link(link, part).url, view, key)


def year_shortfalls_link(year: int) -> Link:
    """Return the link to the shortfalls of a year."""
    return Link(f"{year}年度未达标与扣分", page_types.SHORTFALLS_YEAR.url(year=year))


def _shortfalls_index(units: Sequence[UnitEntry]) -> ShortfallsView:
    """Return the list of years."""
    years = disclosed_years(units)
    parts = (
        PartLink(year_shortfalls_link(year), _row_count(entries_of_year(year, units)))
        for year in reversed(years)
    )
    return ShortfallsView(
        head=PageHead(
            SHORTFALLS.title,
            SHORTFALLS.url,
            "各年度哪些指标没有达到目标、扣了多少分、原因是什么",
            (HOME,),
        ),
        summary=("按年度列出各单位自评中扣了分的、没有达到目标的指标，以及单位填报的原因。",),
        dimensions=(),
        parts=tuple(parts),
        lines=(),
    )


def _shortfall_parts(year: int, units: Sequence[UnitEntry]) -> list[ListPart]:
    """Return the parts of a year's list; none if it fits on one page."""
    return split_list(
        [unit for unit, _ in entries_of_year(year, units)],
        lambda unit: _row_count(entries_of_year(year, [unit])),
    )


def _shortfalls_view(year: int, units: Sequence[UnitEntry]) -> ShortfallsView:
    """Return the shortfalls of a year, or the parts of their list."""
    link = year_shortfalls_link(year)
    parts = _shortfall_parts(year, units)
    part_links = tuple(PartLink(part_link(link, part), part.rows) for part in parts)
    lines = list(_shortfall_lines(year, units))
    return ShortfallsView(
        head=PageHead(
            link.title,
            link.url,
            f"{year}年度没有达到目标的、扣了分的指标及原因",
            (HOME, SHORTFALLS),
            year=year,
        ),
        summary=tuple(
            _shortfall_sentences([entry for _, entry in entries_of_year(year, units)], lines)
        ),
        dimensions=tuple(_dimension_lines(lines)),
        parts=part_links,
        lines=() if parts else tuple(lines),
    )


def _shortfalls_part_view(year: int, part: ListPart) -> ShortfallsView:
    """Return a part of the list of a year's shortfalls."""
    whole = year_shortfalls_link(year)
    link = part_link(whole, part)
    lines = tuple(_shortfall_lines(year, part.units))
    return ShortfallsView(
        head=PageHead(
            link.title,
            link.url,
            f"{year}年度未达标与扣分：{part.title}",
            (HOME, SHORTFALLS, whole),
            year=year,
        ),
        summary=tuple(
            _shortfall_sentences([entry for _, entry in entries_of_year(year, part.units)], lines)
        ),
        dimensions=tuple(_dimension_lines(lines)),
        parts=(),
        lines=lines,
    )


def _shortfall_sentences(entries: Sequence[Entry], lines: Sequence[ShortfallLine]) -> Iterator[str]:
    """Yield how many targets were missed, and how many indicators lost points."""
    yield from target_sentences(entries)
    lost = [line.shortfall for line in lines if line.shortfall.points_lost]
    if lost:
        points, note = _lost_points(lost)
        both = sum(row.is_missed for row in lost)
        also = f"，其中 {both} 项也没有达到目标" if both else ""
        yield f"{len(lost)} 项指标扣了分，共扣 {points} 分{note}{also}。"
    if unexplained := sum(not line.shortfall.reason for line in lines):
        yield f"这 {len(lines)} 项中，{unexplained} 项没有说明原因。"


def _lost_points(rows: Sequence[Shortfall]) -> tuple[str, str]:
    """Return the sum of the points lost, and in brackets that as recomputed, if it differs."""
    filed = sum((row.points_lost for row in rows), Decimal(0))
    known = sum((row.known_lost for row in rows), Decimal(0))
    return format_decimal(filed), "" if known == filed else f"（按复算 {format_decimal(known)}）"


def _row_count(entries: Iterable[tuple[UnitEntry, Entry]]) -> int:
    return sum(entry.shortfall_count for _, entry in entries)


def _shortfall_lines(year: int, units: Iterable[UnitEntry]) -> Iterator[ShortfallLine]:
    for unit, entry in entries_of_year(year, units):
        for page, row in entry.shortfalls():
            yield ShortfallLine(unit.link, page, row)


def _dimension_lines(lines: Iterable[ShortfallLine]) -> Iterator[DimensionLine]:
    by_dimension: dict[str, list[ShortfallLine]] = {}
    for line in lines:
        by_dimension.setdefault(line.shortfall.dimension or "未分类", []).append(line)
    for dimension, rows in by_dimension.items():
        lost, note = _lost_points([line.shortfall for line in rows])
        yield DimensionLine(
            dimension=dimension,
            shortfall_count=len(rows),
            lost=lost,
            lost_note=note,
            missed=sum(line.shortfall.is_missed for line in rows),
            unexplained=sum(not line.shortfall.reason for line in rows),
        )


def status_view(units: Sequence[UnitEntry], site: Site) -> StatusView:
    """Return the state of disclosure of every unit, year by year."""
    years = sorted({*evaluated_years(units), *site.deadlines}, reverse=True)
    sentence = (
        "各单位各年度的绩效自评是否已公开、是否按期。期限由主办单位确定；发布日期是单位填报的日期。"
    )
    return StatusView(
        head=PageHead(
            STATUS.title,
            STATUS.url,
            "各单位预算绩效自评的公开情况：已公开、逾期、尚未公开、免予公开",
            (HOME,),
        ),
        summary=(sentence,) if years else (sentence, "目前没有任何年度的公开件。"),
        years=tuple(_status_year(year, units, site) for year in years),
    )


def _status_year(year: int, units: Sequence[UnitEntry], site: Site) -> StatusYear:
    due = f"{site.deadlines.get(year, '')}"
    lines = [_status_line(year, unit, due) for unit in units]
    counts = ((state, sum(line.state == state for line in lines)) for state in _STATES)
    shown = (
        lines if len(lines) <= MAX_ROWS else [line for line in lines if line.state != _STATES[0]]
    )
    return StatusYear(
        year=year,
        anchor=f"y{year}",
        due=due,
        counts=tuple((state, count) for state, count in counts if count),
        lines=tuple(shown[:MAX_ROWS]),
        omitted=len(lines) - len(shown[:MAX_ROWS]),
    )


def _status_line(year: int, unit: UnitEntry, due: str) -> StatusLine:
    evaluations = (entry for entry in unit.entries if not entry.has_targets_only)
    entry = next((entry for entry in evaluations if entry.year == year), None)
    is_exempt = entry is None and unit.duty.startswith(_EXEMPT_PREFIX)
    is_late = bool(entry and due and entry.published > due)
    state = _STATES[3 if is_exempt else 2 if entry is None else 1 if is_late else 0]
    return StatusLine(
        unit=unit.link,
        state=state,
        published=entry.published if entry else "",
        page=entry.line.page if entry else None,
        reason=unit.duty if is_exempt else "",
        department=unit.department,
    )


def late_units(units: Sequence[UnitEntry], site: Site, year: int) -> tuple[tuple[Link, ...], str]:
    """Return the units that have not disclosed a year's evaluation, or too late, and the deadline."""
    status = _status_year(year, units, site)
    late = (line.unit for line in status.lines if line.state in {_STATES[1], _STATES[2]})
    counts = dict(status.counts)
    parts = [f"{counts[state]} 个{state}" for state in (_STATES[2], _STATES[1]) if state in counts]
    due = f"，期限是 {status.due}" if status.due else ""
    return tuple(late), f"{year}年度：{'，'.join(parts)}{due}。" if parts else ""


def _compare_view() -> CompareView:
    """Return the page on which the browser compares units or years."""
    return CompareView(
        head=PageHead(
            COMPARE.title, COMPARE.url, "把二至六个单位或年度的自评结果并排比较", (HOME,)
        ),
        summary=(
            "选二至六个单位或年度，并排比较得分、预算、支出和执行率。只比可比的：表式和满分不同的，不比得分。",
        ),
    )


def _search_view() -> SearchView:
    """Return the page on which the browser shows search results."""
    return SearchView(
        PageHead(SEARCH.title, SEARCH.url, "按文字、数字、拼音查找本站的全部网页", (HOME,))
    )
