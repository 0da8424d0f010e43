"""The figures of one evaluation: budget, spending, score, what was reached and what was lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from generator.model import Cell, Cells, Node, Record, by_role
from generator.terms import Grade, Role
from generator.values import reached


@dataclass(frozen=True, slots=True)
class Loss:
    """An indicator that did not get all its points."""

    node: Node
    points: Decimal
    score: Decimal
    reason: str
    """偏差原因 as filed; empty where none was given."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What an evaluation comes to; None where the document does not say."""

    initial: Cell | None
    """年初预算数 of the total row, in the form's money unit."""
    adjusted: Cell | None
    """全年预算数 of the total row."""
    spent: Cell | None
    """全年执行数 of the total row."""
    rate: Cell | None
    """执行率, as filed."""
    score: Cell | None
    """总分的得分, as filed."""
    total_points: Decimal | None
    grade: Grade | None
    """By the form's bands from the score as filed."""
    indicators: tuple[Node, ...]
    reached: tuple[Node, ...]
    missed: tuple[Node, ...]
    """Those whose actual value is worse than the target; those that cannot be compared are in neither."""
    losses: tuple[Loss, ...]


def figures_of(record: Record) -> Figures:
    """The figures of a record."""
    funds = rate_row(record) or {}
    total = record.total.cells if record.total else {}
    score = _filed(total, Role.SCORE)
    points = _filed(total, Role.POINTS)
    leaves = record.indicators.leaves() if record.indicators else ()
    outcome = {id(node): _reached(node) for node in leaves}
    number = score.value.number if score else None
    return Figures(
        initial=_filed(funds, Role.INITIAL),
        adjusted=_filed(funds, Role.ADJUSTED),
        spent=_filed(funds, Role.SPENT),
        rate=_filed(funds, Role.EXECUTION_RATE),
        score=score,
        total_points=points.value.number if points else record.form.total_points,
        grade=record.form.grade_of(number) if number is not None else None,
        indicators=leaves,
        reached=tuple(node for node in leaves if outcome[id(node)] is True),
        missed=tuple(node for node in leaves if outcome[id(node)] is False),
        losses=tuple(_losses(leaves)),
    )


def rate_row(record: Record) -> Cells | None:
    """The row of the funds table that holds the total and the execution rate."""
    row = record.row(Role.TOTAL)
    return row.cells if row else None


def points_of(node: Node) -> Decimal | None:
    """An indicator's points: as filed at it, else the sum of those below; None where none are."""
    cell = by_role(node.cells, Role.POINTS)
    if cell and cell.value.number is not None:
        return cell.value.number
    below = [points for child in node.children if (points := points_of(child)) is not None]
    return sum(below, Decimal(0)) if below else None


def score_sum(record: Record) -> Decimal | None:
    """The score of the execution rate and those of the indicators (a shared one stands once).

    None where no indicator has a score, or one cannot be read.
    """
    leaves = record.indicators.leaves() if record.indicators else ()
    cells = [cell for node in leaves if (cell := by_role(node.cells, Role.SCORE))]
    funds = rate_row(record)
    rate = by_role(funds, Role.SCORE) if funds else None
    values = [cell.value for cell in (*cells, *([rate] if rate else ()))]
    if all(cell.value.number is None for cell in cells) or any(value.unread for value in values):
        return None
    return sum((value.or_zero for value in values), Decimal(0))


def _filed(cells: Cells, role: Role) -> Cell | None:
    cell = by_role(cells, role)
    return cell if cell and not cell.blank else None


def _reached(node: Node) -> bool | None:
    target, actual = by_role(node.cells, Role.TARGET), by_role(node.cells, Role.ACTUAL)
    return reached(target.value, actual.value) if target and actual else None


def _losses(leaves: tuple[Node, ...]) -> Iterator[Loss]:
    for node in leaves:
        points, score = by_role(node.cells, Role.POINTS), by_role(node.cells, Role.SCORE)
        reason = by_role(node.cells, Role.DEVIATION)
        if points is None or score is None:
            continue
        full, got = points.value.number, score.value.number
        if full is not None and got is not None and got < full:
            yield Loss(node, full, got, reason.filed if reason else "")
