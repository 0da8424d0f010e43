"""Figures as filed as Excel numbers."""

import re
from decimal import Decimal
from typing import NamedTuple

_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?(%?)")
_MAX_DIGITS = 15
"""Excel's precision, in digits."""
_MAX_GENERAL = 11
"""Most digits that the format General shows; longer numbers become powers of ten."""


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
    is_long = decimals or sum(map(str.isdigit, text)) > _MAX_GENERAL
    return ExcelNumber(float(value), f"0{fraction}" if is_long else "General")
