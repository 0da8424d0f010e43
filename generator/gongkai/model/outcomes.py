"""Targets and actual values of the indicators, and whether the targets are met."""

from decimal import Decimal
from typing import NamedTuple

from gongkai.model.comparison import is_reached
from gongkai.model.documents import Cell, Indicator, Record, cache_on_record
from gongkai.model.terms import Role
from gongkai.model.values import Value, ValueState, parse_comparison

_NAME_LENGTH = 20
_NO_REASON = frozenset({"", "无", "0", "没有"})


class IndicatorOutcome(NamedTuple):
    """Target, actual value and score of one indicator, gathered from all its columns."""

    indicator: Indicator
    path: tuple[str, ...]
    """Names of the categories above it, for instance 产出指标, 数量指标."""
    target: Cell | None
    """The adjusted target (年度指标值), or the initial one if only that is filed."""
    actual: Cell | None
    reason: Cell | None
    """偏差原因; None if the form has no such column."""
    points: Cell | None
    score: Cell | None
    target_value: Value
    """The target, its comparison and measure taken from their own columns where necessary."""
    actual_value: Value
    """The actual value, in its own measure or in that of the column 度量单位."""

    @property
    def name(self) -> str:
        """The indicator's name, shortened for a sentence."""
        name = self.indicator.name.filed
        return name if len(name) <= _NAME_LENGTH else f"{name[:_NAME_LENGTH]}…"

    @property
    def aspect(self) -> str:
        """Name of the category directly above it."""
        return self.path[-1] if self.path else ""

    @property
    def is_explained(self) -> bool:
        """Whether a reason (偏差原因) is given."""
        return self.reason is not None and states_reason(self.reason)

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None if undecidable.

        Without a comparison sign a lower figure may be better (控制率), so full points rule out a
        miss.
        """
        met = is_reached(self.target_value, self.actual_value)
        is_doubtful = met is False and not self.target_value.comparison and self._has_full_points
        return None if is_doubtful else met

    @property
    def _has_full_points(self) -> bool:
        points, score = cell_number(self.points), cell_number(self.score)
        return points is not None and score is not None and score >= points


def states_reason(cell: Cell) -> bool:
    """Tell whether a cell states a reason, other than 无 or 0."""
    return cell.filed not in _NO_REASON and cell.value.state is ValueState.FILED


def cell_number(cell: Cell | None) -> Decimal | None:
    """Return the number that a cell holds."""
    return cell.value.number if cell else None


@cache_on_record
def indicator_outcomes(record: Record) -> tuple[IndicatorOutcome, ...]:
    """Return the outcomes of the last level's indicators, of all tables."""
    collected: list[IndicatorOutcome] = []
    for table in record.indicator_tables:
        last_level = len(table.spec.levels) - 1
        for indicator in table.roots:
            _collect_outcomes(indicator, (), last_level, collected)
    return tuple(collected)


def _collect_outcomes(
    indicator: Indicator, path: tuple[str, ...], last_level: int, collected: list[IndicatorOutcome]
) -> None:
    if indicator.level == last_level:
        collected.append(_build_outcome(indicator, path))
    if indicator.children:
        below = (*path, indicator.name.filed)
        for child in indicator.children:
            _collect_outcomes(child, below, last_level, collected)


def _build_outcome(indicator: Indicator, path: tuple[str, ...]) -> IndicatorOutcome:
    cell_of = indicator.cells.with_role
    target, initial = cell_of(Role.TARGET), cell_of(Role.INITIAL_TARGET)
    if target is None or (target.is_blank and initial and not initial.is_blank):
        target = initial
    actual, sign, measure = map(cell_of, (Role.ACTUAL, Role.COMPARISON, Role.MEASURE))
    comparison = parse_comparison(sign.filed) if sign else None
    value = _with_measure(target.value if target else Value(), measure)
    if comparison and not value.comparison:
        value = value._replace(comparison=comparison)
    return IndicatorOutcome(
        indicator=indicator,
        path=path,
        target=target,
        actual=actual,
        reason=cell_of(Role.DEVIATION),
        points=cell_of(Role.POINTS),
        score=cell_of(Role.SCORE),
        target_value=value,
        actual_value=_with_measure(actual.value if actual else Value(), measure),
    )


def _with_measure(value: Value, measure: Cell | None) -> Value:
    """Add the measure of the column 度量单位 to a number without one."""
    filed = measure.filed if measure and measure.value.state is ValueState.FILED else ""
    if not filed or value.measure or value.number is None:
        return value
    return value._replace(measure=filed.replace("％", "%").replace("百分比", "%"))
