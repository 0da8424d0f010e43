"""What the browser sorts a figure by: its number, amounts in 万元."""

import re
from decimal import Decimal
from functools import lru_cache

from gongkai.model.values import plain

_FIGURE = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)\s*(亿元|万元|万|元|%)?")
_WORTH = {"亿元": Decimal(10_000), "元": Decimal("0.0001")}


@lru_cache(maxsize=10_000)
def sort_key(text: str) -> str:
    """The number of a figure as filed; empty where it has none."""
    found = _FIGURE.search(text)
    if not found:
        return ""
    number = Decimal(found[1].replace(",", "")) * _WORTH.get(found[2] or "", Decimal(1))
    return plain(number)
