"""What each level-1 indicator of an evaluation earned, the execution rate first."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from generator.figures import points_of, rate_points, rate_row
from generator.model import Cell, Node, Record, by_role
from generator.terms import Role

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
    known: tuple[Dimension, ...] | None = record.worked_out.get(__name__)
    if known is None:
        known = record.worked_out[__name__] = tuple(_dimensions(record))
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
