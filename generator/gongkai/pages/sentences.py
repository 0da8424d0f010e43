"""Summary of an evaluation in sentences, written from its figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from gongkai.model.anchors import figure_anchors, indicator_anchor
from gongkai.model.documents import Cell, Indicator, Record, cell_with_role
from gongkai.model.figures import (
    GRADE,
    RATE,
    SCORE,
    EvaluationFigures,
    Figure,
    FigureKind,
    Loss,
    figures_of,
    filed_figures,
)
from gongkai.model.problems import Position
from gongkai.model.recomputed import (
    Contradictions,
    Recomputed,
    RecomputedFigure,
    recomputed_cells,
    recomputed_figures,
    recomputed_losses,
)
from gongkai.model.scores import EXECUTION_RATE
from gongkai.model.terms import Role
from gongkai.model.values import format_decimal, readable_amount
from gongkai.runtime.html import escape_html

Losses = Mapping[Position, Decimal]
"""Points lost as recomputed, by the positions of the indicators' names."""
_MAX_NAMES = 3
"""Number of indicators that a sentence names before it says 等."""


@dataclass(frozen=True, slots=True)
class _Summary:
    """An evaluation and the anchors to which its figures link."""

    record: Record
    figures: EvaluationFigures
    recomputed: Recomputed
    recomputed_cells: Mapping[str, RecomputedFigure]
    anchors: Mapping[str, str]
    page_url: str
    """Relative address of the page that shows the figures; empty on that page itself."""

    def figure_link(self, cell: Cell, text: str) -> str:
        """Return a figure as a link to its cell."""
        return _link(f"{self.page_url}#{self.anchors[cell.where]}", text)

    def recomputed_note(self, figure: Figure) -> str:
        """Return the recomputed value of a figure in brackets; empty unless it differs."""
        value = self.recomputed.get(figure)
        return f"（{escape_html(value.label)}）" if value else ""

    def indicator_link(self, node: Indicator) -> str:
        """Return an indicator's name as a link to its row."""
        return _link(f"{self.page_url}#{indicator_anchor(node)}", node.name.filed)


def summary_sentences(
    record: Record, contradictions: Contradictions, page_url: str = ""
) -> list[Markup]:
    """Return sentences on score, money, indicators, and points lost with the reasons.

    Every figure links to its cell; `page_url` is the relative address of the page that shows it.
    """
    summary = _Summary(
        record,
        figures_of(record),
        recomputed_figures(record, contradictions),
        recomputed_cells(record, contradictions),
        figure_anchors(record),
        page_url,
    )
    texts = (
        *_score_sentences(summary),
        *_money_sentences(summary),
        *_indicator_sentences(summary),
        *_loss_sentences(summary),
    )
    return [Markup(text) for text in texts]  # noqa: S704 - filed text is escaped


def _score_sentences(summary: _Summary) -> Iterator[str]:
    figures = summary.figures
    if figures.score is None:
        return
    by_bands = f"，按本表等级标准为“{figures.grade}”" if figures.grade else ""
    grade = f"，自评等级为“{figures.filed_grade}”" if figures.filed_grade else by_bands
    notes = [f"满分 {format_decimal(figures.total_points)} 分"] if figures.total_points else []
    if SCORE in summary.recomputed:
        notes.append(f"{escape_html(summary.recomputed[SCORE].label)} 分")
    score = summary.figure_link(figures.score, figures.score.filed)
    score += f" 分（{'，'.join(notes)}）" if notes else " 分"
    yield f"自评得分 {score}{escape_html(grade)}{summary.recomputed_note(GRADE)}。"


def _money_sentences(summary: _Summary) -> Iterator[str]:
    figures = summary.figures
    parts = [
        f"{figure.label} {summary.figure_link(cell, readable_amount(figures.amount_text(cell)))}"
        f"{summary.recomputed_note(figure)}"
        for figure, cell in filed_figures(summary.record)
        if figure.kind is FigureKind.MONEY
    ]
    if figures.rate:
        rate = summary.figure_link(figures.rate, figures.rate.filed)
        parts.append(f"{EXECUTION_RATE} {rate}{summary.recomputed_note(RATE)}")
    if parts:
        yield f"{'，'.join(parts)}。"


def _indicator_sentences(summary: _Summary) -> Iterator[str]:
    figures = summary.figures
    total = len(figures.indicators)
    if not total:
        return
    if not any(cell_with_role(node.cells, Role.ACTUAL) for node in figures.indicators):
        kind = summary.record.form.kind
        why = "是年初定的目标，表里没有完成值" if kind.has_targets_only else "本表不填完成值"
        yield f"共 {total} 项指标，{why}，无法判断是否达到目标。"
        return
    reached, missed = len(figures.reached_indicators), len(figures.missed_indicators)
    parts = [f"{reached} 项达到目标", f"{missed} 项未达到"] if figures.judged_count else []
    if figures.unfiled_count:
        parts.append(f"{figures.unfiled_count} 项没有填完成值")
    if figures.incomparable_count:
        parts.append(f"{figures.incomparable_count} 项的目标与完成值无法直接比较")
    parts += [] if figures.judged_count else ["无法判断是否达到目标"]
    yield f"共 {total} 项指标：{'，'.join(parts)}。"
    if figures.missed_indicators:
        yield f"未达到目标的是{_missed_names(summary)}。"


def _missed_names(summary: _Summary) -> str:
    missed = summary.figures.missed_indicators
    more = f"等 {len(missed)} 项" if len(missed) > _MAX_NAMES else ""
    names = (f"“{summary.indicator_link(node)}”" for node in missed[:_MAX_NAMES])
    return f"{'、'.join(names)}{more}"


def _loss_sentences(summary: _Summary) -> Iterator[str]:
    losses = summary.figures.losses
    if not losses:
        return
    lost = sum((loss.points - loss.score for loss in losses), Decimal(0))
    recomputed = recomputed_losses(summary.record, summary.recomputed_cells)
    note = _recomputed_losses_note(len(losses), lost, recomputed)
    details = "；".join(_loss_text(summary, loss, recomputed) for loss in losses)
    yield f"{len(losses)} 项指标被扣分，共扣 {format_decimal(lost)} 分{note}：{details}。"


def _recomputed_losses_note(count: int, lost: Decimal, recomputed: Losses) -> str:
    """Return how many indicators lost how many points as recomputed; empty unless they differ."""
    number, total = sum(map(bool, recomputed.values())), sum(recomputed.values(), Decimal(0))
    if not recomputed or (number, total) == (count, lost):
        return ""
    return f"（按复算 {number} 项，共扣 {format_decimal(total)} 分）"


def _loss_text(summary: _Summary, loss: Loss, recomputed: Losses) -> str:
    reason = f"原因：{escape_html(loss.reason.rstrip('。'))}" if loss.reason else "未说明原因"
    lost = loss.points - loss.score
    known = recomputed.get(loss.indicator.name.position, lost)
    note = "" if known == lost else f"（按复算 {format_decimal(known)} 分）"
    return f"“{summary.indicator_link(loss.indicator)}”扣 {format_decimal(lost)} 分{note}，{reason}"


def _link(url: str, text: str) -> str:
    return f'<a href="{url}">{escape_html(text)}</a>'
