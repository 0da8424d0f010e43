"""Key figures of an evaluation, their comparison with last year's, and shortfalls."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from gongkai.model.anchors import figure_anchors
from gongkai.model.documents import Record
from gongkai.model.figures import (
    CARD_FIGURES,
    GRADE,
    MISSED,
    SCORE,
    Figure,
    FigureKind,
    figures_of,
    filed_figures,
)
from gongkai.model.recomputed import Contradictions, Recomputed, recomputed_figures
from gongkai.model.shortfalls import TargetCounts, contradicted_shortfalls, count_targets
from gongkai.model.values import format_decimal, readable_amount, round_half_up
from gongkai.pages.views.common import EvaluationShortfalls, KeyFigure, Link, YearComparison


def key_figures(
    record: Record | None, contradictions: Contradictions, projects: Iterable[Record | None] = ()
) -> tuple[KeyFigure, ...]:
    """Return score, grade, money, rate and missed targets of an evaluation.

    The targets of `projects`, which are shown on the same page, count as well.
    """
    own, below = count_targets([record] if record else []), count_targets(filter(None, projects))
    missed = tuple(_missed_figures(own, below))
    if record is None:
        return missed
    urls = {where: f"#{name}" for where, name in figure_anchors(record).items()}
    recomputed = recomputed_figures(record, contradictions)
    return (*_iter_key_figures(record, recomputed, urls), *missed)


def _iter_key_figures(
    record: Record, recomputed: Recomputed, urls: Mapping[str, str]
) -> Iterator[KeyFigure]:
    figures, cells = figures_of(record), dict(filed_figures(record))
    for figure in CARD_FIGURES:
        cell = cells.get(figure)
        computed = recomputed[figure].label if figure in recomputed else ""
        if figure is SCORE and cell:
            points = f" / {format_decimal(figures.total_points)}" if figures.total_points else ""
            yield KeyFigure(figure.term, f"{cell.filed}{points}", urls[cell.where], computed)
        elif figure is GRADE and figures.grade and figures.score:
            yield KeyFigure(figure.term, figures.grade_word, urls[figures.score.where], computed)
        elif cell:
            text = readable_amount(figures.filed_text(figure))
            yield KeyFigure(figure.term, text, urls[cell.where], computed)
        elif figure.kind is FigureKind.COUNT and figure is not MISSED:
            yield KeyFigure(figure.term, f"{figures.filed_text(figure)} 项", "")


def _missed_figures(own: TargetCounts, below: TargetCounts) -> Iterator[KeyFigure]:
    """Yield the number of missed targets, or why it is unknown."""
    total = TargetCounts(*map(sum, zip(own, below, strict=True)))
    if total.judged:
        url = "#shortfalls" if total.missed else ""
        yield KeyFigure(MISSED.term, f"{total.missed} 项{_missed_note(own, below)}", url)
    elif total.indicators:
        yield KeyFigure(MISSED.term, f"无法判断（{total.reason_unjudged}）", "")


def _missed_note(own: TargetCounts, below: TargetCounts) -> str:
    """Return the missed targets of the unit and its projects, and how many could be judged."""
    indicators, judged = own.indicators + below.indicators, own.judged + below.judged
    parts = [f"{indicators} 项中可以判断 {judged} 项"] if judged < indicators else []
    if below.indicators:
        split = [f"整体 {own.missed} 项"] if own.judged else []
        parts.insert(0, "，".join([*split, f"项目 {below.missed} 项"]))
    return f"（{'；'.join(parts)}）" if parts else ""


def year_comparison(
    current: Record | None,
    previous: Record | None,
    contradictions: Contradictions,
    previous_contradictions: Contradictions,
) -> tuple[YearComparison, ...]:
    """Compare this year's figures with last year's; empty if the documents differ in kind."""
    if current is None or previous is None or current.form.kind is not previous.form.kind:
        return ()
    new = dict(_comparable_figures(current, contradictions))
    old = dict(_comparable_figures(previous, previous_contradictions))
    is_same_form = current.form.name == previous.form.name
    return tuple(
        YearComparison(
            figure.term,
            old[figure][0] if figure in old else "",
            new[figure][0] if figure in new else "",
            _change_text(figure, old[figure][1], new[figure][1], is_same_form=is_same_form)
            if figure in old and figure in new
            else "",
        )
        for figure in {**new, **old}
    )


def _change_text(
    figure: Figure, old: Decimal | None, new: Decimal | None, *, is_same_form: bool
) -> str:
    """Return by how much a figure changed; scores of different forms are not compared."""
    if old is None or new is None:
        return ""
    if figure.kind is FigureKind.POINTS and not is_same_form:
        return "表不同，不比"
    if old == new:
        return "不变"
    sign = "+" if new > old else "−"
    if figure.kind is not FigureKind.MONEY:
        unit = " 个百分点" if figure.kind is FigureKind.RATE else " 分"
        return f"{sign}{format_decimal(abs(new - old))}{unit}"
    return (
        f"{sign}{format_decimal(round_half_up(abs(new - old) / abs(old) * 100, 1))}%" if old else ""
    )


def _comparable_figures(
    record: Record, contradictions: Contradictions
) -> Iterator[tuple[Figure, tuple[str, Decimal | None]]]:
    """Yield figures with their texts and numbers; the number is the recomputed one, if it differs."""
    figures, recomputed = figures_of(record), recomputed_figures(record, contradictions)
    for figure, _cell in filed_figures(record):
        text = readable_amount(figures.filed_text(figure))
        if figure is SCORE and figures.total_points:
            text += f"（满分 {format_decimal(figures.total_points)}）"
        if figure in recomputed:
            text += f"（{recomputed[figure].label}）"
        known = recomputed[figure].number if figure in recomputed else figures.number(figure)
        yield figure, (text, known)


def evaluation_shortfalls(
    records: Iterable[tuple[Link, Record]], contradictions: Contradictions
) -> tuple[EvaluationShortfalls, ...]:
    """Return the shortfalls of these evaluations; those without any are left out."""
    tables = (
        EvaluationShortfalls(page, contradicted_shortfalls(record, contradictions))
        for page, record in records
    )
    return tuple(table for table in tables if table.rows)
