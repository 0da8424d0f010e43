"""Key figures of an evaluation, their comparison with last year's, and shortfalls."""

from collections.abc import Iterable, Iterator

from gongkai.model.anchors import figure_anchors
from gongkai.model.documents import Cell, Record
from gongkai.model.figures import Figures, figures_of
from gongkai.model.shortfalls import find_shortfalls
from gongkai.model.values import format_decimal
from gongkai.pages.sentences import Contradictions, format_amount
from gongkai.pages.views.common import EvaluationShortfalls, KeyFigure, Link, YearComparison

_MONEY = (("年初预算数", "initial"), ("全年预算数", "adjusted"), ("全年执行数", "spent"))


def key_figures(
    record: Record | None, contradictions: Contradictions, page_url: str = ""
) -> tuple[KeyFigure, ...]:
    """Return score, grade, money, rate and missed targets of an evaluation.

    `page_url` is the relative address of the page that shows it; empty on that page itself.
    """
    if record is None:
        return ()
    figures = figures_of(record)
    urls = {where: f"{page_url}#{name}" for where, name in figure_anchors(record, figures).items()}
    return tuple(_iter_key_figures(record, figures, contradictions, urls))


def _iter_key_figures(
    record: Record, figures: Figures, contradictions: Contradictions, urls: dict[str, str]
) -> Iterator[KeyFigure]:
    score = figures.score
    if score:
        points = f" / {format_decimal(figures.total_points)}" if figures.total_points else ""
        problem = contradictions.get(score.where)
        computed = problem.computed if problem else ""
        yield KeyFigure("自评得分", f"{score.filed}{points}", urls[score.where], computed)
    if figures.grade and score:
        yield KeyFigure("等级", figures.filed_grade or figures.grade, urls[score.where])
    for term, cell in _filed_amounts(figures):
        yield KeyFigure(term, format_amount(cell, record.form), urls[cell.where])
    if figures.rate:
        yield KeyFigure("执行率", figures.rate.filed, urls[figures.rate.where])
    if figures.reached_indicators or figures.missed_indicators:
        incomparable = (
            len(figures.indicators)
            - len(figures.reached_indicators)
            - len(figures.missed_indicators)
        )
        text = f"{len(figures.missed_indicators)} 项"
        text += f"（{incomparable} 项无法比较）" if incomparable else ""
        yield KeyFigure("未达目标", text, "#shortfalls" if figures.missed_indicators else "")


def _filed_amounts(figures: Figures) -> Iterator[tuple[str, Cell]]:
    cells = ((term, getattr(figures, name)) for term, name in _MONEY)
    return ((term, cell) for term, cell in cells if cell)


def year_comparison(current: Record | None, previous: Record | None) -> tuple[YearComparison, ...]:
    """Compare this year's figures with last year's; empty if the documents differ in kind."""
    if current is None or previous is None or current.form.kind is not previous.form.kind:
        return ()
    new, old = dict(_comparable_figures(current)), dict(_comparable_figures(previous))
    rows = (YearComparison(term, old.get(term, ""), new.get(term, "")) for term in {**new, **old})
    return tuple(rows)


def _comparable_figures(record: Record) -> Iterator[tuple[str, str]]:
    figures = figures_of(record)
    if figures.score:
        points = f"（满分 {format_decimal(figures.total_points)}）" if figures.total_points else ""
        yield "自评得分", f"{figures.score.filed}{points}"
    for term, cell in _filed_amounts(figures):
        yield term, format_amount(cell, record.form)
    if figures.rate:
        yield "执行率", figures.rate.filed


def evaluation_shortfalls(
    records: Iterable[tuple[Link, Record]],
) -> tuple[EvaluationShortfalls, ...]:
    """Return the shortfalls of these evaluations; those without any are left out."""
    tables = (EvaluationShortfalls(page, find_shortfalls(record)) for page, record in records)
    return tuple(table for table in tables if table.rows)
