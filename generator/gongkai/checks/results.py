"""Checks of actual values (ZB): right category, an exact number, a reason for a missed target."""

import re
from collections.abc import Iterator

from gongkai.checks.base import Assessment, Finding, check, finding_at
from gongkai.model.comparison import is_reached
from gongkai.model.documents import Record, cache_on_record
from gongkai.model.outcomes import IndicatorOutcome
from gongkai.model.problems import Level
from gongkai.model.terms import Role

_W = Level.W
_SENTENCE_LENGTH = 15
"""Shortest text, in characters, that is a sentence and no figure."""
_TIME = re.compile(
    r"[年月日天季周旬每频]|[按如到]期|期限|周期|小时|分钟|秒|时限|及时|按时|准时|时间|时长|工期|进度|截止|[前内]完成|率|%|％|‰"
)
_DIGIT = re.compile(r"\d")
_RANGE = re.compile(r"\d\s*[%％]?\s*[~～—–-]\s*\d")
_DATE = re.compile(r"[年月]|(?:19|20)\d\d\s*[-./]\s*\d")
_UNSURE = re.compile(r"以上|以下|以内|左右|(?<![签合预节集制条契])约|不低于|不少于|[≥≧≤≦>＞<＜]")
_COUNTED = frozenset({
    "个", "户", "人", "人次", "户次", "名", "位", "次", "场", "场次", "期", "批", "批次", "家", "所", "项", "篇", "份", "条", "件",
})  # fmt: skip
"""Measures of people, institutions and events."""
_ECONOMIC = re.compile(
    r"收入|产值|产量|产出|效益|增收|增加|利用|节约|节省|节支|减少|就业|务工|用工|带动|销售|投资|税|利润|企业|主体|商|经营|旅游|游客|"
    r"消费|交易|市场|农田|农户|粮|价|成本|经济|贷款|融资|资金|合作社|产业|损失"
)
"""Words of economic benefits, which may be counted in people or institutions too."""
_COSTS = re.compile(r"人员|编制|控制|用工|用人")
_SHARES = re.compile(
    r"(?:合格|达标|覆盖|知晓|完好|优良|优秀|良好|成活|存活|入学|及时|办结|参与|普及|治愈|回收|绿化|持证|准确|准时|按时|按期|公开)"
    r"[一-龥]{0,2}率$"
)
"""Names of shares of a whole, which is 100% at most; more may be done than planned (完成率)."""
_COMPLAINTS = re.compile("投诉|信访|上访|表扬|举报|纠纷")
_SHORT_NAME = 4
"""How many characters of its name a text must have in common to be about an indicator."""


@check("ZB-08", "归类", Level.W, of=Assessment)
def wrong_category(assessment: Assessment) -> Iterator[Finding]:
    """指标要放对类别：经济成本、经济效益不用户数、场次来量；时效要有时间；满意度用百分比。

    经济效益里与收入、产量、就业、企业等有关的数量，成本里的人员控制数，满意度里的投诉件数，都可以。

    为什么：把“慰问240户”填在经济成本里，成本花了多少就没有说。
    来源：财预〔2021〕101号。
    怎么改：移到合适的类别，或改成这一类的指标。
    """
    for outcome in assessment.outcomes:
        target, cell = outcome.target_value, outcome.target
        if cell is None or target.number is None or not target.measure:
            continue
        expected = _expected_measure(outcome)
        if expected:
            message = (
                f"“{outcome.name}”放在“{outcome.aspect}”里，目标却是“{cell.filed}”，不是{expected}"
            )
            yield finding_at(cell, message, "请核对类别", level=_W)


def _expected_measure(outcome: IndicatorOutcome) -> str:
    """Return what the category expects if the target is something else; empty if it fits."""
    aspect, name, target = outcome.aspect, outcome.indicator.name.filed, outcome.target_value
    is_counted = target.measure in _COUNTED
    if aspect.startswith("经济成本") and is_counted and not _COSTS.search(name):
        return "金额或比率"
    if aspect.startswith("经济效益") and is_counted and not _ECONOMIC.search(name):
        return "金额或比率"
    if aspect.startswith("时效") and not _TIME.search(
        f"{name}{target.text}{target.measure}{outcome.actual_value.text}"
    ):
        return "时间"
    is_rate = target.measure in {"%", "‰", "分"} or _COMPLAINTS.search(name)
    return "百分比" if "满意度" in aspect and not is_rate else ""


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
        if is_unsure or (_RANGE.search(actual.filed) and not _DATE.search(actual.filed)):
            message = f"“{outcome.name}”的完成值“{actual.filed}”不是一个确定的数"
            yield finding_at(actual, message, "请填实际完成的数", level=_W)


@check("ZB-11", "未达目标", Level.E, Level.W, of=Assessment)
def miss_unexplained(assessment: Assessment) -> Iterator[Finding]:
    """完成值没有达到目标的，要写明偏差原因。

    没有写 ≥ 或 ≤ 的，看指标名称：合格率、满意度等越高越好，差错、投诉、成本、用时等越低越好；目标是 0 的越低越好。
    名称也看不准的只作警告。扣了分的那些行在 DF-04 里说。原因写在表后的，要写明是哪个指标。
    原因只说“未达到年度指标值”“继续改进服务”，各处文字也没有说为什么的，是警告。

    为什么：没有做到而不说原因，等于没有自评。
    来源：财预〔2020〕10号。
    怎么改：在“偏差原因”一栏写明；越低越好的，在目标前写“≤”。
    """
    remarks = assessment.record.field_with_role(Role.DEVIATION)
    for outcome in assessment.outcomes:
        target, actual = outcome.target, outcome.actual
        if actual is None or target is None:
            continue
        values = f"“{outcome.name}”的目标是“{target.filed}”，完成“{actual.filed}”"
        if not outcome.lost_points and outcome.is_unexplained_miss:
            message = f"{values}，没有达到目标却没有原因"
            advice = f"请填写“{outcome.reason.spec.key if outcome.reason else ''}”"
            yield finding_at(actual, message, advice)
        elif outcome.has_full_points is None and not outcome.is_explained and falls_short(outcome):
            if outcome.reason:
                advice = f"请填写“{outcome.reason.spec.key}”，越低越好的请在目标前写“≤”"
                yield finding_at(actual, f"{values}，比目标少却没有原因", advice, level=_W)
            elif remarks and not is_remarked(assessment.record, outcome):
                message = f"{values}，没有达到目标，“{remarks.spec.key}”里没有说到它"
                yield finding_at(actual, message, f"请在“{remarks.spec.key}”里写明", level=_W)


def falls_short(outcome: IndicatorOutcome) -> bool:
    """Tell whether the actual value does not reach the target, as far as sign and words say."""
    target, actual = outcome.target_value, outcome.actual_value
    return is_reached(target, actual, outcome.direction) is False


def is_remarked(record: Record, outcome: IndicatorOutcome) -> bool:
    """Tell whether the reasons below the table are about an indicator.

    They are by its name, by its actual value, or by a part of its name: but what is in the whole name
    of another indicator says nothing.
    """
    text, text_without_names = _remarks(record)
    name = outcome.indicator.name.filed
    if name in text or outcome.actual_value.text in text:
        return bool(text)
    parts = (name[start : start + _SHORT_NAME] for start in range(max(len(name) - 3, 1)))
    return any(part in text_without_names for part in parts)


@cache_on_record
def _remarks(record: Record) -> tuple[str, str]:
    """Return the reasons below the table, and what is left of them without names of indicators."""
    remarks = record.field_with_role(Role.DEVIATION)
    names = sorted({leaf.name.filed for leaf in record.leaves} - {""}, key=len, reverse=True)
    text = remarks.filed if remarks else ""
    return text, re.sub("|".join(map(re.escape, names)), "\n", text) if names else text


@check("ZB-15", "满意度范围", Level.E, Level.W, of=Assessment)
def satisfaction_out_of_range(assessment: Assessment) -> Iterator[Finding]:
    """满意度在 0 到 100% 之间；合格率、覆盖率、知晓率、及时率等部分占全部的比率，超过 100% 的是警告。

    完成率、增长率、使用率等可以超过 100%，不提。

    为什么：超过 100% 的满意度、合格率必是写错了。
    怎么改：核对数字与单位。
    """
    for outcome in assessment.outcomes:
        is_satisfaction = "满意度" in outcome.aspect + outcome.indicator.name.filed
        if not (is_satisfaction or _SHARES.search(outcome.indicator.name.filed)):
            continue
        word, level = ("满意度", Level.E) if is_satisfaction else ("这类比率", _W)
        for cell, value in (
            (outcome.target, outcome.target_value),
            (outcome.actual, outcome.actual_value),
        ):
            number = value.number if value.measure == "%" else None
            if cell and number is not None and not 0 <= number <= 100:  # noqa: PLR2004 - percent
                message = f"“{outcome.name}”填报 {cell.filed}，{word}应在 0 到 100% 之间"
                yield finding_at(cell, message, "请核对", level=level)
