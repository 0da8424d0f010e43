"""Points and scores of a document: execution rate, indicators, level-1 indicators."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from gongkai.model.documents import (
    Cell,
    Cells,
    Indicator,
    Record,
    cache_on_record,
    cell_with_role,
    find_leaves,
)
from gongkai.model.outcomes import cell_number
from gongkai.model.terms import Role
from gongkai.model.values import decimals_of

_FINEST_RATE = Decimal("0.01")
"""By how many percentage points a rate may always differ from the recomputed one."""


@cache_on_record
def rate_row(record: Record) -> Cells | None:
    """Return the row of the funds table with the total (资金总额) and the execution rate.

    Without such a row, return the first row or field group with a column for 全年执行数.
    """
    row = record.row_with_role(Role.TOTAL)
    return row.cells if row else next(record.iter_cell_groups(Role.SPENT), None)


def rate_points(record: Record) -> Decimal:
    """Return the points of the execution rate: as filed in its row, else as the form fixes them."""
    row = rate_row(record)
    cell = cell_with_role(row, Role.POINTS) if row else None
    if cell:
        return cell.value.or_zero
    score = row and cell_with_role(row, Role.SCORE)
    fixed_points = record.form.execution.points if record.form.execution else None
    return fixed_points or Decimal(0) if score else Decimal(0)


def rate_tolerance(declared: Decimal) -> Decimal:
    """Return half a unit of the last decimal filed, at least 0.01 (percentage points)."""
    return max(_FINEST_RATE, Decimal(5).scaleb(-decimals_of(declared) - 1))


NumberOf = Callable[[Cell | None], Decimal | None]
"""Finds the number of a cell: as filed (cell_number), or as recomputed."""


def points_of(indicator: Indicator, number_of: NumberOf = cell_number) -> Decimal | None:
    """Return an indicator's points as filed, else the sum of its children's; None without any."""
    return _own_or_sum(indicator, Role.POINTS, number_of)


def _own_or_sum(indicator: Indicator, role: Role, number_of: NumberOf) -> Decimal | None:
    own = number_of(indicator.cells.with_role(role))
    if own is not None or not indicator.children:
        return own
    numbers = (_own_or_sum(child, role, number_of) for child in indicator.children)
    below = [number for number in numbers if number is not None]
    return sum(below, Decimal(0)) if below else None


@cache_on_record
def sum_scores(record: Record) -> Decimal | None:
    """Return the sum of the scores of the execution rate and the indicators, shared ones once.

    Where the indicators of a level have none, the score above them counts. None if no indicator has
    a score, or if a score is not a number.
    """
    roots = (indicator for table in record.indicator_tables for indicator in table.roots)
    cells = [cell for indicator in roots for cell in _lowest_scores(indicator)]
    funds = rate_row(record)
    rate = cell_with_role(funds, Role.SCORE) if funds else None
    values = [cell.value for cell in (*cells, *([rate] if rate else ()))]
    if all(cell.value.number is None for cell in cells) or any(
        value.is_unparsed for value in values
    ):
        return None
    return sum((value.or_zero for value in values), Decimal(0))


def total_points(record: Record) -> Decimal | None:
    """Return the points that can be earned in all: as filed, else as the form fixes them."""
    cell = record.overall_cell(Role.POINTS)
    return record.form.total_points if cell is None or cell.is_blank else cell.value.number


@cache_on_record
def unscored_points(record: Record) -> Decimal:
    """Return the total points less those of the rows that have a score; 0 if all rows have one."""
    total, groups = total_points(record), scored_groups(record)
    rate = cell_with_role(rate_row(record), Role.SCORE)
    lacks_rate = rate is not None and rate.is_blank and rate_points(record) > 0
    if total is None or not (
        lacks_rate or any(_lacks_score(leaf, groups) for leaf in record.leaves)
    ):
        return Decimal(0)
    scored = sum(
        (_scored_points(root, groups) for tree in record.indicator_tables for root in tree.roots),
        Decimal(0),
    )
    if rate and rate.value.number is not None:
        scored += rate_points(record)
    return max(total - scored, Decimal(0))


def _lacks_score(leaf: Indicator, groups: frozenset[str]) -> bool:
    is_begun = any(not cell.is_blank for cell in leaf.cells.values())
    has_no_points = _number(leaf, Role.POINTS) == 0
    return is_begun and not has_no_points and not is_scored(leaf, groups)


@cache_on_record
def scored_groups(record: Record) -> frozenset[str]:
    """Return the groups of indicators (得分组) that have a score."""
    scored = (leaf for leaf in record.leaves if _number(leaf, Role.SCORE) is not None)
    return frozenset(leaf.score_group for leaf in scored) - {""}


def _scored_points(indicator: Indicator, groups: frozenset[str]) -> Decimal:
    """Return the points of the scored rows of an indicator; `groups` are those with a score."""
    own = _number(indicator, Role.POINTS) or Decimal(0)
    if _stands_for_all_below(indicator):
        return points_of(indicator) or Decimal(0)
    if not indicator.children:
        return own if is_scored(indicator, groups) else Decimal(0)
    if any(points_of(child) is not None for child in indicator.children):
        return sum((_scored_points(child, groups) for child in indicator.children), Decimal(0))
    return own if all(is_scored(child, groups) for child in indicator.children) else Decimal(0)


def is_scored(indicator: Indicator, groups: frozenset[str]) -> bool:
    """Tell whether all rows of an indicator have a score, their own or a shared one."""
    if indicator.children:
        return _stands_for_all_below(indicator) or all(
            is_scored(child, groups) for child in indicator.children
        )
    has_score = indicator.score_group in groups or _number(indicator, Role.SCORE) is not None
    return has_score or bool(indicator.name.printed)


def _stands_for_all_below(indicator: Indicator) -> bool:
    """Tell whether an indicator has a score, and none below it has."""
    if not indicator.children or _number(indicator, Role.SCORE) is None:
        return False
    return all(cell.is_blank for child in indicator.children for cell in _lowest_scores(child))


def _lowest_scores(indicator: Indicator) -> list[Cell]:
    """Return the score cells of the lowest level at which any is filed."""
    below = [cell for child in indicator.children for cell in _lowest_scores(child)]
    own = indicator.cells.with_role(Role.SCORE)
    return [own] if own and all(cell.is_blank for cell in below) else below


def score_of(indicator: Indicator, number_of: NumberOf = cell_number) -> Decimal | None:
    """Return an indicator's score as filed, else the sum of its children's; None without any."""
    return _own_or_sum(indicator, Role.SCORE, number_of)


class PointGroup(NamedTuple):
    """Indicators that have no points of their own, and the points that they share."""

    indicator: Indicator
    """The indicator above them."""
    cell: Cell
    """Its points, as filed."""
    leaves: tuple[Indicator, ...]
    score: Decimal
    """The sum of their scores."""

    @property
    def points(self) -> Decimal:
        """The points that they share."""
        return self.cell.value.or_zero


@cache_on_record
def point_groups(record: Record) -> tuple[PointGroup, ...]:
    """Return the groups of scored indicators whose points are stated above them only."""
    groups: list[PointGroup] = []
    for table in record.indicator_tables:
        last = len(table.spec.levels) - 1
        for root in table.roots:
            groups += _point_groups(root, last, scored_groups(record))
    return tuple(groups)


def _point_groups(
    indicator: Indicator, last: int, score_groups: frozenset[str]
) -> Iterator[PointGroup]:
    below = [
        group for child in indicator.children for group in _point_groups(child, last, score_groups)
    ]
    yield from below
    cell = indicator.cells.with_role(Role.POINTS)
    if below or cell is None or not cell.value.number or not indicator.children:
        return
    leaves = find_leaves(indicator.children, last)
    has_points = any(points_of(child) is not None for child in indicator.children)
    scores = [score for child in indicator.children if (score := score_of(child)) is not None]
    is_complete = all(is_scored(child, score_groups) for child in indicator.children)
    if leaves and scores and is_complete and not has_points:
        yield PointGroup(indicator, cell, tuple(leaves), sum(scores, Decimal(0)))


@cache_on_record
def scored_indicators(record: Record) -> tuple[tuple[Indicator, Decimal, Decimal], ...]:
    """Return (indicator, points, score) for indicators where both are filed.

    Indicators that share a score or points (得分组) are represented by one, with the points of all.
    """
    return tuple(iter_scored_indicators(record, cell_number))


def iter_scored_indicators(
    record: Record, number_of: NumberOf
) -> Iterator[tuple[Indicator, Decimal, Decimal]]:
    """Yield scored_indicators with the numbers that `number_of` finds."""
    group_points: dict[str, Decimal] = defaultdict(Decimal)
    group_scores: dict[str, Decimal] = defaultdict(Decimal)
    shared = groups_with_shared_points(record)
    for indicator in record.leaves:
        if indicator.score_group:
            points_cell = indicator.cells.with_role(Role.POINTS)
            group_points[indicator.score_group] += number_of(points_cell) or 0
        if indicator.score_group in shared:
            score_cell = indicator.cells.with_role(Role.SCORE)
            group_scores[indicator.score_group] += number_of(score_cell) or 0
    for indicator in record.leaves:
        points = number_of(indicator.cells.with_role(Role.POINTS))
        score = number_of(indicator.cells.with_role(Role.SCORE))
        if points is not None and score is not None:
            group = indicator.score_group
            yield indicator, group_points.get(group, points), group_scores.get(group, score)


@cache_on_record
def groups_with_shared_points(record: Record) -> frozenset[str]:
    """Return the groups (得分组) with points at one indicator only; their scores add up."""
    with_points = Counter(
        leaf.score_group for leaf in record.leaves if _number(leaf, Role.POINTS) is not None
    )
    return frozenset(group for group, count in with_points.items() if group and count == 1)


def _number(indicator: Indicator, role: Role) -> Decimal | None:
    return cell_number(indicator.cells.with_role(role))


EXECUTION_RATE = "预算执行率"
"""Name of the execution rate's dimension."""


class Dimension(NamedTuple):
    """A level-1 indicator (产出指标, 效益指标 …) or the execution rate, if it has points."""

    name: str
    points: Decimal | None
    score: Decimal | None
    """As filed, else the sum of the scores below; a shared score (得分组) counts once."""


def dimensions_of(record: Record, number_of: NumberOf = cell_number) -> tuple[Dimension, ...]:
    """Return the dimensions that have points or a score, in the form's order.

    Forms whose indicators have a single level have no dimensions.
    """
    return tuple(_iter_dimensions(record, number_of))


def _iter_dimensions(record: Record, number_of: NumberOf) -> Iterator[Dimension]:
    tables = [table for table in record.indicator_tables if len(table.spec.levels) > 1]
    points = rate_points(record)
    if tables and points:
        score = number_of(cell_with_role(rate_row(record), Role.SCORE))
        yield Dimension(EXECUTION_RATE, points, score)
    for table in tables:
        for indicator in table.roots:
            dimension = Dimension(
                indicator.name.filed,
                points_of(indicator, number_of),
                score_of(indicator, number_of),
            )
            if dimension.points is not None or dimension.score is not None:
                yield dimension
