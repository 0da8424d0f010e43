"""Generated amounts: budgets, spending and their parts."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random

from gongkai.model.values import round_half_up

CENT = Decimal("0.01")
_STEPS = (Decimal(1), Decimal("0.5"), Decimal("0.1"), CENT)
"""What points are multiples of."""


@dataclass(slots=True)
class Funds:
    """The money of a project or a unit, in the form's unit."""

    initial: Decimal
    adjusted: Decimal
    spent: Decimal

    @property
    def rate(self) -> Decimal:
        """The execution rate, in percent."""
        return percentage(self.spent, self.adjusted)

    @property
    def explanation(self) -> str:
        """Why the budget was changed and why not all was spent; empty if neither is so."""
        sentences = []
        if self.initial != self.adjusted:
            sentences.append("年中按实际需要追加了预算，用于示例设施。")
        if self.spent != self.adjusted:
            sentences.append("资金没有全部支出，主要是示例工程的尾款按合同次年支付。")
        return "".join(sentences)


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """Return a share in percent, with two decimals."""
    return round_half_up(part / whole * 100, 2)


def share_of(amount: Decimal, percent: int) -> Decimal:
    """Return a share of an amount."""
    return round_half_up(amount * percent / 100, 2)


def draw_funds(rnd: Random, scale: int = 1) -> Funds:
    """Return a budget, its adjustment and the spending; `scale` is 10000 for 元."""
    adjusted = Decimal(rnd.randint(1000, 90_000)) * scale / 100
    initial = adjusted if rnd.random() < 0.5 else share_of(adjusted, rnd.randint(75, 97))
    spent = adjusted if rnd.random() < 0.5 else share_of(adjusted, rnd.randint(70, 99))
    return Funds(initial, adjusted, spent)


def split(rnd: Random, total: Decimal, count: int, step: Decimal = CENT) -> list[Decimal]:
    """Return positive parts that add up to a total, all but the last multiples of a step."""
    steps = int(total / step)
    ends = [0, *sorted(rnd.sample(range(1, steps), count - 1)), steps]
    parts = [step * (end - start) for start, end in pairwise(ends)]
    parts[-1] += total - sum(parts)
    return parts


def split_fairly(rnd: Random, points: Decimal, count: int) -> list[Decimal]:
    """Return shares of points, none less than half of an equal one."""
    step = next(step for step in _STEPS if points >= count * step * 3)
    least = points // (2 * count * step) * step
    return [least + part for part in split(rnd, points - least * count, count, step)]


def split_funds(rnd: Random, funds: Funds, count: int) -> list[Funds]:
    """Return the parts of funds by source; what was not spent is of the first."""
    small = split(rnd, share_of(min(funds.initial, funds.spent), 33), count - 1)
    small[-1] = Decimal(0) if rnd.random() < 0.5 else small[-1]
    rest = sum(small, Decimal(0))
    first = Funds(funds.initial - rest, funds.adjusted - rest, funds.spent - rest)
    return [first, *(Funds(amount, amount, amount) for amount in small)]
