"""Checks of results (ZB): in the right category, one number, missed with a reason."""

import re
from collections.abc import Iterator

from gongkai.checks.base import Finding, Outcomes, at, check
from gongkai.model.comparison import INVERSE, comparable
from gongkai.model.problems import Level
from gongkai.model.values import plain, rounded

_W = Level.W
_SENTENCE = 15
"""From how many characters on words are a sentence and no figure."""
_TIME = re.compile(
    r"[年月日天季周旬]|小时|分钟|时限|及时|按时|准时|时间|工期|进度|截止|[前内]完成|%|％"
)
_DIGIT = re.compile(r"\d")
_RANGE = re.compile(r"\d\s*[%％]?\s*[~～—–-]\s*\d")
_UNSURE = re.compile(r"以上|以下|以内|左右|约|不低于|不少于|[≥≧≤≦>＞<＜]")
_MONEY = re.compile("[元%]")
_CHEAP = 70
"""Below how many percent of its limit a cost is far below."""


@check("ZB-08", "归类", Level.W, of=Outcomes)
def wrong_category(assessed: Outcomes) -> Iterator[Finding]:
    """指标要放对类别：经济成本、经济效益用金额或比率；时效要有时间；满意度用百分比。

    为什么：把“慰问240户”填在经济成本里，成本花了多少就没有说。
    来源：财预〔2021〕101号。
    怎么改：移到合适的类别，或改成这一类的指标。
    """
    for row in assessed.rows:
        target, cell = row.wanted, row.target
        if cell is None or target.number is None or not target.measure:
            continue
        aspect = row.aspect
        if aspect.startswith(("经济成本", "经济效益")) and not _MONEY.search(target.measure):
            wanted = "金额或比率"
        elif aspect.startswith("时效") and not _TIME.search(
            f"{row.node.name.filed}{cell.filed}{row.got.text}"
        ):
            wanted = "时间"
        elif "满意度" in aspect and target.measure not in {"%", "分"}:
            wanted = "百分比"
        else:
            continue
        message = f"“{row.name}”放在“{aspect}”里，目标却是“{cell.filed}”，不是{wanted}"
        yield at(cell, message, "请核对类别", level=_W)


@check("ZB-10", "完成值确数", Level.W, of=Outcomes)
def actual_not_exact(assessed: Outcomes) -> Iterator[Finding]:
    """完成值是已经发生的事，填一个确定的数，不写“95%以上”“≥95%”“90—95%”。

    为什么：“95%以上”是目标的写法，不是结果。
    怎么改：填实际的数，例如 96.3%。
    """
    for row in assessed.rows:
        actual = row.actual
        if actual is None or not _DIGIT.search(actual.filed):
            continue
        unsure = len(actual.filed) < _SENTENCE and _UNSURE.search(actual.filed)
        if unsure or (
            _RANGE.search(actual.filed) and "年" not in actual.filed and "月" not in actual.filed
        ):
            message = f"“{row.name}”的完成值“{actual.filed}”不是一个确定的数"
            yield at(actual, message, "请填实际完成的数", level=_W)


@check("ZB-11", "未达目标", of=Outcomes)
def miss_unexplained(assessed: Outcomes) -> Iterator[Finding]:
    """完成值没有达到目标的，要写明偏差原因。

    为什么：没有做到而不说原因，等于没有自评。
    来源：财预〔2020〕10号。
    怎么改：在“偏差原因”一栏写明；没有方向符而得了满分的，程序不作判断。
    """
    for row in assessed.rows:
        reason = row.reason
        if row.actual is None or row.target is None or reason is None or row.explained:
            continue
        if row.met is False:
            message = (
                f"“{row.name}”的目标是“{row.target.filed}”，完成“{row.actual.filed}”，"
                "没有达到目标却没有原因"
            )
            yield at(row.actual, message, f"请填写“{reason.spec.key}”")


@check("ZB-12", "超额或偏低", Level.W, of=Outcomes)
def far_beyond(assessed: Outcomes) -> Iterator[Finding]:
    """完成值超过目标 30% 以上，或成本低于目标 30% 以上，要说明是否目标定低了。

    为什么：目标定得过低，完成得再好也说明不了什么。
    来源：财预〔2020〕10号（指标值偏低造成远超目标的，适当扣分）；界限见表式的“提醒”。
    怎么改：在“偏差原因”一栏说明。
    """
    for row in assessed.rows:
        pair = comparable(row.wanted, row.got)
        if (
            row.actual is None
            or row.target is None
            or pair is None
            or row.explained
            or pair[0] <= 0
        ):
            continue
        if row.reason is None:
            continue
        percent = pair[1] / pair[0] * 100
        inverse = row.wanted.comparison in INVERSE
        if (not inverse and percent > assessed.record.form.alerts.excess) or (
            inverse and 0 < percent < _CHEAP
        ):
            message = (
                f"“{row.name}”的目标是“{row.target.filed}”，完成“{row.actual.filed}”，"
                f"是目标的 {plain(rounded(percent, 0))}%"
            )
            yield at(row.actual, message, "请说明原因，或核对目标是否定低了", level=_W)


@check("ZB-15", "满意度范围", of=Outcomes)
def satisfaction_out_of_range(assessed: Outcomes) -> Iterator[Finding]:
    """满意度在 0 到 100% 之间。

    为什么：超过 100% 的满意度必是写错了。
    怎么改：核对数字与单位。
    """
    for row in assessed.rows:
        if "满意度" not in row.aspect + row.node.name.filed:
            continue
        for cell, value in ((row.target, row.wanted), (row.actual, row.got)):
            number = value.number if value.measure == "%" else None
            if cell and number is not None and not 0 <= number <= 100:  # noqa: PLR2004 - percent
                yield at(
                    cell, f"“{row.name}”填报 {cell.filed}，满意度应在 0 到 100% 之间", "请核对"
                )
