"""Checks of scores against attainment (DF-05, DF-08, DF-10)."""

from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Assessment, Finding, additional_check, check, finding_at
from gongkai.checks.results import is_remarked
from gongkai.model.comparison import attainment_degree, comparable_numbers
from gongkai.model.documents import Cell, Record, cell_with_role
from gongkai.model.outcomes import IndicatorOutcome, cell_number
from gongkai.model.problems import Level
from gongkai.model.scores import point_groups, rate_points, rate_row, total_points
from gongkai.model.terms import Role
from gongkai.model.values import decimals_of, format_decimal, round_half_up

_WHOLE_POINTS = Decimal("0.5")
"""Largest difference that rounding to whole points explains, and the smallest of a hint."""
_ALL, _LEAST = Decimal(100), Decimal("0.005")
"""A coefficient of all points, in percent, and the share by which it may be rounded."""
_FULL = Decimal("0.05")
"""Largest difference of a full score that rounding explains, as a share of the points."""
_CLEARLY = Decimal("0.03")
"""Smallest part of a target that is clearly missing where only a group of indicators has points."""
_ROUNDING = Decimal("0.05")
"""Largest difference between a total and the sum of its parts that rounding explains."""
_LEVELS = ((Decimal("0.3"), Level.E), (Decimal("0.1"), Level.W), (Decimal(0), Level.I))
"""Lowest difference, as a share of the points, for every level."""


@check("DF-05", "得分与完成", Level.E, Level.W, Level.I, of=Assessment)
def score_does_not_follow(assessment: Assessment) -> Iterator[Finding]:
    """定量指标的得分应是 分值 × 完成的比例（至多 1；反向指标按 目标÷完成）。

    没有写 ≥ 或 ≤ 的，看指标名称是越高越好还是越低越好（见 ZB-11）；看不准的，至多是警告。
    分值只标在上级的，看上级：有指标明显没有达到，不应得满分；都达到了，不应少得。得分系数填 100% 的，目标要全部达到。

    为什么：做到了却扣分、没做到却满分，得分就失去意义。
    容许的差：取整数的得分 0.5 分以内不提，别的按填报的小数位；不到分值 10% 为提示，不到 30% 为警告，30% 及以上为错误；
    没有达到目标却得满分的，至少是警告。
    来源：财预〔2020〕10号。
    怎么改：核对得分与完成值；有别的评分办法的，写“差异说明”。
    """
    for outcome in assessment.outcomes:
        points, score = cell_number(outcome.points), cell_number(outcome.score)
        if not points or score is None or outcome.score is None or score > points:
            continue
        direction = outcome.direction
        share = attainment_degree(outcome.target_value, outcome.actual_value, direction)
        if share is None or outcome.indicator.score_group or outcome.indicator.children:
            continue
        level = _level(outcome, points, score, points * share)
        if level is None:
            continue
        shown = format_decimal(round_half_up(points * share, 2))
        values = (
            f"“{outcome.name}”目标“{outcome.target.filed if outcome.target else ''}”，"
            f"完成“{outcome.actual.filed if outcome.actual else ''}”"
        )
        if share < 1 and score == points and not direction.is_certain:
            message = f"{values}，比目标少，却得满分 {outcome.score.filed} 分"
            advice = f"请核对得分（按比例为 {shown} 分）；越低越好的，请在目标前写“≤”"
        else:
            message = f"{values}，按比例应得 {shown} 分，填报 {outcome.score.filed} 分"
            advice = "请核对得分"
        yield finding_at(outcome.score, message, advice, computed=shown, level=level)


@additional_check(score_does_not_follow.rule, of=Assessment)
def shared_points_do_not_follow(assessment: Assessment) -> Iterator[Finding]:
    """Compare scores whose points are stated above them only with what the indicators reached."""
    outcomes = {outcome.indicator.name.position: outcome for outcome in assessment.outcomes}
    for group in point_groups(assessment.record):
        known = [outcome for leaf in group.leaves if (outcome := outcomes.get(leaf.name.position))]
        name, points = group.indicator.name.filed, format_decimal(group.points)
        for outcome in known if group.score == group.points else ():
            target, actual = outcome.target, outcome.actual
            if target and actual and _falls_clearly_short(outcome):
                message = (
                    f"“{outcome.name}”目标“{target.filed}”，完成“{actual.filed}”，没有达到，"
                    f"“{name}”却得满分 {points} 分"
                )
                yield finding_at(actual, message, "请核对得分与完成值", level=Level.W)
        if group.score + _ROUNDING < group.points and not _is_lost_for_a_reason(
            known, assessment.record
        ):
            message = (
                f"“{name}”共 {points} 分，得分合计为 {format_decimal(group.score)}，"
                "下面的指标没有一个说到没有达到目标"
            )
            yield finding_at(group.cell, message, "请核对得分，扣分的写明原因", level=Level.W)


def _is_lost_for_a_reason(known: list[IndicatorOutcome], record: Record) -> bool:
    """Tell whether a reason is given for an indicator, or a target is missed or cannot be compared.

    Where the form has a place for reasons, it must have one.
    """
    if any(outcome.is_explained or outcome.is_met is False for outcome in known):
        return True
    if record.field_with_role(Role.DEVIATION) is None:
        return not (known and all(outcome.is_met for outcome in known))
    return any(is_remarked(record, outcome) for outcome in known)


def _falls_clearly_short(outcome: IndicatorOutcome) -> bool:
    """Tell whether the target is missed by more than rounding explains."""
    share = attainment_degree(outcome.target_value, outcome.actual_value, outcome.direction)
    return share is not None and share <= 1 - _CLEARLY


def _level(
    outcome: IndicatorOutcome, points: Decimal, score: Decimal, expected: Decimal
) -> Level | None:
    """Return how grave the difference from the expected score is; None if rounding explains it."""
    difference = abs(expected - score)
    if _is_rounded(points, score, expected):
        return None
    coefficient = cell_number(outcome.indicator.cells.with_role(Role.COEFFICIENT))
    claims_all = coefficient == _ALL and difference / points > _LEAST
    is_full_miss = score == points and (claims_all or difference / points > _FULL)
    is_uncertain = not (outcome.direction.is_certain or outcome.target_value.comparison)
    if is_uncertain and expected == points and not _is_equal(outcome):
        return None
    level = next(level for lowest, level in _LEVELS if difference / points >= lowest)
    if level is Level.I and difference <= _WHOLE_POINTS and not is_full_miss:
        return None
    if level is Level.I and is_full_miss:
        return Level.W
    if level is Level.E and (not outcome.target_value.comparison or difference <= _WHOLE_POINTS):
        return Level.E if _is_equal(outcome) else Level.W
    return level


def _is_rounded(points: Decimal, score: Decimal, expected: Decimal) -> bool:
    """Tell whether a score is the expected one rounded: in whole points only if some were lost."""
    if score % 1:
        return round_half_up(expected, decimals_of(score)) == score
    return score < points and abs(expected - score) <= _WHOLE_POINTS


def _is_equal(outcome: IndicatorOutcome) -> bool:
    """Tell whether the target is met exactly, so that more or less makes no difference."""
    numbers = comparable_numbers(outcome.target_value, outcome.actual_value)
    return numbers is not None and numbers[0] == numbers[1]


@check("DF-08", "定性档位", Level.W, of=Assessment)
def score_outside_its_band(assessment: Assessment) -> Iterator[Finding]:
    """定性指标的完成值写明了档位的（“达成预期指标”“部分达成……”），得分要在这一档之内。

    为什么：说是“部分达成”，却给了满分，两句话对不上。
    来源：财预〔2020〕10号（三档：100—80%、80—60%、60—0%）；各表式的“定性档位”。
    怎么改：核对完成值与得分。
    """
    for outcome in assessment.outcomes:
        points, score = cell_number(outcome.points), cell_number(outcome.score)
        if outcome.actual is None or outcome.score is None or not points or score is None:
            continue
        bands = [
            band
            for band in assessment.record.form.quality_bands
            if band.name == outcome.actual.filed
        ]
        for band in bands:
            share = score / points * 100
            if not band.lowest <= share <= band.highest:
                message = (
                    f"“{outcome.name}”的完成值是“{outcome.actual.filed}”，这一档得分值的 "
                    f"{format_decimal(band.lowest)}—{format_decimal(band.highest)}%，填报 {outcome.score.filed} 分，"
                    f"是 {format_decimal(round_half_up(share, 1))}%"
                )
                yield finding_at(outcome.score, message, "请核对完成值与得分", level=Level.W)


@check("DF-10", "全满分", Level.I, of=Assessment)
def everything_full(assessment: Assessment) -> Iterator[Finding]:
    """所有指标都得满分时，提示再看一遍：目标是否定低了，问题是否漏写了。

    总分另外还少了分的（有的行没有录），不提。

    为什么：全部满分的自评，读者难以相信，也看不出改进的方向。
    怎么改：确实如此的不必改。
    """
    pairs = [
        (cell_number(outcome.points), cell_number(outcome.score)) for outcome in assessment.outcomes
    ]
    scored = [
        (points, score) for points, score in pairs if points is not None and score is not None
    ]
    total = assessment.record.overall_cell(Role.SCORE)
    is_many = len(scored) > 2  # noqa: PLR2004
    if total and is_many and all(score >= points for points, score in scored):
        if _loses_elsewhere(assessment.record, total):
            return
        message = f"{len(scored)} 个指标全部满分"
        yield finding_at(total, message, "请再看一遍目标是否定低了、问题是否漏写了", level=Level.I)


def _loses_elsewhere(record: Record, total: Cell) -> bool:
    """Tell whether the total lost more points than the execution rate did."""
    score, points = total.value.number, total_points(record)
    if score is None or points is None:
        return False
    rate = cell_number(cell_with_role(rate_row(record), Role.SCORE))
    lost_by_rate = Decimal(0) if rate is None else rate_points(record) - rate
    return points - score > lost_by_rate + _ROUNDING
