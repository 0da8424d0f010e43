"""Values as filed, and what they mean: 292.31万元, 95%以上, ——."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple


class Kind(StrEnum):
    """What a field or column of a form holds (类型)."""

    TEXT = "文本"
    LONG_TEXT = "长文"
    AMOUNT = "金额"
    NUMBER = "数量"
    POINTS = "分数"
    RATE = "百分比"
    MEASURED = "指标值"
    """A target or an actual value: a quantity with its measure, or words."""
    DATE = "日期"
    CHOICE = "选择"


class State(StrEnum):
    """Three things that a reader must not confuse: nothing, not applicable, a value (0 is one)."""

    BLANK = "空白"
    NOT_APPLICABLE = "不适用"
    FILED = "已填"


class Comparison(StrEnum):
    """指标性质."""

    AT_LEAST = "≥"
    ABOVE = ">"
    EQUAL = "="
    AT_MOST = "≤"
    BELOW = "<"


class Value(NamedTuple):
    """A value as filed, to the character, and beside it what could be read from it."""

    text: str = ""
    state: State = State.BLANK
    number: Decimal | None = None
    measure: str = ""
    """度量单位: %, 户, 万元 …; empty where none is written."""
    comparison: Comparison | None = None

    @property
    def unread(self) -> bool:
        """Whether something is filed that is no number: nothing can be computed with it."""
        return self.state is State.FILED and self.number is None

    @property
    def or_zero(self) -> Decimal:
        """The number; 0 where the cell is blank, 不适用 or words (财预〔2020〕10号: 空=0)."""
        return self.number if self.number is not None else Decimal(0)


@dataclass(frozen=True, slots=True)
class Misread:
    """A value that its type does not allow; why, and what to type instead."""

    reason: str
    better: str = ""
    """The same in other characters, where that is all that is wrong."""


_BLANK = Value()
_new: Any = tuple.__new__
"""See sources: most of a document is words."""
NOT_APPLICABLE = frozenset({"—", "——", "–", "－", "-", "--", "/", "／", "不适用"})
MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
"""Money units and their worth in 元."""
_MONEY_WORDS = {"万": "万元", "亿": "亿元"} | {unit: unit for unit in MONEY}
_SIGNS = {
    Comparison.AT_LEAST: ("≥", "≧", ">=", "大于等于", "不低于", "不少于", "不小于", "至少", "达到"),
    Comparison.AT_MOST: (
        "≤",
        "≦",
        "<=",
        "小于等于",
        "不超过",
        "不高于",
        "不多于",
        "不大于",
        "控制在",
    ),
    Comparison.ABOVE: (">", "＞", "大于", "高于", "超过"),
    Comparison.BELOW: ("<", "＜", "小于", "低于"),
    Comparison.EQUAL: ("=", "＝", "═", "等于"),
}
"""What stands before a number."""
_ENDINGS = {
    Comparison.AT_LEAST: ("及以上", "以上"),
    Comparison.AT_MOST: ("及以下", "以下", "以内", "之内"),
}
"""What stands after a number and its measure."""
_BEFORE = {sign: comparison for comparison, signs in _SIGNS.items() for sign in signs}
_AFTER = {sign: comparison for comparison, signs in _ENDINGS.items() for sign in signs}
_NUMBER = r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_AMOUNT = re.compile(rf"({_NUMBER})\s*(万元|亿元|元|万|亿)?")
_COUNT = re.compile(rf"({_NUMBER})\s*([^0-9\s%％.,]*)")
_POINTS = re.compile(rf"({_NUMBER})\s*分?")
_RATE = re.compile(rf"({_NUMBER})\s*([%％]?)")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN = (
    r"[零〇一二两三四五六七八九十百千]+(?=个|次|项|条|人|户|场|期|家|所|处|台|套|份|篇|件|名|天|年)"
)
_MEASURED = re.compile(
    rf"({'|'.join(map(re.escape, _BEFORE))})?\s*({_NUMBER}|{_HAN})\s*([^0-9０-９~～—–-]*?)\s*"
    rf"({'|'.join(_AFTER)})?"
)
_DEADLINE = re.compile(r"[年月日号].*[前底初末内成]")
"""What follows the number of a deadline (12月底前), which is no quantity."""
_SAME_MEASURE = {"％": "%", "百分比": "%", "个百分比": "%"}
_FULL_WIDTH = re.compile(r"[０-９．，％＋－]")


def number_of(text: str) -> Decimal:
    """Exact decimal of a number as typed; separators between thousands are dropped."""
    return Decimal(text.replace(",", ""))


def comparison_of(text: str) -> Comparison | None:
    """What a sign or a word such as 不低于 asks for; None where it is no comparison."""
    return _BEFORE.get(text.strip())


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(number: Decimal, places: int) -> Decimal:
    """Half-up, as accountants round."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def parse(kind: Kind, text: str, money: str) -> Value | Misread:
    """Read a value as its form's type asks; `money` is the form's 金额单位."""
    return parser(kind, money)(text)


@cache
def parser(kind: Kind, money: str) -> Callable[[str], Value | Misread]:
    """What reads values of a type; the same figures stand in many cells, so they are remembered."""
    reader = _READERS.get(kind)
    if reader is None:
        return _words

    def read(text: str) -> Value | Misread:
        value = _words(text)
        return _read(reader, value.text, money) if value.state is State.FILED else value

    return lru_cache(maxsize=20_000)(read)


def _words(text: str) -> Value:
    text = text.strip(" \t\r\n\u3000")
    if not text:
        return _BLANK
    state = State.NOT_APPLICABLE if text in NOT_APPLICABLE else State.FILED
    words: Value = _new(Value, (text, state, None, "", None))
    return words


def _read(reader: Callable[[str, str], Value | Misread], text: str, money: str) -> Value | Misread:
    value = reader(text, money)
    if isinstance(value, Misread) or value.number is None:
        narrow = unicodedata.normalize("NFKC", text)
        again = reader(narrow, money) if _FULL_WIDTH.search(text) else value
        if isinstance(again, Value) and again.number is not None:
            return Misread(f"数字用了全角字符，请改写为半角“{narrow}”", narrow)
    return value


def _amount(text: str, money: str) -> Value | Misread:
    match = _AMOUNT.fullmatch(text)
    if not match:
        return Misread(f"应为金额（例如 292.31 或 292.31{money}），这里写的是“{text}”")
    unit = _MONEY_WORDS.get(match[2] or money, money)
    if unit != money:
        return Misread(
            f"本表金额以“{money}”为单位，这里写的是“{text}”；"
            f"请换算成{money}（{plain(number_of(match[1]) * MONEY[unit] / MONEY[money])}{money}），"
            f"或核对单位是否误写"
        )
    return Value(text, State.FILED, number_of(match[1]), unit)


def _count(text: str, _money: str) -> Value | Misread:
    match = _COUNT.fullmatch(text)
    if not match:
        return Misread(f"应为数字（例如 5 或 5人），这里写的是“{text}”")
    return Value(text, State.FILED, number_of(match[1]), match[2])


def _points(text: str, _money: str) -> Value | Misread:
    match = _POINTS.fullmatch(text)
    if not match:
        return Misread(f"应为分数（例如 10 或 9.5），这里写的是“{text}”")
    return Value(text, State.FILED, number_of(match[1]), "分")


def _rate(text: str, _money: str) -> Value | Misread:
    match = _RATE.fullmatch(text)
    if not match:
        return Misread(f"应为百分比（例如 100% 或 97.25%），这里写的是“{text}”")
    return Value(text, State.FILED, number_of(match[1]), "%")


def _measured(text: str, _money: str) -> Value:
    match = _MEASURED.fullmatch(text)
    if not match or _DEADLINE.match(match[3]):
        return Value(text, State.FILED)
    before, after = _BEFORE.get(match[1] or ""), _AFTER.get(match[4] or "")
    measure = _SAME_MEASURE.get(match[3], match[3])
    written = match[2]
    number = number_of(written) if written[-1].isascii() else han_number(written)
    if before is Comparison.AT_MOST and match[1] == "控制在" and after is None:
        before = None
    return Value(text, State.FILED, number, measure, after or before)


def han_number(text: str) -> Decimal:
    """A number below ten thousand in Chinese numerals: 二百四十 is 240."""
    total, digit = 0, 0
    for each in text:
        if each in _DIGITS:
            digit = _DIGITS[each]
        else:
            total += (digit or 1) * _TENS[each]
            digit = 0
    return Decimal(total + digit)


_READERS: dict[Kind, Callable[[str, str], Value | Misread]] = {
    Kind.AMOUNT: _amount,
    Kind.NUMBER: _count,
    Kind.POINTS: _points,
    Kind.RATE: _rate,
    Kind.MEASURED: _measured,
}
