"""Sentences on all disclosures of a year: how many, what they add up to, and over how many."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from gongkai.model.figures import SCORE
from gongkai.model.shortfalls import TargetCounts
from gongkai.model.values import format_decimal, round_half_up
from gongkai.pages import page_types
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.views.common import KeyFigure


def year_sentences(year: int, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield sentences on a year: units, projects, money, missed targets."""
    yield count_sentence(year, entries)
    yield from _money_sentences(entries)
    yield from target_sentences(entries)


def count_sentence(year: int, entries: Sequence[Entry]) -> str:
    """Return how many units disclosed what in a year."""
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
        if any((entry.budget is None) != (entry.spent is None) for entry in entries)
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


def known_budget(entry: Entry) -> Decimal | None:
    """Return a budget in 万元: recomputed, if it differs from the filed one."""
    return entry.budget if entry.recomputed_budget is None else entry.recomputed_budget


def known_spent(entry: Entry) -> Decimal | None:
    """Return a spending in 万元: recomputed, if it differs from the filed one."""
    return entry.spent if entry.recomputed_spent is None else entry.recomputed_spent


def known_score(entry: Entry) -> Decimal:
    """Return a score in percent of the points: recomputed, if it differs from the filed one."""
    recomputed, points = entry.line.recomputed_value(SCORE), entry.points
    if recomputed is None or recomputed.number is None or not points:
        return entry.score or Decimal(0)
    return recomputed.number / points * 100


def recomputed_sums(entries: Sequence[Entry]) -> tuple[Decimal, Decimal]:
    """Return budget and spending of all, in 万元, with recomputed amounts where they differ."""
    budgets, spent = map(known_budget, entries), map(known_spent, entries)
    return sum(filter(None, budgets), Decimal(0)), sum(filter(None, spent), Decimal(0))


Disclosed = Sequence[tuple[UnitEntry, Entry]]
"""Disclosures of a year with their units."""


def year_figures(entries: Disclosed, before: Disclosed, year: int) -> Iterator[KeyFigure]:
    """Yield the figures of a year; changes are those of the units that filed both years."""
    own = [entry for _, entry in entries]
    evaluated = sum(not entry.has_targets_only for entry in own)
    plans = len(own) - evaluated
    note = f"另有 {plans} 个只公开了绩效目标" if plans else ""
    yield KeyFigure("公开自评的单位", f"{evaluated} 个", note=note)
    for term, amount_of in (("预算合计", known_budget), ("支出合计", known_spent)):
        amounts = [amount for entry in own if (amount := amount_of(entry)) is not None]
        if amounts:
            note = f"{len(own)} 个单位中 {len(amounts)} 个填报"
            note += _change_note(entries, before, amount_of)
            yield KeyFigure(term, f"{_total(amounts)} 万元", note=note)
    yield from _target_figure(own, year)
    places = sum(entry.contradiction_count for entry in own)
    units = sum(bool(entry.contradiction_count) for entry in own)
    doubts = sum(entry.doubt_count for entry in own)
    url = page_types.CONTRADICTIONS_YEAR.url(year=year) if places or doubts else ""
    notes = [f"{units} 个单位"] if places else []
    notes += [f"另有 {doubts} 处待核对"] if doubts else []
    yield KeyFigure("数对不上的地方", f"{places} 处", url, note="；".join(notes))


def _target_figure(entries: Sequence[Entry], year: int) -> Iterator[KeyFigure]:
    judged = sum(entry.targets.judged for entry in entries)
    missed = sum(entry.missed for entry in entries)
    url = page_types.SHORTFALLS_YEAR.url(year=year)
    if judged:
        note = f"能判断的 {judged} 项中，含项目"
        yield KeyFigure("没有达到目标的指标", f"{missed} 项", url, note=note)
    elif any(entry.targets.indicators for entry in entries):
        yield KeyFigure("没有达到目标的指标", "无法判断", note="没有完成值，或无法比较")


def _change_note(
    entries: Disclosed, before: Disclosed, amount_of: Callable[[Entry], Decimal | None]
) -> str:
    """Return the change against last year, of the units that filed both years."""
    past = {unit.slug: amount_of(entry) for unit, entry in before}
    pairs = [
        (now, then)
        for unit, entry in entries
        if (now := amount_of(entry)) is not None and (then := past.get(unit.slug)) is not None
    ]
    now, then = (
        (sum(amounts, Decimal(0)) for amounts in zip(*pairs, strict=True))
        if pairs
        else (Decimal(0), Decimal(0))
    )
    if not then:
        return ""
    percent = round_half_up(abs(now - then) / then * 100, 1)
    word = "持平" if now == then else f"{'增加' if now > then else '减少'} {percent}%"
    return f"；其中 {len(pairs)} 个两年都填了，比上年{word}"


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
