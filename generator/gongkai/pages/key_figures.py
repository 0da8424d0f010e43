"""What stands at the top of an evaluation's page: its figures, last year's, what it fell short of."""

from collections.abc import Iterable, Iterator

from gongkai.model.anchors import figure_anchors
from gongkai.model.documents import Cell, Record
from gongkai.model.figures import Figures, figures_of
from gongkai.model.shortfalls import shortfalls
from gongkai.model.values import plain
from gongkai.pages.sentences import Contradictions, format_amount
from gongkai.pages.views.common import Beside, KeyFigure, Link, Shortfalls

_MONEY = (("年初预算数", "initial"), ("全年预算数", "adjusted"), ("全年执行数", "spent"))


def key_figures(
    record: Record | None, known: Contradictions, away: str = ""
) -> tuple[KeyFigure, ...]:
    """Score, grade, money, rate and targets of an evaluation; `away` is the way to its page."""
    if record is None:
        return ()
    figures = figures_of(record)
    anchors = {where: f"{away}#{name}" for where, name in figure_anchors(record, figures).items()}
    return tuple(_figures(record, figures, known, anchors))


def _figures(
    record: Record, figures: Figures, known: Contradictions, anchors: dict[str, str]
) -> Iterator[KeyFigure]:
    score = figures.score
    if score:
        full = f" / {plain(figures.total_points)}" if figures.total_points else ""
        problem = known.get(score.where)
        computed = problem.computed if problem else ""
        yield KeyFigure("自评得分", f"{score.filed}{full}", anchors[score.where], computed)
    if figures.grade and score:
        yield KeyFigure("等级", figures.grade_filed or figures.grade, anchors[score.where])
    for term, cell in _money(figures):
        yield KeyFigure(term, format_amount(cell, record.form), anchors[cell.where])
    if figures.rate:
        yield KeyFigure("执行率", figures.rate.filed, anchors[figures.rate.where])
    if figures.reached or figures.missed:
        rest = len(figures.indicators) - len(figures.reached) - len(figures.missed)
        told = f"{len(figures.missed)} 项" + (f"（{rest} 项无法比较）" if rest else "")
        yield KeyFigure("未达目标", told, "#shortfalls" if figures.missed else "")


def _money(figures: Figures) -> Iterator[tuple[str, Cell]]:
    found = ((term, getattr(figures, name)) for term, name in _MONEY)
    return ((term, cell) for term, cell in found if cell)


def beside(now: Record | None, before: Record | None) -> tuple[Beside, ...]:
    """This year's figures and last year's; nothing where the documents are not of a kind."""
    if now is None or before is None or now.form.kind is not before.form.kind:
        return ()
    new, old = dict(_compared(now)), dict(_compared(before))
    rows = (Beside(term, old.get(term, ""), new.get(term, "")) for term in {**new, **old})
    return tuple(rows)


def _compared(record: Record) -> Iterator[tuple[str, str]]:
    figures = figures_of(record)
    if figures.score:
        points = f"（满分 {plain(figures.total_points)}）" if figures.total_points else ""
        yield "自评得分", f"{figures.score.filed}{points}"
    for term, cell in _money(figures):
        yield term, format_amount(cell, record.form)
    if figures.rate:
        yield "执行率", figures.rate.filed


def fallen_short(records: Iterable[tuple[Link, Record]]) -> tuple[Shortfalls, ...]:
    """What each of these evaluations fell short of; those that did not are left out."""
    found = (Shortfalls(page, shortfalls(record)) for page, record in records)
    return tuple(each for each in found if each.rows)
