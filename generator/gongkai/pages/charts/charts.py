"""Pictures of figures: money over years, 三公经费, scores by indicator, how units are spread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from gongkai.model.terms import ABSENT, Grade
from gongkai.pages.charts.svg import Bar, Drawing, Group, drawn, number


class YearMoney(NamedTuple):
    """What one year's evaluation says of money; None where it does not."""

    year: int
    budget: Decimal | None
    spent: Decimal | None


class Spending(NamedTuple):
    """One kind of spending, last year and this year; None where nothing is filed."""

    name: str
    """公务用车, 出国经费, 公务接待 …"""
    prior: Decimal | None
    """上年决算数."""
    budget: Decimal | None
    """本年预算数."""
    final: Decimal | None
    """本年决算数."""


class Earned(NamedTuple):
    """The score of a level-1 indicator."""

    name: str
    score: Decimal | None
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Band:
    """How many fall into one band."""

    label: str
    count: int


def money_chart(name: str, title: str, money: str, years: Iterable[YearMoney]) -> Markup:
    """Budget and spending over years; `name` is the chart's id, `money` the unit of amounts."""
    groups = tuple((f"{each.year}年", (each.budget, each.spent)) for each in years)
    return _amounts(name, title, money, ("预算", "支出"), groups)


def three_public_chart(
    name: str, title: str, money: str, year: int, kinds: Iterable[Spending]
) -> Markup:
    """三公经费 by kind: last year's final accounts, this year's budget and final accounts."""
    legend = (f"{year - 1}年决算", f"{year}年预算", f"{year}年决算")
    groups = tuple((each.name, (each.prior, each.budget, each.final)) for each in kinds)
    return _amounts(name, title, money, legend, groups)


def _amounts(
    name: str,
    title: str,
    money: str,
    legend: tuple[str, ...],
    groups: Sequence[tuple[str, tuple[Decimal | None, ...]]],
) -> Markup:
    told = (
        f"{label}：{'，'.join(_said(*each, money) for each in zip(legend, values, strict=True))}"
        for label, values in groups
    )
    return drawn(
        Drawing(
            id=name,
            title=f"{title}（{money}）",
            description=f"{'；'.join(told)}。",
            groups=tuple(
                Group(
                    label,
                    tuple(Bar(value, _filed(value), at) for at, value in enumerate(values, 1)),
                )
                for label, values in groups
            ),
            legend=legend,
            unit=money,
        )
    )


def _said(name: str, value: Decimal | None, money: str) -> str:
    return f"{name} {ABSENT}" if value is None else f"{name} {number(value)} {money}"


def _filed(value: Decimal | None) -> str:
    return ABSENT if value is None else number(value)


def scores_chart(name: str, title: str, earned: Iterable[Earned]) -> Markup:
    """Scores by level-1 indicator; the frame around a bar is what could be earned."""
    known = tuple(earned)
    told = (f"{each.name} {_told(each)}" for each in known)
    return drawn(
        Drawing(
            id=name,
            title=title,
            description=f"{'；'.join(told)}。",
            groups=tuple(
                Group(each.name, (Bar(each.score, _score(each), 1, each.points),)) for each in known
            ),
        )
    )


def _score(earned: Earned) -> str:
    score = _filed(earned.score)
    return score if earned.points is None else f"{score}/{number(earned.points)}"


def _told(earned: Earned) -> str:
    score = ABSENT if earned.score is None else f"{number(earned.score)} 分"
    return score if earned.points is None else f"{score}，满分 {number(earned.points)} 分"


def spread_chart(name: str, title: str, measure: str, bands: Iterable[Band]) -> Markup:
    """How many fall into each band; `measure` is what is counted, for instance 家单位."""
    known = tuple(bands)
    told = "，".join(f"{each.label} {number(each.count)} {measure}" for each in known)
    total = sum(each.count for each in known)
    return drawn(
        Drawing(
            id=name,
            title=title,
            description=f"共 {number(total)} {measure}：{told}。",
            groups=tuple(
                Group(each.label, (Bar(Decimal(each.count), number(each.count)),)) for each in known
            ),
        )
    )


SCORES = (60, 70, 80, 90, 95, 100)
"""Where the bands of scores (in percent of the points) and of execution rates begin."""


def bands(
    values: Iterable[Decimal], measure: str = "分", edges: Sequence[int] = SCORES
) -> tuple[Band, ...]:
    """Values counted by bands, each from its edge up to below the next.

    The last edge is a band of its own; what lies above it (an execution rate may) is another,
    shown only where there is any.
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
    found = [Band(*each) for each in zip(labels, counts, strict=True)]
    return tuple(found if counts[-1] else found[:-1])


def grade_bands(grades: Iterable[Grade]) -> tuple[Band, ...]:
    """Grades counted, the best first."""
    known = list(grades)
    return tuple(Band(grade.value, known.count(grade)) for grade in Grade)
