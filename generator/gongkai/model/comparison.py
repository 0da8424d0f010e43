"""Comparison of actual values with their targets, where the measures agree."""

import re
from collections.abc import Callable
from decimal import Decimal

from gongkai.model.direction import Direction, direction_of_sign
from gongkai.model.values import Comparison, Value

_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000), "千": Decimal(1000)}
_SAME = (
    ("人", "名", "位"),
    ("次", "场", "场次", "次数"),
    ("个", "家", "所", "处", "座", "项"),
    ("件", "起"),
    ("台", "套", "台套", "台(套)"),
    ("工作日", "个工作日"),
)
"""Measures for the same thing, the first of which stands for all."""
_FACTORS = {
    "‰": (Decimal("0.1"), "%"),
    "公里": (Decimal(1000), "米"),
    "千米": (Decimal(1000), "米"),
    "km": (Decimal(1000), "米"),
    "m": (Decimal(1), "米"),
    "㎡": (Decimal(1), "平方米"),
    "平米": (Decimal(1), "平方米"),
    "平方公里": (Decimal(1_000_000), "平方米"),
    "公斤": (Decimal(1), "千克"),
    "kg": (Decimal(1), "千克"),
    "吨": (Decimal(1000), "千克"),
    "小时": (Decimal(60), "分钟"),
    "个小时": (Decimal(60), "分钟"),
    "天": (Decimal(1440), "分钟"),
    "日": (Decimal(1440), "分钟"),
    "个自然日": (Decimal(1440), "分钟"),
    "周": (Decimal(10_080), "分钟"),
    "个月": (Decimal(1), "月"),
    "年": (Decimal(12), "月"),
    "百万元": (Decimal(1_000_000), "元"),
}
"""Measures as multiples of others."""
_BASES = {measure: (Decimal(1), same[0]) for same in _SAME for measure in same} | _FACTORS
_NOTES = re.compile(r"[（(][^（）()]*[）)]|\s")
_REACHED: dict[Comparison, Callable[[Decimal, Decimal], bool]] = {
    Comparison.AT_LEAST: lambda target, actual: actual >= target,
    Comparison.ABOVE: lambda target, actual: actual > target,
    Comparison.EQUAL: lambda target, actual: actual == target,
    Comparison.AT_MOST: lambda target, actual: actual <= target,
    Comparison.BELOW: lambda target, actual: actual < target,
}
_ABOUT = Decimal("0.1")
"""By how much an actual value may differ from a target that is approximate (240户左右)."""


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
    if not target.measure:
        is_count = actual.measure not in {"%", "‰"} or target.number == actual.number
        return (target.number, actual.number * _scale_of(actual.measure)) if is_count else None
    target_number, target_measure = _in_base_measure(target.number, target.measure)
    actual_number, actual_measure = _in_base_measure(actual.number, actual.measure)
    return (target_number, actual_number) if target_measure == actual_measure else None


def is_reached(
    target: Value, actual: Value, direction: Direction = Direction.HIGHER
) -> bool | None:
    """Tell whether the actual value reaches the target; None if they cannot be compared.

    The direction counts where the target has no sign.
    """
    pair = comparable_numbers(target, actual)
    if pair is None:
        return None
    if target.is_approximate and abs(pair[1] - pair[0]) <= pair[0] * _ABOUT:
        return True
    default = Comparison.AT_MOST if direction is Direction.LOWER else Comparison.AT_LEAST
    return _REACHED[target.comparison or default](*pair)


def attainment_degree(
    target: Value, actual: Value, direction: Direction = Direction.HIGHER
) -> Decimal | None:
    """Return the degree of attainment from 0 to 1: B/A, inverse A/B (财预〔2020〕10号).

    None if the values cannot be compared, or if an “=” target is missed, which has no degree. The
    direction counts where the target has no sign.
    """
    pair = comparable_numbers(target, actual)
    if pair is None:
        return None
    target_number, actual_number = pair
    if is_reached(target, actual, direction):
        return Decimal(1)
    is_inverse = (direction_of_sign(target.comparison) or direction) is Direction.LOWER
    numerator, denominator = (
        (target_number, actual_number) if is_inverse else (actual_number, target_number)
    )
    if target.comparison is Comparison.EQUAL or denominator <= 0 or numerator < 0:
        return None
    return min(numerator / denominator, Decimal(1))


def _in_base_measure(number: Decimal, measure: str) -> tuple[Decimal, str]:
    """Convert 10万人次 to 100000人次, 5‰ to 0.5% and 3小时 to 180分钟."""
    plain = _NOTES.sub("", measure)
    scale = _scale_of(plain)
    if scale > 1:
        number, plain = number * scale, plain[1:]
    factor, base = _BASES.get(plain, (Decimal(1), plain))
    return number * factor, base


def _scale_of(measure: str) -> Decimal:
    """Return how many the first character of a measure stands for: 10000 for 万人次."""
    is_scaled = len(measure) > 1 and measure not in _BASES
    return _SCALES.get(measure[0], Decimal(1)) if is_scaled else Decimal(1)
