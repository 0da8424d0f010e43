"""Short lists of units that a reader should look at first; only like is compared with like."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from gongkai.model.figures import SCORE
from gongkai.model.values import format_decimal, round_half_up
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.totals import amount_text, known_budget, known_score, known_spent
from gongkai.pages.views.common import Link
from gongkai.pages.views.lists import RankedUnit, Ranking

_LENGTH = 5
"""Number of units in a short list."""
_FEWEST = 4
"""Number of units with scores from the same form below which there is no ranking of scores."""
Disclosed = Sequence[tuple[UnitEntry, Entry]]


def rankings(entries: Disclosed, shortfalls: Link, contradictions: Link) -> Iterator[Ranking]:
    """Yield the short lists of a year; those without any unit are left out."""
    missed = [pair for pair in entries if pair[1].missed]
    missed.sort(key=lambda pair: (-pair[1].missed, pair[0].link.url))
    yield from _ranking(
        "没有达到目标的指标最多",
        "连同各单位的项目；项目多的单位指标也多，所以写明一共能判断几项。",
        ((pair, f"{pair[1].missed} 项，能判断的 {pair[1].targets.judged} 项") for pair in missed),
        shortfalls,
    )
    differing = [pair for pair in entries if pair[1].contradiction_count]
    differing.sort(key=lambda pair: (-_largest_difference(pair[1]), pair[0].link.url))
    yield from _ranking(
        "数对不上，相差最多",
        "填报的数与复算的、与别处的不一致；按相差的金额排列。",
        ((pair, _difference_text(pair[1])) for pair in differing),
        contradictions,
    )
    yield from _score_rankings(entries)
    yield from _unspent_ranking(entries)


def _ranking(
    title: str,
    note: str,
    rows: Iterable[tuple[tuple[UnitEntry, Entry], str]],
    more: Link | None = None,
) -> Iterator[Ranking]:
    ranked = tuple(
        RankedUnit(Link(unit.link.title, entry.line.page.url), text) for (unit, entry), text in rows
    )
    if ranked:
        yield Ranking(title, note, ranked[:_LENGTH], len(ranked), more)


def _largest_difference(entry: Entry) -> Decimal:
    certain = (row for row in entry.contradictions() if row.is_certain)
    differences = (row.difference or Decimal(0) for row in certain)
    return max(differences, default=Decimal(0))


def _difference_text(entry: Entry) -> str:
    largest = _largest_difference(entry)
    amount = f"，最多相差 {amount_text(largest)} 万元" if largest else ""
    return f"{entry.contradiction_count} 处{amount}"


def _score_rankings(entries: Disclosed) -> Iterator[Ranking]:
    """Yield the lowest and the highest scores among the units that use the most common form."""
    by_form: dict[str, list[tuple[UnitEntry, Entry]]] = defaultdict(list)
    for unit, entry in entries:
        if entry.score is not None and entry.evaluation_form:
            by_form[entry.evaluation_form].append((unit, entry))
    form, group = max(by_form.items(), key=lambda pair: len(pair[1]), default=("", []))
    if len(group) < _FEWEST:
        return
    note = f"只比用同一张表（{form}）、有总分的 {len(group)} 个单位；得分是单位给自己打的。"
    group.sort(key=lambda pair: (known_score(pair[1]), pair[0].link.url))
    yield from _ranking("自评得分最低", note, ((pair, _score_text(pair[1])) for pair in group))
    group.sort(key=lambda pair: (-known_score(pair[1]), pair[0].link.url))
    yield from _ranking("自评得分最高", note, ((pair, _score_text(pair[1])) for pair in group))


def _score_text(entry: Entry) -> str:
    return f"{entry.line.full_text(SCORE)} 分"


def _unspent_ranking(entries: Disclosed) -> Iterator[Ranking]:
    """Yield the units with the most money left over."""
    unspent = [
        (budget - spent, budget, (unit, entry))
        for unit, entry in entries
        if (budget := known_budget(entry))
        and (spent := known_spent(entry)) is not None
        and budget > spent
    ]
    unspent.sort(key=lambda row: (-row[0], row[2][0].link.url))
    yield from _ranking(
        "没有花完的钱最多",
        "全年预算减去全年支出；只列填报了这两个数的单位。",
        (
            (pair, f"{amount_text(left)} 万元，占预算的 {_percent(left / budget)}")
            for left, budget, pair in unspent
        ),
    )


def _percent(share: Decimal) -> str:
    return f"{format_decimal(round_half_up(share * 100, 1))}%"
