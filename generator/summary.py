"""Plain sentences about an evaluation, made from its figures."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from generator.figures import Figures, Loss
from generator.forms import Form
from generator.model import Cell, by_role
from generator.problems import Problem
from generator.terms import Role
from generator.values import State, plain

_NAMED = 3
"""How many indicators a sentence names before it says 等."""

Contradictions = Mapping[str, Problem]
"""Problems with a recomputed value, by the key path of their cell."""


def sentences(figures: Figures, form: Form, known: Contradictions) -> list[str]:
    """What an evaluation comes to: score, money, indicators, points lost and why."""
    return [*_score(figures, known), *_money(figures, form), *_indicators(figures), *_lost(figures)]


def _score(figures: Figures, known: Contradictions) -> Iterator[str]:
    if figures.score is None:
        return
    full = f"（满分 {plain(figures.total_points)} 分）" if figures.total_points else ""
    by_bands = f"，按本表等级标准为“{figures.grade}”" if figures.grade else ""
    grade = f"，自评等级为“{figures.grade_filed}”" if figures.grade_filed else by_bands
    yield f"自评得分 {figures.score.filed} 分{full}{grade}。"
    problem = known.get(figures.score.where)
    if problem and problem.computed:
        yield f"注意：各项得分相加为 {problem.computed} 分，与填报的 {problem.filed} 分不一致，见核验说明。"


def _money(figures: Figures, form: Form) -> Iterator[str]:
    named = (
        ("年初预算", figures.initial),
        ("全年预算", figures.adjusted),
        ("全年支出", figures.spent),
    )
    parts = [f"{name} {amount(cell, form)}" for name, cell in named if cell]
    if figures.rate:
        parts.append(f"预算执行率 {figures.rate.filed}")
    if parts:
        yield "，".join(parts) + "。"


def _indicators(figures: Figures) -> Iterator[str]:
    total = len(figures.indicators)
    if not total:
        return
    if not any(by_role(node.cells, Role.ACTUAL) for node in figures.indicators):
        yield f"共 {total} 项指标。"
        return
    reached, missed = len(figures.reached), len(figures.missed)
    rest = total - reached - missed
    parts = [f"{reached} 项达到目标", f"{missed} 项未达到"]
    parts += [f"{rest} 项的目标与完成值无法直接比较"] if rest else []
    yield f"共 {total} 项指标：{'，'.join(parts)}。"
    if figures.missed:
        yield f"未达到目标的是{_names([node.name.filed for node in figures.missed])}。"


def _lost(figures: Figures) -> Iterator[str]:
    if not figures.losses:
        return
    lost = sum((loss.points - loss.score for loss in figures.losses), Decimal(0))
    yield f"{len(figures.losses)} 项指标被扣分，共扣 {plain(lost)} 分：{'；'.join(map(_loss, figures.losses))}。"


def _loss(loss: Loss) -> str:
    reason = f"原因：{loss.reason.rstrip('。')}" if loss.reason else "未说明原因"
    return f"“{loss.node.name.filed}”扣 {plain(loss.points - loss.score)} 分，{reason}"


def _names(names: list[str]) -> str:
    more = f"等 {len(names)} 项" if len(names) > _NAMED else ""
    return "、".join(f"“{name}”" for name in names[:_NAMED]) + more


def amount(cell: Cell | None, form: Form) -> str:
    """An amount as filed, with the form's money unit where none was written."""
    if cell is None or cell.blank:
        return ""
    written = cell.filed.endswith(("元", "万", "亿"))
    bare = cell.value.state is State.FILED and cell.value.number is not None and not written
    return cell.filed + form.money if bare else cell.filed
