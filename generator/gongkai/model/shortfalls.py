"""Shortfalls of an evaluation: points lost and targets missed, with the reasons given."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from gongkai.model.anchors import indicator_anchor
from gongkai.model.documents import Record, cache_on_record
from gongkai.model.figures import figures_of
from gongkai.model.outcomes import IndicatorOutcome, indicator_outcomes
from gongkai.model.problems import Position
from gongkai.model.recomputed import (
    Contradictions,
    RecomputedFigure,
    recomputed_cells,
    recomputed_losses,
)


class Shortfall(NamedTuple):
    """One indicator that lost points or missed its target."""

    dimension: str
    """一级指标."""
    name: str
    anchor: str
    """Anchor on the evaluation's page."""
    target: str
    """年度指标值 as filed, with sign and measure from their own columns."""
    actual: str
    """实际完成值 as filed, with the measure from its own column."""
    points_lost: Decimal
    """Points lost; 0 if it only missed its target."""
    is_missed: bool
    """Whether the target was missed; False also if undecidable."""
    reason: str
    """偏差原因 as filed; empty if none was given."""
    recomputed_lost: Decimal | None = None
    """Points lost by the recomputed score; None unless they differ."""
    recomputed_target: RecomputedFigure | None = None
    """What the target is elsewhere; None unless it differs."""
    recomputed_actual: RecomputedFigure | None = None

    @property
    def known_lost(self) -> Decimal:
        """Points lost: recomputed, if they differ from the filed ones."""
        return self.points_lost if self.recomputed_lost is None else self.recomputed_lost


class TargetCounts(NamedTuple):
    """Numbers of indicators: all, those that can be judged, and those that missed their targets."""

    indicators: int = 0
    judged: int = 0
    missed: int = 0
    unfiled: int = 0
    """Indicators without an actual value."""

    @property
    def reason_unjudged(self) -> str:
        """Why nothing can be judged; empty if something can, or if there are no indicators."""
        if self.judged or not self.indicators:
            return ""
        return "没有完成值" if self.unfiled == self.indicators else "目标与完成值无法比较"


def count_targets(records: Iterable[Record]) -> TargetCounts:
    """Count the indicators of several documents."""
    counts = [_count_targets(record) for record in records]
    return TargetCounts(*map(sum, zip(*counts, strict=True)))


def _count_targets(record: Record) -> TargetCounts:
    figures = figures_of(record)
    return TargetCounts(
        len(figures.indicators),
        figures.judged_count,
        len(figures.missed_indicators),
        figures.unfiled_count,
    )


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


def contradicted_shortfalls(
    record: Record, contradictions: Contradictions
) -> tuple[Shortfall, ...]:
    """Return the shortfalls of an evaluation, with recomputed values where they differ."""
    rows, cells = find_shortfalls(record), recomputed_cells(record, contradictions)
    if not rows or not cells:
        return rows
    losses = recomputed_losses(record, cells)
    outcomes = {indicator_anchor(found.indicator): found for found in indicator_outcomes(record)}
    return tuple(_with_recomputed(row, outcomes[row.anchor], cells, losses) for row in rows)


def _with_recomputed(
    row: Shortfall,
    outcome: IndicatorOutcome,
    cells: Mapping[str, RecomputedFigure],
    losses: Mapping[Position, Decimal],
) -> Shortfall:
    lost = losses.get(outcome.indicator.name.position, row.points_lost)
    target, actual = (
        cells.get(cell.where) if cell else None for cell in (outcome.target, outcome.actual)
    )
    return row._replace(
        recomputed_lost=None if lost == row.points_lost else lost,
        recomputed_target=target,
        recomputed_actual=actual,
    )


def _build_shortfall(outcome: IndicatorOutcome, points: Decimal, *, is_missed: bool) -> Shortfall:
    return Shortfall(
        dimension=outcome.path[0] if outcome.path else "",
        name=outcome.indicator.name.filed,
        anchor=indicator_anchor(outcome.indicator),
        target=outcome.target_text,
        actual=outcome.actual_text,
        points_lost=points,
        is_missed=is_missed,
        reason=outcome.reason.filed if outcome.is_explained and outcome.reason else "",
    )
