"""Checks of targets and actual values (ZB): measurable and comparable."""

import re
from collections.abc import Iterator, Sequence

from gongkai.checks.base import Assessment, Finding, additional_check, check, finding_at
from gongkai.model.comparison import comparable_numbers
from gongkai.model.documents import body_lines, cell_with_role
from gongkai.model.outcomes import IndicatorOutcome, cell_number
from gongkai.model.problems import Level
from gongkai.model.results_in_words import stated_number
from gongkai.model.terms import Role
from gongkai.model.values import NOT_APPLICABLE_TEXTS, Value, parse_comparison

_W = Level.W
_SENTENCE_LENGTH = 15
"""Shortest text, in characters, that is a sentence and no measurable target."""
_NO_COINCIDENCE = 3
"""So many targets that repeat points are no coincidence."""
_TOTAL_POINTS = 100
_WHOLE = frozenset({
    "人", "名", "位", "人次", "户", "户次", "个", "家", "所", "处", "座", "次", "场", "场次", "期", "批", "批次", "件", "起", "辆", "台",
    "套", "条", "项", "份", "篇", "册", "盏", "株", "头", "只",
})  # fmt: skip
"""Measures of what is counted one by one."""
_AVERAGE = re.compile(r"均|每|比例|系数|倍|密度")
"""Words of averages, which may have a fraction."""
_WITHOUT_MEASURE = re.compile(r"系数|指数|倍数|[^对占]比$|比值|排名|名次|位次|等级|得分|分值|评分")
"""Names of figures that have no measure."""
_BATCHES_IN_PERSONS = re.compile(r"(?<![0-9])批次[为是：:]?\s*\d+\s*人次?")


@check("ZB-03", "度量单位", Level.W, of=Assessment)
def target_without_measure(assessment: Assessment) -> Iterator[Finding]:
    """定量的指标值要带单位（100公里、240户、95%）；“批次”不用人数来量；人、户、次、个没有小数。

    单位写在“度量单位”一栏或指标名称里（成本控制数（万元））的，写了 ≥ 或 ≤ 的，以及 0，不提；疑为分数的，见 ZB-05。

    为什么：只写“240”，读者不知道是 240 户、240 次还是 240 万元。
    来源：财预〔2021〕101号。
    怎么改：在数字后写上单位。
    """
    in_points = {id(outcome) for outcome in _targets_in_points(assessment.outcomes)}
    for outcome in assessment.outcomes:
        target = outcome.target_value
        if outcome.target is None or target.number is None or id(outcome) in in_points:
            continue
        if not target.measure:
            if target.comparison or not target.number or _WITHOUT_MEASURE.search(outcome.name):
                continue
            message = f"“{outcome.name}”的目标“{outcome.target.filed}”没有单位"
            yield finding_at(
                outcome.target, message, "请在数字后写上单位，例如 240户、95%", level=_W
            )
        elif "批次" in outcome.indicator.name.filed and target.measure.startswith("人"):
            message = f"“{outcome.name}”说的是批次，目标却以“{target.measure}”为单位"
            yield finding_at(outcome.target, message, "请核对单位", level=_W)
    for position, line in body_lines(assessment.record):
        for match in _BATCHES_IN_PERSONS.finditer(line):
            place = position._replace(column=position.column + match.start())
            message = f"“{match[0]}”：批次不用人次来量"
            yield Finding(place, message, "请写“…批次、…人次”", assessment.record.name, level=_W)


@additional_check(target_without_measure.rule, of=Assessment)
def count_with_fraction(assessment: Assessment) -> Iterator[Finding]:
    """Find people, households and things that are not whole."""
    for outcome in assessment.outcomes:
        pairs = (
            (outcome.target, outcome.target_value),
            (outcome.actual, outcome.actual_value),
        )
        for cell, value in pairs:
            if cell and _is_broken_count(outcome, value):
                message = f"“{outcome.name}”填报“{cell.filed}”，{value.measure}没有小数"
                yield finding_at(cell, message, "请核对数字与单位", level=_W)


def _is_broken_count(outcome: IndicatorOutcome, value: Value) -> bool:
    """Tell whether a count of people, households, times or things has a fraction."""
    number = value.number
    if number is None or not number % 1 or value.measure not in _WHOLE:
        return False
    return not _AVERAGE.search(outcome.indicator.name.filed)


@check("ZB-04", "可比性", Level.W, of=Assessment)
def measures_differ(assessment: Assessment) -> Iterator[Finding]:
    """目标值与完成值要用同一个单位，才能比较（240户 与 100% 不能比；100 与 100% 可以）。

    为什么：单位不同，就看不出完成没有。
    来源：财预〔2021〕101号。
    怎么改：完成值用目标值的单位写。
    """
    for outcome in assessment.outcomes:
        target, actual = outcome.target_value, outcome.actual_value
        if (
            outcome.actual is None
            or outcome.target is None
            or target.number is None
            or actual.number is None
        ):
            continue
        if comparable_numbers(target, actual) is None:
            message = f"“{outcome.name}”的目标是“{outcome.target.filed}”，完成值是“{outcome.actual.filed}”，单位不同，无法比较"
            yield finding_at(outcome.actual, message, "请用同一个单位填写", level=_W)


@check("ZB-05", "指标值可衡量", Level.W, Level.E, of=Assessment)
def target_not_measurable(assessment: Assessment) -> Iterator[Finding]:
    """指标值应是可以衡量的数或简短的要求，不是一整句话，也不是指标名称的重复，更不是分数。

    目标值、完成值与分值相同的（三个以上，或带小数的）疑为分数；没有分值一栏的表，目标值、完成值是同一个没有单位的数，加起来正好 100 的，也是。

    为什么：“群众对项目实施的满意度”是指标，不是目标；完成到什么程度无从说起。
    来源：财预〔2021〕101号。
    怎么改：写成 ≥95%、100公里、2022年12月底前完成 这样的目标。
    """
    outcomes = [outcome for outcome in assessment.outcomes if outcome.target]
    for outcome in outcomes:
        text = outcome.target.filed if outcome.target else ""
        if outcome.target is None or outcome.target_value.number is not None or not text:
            continue
        if text in NOT_APPLICABLE_TEXTS:
            continue
        is_vague = len(text) >= _SENTENCE_LENGTH or "满意度" in text
        if text == outcome.indicator.name.filed:
            yield finding_at(
                outcome.target,
                f"“{outcome.name}”的目标只是重复了指标名称",
                "请写可以衡量的目标",
                level=_W,
            )
        elif is_vague and not re.search(r"\d", text):
            yield finding_at(
                outcome.target,
                f"“{outcome.name}”的目标是一句话，无法衡量",
                "请写可以衡量的目标",
                level=_W,
            )
    in_points = _targets_in_points(assessment.outcomes)
    if in_points and in_points[0].target and not in_points[0].points:
        message = f"{len(in_points)} 个指标的目标值与完成值都是没有单位的同一个数，加起来正好 100，疑把分数填成了指标值"
        yield finding_at(in_points[0].target, message, "请填实际的目标与完成情况")
        return
    for outcome in in_points:
        if outcome.target:
            message = f"“{outcome.name}”的目标值、完成值与分值都是 {outcome.target.filed}，疑把分数填成了指标值"
            yield finding_at(outcome.target, message, "请填实际的目标与完成情况")


def _targets_in_points(outcomes: Sequence[IndicatorOutcome]) -> list[IndicatorOutcome]:
    """Return the indicators whose targets seem to be points (one alone may be a coincidence)."""
    bare = [outcome for outcome in outcomes if _is_bare(outcome)]
    if not any(outcome.points for outcome in outcomes):
        numbers = [outcome.target_value.or_zero for outcome in bare]
        return bare if len(bare) >= _NO_COINCIDENCE and sum(numbers) == _TOTAL_POINTS else []
    repeating = [
        outcome for outcome in bare if outcome.target_value.number == cell_number(outcome.points)
    ]
    if len(repeating) >= _NO_COINCIDENCE:
        return repeating
    return [outcome for outcome in repeating if outcome.target_value.or_zero % 1]


def _is_bare(outcome: IndicatorOutcome) -> bool:
    """Tell whether target and actual value are the same number, without a measure."""
    target, actual = outcome.target_value, outcome.actual_value
    has_measure = target.measure or actual.measure or target.comparison
    return not has_measure and target.number is not None and target.number == actual.number


@check("ZB-06", "定量填文字", Level.W, of=Assessment)
def words_for_a_quantity(assessment: Assessment) -> Iterator[Finding]:
    """目标是数量的，完成值也要填数，不填“完成”“已完成”。

    为什么：目标是 ≥95%，完成值写“完成”，读者不知道是 95% 还是 100%。
    怎么改：填实际完成的数。
    """
    for outcome in assessment.outcomes:
        actual = outcome.actual
        if (
            actual is None
            or outcome.target_value.number is None
            or outcome.target_value.comparison is None
        ):
            continue
        measure = outcome.target_value.measure
        has_number = re.search(r"\d", actual.filed) or stated_number(actual.filed, measure)
        if outcome.actual_value.is_unparsed and not has_number:
            message = f"“{outcome.name}”的目标是数量，完成值却是“{actual.filed}”"
            yield finding_at(actual, message, "请填实际完成的数", level=_W)


@check("ZB-07", "方向符", Level.W, of=Assessment)
def sign_not_understood(assessment: Assessment) -> Iterator[Finding]:
    """“指标性质”（计算符号）一列填 ≥ ≤ > < = 或 定性；别的写法程序和读者都看不懂。

    为什么：不知道是越高越好还是越低越好，就判断不了是否完成。
    怎么改：改用 ≥、≤、=，定性指标写“定性”。
    """
    for outcome in assessment.outcomes:
        sign = cell_with_role(outcome.indicator.cells, Role.COMPARISON)
        if sign is None or not sign.value.is_unparsed:
            continue
        if parse_comparison(sign.filed) is None and not sign.filed.startswith(("定性", "定量")):
            yield finding_at(
                sign, f"“{sign.spec.key}”填的是“{sign.filed}”", "请填 ≥、≤、=，或“定性”", level=_W
            )
