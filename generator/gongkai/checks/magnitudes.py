"""Checks of sizes in indicator tables (ZB): far beyond the target, parts and whole, costs and funds."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from gongkai.checks.base import Assessment, Finding, additional_check, check, finding_at
from gongkai.model.comparison import comparable_numbers
from gongkai.model.direction import Direction
from gongkai.model.documents import Cell, Record
from gongkai.model.outcomes import IndicatorOutcome
from gongkai.model.problems import Level
from gongkai.model.values import MONEY_UNITS, Value, format_decimal, round_half_up

_PART = "其中"
_MONEY = re.compile("成本|费用|单价|造价|经费|支出|投资|补助|标准")
_LOW_COST = 70
"""Percentage of its limit below which a cost is far below."""
_TENFOLD = (Decimal(9), Decimal(11))
_SMALLEST_TARGET = 5
"""Smallest target of which ten times as much is a slip rather than a success."""
_FAR_BEYOND_FUNDS = 10
"""How many times all of a document's money a cost may be at most."""


@check("ZB-18", "指标其中数", of=Assessment)
def parts_exceed_their_whole(assessment: Assessment) -> Iterator[Finding]:
    """指标下面紧接着写“其中：…”的几行，单位相同的，加起来不能超过上面那一行。

    为什么：分项比总数还多，读者不知道哪个是真的。
    怎么改：核对总数与各分项。
    """
    for _, siblings in groupby(assessment.outcomes, key=lambda outcome: outcome.path):
        for whole, parts in _wholes(siblings):
            for column in ("target", "actual"):
                yield from _compare_parts(whole, parts, column)


def _wholes(
    siblings: Iterable[IndicatorOutcome],
) -> Iterator[tuple[IndicatorOutcome, list[IndicatorOutcome]]]:
    """Yield the indicators that have parts, with their parts."""
    whole: IndicatorOutcome | None = None
    parts: list[IndicatorOutcome] = []
    for outcome in siblings:
        if outcome.indicator.name.filed.startswith(_PART):
            parts.append(outcome)
            continue
        if whole and parts:
            yield whole, parts
        whole, parts = outcome, []
    if whole and parts:
        yield whole, parts


def _compare_parts(
    whole: IndicatorOutcome, parts: list[IndicatorOutcome], column: str
) -> Iterator[Finding]:
    cell, total = _cell_and_value(whole, column)
    values = [_cell_and_value(part, column)[1] for part in parts]
    numbers = [value.number for value in values if value.number is not None]
    if cell is None or total.number is None or total.measure == "%" or len(numbers) < len(parts):
        return
    if any(value.measure != total.measure for value in values):
        return
    computed = sum(numbers, Decimal(0))
    if computed > total.number:
        shown = f"{format_decimal(computed)}{total.measure}"
        message = f"“{whole.name}”的“{cell.spec.key}”是“{cell.filed}”，下面各“其中”合计 {shown}"
        yield finding_at(cell, message, "请核对总数与各分项", computed=shown)


def _cell_and_value(outcome: IndicatorOutcome, column: str) -> tuple[Cell | None, Value]:
    if column == "target":
        return outcome.target, outcome.target_value
    return outcome.actual, outcome.actual_value


@check("ZB-12", "超额或偏低", Level.W, of=Assessment)
def far_beyond(assessment: Assessment) -> Iterator[Finding]:
    """完成值超过目标 30% 以上，或成本低于目标 30% 以上，要说明是否目标定低了。

    差错率、投诉、用时等越低越好的，不在此列。

    为什么：目标定得过低，完成得再好也说明不了什么。
    来源：财预〔2020〕10号（指标值偏低造成远超目标的，适当扣分）；界限见表式的“提醒”。
    怎么改：在“偏差原因”一栏说明。
    """
    for outcome in assessment.outcomes:
        numbers = comparable_numbers(outcome.target_value, outcome.actual_value)
        if (
            outcome.actual is None
            or outcome.target is None
            or outcome.reason is None
            or numbers is None
            or outcome.is_explained
            or numbers[0] <= 0
        ):
            continue
        percent = numbers[1] / numbers[0] * 100
        is_inverse = outcome.direction is Direction.LOWER
        if (not is_inverse and percent > assessment.record.form.alerts.excess) or (
            is_inverse and 0 < percent < _LOW_COST and _is_cost(outcome)
        ):
            message = (
                f"“{outcome.name}”的目标是“{outcome.target.filed}”，完成“{outcome.actual.filed}”，"
                f"是目标的 {format_decimal(round_half_up(percent, 0))}%"
            )
            yield finding_at(
                outcome.actual, message, "请说明原因，或核对目标是否定低了", level=Level.W
            )


def _is_cost(outcome: IndicatorOutcome) -> bool:
    is_money = outcome.target_value.measure.endswith("元")
    return is_money or bool(_MONEY.search(outcome.indicator.name.filed))


@additional_check(far_beyond.rule, of=Assessment)
def ten_times_the_target(assessment: Assessment) -> Iterator[Finding]:
    """Find results ten or a hundred times their target, in forms that have no column for a reason."""
    for outcome in assessment.outcomes:
        numbers = comparable_numbers(outcome.target_value, outcome.actual_value)
        if outcome.actual is None or outcome.target is None or outcome.reason or not numbers:
            continue
        target, actual = numbers
        if target < _SMALLEST_TARGET or outcome.direction is Direction.LOWER:
            continue
        low, high = _TENFOLD
        if low <= actual / target <= high or low**2 <= actual / target <= high**2:
            message = (
                f"“{outcome.name}”的目标是“{outcome.target.filed}”，完成“{outcome.actual.filed}”，"
                f"是目标的 {format_decimal(round(actual / target, 1))} 倍"
            )
            advice = "请核对小数点和单位，是否多写了一位"
            yield finding_at(outcome.actual, message, advice, level=Level.W)


@check("ZB-19", "成本与资金", Level.W, of=Assessment)
def cost_beyond_funds(assessment: Assessment) -> Iterator[Finding]:
    """成本指标的金额不应是表中资金的十倍以上。

    为什么：多半是把“元”当成了“万元”，或多写了几位。
    怎么改：核对成本指标的数与单位。
    """
    funds = _largest_amount(assessment.record)
    if not funds:
        return
    for outcome in assessment.outcomes:
        is_cost = "成本" in outcome.aspect or "成本" in outcome.indicator.name.filed
        if not is_cost or any("效益" in name for name in outcome.path):
            continue
        for column in ("target", "actual"):
            cell, value = _cell_and_value(outcome, column)
            unit = MONEY_UNITS.get(value.measure)
            if cell is None or value.number is None or unit is None:
                continue
            if value.number * unit > funds * _FAR_BEYOND_FUNDS:
                times = format_decimal(round(value.number * unit / funds, 0))
                message = f"“{outcome.name}”的“{cell.spec.key}”是“{cell.filed}”，是表中全部资金的 {times} 倍"
                advice = "请核对单位是“元”还是“万元”，小数点对不对"
                yield finding_at(cell, message, advice, level=Level.W)


def _largest_amount(record: Record) -> Decimal:
    """Return a document's largest amount of money, in 元; 0 if it has none."""
    numbers = (cell.value.number for cell in record.amounts)
    return max(filter(None, numbers), default=Decimal(0)) * MONEY_UNITS[record.form.money]
