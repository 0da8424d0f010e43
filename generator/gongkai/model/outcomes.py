"""Targets and actual values of the indicators, and whether the targets are met."""

import re
from decimal import Decimal
from typing import NamedTuple

from gongkai.model.comparison import is_reached
from gongkai.model.direction import Direction, direction_of
from gongkai.model.documents import Cell, Indicator, Record, cache_on_record
from gongkai.model.terms import Role
from gongkai.model.values import Value, ValueState, parse_comparison

_NAME_LENGTH = 20
_NO_REASON = frozenset({"", "无", "0", "没有", "无。", "已完成", "无偏差"})
_MEASURE_IN_NAME = re.compile(
    r"[（(](?:单位[:：])?((?:百|千|万|亿)?(?:元|美元)(?:/[^（）()]{1,3})?|[%％‰]|(?:万|亿)?(?:人|人次|户|户次|亩|吨|立方米|"
    r"平方米|公里|米|页|册|次|场次|场|个|件|起|家|所|处|座|台|套|辆|条|项|期|篇|份|天|日|个月|年|小时|分钟|个工作日|工作日|"
    r"卷|支|株|头|只|张|批|间|名|班|度|千瓦时|公斤|千克|㎡|分))[）)]$"
)
"""The measure in brackets at the end of a name: 成本控制数（万元）."""
_MONTH = re.compile(r"(?:19|20)[0-9]{2}\.(?:0?[1-9]|1[0-2])")
"""A month, not a number: 2022.12."""


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
    sign: Cell | None = None
    """指标性质; None if the form has no such column."""
    measure: Cell | None = None
    """度量单位; None if the form has no such column."""

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
    def direction(self) -> Direction:
        """Whether more or less is better, by the sign or by the words."""
        return direction_of(self.indicator.name.filed, self.aspect, self.target_value)

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None if undecidable.

        Where the words do not say for certain whether more or less is better, full points rule out
        a miss.
        """
        if self.target_value.number is None or self.actual_value.number is None:
            return None
        direction = self.direction
        met = is_reached(self.target_value, self.actual_value, direction)
        is_doubtful = met is False and not direction.is_certain and not self.target_value.comparison
        return None if is_doubtful and self.has_full_points is not False else met

    @property
    def is_reached(self) -> bool | None:
        """Whether the target is reached, in words (有效, 有效) too; None if undecidable."""
        is_met = self.is_met
        if is_met is not None or self.target is None or self.actual is None:
            return is_met
        numbers = (self.target_value.number, self.actual_value.number)
        is_filed = self.actual.value.state is ValueState.FILED
        is_same = _plain_words(self.target.filed) == _plain_words(self.actual.filed)
        return True if is_filed and is_same and numbers == (None, None) else None

    @property
    def has_actual(self) -> bool:
        """Whether an actual value is filed."""
        return self.actual is not None and self.actual.value.state is ValueState.FILED

    @property
    def target_text(self) -> str:
        """The target as filed, with sign and measure from their own columns: ＝100%, ≥95%."""
        return _quantity_text(self.target, self.sign, self.measure)

    @property
    def actual_text(self) -> str:
        """The actual value as filed, with the measure from its own column."""
        return _quantity_text(self.actual, None, self.measure)

    @property
    def is_unexplained_miss(self) -> bool:
        """Whether the target is missed, and the row's column for the reason states none."""
        return self.reason is not None and not self.is_explained and self.is_met is False

    @property
    def lost_points(self) -> bool:
        """Whether it earned less than its points."""
        return self.has_full_points is False

    @property
    def has_full_points(self) -> bool | None:
        """Whether it earned all its points; None if the form or the row states none."""
        points, score = cell_number(self.points), cell_number(self.score)
        return None if points is None or score is None else score >= points


def _plain_words(text: str) -> str:
    return text.strip(" \u3000。；;，")


def _quantity_text(quantity: Cell | None, sign: Cell | None, measure: Cell | None) -> str:
    """Return a quantity as filed; sign and measure are added to a bare number."""
    if quantity is None or quantity.value.number is None:
        return quantity.filed if quantity else ""
    signs, measures = (
        cell.filed if cell and cell.value.state is ValueState.FILED else ""
        for cell in (sign, measure)
    )
    before = signs if parse_comparison(signs) and not quantity.value.comparison else ""
    after = "" if quantity.value.measure or not measures else measures
    return f"{before}{quantity.filed}{after}"


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
    named = _measure_in_name(indicator.name.filed)
    value = _as_quantity(target.value if target else Value(), measure, named)
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
        actual_value=_as_quantity(actual.value if actual else Value(), measure, named),
        sign=sign,
        measure=measure,
    )


def _measure_in_name(name: str) -> str:
    match = _MEASURE_IN_NAME.search(name) if name.endswith(("）", ")")) else None
    return match[1].replace("％", "%") if match else ""


def _as_quantity(value: Value, measure: Cell | None, named: str) -> Value:
    """Add the measure of the column 度量单位 or of the name to a number without one.

    A number that is a month then is none.
    """
    if value.measure or value.number is None:
        return value
    filed = measure.filed if measure and measure.value.state is ValueState.FILED else ""
    if not (filed or named):
        return value._replace(number=None) if _MONTH.fullmatch(value.text) else value
    return value._replace(measure=filed.replace("％", "%").replace("百分比", "%") or named)
