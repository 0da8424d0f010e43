"""A total and its parts: whether they add up, and by how much rounding may excuse them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from gongkai.checks.sentences.quantities import Quantity

_FEW = 8
"""More rounded parts than these may be off by two of the last digit."""
_TENFOLDS = frozenset(Decimal(10) ** power for power in range(1, 5))
"""How many times a total its parts come to where a point or a 万 is misplaced."""
_NEARLY_ALL = 20
"""Parts without a joining word that come to more than 19/20 of a total are meant to be all of it."""
MIN_PARTS = 2
"""A list of fewer parts is only an example."""
_OVERLAP = re.compile(
    r"党员|妇女|女(?!儿|贞)|男|少数民族|残疾|脱贫|贫困|低保|岁|本科|大专|硕士|研究生|老年|未成年"
)
"""Words for attributes that one person or thing can have besides another."""
CHANGED = re.compile(
    r"(?:增加|增长|减少|下降|上升|降低|压减|调减|调增|提高|节约|追加|新增|同比|上浮|下浮)[了约的]?\s*$"
)
COMPARED = re.compile(r"^\s*(?:同比|环比|比|较|与)|(?:比|较)(?:上年|去年|年初|预算|目标|计划)")
OTHER_TOTAL = re.compile(
    r"总额|合计|总计|共计|小计|负债|另[购有外行]|此外|(?<!上年)(?<!使用)结余|(?<!上年)(?<!使用)结转|余额|累计|剩余资金"
    r"|(?:实际|全年|本年)(?:支出|完成|执行)|执行数|到位资金|其中"
)
"""Words that name another total rather than a part of the one before."""
OTHER_MEASURE = re.compile(
    r"(?:目标|计划)(?:数|值|投资|完成|安排|培训|建设)?(?:为)?$|上年(?!结转|结余)|去年|上一年|年初预算|原(?:有|来)?$|标准$|同比|等奖|最高|最低|应为|平均"
)
"""Words that name a figure to compare with, or one for one, rather than a part."""


class ListKind(Enum):
    """How a sentence joins a total to its parts."""

    AMONG = "其中"
    ALL = "如下、分为"
    APART = "分别为"
    INCLUDE = "包括"
    MADE_OF = "由……组成"
    BELOW = "：、——、一是"
    OF = "……中"
    BRACKETS = "（……）"
    SUM = "合计"
    SIDES = "左……，右……"
    """Parts that are all there can be, without a word that joins them to the total."""
    BESIDE = "甲……，乙……"
    """The same, but there may be more parts."""
    DIVIDED = "按……分"
    """Parts by a feature that all of a total has."""

    @property
    def claims_all(self) -> bool:
        """Whether the words say that the parts are all of it."""
        return self in {
            ListKind.ALL,
            ListKind.APART,
            ListKind.MADE_OF,
            ListKind.SUM,
            ListKind.SIDES,
            ListKind.DIVIDED,
        }

    @property
    def is_stated(self) -> bool:
        """Whether words or signs say that parts follow, not only the parts' names."""
        return self not in {ListKind.SIDES, ListKind.BESIDE, ListKind.DIVIDED}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a total."""

    name: str
    quantity: Quantity
    reference: str
    """The document number (文号) in brackets after the figure; empty if there is none."""
    after_semicolon: bool = False
    """Whether a “；” separates it from the part before it."""


@dataclass(frozen=True, slots=True)
class ItemizedTotal:
    """A total and the parts that its sentence lists."""

    total: Quantity | None
    """None if the sentence names the total without its figure (支出包括……)."""
    parts: tuple[Part, ...]
    figures: tuple[Quantity, ...]
    """The figures that may be the total, with it."""
    kind: ListKind
    is_open: bool
    """Whether the list ends in 等 or names main parts only, so that parts may be missing."""
    is_cut: bool
    """Whether figures of the same unit follow that may be parts."""
    sentence: str
    name: str
    """The words before the total."""

    @property
    def base_unit(self) -> str:
        """The base unit of the parts."""
        return self.parts[0].quantity.base_unit

    @property
    def part_sum(self) -> Decimal:
        """The sum of the parts, in the base unit."""
        return sum((part.quantity.base_value for part in self.parts), Decimal(0))

    @property
    def adds_up(self) -> bool:
        """Whether the parts come to the total or to another figure before the list.

        Parts that only detail the one before them may count or not.
        """
        values = [part.quantity.base_value for part in self.parts]
        sums = (self.part_sum, sum_without_details(values))
        return comes_to(sums, self.figures, self.tolerance)

    @property
    def tolerance(self) -> Decimal:
        """By how much the sum may differ because figures are rounded to their last digits."""
        parts = [part.quantity for part in self.parts]
        return rounding_tolerance(self.total, parts) if self.total else Decimal(0)

    def is_faulty(self, total: Decimal) -> bool:
        """Whether the parts differ from a total by so much, and by so little, that it is a fault.

        Parts of 其中 may be a choice: then they come to much less. A list misread comes to much more.
        """
        values = [part.quantity.base_value for part in self.parts]
        missing = total - self.part_sum
        if len(values) < MIN_PARTS or any(part.quantity.is_rough for part in self.parts):
            return len(values) < MIN_PARTS and self._exceeds(missing, total)
        names = "".join(part.name for part in self.parts)
        is_divided = self.kind is ListKind.DIVIDED
        if not is_divided and _OVERLAP.search(names) and not ("男" in names and "女" in names):
            return False
        if missing < 0:
            is_tenfold = self.kind.is_stated and self.part_sum / total in _TENFOLDS
            return is_tenfold or -missing <= (total if self.kind.is_stated else total / 2)
        if self.kind is ListKind.BESIDE:
            is_whole = len(values) > MIN_PARTS and not (self.is_open or self.is_cut)
            return is_whole and missing * _NEARLY_ALL <= total
        if self.is_open or self.is_cut:
            return (
                not self.is_cut
                and self.kind is ListKind.ALL
                and self.base_unit == "元"
                and missing <= total / 2
            )
        smallest = min((value for value in values if value), default=Decimal(0))
        limit = total / 2 if self.kind.claims_all else max(smallest, total / 10)
        return missing <= limit

    def _exceeds(self, missing: Decimal, total: Decimal) -> bool:
        return self.kind is ListKind.AMONG and -total <= missing < 0


def rounding_tolerance(total: Quantity, parts: Sequence[Quantity]) -> Decimal:
    """Return by how much a sum of figures may be off because of rounding.

    Figures of one unit (万亩, 亩) are as exact as the most exact of them, and whole numbers are exact.
    """
    figures = [total, *parts]
    if len({figure.exponent for figure in figures}) > 1:
        places: dict[int, int] = {}
        for figure in figures:
            known = places.get(figure.exponent, figure.last_place)
            places[figure.exponent] = min(known, figure.last_place)
        finest, own = min(places.values()), places[total.exponent]
        coarse = [places[figure.exponent] for figure in parts if figure.last_place > own]
        rounded = [*coarse, *([own] if own > finest else [])]
        return sum((Decimal(5).scaleb(place - 1) for place in rounded), Decimal(0))
    place = min(figure.last_place for figure in figures)
    inexact = len(parts) if place < total.exponent else 0
    steps = 0 if inexact <= MIN_PARTS else 1 if inexact <= _FEW else 2
    return Decimal(steps).scaleb(place)


def comes_to(sums: Iterable[Decimal], figures: Sequence[Quantity], tolerance: Decimal) -> bool:
    """Tell whether a sum is one of the figures, or the sum of the last two or three."""
    values = [figure.base_value for figure in figures]
    targets = {*values, *(sum(values[-count:], Decimal(0)) for count in (2, 3))}
    return any(abs(part_sum - target) <= tolerance for part_sum in sums for target in targets)


def sum_without_details(values: Sequence[Decimal]) -> Decimal:
    """Return the sum without the values that are the parts of the one before them."""
    total, index = Decimal(0), 0
    while index < len(values):
        value = values[index]
        total += value
        index += 1
        running = Decimal(0)
        for end in range(index, len(values)):
            running += values[end]
            if running > value:
                break
            if running == value and end > index and value:
                index = end + 1
                break
    return total
