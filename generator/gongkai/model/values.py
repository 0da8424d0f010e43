"""Parsing of values as filed: 292.31万元, 95%以上, ——."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from gongkai.model.spreadsheet_errors import explain_spreadsheet_error


class Kind(StrEnum):
    """Type of a field or column of a form (类型)."""

    TEXT = "文本"
    LONG_TEXT = "长文"
    AMOUNT = "金额"
    NUMBER = "数量"
    POINTS = "分数"
    RATE = "百分比"
    MEASURED = "指标值"
    """A target or actual value: a quantity with its measure, or words."""
    DATE = "日期"
    CHOICE = "选择"


class ValueState(StrEnum):
    """Whether a value is blank, not applicable or filed (0 is filed)."""

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
    """A value: the text exactly as filed, and the number, measure and comparison parsed from it."""

    text: str = ""
    state: ValueState = ValueState.BLANK
    number: Decimal | None = None
    measure: str = ""
    """度量单位: %, 户, 万元 …; empty if none is written."""
    comparison: Comparison | None = None
    scale: Decimal = Decimal(1)
    """By what `number` is multiplied to give the number as filed: 10000 for 元 in a form of 万元."""

    @property
    def is_unparsed(self) -> bool:
        """Whether something other than a number is filed, so that nothing can be computed."""
        return self.state is ValueState.FILED and self.number is None

    @property
    def is_approximate(self) -> bool:
        """Whether it is filed as 约240户 or 240户左右."""
        return self.text.startswith(_APPROXIMATELY) or self.text.endswith(_ENDINGS[None])

    @property
    def filed_money(self) -> str:
        """The unit of money in which an amount is filed: 元, 万元, 亿元."""
        if self.scale == 1:
            return self.measure
        size = MONEY_UNITS[self.measure] / self.scale
        return next(unit for unit, units_size in MONEY_UNITS.items() if units_size == size)

    @property
    def or_zero(self) -> Decimal:
        """The number; 0 for blank, 不适用 and words (财预〔2020〕10号: 空=0)."""
        return self.number if self.number is not None else Decimal(0)


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """The error of a value that its type does not allow."""

    reason: str
    """In Chinese: what was expected and what was found."""
    suggestion: str = ""
    """A replacement, if only the characters are wrong (full-width digits)."""


_BLANK = Value()
NOT_APPLICABLE_TEXTS = frozenset({"—", "——", "–", "－", "-", "--", "/", "／", "不适用", "原件未载"})
MONEY_UNITS = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
"""Value of the money units in 元."""
_MONEY_WORDS = {"万": "万元", "亿": "亿元"} | {unit: unit for unit in MONEY_UNITS}
_PLAIN_AMOUNT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(元|万元|亿元)")
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
        "不突破",
        "控制在",
    ),
    Comparison.ABOVE: (">", "＞", "大于", "高于", "超过"),
    Comparison.BELOW: ("<", "＜", "小于", "低于"),
    Comparison.EQUAL: ("=", "＝", "═", "等于"),
}
"""Signs and words before a number."""
_ENDINGS: dict[Comparison | None, tuple[str, ...]] = {
    Comparison.AT_LEAST: ("（含）以上", "(含)以上", "及以上", "以上", "以上（含）", "以上(含)"),
    Comparison.AT_MOST: (
        "（含）以下",
        "(含)以下",
        "（含）以内",
        "(含)以内",
        "及以下",
        "以下",
        "以内",
        "之内",
        "内",
    ),
    None: ("左右", "上下"),
}
"""Words after a number and its measure; those of None say that it is approximate."""
_APPROXIMATELY = ("约", "大约", "近")
"""Words before a number that is approximate."""
_NOTE = re.compile(r"(?<=[^\s（(])\s*[（(](?:[^（）()]{3,}|含[^（）()]*)[）)]$")
"""A note in brackets at the end of a quantity: 66人（含学生志愿者）, but not 64台(套)."""
_BEFORE: dict[str, Comparison | None] = {
    sign: comparison for comparison, signs in _SIGNS.items() for sign in signs
} | dict.fromkeys(_APPROXIMATELY)
_AFTER = {sign: comparison for comparison, signs in _ENDINGS.items() for sign in signs}
_NUMBER = r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_AMOUNT = re.compile(rf"({_NUMBER})\s*(万元|亿元|元|万|亿)?")
_COUNT = re.compile(rf"({_NUMBER})\s*([^0-9\s%％.,]*)")
_POINTS = re.compile(rf"({_NUMBER})\s*分?")
_RATE = re.compile(rf"({_NUMBER})\s*([%％]?)")
_LARGEST_RATIO = 2
"""Rates without a percent sign that are below are ratios: 0.95 is 95%."""
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN = (
    r"[零〇一二两三四五六七八九十百千]+(?=个|次|项|条|人|户|场|期|家|所|处|台|套|份|篇|件|名|天|年"
    r"|座|起|班|届|辆|间|卷|册|株)"
)
_MEASURED = re.compile(
    rf"({'|'.join(map(re.escape, _BEFORE))})?\s*({_NUMBER}|{_HAN})\s*([^0-9０-９~～—–-]*?)\s*"
    rf"({'|'.join(map(re.escape, _AFTER))})?"
)
_CONCLUDED = re.compile(
    r"(人次|户次|场次|批次|[\u4e00-\u9fff])[^未没不，。；、]{0,8}?(?:[均都]|全部)[^未没不，。；、]{2,8}"
)
"""A measure with what all of them have done: 10所学校均已签约."""
_DEADLINE = re.compile(r"[年月日号].*[前底初末成]|[年月号]内")
"""Text after the number of a deadline (12月底前), which is not a quantity."""
_MISTYPED = str.maketrans({"。": ".", "−": "-", "–": "-", "—": "-"})
_AROUND_NUMBER = " \t'\"‘’“”¥$￥;；,，、约近"
_STRAY = re.compile(r"左右$|上下$|(?<=%)%$|(?<=\d),(?=\d)")
"""Words after an approximate number, a percent sign too many, commas within a number."""
_LETTERS = str.maketrans("OolI", "0011")
_LETTER_IN_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9][0-9,.]*(?:[Oo](?![A-Za-z/])|[lI](?=[0-9.]))|[OolI][0-9.]*[0-9])"
)
"""A letter that stands for a digit: 1O0%, 2O公里, 1l5."""
_LETTER_AT_END = re.compile(r"[0-9][lI]$")
"""One at the end, where no measure (5l, litres) can stand."""
_SAME_MEASURE = {"％": "%", "百分比": "%", "个百分比": "%"}
_DIGIT = re.compile(r"\d")
_NOTHING = re.compile(
    r"(?i)^\D*[无没未略空免同]\D*$|^[….·。、*xX×]+$|^(?:null|none|nan|nil|n/?a|no)$"
)
"""Words that people write where there is no figure."""
_HAN_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]")
_FULL_WIDTH = re.compile(r"[０-９．，％＋－]")


def parse_decimal(text: str) -> Decimal:
    """Parse a number exactly, dropping thousands separators."""
    return Decimal(text.replace(",", ""))


def parse_comparison(text: str) -> Comparison | None:
    """Parse a comparison sign or a word such as 不低于; None if it is neither."""
    return _BEFORE.get(text.strip())


def format_decimal(number: Decimal) -> str:
    """Format a number without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def readable_amount(text: str) -> str:
    """Return an amount with thousands separators, from 10,000 元 on in 万元: 38.77万元.

    Other texts are returned unchanged.
    """
    match = _PLAIN_AMOUNT.fullmatch(text)
    if not match:
        return text
    number, unit = parse_decimal(match[1]), match[2]
    if unit == "元" and number >= MONEY_UNITS["万元"]:
        number, unit = round_half_up(number / MONEY_UNITS["万元"], 2), "万元"
    return f"{number:,f}{unit}"


def decimals_of(number: Decimal) -> int:
    """Return the number of decimals as filed."""
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def round_half_up(number: Decimal, places: int) -> Decimal:
    """Round half-up to a number of decimal places."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def parse_value(kind: Kind, text: str, money: str) -> Value | InvalidValue:
    """Parse a value of a type; `money` is the form's 金额单位."""
    return value_parser(kind, money)(text)


@cache
def value_parser(
    kind: Kind, money: str, form_money: str = ""
) -> Callable[[str], Value | InvalidValue]:
    """Return a parser for values of a type; it caches, since the same figures recur in many cells.

    Amounts are filed in `money` or with a unit of their own; their numbers are in the form's 金额单位,
    so that they can be added. An amount below 1 in `money` with another unit (5元 in a table of 万元)
    is refused: the unit is more likely a slip.
    """
    parse_number = _PARSERS.get(kind)
    if parse_number is None:
        return _parse_text

    def parse_filed(text: str) -> Value | InvalidValue:
        filed = _parse_text(text)
        if filed.state is not ValueState.FILED:
            return filed
        value = _parse_half_width(parse_number, filed.text, money)
        if kind is not Kind.AMOUNT or not isinstance(value, Value):
            return value
        return _in_unit(value, form_money or money)

    return lru_cache(maxsize=20_000)(parse_filed)


def _in_unit(value: Value, money: str) -> Value:
    """Return an amount with its number in another unit of money."""
    if value.number is None or value.measure == money:
        return value
    scale = MONEY_UNITS[money] / MONEY_UNITS[value.measure]
    return value._replace(number=value.number / scale, measure=money, scale=scale)


def _parse_text(text: str) -> Value:
    text = text.strip(" \t\r\n\u3000")
    if not text:
        return _BLANK
    state = ValueState.NOT_APPLICABLE if text in NOT_APPLICABLE_TEXTS else ValueState.FILED
    return Value(text, state)


def _parse_half_width(
    parse_number: Callable[[str, str], Value | InvalidValue], text: str, money: str
) -> Value | InvalidValue:
    """Parse a number; report full-width characters if only they prevent it."""
    value = parse_number(text, money)
    if letter := _letter_for_digit(text, parse_number, money):
        return letter
    if isinstance(value, InvalidValue) or value.number is None:
        narrow = unicodedata.normalize("NFKC", text)
        narrow_value = parse_number(narrow, money) if _FULL_WIDTH.search(text) else value
        if isinstance(narrow_value, Value) and narrow_value.number is not None:
            return InvalidValue(f"数字用了全角字符，请改写为半角“{narrow}”", narrow)
    if isinstance(value, Value):
        return value
    likely = _likely_number(text)
    meant = parse_number(likely, money) if likely else value
    return _explain_words(value, text, likely if isinstance(meant, Value) else "")


def _letter_for_digit(
    text: str, parse_number: Callable[[str, str], Value | InvalidValue], money: str
) -> InvalidValue | None:
    """Return the error if a letter stands for a digit, which would make it a number."""
    is_measured = parse_number is _parse_measured
    match = _LETTER_IN_NUMBER.search(text) or (not is_measured and _LETTER_AT_END.search(text))
    if not match:
        return None
    digits = text.translate(_LETTERS)
    value = parse_number(digits, money)
    if isinstance(value, InvalidValue) or value.number is None:
        return None
    letters = "、".join(dict.fromkeys(letter for letter in match[0] if letter in "OolI"))
    return InvalidValue(
        f"应为数字，这里写的是“{text}”，疑混进了字母 {letters}；请改成 {letters.translate(_LETTERS)}"
    )


def _likely_number(text: str) -> str:
    """Return a text without the signs and letters that get into a number by mistake: ￥300; is 300."""
    plain = unicodedata.normalize("NFKC", text).translate(_MISTYPED)
    plain = _STRAY.sub("", plain.strip(_AROUND_NUMBER).removesuffix("."))
    if plain.startswith("."):
        plain = f"0{plain}"
    return plain if plain != text else ""


def _explain_words(value: InvalidValue, text: str, likely: str) -> InvalidValue:
    """Add to the error of a figure what words or an error value of Excel in its place mean.

    `likely` is the number that may be meant.
    """
    if meaning := explain_spreadsheet_error(text):
        return InvalidValue(f"：{meaning}；请回到原表查清，写上真正的数，没有的填 0，不适用的填“—”")
    if _NOTHING.search(text):
        return InvalidValue(f"{value.reason}；没有的填 0，不适用的填“—”")
    if _HAN_NUMERAL.search(text) and not _DIGIT.search(text):
        return InvalidValue(f"{value.reason}；请用阿拉伯数字写")
    if "；" in value.reason:
        return value
    if likely:
        return InvalidValue(f"{value.reason}；是否应为“{likely}”？")
    return InvalidValue(f"{value.reason}；这一格只写一个数，说明请写到别处")


def _parse_amount(text: str, money: str) -> Value | InvalidValue:
    match = _AMOUNT.fullmatch(text)
    if not match:
        return InvalidValue(f"应为金额（例如 292.31 或 292.31{money}），这里写的是“{text}”")
    unit, number = _MONEY_WORDS.get(match[2] or money, money), parse_decimal(match[1])
    converted = number * MONEY_UNITS[unit] / MONEY_UNITS[money]
    if unit != money and 0 < abs(converted) < 1:
        return InvalidValue(
            f"本表金额以“{money}”为单位，这里写的是“{text}”；"
            f"请换算成{money}（{format_decimal(converted)}{money}），"
            f"或核对单位是否误写"
        )
    return Value(text, ValueState.FILED, number, unit)


def _parse_count(text: str, _money: str) -> Value | InvalidValue:
    match = _COUNT.fullmatch(text)
    if not match:
        return InvalidValue(f"应为数字（例如 5 或 5人），这里写的是“{text}”")
    return Value(text, ValueState.FILED, parse_decimal(match[1]), match[2])


def _parse_points(text: str, _money: str) -> Value | InvalidValue:
    match = _POINTS.fullmatch(text)
    if not match:
        return InvalidValue(f"应为分数（例如 10 或 9.5），这里写的是“{text}”")
    return Value(text, ValueState.FILED, parse_decimal(match[1]), "分")


def _parse_rate(text: str, _money: str) -> Value | InvalidValue:
    match = _RATE.fullmatch(text)
    if not match:
        return InvalidValue(f"应为百分比（例如 100% 或 97.25%），这里写的是“{text}”")
    number = parse_decimal(match[1])
    if not match[2] and (number == 1 or (0 < number < _LARGEST_RATIO and "." in match[1])):
        number = number.scaleb(2)
    return Value(text, ValueState.FILED, number, "%")


def _parse_measured(text: str, _money: str) -> Value | InvalidValue:
    plain = _NOTE.sub("", text) if text.endswith(("）", ")")) else text
    match = _MEASURED.fullmatch(plain)
    if not match or _DEADLINE.match(f"{match[3]}{match[4] or ''}"):
        return Value(text, ValueState.FILED)
    before, after = _BEFORE.get(match[1] or ""), _AFTER.get(match[4] or "")
    measure = _SAME_MEASURE.get(match[3], match[3])
    if concluded := _CONCLUDED.fullmatch(measure):
        measure = concluded[1]
    numeral = match[2]
    number = parse_decimal(numeral) if numeral[-1].isascii() else parse_han_number(numeral)
    if before is Comparison.AT_MOST and match[1] == "控制在" and after is None:
        before = None
    return Value(text, ValueState.FILED, number, measure, after or before)


def parse_han_number(text: str) -> Decimal:
    """Parse a number below ten thousand in Chinese numerals: 二百四十 is 240."""
    total, digit = 0, 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * _TENS[character]
            digit = 0
    return Decimal(total + digit)


_PARSERS: dict[Kind, Callable[[str, str], Value | InvalidValue]] = {
    Kind.AMOUNT: _parse_amount,
    Kind.NUMBER: _parse_count,
    Kind.POINTS: _parse_points,
    Kind.RATE: _parse_rate,
    Kind.MEASURED: _parse_measured,
}
