"""What an evaluation fell short of: points lost and targets missed, with the reasons given."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from gongkai.model.anchors import indicator_anchor
from gongkai.model.documents import Record
from gongkai.model.figures import figures_of
from gongkai.model.outcomes import Outcome, outcomes


class Shortfall(NamedTuple):
    """One indicator that lost points or missed its target."""

    dimension: str
    """一级指标."""
    name: str
    anchor: str
    """Where it stands on the page of its evaluation."""
    target: str
    """年度指标值 as filed."""
    actual: str
    """实际完成值 as filed."""
    lost: Decimal
    """Points lost; 0 where it only missed its target."""
    missed: bool
    """Whether the target was missed; False also where nobody can tell."""
    reason: str
    """偏差原因 as filed; empty where none was given."""


def shortfalls(record: Record) -> tuple[Shortfall, ...]:
    """The indicators of an evaluation that fell short, in the form's order; worked out once."""
    known: tuple[Shortfall, ...] | None = record.worked_out.get(__name__)
    if known is None:
        known = record.worked_out[__name__] = tuple(_shortfalls(record))
    return known


def _shortfalls(record: Record) -> Iterator[Shortfall]:
    figures = figures_of(record)
    lost = {id(each.node): each.points - each.score for each in figures.losses}
    missed = {id(node) for node in figures.missed}
    for outcome in outcomes(record):
        node = id(outcome.node)
        if node in lost or node in missed:
            yield _shortfall(outcome, lost.get(node, Decimal(0)), missed=node in missed)


def _shortfall(outcome: Outcome, points: Decimal, *, missed: bool) -> Shortfall:
    return Shortfall(
        dimension=outcome.path[0] if outcome.path else "",
        name=outcome.node.name.filed,
        anchor=indicator_anchor(outcome.node),
        target=outcome.target.filed if outcome.target else "",
        actual=outcome.actual.filed if outcome.actual else "",
        lost=points,
        missed=missed,
        reason=outcome.reason.filed if outcome.explained and outcome.reason else "",
    )
