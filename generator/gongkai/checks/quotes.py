"""Quotations of a report in findings: the words around a figure, its position, its unit."""

import re
from decimal import Decimal

from gongkai.checks.statements import Quantity
from gongkai.model.problems import Position
from gongkai.model.values import MONEY_UNITS, format_decimal

_QUOTE_LENGTH = 60
_PUNCTUATION = re.compile(r"[，。；：、,;:]")


def quote_figure(line: str, quantity: Quantity) -> str:
    """Quote a figure with the words before it, back to the last punctuation."""
    return f"{_PUNCTUATION.split(line[: quantity.column])[-1].strip()}{quantity.text}"


def quote_match(line: str, match: re.Match[str]) -> str:
    """Quote a match with the words before it, back to the last punctuation."""
    return f"{_PUNCTUATION.split(line[: match.start()])[-1].strip()}{match[0]}"


def figure_position(position: Position, quantity: Quantity) -> Position:
    """Return the position of a figure in the line at `position`."""
    return position._replace(column=quantity.column + 1)


def format_in_unit(base_value: Decimal, model: Quantity) -> str:
    """Format a value, given in the base unit, in the unit of another quantity."""
    scale = (
        model.base_value / model.number if model.number else MONEY_UNITS.get(model.unit, Decimal(1))
    )
    return f"{format_decimal((base_value / scale).normalize())}{model.unit}"


def shorten(sentence: str) -> str:
    """Cut a sentence to a readable length."""
    return sentence if len(sentence) <= _QUOTE_LENGTH else f"{sentence[:_QUOTE_LENGTH]}…"
