"""Number formats of Excel (ECMA-376, 18.8.31): the text that a cell shows for a stored value."""

import datetime as dt
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from gongkai.model.values import format_decimal

_PLAIN_DATE, _MONTH_AND_DAY, _YEAR_AND_MONTH = (
    'yyyy"年"m"月"d"日"',
    'm"月"d"日"',
    'yyyy"年"m"月"',
)
_HOUR_AND_MINUTE = '上午/下午h"时"mm"分"'
BUILT_IN_FORMATS = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _YEAR_AND_MONTH, 28: _MONTH_AND_DAY, 29: _MONTH_AND_DAY, 30: "m-d-yy", 31: _PLAIN_DATE,
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: _HOUR_AND_MINUTE,
    35: f'{_HOUR_AND_MINUTE}ss"秒"', 36: _YEAR_AND_MONTH,
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: _YEAR_AND_MONTH, 51: _MONTH_AND_DAY, 52: _YEAR_AND_MONTH, 53: _MONTH_AND_DAY,
    54: _MONTH_AND_DAY, 55: _HOUR_AND_MINUTE, 56: f'{_HOUR_AND_MINUTE}ss"秒"',
    57: _YEAR_AND_MONTH, 58: _MONTH_AND_DAY,
}  # fmt: skip
"""Formats that a file names by number only, as Excel shows them in China."""
_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?)|(?P<escaped>[\\!].)|(?P<space>_.)|(?P<fill>\*.)
    |(?P<elapsed>\[(?:h+|m+|s+)\])|(?P<bracket>\[[^\]]*\])
    |(?P<general>General|G/通用格式)|(?P<noon>AM/PM|A/P|上午/下午)
    |(?P<exponent>E[+-])|(?P<date>y+|m+|d+|h+|s+|a{3,4}|e+)
    |(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<slash>/)|(?P<text>@)
    |(?P<literal>.)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SECTION_END = re.compile(r'"[^"]*"?|[\\!_*].|\[[^\]]*\]|;', re.DOTALL)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\]")
_CURRENCY = re.compile(r"\[\$([^-\]]*)(?:-([0-9A-Fa-f]+))?\]")
_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_NOT_ZERO = re.compile(r"[1-9]")
_SYSTEM_DATE, _SYSTEM_TIME = (
    re.compile(r"\[\$-F800\]", re.IGNORECASE),
    re.compile(r"\[\$-F400\]", re.IGNORECASE),
)
_DAY_LETTERS = frozenset("yemda")
_CHINESE_LOCALE = 0x804
_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_NUMERALS = {"1": ("〇一二三四五六七八九", "十百千"), "2": ("零壹贰叁肆伍陆柒捌玖", "拾佰仟")}
"""Digits and powers of ten of [DBNum1] and [DBNum2]."""
_BLANK_DIGITS = {"0": "0", "?": " ", "#": ""}
"""What the placeholders show where a number has no digit."""
_MAX_DIGITS, _MAX_SHOWN = 15, 10
"""Digits that Excel keeps, and that it shows of a number with a fraction in the format General."""
_LAST_SERIAL = 2_958_466
"""The day after 9999-12-31."""


class Token(NamedTuple):
    """A part of a format: its kind (digit, point, date …) and its characters."""

    kind: str
    text: str

    @property
    def letter(self) -> str:
        """The letter of a part of a date or time: y, m, d, a, h or s; else empty."""
        return self.text.strip("[]")[0].lower() if self.kind in {"date", "elapsed"} else ""


class FormatSection(NamedTuple):
    """One of up to four parts of a format, for positive, negative and zero numbers, and texts."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None
    is_date: bool
    is_chinese: bool
    """Whether months and days are written in Chinese ([$-804])."""
    numerals: str
    """The number of [DBNum1] or [DBNum2]; empty for Arabic digits."""


class UnknownFormatError(ValueError):
    """A format shows the value in a way that is not known."""


def stored_number(text: str) -> Decimal:
    """Return a stored number with the digits that Excel keeps. Raise ValueError if it is none."""
    number = float(text)
    if number in {float("inf"), float("-inf")} or number != number:  # noqa: PLR0124 - not a number
        raise ValueError(text)
    return Decimal(f"{number:.{_MAX_DIGITS}g}")


def shown_text(text: str, code: str) -> str:
    """Return what a cell shows for a text."""
    sections = parse_format(code)
    last = sections[-1]
    if len(sections) < 4 and not any(token.kind == "text" for token in last.tokens):  # noqa: PLR2004 - the fourth is for texts
        return text
    return "".join(
        text if kind == "text" else _literal(Token(kind, part)) for kind, part in last.tokens
    )


def shown_number(number: Decimal, code: str, *, is_1904: bool = False) -> str:
    """Return what a cell shows for a number. Raise UnknownFormatError if the format is not known."""
    section, signed = _choose_section(parse_format(code), number)
    if section.is_date:
        return "".join(_date_texts(section, number, is_1904=is_1904))
    shown = _number_text(section, abs(signed))
    is_zero = not (section.numerals or _NOT_ZERO.search(shown))
    return f"-{shown}" if signed < 0 and not is_zero else shown


def is_date_format(code: str, number: Decimal) -> bool:
    """Return whether a cell with this format shows a date or time for the number."""
    return _choose_section(parse_format(code), number)[0].is_date


def shows_whole_date(code: str, number: Decimal) -> bool:
    """Return whether a date is shown with its year, month and day."""
    section = _choose_section(parse_format(code), number)[0]
    letters = {token.letter for token, is_minute in _date_tokens(section) if not is_minute}
    return {"m", "d"} <= letters and bool(letters & {"y", "e"})


@lru_cache(maxsize=2_000)
def parse_format(code: str) -> tuple[FormatSection, ...]:
    """Parse a format into its sections."""
    if _SYSTEM_DATE.search(code):
        code = _PLAIN_DATE
    elif _SYSTEM_TIME.search(code):
        code = "h:mm:ss"
    ends = [match.start() for match in _SECTION_END.finditer(code) if match[0] == ";"]
    starts = [0, *(end + 1 for end in ends)]
    parts = [code[a:b] for a, b in zip(starts, [*ends, len(code)], strict=True)]
    return tuple(map(_parse_section, parts[:4]))


def _parse_section(code: str) -> FormatSection:
    tokens = [Token(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(code)]
    brackets = [token.text for token in tokens if token.kind == "bracket"]
    condition = next(filter(None, map(_CONDITION.fullmatch, brackets)), None)
    locales = [int(match[2] or "0", 16) for match in map(_CURRENCY.fullmatch, brackets) if match]
    numerals = next((text[-2] for text in brackets if text.upper().startswith("[DBNUM")), "")
    return FormatSection(
        tuple(tokens),
        (condition[1], Decimal(condition[2])) if condition else None,
        any(token.kind in {"date", "elapsed", "noon"} for token in tokens),
        any(locale & 0xFFFF == _CHINESE_LOCALE for locale in locales),
        numerals,
    )


def _choose_section(
    sections: Sequence[FormatSection], number: Decimal
) -> tuple[FormatSection, Decimal]:
    """Return the section for a number, and the number with the sign that is shown."""
    numeric = sections[:3]
    if len(numeric) > 1 and len(sections) == len(numeric) and _is_text_only(numeric[-1]):
        numeric = numeric[:-1]
    defaults = _DEFAULT_CONDITIONS[len(numeric)]
    for position, section in enumerate(numeric):
        sign, limit = section.condition or defaults[position]
        if _COMPARISONS[sign](number, limit):
            is_negative_section = position == 1 and number < 0
            return section, abs(number) if is_negative_section else number
    return numeric[-1], number


def _is_text_only(section: FormatSection) -> bool:
    return any(token.kind == "text" for token in section.tokens)


_ZERO = Decimal(0)
_DEFAULT_CONDITIONS = {
    1: [("<>", Decimal("NaN"))],
    2: [(">=", _ZERO), ("<>", Decimal("NaN"))],
    3: [(">", _ZERO), ("<", _ZERO), ("<>", Decimal("NaN"))],
}
"""Conditions of the sections by their number; any number differs from NaN."""


def _literal(token: Token) -> str:
    """Return what a token prints that stands for itself."""
    match token.kind:
        case "quoted":
            return token.text.strip('"')
        case "escaped":
            return token.text[1]
        case "space":
            return " "
        case "bracket":
            currency = _CURRENCY.fullmatch(token.text)
            return currency[1] if currency else ""
        case "fill":
            return ""
        case _:
            return token.text


def _number_text(section: FormatSection, number: Decimal) -> str:
    """Return what a section shows for a number that is not negative."""
    kinds = [token.kind for token in section.tokens]
    if "digit" not in kinds:
        shown = _numerals(general_text(number), section.numerals) if _is_general(kinds) else ""
        return "".join(
            shown if token.kind in {"general", "text"} else _literal(token)
            for token in section.tokens
        )
    if section.numerals:
        raise UnknownFormatError(f"[DBNum{section.numerals}]0")
    if "slash" in kinds[kinds.index("digit") :]:
        return _fraction_text(section, number)
    return _placed_text(section.tokens, _find_places(kinds), number)


def _is_general(kinds: Sequence[str]) -> bool:
    return "general" in kinds or "text" in kinds


class _Places(NamedTuple):
    """The positions of a section's placeholders."""

    whole: list[int]
    fraction: list[int]
    power: list[int]
    """Placeholders behind E+."""
    percents: int
    thousands: int
    """Commas behind the last placeholder: each divides by a thousand."""
    grouped: bool
    """Whether thousands are separated."""


def _find_places(kinds: Sequence[str]) -> _Places:
    """Return the positions of the placeholders among the kinds of the tokens."""
    digits = [position for position, kind in enumerate(kinds) if kind == "digit"]
    exponent = kinds.index("exponent") if "exponent" in kinds else len(kinds)
    point = min(kinds.index("point") if "point" in kinds else exponent, exponent)
    whole = [position for position in digits if position < point]
    fraction = [position for position in digits if point < position < exponent]
    ends = (places[-1] for places in (whole, fraction) if places)
    thousands = [
        len(list(takewhile(lambda kind: kind == "comma", kinds[end + 1 :]))) for end in ends
    ]
    return _Places(
        whole,
        fraction,
        [position for position in digits if position > exponent],
        kinds.count("percent"),
        max(thousands, default=0),
        bool(whole) and "comma" in kinds[whole[0] : whole[-1]],
    )


def _placed_text(tokens: Sequence[Token], places: _Places, number: Decimal) -> str:
    """Return a number with its digits at the placeholders."""
    number = number * Decimal(100) ** places.percents / Decimal(1000) ** places.thousands
    decimals, power = len(places.fraction), 0
    if places.power:
        number, power = _normalize(number, len(places.whole), decimals)
    digits, _, behind = f"{_round(number, decimals):f}".partition(".")
    texts = _whole_digits(digits, tokens, places.whole, grouped=places.grouped)
    texts |= _fraction_digits(behind, tokens, places.fraction)
    texts |= _whole_digits(f"{abs(power)}", tokens, places.power, grouped=False)
    shown: list[str] = []
    for position, token in enumerate(tokens):
        match token.kind:
            case "digit":
                shown.append(texts.get(position, ""))
            case "exponent":
                shown.append("E" + ("-" if power < 0 else token.text[1:].replace("-", "")))
            case "point" if not any(texts[place] for place in places.fraction):
                pass  # 5 and not 5. in the format #.##
            case "comma":
                pass
            case _:
                shown.append(_literal(token))
    return "".join(shown)


def _round(number: Decimal, decimals: int) -> Decimal:
    """Round half up, as Excel does."""
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _normalize(number: Decimal, whole: int, decimals: int) -> tuple[Decimal, int]:
    """Return a mantissa with up to `whole` digits before the point, and its power of ten."""
    if not number:
        return number, 0
    power = number.adjusted()
    power -= power % max(whole, 1)
    mantissa = number.scaleb(-power)
    limit = Decimal(10) ** max(whole, 1)
    if _round(mantissa, decimals) >= limit:
        return mantissa / limit, power + max(whole, 1)
    return mantissa, power


def _whole_digits(
    digits: str, tokens: Sequence[Token], places: Sequence[int], *, grouped: bool
) -> dict[int, str]:
    """Return the digits before the point by their placeholder; the first one takes all that remain."""
    digits = digits.lstrip("0")
    shown: dict[int, str] = {}
    for number, place in enumerate(reversed(places)):
        start = 0 if number == len(places) - 1 else len(digits) - 1 - number
        taken = digits[start : len(digits) - number] if number < len(digits) else ""
        taken = taken or _BLANK_DIGITS[tokens[place].text]
        shown[place] = _group(taken, number) if grouped else taken
    return shown


def _group(digits: str, follow: int) -> str:
    """Insert thousands separators into digits that `follow` digits stand behind."""
    text = ""
    for position, digit in enumerate(reversed(digits)):
        count = follow + position
        text = digit + ("," if count and count % 3 == 0 and digit != " " else "") + text
    return text


def _fraction_digits(
    decimals: str, tokens: Sequence[Token], places: Sequence[int]
) -> dict[int, str]:
    """Return the digits behind the point by their placeholder; zeros at the end for a 0 only."""
    zeros = [number for number, place in enumerate(places) if tokens[place].text == "0"]
    needed = max(len(decimals.rstrip("0")), zeros[-1] + 1 if zeros else 0)
    return {
        place: digit if number < needed else _BLANK_DIGITS[tokens[place].text]
        for number, (digit, place) in enumerate(zip(decimals, places, strict=True))
    }


def _fraction_text(section: FormatSection, number: Decimal) -> str:
    """Return a number as a fraction: # ?/? or # ??/16."""
    code = "".join(
        token.text for token in section.tokens if token.kind not in {"bracket", "space", "fill"}
    )
    match = re.fullmatch(r"(?:([#0?]+)\s+)?([#0?]+)/([#0?]+|\d+)", code.strip())
    if match is None:
        raise UnknownFormatError(code)
    whole = int(number) if match[1] else 0
    rest = Fraction(number) - whole
    if match[3].isdigit() and match[3].strip("0"):
        bottom = int(match[3])
        top = int(rest * bottom + Fraction(1, 2))
    else:
        nearest = rest.limit_denominator(10 ** len(match[3]) - 1)
        top, bottom = nearest.numerator, nearest.denominator
    if match[1] and top == bottom:
        whole, top = whole + 1, 0
    if not top and match[1]:
        return f"{whole}"
    return f"{whole} {top}/{bottom}" if whole else f"{top}/{bottom}"


_LAST_GENERAL = Decimal(10**11)
"""The first number that Excel shows as 1E+11."""


def general_text(number: Decimal) -> str:
    """Return what the format General shows: up to eleven digits, else a power of ten."""
    if abs(number) >= _LAST_GENERAL:
        digits, _, power = f"{number:.5E}".partition("E")
        return f"{digits.rstrip('0').rstrip('.')}E{power}"
    if number == number.to_integral_value():
        return f"{number:f}".partition(".")[0]
    whole_digits = max(number.adjusted() + 1, 1)
    rounded = _round(number, max(_MAX_SHOWN - whole_digits, 0))
    return format_decimal(rounded or number)


def _date_tokens(section: FormatSection) -> Iterator[tuple[Token, bool]]:
    """Yield the tokens, and whether an “m” stands for minutes: behind hours or before seconds."""
    places = [place for place, token in enumerate(section.tokens) if token.letter]
    letters = "".join(section.tokens[place].letter for place in places)
    for place, token in enumerate(section.tokens):
        number = places.index(place) if token.letter == "m" else 0
        is_minute = letters[:number].endswith("h") or letters[number + 1 :].startswith("s")
        yield token, token.letter == "m" and (is_minute or token.kind == "elapsed")


def _date_texts(section: FormatSection, number: Decimal, *, is_1904: bool) -> Iterator[str]:
    """Yield the parts of a date or time. Raise UnknownFormatError if there is no such date."""
    tokens = list(_date_tokens(section))
    shows_day = any(token.letter in _DAY_LETTERS and not is_minute for token, is_minute in tokens)
    if not (0 <= number < _LAST_SERIAL) or (shows_day and number < 1 and not is_1904):
        raise UnknownFormatError(f"{number}")
    shows_seconds = any(token.letter == "s" for token, _ in tokens)
    places = sum(token.kind == "digit" for token, _ in tokens) if shows_seconds else 3
    seconds = _round(number * 86_400, places)
    when = serial_date(seconds / 86_400, is_1904=is_1904)
    has_noon = any(token.kind == "noon" for token, _ in tokens)
    fraction = f"{seconds % 1:f}".partition(".")[2]
    for token, is_minute in tokens:
        match token.kind:
            case "date":
                letters = token.text.lower()
                yield _date_part(letters, when, section, is_minute=is_minute, has_noon=has_noon)
            case "elapsed":
                total = int(seconds) // {"h": 3600, "m": 60, "s": 1}[token.letter]
                yield f"{total:0{len(token.text) - 2}}"
            case "noon":
                is_chinese = section.is_chinese or token.text == "上午/下午"
                names = ("上午", "下午") if is_chinese else token.text.split("/")
                yield names[when.hour >= 12]  # noqa: PLR2004 - noon
            case "digit":
                yield fraction[:1]
                fraction = fraction[1:]
            case "general" | "text":
                raise UnknownFormatError(token.text)
            case _:
                yield _literal(token)


def serial_date(number: Decimal, *, is_1904: bool = False) -> dt.datetime:
    """Return the date and time of a serial number, to the second."""
    first = dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel has no time zones
    early = not is_1904 and number < 60  # noqa: PLR2004 - for Excel, 1900 has a February 29
    return first + dt.timedelta(days=early, seconds=int(number * 86_400))


def _date_part(
    letters: str, when: dt.datetime, section: FormatSection, *, is_minute: bool, has_noon: bool
) -> str:
    """Return one part of a date or time, e.g. the month for mm."""
    hour = (when.hour - 1) % 12 + 1 if has_noon else when.hour
    size = len(letters)
    if letters[0] in "ye":
        year = f"{when.year}" if size > 2 or letters[0] == "e" else f"{when.year:04}"[-2:]  # noqa: PLR2004 - yy
        return _digit_numerals(year, section.numerals)
    day = "一二三四五六日"[when.weekday()]
    if letters[0] == "a":
        return f"星期{day}" if size > 3 else day  # noqa: PLR2004 - aaaa
    if letters[0] == "d" and size > 2:  # noqa: PLR2004 - the name of the day
        return _name(_DAYS.split()[when.weekday()], size, (f"星期{day}", f"周{day}"), section)
    if letters[0] == "m" and not is_minute and size > 2:  # noqa: PLR2004 - the name of the month
        chinese = (f"{_small_numeral(when.month)}月", f"{when.month}月")
        return _name(_MONTHS.split()[when.month - 1], size, chinese, section)
    values = {"d": when.day, "h": hour, "s": when.second}
    value = values.get(letters[0], when.minute if is_minute else when.month)
    if section.numerals:
        return _small_numeral(value, section.numerals)
    return f"{value:0{min(size, 2)}}"


def _name(english: str, size: int, chinese: tuple[str, str], section: FormatSection) -> str:
    """Return the name of a month or day: in full, short (three letters) or one letter (five)."""
    if section.is_chinese:
        return chinese[size != 4]  # noqa: PLR2004 - mmmm
    return {3: english[:3], 5: english[:1]}.get(size, english)


def _small_numeral(number: int, numerals: str = "1") -> str:
    """Return a number below a hundred in Chinese numerals: 十二 and not 一十二."""
    text = _numerals(f"{number}", numerals)
    return text[1:] if numerals == "1" and text[1:2] == "十" and text[0] == "一" else text


def _numerals(text: str, numerals: str) -> str:
    """Return a number in Chinese numerals, if the format has them."""
    if not numerals:
        return text
    if numerals not in _NUMERALS or not text.isdigit():
        raise UnknownFormatError(f"[DBNum{numerals}]{text}")
    return _chinese_number(text, numerals)


def _digit_numerals(text: str, numerals: str) -> str:
    """Return a text with Chinese digits, if the format has them."""
    digits = _NUMERALS.get(numerals, ("0123456789", ""))[0]
    return text.translate(str.maketrans("0123456789", digits))


def _chinese_number(digits: str, numerals: str) -> str:
    """Return a whole number in Chinese numerals with 十, 百, 千, 万 and 亿."""
    names, powers = _NUMERALS[numerals]
    text, had_zero = "", False
    for position, digit in enumerate(digits):
        place = len(digits) - 1 - position
        if digit != "0":
            text += (names[0] if had_zero and text else "") + names[int(digit)]
            text += ("", *powers)[place % 4]
            had_zero = False
        else:
            had_zero = True
        if place and place % 4 == 0:
            group = digits[max(0, position - 3) : position + 1]
            text += ("万", "亿", "兆")[place // 4 - 1] if group.strip("0") else ""
    return text or names[0]
