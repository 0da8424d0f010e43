"""Generated texts: objectives, results and amounts in words that agree with the tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from gongkai.model.terms import Role
from gongkai.model.values import format_decimal
from tests.checks.generated.amounts import Funds, percentage
from tests.checks.generated.indicators import GeneratedIndicator

_LIMITS = {"≥": "不低于", "≤": "不超过"}
"""Signs in words."""


@dataclass(slots=True)
class Facts:
    """What the documents of one project or unit have in common."""

    year: int
    unit: str
    department: str
    name: str
    funds: Funds
    breakdown: dict[Role, Decimal] = field(default_factory=dict)
    """基本支出 and 项目支出 of a unit."""
    indicators: list[GeneratedIndicator] = field(default_factory=list)
    """Those of the evaluation, which texts and targets repeat."""
    used_names: set[str] = field(default_factory=set)
    """Names of indicators in the unit's documents: one thing has one figure."""
    score: Decimal = Decimal(0)
    columns: tuple[Role, ...] = (Role.INITIAL, Role.ADJUSTED, Role.SPENT)
    """The amounts of which the tables have a column, and which texts state."""


def objective(rnd: Random, facts: Facts) -> str:
    """Return the year's objective, with the targets that texts state."""
    stated = []
    for indicator in facts.indicators:
        if indicator.is_notable and indicator.is_counted:
            indicator.has_stated_target = True
            target = indicator.target_text
            if rnd.random() < 0.5 and target[0] in _LIMITS:
                target = f"{_LIMITS[target[0]]}{target[1:]}"
            stated.append(f"{indicator.name}{target}")
    return f"保障示例设施正常运行：{_joined(rnd, stated) or '方便群众出行'}。"


def achievement(rnd: Random, facts: Facts, money: str) -> str:
    """Return what was achieved: the money, and the results that texts state."""
    amounts = amounts_in_words(facts, money)
    sentences = (f"{amounts}。" if amounts else "", facts.funds.explanation, results(rnd, facts))
    return "".join(sentences)


def amounts_in_words(facts: Facts, money: str) -> str:
    """Return the budget and the spending in words."""
    funds = facts.funds
    known = {
        Role.INITIAL: ("年初预算", funds.initial),
        Role.ADJUSTED: ("全年预算", funds.adjusted),
        Role.SPENT: ("全年支出", funds.spent),
    }
    pairs = [known[role] for role in facts.columns]
    return "，".join(f"{word}{format_decimal(amount)}{money}" for word, amount in pairs)


def results(rnd: Random, facts: Facts) -> str:
    """Return a sentence on the results that texts state."""
    stated = []
    for indicator in facts.indicators:
        if indicator.is_notable and indicator.is_counted:
            indicator.has_stated_result = True
            verb = rnd.choice(("", "为", "达到"))
            stated.append(f"{indicator.name}{verb}{indicator.actual_text}")
    return f"{_joined(rnd, stated) or '示例设施运行正常'}。"


def _joined(rnd: Random, parts: Iterable[str]) -> str:
    return rnd.choice(("，", "；", "、")).join(parts)


def comparison(subject: str, amount: Decimal, last: Decimal) -> str:
    """Return a sentence on an amount and that of the year before."""
    if amount == last:
        return f"{subject}与上年持平。"
    word, verb = ("增加", "增长") if amount > last else ("减少", "下降")
    difference = abs(amount - last)
    return (
        f"{subject}比上年的{format_decimal(last)}万元{word}{format_decimal(difference)}万元，"
        f"{verb}{format_decimal(percentage(difference, last))}%。"
    )
