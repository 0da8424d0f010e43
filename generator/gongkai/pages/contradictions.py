"""对不上的数: the register of figures that contradict each other, over all units."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from gongkai.pages import page_types
from gongkai.pages.entries import UnitEntry
from gongkai.pages.links import HOME, department_name
from gongkai.pages.list_page import ListPage, entries_key
from gongkai.pages.lists import disclosed_years, entries_of_year, part_link
from gongkai.pages.pagination import MAX_ROWS, ListPart, split_list
from gongkai.pages.totals import amount_text
from gongkai.pages.views.common import Link, PageHead, PartLink
from gongkai.pages.views.registers import ContradictionGroup, ContradictionLine, ContradictionsView

CONTRADICTIONS = Link("对不上的数", page_types.CONTRADICTIONS.url())
_DESCRIPTION = "填报的数与复算的、与别处的对不上的地方：填报多少、复算多少、相差多少、单位怎么说明"


def contradiction_pages(units: Sequence[UnitEntry]) -> Iterator[ListPage]:
    """Yield the page of all contradictions, a page per year, and one per part of a long list."""
    years = list(_years(units))
    key = entries_key((unit, entry) for unit in units for entry in unit.entries)
    view = partial(contradictions_view, units)
    yield ListPage(page_types.CONTRADICTIONS, CONTRADICTIONS.url, view, key)
    for year in years:
        link, key = year_contradictions_link(year), entries_key(entries_of_year(year, units))
        year_view = partial(_year_view, year, units)
        yield ListPage(page_types.CONTRADICTIONS_YEAR, link.url, year_view, key)
        for part in _year_parts(year, units):
            key = entries_key(entries_of_year(year, part.units))
            part_view = partial(_part_view, year, part)
            url = part_link(link, part).url
            yield ListPage(page_types.CONTRADICTIONS_PART, url, part_view, key)


def contradictions_view(units: Sequence[UnitEntry]) -> ContradictionsView:
    """Return all contradictions, as on the pages of years; links to years if there are too many."""
    lines = [line for year in _years(units) for line in _lines(year, units)]
    lines.sort(key=_order)
    counts = {year: _row_count(year, units) for year in _years(units)}
    parts = tuple(PartLink(year_contradictions_link(year), count) for year, count in counts.items())
    return ContradictionsView(
        head=PageHead(CONTRADICTIONS.title, CONTRADICTIONS.url, _DESCRIPTION, (HOME,)),
        summary=tuple(_sentences(lines)),
        groups=_groups(lines),
        parts=parts,
        lines=() if len(lines) > MAX_ROWS else tuple(lines),
    )


def _year_view(year: int, units: Sequence[UnitEntry]) -> ContradictionsView:
    link, lines = year_contradictions_link(year), _lines(year, units)
    parts = _year_parts(year, units)
    return ContradictionsView(
        head=PageHead(
            link.title, link.url, f"{year}年度{_DESCRIPTION}", (HOME, CONTRADICTIONS), year=year
        ),
        summary=tuple(_sentences(lines)),
        groups=_groups(lines),
        parts=tuple(PartLink(part_link(link, part), part.rows) for part in parts),
        lines=() if parts else tuple(lines),
    )


def _part_view(year: int, part: ListPart) -> ContradictionsView:
    whole, lines = year_contradictions_link(year), _lines(year, part.units)
    link = part_link(whole, part)
    crumbs = (HOME, CONTRADICTIONS, whole)
    return ContradictionsView(
        head=PageHead(link.title, link.url, f"{whole.title}：{part.title}", crumbs, year=year),
        summary=tuple(_sentences(lines)),
        groups=_groups(lines),
        parts=(),
        lines=tuple(lines),
    )


def year_contradictions_link(year: int) -> Link:
    """Return the link to the contradictions of a year."""
    return Link(f"{year}年度对不上的数", page_types.CONTRADICTIONS_YEAR.url(year=year))


def _years(units: Sequence[UnitEntry]) -> Iterator[int]:
    """Yield the years with any contradiction, newest first."""
    for year in reversed(disclosed_years(units)):
        if _row_count(year, units):
            yield year


def _row_count(year: int, units: Iterable[UnitEntry]) -> int:
    entries = entries_of_year(year, units)
    return sum(entry.contradiction_count + entry.doubt_count for _, entry in entries)


def _year_parts(year: int, units: Sequence[UnitEntry]) -> list[ListPart]:
    return split_list(
        [unit for unit, _ in entries_of_year(year, units) if _row_count(year, [unit])],
        lambda unit: _row_count(year, [unit]),
    )


def _lines(year: int, units: Iterable[UnitEntry]) -> list[ContradictionLine]:
    """Return the contradictions of a year: the certain ones first, then by amount."""
    lines = [
        ContradictionLine(unit.link, unit.department, year, row)
        for unit, entry in entries_of_year(year, units)
        for row in entry.contradictions()
    ]
    lines.sort(key=_order)
    return lines


def _order(line: ContradictionLine) -> tuple[bool, bool, Decimal, int, str]:
    difference, is_doubtful = line.row.difference, not line.row.is_certain
    return is_doubtful, difference is None, -(difference or Decimal(0)), -line.year, line.unit.url


def _sentences(lines: Sequence[ContradictionLine]) -> Iterator[str]:
    certain = [line for line in lines if line.row.is_certain]
    if certain:
        yield from _certain_sentences(certain)
    else:
        yield "没有发现填报的数与复算的对不上。"
    if doubts := [line for line in lines if not line.row.is_certain]:
        units = len({line.unit.url for line in doubts})
        also = "另有 " if certain else ""
        yield f"{also}{units} 个单位的 {len(doubts)} 处可能对不上，也可能有正当的原因，表里标为“待核对”。"


def _certain_sentences(lines: Sequence[ContradictionLine]) -> Iterator[str]:
    units = len({line.unit.url for line in lines})
    amounts = [line for line in lines if line.row.difference is not None]
    money = f"，其中金额 {len(amounts)} 处" if amounts else ""
    yield f"{units} 个单位有 {len(lines)} 处数对不上{money}；页面照填报的公开，旁边注明复算的数。"
    if amounts:
        largest = amounts[0]
        difference = amount_text(largest.row.difference or Decimal(0))
        yield (
            f"相差最多的：{largest.unit.title}{largest.year}年度“{largest.row.place}”，"
            f"填报 {largest.row.filed}，复算 {largest.row.computed}，相差 {difference} 万元。"
        )
    unexplained = sum(not line.row.explanation for line in lines)
    yield f"{unexplained} 处没有说明。" if unexplained else "这些地方都写了差异说明，列在最后一栏。"


def _groups(
    lines: Sequence[ContradictionLine],
) -> tuple[tuple[str, tuple[ContradictionGroup, ...]], ...]:
    """Return the numbers of contradictions by kind and by department, the most first."""
    if not lines:
        return ()
    by_kind = _count_by(lines, lambda line: line.row.meaning)
    by_department = _count_by(lines, lambda line: department_name(line.department))
    return (("种类", by_kind), ("主管部门", by_department))


def _count_by(
    lines: Sequence[ContradictionLine], name_of: Callable[[ContradictionLine], str]
) -> tuple[ContradictionGroup, ...]:
    by_name: dict[str, list[ContradictionLine]] = {}
    for line in lines:
        by_name.setdefault(name_of(line), []).append(line)
    groups = [
        ContradictionGroup(
            name,
            len(rows),
            len({line.unit.url for line in rows}),
            amount_text(max(line.row.difference or Decimal(0) for line in rows)),
        )
        for name, rows in by_name.items()
    ]
    groups.sort(key=lambda group: -group.places)
    return tuple(groups)
