"""The main figures of a disclosure, exact: what lists of the open data tell of it."""

from typing import NamedTuple

from generator.figures import figures_of
from generator.lines import evaluation
from generator.model import Cell
from generator.publication import Disclosure


class Headline(NamedTuple):
    """Of the whole unit; decimals as text with their zeros, empty where nothing tells them."""

    score: str = ""
    points: str = ""
    """满分."""
    grade: str = ""
    """As filed, else by the form's bands."""
    initial: str = ""
    """年初预算数."""
    budget: str = ""
    """全年预算数, else 年初预算数."""
    spent: str = ""
    money: str = ""
    """The unit of the amounts: 元, 万元 or 亿元."""
    rate: str = ""
    """执行率 to the character, for instance 100%."""


def headline(disclosure: Disclosure) -> Headline:
    """The main figures of a disclosure; none where it holds no evaluation of the whole unit."""
    record = evaluation(disclosure)
    if record is None:
        return Headline()
    figures = figures_of(record)
    points = figures.total_points
    return Headline(
        score=_number(figures.score),
        points="" if points is None else f"{points:f}",
        grade=figures.grade_filed or figures.grade or "",
        initial=_number(figures.initial),
        budget=_number(figures.adjusted or figures.initial),
        spent=_number(figures.spent),
        money=record.form.money,
        rate=figures.rate.filed if figures.rate else "",
    )


def _number(cell: Cell | None) -> str:
    number = cell.value.number if cell else None
    return "" if number is None else f"{number:f}"
