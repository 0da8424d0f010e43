"""Checks of scores (DF): sums, ranges, grades, and reasons for lost points."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from gongkai.checks.base import Assessment, Finding, additional_check, check, finding_at
from gongkai.model.documents import Cell, Cells, Indicator, Record, cell_with_role
from gongkai.model.outcomes import states_reason
from gongkai.model.problems import FindingKey
from gongkai.model.scores import (
    is_scored,
    point_groups,
    points_of,
    rate_points,
    rate_row,
    score_of,
    scored_groups,
    scored_indicators,
    sum_scores,
    unscored_points,
)
from gongkai.model.terms import Role
from gongkai.model.values import format_decimal

_TOLERANCE = Decimal("0.05")
"""Largest difference between a total score and the sum of its parts that rounding explains."""
_NAME_LENGTH = 20
"""Length, in characters, to which messages shorten names."""


@check("DF-03", "得分合计", of=Record)
def total_score_differs(record: Record) -> Iterator[Finding]:
    """总分的得分须等于执行率得分与各指标得分之和；上级指标也填得分的，须等于下级得分之和；容许相差 0.05。

    有的行没有得分的（见 ZB-16），总分至多多出这些行的分值。

    为什么：总分决定等级，加错总分就可能评错等级。
    怎么改：核对各项得分与总分；确为原件如此的，写“差异说明”。
    """
    total = record.overall_cell(Role.SCORE)
    computed = sum_scores(record)
    if total is None or total.value.number is None or computed is None:
        return
    difference, missing = abs(computed - total.value.number), unscored_points(record)
    if missing and computed <= total.value.number <= computed + missing + _TOLERANCE:
        return
    if missing and total.value.number > computed and difference > _TOLERANCE:
        shown, most = format_decimal(computed), format_decimal(computed + missing)
        message = f"总分填报 {total.filed}，已填的各项得分合计为 {shown}，没有得分的至多再得 {format_decimal(missing)} 分，总分至多 {most}"
        yield finding_at(total, message, "请核对各项得分与总分", computed=shown)
    elif difference > _TOLERANCE:
        message = f"总分填报 {total.filed}，各项得分合计为 {format_decimal(computed)}，相差 {format_decimal(difference)}"
        advice = f"请核对{_suspect_of(record, difference)}"
        yield finding_at(total, message, advice, computed=format_decimal(computed))


@additional_check(total_score_differs.rule, of=Record)
def score_of_parts_differs(record: Record) -> Iterator[Finding]:
    """Compare the scores of the indicators above the last level with the sums of those below."""
    groups = scored_groups(record)
    for indicator in _parents_of(record):
        filed = indicator.cells.with_role(Role.SCORE)
        number = filed.value.number if filed else None
        if filed is None or number is None:
            continue
        parts = [score_of(child) for child in indicator.children]
        computed = sum(filter(None, parts), Decimal(0))
        is_known = any(parts) and all(is_scored(child, groups) for child in indicator.children)
        if is_known and abs(computed - number) > _TOLERANCE:
            message = (
                f"“{_shorten(indicator.name.filed)}”的{filed.spec.key}填报 {format_decimal(number)}，"
                f"下级合计为 {format_decimal(computed)}，相差 {format_decimal(abs(computed - number))}"
            )
            yield finding_at(filed, message, "请核对下级的得分", computed=format_decimal(computed))


def _suspect_of(record: Record, difference: Decimal) -> str:
    """Name the only indicator that lost exactly the difference, else all scores and the total."""
    names = [
        indicator.name.filed
        for indicator, points, score in scored_indicators(record)
        if points - score == difference
    ]
    return f"“{_shorten(names[0])}”的得分" if len(names) == 1 else "各项得分与总分"


@check("DF-04", "扣分有因", of=Assessment)
def lost_points_unexplained(assessment: Assessment) -> Iterator[Finding]:
    """得分低于分值的指标，须写明偏差原因；空白、“无”、“0”都不算原因。

    同一行又没有达到目标的（ZB-11），合在这一条里说；“差异说明”写这一条或 ZB-11 都可以。

    为什么：扣分而不说原因，读者不知道差在哪里、怎么改。
    来源：财预〔2020〕10号。
    怎么改：在“偏差原因分析及改进措施”一栏写明原因。
    """
    missed = {
        outcome.indicator.name.position: outcome
        for outcome in assessment.outcomes
        if outcome.lost_points and outcome.is_unexplained_miss
    }
    for indicator, points, score in scored_indicators(assessment.record):
        reason = indicator.cells.with_role(Role.DEVIATION)
        score_cell = indicator.cells.with_role(Role.SCORE)
        if score >= points or score_cell is None or reason is None or states_reason(reason):
            continue
        lost = f"“{_shorten(indicator.name.filed)}”分值 {format_decimal(points)}、得分 {format_decimal(score)}"
        advice = f"请填写“{reason.spec.key}”"
        outcome = missed.get(indicator.name.position)
        if outcome and outcome.actual and outcome.target:
            message = (
                f"{lost}，目标“{outcome.target.filed}”、完成“{outcome.actual.filed}”，"
                f"没有达到目标，扣了 {format_decimal(points - score)} 分，却没有原因"
            )
            also = FindingKey("ZB-11", outcome.actual.where, outcome.actual.filed, "")
            yield replace(finding_at(score_cell, message, advice), also=also)
        else:
            message = f"{lost}，扣了 {format_decimal(points - score)} 分却没有原因"
            yield finding_at(score_cell, message, advice)


@check("DF-06", "等级一致", of=Record)
def grade_differs(record: Record) -> Iterator[Finding]:
    """填报的自评等级须与总分所在的等级一致。

    为什么：等级是读者最先看的结论。
    来源：财预〔2020〕10号（90 分以上优，80 分以上良，60 分以上中，以下差），或表式所定的等级。
    怎么改：核对总分与等级。
    """
    grade, total = record.overall_cell(Role.GRADE), record.overall_cell(Role.SCORE)
    if grade is None or grade.is_blank:
        return
    filed = record.form.grade_from_word(grade.filed)
    if filed is None:
        yield finding_at(grade, f"不认识的等级“{grade.filed}”", "请写优、良、中、差之一")
        return
    score = total.value.number if total else None
    expected = record.form.grade_of(score) if score is not None else None
    if total and expected and filed is not expected:
        message = f"自评等级填报“{grade.filed}”，总分 {total.filed} 按本表标准为“{expected}”"
        yield finding_at(grade, message, "请核对总分与等级", computed=expected)


@check("DF-07", "得分区间", of=Record)
def score_out_of_range(record: Record) -> Iterator[Finding]:
    """得分不得小于 0，也不得大于分值；分值只标在上级的，下级得分之和不得大于它。

    为什么：超出分值的得分必有一处写错。
    怎么改：核对该行的分值与得分。
    """
    rows = [row.cells for table in record.tables() for row in table.rows]
    rows += [record.total.cells] if record.total else []
    pairs: list[tuple[Cell | None, Decimal | None]] = [
        (indicator.cells.with_role(Role.SCORE), points)
        for indicator, points, _ in scored_indicators(record)
    ]
    pairs += [
        (cell, points_of(indicator))
        for indicator in _parents_of(record)
        if (cell := indicator.cells.with_role(Role.SCORE))
    ]
    pairs += [(cell_with_role(cells, Role.SCORE), _points_in(cells, record)) for cells in rows]
    for cell, points in pairs:
        score = cell.value.number if cell else None
        if cell and score is not None and points is not None and not 0 <= score <= points:
            message = f"得分填报 {cell.filed}，应在 0 与分值 {format_decimal(points)} 之间"
            yield finding_at(cell, message, "请核对这一行的分值与得分")
    for group in point_groups(record):
        if group.score > group.points:
            message = (
                f"“{_shorten(group.indicator.name.filed)}”共 {format_decimal(group.points)} 分，"
                f"下级得分合计为 {format_decimal(group.score)}"
            )
            shown = format_decimal(group.score)
            yield finding_at(group.cell, message, "请核对下级的得分", computed=shown)


def _parents_of(record: Record) -> Iterator[Indicator]:
    """Yield the indicators that have others below them."""
    pending = [indicator for tree in record.indicator_tables for indicator in tree.roots]
    while pending:
        indicator = pending.pop()
        if indicator.children:
            yield indicator
            pending.extend(indicator.children)


def _points_in(cells: Cells, record: Record) -> Decimal | None:
    cell = cell_with_role(cells, Role.POINTS)
    if cell is None and cells is rate_row(record):
        return rate_points(record) or None
    return cell.value.number if cell else None


def _shorten(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH else f"{name[:_NAME_LENGTH]}…"
