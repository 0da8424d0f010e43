"""Checks of points and scores (DF)."""

from collections.abc import Iterator
from decimal import Decimal

from generator.checks.frame import Finding, at, check
from generator.figures import points_of, rate_row, score_sum
from generator.model import Cell, Cells, Node, Record, by_role
from generator.terms import Role
from generator.values import State, plain

_TOLERANCE = Decimal("0.05")
"""By how much a total score may differ from the sum of its parts (rounding of the parts)."""
_NO_REASON = frozenset({"", "无", "0", "没有"})
_NAME_LENGTH = 20


@check("DF-01", "权重合计", of=Record)
def points_differ(record: Record) -> Iterator[Finding]:
    """执行率分值与各一级指标分值之和须等于总分，总分须与表式一致（多为 100）。

    为什么：分值加不到总分，得分就没有意义。
    来源：财预〔2020〕10号。
    怎么改：核对预算执行率与各一级指标的分值。
    """
    total = by_role(record.total.cells, Role.POINTS) if record.total else None
    if total is None or total.value.number is None or record.indicators is None:
        return
    given = [points for node in record.indicators.nodes if (points := points_of(node)) is not None]
    rate = rate_row(record)
    rate_points = by_role(rate, Role.POINTS) if rate else None
    if not given:
        return
    computed = sum(given, rate_points.value.or_zero if rate_points else Decimal(0))
    if computed != total.value.number:
        message = (
            f"总分的分值填报 {total.filed}，执行率与各一级指标分值合计为 {plain(computed)}，"
            f"相差 {plain(abs(computed - total.value.number))}"
        )
        yield at(total, message, "请核对各一级指标的分值", computed=plain(computed))
    elif record.form.total_points not in {None, total.value.number}:
        expected = plain(record.form.total_points or Decimal(0))
        message = f"总分的分值填报 {total.filed}，表式规定为 {expected}"
        yield at(total, message, "请核对各项分值", computed=expected)


@check("DF-03", "得分合计", of=Record)
def total_score_differs(record: Record) -> Iterator[Finding]:
    """总分的得分须等于执行率得分与各指标得分之和；容许相差 0.05。

    为什么：总分决定等级，加错总分就可能评错等级。
    怎么改：核对各项得分与总分；确为原件如此的，写“差异说明”。
    """
    total = by_role(record.total.cells, Role.SCORE) if record.total else None
    computed = score_sum(record)
    if total is None or total.value.number is None or computed is None:
        return
    difference = abs(computed - total.value.number)
    if difference > _TOLERANCE:
        message = (
            f"总分填报 {total.filed}，各项得分合计为 {plain(computed)}，相差 {plain(difference)}"
        )
        advice = f"请核对{_suspect(record, difference)}"
        yield at(total, message, advice, computed=plain(computed))


def _suspect(record: Record, difference: Decimal) -> str:
    """The indicator whose lost points are just the difference, if there is one."""
    lost = [
        node.name.filed
        for node in _leaves(record)
        if (pair := _points_and_score(node.cells)) and pair[0] - pair[1] == difference
    ]
    return f"“{_short(lost[0])}”的得分" if len(lost) == 1 else "各项得分与总分"


@check("DF-04", "扣分有因", of=Record)
def lost_points_unexplained(record: Record) -> Iterator[Finding]:
    """得分低于分值的指标，须写明偏差原因；空白、“无”、“0”都不算原因。

    为什么：扣分而不说原因，读者不知道差在哪里、怎么改。
    来源：财预〔2020〕10号。
    怎么改：在“偏差原因分析及改进措施”一栏写明原因。
    """
    for node in _leaves(record):
        pair, reason = _points_and_score(node.cells), by_role(node.cells, Role.DEVIATION)
        score = by_role(node.cells, Role.SCORE)
        if pair is None or score is None or reason is None or pair[1] >= pair[0]:
            continue
        if reason.filed in _NO_REASON or reason.value.state is State.NOT_APPLICABLE:
            message = (
                f"“{_short(node.name.filed)}”分值 {plain(pair[0])}、得分 {plain(pair[1])}，"
                f"扣了 {plain(pair[0] - pair[1])} 分却没有原因"
            )
            yield at(score, message, f"请填写“{reason.spec.key}”")


@check("DF-07", "得分区间", of=Record)
def score_out_of_range(record: Record) -> Iterator[Finding]:
    """得分不得小于 0，也不得大于分值。

    为什么：超出分值的得分必有一处写错。
    怎么改：核对该行的分值与得分。
    """
    rows: list[Cells] = [node.cells for node in _leaves(record)]
    rows += [row.cells for table in record.tables() for row in table.rows]
    rows += [record.total.cells] if record.total else []
    for cells in rows:
        pair, score = _points_and_score(cells), by_role(cells, Role.SCORE)
        if pair and score and not 0 <= pair[1] <= pair[0]:
            message = f"得分填报 {score.filed}，应在 0 与分值 {plain(pair[0])} 之间"
            yield at(score, message, "请核对这一行的分值与得分")


def _leaves(record: Record) -> tuple[Node, ...]:
    return record.indicators.leaves() if record.indicators else ()


def _points_and_score(cells: Cells) -> tuple[Decimal, Decimal] | None:
    points, score = by_role(cells, Role.POINTS), by_role(cells, Role.SCORE)
    return None if points is None or score is None else _numbers(points, score)


def _numbers(points: Cell, score: Cell) -> tuple[Decimal, Decimal] | None:
    if points.value.number is None or score.value.number is None:
        return None
    return points.value.number, score.value.number


def _short(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH else f"{name[:_NAME_LENGTH]}…"
