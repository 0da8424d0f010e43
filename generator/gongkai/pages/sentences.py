"""Plain sentences about an evaluation, made from its figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from gongkai.model.anchors import figure_anchors, indicator_anchor
from gongkai.model.documents import Cell, Node, Record, by_role
from gongkai.model.figures import Figures, Loss, figures_of
from gongkai.model.forms import Form
from gongkai.model.problems import Problem
from gongkai.model.terms import Role
from gongkai.model.values import State, plain
from gongkai.runtime.html import safe

_NAMED = 3
"""How many indicators a sentence names before it says 等."""

Contradictions = Mapping[str, Problem]
"""Problems with a recomputed value, by the key path of their cell."""


@dataclass(frozen=True, slots=True)
class _Told:
    """An evaluation to be told of, and where its figures stand."""

    figures: Figures
    form: Form
    anchors: Mapping[str, str]
    away: str
    """The way to the page that holds the figures; empty where that is this one."""

    def figure(self, cell: Cell, text: str) -> str:
        """A figure, linked to its cell."""
        return _link(f"{self.away}#{self.anchors[cell.where]}", text)

    def indicator(self, node: Node) -> str:
        """An indicator's name, linked to its row."""
        return _link(f"{self.away}#{indicator_anchor(node)}", node.name.filed)


def sentences(record: Record, known: Contradictions, away: str = "") -> list[Markup]:
    """What an evaluation comes to: score, money, indicators, points lost and why.

    Every figure leads to where it was filed; `away` is the way there from another page.
    """
    figures = figures_of(record)
    told = _Told(figures, record.form, figure_anchors(record, figures), away)
    found = (*_score(told, known), *_money(told), *_indicators(told), *_lost(told))
    return [Markup(each) for each in found]  # noqa: S704 - what was filed is escaped


def _score(told: _Told, known: Contradictions) -> Iterator[str]:
    figures = told.figures
    if figures.score is None:
        return
    full = f"（满分 {plain(figures.total_points)} 分）" if figures.total_points else ""
    by_bands = f"，按本表等级标准为“{figures.grade}”" if figures.grade else ""
    grade = f"，自评等级为“{figures.grade_filed}”" if figures.grade_filed else by_bands
    score = told.figure(figures.score, figures.score.filed)
    yield f"自评得分 {score} 分{full}{safe(grade)}。"
    problem = known.get(figures.score.where)
    if problem and problem.computed:
        filed, computed = safe(problem.filed), safe(problem.computed)
        yield f"注意：各项得分相加为 {computed} 分，与填报的 {filed} 分不一致，见核验说明。"


def _money(told: _Told) -> Iterator[str]:
    figures = told.figures
    named = (
        ("年初预算", figures.initial),
        ("全年预算", figures.adjusted),
        ("全年支出", figures.spent),
    )
    parts = [f"{name} {told.figure(cell, format_amount(cell, told.form))}" for name, cell in named if cell]
    if figures.rate:
        parts.append(f"预算执行率 {told.figure(figures.rate, figures.rate.filed)}")
    if parts:
        yield f"{'，'.join(parts)}。"


def _indicators(told: _Told) -> Iterator[str]:
    figures = told.figures
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
        yield f"未达到目标的是{_names(told)}。"


def _names(told: _Told) -> str:
    missed = told.figures.missed
    more = f"等 {len(missed)} 项" if len(missed) > _NAMED else ""
    named = (f"“{told.indicator(node)}”" for node in missed[:_NAMED])
    return f"{'、'.join(named)}{more}"


def _lost(told: _Told) -> Iterator[str]:
    losses = told.figures.losses
    if not losses:
        return
    lost = sum((loss.points - loss.score for loss in losses), Decimal(0))
    each = "；".join(_loss(told, loss) for loss in losses)
    yield f"{len(losses)} 项指标被扣分，共扣 {plain(lost)} 分：{each}。"


def _loss(told: _Told, loss: Loss) -> str:
    reason = f"原因：{safe(loss.reason.rstrip('。'))}" if loss.reason else "未说明原因"
    lost = plain(loss.points - loss.score)
    return f"“{told.indicator(loss.node)}”扣 {lost} 分，{reason}"


def _link(url: str, text: str) -> str:
    return f'<a href="{url}">{safe(text)}</a>'


def format_amount(cell: Cell | None, form: Form) -> str:
    """An amount as filed, with the form's money unit where none was written."""
    if cell is None or cell.blank:
        return ""
    written = cell.filed.endswith(("元", "万", "亿"))
    bare = cell.value.state is State.FILED and cell.value.number is not None and not written
    return cell.filed + form.money if bare else cell.filed
