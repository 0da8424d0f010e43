"""How the units of a year are spread over scores, grades and execution rates."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.model.terms import Grade
from gongkai.model.values import plain, rounded
from gongkai.pages.charts import charts
from gongkai.pages.charts.charts import bands, grade_bands, spread_chart
from gongkai.pages.entries import Entry
from gongkai.pages.views.lists import Band, Distribution

_MEASURE = "个单位"


def distributions(entries: Sequence[Entry]) -> tuple[Distribution, ...]:
    """Scores (in percent of the points), grades and execution rates of a year's disclosures."""
    return tuple(_found(entries))


def _found(entries: Sequence[Entry]) -> Iterator[Distribution]:
    scores = [each.score for each in entries if each.score is not None]
    if scores:
        yield _distribution("spread-scores", "得分（百分制）的分布", bands(scores))
    grades = [Grade(each.line.grade) for each in entries if each.line.grade in set(Grade)]
    if grades:
        yield _distribution("spread-grades", "等级的分布", grade_bands(grades))
    rates = [each.rate for each in entries if each.rate is not None]
    if rates:
        yield _distribution("spread-rates", "预算执行率的分布", bands(rates, "%"))


def _distribution(name: str, title: str, found: Sequence[charts.Band]) -> Distribution:
    total = sum(each.count for each in found)
    shown = (Band(each.label, each.count, _share(each.count, total)) for each in found)
    return Distribution(title, spread_chart(name, title, _MEASURE, found), tuple(shown))


def _share(count: int, total: int) -> str:
    return f"{plain(rounded(Decimal(count) / Decimal(total) * 100, 1))}%"
