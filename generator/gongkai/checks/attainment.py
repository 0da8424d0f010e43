"""Checks of scores against attainment (DF-05, DF-08, DF-10)."""

from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Assessment, Finding, check, finding_at
from gongkai.model.comparison import attainment_degree
from gongkai.model.outcomes import cell_number
from gongkai.model.problems import Level
from gongkai.model.terms import Role
from gongkai.model.values import format_decimal, round_half_up

_ROUNDING = Decimal("0.5")
"""Tolerance in points, because scores are often whole points."""
_LEVELS = ((Decimal("0.3"), Level.E), (Decimal("0.1"), Level.W), (Decimal(0), Level.I))
"""Lowest difference, as a share of the points, for every level."""


@check("DF-05", "得分与完成", Level.E, Level.W, Level.I, of=Assessment)
def score_does_not_follow(assessment: Assessment) -> Iterator[Finding]:
    """定量指标的得分应是 分值 × 完成的比例（至多 1；反向指标按 目标÷完成）。

    为什么：做到了却扣分、没做到却满分，得分就失去意义。
    容许的差：0.5 分以内（四舍五入到整数）不提；不到分值 10% 为提示，不到 30% 为警告，30% 及以上为错误。
    来源：财预〔2020〕10号。
    怎么改：核对得分与完成值；有别的评分办法的，写“差异说明”。
    """
    for outcome in assessment.outcomes:
        points, score = cell_number(outcome.points), cell_number(outcome.score)
        share = attainment_degree(outcome.target_value, outcome.actual_value)
        if not points or score is None or outcome.score is None:
            continue
        if share is None or outcome.indicator.score_group:
            continue
        if outcome.target_value.comparison is None and share < 1 and score >= points:
            continue  # Without a sign a lower figure may be the better one.
        expected = points * share
        difference = abs(expected - score)
        if difference <= _ROUNDING or score > points:
            continue
        level = next(level for lowest, level in _LEVELS if difference / points >= lowest)
        message = (
            f"“{outcome.name}”目标“{outcome.target.filed if outcome.target else ''}”，"
            f"完成“{outcome.actual.filed if outcome.actual else ''}”，"
            f"按比例应得 {format_decimal(round_half_up(expected, 2))} 分，填报 {outcome.score.filed} 分"
        )
        shown = format_decimal(round_half_up(expected, 2))
        yield finding_at(outcome.score, message, "请核对得分", computed=shown, level=level)


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
    if total and len(scored) > 2 and all(score >= points for points, score in scored):  # noqa: PLR2004
        message = f"{len(scored)} 个指标全部满分"
        yield finding_at(total, message, "请再看一遍目标是否定低了、问题是否漏写了", level=Level.I)
