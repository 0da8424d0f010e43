"""Comparison of actual values with their targets, where the measures agree."""

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
INVERSE_COMPARISONS = frozenset({Comparison.AT_MOST, Comparison.BELOW})
"""Comparisons for which less is better (反向指标)."""


def comparable_numbers(target: Value, actual: Value) -> tuple[Decimal, Decimal] | None:
    """Return both numbers in the same measure, or None if the values cannot be compared.

    An actual value without a measure has the target's. A target without one is compared with an
    actual value without one, with a count, and with a percentage only if the numbers are equal
    (100 and 100%).
    """
    if target.number is None or actual.number is None:
        return None
    if not actual.measure or actual.measure == target.measure:
        return target.number, actual.number
    target, actual = _to_base_measure(target), _to_base_measure(actual)
    is_count = not target.measure and (actual.measure != "%" or target.number == actual.number)
    is_comparable = target.measure == actual.measure or is_count
    return (target.number or Decimal(0), actual.number or Decimal(0)) if is_comparable else None


def is_reached(target: Value, actual: Value) -> bool | None:
    """Tell whether the actual value reaches the target; None if they cannot be compared."""
    pair = comparable_numbers(target, actual)
    return _REACHED[target.comparison or Comparison.AT_LEAST](*pair) if pair else None


def attainment_degree(target: Value, actual: Value) -> Decimal | None:
    """Return the degree of attainment from 0 to 1: B/A, inverse A/B (财预〔2020〕10号).

    None if the values cannot be compared, or if an “=” target is missed, which has no degree.
    """
    pair = comparable_numbers(target, actual)
    if pair is None:
        return None
    target_number, actual_number = pair
    if is_reached(target, actual):
        return Decimal(1)
    numerator, denominator = (
        (target_number, actual_number)
        if target.comparison in INVERSE_COMPARISONS
        else (actual_number, target_number)
    )
    if target.comparison is Comparison.EQUAL or denominator <= 0 or numerator < 0:
        return None
    return min(numerator / denominator, Decimal(1))


def _to_base_measure(value: Value) -> Value:
    """Convert 10万人次 to 100000人次 and 5‰ to 0.5%."""
    if value.number is None or not value.measure:
        return value
    if value.measure == "‰":
        return value._replace(number=value.number / 10, measure="%")
    scale = _SCALES.get(value.measure[0])
    if scale is None:
        return value
    return value._replace(number=value.number * scale, measure=value.measure[1:])
