"""Figures between text as filed and the numbers that Excel can calculate with."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from gongkai.model.values import plain

_FIGURE = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?(%?)")
_DIGITS = 15
"""How many digits Excel keeps."""
_PERCENT = re.compile(r"0?(?:\.(0+))?%")
_FIXED = re.compile(r"#?,?#*0\.(0+)(?:_ )?")


class Number(NamedTuple):
    """A number with the format in which Excel shows it."""

    value: float
    style: str


def number(text: str) -> Number | None:
    """The text as a number that Excel shows to the character; None where it cannot."""
    match = _FIGURE.fullmatch(text)
    if not match or sum(map(str.isdigit, text)) > _DIGITS or text == "-0":
        return None
    decimals = len(match[1]) - 1 if match[1] else 0
    fraction = f".{'0' * decimals}" if decimals else ""
    value = Decimal(text.removesuffix("%"))
    if match[2]:
        return Number(float(value / 100), f"0{fraction}%")
    return Number(float(value), f"0{fraction}" if decimals else "General")


def written(value: object, style: str) -> str:
    """What a cell shows, as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime | dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | float):
        return _figure(value, style.split(";", 1)[0])
    return f"{value}"


def _figure(value: float, style: str) -> str:
    try:
        exact = Decimal(f"{value:.{_DIGITS}g}")
    except InvalidOperation:
        return f"{value}"
    if "%" in style:
        percent = _PERCENT.fullmatch(style)
        places = len(percent[1] or "") if percent else 2
        text = f"{exact * 100:.{places}f}" if percent else plain(exact * 100)
        return f"{text}%"
    fixed = _FIXED.fullmatch(style)
    if fixed:
        return f"{exact:.{len(fixed[1])}f}"
    return plain(exact)
