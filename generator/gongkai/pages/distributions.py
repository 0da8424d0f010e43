"""Distribution of a year's units over scores, grades and execution rates."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.model.figures import GRADE, RATE, SCORE, Figure
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
        title = f"得分（百分制）的分布{_over(entries, len(scores), SCORE)}"
        yield _distribution("spread-scores", title, count_bands(scores))
    grades = [Grade(grade) for entry in entries if (grade := entry.line.text(GRADE))]
    if grades:
        title = f"等级的分布{_over(entries, len(grades), GRADE)}"
        yield _distribution("spread-grades", title, count_grades(grades))
    rates = [entry.rate for entry in entries if entry.rate is not None]
    if rates:
        title = f"预算执行率的分布{_over(entries, len(rates), RATE)}"
        yield _distribution("spread-rates", title, count_bands(rates, "%"))


def _over(entries: Sequence[Entry], count: int, figure: Figure) -> str:
    """Return over how many units a distribution is, and how many figures are contradicted."""
    differing = sum(entry.line.recomputed_value(figure) is not None for entry in entries)
    parts = [f"{len(entries)} 个单位中 {count} 个填了"] if count < len(entries) else []
    parts += [f"按填报的数，其中 {differing} 个与复算不一致"] if differing else []
    return f"（{'；'.join(parts)}）" if parts else ""


def _distribution(name: str, title: str, chart_bands: Sequence[charts.Band]) -> Distribution:
    total = sum(band.count for band in chart_bands)
    rows = (
        BandShare(band.label, band.count, _percentage(band.count, total)) for band in chart_bands
    )
    return Distribution(title, distribution_chart(name, title, _MEASURE, chart_bands), tuple(rows))


def _percentage(count: int, total: int) -> str:
    return f"{format_decimal(round_half_up(Decimal(count) / Decimal(total) * 100, 1))}%"
