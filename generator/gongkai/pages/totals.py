"""Sentences on all disclosures of a year: how many, what they add up to, and over how many."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.model.shortfalls import TargetCounts
from gongkai.model.values import format_decimal
from gongkai.pages.entries import Entry


def year_sentences(year: int, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield sentences on a year: units, projects, money, missed targets."""
    yield _count_sentence(year, entries)
    yield from _money_sentences(entries)
    yield from target_sentences(entries)


def _count_sentence(year: int, entries: Sequence[Entry]) -> str:
    projects = sum(entry.line.projects for entry in entries)
    planned = sum(entry.has_targets_only for entry in entries)
    below = f"，共 {projects} 个项目" if projects else ""
    if planned == len(entries):
        return f"{year} 年度有 {planned} 个单位公开了绩效目标，还没有自评{below}。"
    plans = f"，另有 {planned} 个单位只公开了绩效目标" if planned else ""
    return f"{year} 年度有 {len(entries) - planned} 个单位公开了绩效自评{plans}{below}。"


def _money_sentences(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the sums of what was filed, over how many units, and the sums as recomputed."""
    budgets = [entry.budget for entry in entries if entry.budget is not None]
    spent = [entry.spent for entry in entries if entry.spent is not None]
    if not budgets and not spent:
        if entries:
            yield "没有单位填报整个单位的预算和支出，所以没有合计。"
        return
    count = len(entries)
    yield (
        f"{_sum_text('预算', budgets, count)}；{_sum_text('支出', spent, count)}。"
        if len(budgets) != len(spent)
        else f"{len(budgets)} 个单位填报了整个单位的预算和支出，预算合计 {_total(budgets)} 万元，"
        f"支出合计 {_total(spent)} 万元{_rest(count - len(budgets))}。"
    )
    differing = [
        entry
        for entry in entries
        if entry.recomputed_budget is not None or entry.recomputed_spent is not None
    ]
    if differing:
        budget, paid = recomputed_sums(entries)
        yield (
            f"其中 {len(differing)} 个单位填报的数与复算的不一致，"
            f"按复算，预算合计 {amount_text(budget)} 万元，支出合计 {amount_text(paid)} 万元。"
        )


def recomputed_sums(entries: Sequence[Entry]) -> tuple[Decimal, Decimal]:
    """Return budget and spending of all, in 万元, with recomputed amounts where they differ."""
    budgets = (
        entry.budget if entry.recomputed_budget is None else entry.recomputed_budget
        for entry in entries
    )
    spent = (
        entry.spent if entry.recomputed_spent is None else entry.recomputed_spent
        for entry in entries
    )
    return sum(filter(None, budgets), Decimal(0)), sum(filter(None, spent), Decimal(0))


def target_sentences(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield how many targets were missed, of how many that could be judged."""
    counts = TargetCounts(*map(sum, zip(*(entry.targets for entry in entries), strict=True)))
    if not counts.indicators:
        return
    if not counts.judged:
        yield f"共 {counts.indicators} 项指标（含项目）：{counts.reason_unjudged}，无法判断是否达到目标。"
        return
    rest = counts.indicators - counts.judged
    unjudged = f"，其余 {rest} 项没有完成值或无法比较" if rest else ""
    missed = f"{counts.missed} 项未达到目标" if counts.missed else "都达到了目标"
    yield (
        f"共 {counts.indicators} 项指标（含项目）：{counts.judged} 项可以判断，"
        f"其中 {missed}{unjudged}。"
        if counts.missed
        else f"共 {counts.indicators} 项指标（含项目）：可以判断的 {counts.judged} 项{missed}{unjudged}。"
    )


def _sum_text(word: str, amounts: Sequence[Decimal], count: int) -> str:
    if not amounts:
        return f"没有单位填报整个单位的{word}"
    rest = _rest(count - len(amounts))
    return f"{len(amounts)} 个单位填报了整个单位的{word}，合计 {_total(amounts)} 万元{rest}"


def _rest(missing: int) -> str:
    return f"；{missing} 个单位没有填报，不在合计内" if missing else ""


def _total(amounts: Sequence[Decimal]) -> str:
    return amount_text(sum(amounts, Decimal(0)))


def amount_text(number: Decimal) -> str:
    """Format an amount with thousands separators."""
    return f"{Decimal(format_decimal(number)):,f}"
