"""Indicators of a disclosure by kind, and those of satisfaction one by one, for the lists over units."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from gongkai.model.anchors import indicator_anchor
from gongkai.model.documents import Record
from gongkai.model.figures import figures_of
from gongkai.model.outcomes import indicator_outcomes
from gongkai.model.recomputed import Contradictions, recomputed_cells
from gongkai.pages.views.common import Link, SatisfactionRow

SATISFACTION = "满意度"
OTHER = "其他"
_KINDS = (
    (SATISFACTION, ("满意",)),
    ("数量", ("数量",)),
    ("质量", ("质量",)),
    ("时效", ("时效",)),
    ("成本", ("成本",)),
    ("经济效益", ("经济效益",)),
    ("社会效益", ("社会效益",)),
    ("生态效益", ("生态", "环境效益")),
    ("可持续影响", ("可持续",)),
)
"""Kinds of indicators (财预〔2020〕10号), by the words in the names of 二级指标 or 一级指标."""
KINDS = (*(kind for kind, _ in _KINDS), OTHER)
"""All kinds, in the order of tables."""


class KindCount(NamedTuple):
    """Numbers of indicators of a kind."""

    kind: str
    indicators: int
    judged: int
    missed: int


@lru_cache(maxsize=1024)
def kind_of(path: tuple[str, ...]) -> str:
    """Return the kind of an indicator by the names above it, the lowest first."""
    for name in reversed(path):
        for kind, words in _KINDS:
            if any(word in name for word in words):
                return kind
    return OTHER


def count_kinds(records: Iterable[Record]) -> tuple[KindCount, ...]:
    """Count the indicators of several documents by kind; kinds without any are left out."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for record in records:
        figures = figures_of(record)
        reached = {leaf.name.where for leaf in figures.reached_indicators}
        missed = {leaf.name.where for leaf in figures.missed_indicators}
        for outcome in indicator_outcomes(record):
            where, count = outcome.indicator.name.where, counts[kind_of(outcome.path)]
            count[0] += 1
            count[1] += where in reached or where in missed
            count[2] += where in missed
    return tuple(KindCount(kind, *counts[kind]) for kind in KINDS if kind in counts)


def satisfaction_rows(
    pages: Iterable[tuple[Link, Record]], contradictions: Contradictions
) -> Iterator[SatisfactionRow]:
    """Yield the indicators of satisfaction of some evaluations."""
    for page, record in pages:
        found = [
            outcome
            for outcome in indicator_outcomes(record)
            if kind_of(outcome.path) == SATISFACTION
        ]
        cells = recomputed_cells(record, contradictions) if found else {}
        for outcome in found:
            target, actual = outcome.target, outcome.actual
            yield SatisfactionRow(
                page=page,
                name=outcome.indicator.name.filed,
                anchor=indicator_anchor(outcome.indicator),
                target=outcome.target_text,
                actual=outcome.actual_text,
                is_reached=outcome.is_reached,
                recomputed_target=cells.get(target.where) if target else None,
                recomputed_actual=cells.get(actual.where) if actual else None,
            )
