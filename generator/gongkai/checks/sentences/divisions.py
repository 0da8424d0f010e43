"""Totals divided once more, and totals in two units: 按学历分，……；42批次、318人次，其中……26批次、201人次."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice, pairwise

from gongkai.checks.sentences.clauses import Sentence
from gongkai.checks.sentences.itemized import (
    CHANGED,
    COMPARED,
    MIN_PARTS,
    OTHER_MEASURE,
    ItemizedTotal,
    ListKind,
    Part,
)
from gongkai.checks.sentences.quantities import Quantity

_DIVIDED = re.compile(
    r"(?:按照?|分|从)(?P<by>[^，,。；;：:、0-9]{1,10}?)(?:来?划分|来?分类?|来?看|统计|计算|构成看)\s*[，,：:]?\s*(?=[^0-9，。；]{1,14}[0-9])"
)
"""Words before the parts of a total that stands before: 按行政等级划分，从学历结构看."""
_JOINT = re.compile(r"\s*(?:[，,、；;]|以及|和|及|与)?\s*(?P<name>[^，,、；;：:。0-9]{1,14})")
_AMONG = re.compile(r"\s*[，,；;：:（(]?\s*(?:其中|包括|分别为|分别是|：|:)[：:，,]?\s*")
_NEAR = 20
"""How many characters before a figure are looked at."""
_FIRST = re.compile("首[笔期次批付]|第一[笔次期批]|预付|先期")
_LAST = re.compile("余款|尾款|剩余|末[笔期次批]|最后一[笔次期批]|其余")
_REST = re.compile("(?:其余|余下|剩下|剩余)的?$")
_LONGEST_GAP = 24
_NEAR_SHARE = 8
"""A total is at most an eighth away from the sum, else it is another figure."""
_MOST_BACK, _MOST_PARTS, _MOST_LISTS = 10, 40, 12
"""So far a text is read, so that it takes linear time."""


def find_divisions(sentence: Sentence, text: str) -> Iterator[ItemizedTotal]:
    """Yield totals of which a sentence gives the parts by one more feature."""
    if not any(word in sentence.text for word in ("按", "看", "分")):
        return
    for match in islice(_DIVIDED.finditer(sentence.text), _MOST_LISTS):
        parts = list(_parts_from(sentence, match.end()))
        if len(parts) >= MIN_PARTS:
            first = parts[0].quantity
            before = [
                figure
                for figure in _figures_before(sentence, first.column)
                if figure.base_unit == first.base_unit and not figure.is_rate
            ]
            yield from _compare(before[-_MOST_BACK:], parts, sentence, text)


def _figures_before(sentence: Sentence, column: int) -> list[Quantity]:
    """Return the figures of the sentence before, and of this one before a column."""
    own = [figure for figure in sentence.quantities if figure.column < column]
    return [*(sentence.previous.quantities if sentence.previous else ()), *own]


def _compare(
    figures: Sequence[Quantity], parts: list[Part], sentence: Sentence, text: str
) -> Iterator[ItemizedTotal]:
    """Yield the nearest of the figures that may be the total, unless one of them is the sum."""
    computed = sum((part.quantity.base_value for part in parts), Decimal(0))
    if any(figure.base_value == computed for figure in figures):
        return
    near = [figure for figure in figures if not figure.is_rough and _is_near(figure, computed)]
    if near:
        total = min(near, key=lambda figure: abs(figure.base_value - computed))
        yield _itemized(total, parts, tuple(figures), sentence, text)


def _is_near(figure: Quantity, computed: Decimal) -> bool:
    return abs(figure.base_value - computed) * _NEAR_SHARE <= figure.base_value


def find_instalments(sentence: Sentence, text: str) -> Iterator[ItemizedTotal]:
    """Yield amounts paid in instalments: 42万元，5月拨付首笔20万元，9月拨付14万元，12月拨付余款8万元."""
    first, last = _FIRST.search(sentence.text), _LAST.search(sentence.text)
    if not first or not last or last.start() < first.end():
        return
    start, end = sentence.start + first.start(), sentence.start + last.start()
    money = [
        figure
        for figure in _figures_before(sentence, sentence.start + len(sentence.text))
        if figure.is_money and not figure.is_rate
    ][:_MOST_PARTS]
    paid = [figure for figure in money if start <= figure.column < end]
    paid += [figure for figure in money if figure.column >= end][:1]
    known = [figure for figure in money if figure.column < start]
    later = [figure for figure in money if figure.column > end]
    if len(paid) < MIN_PARTS or any(figure.is_rough for figure in paid):
        return
    computed = sum((figure.base_value for figure in paid), Decimal(0))
    if all(figure.base_value != computed for figure in later):
        yield from _compare(known, [Part("", figure, "") for figure in paid], sentence, text)


def find_totals_with_rest(sentence: Sentence, text: str) -> Iterator[ItemizedTotal]:
    """Yield a total, its parts and the rest: 信访46件，初访31件，重访9件，其余8件由上级转办."""
    quantities = sentence.quantities
    for index, rest in enumerate(quantities):
        if index < MIN_PARTS or not _REST.search(_words_before(sentence, rest)):
            continue
        run = [rest]
        for figure in reversed(quantities[max(index - _MOST_PARTS, 0) : index]):
            gap = _gap(sentence, figure, run[0])
            if figure.base_unit != rest.base_unit or len(gap) > _LONGEST_GAP or "；" in gap:
                break
            run.insert(0, figure)
        is_exact = not any(figure.is_rough or figure.is_rate for figure in run)
        clauses = (
            re.split(r"[，,；;：:、]", _words_before(sentence, figure))[-1] for figure in run
        )
        if len(run) > MIN_PARTS and is_exact and not any(map(_is_compared, clauses)):
            yield from _compare(run[:1], [Part("", part, "") for part in run[1:]], sentence, text)


def find_paired_totals(sentence: Sentence, text: str) -> Iterator[ItemizedTotal]:
    """Yield the second totals of “42批次、318人次，其中甲26批次、201人次，乙16批次、117人次”."""
    quantities = sentence.quantities
    for index, (one, other) in enumerate(pairwise(quantities)):
        if not (_is_pair(sentence, one, other) and not _is_no_total(sentence, one)):
            continue
        if not _AMONG.match(sentence.text, other.end - sentence.start):
            continue
        rest = quantities[index + 2 : index + 2 + 2 * _MOST_PARTS]
        parts: list[Part] = []
        for first, second in zip(rest[::2], rest[1::2], strict=False):
            same = (first.base_unit, second.base_unit) == (one.base_unit, other.base_unit)
            if not same or not _is_pair(sentence, first, second):
                break
            parts.append(Part(f"{first.text}、", second, ""))
        if len(parts) >= MIN_PARTS:
            yield _itemized(other, parts, (other,), sentence, text)


def _is_pair(sentence: Sentence, one: Quantity, other: Quantity) -> bool:
    """Tell whether two figures in two units are of one thing: 42批次、318人次."""
    gap = sentence.text[one.end - sentence.start : other.column - sentence.start]
    return one.base_unit != other.base_unit and not gap.strip(" 、，,/共计")


def _parts_from(sentence: Sentence, start: int) -> Iterator[Part]:
    """Yield figures of one unit from a place on, with nothing but a name between two."""
    unit, at = "", start
    for quantity in sentence.quantities:
        column = quantity.column - sentence.start
        if column < start:
            continue
        joint = _JOINT.fullmatch(sentence.text, at, column)
        if joint is None or (unit and quantity.base_unit != unit):
            return
        name = joint["name"].strip()
        if quantity.is_rough or quantity.is_rate or quantity.is_percentage or _is_compared(name):
            return
        unit, at = quantity.base_unit, quantity.end - sentence.start
        yield Part(name, quantity, "")


def _words_before(sentence: Sentence, figure: Quantity) -> str:
    column = figure.column - sentence.start
    return sentence.text[max(column - _NEAR, 0) : column]


def _is_compared(name: str) -> bool:
    return bool(CHANGED.search(name) or COMPARED.search(name) or OTHER_MEASURE.search(name))


def _is_no_total(sentence: Sentence, figure: Quantity) -> bool:
    head = re.split(r"[，,；;：:。]", _words_before(sentence, figure))[-1]
    return _is_compared(head) or figure.is_rough


def _gap(sentence: Sentence, one: Quantity, other: Quantity) -> str:
    return sentence.text[one.end - sentence.start : other.column - sentence.start]


def _itemized(
    total: Quantity,
    parts: list[Part],
    figures: tuple[Quantity, ...],
    sentence: Sentence,
    text: str,
) -> ItemizedTotal:
    return ItemizedTotal(
        total,
        tuple(parts),
        figures,
        ListKind.DIVIDED,
        is_open=False,
        is_cut=False,
        sentence=text[min(sentence.start, total.column) : parts[-1].quantity.end].strip(),
        name="",
    )
