"""Shares of a whole that a text names or has named before: 占基本支出的82.36%, 占八成, 为目标20万人次的85%."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise, permutations

from gongkai.checks.sentences.arithmetic import StatedResult
from gongkai.checks.sentences.clauses import Sentence, clause_before
from gongkai.checks.sentences.closeness import share_of_pairs
from gongkai.checks.sentences.indicator_names import core_of
from gongkai.checks.sentences.prose import TextBlock
from gongkai.checks.sentences.quantities import Quantity, find_quantities, normalize_digits
from gongkai.model.values import format_decimal, round_half_up

_SHARE = re.compile(
    r"(?P<part>[^，。；：、0-9占]{0,16}?)(?:各|分别|共|约|仅|只|合计)*占(?:了|到)?(?P<whole>[^，。；：、0-9占]{0,14}?)"
    r"(?:的?(?:比例|比重|份额))?(?:为|是|达到?|约|仅|只|的)?\s*"
)
_IN_WORDS = re.compile(
    r"(?P<before>[^，。；：、0-9占]{0,16}?)(?:约|仅|只)*占(?:了|到)?(?P<whole>[^，。；：、0-9占]{0,14}?)的?"
    r"(?P<share>[一二三四五六七八九]成[一二三四五六七八九半]?|一半|半数|[二三四五六]分之[一二三四五])(?P<or_more>以上|多)?"
)
_OF_GOAL = re.compile(
    r"(?:^|[，,；;])\s*(?:仅|只|已)?(?:为|占|相当于|达到?|是|完成)[^，。；：、0-9]{0,12}$"
)
_HAN = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)} | {"半": 5}
_FILLER = re.compile(r"[全总的其该约了]|比例|比重|总数|总额|总量")
_OF_ALL = re.compile("全|总|所有|合计")
"""Words of the name of a whole that is more than a figure of the same thing."""
_EACH = re.compile("(?:(?:占比|比重|比例|占)(?:依次|分别)|各占)(?:为|是)?$")
_EACH_WORD = re.compile("依次|分别|各")
_SHORTEST_NAME = 3
_FARTHEST = 14
"""How far a part is before its share, in characters."""
_ROOM_OF_TENTHS, _ROOM_OF_HALVES = Decimal(5), Decimal(1)
"""By how many points a share in words may be off: 八成, 八成五."""
_MOST_OFF = Decimal(12)
"""A share that is off by more is one of something else."""
_SAME_NAME = Decimal("0.6")
_BACK, _TERMS, _MOST_NAMES, _ROOM = 8, 30, 200, 4
"""How many figures back a whole is looked for, figures of a sum, names looked up, characters after a name."""
_LISTED = re.compile(r"\s*(?:、|和|及|以及|，|与)\s*")


class _Document:
    """The texts of a document, and their figures by the words before them."""

    def __init__(self, blocks: Sequence[TextBlock]) -> None:
        self.blocks = blocks
        self._named: dict[str, list[Quantity]] = {}

    @cached_property
    def _figures(self) -> list[tuple[str, Quantity]]:
        return [
            (re.split(r"[、和及]", clause_before(sentence, figure)[0])[-1], figure)
            for block in self.blocks
            for sentence in block.sentences
            for figure in sentence.quantities
            if not (figure.is_percentage or figure.is_rate or figure.is_rough)
        ]

    def figures_of(self, core: str) -> list[Quantity]:
        """Return the figures whose words before have a name; none for the last of very many names."""
        if core not in self._named and len(self._named) < _MOST_NAMES:
            self._named[core] = [
                figure
                for words, figure in self._figures
                if core[-1] in words and share_of_pairs(core, words[-len(core) - _ROOM :]) == 1
            ]
        return self._named.get(core, [])


def find_wrong_shares_of_wholes(
    blocks: Sequence[TextBlock],
) -> Iterator[tuple[TextBlock, StatedResult]]:
    """Yield shares that their part and their whole do not give.

    The part is the figure before the share; the whole is the one that has the name after 占, or a
    larger one of the same unit before. Nothing is yielded where two figures of the text give the share.
    """
    document = _Document(blocks)
    for block in blocks:
        if "占" not in block.text and "比重" not in block.text and "的" not in block.text:
            continue
        for sentence in block.sentences:
            for result in _find_in_sentence(sentence, block, document):
                yield block, result


def _find_in_sentence(
    sentence: Sentence, block: TextBlock, document: _Document
) -> Iterator[StatedResult]:
    quantities = sentence.quantities
    for index, percentage in enumerate(quantities):
        if not percentage.is_percentage or percentage.is_rough:
            continue
        clause = " ".join(clause_before(sentence, percentage)[0].rpartition("、")[2].split())
        match = _SHARE.fullmatch(clause)
        if (match and "分别" in clause) or _EACH.search(clause):
            yield from _check_list(
                sentence,
                index,
                _EACH_WORD.sub("", match["whole"]) if match else "",
                block,
                document,
            )
        elif match:
            column = sentence.text.rfind("占", 0, percentage.column - sentence.start)
            part = _part_before(block, sentence.start + column) or _part_named(
                sentence, match["part"], percentage
            )
            yield from _check(percentage, part, match["whole"], block, document)
        elif index > 1 and _is_of(sentence, quantities[index - 1], percentage):
            yield from _check_goal(sentence, index, block)
    for words in _IN_WORDS.finditer(sentence.text) if "占" in sentence.text else ():
        column = sentence.start + words.start("share")
        share, room = _read_share(words["share"])
        room = 2 * room if words["or_more"] else room
        stated = Quantity(words["share"], share, "%", column, column + len(words["share"]), "%")
        part = _part_before(block, sentence.start + words.end("before"))
        yield from _check(stated, part, words["whole"], block, document, room)


def _is_of(sentence: Sentence, whole: Quantity, percentage: Quantity) -> bool:
    return sentence.text[whole.end - sentence.start : percentage.column - sentence.start] == "的"


def _check_goal(sentence: Sentence, index: int, block: TextBlock) -> Iterator[StatedResult]:
    """Check a share whose whole stands before it: 接待18万人次，为目标20万人次的85%."""
    part, whole, percentage = sentence.quantities[index - 2 : index + 1]
    gap = sentence.text[part.end - sentence.start : whole.column - sentence.start]
    is_same = part.base_unit == whole.base_unit and not (part.is_rough or whole.is_rough)
    if is_same and _OF_GOAL.search(gap):
        yield from _compare(percentage, part, [whole], block, Decimal(0))


def _check_list(
    sentence: Sentence,
    index: int,
    name: str,
    block: TextBlock,
    document: _Document,
) -> Iterator[StatedResult]:
    """Check 分别占X的55.77%、31.77%和14.46%, whose parts stand before in the same order."""
    listed = [sentence.quantities[index]]
    for previous, following in pairwise(sentence.quantities[index:]):
        gap = sentence.text[previous.end - sentence.start : following.column - sentence.start]
        if not following.is_percentage or not _LISTED.fullmatch(gap):
            break
        listed.append(following)
    before = [
        figure
        for figure in sentence.quantities[:index]
        if not figure.is_percentage and not figure.is_rate
    ]
    parts = before[-len(listed) :]
    if len(parts) < len(listed) or len({part.base_unit for part in parts}) > 1:
        return
    for part, percentage in zip(parts, listed, strict=True):
        yield from _check(percentage, part, name, block, document, known_parts=parts)


def _part_before(block: TextBlock, column: int) -> Quantity | None:
    """Return the figure directly before a column, in brackets or not."""
    start = max(column - 3 * _FARTHEST, 0)
    figures = find_quantities(normalize_digits(block.text[start:column]), start)
    if not figures:
        return None
    last = figures[-1]
    gap = block.text[last.end : column]
    is_part = not (last.is_percentage or last.is_rough or last.is_rate)
    near = len(gap) <= _FARTHEST and not re.search(r"[。；;\n0-9]", gap)
    name = re.sub(r"[，,、）)（(\s]|其中", "", gap)
    is_adjacent = len(name) <= 1 or block.text[: last.column].endswith(name)
    return last if is_part and near and is_adjacent else None


def _part_named(sentence: Sentence, name: str, percentage: Quantity) -> Quantity | None:
    """Return the only figure before a share in its sentence whose words end in a name: 中央补助2800万元，……，中央补助占72.73%."""
    name = name.strip()
    if len(name) < _SHORTEST_NAME:
        return None
    named = [
        figure
        for figure in sentence.quantities
        if figure.column < percentage.column
        and not (figure.is_percentage or figure.is_rate or figure.is_rough)
        and re.split(r"[、和及]", clause_before(sentence, figure)[0])[-1].strip().endswith(name)
    ]
    return named[0] if len(named) == 1 else None


def _check(  # noqa: PLR0913, PLR0917 - a share, its part, the name of its whole, and where they stand
    percentage: Quantity,
    part: Quantity | None,
    name: str,
    block: TextBlock,
    document: _Document,
    room: Decimal = Decimal(0),
    known_parts: Sequence[Quantity] = (),
) -> Iterator[StatedResult]:
    if part is None or not part.base_value:
        return
    is_of_all = bool(_OF_ALL.search(name))
    core = name if is_of_all else _FILLER.sub("", core_of(name))
    if len(core) > 1:
        named = document.figures_of(core)
        wholes = [figure for figure in named if figure.base_unit == part.base_unit]
    else:
        wholes = _wholes_before(part, block)
    wholes = [
        whole
        for whole in wholes
        if whole not in known_parts and whole.base_value >= part.base_value
    ]
    yield from _compare(percentage, part, wholes, block, room)


def _wholes_before(part: Quantity, block: TextBlock) -> list[Quantity]:
    """Return the larger figures of the same unit before a part in its sentence and the one before.

    The sum of all figures of the sentence may be the whole as well.
    """
    sentence = block.outer_sentence_at(part.column)
    if sentence is None:
        return []
    at = bisect_left(sentence.quantities, part.column, key=lambda figure: figure.column)
    near = sentence.quantities[max(at - _TERMS, 0) : at + _TERMS]
    before = [*(sentence.previous.quantities if sentence.previous else ())][-_BACK:]
    before += [figure for figure in near if figure.column < part.column][-_BACK:]
    own = [figure for figure in near if figure.base_unit == part.base_unit]
    if len(own) > 1:
        total = sum((figure.base_value for figure in own), Decimal(0))
        text = f"各项之和{format_decimal(total)}{part.base_unit}"
        before.append(replace(part, text=text, number=total, exponent=0))
    return [
        figure
        for figure in before
        if figure.base_unit == part.base_unit
        and figure.base_value > part.base_value
        and not figure.is_rough
    ]


def _compare(
    percentage: Quantity,
    part: Quantity,
    wholes: Sequence[Quantity],
    block: TextBlock,
    room: Decimal,
) -> Iterator[StatedResult]:
    shares = [part.base_value / whole.base_value * 100 for whole in wholes if whole.base_value]
    if not shares:
        return
    if any(_is_same(share, percentage, room) for share in shares):
        return
    if _some_pair_gives(percentage, block, room):
        return
    nearest = min(shares, key=lambda share: abs(share - percentage.number))
    if abs(nearest - percentage.number) > _MOST_OFF:
        return
    shown = f"{format_decimal(round_half_up(nearest, max(percentage.decimals, 1 if room else 0)))}%"
    whole = wholes[shares.index(nearest)]
    quote = block.text[max(part.column - _BACK, 0) : percentage.end].strip()
    quote = re.split(r"[。；;\n]", quote)[-1]
    both = f"{part.text}占{whole.text}；{quote}"
    yield StatedResult(percentage.column, percentage.text, shown, "占比或比率", both)


def _is_same(share: Decimal, percentage: Quantity, room: Decimal) -> bool:
    if room:
        return abs(share - percentage.number) <= room
    return round_half_up(share, percentage.decimals) == percentage.number


def _some_pair_gives(percentage: Quantity, block: TextBlock, room: Decimal) -> bool:
    """Tell whether two figures near a share give it."""
    start = max(percentage.column - 10 * _FARTHEST, 0)
    text = normalize_digits(block.text[start : percentage.end + 2 * _FARTHEST])
    figures = [
        figure
        for figure in find_quantities(text, start)
        if not figure.is_percentage and figure.base_value
    ]
    return not room and any(
        part.base_unit == whole.base_unit
        and _is_same(part.base_value / whole.base_value * 100, percentage, room)
        for part, whole in permutations(figures[-12:], 2)
    )


def _read_share(words: str) -> tuple[Decimal, Decimal]:
    """Return a share in words in percent, and by how many points it may be off."""
    if "成" in words:
        tenths, _, rest = words.partition("成")
        number = _HAN[tenths] * 10 + (_HAN[rest] if rest else 0)
        return Decimal(number), _ROOM_OF_HALVES if rest else _ROOM_OF_TENTHS
    if "分之" in words:
        whole, _, part = words.partition("分之")
        return Decimal(_HAN[part] * 100) / _HAN[whole], _ROOM_OF_TENTHS
    return Decimal(50), _ROOM_OF_TENTHS
