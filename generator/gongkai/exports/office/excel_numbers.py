"""Conversion between figures as filed and Excel numbers."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from gongkai.model.values import format_decimal

_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?(%?)")
_MAX_DIGITS = 15
"""Excel's precision, in digits."""
_PERCENT_FORMAT = re.compile(r"0?(?:\.(0+))?%")
_FIXED_FORMAT = re.compile(r"#?,?#*0\.(0+)(?:_ )?")


class ExcelNumber(NamedTuple):
    """A number with its Excel number format."""

    value: float
    number_format: str


def parse_excel_number(text: str) -> ExcelNumber | None:
    """Parse a text as a number that Excel displays exactly as filed, or return None."""
    match = _PLAIN_NUMBER.fullmatch(text)
    if not match or sum(map(str.isdigit, text)) > _MAX_DIGITS or text == "-0":
        return None
    decimals = len(match[1]) - 1 if match[1] else 0
    fraction = f".{'0' * decimals}" if decimals else ""
    value = Decimal(text.removesuffix("%"))
    if match[2]:
        return ExcelNumber(float(value / 100), f"0{fraction}%")
    return ExcelNumber(float(value), f"0{fraction}" if decimals else "General")


def displayed_text(value: object, style: str) -> str:
    """Return the text that a cell displays."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime | dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | float):
        return _format_number(value, style.split(";", 1)[0])
    return f"{value}"


def _format_number(value: float, style: str) -> str:
    """Format a number as an Excel number format does."""
    try:
        exact = Decimal(f"{value:.{_MAX_DIGITS}g}")
    except InvalidOperation:
        return f"{value}"
    if "%" in style:
        percent = _PERCENT_FORMAT.fullmatch(style)
        decimals = len(percent[1] or "") if percent else 2
        text = f"{exact * 100:.{decimals}f}" if percent else format_decimal(exact * 100)
        return f"{text}%"
    fixed = _FIXED_FORMAT.fullmatch(style)
    if fixed:
        return f"{exact:.{len(fixed[1])}f}"
    return format_decimal(exact)
