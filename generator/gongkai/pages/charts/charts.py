"""Charts of figures: money over years, 三公经费, scores by indicator, distributions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from gongkai.model.terms import NOT_STATED, Grade
from gongkai.pages.charts.svg import Bar, BarChart, BarGroup, draw_chart, format_number

_FULL = Decimal(100)
"""Length of the bar of an indicator that earned all its points."""


class YearMoney(NamedTuple):
    """Budget and spending of a year; None if not filed."""

    year: int
    budget: Decimal | None
    spent: Decimal | None
    notes: tuple[str, str] = ("", "")
    """Recomputed values of budget and spending (复算 90万元); empty unless they differ."""


class AmountPair(NamedTuple):
    """Budget and spending of a unit or department; None if not filed."""

    name: str
    budget: Decimal | None
    spent: Decimal | None


class Spending(NamedTuple):
    """One kind of 三公经费, last year and this year; None if not filed."""

    name: str
    """公务用车, 出国经费, 公务接待 …"""
    prior: Decimal | None
    """上年决算数."""
    budget: Decimal | None
    """本年预算数."""
    final: Decimal | None
    """本年决算数."""
    notes: tuple[str, str, str] = ("", "", "")
    """Recomputed values of the three; empty unless they differ."""


class DimensionScore(NamedTuple):
    """得分 and 分值 of a level-1 indicator; None if not filed."""

    name: str
    score: Decimal | None
    points: Decimal | None
    note: str = ""
    """The recomputed score (复算 45); empty unless it differs."""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of values and how many values fall into it."""

    label: str
    count: int
    recomputed: int | None = None
    """How many by the recomputed values; None unless that differs."""


def money_chart(name: str, title: str, money: str, years: Iterable[YearMoney]) -> Markup:
    """Draw budget and spending over years; `name` is the chart's id, `money` the unit of amounts."""
    groups = tuple((f"{year.year}年", (year.budget, year.spent), year.notes) for year in years)
    return _amounts_chart(name, title, money, ("预算", "支出"), groups)


def pairs_chart(name: str, title: str, money: str, pairs: Iterable[AmountPair]) -> Markup:
    """Draw budget and spending of units or departments."""
    groups = tuple((pair.name, (pair.budget, pair.spent), ("", "")) for pair in pairs)
    return _amounts_chart(name, title, money, ("预算", "支出"), groups)


def three_public_chart(
    name: str, title: str, money: str, year: int, kinds: Iterable[Spending]
) -> Markup:
    """Draw 三公经费 by kind: last year's final accounts, this year's budget and final accounts."""
    legend = (f"{year - 1}年决算", f"{year}年预算", f"{year}年决算")
    groups = tuple((kind.name, (kind.prior, kind.budget, kind.final), kind.notes) for kind in kinds)
    return _amounts_chart(name, title, money, legend, groups)


def _amounts_chart(
    name: str,
    title: str,
    money: str,
    legend: tuple[str, ...],
    groups: Sequence[tuple[str, tuple[Decimal | None, ...], tuple[str, ...]]],
) -> Markup:
    """Draw groups of amounts with a label and a note on every amount."""
    sentences = []
    for label, values, notes in groups:
        amounts = (
            _describe_amount(series, amount, money) + _in_brackets(note)
            for series, amount, note in zip(legend, values, notes, strict=True)
        )
        sentences.append(f"{label}：{'，'.join(amounts)}")
    return draw_chart(
        BarChart(
            id=name,
            title=f"{title}（{money}）",
            description=f"{'；'.join(sentences)}。",
            groups=tuple(
                BarGroup(
                    label,
                    tuple(
                        Bar(value, _amount_text(value) + _in_brackets(note), pattern)
                        for pattern, (value, note) in enumerate(zip(values, notes, strict=True), 1)
                    ),
                )
                for label, values, notes in groups
            ),
            legend=legend,
            unit=money,
        )
    )


def _in_brackets(note: str) -> str:
    return f"（{note}）" if note else ""


def _describe_amount(name: str, value: Decimal | None, money: str) -> str:
    return f"{name} {NOT_STATED}" if value is None else f"{name} {format_number(value)} {money}"


def _amount_text(value: Decimal | None) -> str:
    return NOT_STATED if value is None else format_number(value)


def scores_chart(name: str, title: str, scores: Iterable[DimensionScore]) -> Markup:
    """Draw scores by level-1 indicator; every frame has the same width and is the full points."""
    dimensions = tuple(scores)
    sentences = (f"{dimension.name} {_describe_score(dimension)}" for dimension in dimensions)
    return draw_chart(
        BarChart(
            id=name,
            title=title,
            description=f"{'；'.join(sentences)}。",
            groups=tuple(
                BarGroup(
                    dimension.name,
                    (_score_bar(dimension),),
                )
                for dimension in dimensions
            ),
        )
    )


def _score_bar(dimension: DimensionScore) -> Bar:
    text, points = _score_text(dimension), dimension.points
    if dimension.score is None or not points:
        return Bar(dimension.score, text, 1, points)
    return Bar(dimension.score / points * _FULL, text, 1, _FULL)


def _score_text(dimension: DimensionScore) -> str:
    """Return the text at the end of a bar, for instance 48/50."""
    score, points = _amount_text(dimension.score), dimension.points
    text = score if points is None else f"{score}/{format_number(points)}"
    return text + _in_brackets(dimension.note)


def _describe_score(dimension: DimensionScore) -> str:
    score = NOT_STATED if dimension.score is None else f"{format_number(dimension.score)} 分"
    score += _in_brackets(dimension.note)
    full_points = dimension.points
    return score if full_points is None else f"{score}，满分 {format_number(full_points)} 分"


def distribution_chart(name: str, title: str, measure: str, bands: Iterable[Band]) -> Markup:
    """Draw the number of values per band; `measure` says what is counted, for instance 家单位."""
    rows = tuple(bands)
    counts = "，".join(f"{band.label} {_band_text(band)} {measure}" for band in rows)
    total = sum(band.count for band in rows)
    return draw_chart(
        BarChart(
            id=name,
            title=title,
            description=f"共 {format_number(total)} {measure}：{counts}。",
            groups=tuple(
                BarGroup(band.label, (Bar(Decimal(band.count), _band_text(band)),)) for band in rows
            ),
        )
    )


def _band_text(band: Band) -> str:
    text = format_number(band.count)
    return text if band.recomputed is None else f"{text}（按复算 {format_number(band.recomputed)}）"


def with_recomputed(bands: Sequence[Band], recomputed: Sequence[Band]) -> tuple[Band, ...]:
    """Return the bands of filed values with the numbers of the recomputed ones that differ."""
    counts = {band.label: band.count for band in bands}
    known = {band.label: band.count for band in recomputed}
    return tuple(
        Band(label, counts.get(label, 0), None if counts.get(label) == count else count)
        for label, count in (counts | known).items()
    )


SCORE_EDGES = (60, 70, 80, 90, 95, 100)
"""Lower edges of the bands of scores (in percent of the points) and of execution rates."""


def count_bands(
    values: Iterable[Decimal], measure: str = "分", edges: Sequence[int] = SCORE_EDGES
) -> tuple[Band, ...]:
    """Count values by bands that reach from one edge to just below the next.

    The last edge is a band of its own; values above it, which only execution rates reach, form
    another band, left out if it is empty.
    """
    counts = [0] * (len(edges) + 2)
    for value in values:
        counts[sum(value >= edge for edge in edges) + (value > edges[-1])] += 1
    between = (f"{low}–{high}{measure}" for low, high in pairwise(edges))
    labels = (
        f"{edges[0]}{measure}以下",
        *between,
        f"{edges[-1]}{measure}",
        f"{edges[-1]}{measure}以上",
    )
    counted = [Band(label, count) for label, count in zip(labels, counts, strict=True)]
    return tuple(counted if counts[-1] else counted[:-1])


def count_grades(grades: Iterable[Grade]) -> tuple[Band, ...]:
    """Count grades, the best first."""
    all_grades = list(grades)
    return tuple(Band(grade.value, all_grades.count(grade)) for grade in Grade)
