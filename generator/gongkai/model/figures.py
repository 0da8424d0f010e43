"""The figures of one evaluation: budget, spending, score, what was reached and what was lost."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from gongkai.model.documents import Cell, Cells, Node, Record, by_role
from gongkai.model.outcomes import outcomes
from gongkai.model.terms import Grade, Role

_EARNED = f"{__name__}.earned"


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
    """The whole score as filed: in the row of totals, or in a field at the head."""
    total_points: Decimal | None
    grade: Grade | None
    """As filed where the form asks for it, else by the form's bands from the score as filed."""
    grade_filed: str
    """The word for it as filed; empty where the form does not ask or nothing was filed."""
    indicators: tuple[Node, ...]
    reached: tuple[Node, ...]
    missed: tuple[Node, ...]
    """Those whose actual value is worse than the target; those that cannot be compared are in neither."""
    losses: tuple[Loss, ...]


def figures_of(record: Record) -> Figures:
    """The figures of a record; worked out once."""
    known: Figures | None = record.worked_out.get(__name__)
    if known is None:
        known = record.worked_out[__name__] = _figures(record)
    return known


def _figures(record: Record) -> Figures:
    funds = rate_row(record)
    score = _unless_blank(record.overall(Role.SCORE))
    points = _unless_blank(record.overall(Role.POINTS))
    leaves = record.leaves
    met = {id(each.node): each.met for each in outcomes(record)}
    number = score.value.number if score else None
    by_bands = record.form.grade_of(number) if number is not None else None
    grade = record.overall(Role.GRADE)
    named = grade.filed if grade else ""
    return Figures(
        initial=_filed(funds, Role.INITIAL),
        adjusted=_filed(funds, Role.ADJUSTED),
        spent=_filed(funds, Role.SPENT),
        rate=_filed(funds, Role.EXECUTION_RATE),
        score=score,
        total_points=points.value.number if points else record.form.total_points,
        grade=(named and record.form.grade_named(named)) or by_bands,
        grade_filed=named,
        indicators=leaves,
        reached=tuple(node for node in leaves if met[id(node)] is True),
        missed=tuple(node for node in leaves if met[id(node)] is False),
        losses=tuple(_losses(record)),
    )


def rate_row(record: Record) -> Cells | None:
    """The row of the funds table that holds the total and the execution rate.

    Where no row is called the total: the first row or group of fields that tells what was spent.
    """
    row = record.row(Role.TOTAL)
    return row.cells if row else next(record.lines(Role.SPENT), None)


def rate_points(record: Record) -> Decimal:
    """The points of the execution rate: as filed in its row, else as the form fixes them."""
    row = rate_row(record)
    cell = by_role(row, Role.POINTS) if row else None
    if cell:
        return cell.value.or_zero
    scored = row and by_role(row, Role.SCORE)
    fixed = record.form.execution.points if record.form.execution else None
    return fixed or Decimal(0) if scored else Decimal(0)


def points_of(node: Node) -> Decimal | None:
    """An indicator's points: as filed at it, else the sum of those below; None where none are."""
    cell = node.cells.role(Role.POINTS)
    if cell and cell.value.number is not None:
        return cell.value.number
    below = [points for child in node.children if (points := points_of(child)) is not None]
    return sum(below, Decimal(0)) if below else None


def score_sum(record: Record) -> Decimal | None:
    """The score of the execution rate and those of the indicators (a shared one stands once).

    None where no indicator has a score, or one cannot be read.
    """
    cells = [cell for node in record.leaves if (cell := node.cells.role(Role.SCORE))]
    funds = rate_row(record)
    rate = by_role(funds, Role.SCORE) if funds else None
    values = [cell.value for cell in (*cells, *([rate] if rate else ()))]
    if all(cell.value.number is None for cell in cells) or any(value.unread for value in values):
        return None
    return sum((value.or_zero for value in values), Decimal(0))


def _filed(cells: Cells | None, role: Role) -> Cell | None:
    return _unless_blank(by_role(cells, role))


def _unless_blank(cell: Cell | None) -> Cell | None:
    return cell if cell and not cell.blank else None


def earned(record: Record) -> tuple[tuple[Node, Decimal, Decimal], ...]:
    """Each indicator with its points and its score, where both are filed; worked out once.

    Those that share a score (得分组) stand once, with the points of all of them.
    """
    known: tuple[tuple[Node, Decimal, Decimal], ...] | None = record.worked_out.get(_EARNED)
    if known is None:
        known = record.worked_out[_EARNED] = tuple(_earned(record))
    return known


def _earned(record: Record) -> Iterator[tuple[Node, Decimal, Decimal]]:
    shared: dict[str, Decimal] = defaultdict(Decimal)
    for node in record.leaves:
        if node.score_group:
            shared[node.score_group] += _number(node, Role.POINTS) or 0
    for node in record.leaves:
        points, score = _number(node, Role.POINTS), _number(node, Role.SCORE)
        if points is not None and score is not None:
            yield node, shared.get(node.score_group, points), score


def _number(node: Node, role: Role) -> Decimal | None:
    cell = node.cells.role(role)
    return cell.value.number if cell else None


def _losses(record: Record) -> Iterator[Loss]:
    for node, points, score in earned(record):
        if score < points:
            reason = node.cells.role(Role.DEVIATION)
            yield Loss(node, points, score, reason.filed if reason else "")


EXECUTION_RATE = "预算执行率"


class Dimension(NamedTuple):
    """A level-1 indicator (产出指标, 效益指标 …) or the execution rate, where it has points."""

    name: str
    points: Decimal | None
    score: Decimal | None
    """As filed at it, else the sum of what is filed below; a shared score (得分组) stands once."""


def dimensions_of(record: Record) -> tuple[Dimension, ...]:
    """The dimensions that have points or a score, in the form's order.

    None for a form whose indicators have a single level: those are no dimensions. Worked out once.
    """
    known: tuple[Dimension, ...] | None = record.worked_out.get("dimensions")
    if known is None:
        known = record.worked_out["dimensions"] = tuple(_dimensions(record))
    return known


def _dimensions(record: Record) -> Iterator[Dimension]:
    trees = [tree for tree in record.trees if len(tree.spec.levels) > 1]
    points = rate_points(record)
    if trees and points:
        yield Dimension(EXECUTION_RATE, points, _score(by_role(rate_row(record), Role.SCORE)))
    for tree in trees:
        for node in tree.nodes:
            found = Dimension(node.name.filed, points_of(node), _score_of(node))
            if found.points is not None or found.score is not None:
                yield found


def _score_of(node: Node) -> Decimal | None:
    own = _score(by_role(node.cells, Role.SCORE))
    if own is not None:
        return own
    below = [score for child in node.children if (score := _score_of(child)) is not None]
    return sum(below, Decimal(0)) if below else None


def _score(cell: Cell | None) -> Decimal | None:
    return cell.value.number if cell else None
