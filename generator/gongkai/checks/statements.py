"""What the sentences of a report state in figures: totals with their parts, changes, amounts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gongkai.model.values import number_of

_NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_UNIT = r"万元|亿元|元|万人次|万人|万户|万|亿|人次|户次|个|户|人|名|家|所|处|台|辆|条|项|次|期|场|篇|份|公里|亩|平方米"
_QUANTITY = re.compile(rf"(?<![0-9.\[〔])({_NUMBER})\s*({_UNIT})(?!以)")
_SENTENCE = re.compile(r"[^。！？]+")
_CONNECTOR = re.compile(
    r"(?:其中|具体情况如下|具体如下|情况如下|分别为|分别是|包括)\s*[：:，,]?|(?<=分别)(?=[\u4e00-\u9fff])"
)
_BETWEEN = re.compile(r"[；;，,、]+")
_PIECE = re.compile(rf"(.*?)[：:为共]?\s*({_NUMBER})\s*({_UNIT})(等[^0-9]*)?")
_BRACKETED = re.compile(r"（[^（）]*）|\([^()]*\)")
_REFERENCE = re.compile(r"[\u4e00-\u9fff]{1,8}[\[〔（(]\d{4}[\]〕）)]\s*\d+号")
_RISE, _FALL = ("增加", "增长", "上升", "提高", "上涨"), ("减少", "下降", "降低", "压减", "减")
_WORD = "|".join((*_RISE, *_FALL))
_CHANGE = re.compile(
    rf"({_NUMBER})\s*(万元|亿元|元)[，,]?\s*(?:比|较|同比)(?:上年|去年|上一年|20\d\d年)?(?:度)?\s*"
    rf"({_WORD})(?:了)?\s*({_NUMBER})\s*(万元|亿元|元)"
    rf"(?:[，,、]\s*(?:同比)?({_WORD})?(?:了|幅度为|率为)?\s*({_NUMBER})\s*[%％])?"
)
_BUDGET_TO_FINAL = re.compile(
    rf"预算\D{{0,4}}({_NUMBER})\s*(万元|亿元|元)[，,]\s*决算\D{{0,4}}({_NUMBER})\s*(万元|亿元|元)[，,]"
    rf"\s*\D{{0,4}}({_WORD})\s*({_NUMBER})\s*(万元|亿元|元)"
)
_LEAST_PARTS = 2
_ANOTHER = re.compile(r"总额|合计|总计|共计|负债|结余|结转")
"""What names a total of its own, and no part of the one before."""
_SCALES = {"万元": (4, "元"), "亿元": (8, "元"), "万": (4, "元"), "亿": (8, "元"),
           "万人次": (4, "人次"), "万人": (4, "人"), "万户": (4, "户")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its unit, as it stands in a line."""

    text: str
    number: Decimal
    unit: str
    column: int
    """From 0."""

    @property
    def worth(self) -> Decimal:
        """In the base unit (元, 人次 …)."""
        places, _ = _SCALES.get(self.unit, (0, ""))
        return self.number.scaleb(places)

    @property
    def base(self) -> str:
        """The base unit."""
        return _SCALES.get(self.unit, (0, self.unit))[1]


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a list: its name, its figure, the document number in brackets behind it."""

    name: str
    quantity: Quantity
    reference: str
    last: bool
    """Whether “；” follows."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A total and the parts that the sentence names."""

    total: Quantity
    parts: tuple[Part, ...]
    others: tuple[Quantity, ...]
    """Other figures before the list, of which one may be the total."""
    open: bool
    """Whether the list ends in 等: not all parts are named."""
    sentence: str

    @property
    def adds_up(self) -> bool:
        """Whether the parts come to a figure before the list, or those before the first “；” do.

        “25人，其中：行政10人，事业15人；退休8人”: what follows a “；” may be something else.
        """
        figures = {each.worth for each in (self.total, *self.others) if each.base == self.base}
        ends = (number for number, part in enumerate(self.parts, start=1) if part.last)
        first = next(ends, len(self.parts))
        sums = [
            sum((part.quantity.worth for part in self.parts[:count]), Decimal(0))
            for count in {len(self.parts), max(first, _LEAST_PARTS)}
        ]
        return any(each in figures for each in sums)

    @property
    def base(self) -> str:
        """The base unit of the parts."""
        return self.parts[0].quantity.base


@dataclass(frozen=True, slots=True)
class Change:
    """How much a figure changed, and by what percentage; the earlier figure where it is told."""

    now: Quantity
    amount: Quantity
    rises: bool
    before: Quantity | None
    rate: Decimal | None
    rate_text: str
    rate_rises: bool
    sentence: str


def quantities(line: str) -> list[Quantity]:
    """Every figure with a unit."""
    return [_quantity(match, 1, 0) for match in _QUANTITY.finditer(line)]


def lists_in(line: str) -> Iterator[Listed]:
    """The totals of a line with their parts; what is not understood is left alone."""
    for sentence in _SENTENCE.finditer(line):
        yield from _lists(sentence[0], sentence.start())


def _lists(text: str, start: int) -> Iterator[Listed]:
    for inner in _BRACKETED.finditer(text):
        if "其中" in inner[0]:
            total = quantities(text[: inner.start()])[-1:]
            yield from _listed(inner[0][1:-1], start + inner.start() + 1, total, text)
    flat = _BRACKETED.sub(lambda match: " " * len(match[0]), text)
    yield from _listed(flat, start, [], text)


def _listed(text: str, start: int, total: list[Quantity], sentence: str) -> Iterator[Listed]:
    connector = _CONNECTOR.search(text)
    if not connector:
        return
    head = text[: connector.start()]
    before = [_moved(each, start) for each in quantities(head)] or total
    tail = text[connector.end() :]
    if not before or _CONNECTOR.search(tail) or _CHANGE.search(head):
        return
    pieces = list(_pieces(tail, start + connector.end()))
    parts: list[Part] = []
    ends_open = False
    for piece, column in pieces:
        match = _PIECE.fullmatch(piece.rstrip())
        if not match:
            if re.search(r"[0-9]", piece) or not parts:
                return
            break
        reference = _reference(sentence, column - start + len(piece.rstrip()))
        name = match[1].strip(" ：:的")
        figure = Quantity(
            f"{match[2]}{match[3]}", number_of(match[2]), match[3], column + match.start(2)
        )
        if _ANOTHER.search(name):
            break
        after = text[column - start + len(piece) :].lstrip()[:1]
        parts.append(Part(name, figure, reference, after in {"；", ";"}))
        ends_open = bool(match[4])
    if len(parts) >= _LEAST_PARTS and len({part.quantity.base for part in parts}) == 1:
        if any(part.name.endswith((*_RISE, *_FALL)) for part in parts):
            return
        ends_open = ends_open or "等" in tail[-6:]
        yield Listed(before[-1], tuple(parts), tuple(before[:-1]), ends_open, sentence.strip())


def _pieces(text: str, start: int) -> Iterator[tuple[str, int]]:
    """The items of a list, each with its column."""
    at = 0
    for match in [*_BETWEEN.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[at:end]
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            yield piece.strip(), start + at + lead
        at = match.end() if match else end


def _reference(sentence: str, at: int) -> str:
    """The document number in the brackets right behind a figure."""
    match = _BRACKETED.match(sentence, at)
    found = _REFERENCE.search(match[0]) if match else None
    return found[0] if found else ""


def changes_in(line: str) -> Iterator[Change]:
    """“X万元，比上年减少Y万元，减少Z%” and “预算A万元，决算B万元，增加C万元”."""
    for match in _CHANGE.finditer(line):
        rate = number_of(match[7]) if match[7] else None
        yield Change(
            now=_quantity(match, 1, 0),
            amount=_quantity(match, 4, 0),
            rises=match[3] in _RISE,
            before=None,
            rate=rate,
            rate_text=f"{match[7]}%" if match[7] else "",
            rate_rises=(match[6] or match[3]) in _RISE,
            sentence=match[0],
        )
    for match in _BUDGET_TO_FINAL.finditer(line):
        yield Change(
            now=_quantity(match, 3, 0),
            amount=_quantity(match, 6, 0),
            rises=match[5] in _RISE,
            before=_quantity(match, 1, 0),
            rate=None,
            rate_text="",
            rate_rises=match[5] in _RISE,
            sentence=match[0],
        )


def _quantity(match: re.Match[str], group: int, start: int) -> Quantity:
    number, unit = match[group], match[group + 1]
    column = start + match.start(group)
    return Quantity(f"{number}{unit}", number_of(number), unit, column)


def _moved(quantity: Quantity, start: int) -> Quantity:
    return Quantity(quantity.text, quantity.number, quantity.unit, quantity.column + start)
