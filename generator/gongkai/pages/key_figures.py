"""Key figures of an evaluation, their comparison with last year's, and shortfalls."""

from collections.abc import Iterable, Iterator

from gongkai.model.anchors import figure_anchors
from gongkai.model.documents import Record
from gongkai.model.figures import (
    CARD_FIGURES,
    GRADE,
    MISSED,
    SCORE,
    EvaluationFigures,
    FigureKind,
    figures_of,
)
from gongkai.model.shortfalls import find_shortfalls
from gongkai.model.values import format_decimal
from gongkai.pages.sentences import Contradictions
from gongkai.pages.views.common import EvaluationShortfalls, KeyFigure, Link, YearComparison


def key_figures(
    record: Record | None, contradictions: Contradictions, page_url: str = ""
) -> tuple[KeyFigure, ...]:
    """Return score, grade, money, rate and missed targets of an evaluation.

    `page_url` is the relative address of the page that shows it; empty on that page itself.
    """
    if record is None:
        return ()
    urls = {where: f"{page_url}#{name}" for where, name in figure_anchors(record).items()}
    return tuple(_iter_key_figures(figures_of(record), contradictions, urls))


def _iter_key_figures(
    figures: EvaluationFigures, contradictions: Contradictions, urls: dict[str, str]
) -> Iterator[KeyFigure]:
    cells = dict(figures.filed_cells())
    for figure in CARD_FIGURES:
        cell = cells.get(figure)
        if figure is SCORE and cell:
            points = f" / {format_decimal(figures.total_points)}" if figures.total_points else ""
            problem = contradictions.get(cell.where)
            computed = problem.computed if problem else ""
            yield KeyFigure(figure.term, f"{cell.filed}{points}", urls[cell.where], computed)
        elif figure is GRADE and figures.grade and figures.score:
            yield KeyFigure(figure.term, figures.grade_word, urls[figures.score.where])
        elif figure is MISSED and (figures.reached_indicators or figures.missed_indicators):
            url = "#shortfalls" if figures.missed_indicators else ""
            yield KeyFigure(figure.term, _missed_text(figures), url)
        elif cell:
            yield KeyFigure(figure.term, figures.filed_text(figure), urls[cell.where])
        elif figure.kind is FigureKind.COUNT and figure is not MISSED:
            yield KeyFigure(figure.term, f"{figures.filed_text(figure)} 项", "")


def _missed_text(figures: EvaluationFigures) -> str:
    incomparable = (
        len(figures.indicators) - len(figures.reached_indicators) - len(figures.missed_indicators)
    )
    text = f"{len(figures.missed_indicators)} 项"
    return text + (f"（{incomparable} 项无法比较）" if incomparable else "")


def year_comparison(current: Record | None, previous: Record | None) -> tuple[YearComparison, ...]:
    """Compare this year's figures with last year's; empty if the documents differ in kind."""
    if current is None or previous is None or current.form.kind is not previous.form.kind:
        return ()
    new, old = dict(_comparable_figures(current)), dict(_comparable_figures(previous))
    rows = (YearComparison(term, old.get(term, ""), new.get(term, "")) for term in {**new, **old})
    return tuple(rows)


def _comparable_figures(record: Record) -> Iterator[tuple[str, str]]:
    figures = figures_of(record)
    for figure, _cell in figures.filed_cells():
        text = figures.filed_text(figure)
        if figure is SCORE and figures.total_points:
            text += f"（满分 {format_decimal(figures.total_points)}）"
        yield figure.term, text


def evaluation_shortfalls(
    records: Iterable[tuple[Link, Record]],
) -> tuple[EvaluationShortfalls, ...]:
    """Return the shortfalls of these evaluations; those without any are left out."""
    tables = (EvaluationShortfalls(page, find_shortfalls(record)) for page, record in records)
    return tuple(table for table in tables if table.rows)
