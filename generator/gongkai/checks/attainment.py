"""Checks of scores against what was reached (DF-05, DF-08, DF-10)."""

from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, Outcomes, at, check
from gongkai.model.comparison import attainment
from gongkai.model.outcomes import number_in
from gongkai.model.problems import Level
from gongkai.model.terms import Role
from gongkai.model.values import plain, rounded

_ROUNDING = Decimal("0.5")
"""Scores are given in whole points: so much may come from rounding."""
_GRAVE = ((Decimal("0.3"), Level.E), (Decimal("0.1"), Level.W), (Decimal(0), Level.I))
"""From which share of the points on a difference is how grave."""


@check("DF-05", "得分与完成", Level.E, Level.W, Level.I, of=Outcomes)
def score_does_not_follow(assessed: Outcomes) -> Iterator[Finding]:
    """定量指标的得分应是 分值 × 完成的比例（至多 1；反向指标按 目标÷完成）。

    为什么：做到了却扣分、没做到却满分，得分就失去意义。
    容许的差：0.5 分以内（四舍五入到整数）不提；不到分值 10% 为提示，不到 30% 为警告，30% 及以上为错误。
    来源：财预〔2020〕10号。
    怎么改：核对得分与完成值；有别的评分办法的，写“差异说明”。
    """
    for row in assessed.rows:
        full, got, score = number_in(row.points), number_in(row.score), row.score
        share = attainment(row.wanted, row.got)
        if not full or got is None or share is None or score is None or row.node.score_group:
            continue
        if row.wanted.comparison is None and share < 1 and got >= full:
            continue  # Without a sign a lower figure may be the better one.
        expected = full * share
        difference = abs(expected - got)
        if difference <= _ROUNDING or got > full:
            continue
        level = next(level for share, level in _GRAVE if difference / full >= share)
        message = (
            f"“{row.name}”目标“{row.target.filed if row.target else ''}”，"
            f"完成“{row.actual.filed if row.actual else ''}”，"
            f"按比例应得 {plain(rounded(expected, 2))} 分，填报 {score.filed} 分"
        )
        yield at(score, message, "请核对得分", computed=plain(rounded(expected, 2)), level=level)


@check("DF-08", "定性档位", Level.W, of=Outcomes)
def score_outside_its_band(assessed: Outcomes) -> Iterator[Finding]:
    """定性指标的完成值写明了档位的（“达成预期指标”“部分达成……”），得分要在这一档之内。

    为什么：说是“部分达成”，却给了满分，两句话对不上。
    来源：财预〔2020〕10号（三档：100—80%、80—60%、60—0%）；各表式的“定性档位”。
    怎么改：核对完成值与得分。
    """
    for row in assessed.rows:
        full, got = number_in(row.points), number_in(row.score)
        if row.actual is None or row.score is None or not full or got is None:
            continue
        named = [
            each for each in assessed.record.form.quality_bands if each.name == row.actual.filed
        ]
        for band in named:
            share = got / full * 100
            if not band.lowest <= share <= band.highest:
                message = (
                    f"“{row.name}”的完成值是“{row.actual.filed}”，这一档得分值的 "
                    f"{plain(band.lowest)}—{plain(band.highest)}%，填报 {row.score.filed} 分，"
                    f"是 {plain(rounded(share, 1))}%"
                )
                yield at(row.score, message, "请核对完成值与得分", level=Level.W)


@check("DF-10", "全满分", Level.I, of=Outcomes)
def everything_full(assessed: Outcomes) -> Iterator[Finding]:
    """所有指标都得满分时，提示再看一遍：目标是否定低了，问题是否漏写了。

    为什么：全部满分的自评，读者难以相信，也看不出改进的方向。
    怎么改：确实如此的不必改。
    """
    pairs = [(number_in(row.points), number_in(row.score)) for row in assessed.rows]
    scored = [(full, got) for full, got in pairs if full is not None and got is not None]
    total = assessed.record.overall(Role.SCORE)
    if total and len(scored) > 2 and all(got >= full for full, got in scored):  # noqa: PLR2004
        message = f"{len(scored)} 个指标全部满分"
        yield at(total, message, "请再看一遍目标是否定低了、问题是否漏写了", level=Level.I)
