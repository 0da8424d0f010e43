"""Check of what the cells say in words against the score (ZB-17)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Assessment, Finding, check, finding_at
from gongkai.checks.results import is_remarked
from gongkai.model.comparison import is_reached
from gongkai.model.documents import Cell, Record
from gongkai.model.outcomes import IndicatorOutcome
from gongkai.model.problems import Level
from gongkai.model.results_in_words import (
    as_target,
    happened_against_target,
    is_lower_degree,
    is_opposite_trend,
    is_past_deadline,
    is_past_year,
    leading_target,
    stated_failure,
    stated_number,
    times_missing,
)
from gongkai.model.terms import Role
from gongkai.model.values import Kind, Value, parse_value

_LEADING_VERB = re.compile("^(?:稳定|保持|控制|维持|达|提高|提升|增加|降|降低|下降|压减)[在到至]")
"""Verbs before a target: 稳定在90%以上."""
_PROGRESS = re.compile(r"(?:已|全部)*(?:完成|执行|实施)了?(([0-9]+(?:\.[0-9]+)?)\s*[%％])")
"""How much of the work is done: 已完成100%."""
_ALL = 100


@check("ZB-17", "文字与得分", Level.W, of=Assessment)
def words_contradict_score(assessment: Assessment) -> Iterator[Finding]:
    """得满分（没有得分一栏的，没有写原因）的指标，文字不应说没有做到。

    看完成值、原因和目标格里的话：所说的数少于目标（“开展41场，其余取消”对“≥48场”），日期晚于期限，
    “尚未”“延迟”“不符合”“仍有差距”等没有做到的话，比目标低的程度（“较低”对“高”），相反的变化（“与上年持平”对“逐步提升”），目标格里另写的结果与完成值不同。

    为什么：一句话说没有做到，一个数说全做到了，读者不知道该信哪个。
    来源：财预〔2020〕10号。
    怎么改：核对完成值与得分；没有做到的扣分，写明原因。
    """
    record = assessment.record
    year = int(record.placeholders.get("年度", "0") or 0)
    for outcome in assessment.outcomes:
        actual = _result_cell(outcome)
        if actual is None or actual.is_blank or outcome.lost_points:
            continue
        cells = (outcome.target, actual, outcome.reason)
        if all(cell is None or cell.value.number is not None or cell.is_blank for cell in cells):
            continue
        is_explained = outcome.is_explained or is_remarked(record, outcome)
        if outcome.has_full_points is None and is_explained:
            continue
        first = next(_contradictions(outcome, record, year), None)
        if first:
            yield _finding(outcome, *first)
        elif finding := _other_result(outcome, record):
            yield finding


def _contradictions(
    outcome: IndicatorOutcome, record: Record, year: int
) -> Iterator[tuple[Cell, str]]:
    """Yield the cells whose words say that the target was missed, and what they say."""
    actual, reason = _result_cell(outcome), outcome.reason if outcome.is_explained else None
    if actual is None:
        return
    filed_target = outcome.target.filed if outcome.target else ""
    target, _ = _target_of(outcome, record)
    cells = [cell for cell in (actual, reason) if cell]
    for cell in cells:
        if number := _shortfall(cell, target, outcome):
            yield cell, f"里是{number}，没有达到目标"
    if outcome.target_value.number is None:
        if is_reached(target, outcome.actual_value, outcome.direction) is False:
            yield actual, "没有达到目标"
        if actual.value.number is None and is_past_deadline(filed_target, actual.filed, year):
            yield actual, "，晚于目标的期限"
    if words := _worse_than(filed_target, actual.filed):
        yield actual, words
    yield from _contradictions_in_words(cells, filed_target, outcome)


def _contradictions_in_words(
    cells: list[Cell], target: str, outcome: IndicatorOutcome
) -> Iterator[tuple[Cell, str]]:
    """Yield what result and reason say without a figure to compare."""
    for find in (happened_against_target, times_missing, is_past_year):
        if words := find(target, cells[0].filed):
            yield cells[0], f"说“{words}”"
    for cell in cells:
        may_be_late = cell is outcome.reason and "时效" not in outcome.aspect
        if words := stated_failure(cell.filed, target, may_be_late=may_be_late):
            yield cell, f"说“{words}”"


def _worse_than(target: str, actual: str) -> str:
    """Return how a result in words is worse than its target; empty if it is not."""
    if is_lower_degree(target, actual):
        return "，低于目标"
    return "，不是目标所说的变化" if is_opposite_trend(target, actual) else ""


def _result_cell(outcome: IndicatorOutcome) -> Cell | None:
    """Return the cell of the actual value; that of the progress (实施进度) if a form has only that."""
    return outcome.actual or outcome.indicator.cells.with_role(Role.PROGRESS)


def _other_result(outcome: IndicatorOutcome, record: Record) -> Finding | None:
    """Return a finding if the target's cell states another result than the actual value."""
    target, rest = _target_of(outcome, record)
    other = stated_number(rest, target.measure) if rest and target.measure else None
    if other is None or outcome.actual_value.number in {None, other}:
        return None
    if outcome.target is None or outcome.actual is None:
        return None
    message = (
        f"“{outcome.name}”的目标格里写了“{rest}”，完成值却是“{outcome.actual.filed}”，两处不同"
    )
    return finding_at(outcome.target, message, "请核对；结果只写在完成值一栏", level=Level.W)


def _target_of(outcome: IndicatorOutcome, record: Record) -> tuple[Value, str]:
    """Return the target, also if a sentence contains it, and what its cell says beside it."""
    target = outcome.target_value
    if target.number is not None or outcome.target is None:
        return target, ""
    head, rest = leading_target(_LEADING_VERB.sub("", outcome.target.filed))
    parsed = parse_value(Kind.MEASURED, head, record.form.money)
    return (parsed, rest) if isinstance(parsed, Value) else (target, "")


def _shortfall(cell: Cell, target: Value, outcome: IndicatorOutcome) -> str:
    """Return the result that a cell states in words if it does not reach the target."""
    if cell.value.number is not None or not target.measure or target.number is None:
        return ""
    progress = _PROGRESS.fullmatch(cell.filed) if cell.spec.role is Role.PROGRESS else None
    if progress:
        return progress[1] if Decimal(progress[2]) < _ALL else ""
    is_reason = cell is outcome.reason
    number = stated_number(cell.filed, target.measure, actual_only=is_reason)
    if number is None:
        return ""
    if is_reached(target, as_target(target, number), outcome.direction) is not False:
        return ""
    return f"{number}{target.measure}"


def _finding(outcome: IndicatorOutcome, cell: Cell, words: str) -> Finding:
    target = f"目标是“{outcome.target.filed}”，" if outcome.target else ""
    result = (
        f"，却得满分 {outcome.score.filed} 分" if outcome.has_full_points and outcome.score else ""
    )
    actual = (
        f"完成值是“{outcome.actual.filed}”，"
        if outcome.actual and cell is not outcome.actual
        else ""
    )
    message = (
        f"“{outcome.name}”的{target}{actual}“{cell.spec.key}”写的“{cell.filed}”{words}{result}"
    )
    advice = "请核对完成值与得分，没有做到的写明原因" if result else "请核对，没有做到的写明原因"
    return finding_at(cell, message, advice, level=Level.W)
