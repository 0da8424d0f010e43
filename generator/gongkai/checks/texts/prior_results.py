"""Last year's results as texts state them, against last year's disclosure (GJ-11)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from gongkai.checks.base import Finding
from gongkai.checks.sentences.closeness import share_of_pairs
from gongkai.checks.sentences.indicator_names import core_of_name
from gongkai.checks.sentences.quantities import NUMBER, UNIT, base_unit_of, normalize_digits
from gongkai.checks.texts.passages import Passage, find_passages
from gongkai.model.documents import Record
from gongkai.model.outcomes import indicator_outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.model.values import parse_decimal

_FIGURE = rf"{NUMBER}(?:万|亿)?{UNIT}"
_CHANGE = re.compile(
    rf"(?:比|较|同)(?:上年|去年|上一年|○○○○年)度?(?:相比|同期)?(?:的?(?P<prior>{_FIGURE}))?[，,]?"
    rf"(?:(?:多|增加|增长|增|提高|上升|少|减少|下降|减|降低)了?[\u4e00-\u9fff]{{0,4}}?(?P<change>{_FIGURE}))?"
)
_COMPARES = re.compile("[比较同](?:上|去|20)")
_READ = re.compile(rf"(?P<number>{NUMBER})(?P<unit>.+)")
_SAME = Decimal("0.8")
_FARTHEST = 30
_SHORTEST = 4


class _Pair(NamedTuple):
    """An indicator's results of two years."""

    core: str
    name: str
    unit: str
    previous: Decimal
    current: Decimal
    shown: str


def compare_prior_results(previous: Disclosure, current: Disclosure) -> Iterator[Finding]:
    """Compare last year's results, and the changes since, with what was published last year."""
    passages = [
        passage
        for record in current.all_records
        for passage in find_passages(record)
        if passage.states_results and _COMPARES.search(passage.text)
    ]
    pairs = list(_pairs(previous, current)) if passages else []
    for passage in passages if pairs else ():
        yield from _compare(passage, pairs, previous.year)


def _pairs(previous: Disclosure, current: Disclosure) -> Iterator[_Pair]:
    old = {key: value for record in _tables(previous) for key, value in _results(record)}
    seen: set[tuple[str, str]] = set()
    for record in _tables(current):
        for key, (number, _) in _results(record):
            name, unit = key
            core = core_of_name(name)
            if key in old and key not in seen and len(core) >= _SHORTEST:
                seen.add(key)
                yield _Pair(core, name, unit, old[key][0], number, old[key][1])


def _tables(disclosure: Disclosure) -> Iterator[Record]:
    overall = disclosure.record(DocumentKind.OVERALL)
    if overall:
        yield overall
    for project in disclosure.projects:
        table = project.record(DocumentKind.PROJECT)
        if table:
            yield table


def _results(record: Record) -> Iterator[tuple[tuple[str, str], tuple[Decimal, str]]]:
    for outcome in indicator_outcomes(record):
        value = outcome.actual_value
        measure = value.measure or outcome.target_value.measure
        if outcome.actual and value.number is not None and measure:
            unit, exponent = base_unit_of(measure)
            shown = outcome.actual.filed
            shown = shown if measure in shown else f"{shown}{measure}"
            yield (outcome.indicator.name.filed, unit), (value.number.scaleb(exponent), shown)


def _compare(passage: Passage, pairs: list[_Pair], year: int) -> Iterator[Finding]:
    text = passage.text
    normalized = normalize_digits(text)
    for match in _CHANGE.finditer(normalized):
        if "○" in match[0] and f"{year}年" not in text[match.start() : match.end()]:
            continue
        before = re.split(r"[。；;\n]", text[max(match.start() - _FARTHEST, 0) : match.start()])[-1]
        near = [pair for pair in pairs if share_of_pairs(pair.core, before) >= _SAME]
        for group in ("prior", "change"):
            stated = _READ.fullmatch(match[group] or "")
            if not stated:
                continue
            unit, exponent = base_unit_of(stated["unit"])
            number = parse_decimal(stated["number"]).scaleb(exponent)
            known = [pair for pair in near if pair.unit == unit]
            if len(known) != 1 or unit == "%":
                continue
            pair = known[0]
            expected = pair.previous if group == "prior" else abs(pair.current - pair.previous)
            if number == expected:
                continue
            quote = f"{re.split('[，,]', before)[-1]}{text[match.start() : match.end()]}"
            yield Finding(
                passage.position_at(match.start()),
                f"“{quote}”，{year} 年度公开的“{pair.name}”完成值是“{pair.shown}”",
                "请核对两年的数",
                passage.where_at(quote),
                match[group],
                pair.shown,
                Level.W,
            )
            break
