"""Amounts of money in text, in 元, 万元 or 亿元: equal ones are found whichever way they are written.

The browser does the same (overrides/assets/search/amounts.js); change both together.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

_AMOUNT_AT_END = re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)[ \u00a0\u3000]*(万|亿)?\Z", re.ASCII)
_LONGEST = 48
"""Characters before 元 that are looked at; no amount has as many."""
_CACHED_AMOUNTS = 1 << 14
"""Size of the cache: the same amounts stand on several pages."""
_FACTORS = {"": 1, "万": 10**4, "亿": 10**8}
_PARTS = 10_000
"""Smallest part of a 元 that counts."""
AMOUNT_LIMIT = 1 << 42
"""Amounts are equal for the index if they are equal modulo this number of parts (some 440 million 元)."""


def amount_keys(text: str) -> Iterator[int]:
    """Yield the key of every amount in a text: its parts modulo AMOUNT_LIMIT."""
    for piece in text.split("元")[:-1]:
        key = _key_at_end(piece[-_LONGEST:])
        if key is not None:
            yield key


@lru_cache(maxsize=_CACHED_AMOUNTS)
def _key_at_end(text: str) -> int | None:
    """Return the key of the amount with which a text ends, its 元 left out; None if there is none."""
    match = _AMOUNT_AT_END.search(text)
    value = (
        Decimal(match[1].replace(",", "")) * _FACTORS[match[2] or ""] * _PARTS if match else None
    )
    return None if value is None or value != int(value) else int(value) % AMOUNT_LIMIT
