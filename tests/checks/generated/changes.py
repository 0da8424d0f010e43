"""Changes of single figures in generated disclosures: slips as people make them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import NamedTuple

from gongkai.model.terms import Role
from tests.checks.generated.disclosures import GeneratedDisclosure
from tests.checks.generated.documents import FiledCell
from tests.checks.generated.indicators import GeneratedIndicator

_FIGURE = re.compile(r"(?<![0-9.A-Za-z])[0-9]+(?:\.[0-9]+)?(?![0-9.年月日])")
_FACTORS = ("0.5", "0.9", "1.1", "2")
_EXCESS, _LOW_COST = Decimal("1.3"), Decimal("0.7")
"""Shares of its target from which a result is far above it, or a cost below it."""
_NEARLY = Decimal("0.95")
"""Share of its target from which a result may be rounded to full points."""
_SHARES = ("满意度", "合格率", "完好率", "完成率", "知晓率", "覆盖率")
"""Ends of names of shares, which are 100% at most."""


class FigureChangeKind(NamedTuple):
    """Where a figure was changed, and what still agrees."""

    form: str
    column: str
    case: str
    """In Chinese; empty if nothing is known to agree."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A changed figure."""

    cell: FiledCell
    text: str
    """The whole new value."""
    kind: FigureChangeKind

    def describe(self) -> str:
        """Return what was changed, in one line."""
        return f"{'/'.join(self.kind)}: {self.cell.text} → {self.text}"


def iter_changes(rnd: Random, disclosure: GeneratedDisclosure) -> Iterator[FigureChange]:
    """Yield one change of every figure, in any order; years and dates are no figures."""
    figures = [(cell, match) for cell in disclosure.cells for match in _FIGURE.finditer(cell.text)]
    for cell, match in rnd.sample(figures, len(figures)):
        new = _change_number(rnd, match[0])
        text = f"{cell.text[: match.start()]}{new}{cell.text[match.end() :]}"
        case = _what_agrees(cell, Decimal(match[0]), Decimal(new))
        yield FigureChange(cell, text, FigureChangeKind(cell.form, cell.column, case))


def _change_number(rnd: Random, number: str) -> str:
    """Return a number with another digit, two digits swapped, the point shifted, or another one."""
    while True:
        new = rnd.choice((_other_digit, _swap_digits, _shift_point, _multiply))(rnd, number)
        if Decimal(new) != Decimal(number):
            return new


def _other_digit(rnd: Random, number: str) -> str:
    place = rnd.choice([index for index, character in enumerate(number) if character != "."])
    digits = "123456789" if place == 0 and len(number) > 1 else "0123456789"
    digit = rnd.choice([digit for digit in digits if digit != number[place]])
    return f"{number[:place]}{digit}{number[place + 1 :]}"


def _swap_digits(rnd: Random, number: str) -> str:
    pairs = [
        index
        for index in range(len(number) - 1)
        if "." not in number[index : index + 2] and (index or number[1] != "0")
    ]
    if not pairs:
        return number
    place = rnd.choice(pairs)
    return f"{number[:place]}{number[place + 1]}{number[place]}{number[place + 2 :]}"


def _shift_point(rnd: Random, number: str) -> str:
    return f"{Decimal(number).scaleb(rnd.choice((1, -1))):f}"


def _multiply(rnd: Random, number: str) -> str:
    return f"{round(Decimal(number) * Decimal(rnd.choice(_FACTORS)) + 3, 2).normalize():f}"


def _what_agrees(cell: FiledCell, old: Decimal, new: Decimal) -> str:
    """Return in Chinese what still agrees after a change; empty if nothing is known to."""
    indicator = cell.indicator
    if cell.role is Role.SCORE:
        shares_loss = indicator is not None and indicator.shares_loss
        return f"{'改小' if new < old else '改大'}{'，同组另有扣分' if shares_loss else ''}"
    if cell.role is Role.INITIAL_TARGET:
        return "年中可以调整"
    if indicator is None or not indicator.is_counted:
        return ""
    if cell.role is Role.ACTUAL and not indicator.has_stated_result:
        return _what_still_fits(indicator, replace(indicator, actual=new))
    if cell.role is Role.TARGET and not indicator.has_stated_target:
        return _what_still_fits(indicator, replace(indicator, target=new))
    return ""


def _what_still_fits(before: GeneratedIndicator, after: GeneratedIndicator) -> str:
    """Return what still agrees if a target or result that is stated once has changed."""
    if not before.has_result:
        return "别处没有写"
    is_share = after.name.endswith(_SHARES) and after.pattern.measure == "%"
    if is_share and max(after.target, after.actual) > 100:
        return ""
    if before.is_met and after.is_met:
        return "" if _is_far_beyond(after) else "别处没有写，仍达标"
    if before.is_met:
        return "别处没有写，差不到 5%" if after.share > _NEARLY else ""
    points = before.points or Decimal(1)
    difference = abs(before.score_of(points) - points * after.share)
    still_fits = before.points is None or difference < points / 10
    return "别处没有写，原因与得分仍相称" if still_fits else ""


def _is_far_beyond(indicator: GeneratedIndicator) -> bool:
    """Tell whether a result is so far beyond its target that a reason must be given."""
    if not indicator.has_reason:
        return False
    if indicator.pattern.is_inverse:
        return indicator.actual < indicator.target * _LOW_COST
    return indicator.actual > indicator.target * _EXCESS
