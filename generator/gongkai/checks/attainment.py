"""Checks of scores against attainment (DF-05, DF-08, DF-10)."""

from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Assessment, Finding, check, finding_at
from gongkai.model.comparison import attainment_degree, comparable_numbers
from gongkai.model.documents import Cell, Record, cell_with_role
from gongkai.model.outcomes import IndicatorOutcome, cell_number
from gongkai.model.problems import Level
from gongkai.model.scores import rate_points, rate_row, total_points
from gongkai.model.terms import Role
from gongkai.model.values import format_decimal, round_half_up

_WHOLE_POINTS = Decimal("0.5")
"""Largest difference that rounding to whole points explains, and the smallest of a hint."""
_FULL = Decimal("0.05")
"""Largest difference of a full score that rounding explains, as a share of the points."""
_ROUNDING = Decimal("0.05")
"""Largest difference between a total and the sum of its parts that rounding explains."""
_LEVELS = ((Decimal("0.3"), Level.E), (Decimal("0.1"), Level.W), (Decimal(0), Level.I))
"""Lowest difference, as a share of the points, for every level."""


@check("DF-05", "得分与完成", Level.E, Level.W, Level.I, of=Assessment)
def score_does_not_follow(assessment: Assessment) -> Iterator[Finding]:
    """定量指标的得分应是 分值 × 完成的比例（至多 1；反向指标按 目标÷完成）。

    没有写 ≥ 或 ≤ 的，看指标名称是越高越好还是越低越好（见 ZB-11）；看不准的，至多是警告。

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


def _level(
    outcome: IndicatorOutcome, points: Decimal, score: Decimal, expected: Decimal
) -> Level | None:
    """Return how grave the difference from the expected score is; None if rounding explains it."""
    difference = abs(expected - score)
    is_full_miss = score == points and difference / points > _FULL
    is_uncertain = not (outcome.direction.is_certain or outcome.target_value.comparison)
    if is_uncertain and expected == points and not _is_equal(outcome):
        return None
    if score % 1 == 0 and score < points and difference <= _WHOLE_POINTS:
        return None
    level = next(level for lowest, level in _LEVELS if difference / points >= lowest)
    if level is Level.I and difference <= _WHOLE_POINTS and not is_full_miss:
        return None
    if level is Level.I and is_full_miss:
        return Level.W
    if level is Level.E and (not outcome.target_value.comparison or difference <= _WHOLE_POINTS):
        return Level.E if _is_equal(outcome) else Level.W
    return level


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
