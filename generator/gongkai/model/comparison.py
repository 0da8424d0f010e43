"""Whether an actual value reaches its target, and how far: only where measures agree."""

from collections.abc import Callable
from decimal import Decimal

from gongkai.model.values import Comparison, Value

_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_REACHED: dict[Comparison, Callable[[Decimal, Decimal], bool]] = {
    Comparison.AT_LEAST: lambda target, actual: actual >= target,
    Comparison.ABOVE: lambda target, actual: actual > target,
    Comparison.EQUAL: lambda target, actual: actual == target,
    Comparison.AT_MOST: lambda target, actual: actual <= target,
    Comparison.BELOW: lambda target, actual: actual < target,
}
INVERSE = frozenset({Comparison.AT_MOST, Comparison.BELOW})
"""Comparisons by which less is better (反向指标)."""


def comparable(target: Value, actual: Value) -> tuple[Decimal, Decimal] | None:
    """Both numbers in the same measure; None where the two cannot be compared.

    A bare actual value is of the target's measure. A bare target is compared with a bare actual
    value, with a count, and with a percentage only if the figures are the same (100 and 100%).
    """
    if target.number is None or actual.number is None:
        return None
    if not actual.measure or actual.measure == target.measure:
        return target.number, actual.number
    one, other = _scaled(target), _scaled(actual)
    bare = not one.measure and (other.measure != "%" or one.number == other.number)
    same = one.measure == other.measure or bare
    return (one.number or Decimal(0), other.number or Decimal(0)) if same else None


def reached(target: Value, actual: Value) -> bool | None:
    """Whether the actual value reaches the target; None where the two cannot be compared."""
    pair = comparable(target, actual)
    return _REACHED[target.comparison or Comparison.AT_LEAST](*pair) if pair else None


def attainment(target: Value, actual: Value) -> Decimal | None:
    """How far the target was reached, from 0 to 1: B/A, inverse A/B (财预〔2020〕10号).

    None where the two cannot be compared, or a missed “=” tells nothing of how far.
    """
    pair = comparable(target, actual)
    if pair is None:
        return None
    wanted, got = pair
    if reached(target, actual):
        return Decimal(1)
    part, whole = (wanted, got) if target.comparison in INVERSE else (got, wanted)
    if target.comparison is Comparison.EQUAL or whole <= 0 or part < 0:
        return None
    return min(part / whole, Decimal(1))


def _scaled(value: Value) -> Value:
    """10万人次 as 100000人次, 5‰ as 0.5%."""
    if value.number is None or not value.measure:
        return value
    if value.measure == "‰":
        return value._replace(number=value.number / 10, measure="%")
    scale = _SCALES.get(value.measure[0])
    if scale is None:
        return value
    return value._replace(number=value.number * scale, measure=value.measure[1:])
