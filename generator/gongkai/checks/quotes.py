"""How findings quote a report: the words around a figure, and its place."""

import re
from decimal import Decimal

from gongkai.checks.statements import Quantity
from gongkai.model.problems import Position
from gongkai.model.values import MONEY, plain

_SHOWN = 60
_STOP = re.compile(r"[，。；：、,;:]")


def clause(line: str, quantity: Quantity) -> str:
    """The words before a figure, from the last punctuation on, with the figure."""
    return f"{_STOP.split(line[: quantity.column])[-1].strip()}{quantity.text}"


def around(line: str, match: re.Match[str]) -> str:
    """What was matched, with the words before it from the last punctuation on."""
    return f"{_STOP.split(line[: match.start()])[-1].strip()}{match[0]}"


def at_figure(position: Position, quantity: Quantity) -> Position:
    """The place of a figure in its line."""
    return position._replace(column=quantity.column + 1)


def in_unit(worth: Decimal, like: Quantity) -> str:
    """An amount in the unit of a figure."""
    scale = like.worth / like.number if like.number else MONEY.get(like.unit, Decimal(1))
    return f"{plain((worth / scale).normalize())}{like.unit}"


def short(sentence: str) -> str:
    """A sentence, cut to a readable length."""
    return sentence if len(sentence) <= _SHOWN else f"{sentence[:_SHOWN]}…"
