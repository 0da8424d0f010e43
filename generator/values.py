"""Values as filed, and what they mean: 292.31万元, 95%以上, ——."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Value:
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


NOT_APPLICABLE = frozenset({"—", "——", "–", "－", "-", "--", "/", "／", "不适用"})
MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
"""Money units and their worth in 元."""
_MONEY_WORDS = {"万": "万元", "亿": "亿元"} | {unit: unit for unit in MONEY}
_COMPARISONS = {
    "≥": Comparison.AT_LEAST, "≧": Comparison.AT_LEAST, ">=": Comparison.AT_LEAST,
    "不低于": Comparison.AT_LEAST, "不少于": Comparison.AT_LEAST, "以上": Comparison.AT_LEAST,
    "≤": Comparison.AT_MOST, "≦": Comparison.AT_MOST, "<=": Comparison.AT_MOST,
    "不超过": Comparison.AT_MOST, "不高于": Comparison.AT_MOST, "以下": Comparison.AT_MOST,
    "以内": Comparison.AT_MOST,
    ">": Comparison.ABOVE, "＞": Comparison.ABOVE, "<": Comparison.BELOW, "＜": Comparison.BELOW,
    "=": Comparison.EQUAL, "＝": Comparison.EQUAL, "═": Comparison.EQUAL,
}  # fmt: skip
_BEFORE = "|".join(re.escape(sign) for sign in _COMPARISONS if not sign.startswith("以"))
_NUMBER = r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_AMOUNT = re.compile(rf"({_NUMBER})\s*(万元|亿元|元|万|亿)?")
_COUNT = re.compile(rf"({_NUMBER})\s*([^0-9\s%％.,]*)")
_POINTS = re.compile(rf"({_NUMBER})\s*分?")
_RATE = re.compile(rf"({_NUMBER})\s*([%％]?)")
_MEASURED = re.compile(rf"({_BEFORE})?\s*({_NUMBER})\s*([^0-9]*?)\s*(以上|以下|以内)?")
_FULL_WIDTH = re.compile(r"[０-９．，％＋－]")


def number_of(text: str) -> Decimal:
    """Exact decimal of a number as typed; separators between thousands are dropped."""
    return Decimal(text.replace(",", ""))


def comparison_of(text: str) -> Comparison | None:
    """What a sign or a word such as 不低于 asks for; None where it is no comparison."""
    return _COMPARISONS.get(text.strip())


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(number: Decimal, places: int) -> Decimal:
    """Half-up, as accountants round."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def parse(kind: Kind, text: str, money: str) -> Value | Misread:
    """Read a value as its form's type asks; `money` is the form's 金额单位."""
    text = text.strip(" \t\r\n\u3000")
    if not text:
        return Value()
    if text in NOT_APPLICABLE:
        return Value(text, State.NOT_APPLICABLE)
    reader = _READERS.get(kind)
    if reader is None:
        return Value(text, State.FILED)
    value = reader(text, money)
    if isinstance(value, Misread) or value.number is None:
        narrow = unicodedata.normalize("NFKC", text)
        again = reader(narrow, money) if _FULL_WIDTH.search(text) else value
        if isinstance(again, Value) and again.number is not None:
            return Misread(f"数字用了全角字符，请改写为半角“{narrow}”")
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
    if not match:
        return Value(text, State.FILED)
    sign = match[1] or match[4]
    measure = match[3].replace("％", "%")
    comparison = _COMPARISONS[sign] if sign else None
    return Value(text, State.FILED, number_of(match[2]), measure, comparison)


_READERS: dict[Kind, Callable[[str, str], Value | Misread]] = {
    Kind.AMOUNT: _amount,
    Kind.NUMBER: _count,
    Kind.POINTS: _points,
    Kind.RATE: _rate,
    Kind.MEASURED: _measured,
}

_REACHED: dict[Comparison, Callable[[Decimal, Decimal], bool]] = {
    Comparison.AT_LEAST: lambda target, actual: actual >= target,
    Comparison.ABOVE: lambda target, actual: actual > target,
    Comparison.EQUAL: lambda target, actual: actual == target,
    Comparison.AT_MOST: lambda target, actual: actual <= target,
    Comparison.BELOW: lambda target, actual: actual < target,
}


def reached(target: Value, actual: Value) -> bool | None:
    """Whether the actual value reaches the target; None where the two cannot be compared.

    A bare number is compared with a bare number or, up to 100, with a percentage (100 against 100%).
    """
    if target.number is None or actual.number is None:
        return None
    measures = {target.measure, actual.measure}
    bare_percentage = measures == {"", "%"} and target.number == actual.number
    if len(measures) > 1 and not bare_percentage:
        return None
    return _REACHED[target.comparison or Comparison.AT_LEAST](target.number, actual.number)
