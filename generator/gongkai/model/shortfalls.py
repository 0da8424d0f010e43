"""Shortfalls of an evaluation: points lost and targets missed, with the reasons given."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from gongkai.model.anchors import indicator_anchor
from gongkai.model.documents import Record, cache_on_record
from gongkai.model.figures import figures_of
from gongkai.model.outcomes import IndicatorOutcome, indicator_outcomes


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
    points_lost: Decimal
    """Points lost; 0 if it only missed its target."""
    is_missed: bool
    """Whether the target was missed; False also if undecidable."""
    reason: str
    """偏差原因 as filed; empty if none was given."""


@cache_on_record
def find_shortfalls(record: Record) -> tuple[Shortfall, ...]:
    """Return the indicators of an evaluation that fell short, in the form's order."""
    return tuple(_iter_shortfalls(record))


def _iter_shortfalls(record: Record) -> Iterator[Shortfall]:
    figures = figures_of(record)
    points_lost = {
        loss.indicator.name.position: loss.points - loss.score for loss in figures.losses
    }
    missed = {indicator.name.position for indicator in figures.missed_indicators}
    for outcome in indicator_outcomes(record):
        position = outcome.indicator.name.position
        if position in points_lost or position in missed:
            points = points_lost.get(position, Decimal(0))
            yield _build_shortfall(outcome, points, is_missed=position in missed)


def _build_shortfall(outcome: IndicatorOutcome, points: Decimal, *, is_missed: bool) -> Shortfall:
    return Shortfall(
        dimension=outcome.path[0] if outcome.path else "",
        name=outcome.indicator.name.filed,
        anchor=indicator_anchor(outcome.indicator),
        target=outcome.target.filed if outcome.target else "",
        actual=outcome.actual.filed if outcome.actual else "",
        points_lost=points,
        is_missed=is_missed,
        reason=outcome.reason.filed if outcome.is_explained and outcome.reason else "",
    )
