"""Amounts of money in text, in 元, 万元 or 亿元: equal ones are found whichever way they are written.

The browser does the same (overrides/assets/search/amounts.js); change both together.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

_AMOUNT = re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)[ \u00a0\u3000]*(万|亿)?元", re.ASCII)
_FACTORS = {"": 1, "万": 10**4, "亿": 10**8}
_PARTS = 10_000
"""Smallest part of a 元 that counts."""
AMOUNT_LIMIT = 1 << 42
"""Amounts are equal for the index if they are equal modulo this number of parts (some 440 million 元)."""


def amount_keys(text: str) -> Iterator[int]:
    """Yield the key of every amount in a text: its parts modulo AMOUNT_LIMIT."""
    if "元" in text:
        for match in _AMOUNT.finditer(text):
            value = Decimal(match[1].replace(",", "")) * _FACTORS[match[2] or ""] * _PARTS
            if value == int(value):
                yield int(value) % AMOUNT_LIMIT
