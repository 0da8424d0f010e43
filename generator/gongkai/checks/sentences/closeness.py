"""How near a figure of a text is to a known one, and how much of a name stands in a text."""

from collections import Counter
from decimal import Decimal
from enum import Enum

from gongkai.checks.sentences.quantities import Quantity
from gongkai.model.values import round_half_up

_NEAR = Decimal("0.25")
_FEWEST_DIGITS = 2
"""Fewest digits of a figure whose digits in another order, or with more zeros, are no chance."""
_MOST_ZEROS = 4


class Closeness(Enum):
    """How a figure differs from a known one."""

    SLIP = "数字颠倒或差几个零"
    """The same digits in another order, or ten to ten thousand times as large or as small."""
    NEAR = "相近"
    """Less than a quarter more or less."""


def closeness_of(quantity: Quantity, known: Decimal) -> Closeness | None:
    """Return how a figure differs from a known one in the same base unit.

    None if it is the same, rounded or not, or far away.
    """
    value = quantity.base_value
    if value == known or not value or not known:
        return None
    step = Decimal(1).scaleb(quantity.last_place)
    if round_half_up(known / step, 0) * step == value:
        return None
    digits, known_digits = _digits(value), _digits(known)
    if len(known_digits) >= _FEWEST_DIGITS:
        if digits == known_digits:
            distance = abs(value.adjusted() - known.adjusted())
            return Closeness.SLIP if distance <= _MOST_ZEROS else None
        same_size = value.adjusted() == known.adjusted()
        is_permutation = Counter(digits) == Counter(known_digits)
        if same_size and (is_permutation or _all_digits(value) == _all_digits(known)):
            return Closeness.SLIP
    return Closeness.NEAR if abs(value - known) <= abs(known) * _NEAR else None


def _digits(value: Decimal) -> tuple[int, ...]:
    return value.normalize().as_tuple().digits


def _all_digits(value: Decimal) -> list[str]:
    """Return the digits of a number with the zeros at the end of a whole one: 5200 and 5020."""
    return sorted(f"{value.normalize():f}".replace(".", ""))


def share_of_pairs(name: str, text: str) -> Decimal:
    """Return the share of a name's pairs of characters that a text has, from 0 to 1."""
    pairs = [name[start : start + 2] for start in range(len(name) - 1)]
    if not pairs:
        return Decimal(0)
    return Decimal(sum(pair in text for pair in pairs)) / len(pairs)
