"""Figures of results that are ten times as large, or as small, as in the objective's same words (GJ-13)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from gongkai.checks.base import Finding, additional_check
from gongkai.checks.sentences.clauses import clause_before, split_sentences
from gongkai.checks.sentences.quantities import Quantity
from gongkai.checks.texts import stated_results
from gongkai.checks.texts.passages import Passage, find_passages
from gongkai.model.documents import Record
from gongkai.model.problems import Level
from gongkai.model.terms import Role

_BEFORE, _AFTER, _SHORTEST = 4, 2, 4
"""Characters before and after a figure that say what it is of, and the fewest of them."""
_TIMES = Decimal(8)
"""How many times as much is no success, but another unit or a digit too many."""
_HAS_DIGIT = re.compile("[0-9０-９]").search
_FILLER = re.compile(r"[\s“”《》]|全年|共计?|实际|累计|不少于|达到?|以上")


class _NamedFigure(NamedTuple):
    """A figure of a text, and what it is of."""

    key: tuple[str, str]
    """The last words before it and the first behind, and its unit."""
    name: str
    """All words before it in its clause."""
    quantity: Quantity

    def has_name(self, name: str) -> bool:
        """Whether a figure with these words before it is of the same: one of both may say more."""
        return self.name.endswith(name) or name.endswith(self.name)


@additional_check(stated_results.text_differs_from_indicator.rule, of=Record)
def result_is_of_another_size(record: Record) -> Iterator[Finding]:
    """Find results that differ tenfold from the objective in the same words and kind of unit."""
    passages = find_passages(record)
    objectives = [
        passage
        for passage in passages
        if passage.role is Role.OBJECTIVE and _HAS_DIGIT(passage.text)
    ]
    results = [passage for passage in passages if passage.role is Role.ACHIEVEMENT]
    if len(objectives) != 1 or len(results) != 1:
        return
    targets: dict[tuple[str, str], list[_NamedFigure]] = {}
    for figure in _iter_named(objectives[0]):
        targets.setdefault(figure.key, []).append(figure)
    for key, name, quantity in _iter_named(results[0]) if targets else ():
        known = [target.quantity for target in targets.get(key, []) if target.has_name(name)]
        if known and all(_is_of_another_size(quantity, target) for target in known):
            words = _quote(results[0], quantity)
            yield Finding(
                results[0].position_at(quantity.column),
                f"“{words}”，“{objectives[0].heading}”写的是“{_quote(objectives[0], known[0])}”，相差约十倍或更多",
                "请核对位数和单位",
                results[0].where_at(words),
                quantity.text,
                known[0].text,
                Level.W,
            )


def _iter_named(passage: Passage) -> Iterator[_NamedFigure]:
    """Yield the figures of a text with the words around them."""
    for sentence in split_sentences(passage.text):
        for quantity in sentence.quantities:
            if quantity.is_percentage or quantity.is_rate or not quantity.base_value:
                continue
            name = _FILLER.sub("", clause_before(sentence, quantity)[0])
            before = name[-_BEFORE:]
            end = quantity.end - sentence.start
            after = re.split(r"[，,。；;：:、0-9]", sentence.text[end : end + _AFTER])[0]
            after = "" if len(before) >= _BEFORE else after
            if len(before) + len(after) >= _SHORTEST:
                yield _NamedFigure((before + after, quantity.base_unit), name, quantity)


def _quote(passage: Passage, quantity: Quantity) -> str:
    """Quote a figure with the words around it."""
    before = re.split(r"[，,。；;：:、\n]", passage.text[: quantity.column])[-1]
    after = re.split(r"[，,。；;：:、\n0-9]", passage.text[quantity.end :])[0]
    return f"{before}{passage.text[quantity.column : quantity.end]}{after}".strip()


def _is_of_another_size(one: Quantity, other: Quantity) -> bool:
    larger, smaller = max(one.base_value, other.base_value), min(one.base_value, other.base_value)
    return larger >= smaller * _TIMES
