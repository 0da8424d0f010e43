"""Checks of points (DF): whether they add up, and how scores follow from them."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, at, check
from gongkai.model.documents import Cell, Indicators, Node, Record, by_role
from gongkai.model.figures import points_of, rate_points
from gongkai.model.problems import Level
from gongkai.model.terms import Role
from gongkai.model.values import plain, rounded

_TOLERANCE = Decimal("0.05")
"""By how much a score may differ from what it is computed from (rounding)."""


@check("DF-01", "权重合计", of=Record)
def points_differ(record: Record) -> Iterator[Finding]:
    """执行率分值与各一级指标分值之和须等于总分，总分须与表式一致（多为 100）。

    为什么：分值加不到总分，得分就没有意义。
    来源：财预〔2020〕10号。
    怎么改：核对预算执行率与各一级指标的分值。
    """
    total = record.overall(Role.POINTS)
    if total is None or total.value.number is None:
        return
    nodes = [node for tree in record.trees for node in tree.nodes]
    given = [points for node in nodes if (points := points_of(node)) is not None]
    if not given:
        return
    computed = sum(given, rate_points(record))
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


@check("DF-02", "一级标注", Level.E, Level.W, of=Record)
def points_of_parts_differ(record: Record) -> Iterator[Finding]:
    """上级指标标注的分值须等于下级分值之和；一级指标的分值与表式不同的，提出警告。

    为什么：“产出指标（50分）”下面加起来不是 50 分，总分就没有根据。
    来源：财预〔2020〕10号（分值可以调整，故与表式不同只是警告；表式写明“分值固定”的为错误）。
    怎么改：核对上级与下级的分值。
    """
    for tree in record.trees:
        for node in tree.nodes:
            yield from _parts(node)
            yield from _fixed(node, tree, record)


def _parts(node: Node) -> Iterator[Finding]:
    if not node.children:
        return
    filed = node.cells.role(Role.POINTS)
    number = filed.value.number if filed else None
    below = [points_of(child) for child in node.children] if number is not None else []
    known = [points for points in below if points is not None]
    if filed and number is not None and known and len(known) == len(below):
        computed = sum(known, Decimal(0))
        if computed != number:
            message = (
                f"“{node.name.filed}”标注 {plain(number)} 分，下级分值合计为 {plain(computed)}，"
                f"相差 {plain(abs(computed - number))}"
            )
            yield at(filed, message, "请核对下级的分值", computed=plain(computed))
    for child in node.children:
        yield from _parts(child)


def _fixed(node: Node, tree: Indicators, record: Record) -> Iterator[Finding]:
    """Level-1 indicators whose points are not those of the form."""
    if node.level < tree.spec.first:
        for child in node.children:
            yield from _fixed(child, tree, record)
        return
    asked = {each.name: each.points for each in tree.spec.presets}.get(node.name.filed)
    given = points_of(node)
    if asked is None or given is None or given == asked:
        return
    place = by_role(node.cells, Role.POINTS) or node.name
    level = Level.E if record.form.fixed_points else Level.W
    message = f"“{node.name.filed}”共 {plain(given)} 分，表式为 {plain(asked)} 分"
    yield at(place, message, "请核对，确有调整的不必改", computed=plain(asked), level=level)


@check("DF-09", "共用得分", of=Record)
def shared_score_twice(record: Record) -> Iterator[Finding]:
    """同一“得分组”（原表合并的得分格）只填一个得分，合计时只计一次。

    为什么：原表几行共用一个得分，填几次就会重复计算。
    来源：有合并得分格的项目自评表。
    怎么改：只在第一行填得分，其余留空。
    """
    grouped = [node for node in record.leaves if node.score_group]
    for role in (Role.SCORE, Role.REVIEW_SCORE):
        groups: dict[str, list[Cell]] = defaultdict(list)
        for node in grouped:
            cell = node.cells.role(role)
            if cell and not cell.blank:
                groups[node.score_group].append(cell)
        for name, (_, *more) in groups.items():
            for cell in more:
                message = f"得分组“{name}”已有一个得分，这里又填了 {cell.filed}"
                yield at(cell, message, "请只在第一行填，其余留空")


@check("DF-11", "得分系数", of=Record)
def score_is_not_points_by_coefficient(record: Record) -> Iterator[Finding]:
    """表上有“得分系数”的，得分须等于权重（分值）乘得分系数；容许相差 0.05。

    为什么：系数、权重、得分三个数并列，读者会自己相乘。
    来源：有“得分系数”一列的部门整体自评表。
    怎么改：核对三个数。
    """
    for node in record.leaves:
        role = node.cells.role
        if role(Role.COEFFICIENT) is None:
            continue
        cells = [role(each) for each in (Role.POINTS, Role.COEFFICIENT, Role.SCORE)]
        points, coefficient, score = (cell.value.number if cell else None for cell in cells)
        if points is None or coefficient is None or score is None or cells[2] is None:
            continue
        computed = rounded(points * coefficient / 100, 2)
        if abs(computed - score) > _TOLERANCE:
            message = (
                f"得分填报 {plain(score)}，权重 {plain(points)} × 得分系数 {plain(coefficient)}% "
                f"为 {plain(computed)}"
            )
            yield at(cells[2], message, "请核对权重、系数与得分", computed=plain(computed))
