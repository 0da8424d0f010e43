"""Shortfalls of an evaluation: points lost and targets missed, with the reasons given."""

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
    """Anchor on the evaluation's page."""
    target: str
    """年度指标值 as filed."""
    actual: str
    """实际完成值 as filed."""
    lost: Decimal
    """Points lost; 0 if it only missed its target."""
    missed: bool
    """Whether the target was missed; False also if undecidable."""
    reason: str
    """偏差原因 as filed; empty if none was given."""


def shortfalls(record: Record) -> tuple[Shortfall, ...]:
    """Return the indicators of an evaluation that fell short, in the form's order; memoised."""
    cached: tuple[Shortfall, ...] | None = record.worked_out.get(__name__)
    if cached is None:
        cached = record.worked_out[__name__] = tuple(_iter_shortfalls(record))
    return cached


def _iter_shortfalls(record: Record) -> Iterator[Shortfall]:
    figures = figures_of(record)
    points_lost = {id(loss.node): loss.points - loss.score for loss in figures.losses}
    missed = {id(indicator) for indicator in figures.missed}
    for outcome in outcomes(record):
        key = id(outcome.node)
        if key in points_lost or key in missed:
            points = points_lost.get(key, Decimal(0))
            yield _build_shortfall(outcome, points, is_missed=key in missed)


def _build_shortfall(outcome: Outcome, points: Decimal, *, is_missed: bool) -> Shortfall:
    return Shortfall(
        dimension=outcome.path[0] if outcome.path else "",
        name=outcome.node.name.filed,
        anchor=indicator_anchor(outcome.node),
        target=outcome.target.filed if outcome.target else "",
        actual=outcome.actual.filed if outcome.actual else "",
        lost=points,
        missed=is_missed,
        reason=outcome.reason.filed if outcome.explained and outcome.reason else "",
    )
