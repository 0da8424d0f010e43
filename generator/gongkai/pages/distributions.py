"""Distribution of a year's units over scores, grades and execution rates."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.model.figures import GRADE
from gongkai.model.terms import Grade
from gongkai.model.values import format_decimal, round_half_up
from gongkai.pages.charts import charts
from gongkai.pages.charts.charts import count_bands, count_grades, distribution_chart
from gongkai.pages.entries import Entry
from gongkai.pages.views.lists import BandShare, Distribution

_MEASURE = "个单位"


def year_distributions(entries: Sequence[Entry]) -> tuple[Distribution, ...]:
    """Return the distributions of scores (percent of the points), grades and execution rates."""
    return tuple(_iter_distributions(entries))


def _iter_distributions(entries: Sequence[Entry]) -> Iterator[Distribution]:
    scores = [entry.score for entry in entries if entry.score is not None]
    if scores:
        yield _distribution("spread-scores", "得分（百分制）的分布", count_bands(scores))
    grades = [Grade(grade) for entry in entries if (grade := entry.line.text(GRADE))]
    if grades:
        yield _distribution("spread-grades", "等级的分布", count_grades(grades))
    rates = [entry.rate for entry in entries if entry.rate is not None]
    if rates:
        yield _distribution("spread-rates", "预算执行率的分布", count_bands(rates, "%"))


def _distribution(name: str, title: str, chart_bands: Sequence[charts.Band]) -> Distribution:
    total = sum(band.count for band in chart_bands)
    rows = (
        BandShare(band.label, band.count, _percentage(band.count, total)) for band in chart_bands
    )
    return Distribution(title, distribution_chart(name, title, _MEASURE, chart_bands), tuple(rows))


def _percentage(count: int, total: int) -> str:
    return f"{format_decimal(round_half_up(Decimal(count) / Decimal(total) * 100, 1))}%"
