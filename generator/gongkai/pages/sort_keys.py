"""Sort keys of figures, for sorting tables in the browser: numbers, amounts in 万元."""

import re
from decimal import Decimal
from functools import lru_cache

from gongkai.model.values import format_decimal

_FIGURE = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)\s*(亿元|万元|万|元|%)?")
_FACTORS = {"亿元": Decimal(10_000), "元": Decimal("0.0001")}
"""Factor by which an amount becomes 万元."""


@lru_cache(maxsize=10_000)
def sort_key(text: str) -> str:
    """Return the number of a figure as filed; empty if it has none."""
    match = _FIGURE.search(text)
    if not match:
        return ""
    number = Decimal(match[1].replace(",", "")) * _FACTORS.get(match[2] or "", Decimal(1))
    return format_decimal(number)
