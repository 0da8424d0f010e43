"""Parts that follow a total without a word that joins them: 护岸12公里，左岸7公里，右岸5公里."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.checks.sentences.clauses import Sentence
from gongkai.checks.sentences.itemized import (
    CHANGED,
    COMPARED,
    MIN_PARTS,
    OTHER_MEASURE,
    OTHER_TOTAL,
    ItemizedTotal,
    ListKind,
    Part,
)
from gongkai.checks.sentences.quantities import Quantity

_MAX_PARTS = 30
_LONGEST_NAME = 12
_MOST_BETWEEN = 2
"""How many figures of other units may stand between a total and its parts."""
_CLOSED = (
    "左 右",
    "男 女",
    "上半 下半",
    "线上 线下",
    "内 外",
    "城 乡",
    "城镇 农村",
    "城镇 乡村",
    "城市 农村",
    "城区 乡镇",
    "城区 农村",
    "公办 民办",
    "专 兼",
    "在编 编外",
    "一 二 三 四",
)
"""Words of parts that are all of a total; numerals only as quarters."""
_OPEN = (
    "东 南 西 北 中",
    "上 中 下",
    "大 中 小",
    "初 高",
    "春 夏 秋 冬",
    "甲 乙 丙 丁 戊 己",
    "一 二 三 四 五 六 七 八 九 十",
    "新建 改建 扩建 续建 改造 改扩建 维修 修缮 修复",
    "中央 国家 省 市 县 区 乡 镇 村 上级 本级 中央级 国家级 省级 市级 县级 区级 乡级 镇级 村级 省本级 市本级 县本级 区本级",
    "小学 初中 高中 中学 幼儿园 大学 职高",
    "门诊 住院 急诊",
    "人大 政协",
    "来信 来访 来电 网络 电话 窗口 现场 书面",
    "行政 事业 工勤",
    "人员 公用 项目",
    "基本 项目",
    "财政 自筹 社会",
)
"""Words of parts that need not be all of a total, but cannot come to more."""
_KINDS = re.compile(
    r"(?:街道|社区|片区|标段|小学|中学|支队|大队|[镇乡村县区校馆所站组队类段线期批季级园院科])$"
)
"""Ends of the names of places and classes, of which every part has its own."""
_SEPARATOR = re.compile(r"\s*(?:[，,、；;：:]|以及|和|及|与)?\s*(?P<name>[^，,、；;：:。0-9]*)")
_LEADING = re.compile(r"^(?:[是为有]|完成|包括|第|[一二三四五六七八九十]是)+")
_TRAILING = re.compile(r"(?:完成|实施|建成|分别|共计|[为有是约达共计了的各])+$|\s+")
_QUARTER = re.compile(r"^季(?:度)?")
_ALL = re.compile(r"(?:共|合计|总计|累计)[^，,、；;：:。0-9]{0,8}$")
_NO_PART = re.compile(
    r"[了已未达超比较每]|完成|发放|检查|整改|建成|惠及|涉及|带动|覆盖|其他?人|志愿"
)
_SHORT_SUFFIX = 2
"""Longest word after the one in which names differ that need not be in the total's name."""
_SHORTEST_LIST = 3
"""Fewest parts of a list that only the word 共 before its total marks."""


@dataclass(frozen=True, slots=True)
class _Family:
    """What the names of parts have in common."""

    members: frozenset[str]
    """The words in which names of parts differ; empty if they are any words before a suffix."""
    prefix: str
    suffix: str
    is_closed: bool
    """Whether the parts are all there can be."""
    used: frozenset[str] = frozenset()
    """The members that the names have."""

    def has_total(self, name: str, unit: str) -> bool:
        """Tell whether a total of a name can be that of the parts, and is none of them."""
        if not self.members:
            return self.suffix[-1:] not in name
        head = self.suffix[:1]
        named = {member for member in self.members if f"{member}{head}" in name}
        if named and not (self.used and all(member in name for member in self.used)):
            return False
        if len(self.suffix) <= (1 if unit == "人" else _SHORT_SUFFIX):
            return True
        if unit == "人":
            is_of_pupils = "年级" in self.suffix and "生" in name
            return is_of_pupils or any(letter in name for letter in self.suffix)
        return self.suffix[-2:] in name


def is_partition(names: Sequence[str]) -> bool:
    """Tell whether names are those of parts of one total: 左岸, 右岸; 一标段, 二标段."""
    return _family_of([_clean(name) for name in names]) is not None


def find_partitions(
    sentence: Sentence, text: str, known: frozenset[int]
) -> Iterator[ItemizedTotal]:
    """Yield totals followed by parts that only their names show; not those at known columns."""
    quantities = sentence.quantities
    index = 0
    while index + MIN_PARTS <= len(quantities):
        parts, family = _parts_from(sentence, index)
        if family is None:
            parts = _parts_of_all(sentence, index)
        is_closed = family is not None and family.is_closed
        total = _find_total(sentence, index, is_closed=is_closed) if parts else None
        index += max(len(parts), 1)
        if not parts or total is None:
            continue
        figures = [part.quantity for part in parts]
        if total.column in known or known.intersection(figure.column for figure in figures):
            continue
        name = _words_before(text, total)
        if not _is_total(total, name) or (family and not family.has_total(name, total.base_unit)):
            continue
        follows = quantities[index : index + 1]
        yield ItemizedTotal(
            total,
            tuple(parts),
            tuple(
                figure
                for figure in quantities
                if figure.column < figures[0].column and figure.base_unit == total.base_unit
            )
            or (total,),
            ListKind.SIDES if is_closed else ListKind.BESIDE,
            is_open=False,
            is_cut=bool(follows and follows[0].base_unit == total.base_unit),
            sentence=text[min(sentence.start, total.column) : figures[-1].end].strip(),
            name=name,
        )


def _parts_from(sentence: Sentence, index: int) -> tuple[list[Part], _Family | None]:
    """Return the longest list from a figure on whose names are those of parts."""
    parts: list[Part] = []
    family: _Family | None = None
    for part in _iter_parts(sentence, index):
        candidate = _family_of([*(other.name for other in parts), part.name]) if parts else None
        if parts and candidate is None:
            break
        parts.append(part)
        family = candidate
    return (parts, family) if len(parts) >= MIN_PARTS else ([], None)


def _parts_of_all(sentence: Sentence, index: int) -> list[Part]:
    """Return the parts up to the end of a sentence, if the figure before says that it is all."""
    if not index:
        return []
    total, first = sentence.quantities[index - 1 : index + 1]
    head = sentence.text[max(total.column - sentence.start - _LONGEST_NAME, 0) :][:_LONGEST_NAME]
    head = head[: max(total.column - sentence.start, 0)]
    if total.base_unit != first.base_unit or first.is_money or not _ALL.search(head):
        return []
    parts = list(_iter_parts(sentence, index))
    is_whole = index + len(parts) == len(sentence.quantities) and len(parts) >= _SHORTEST_LIST
    names = [part.name for part in parts]
    if not is_whole or any(not name or _NO_PART.search(name) for name in names):
        return []
    rest = sentence.text[parts[-1].quantity.end - sentence.start :]
    running, target = parts[0].quantity.base_value * 0, total.base_value
    for part in parts:
        running += part.quantity.base_value
        if running == target:
            return []
    is_near = target < running <= target + target / 10
    return parts if is_near and not rest.strip(" 等") and "等" not in rest else []


def _iter_parts(sentence: Sentence, index: int) -> Iterator[Part]:
    """Yield figures of one unit from an index on, with nothing but a name between two."""
    quantities = sentence.quantities[index : index + _MAX_PARTS]
    first = quantities[0]
    for previous, quantity in zip((None, *quantities), quantities, strict=False):
        name = _name_of(sentence, quantity, previous)
        if name is None or quantity.base_unit != first.base_unit:
            return
        if quantity.is_rough or quantity.is_rate or quantity.is_percentage:
            return
        yield Part(name, quantity, "")


def _name_of(sentence: Sentence, quantity: Quantity, previous: Quantity | None) -> str | None:
    """Return the name of a figure; None if more than a name stands between it and another."""
    end = quantity.column - sentence.start
    begin = previous.end - sentence.start if previous else max(end - 2 * _LONGEST_NAME, 0)
    gap = sentence.text[begin:end]
    if previous is None:
        gap = re.split(r"[，,、；;：:。0-9]", gap)[-1]
    match = _SEPARATOR.fullmatch(gap)
    if match is None or len(match["name"].strip()) > _LONGEST_NAME:
        return None
    name = match["name"]
    if CHANGED.search(name) or COMPARED.search(name) or OTHER_MEASURE.search(name):
        return None
    return None if OTHER_TOTAL.search(name) else _clean(name)


def _clean(name: str) -> str:
    return _TRAILING.sub("", _LEADING.sub("", name.strip()))


def _family_of(names: Sequence[str]) -> _Family | None:
    """Return what names of parts have in common; None if they are not of the same kind."""
    if len(set(names)) < len(names) or not all(names):
        return None
    prefix, suffix = _common(names), _common([name[::-1] for name in names])[::-1]
    for words, is_closed in (*((w, True) for w in _CLOSED), *((w, False) for w in _OPEN)):
        family = _in_words(names, words.split(), prefix, suffix, is_closed=is_closed)
        if family:
            return family
    if _KINDS.search(suffix) and _KINDS.sub("", suffix) == "" and not prefix:
        return _Family(frozenset(), "", suffix, is_closed=False)
    return None


def _in_words(
    names: Sequence[str], words: Sequence[str], prefix: str, suffix: str, *, is_closed: bool
) -> _Family | None:
    """Return the family of names that differ in some words only."""
    first = names[0]
    for word in words:
        at = first.find(word)
        if at < 0 or at > len(prefix) or len(first) - at - len(word) > len(suffix):
            continue
        head, tail = first[:at], first[at + len(word) :]
        rests = {name[at : len(name) - len(tail)] for name in names}
        if not rests <= set(words) or len(rests) < len(names):
            continue
        if is_closed and (
            len(rests) < len(words) or (len(words) > MIN_PARTS and not _QUARTER.match(tail))
        ):
            continue
        return _Family(frozenset(words), head, tail, is_closed, frozenset(rests))
    return None


def _common(names: Sequence[str]) -> str:
    """Return the beginning that all names have in common."""
    shortest = min(names, key=len)
    for length, letter in enumerate(shortest):
        if any(name[length] != letter for name in names):
            return shortest[:length]
    return shortest


def _find_total(sentence: Sentence, index: int, *, is_closed: bool) -> Quantity | None:
    """Return the figure before a list that is its total; None if it is not near.

    A total in the sentence before needs parts that can only be all of it.
    """
    quantities = sentence.quantities
    first = quantities[index]
    for other in reversed(quantities[max(index - 1 - _MOST_BETWEEN, 0) : index]):
        if other.base_unit == first.base_unit:
            return other
    if index or not is_closed or sentence.in_brackets or sentence.previous is None:
        return None
    last = sentence.previous.quantities[-1:]
    begins = first.column - sentence.start <= _LONGEST_NAME
    return last[0] if last and begins and last[0].base_unit == first.base_unit else None


def _is_total(total: Quantity, name: str) -> bool:
    if total.is_rough or total.is_rate or total.is_percentage:
        return False
    return not (CHANGED.search(name) or COMPARED.search(name) or OTHER_MEASURE.search(name))


def _words_before(text: str, figure: Quantity) -> str:
    head = text[max(figure.column - 24, 0) : figure.column]
    return re.split(r"[，,；;。：:、（(\n]", head)[-1].strip()
