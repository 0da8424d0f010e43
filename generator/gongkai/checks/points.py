"""Checks of points (DF): totals, fixed points, and scores computed from points."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, check, finding_at
from gongkai.model.documents import Cell, Indicator, IndicatorTable, Record, cell_with_role
from gongkai.model.problems import Level
from gongkai.model.scores import (
    groups_with_shared_points,
    is_scored,
    points_of,
    rate_points,
    scored_groups,
)
from gongkai.model.terms import Role
from gongkai.model.values import format_decimal, round_half_up

_TOLERANCE = Decimal("0.05")
"""Largest difference between a filed and a computed score that rounding explains."""


@check("DF-01", "权重合计", of=Record)
def points_differ(record: Record) -> Iterator[Finding]:
    """执行率分值与各一级指标分值之和须等于总分，总分须与表式一致（多为 100）。

    为什么：分值加不到总分，得分就没有意义。
    来源：财预〔2020〕10号。
    怎么改：核对预算执行率与各一级指标的分值。
    """
    total = record.overall_cell(Role.POINTS)
    if total is None or total.value.number is None:
        return
    indicators = [indicator for tree in record.indicator_tables for indicator in tree.roots]
    all_points = [
        points for indicator in indicators if (points := points_of(indicator)) is not None
    ]
    if not all_points:
        return
    computed = sum(all_points, rate_points(record))
    if computed != total.value.number:
        message = (
            f"总分的分值填报 {total.filed}，执行率与各一级指标分值合计为 {format_decimal(computed)}，"
            f"相差 {format_decimal(abs(computed - total.value.number))}"
        )
        yield finding_at(
            total, message, "请核对各一级指标的分值", computed=format_decimal(computed)
        )
    elif record.form.total_points not in {None, total.value.number}:
        expected = format_decimal(record.form.total_points or Decimal(0))
        message = f"总分的分值填报 {total.filed}，表式规定为 {expected}"
        yield finding_at(total, message, "请核对各项分值", computed=expected)


@check("DF-02", "一级标注", Level.E, Level.W, of=Record)
def points_of_parts_differ(record: Record) -> Iterator[Finding]:
    """上级指标标注的分值须等于下级分值之和；一级指标的分值与表式不同的，提出警告。

    表式不完整、下级还有指标没有得分的，录到哪里算到哪里：下级分值之和可以小于标注的分值。

    为什么：“产出指标（50分）”下面加起来不是 50 分，总分就没有根据。
    来源：财预〔2020〕10号（分值可以调整，故与表式不同只是警告；表式写明“分值固定”的为错误）。
    怎么改：核对上级与下级的分值。
    """
    for tree in record.indicator_tables:
        for indicator in tree.roots:
            yield from _check_sums(indicator, record)
            yield from _check_form_points(indicator, tree, record)


def _check_sums(indicator: Indicator, record: Record) -> Iterator[Finding]:
    """Compare the points of an indicator and of all below it with the sums of their children."""
    if not indicator.children:
        return
    filed = indicator.cells.with_role(Role.POINTS)
    number = filed.value.number if filed else None
    parts = [points_of(child) for child in indicator.children] if number is not None else []
    known = [points for points in parts if points is not None]
    if filed and number is not None and known and len(known) == len(parts):
        computed = sum(known, Decimal(0))
        if computed > number or (computed < number and not _may_lack_rows(indicator, record)):
            message = (
                f"“{indicator.name.filed}”标注 {format_decimal(number)} 分，下级分值合计为 {format_decimal(computed)}，"
                f"相差 {format_decimal(abs(computed - number))}"
            )
            yield finding_at(filed, message, "请核对下级的分值", computed=format_decimal(computed))
    for child in indicator.children:
        yield from _check_sums(child, record)


def _may_lack_rows(indicator: Indicator, record: Record) -> bool:
    """Tell whether the form is known in part, and the document ends in the middle of an indicator."""
    return not record.form.is_complete and not is_scored(indicator, scored_groups(record))


def _check_form_points(
    indicator: Indicator, tree: IndicatorTable, record: Record
) -> Iterator[Finding]:
    """Compare the points of 一级指标 with those of the form."""
    if indicator.level < tree.spec.first_level:
        for child in indicator.children:
            yield from _check_form_points(child, tree, record)
        return
    form_points = {preset.name: preset.points for preset in tree.spec.presets}
    expected, filed = form_points.get(indicator.name.filed), points_of(indicator)
    if expected is None or filed is None or filed == expected:
        return
    cell = cell_with_role(indicator.cells, Role.POINTS) or indicator.name
    level = Level.E if record.form.fixed_points else Level.W
    message = f"“{indicator.name.filed}”共 {format_decimal(filed)} 分，表式为 {format_decimal(expected)} 分"
    advice = "请核对，确有调整的不必改"
    yield finding_at(cell, message, advice, computed=format_decimal(expected), level=level)


@check("DF-09", "共用得分", of=Record)
def shared_score_twice(record: Record) -> Iterator[Finding]:
    """同一“得分组”（原表合并的得分格）只填一个得分，合计时只计一次；合用的是一个分值、得分各填各的，不提。

    为什么：原表几行共用一个得分，填几次就会重复计算。
    来源：有合并得分格的项目自评表。
    怎么改：只在第一行填得分，其余留空。
    """
    grouped = [indicator for indicator in record.leaves if indicator.score_group]
    shared = groups_with_shared_points(record)
    for role in (Role.SCORE, Role.REVIEW_SCORE):
        groups: dict[str, list[Cell]] = defaultdict(list)
        for indicator in grouped:
            cell = indicator.cells.with_role(role)
            if cell and not cell.is_blank and indicator.score_group not in shared:
                groups[indicator.score_group].append(cell)
        for name, (_, *more) in groups.items():
            for cell in more:
                message = f"得分组“{name}”已有一个得分，这里又填了 {cell.filed}"
                yield finding_at(cell, message, "请只在第一行填，其余留空")


@check("DF-11", "得分系数", of=Record)
def score_is_not_points_by_coefficient(record: Record) -> Iterator[Finding]:
    """表上有“得分系数”的，得分须等于权重（分值）乘得分系数；容许相差 0.05。

    为什么：系数、权重、得分三个数并列，读者会自己相乘。
    来源：有“得分系数”一列的部门整体自评表。
    怎么改：核对三个数。
    """
    for indicator in record.leaves:
        cell_of = indicator.cells.with_role
        if cell_of(Role.COEFFICIENT) is None:
            continue
        cells = [cell_of(role) for role in (Role.POINTS, Role.COEFFICIENT, Role.SCORE)]
        points, coefficient, score = (cell.value.number if cell else None for cell in cells)
        if points is None or coefficient is None or score is None or cells[2] is None:
            continue
        computed = round_half_up(points * coefficient / 100, 2)
        if abs(computed - score) > _TOLERANCE:
            message = (
                f"得分填报 {format_decimal(score)}，权重 {format_decimal(points)} × 得分系数 {format_decimal(coefficient)}% "
                f"为 {format_decimal(computed)}"
            )
            yield finding_at(
                cells[2], message, "请核对权重、系数与得分", computed=format_decimal(computed)
            )
