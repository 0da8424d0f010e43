"""Checks of actual values (ZB): right category, an exact number, a reason for a missed target."""

import re
from collections.abc import Iterator

from gongkai.checks.base import Assessment, Finding, check, finding_at
from gongkai.model.comparison import INVERSE_COMPARISONS, comparable_numbers
from gongkai.model.problems import Level
from gongkai.model.values import format_decimal, round_half_up

_W = Level.W
_SENTENCE_LENGTH = 15
"""Shortest text, in characters, that is a sentence and no figure."""
_TIME = re.compile(
    r"[年月日天季周旬]|小时|分钟|时限|及时|按时|准时|时间|工期|进度|截止|[前内]完成|%|％"
)
_DIGIT = re.compile(r"\d")
_RANGE = re.compile(r"\d\s*[%％]?\s*[~～—–-]\s*\d")
_UNSURE = re.compile(r"以上|以下|以内|左右|约|不低于|不少于|[≥≧≤≦>＞<＜]")
_MONEY = re.compile("[元%]")
_LOW_COST = 70
"""Percentage of its limit below which a cost is far below."""


@check("ZB-08", "归类", Level.W, of=Assessment)
def wrong_category(assessment: Assessment) -> Iterator[Finding]:
    """指标要放对类别：经济成本、经济效益用金额或比率；时效要有时间；满意度用百分比。

    为什么：把“慰问240户”填在经济成本里，成本花了多少就没有说。
    来源：财预〔2021〕101号。
    怎么改：移到合适的类别，或改成这一类的指标。
    """
    for outcome in assessment.outcomes:
        target, cell = outcome.target_value, outcome.target
        if cell is None or target.number is None or not target.measure:
            continue
        aspect = outcome.aspect
        if aspect.startswith(("经济成本", "经济效益")) and not _MONEY.search(target.measure):
            expected = "金额或比率"
        elif aspect.startswith("时效") and not _TIME.search(
            f"{outcome.indicator.name.filed}{cell.filed}{outcome.actual_value.text}"
        ):
            expected = "时间"
        elif "满意度" in aspect and target.measure not in {"%", "分"}:
            expected = "百分比"
        else:
            continue
        message = f"“{outcome.name}”放在“{aspect}”里，目标却是“{cell.filed}”，不是{expected}"
        yield finding_at(cell, message, "请核对类别", level=_W)


@check("ZB-10", "完成值确数", Level.W, of=Assessment)
def actual_not_exact(assessment: Assessment) -> Iterator[Finding]:
    """完成值是已经发生的事，填一个确定的数，不写“95%以上”“≥95%”“90—95%”。

    为什么：“95%以上”是目标的写法，不是结果。
    怎么改：填实际的数，例如 96.3%。
    """
    for outcome in assessment.outcomes:
        actual = outcome.actual
        if actual is None or not _DIGIT.search(actual.filed):
            continue
        is_unsure = len(actual.filed) < _SENTENCE_LENGTH and _UNSURE.search(actual.filed)
        if is_unsure or (
            _RANGE.search(actual.filed) and "年" not in actual.filed and "月" not in actual.filed
        ):
            message = f"“{outcome.name}”的完成值“{actual.filed}”不是一个确定的数"
            yield finding_at(actual, message, "请填实际完成的数", level=_W)


@check("ZB-11", "未达目标", of=Assessment)
def miss_unexplained(assessment: Assessment) -> Iterator[Finding]:
    """完成值没有达到目标的，要写明偏差原因。

    为什么：没有做到而不说原因，等于没有自评。
    来源：财预〔2020〕10号。
    怎么改：在“偏差原因”一栏写明；没有方向符而得了满分的，程序不作判断。
    """
    for outcome in assessment.outcomes:
        reason = outcome.reason
        if (
            outcome.actual is None
            or outcome.target is None
            or reason is None
            or outcome.is_explained
        ):
            continue
        if outcome.is_met is False:
            message = (
                f"“{outcome.name}”的目标是“{outcome.target.filed}”，完成“{outcome.actual.filed}”，"
                "没有达到目标却没有原因"
            )
            yield finding_at(outcome.actual, message, f"请填写“{reason.spec.key}”")


@check("ZB-12", "超额或偏低", Level.W, of=Assessment)
def far_beyond(assessment: Assessment) -> Iterator[Finding]:
    """完成值超过目标 30% 以上，或成本低于目标 30% 以上，要说明是否目标定低了。

    为什么：目标定得过低，完成得再好也说明不了什么。
    来源：财预〔2020〕10号（指标值偏低造成远超目标的，适当扣分）；界限见表式的“提醒”。
    怎么改：在“偏差原因”一栏说明。
    """
    for outcome in assessment.outcomes:
        numbers = comparable_numbers(outcome.target_value, outcome.actual_value)
        if (
            outcome.actual is None
            or outcome.target is None
            or numbers is None
            or outcome.is_explained
            or numbers[0] <= 0
        ):
            continue
        if outcome.reason is None:
            continue
        percent = numbers[1] / numbers[0] * 100
        is_inverse = outcome.target_value.comparison in INVERSE_COMPARISONS
        if (not is_inverse and percent > assessment.record.form.alerts.excess) or (
            is_inverse and 0 < percent < _LOW_COST
        ):
            message = (
                f"“{outcome.name}”的目标是“{outcome.target.filed}”，完成“{outcome.actual.filed}”，"
                f"是目标的 {format_decimal(round_half_up(percent, 0))}%"
            )
            yield finding_at(outcome.actual, message, "请说明原因，或核对目标是否定低了", level=_W)


@check("ZB-15", "满意度范围", of=Assessment)
def satisfaction_out_of_range(assessment: Assessment) -> Iterator[Finding]:
    """满意度在 0 到 100% 之间。

    为什么：超过 100% 的满意度必是写错了。
    怎么改：核对数字与单位。
    """
    for outcome in assessment.outcomes:
        if "满意度" not in outcome.aspect + outcome.indicator.name.filed:
            continue
        for cell, value in (
            (outcome.target, outcome.target_value),
            (outcome.actual, outcome.actual_value),
        ):
            number = value.number if value.measure == "%" else None
            if cell and number is not None and not 0 <= number <= 100:  # noqa: PLR2004 - percent
                yield finding_at(
                    cell, f"“{outcome.name}”填报 {cell.filed}，满意度应在 0 到 100% 之间", "请核对"
                )
