"""Figures of an evaluation that differ from what the checks recompute."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from gongkai.model.documents import Cell, Record
from gongkai.model.figures import (
    BUDGET,
    GRADE,
    INITIAL,
    RATE,
    SCORE,
    SPENT,
    EvaluationFigures,
    Figure,
    figures_of,
)
from gongkai.model.outcomes import cell_number
from gongkai.model.problems import Level, Position, Problem
from gongkai.model.scores import (
    Dimension,
    NumberOf,
    dimensions_of,
    iter_scored_indicators,
    rate_tolerance,
)
from gongkai.model.terms import Role
from gongkai.model.values import (
    MONEY_UNITS,
    Kind,
    Value,
    format_decimal,
    readable_amount,
    round_half_up,
    value_parser,
)

Contradictions = Mapping[str, Problem]
"""Problems with a recomputed value, by the key path of their cell."""
NO_CONTRADICTIONS: Contradictions = {}
_WORDS = {"GJ-02": "项目合计"}
_OTHER_DOCUMENT = "GJ-"
"""Beginning of the rules that compare documents, whose value stands in another document."""


class RecomputedFigure(NamedTuple):
    """What a figure should be by the other figures."""

    word: str
    """How it was found: 复算, 项目合计, 别处."""
    text: str
    """As readers see it, an amount with its unit."""
    number: Decimal | None
    """An amount in 万元; None if it is no number."""
    exact: str
    """For data tables: an amount in the form's 金额单位, a rate in percent, a grade's word."""

    @property
    def label(self) -> str:
        """The figure after the word, e.g. “复算 90万元”."""
        return f"{self.word} {readable_amount(self.text)}"


RECOMPUTED_FIGURES = (SCORE, GRADE, INITIAL, BUDGET, SPENT, RATE)
"""Figures that can be recomputed; their order is that of columns in data tables."""
Recomputed = Mapping[Figure, RecomputedFigure]
"""Recomputed figures of an evaluation, as far as they differ from the filed ones."""


def find_contradictions(problems: Iterable[Problem]) -> Contradictions:
    """Return the problems with a recomputed value by key path; errors precede warnings."""
    found = [problem for problem in problems if problem.computed and problem.level is not Level.I]
    found.sort(key=lambda problem: problem.level is Level.E)
    return {problem.where: problem for problem in found}


def recomputed_figures(record: Record, contradictions: Contradictions) -> Recomputed:
    """Return the recomputed values of the figures that differ from them."""
    if not contradictions:
        return {}
    figures = figures_of(record)
    values = dict(_iter_recomputed(figures, contradictions))
    if RATE not in values and (rate := _recomputed_rate(figures, values)):
        values[RATE] = rate
    if grade := _recomputed_grade(record, values.get(SCORE), contradictions):
        values[GRADE] = grade
    return values


def recomputed_cells(
    record: Record, contradictions: Contradictions
) -> Mapping[str, RecomputedFigure]:
    """Return the recomputed values of a document's cells that differ from them, by key path."""
    prefix = f"{record.name}/"
    if not any(where.startswith(prefix) for where in contradictions):
        return {}
    money = record.form.money
    return {
        cell.where: recomputed_cell(cell, contradictions[cell.where], money)
        for cell in record.cells
        if cell.where in contradictions
    }


def recomputed_numbers(cells: Mapping[str, RecomputedFigure]) -> NumberOf:
    """Return what finds the recomputed number of a cell, else the filed one."""

    def number_of(cell: Cell | None) -> Decimal | None:
        filed = cell_number(cell)
        recomputed = cells.get(cell.where) if cell and filed is not None else None
        return filed if recomputed is None or recomputed.number is None else recomputed.number

    return number_of


def recomputed_dimensions(
    record: Record, contradictions: Contradictions
) -> Iterator[tuple[Dimension, Dimension]]:
    """Yield the level-1 indicators as filed and as recomputed; a sum of scores is summed up anew."""
    cells, filed = recomputed_cells(record, contradictions), dimensions_of(record)
    recomputed = dimensions_of(record, recomputed_numbers(cells)) if cells else filed
    yield from zip(filed, recomputed, strict=True)


def dimension_note(filed: Dimension, recomputed: Dimension) -> str:
    """Return the recomputed score of a level-1 indicator (复算 45); empty unless it differs."""
    if recomputed == filed or recomputed.score is None:
        return ""
    score = format_decimal(recomputed.score)
    if recomputed.points is None or recomputed.points == filed.points:
        return f"复算 {score}"
    return f"复算 {score}/{format_decimal(recomputed.points)}"


def recomputed_losses(
    record: Record, cells: Mapping[str, RecomputedFigure]
) -> Mapping[Position, Decimal]:
    """Return the points that indicators lost, by the positions of their names.

    `cells` are the recomputed ones of the document; empty if there are none.
    """
    if not cells:
        return {}
    scored = iter_scored_indicators(record, recomputed_numbers(cells))
    return {
        indicator.name.position: max(points - score, Decimal(0))
        for indicator, points, score in scored
    }


def exact_recomputed(record: Record | None, contradictions: Contradictions) -> tuple[str, ...]:
    """Return RECOMPUTED_FIGURES for data tables; empty unless they differ from the filed ones."""
    values = recomputed_figures(record, contradictions) if record else {}
    return tuple(values[figure].exact if figure in values else "" for figure in RECOMPUTED_FIGURES)


def _iter_recomputed(
    figures: EvaluationFigures, contradictions: Contradictions
) -> Iterator[tuple[Figure, RecomputedFigure]]:
    for figure in RECOMPUTED_FIGURES:
        cell = figure.value(figures)
        problem = contradictions.get(cell.where) if isinstance(cell, Cell) else None
        if isinstance(cell, Cell) and problem:
            yield figure, recomputed_cell(cell, problem, figures.money)


def _recomputed_grade(
    record: Record, score: RecomputedFigure | None, contradictions: Contradictions
) -> RecomputedFigure | None:
    """Return the grade by the form's bands, of the recomputed score if there is one."""
    filed, cell = figures_of(record).grade, record.overall_cell(Role.GRADE)
    problem = contradictions.get(cell.where) if cell else None
    if score and score.number is not None:
        grade = record.form.grade_of(score.number)
        differs = filed is not None and grade is not None and grade is not filed
        return RecomputedFigure(score.word, f"{grade}", None, f"{grade}") if differs else None
    if problem is None:
        return None
    return RecomputedFigure(_word(problem), problem.computed, None, problem.computed)


def recomputed_cell(cell: Cell, problem: Problem, money: str) -> RecomputedFigure:
    """Return what a cell should be; `money` is the form's 金额单位."""
    value = _parse(cell, problem.computed, money)
    exact = problem.computed if value is None or value.number is None else f"{value.number:f}"
    if cell.spec.kind is not Kind.AMOUNT or value is None or value.number is None:
        return RecomputedFigure(_word(problem), problem.computed, value and value.number, exact)
    number = value.number * MONEY_UNITS[money] / MONEY_UNITS["万元"]
    has_unit = problem.computed.endswith(("元", "万", "亿"))
    unit = "" if has_unit else cell.value.filed_money or cell.spec.money or money
    return RecomputedFigure(_word(problem), f"{problem.computed}{unit}", number, exact)


def _parse(cell: Cell, text: str, money: str) -> Value | None:
    """Parse a recomputed value, which is in the cell's own unit of money."""
    unit = cell.value.filed_money or cell.spec.money or money
    value = value_parser(cell.spec.kind, unit, money)(text)
    return value if isinstance(value, Value) else None


def _recomputed_rate(
    figures: EvaluationFigures, values: Mapping[Figure, RecomputedFigure]
) -> RecomputedFigure | None:
    """Return the execution rate by recomputed amounts, if it differs from the filed one."""
    declared = figures.number(RATE)
    if declared is None or not values.keys() & {INITIAL, BUDGET, SPENT}:
        return None
    spent, budget = _amount(figures, values, SPENT), _amount(figures, values, BUDGET)
    if spent is None or not budget:
        return None
    rate = spent / budget * 100
    if abs(rate - declared) <= rate_tolerance(declared):
        return None
    shown = round_half_up(rate, 2)
    return RecomputedFigure("复算", f"{format_decimal(shown)}%", shown, f"{shown:f}")


def _amount(
    figures: EvaluationFigures, values: Mapping[Figure, RecomputedFigure], figure: Figure
) -> Decimal | None:
    return values[figure].number if figure in values else figures.number(figure)


def _word(problem: Problem) -> str:
    is_elsewhere = problem.rule.id.startswith(_OTHER_DOCUMENT)
    return _WORDS.get(problem.rule.id, "别处" if is_elsewhere else "复算")
