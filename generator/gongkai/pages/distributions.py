"""Distribution of a year's units over scores, grades and execution rates."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.model.figures import GRADE, RATE, SCORE, Figure
from gongkai.model.terms import Grade
from gongkai.model.values import format_decimal, round_half_up
from gongkai.pages.charts.charts import (
    Band,
    count_bands,
    count_grades,
    distribution_chart,
    with_recomputed,
)
from gongkai.pages.entries import Entry
from gongkai.pages.totals import known_score
from gongkai.pages.views.lists import BandShare, Distribution

_MEASURE = "个单位"


def year_distributions(entries: Sequence[Entry]) -> tuple[Distribution, ...]:
    """Return the distributions of scores (percent of the points), grades and execution rates."""
    return tuple(_iter_distributions(entries))


def _iter_distributions(entries: Sequence[Entry]) -> Iterator[Distribution]:
    scored = [entry for entry in entries if entry.score is not None]
    if scored:
        title = f"得分（百分制）的分布{_over(entries, len(scored), SCORE)}"
        bands = count_bands(entry.score for entry in scored if entry.score is not None)
        yield _distribution("spread-scores", title, bands, count_bands(map(known_score, scored)))
    graded = [entry for entry in entries if entry.line.text(GRADE)]
    if graded:
        title = f"等级的分布{_over(entries, len(graded), GRADE)}"
        grades = count_grades(Grade(entry.line.text(GRADE)) for entry in graded)
        yield _distribution("spread-grades", title, grades, count_grades(map(_grade, graded)))
    rated = [entry for entry in entries if entry.rate is not None]
    if rated:
        title = f"预算执行率的分布{_over(entries, len(rated), RATE)}"
        rates = count_bands((entry.rate for entry in rated if entry.rate is not None), "%")
        yield _distribution("spread-rates", title, rates, count_bands(map(_rate, rated), "%"))


def _grade(entry: Entry) -> Grade:
    recomputed = entry.line.recomputed_value(GRADE)
    word = recomputed.text if recomputed else entry.line.text(GRADE)
    return Grade(word if word in set(Grade) else entry.line.text(GRADE))


def _rate(entry: Entry) -> Decimal:
    recomputed = entry.line.recomputed_value(RATE)
    number = recomputed.number if recomputed else None
    return (entry.rate or Decimal(0)) if number is None else number


def _over(entries: Sequence[Entry], count: int, figure: Figure) -> str:
    """Return over how many units a distribution is, and how many figures are contradicted."""
    differing = sum(entry.line.recomputed_value(figure) is not None for entry in entries)
    parts = [f"{len(entries)} 个单位中 {count} 个填了"] if count < len(entries) else []
    parts += [f"按填报的数，其中 {differing} 个与复算不一致"] if differing else []
    return f"（{'；'.join(parts)}）" if parts else ""


def _distribution(
    name: str, title: str, filed: Sequence[Band], recomputed: Sequence[Band]
) -> Distribution:
    bands = with_recomputed(filed, recomputed)
    total = sum(band.count for band in bands)
    rows = (
        BandShare(
            band.label, band.count, _percentage(band.count, total), _recomputed_note(band, total)
        )
        for band in bands
    )
    chart = distribution_chart(name, title, _MEASURE, bands)
    return Distribution(title, chart, f"chart-{name}", tuple(rows))


def _recomputed_note(band: Band, total: int) -> str:
    if band.recomputed is None:
        return ""
    return f"按复算 {band.recomputed} 个，{_percentage(band.recomputed, total)}"


def _percentage(count: int, total: int) -> str:
    return f"{format_decimal(round_half_up(Decimal(count) / Decimal(total) * 100, 1))}%"
