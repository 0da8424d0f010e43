"""Extraction of figures from the sentences of a report: totals with parts, changes, amounts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gongkai.model.values import parse_decimal

_NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_UNIT = r"万元|亿元|元|万人次|万人|万户|万|亿|人次|户次|个|户|人|名|家|所|处|台|辆|条|项|次|期|场|篇|份|公里|亩|平方米"
_QUANTITY = re.compile(rf"(?<![0-9.\[〔])({_NUMBER})\s*({_UNIT})(?!以)")
_SENTENCE = re.compile(r"[^。！？]+")
_CONNECTOR = re.compile(
    r"(?:其中|具体情况如下|具体如下|情况如下|分别为|分别是|包括)\s*[：:，,]?|(?<=分别)(?=[\u4e00-\u9fff])"
)
_PART_SEPARATOR = re.compile(r"[；;，,、]+")
_PIECE = re.compile(rf"(.*?)[：:为共]?\s*({_NUMBER})\s*({_UNIT})(等[^0-9]*)?")
_BRACKETED = re.compile(r"（[^（）]*）|\([^()]*\)")
_REFERENCE = re.compile(r"[\u4e00-\u9fff]{1,8}[\[〔（(]\d{4}[\]〕）)]\s*\d+号")
_RISE, _FALL = ("增加", "增长", "上升", "提高", "上涨"), ("减少", "下降", "降低", "压减", "减")
_CHANGE_WORD = "|".join((*_RISE, *_FALL))
_CHANGE = re.compile(
    rf"({_NUMBER})\s*(万元|亿元|元)[，,]?\s*(?:比|较|同比)(?:上年|去年|上一年|20\d\d年)?(?:度)?\s*"
    rf"({_CHANGE_WORD})(?:了)?\s*({_NUMBER})\s*(万元|亿元|元)"
    rf"(?:[，,、]\s*(?:同比)?({_CHANGE_WORD})?(?:了|幅度为|率为)?\s*({_NUMBER})\s*[%％])?"
)
_BUDGET_TO_FINAL = re.compile(
    rf"预算\D{{0,4}}({_NUMBER})\s*(万元|亿元|元)[，,]\s*决算\D{{0,4}}({_NUMBER})\s*(万元|亿元|元)[，,]"
    rf"\s*\D{{0,4}}({_CHANGE_WORD})\s*({_NUMBER})\s*(万元|亿元|元)"
)
_MIN_PARTS = 2
_SEPARATE_TOTAL = re.compile(r"总额|合计|总计|共计|负债|结余|结转")
"""Words that name a separate total rather than a part of the previous one."""
_SCALES = {"万元": (4, "元"), "亿元": (8, "元"), "万": (4, "元"), "亿": (8, "元"),
           "万人次": (4, "人次"), "万人": (4, "人"), "万户": (4, "户")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its unit, as written in a line."""

    text: str
    number: Decimal
    unit: str
    column: int
    """Counted from 0."""

    @property
    def base_value(self) -> Decimal:
        """The number in the base unit (元, 人次 …)."""
        places, _ = _SCALES.get(self.unit, (0, ""))
        return self.number.scaleb(places)

    @property
    def base_unit(self) -> str:
        """The unit without 万 or 亿."""
        return _SCALES.get(self.unit, (0, self.unit))[1]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a total."""

    name: str
    quantity: Quantity
    reference: str
    """The document number (文号) in brackets after the figure; empty if there is none."""
    before_semicolon: bool
    """Whether “；” follows."""


@dataclass(frozen=True, slots=True)
class ItemizedTotal:
    """A total and the parts that its sentence lists."""

    total: Quantity
    parts: tuple[Part, ...]
    other_figures: tuple[Quantity, ...]
    """Other figures before the list, one of which may be the real total."""
    is_open: bool
    """Whether the list ends in 等, so that parts may be missing."""
    sentence: str

    @property
    def adds_up(self) -> bool:
        """Whether all parts, or those before the first “；”, add up to a figure before the list.

        “25人，其中：行政10人，事业15人；退休8人”: what follows a “；” may not belong to the total.
        """
        figures = {
            figure.base_value
            for figure in (self.total, *self.other_figures)
            if figure.base_unit == self.base_unit
        }
        ends = (number for number, part in enumerate(self.parts, start=1) if part.before_semicolon)
        first_end = next(ends, len(self.parts))
        sums = [
            sum((part.quantity.base_value for part in self.parts[:count]), Decimal(0))
            for count in {len(self.parts), max(first_end, _MIN_PARTS)}
        ]
        return any(part_sum in figures for part_sum in sums)

    @property
    def base_unit(self) -> str:
        """The base unit of the parts."""
        return self.parts[0].quantity.base_unit


@dataclass(frozen=True, slots=True)
class StatedChange:
    """A change of a figure as a sentence states it."""

    current: Quantity
    amount: Quantity
    """变动额."""
    rises: bool
    """Whether the word before the amount is one of rising."""
    previous: Quantity | None
    """The previous figure; None if the sentence does not give it."""
    rate: Decimal | None
    """变动率, percent."""
    rate_text: str
    rate_rises: bool
    """Whether the word before the rate is one of rising."""
    sentence: str


def _find_quantities(line: str) -> list[Quantity]:
    """Return all figures that have a unit."""
    return [_quantity_at(match, 1) for match in _QUANTITY.finditer(line)]


def find_itemized_totals(line: str) -> Iterator[ItemizedTotal]:
    """Yield the totals of a line with their parts; sentences of unknown structure are skipped."""
    for sentence in _SENTENCE.finditer(line):
        yield from _find_in_sentence(sentence[0], sentence.start())


def _find_in_sentence(text: str, start: int) -> Iterator[ItemizedTotal]:
    for inner in _BRACKETED.finditer(text):
        if "其中" in inner[0]:
            total = _find_quantities(text[: inner.start()])[-1:]
            yield from _parse_list(inner[0][1:-1], start + inner.start() + 1, total, text)
    unbracketed = _BRACKETED.sub(lambda match: " " * len(match[0]), text)
    yield from _parse_list(unbracketed, start, [], text)


def _parse_list(
    text: str, start: int, total: list[Quantity], sentence: str
) -> Iterator[ItemizedTotal]:
    """Yield the total that a text lists the parts of, if it lists any.

    `start` is the column of the text, `total` the total outside it where the text is in brackets.
    """
    connector = _CONNECTOR.search(text)
    if not connector:
        return
    head = text[: connector.start()]
    figures = [_shifted(quantity, start) for quantity in _find_quantities(head)] or total
    tail = text[connector.end() :]
    if not figures or _CONNECTOR.search(tail) or _CHANGE.search(head):
        return
    parts: list[Part] = []
    is_open = False
    for piece, column in _split_list(tail, start + connector.end()):
        match = _PIECE.fullmatch(piece.rstrip())
        if not match:
            if re.search(r"[0-9]", piece) or not parts:
                return
            break
        reference = _reference_at(sentence, column - start + len(piece.rstrip()))
        name = match[1].strip(" ：:的")
        figure = Quantity(
            f"{match[2]}{match[3]}", parse_decimal(match[2]), match[3], column + match.start(2)
        )
        if _SEPARATE_TOTAL.search(name):
            break
        after = text[column - start + len(piece) :].lstrip()[:1]
        parts.append(Part(name, figure, reference, after in {"；", ";"}))
        is_open = bool(match[4])
    if len(parts) >= _MIN_PARTS and len({part.quantity.base_unit for part in parts}) == 1:
        if any(part.name.endswith((*_RISE, *_FALL)) for part in parts):
            return
        is_open = is_open or "等" in tail[-6:]
        yield ItemizedTotal(
            figures[-1], tuple(parts), tuple(figures[:-1]), is_open, sentence.strip()
        )


def _split_list(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield (text, column) of the entries of a list."""
    begin = 0
    for match in [*_PART_SEPARATOR.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[begin:end]
        indent = len(piece) - len(piece.lstrip())
        if piece.strip():
            yield piece.strip(), start + begin + indent
        begin = match.end() if match else end


def _reference_at(sentence: str, column: int) -> str:
    """Return the document number in the brackets that begin at a column; empty if there is none."""
    brackets = _BRACKETED.match(sentence, column)
    reference = _REFERENCE.search(brackets[0]) if brackets else None
    return reference[0] if reference else ""


def find_changes(line: str) -> Iterator[StatedChange]:
    """Yield changes stated as “X万元，比上年减少Y万元，减少Z%” and “预算A万元，决算B万元，增加C万元”."""
    for match in _CHANGE.finditer(line):
        rate = parse_decimal(match[7]) if match[7] else None
        yield StatedChange(
            current=_quantity_at(match, 1),
            amount=_quantity_at(match, 4),
            rises=match[3] in _RISE,
            previous=None,
            rate=rate,
            rate_text=f"{match[7]}%" if match[7] else "",
            rate_rises=(match[6] or match[3]) in _RISE,
            sentence=match[0],
        )
    for match in _BUDGET_TO_FINAL.finditer(line):
        yield StatedChange(
            current=_quantity_at(match, 3),
            amount=_quantity_at(match, 6),
            rises=match[5] in _RISE,
            previous=_quantity_at(match, 1),
            rate=None,
            rate_text="",
            rate_rises=match[5] in _RISE,
            sentence=match[0],
        )


def _quantity_at(match: re.Match[str], group: int) -> Quantity:
    """Return the quantity whose number is a group of the match and whose unit is the next one."""
    number, unit = match[group], match[group + 1]
    return Quantity(f"{number}{unit}", parse_decimal(number), unit, match.start(group))


def _shifted(quantity: Quantity, offset: int) -> Quantity:
    return Quantity(quantity.text, quantity.number, quantity.unit, quantity.column + offset)
