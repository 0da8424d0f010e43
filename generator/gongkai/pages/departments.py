"""Departments (主管部门): the directory of all, and a page per department with its units."""

from collections.abc import Iterator, Sequence
from functools import partial

from gongkai.pages import page_types
from gongkai.pages.charts.charts import AmountPair, pairs_chart
from gongkai.pages.contradictions import year_contradictions_link
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.links import HOME, department_link, department_name
from gongkai.pages.list_page import ListPage, entries_key
from gongkai.pages.lists import disclosed_years, entries_of_year, evaluated_years, newest_line
from gongkai.pages.pagination import MAX_ROWS
from gongkai.pages.rankings import rankings
from gongkai.pages.registers import year_shortfalls_link
from gongkai.pages.totals import (
    amount_text,
    known_budget,
    known_spent,
    recomputed_sums,
    year_figures,
    year_sentences,
)
from gongkai.pages.views.common import CaptionedChart, Link, PageHead
from gongkai.pages.views.lists import DepartmentLine, DepartmentsView, DepartmentView

DEPARTMENTS = Link("各部门", page_types.DEPARTMENTS.url())
_MOST_BARS = 12
"""Number of departments or units in a chart."""
_FEWEST_BARS = 2


def department_pages(units: Sequence[UnitEntry]) -> Iterator[ListPage]:
    """Yield the directory of departments and a page per department."""
    key = entries_key((unit, entry) for unit in units for entry in unit.entries or (None,))
    yield ListPage(page_types.DEPARTMENTS, DEPARTMENTS.url, partial(departments_view, units), key)
    for name, members in _by_department(units).items():
        key = entries_key((unit, entry) for unit in members for entry in unit.entries or (None,))
        view = partial(department_view, name, members)
        yield ListPage(page_types.DEPARTMENT, department_link(name).url, view, key)


def departments_view(units: Sequence[UnitEntry]) -> DepartmentsView:
    """Return the directory of all departments."""
    newest = _newest_year(units)
    lines = department_lines(units, newest) if newest else ()
    sentence = f"{len(lines)} 个主管部门，{len(units)} 个单位；数字是 {newest} 年度的。"
    return DepartmentsView(
        head=PageHead(DEPARTMENTS.title, DEPARTMENTS.url, "按主管部门查找单位", (HOME,)),
        summary=(sentence,) if lines else ("目前没有公开件。",),
        charts=department_chart(lines, newest) if newest else (),
        lines=lines,
    )


def department_view(name: str, units: Sequence[UnitEntry]) -> DepartmentView:
    """Return the page of a department: its totals and its units."""
    newest = _newest_year(units)
    entries = entries_of_year(newest, units) if newest else []
    before = entries_of_year(newest - 1, units) if newest else []
    link = department_link(name)
    sentences = year_sentences(newest, [entry for _, entry in entries]) if newest else ()
    rest = len(units) - MAX_ROWS
    limit = (f"下表只列前 {MAX_ROWS} 个单位，其余 {rest} 个见各单位。",) if rest > 0 else ()
    return DepartmentView(
        head=PageHead(
            name, link.url, f"{name}所属单位的预算绩效自评", (HOME, DEPARTMENTS), keywords=(name,)
        ),
        summary=(f"{name}有 {len(units)} 个单位在本站。", *sentences, *limit),
        figures=tuple(year_figures(entries, before, newest)) if newest else (),
        rankings=tuple(
            rankings(entries, year_shortfalls_link(newest), year_contradictions_link(newest))
        )
        if newest and len(entries) > 1
        else (),
        charts=_unit_chart(entries, newest) if newest else (),
        caption=f"{name}各单位最近一个年度的自评结果",
        lines=tuple(map(newest_line, units[:MAX_ROWS])),
    )


def department_lines(units: Sequence[UnitEntry], year: int) -> tuple[DepartmentLine, ...]:
    """Return the departments with what their units filed for a year, the largest budget first."""
    lines = [
        _department_line(name, members, [entry for _, entry in entries_of_year(year, members)])
        for name, members in _by_department(units).items()
    ]
    lines.sort(key=lambda line: (-line.budget, -line.units, line.page.title))
    return tuple(lines)


def _department_line(
    name: str, members: Sequence[UnitEntry], entries: Sequence[Entry]
) -> DepartmentLine:
    budget, spent = recomputed_sums(entries)
    judged = any(entry.targets.judged for entry in entries)
    filed = sum(entry.budget is not None for entry in entries)
    return DepartmentLine(
        page=department_link(name),
        units=len(members),
        evaluated=sum(not entry.has_targets_only for entry in entries),
        budget=budget,
        spent=spent,
        budget_text=amount_text(budget) if filed else "",
        spent_text=amount_text(spent) if filed else "",
        filed=filed,
        missed=sum(entry.missed for entry in entries) if judged else None,
        contradictions=sum(entry.contradiction_count for entry in entries),
    )


def department_chart(lines: Sequence[DepartmentLine], year: int) -> tuple[CaptionedChart, ...]:
    """Return the chart of departments' budget and spending; none if there are fewer than two."""
    pairs = [AmountPair(line.page.title, line.budget, line.spent) for line in lines if line.budget]
    return _chart("departments", f"{year}年度各部门的预算与支出", pairs)


def _unit_chart(
    entries: Sequence[tuple[UnitEntry, Entry]], year: int
) -> tuple[CaptionedChart, ...]:
    pairs = [
        AmountPair(unit.link.title, budget, known_spent(entry))
        for unit, entry in entries
        if (budget := known_budget(entry))
    ]
    pairs.sort(key=lambda pair: -(pair.budget or 0))
    return _chart("units", f"{year}年度各单位的预算与支出", pairs)


def _chart(name: str, title: str, pairs: Sequence[AmountPair]) -> tuple[CaptionedChart, ...]:
    if len(pairs) < _FEWEST_BARS:
        return ()
    most = f"（最大的 {_MOST_BARS} 个）" if len(pairs) > _MOST_BARS else ""
    chart = pairs_chart(name, title, "万元", pairs[:_MOST_BARS])
    return (CaptionedChart(f"{title}{most}（对不上的按复算的数）", chart, f"chart-{name}"),)


def _by_department(units: Sequence[UnitEntry]) -> dict[str, list[UnitEntry]]:
    groups: dict[str, list[UnitEntry]] = {}
    for unit in units:
        groups.setdefault(department_name(unit.department), []).append(unit)
    return groups


def _newest_year(units: Sequence[UnitEntry]) -> int | None:
    return max(evaluated_years(units) or disclosed_years(units), default=None)
