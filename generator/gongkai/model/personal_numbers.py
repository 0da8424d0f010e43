"""Personal numbers in runs of digits: by length, check digit, date, prefix and the words before."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gongkai.model.digit_runs import SHORTEST_NUMBER, Group, iter_digit_runs
from gongkai.model.number_subjects import SHORT_NUMBER_WORD, NumberContext, Subject, read_context
from gongkai.model.personal_kinds import PersonalDataKind, PersonalDataMatch

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
"""First two digits of a division code (GB/T 2260)."""
_IDENTITY = re.compile(r"[1-9][0-9]{16}[0-9Xx]")
_X = re.compile(r"[ .\u200b-]{0,3}x(?![a-wyz])")
_CARD = re.compile(r"62[0-9]{14,17}|(?:4[0-9]|5[1-5])[0-9]{14}|35[2-8][0-9]{13}|3[47][0-9]{13}")
"""UnionPay, Visa, Mastercard, JCB, American Express."""
_MOBILE = re.compile("(?:0{0,2}86)?(1[3-9][0-9]{9})")
_DIALLED = re.compile(
    "(?:(?:00|0)?86|0|1795[01]|1259[03]|1790[189]|1791[01]|10193|11808)?1[3-9][0-9]{9}"
)
"""A mobile number as dialled, with the prefixes of carriers."""
_GLUED = re.compile(
    "(?:1[3-9][0-9]{9}){2,3}|[1-9][0-9]{17}1[3-9][0-9]{9}|0[0-9]{9,11}1[3-9][0-9]{9}"
)
"""Numbers with nothing between: mobile numbers, or an identity or landline number before one."""
_MOBILE_SHAPES: Mapping[tuple[int, ...], str] = {
    (3, 4, 4): " -.",
    (3, 3, 5): " -.",
    (5, 6): " -",
    (3, 8): "-",
}
"""Sizes of groups that make a mobile number without a word before, and their separators."""
_CARD_SHAPES = frozenset(
    {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 6, 6, 1), (6, 10), (6, 13), (4, 6, 5)}
)  # fmt: skip
_DATE = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_STRONG_GAP = re.compile(r" {0,3}[-.]{0,2} {0,3}")
"""Separators within a number; others, as commas and tabs, are more often between numbers."""
_LINE_BREAK = re.compile(r"[ -]{0,2}\n {0,40}")
_LETTERS_BEFORE = re.compile(r"(?<![a-z0-9])[a-z]{1,12}$")
_LETTERS_AFTER = re.compile(r"[a-z]{0,12}(?![a-z0-9])")
_CERTIFICATE_LETTERS = re.compile(r"(?<![a-z])([a-z]{1,2})[ .-]{0,2}$")
_DECIMALS = r"(?:\.[0-9]{1,6}(?![0-9]))? ?"
_MEASURES = "[百千万亿]{0,2}(?:[元角亩吨%人户份次个㎡]|公[顷里斤]|平[方米]|立方|千克|m²|m2|km|kg|rmb|usd|cny|字节|byte)"
_UNIT = re.compile(f"{_DECIMALS}{_MEASURES}")
"""Units of large numbers; 张 and 万 are surnames as well."""
_COUNTER = re.compile(f"{_DECIMALS}(?:{_MEASURES}|[百千万亿米条件台辆座套张名本场起例株棵头只])")
"""Units of any numbers."""
_MOST_DECIMALS = 6
_QQ_LENGTHS = range(6, 12)
_ACCOUNT_LENGTHS = range(12, 24)
_LONGEST = 23
"""Number of digits of the longest number."""
_MOST_GROUPS = 6
"""Number of groups that may be one number without a word before."""
_REACH = 60
"""Distance from a word's first number in which other numbers count as named by it."""
_SHORT_DISTANCE = 4
_LONGEST_LIST_NUMBER = 3
_SHORTEST: Mapping[Subject | None, int] = {
    Subject.QQ: 6,
    Subject.CERTIFICATE: 7,
    Subject.IDENTITY: 7,
}
"""Number of digits that a run must have, by subject."""


def find_personal_numbers(text: str) -> Iterator[PersonalDataMatch]:
    """Yield mobile, identity, account and other personal numbers in a text."""
    for run in iter_digit_runs(text, SHORT_NUMBER_WORD):
        yield from _judge_run(read_context(run))


class _Span(NamedTuple):
    """Consecutive groups of a run, taken as one number."""

    start: int
    stop: int
    """Index of the first group after it."""
    digits: str
    sizes: tuple[int, ...]
    gaps: frozenset[str]


class _Number(NamedTuple):
    """A personal number."""

    kind: PersonalDataKind
    span: _Span
    tail: int = 0
    """Number of characters after its last group that belong to it, as X does."""


def _judge_run(context: NumberContext) -> Iterator[PersonalDataMatch]:
    groups, index = context.run.groups, 0
    if sum(len(group.digits) for group in groups) < _SHORTEST.get(context.subject, SHORTEST_NUMBER):
        return
    reach = groups[0].start + _REACH
    while index < len(groups):
        number = None
        if context.subject in _NAMED_JUDGES and groups[index].start < reach:
            spans = tuple(_iter_spans(groups, index))
            number = _NAMED_JUDGES[context.subject](context, spans)
        number = number or _judge_plain(context, index)
        if number is None:
            index += 1
            continue
        yield _match(context, number)
        index = number.span.stop


def _match(context: NumberContext, number: _Number) -> PersonalDataMatch:
    span, groups, before = number.span, context.run.groups, context.run.before
    prefix, masked = 0, "******"
    if number.kind is PersonalDataKind.MOBILE:
        masked = f"{span.digits[-11:-8]}****"
        prefix = span.start == 0 and span.digits.startswith("86") and before.endswith("+")
    elif number.kind is PersonalDataKind.CARD:
        masked = f"{span.digits[:2]}****"
    elif number.kind is PersonalDataKind.CERTIFICATE:
        letters = _CERTIFICATE_LETTERS.search(before)
        prefix = len(letters[0]) if letters else 0
    start = groups[span.start].start - prefix
    return PersonalDataMatch(number.kind, start, masked, groups[span.stop - 1].end + number.tail)


def _iter_spans(groups: Sequence[Group], start: int) -> Iterator[_Span]:
    """Yield the spans that begin at a group, with any separators."""
    digits, gaps = "", frozenset[str]()
    sizes: tuple[int, ...] = ()
    for stop in range(start, len(groups)):
        group = groups[stop]
        digits, sizes = digits + group.digits, (*sizes, len(group.digits))
        gaps = gaps | {group.gap} if stop > start else gaps
        yield _Span(start, stop + 1, digits, sizes, gaps)
        if len(digits) >= _LONGEST:
            return


def _iter_plain_spans(groups: Sequence[Group], start: int) -> Iterator[_Span]:
    """Yield the spans that may be one number even if no word says so."""
    digits, gaps = groups[start].digits, frozenset[str]()
    sizes: tuple[int, ...] = (len(digits),)
    if len(digits) >= SHORTEST_NUMBER:
        yield _Span(start, start + 1, digits, sizes, gaps)
    for stop in range(start + 1, min(start + _MOST_GROUPS, len(groups))):
        group = groups[stop]
        digits += group.digits
        if len(digits) > _LONGEST:
            return
        is_broken = stop == start + 1 and _LINE_BREAK.fullmatch(group.gap)
        if not is_broken and not _STRONG_GAP.fullmatch(group.gap):
            return
        sizes, gaps = (*sizes, len(group.digits)), gaps | {group.gap}
        if len(digits) >= SHORTEST_NUMBER:
            yield _Span(start, stop + 1, digits, sizes, gaps)
        if is_broken:
            return


def _judge_plain(context: NumberContext, index: int) -> _Number | None:
    """Judge the spans at a group by themselves."""
    if context.run.has_lookalikes:
        return None
    groups, number = context.run.groups, None
    for span in _iter_plain_spans(groups, index):
        if tail := _identity_length(context, span):
            number = _Number(PersonalDataKind.IDENTITY, span, tail - len(span.digits))
        elif number is None and _is_plain_mobile(context, span):
            return _Number(PersonalDataKind.MOBILE, span)
        elif number is None and _is_plain_card(context, span):
            return _Number(PersonalDataKind.CARD, span)
    return number


def _identity_length(context: NumberContext, span: _Span) -> int:
    """Return the length of a valid identity number, with X, or of a disability card's; else 0."""
    if len(span.digits) in {18, 20} and is_identity_number(span.digits[:18]):
        return len(span.digits)
    if len(span.digits) == 17 and span.stop == len(context.run.groups):  # noqa: PLR2004 - before X
        x = _X.match(context.run.after)
        return 17 + x.end() if x and is_identity_number(f"{span.digits}X") else 0
    return 0


def _is_plain_mobile(context: NumberContext, span: _Span) -> bool:
    match = _MOBILE.fullmatch(span.digits)
    if context.subject is Subject.AMOUNT or not match or not _is_alone(context, span):
        return False
    sizes, groups = span.sizes, context.run.groups
    gaps = {group.gap for group in groups[span.start + 1 : span.stop]}
    if len(sizes) > 1 and sum(sizes[1:]) == len(match[1]) and match[1] != span.digits:
        sizes = sizes[1:]
        gaps = {group.gap for group in groups[span.start + 2 : span.stop]}
    if len(sizes) == 1:
        return True
    is_code = context.subject is Subject.CODE or bool(_DATE.fullmatch(match[1][3:]))
    return not is_code and len(gaps) == 1 and max(gaps) in _MOBILE_SHAPES.get(sizes, ())


def _is_plain_card(context: NumberContext, span: _Span) -> bool:
    if not _CARD.fullmatch(span.digits) or not passes_luhn(span.digits):
        return False
    if context.subject in {Subject.AMOUNT, Subject.CODE} or _is_code(span.digits):
        return False
    is_one = len(span.sizes) == 1 or (span.sizes in _CARD_SHAPES and len(span.gaps) == 1)
    return is_one and _is_alone(context, span) and not _touches_letters(context, span)


def _is_code(digits: str) -> bool:
    """Tell whether digits begin like codes do: a division and a year."""
    has_year = digits[6:8] in {"19", "20"}
    return has_year and not digits.startswith("62") and _PROVINCE.match(digits) is not None


def _is_alone(context: NumberContext, span: _Span) -> bool:
    """Tell whether a number is neither part of a word, a longer number, nor an amount."""
    run, groups = context.run, context.run.groups
    if span.start and groups[span.start].gap == "." and not _follows_list_number(context, span):
        return False
    is_in_word = span.start == 0 and _ends_in_letter_or_digit(run.before)
    if is_in_word and not _LETTERS_BEFORE.search(run.before):
        return False
    if span.stop == len(groups):
        return bool(_LETTERS_AFTER.match(run.after)) and not _UNIT.match(run.after)
    following = groups[span.stop]
    is_decimal = following.gap == "." and len(following.digits) <= _MOST_DECIMALS
    return not is_decimal and following.gap not in span.gaps


def _follows_list_number(context: NumberContext, span: _Span) -> bool:
    """Tell whether a number stands after the number of a list: 1.138…, at the beginning of a line."""
    number, before = context.run.groups[0].digits, context.run.before.rstrip(" ")
    is_number = span.start == 1 and len(number) < _LONGEST_LIST_NUMBER and number[0] != "0"
    return is_number and before[-1:] in {"", "\n", "|", ";"}


def _touches_letters(context: NumberContext, span: _Span) -> bool:
    run = context.run
    before = run.before if span.start == 0 else ""
    after = run.after[:1] if span.stop == len(run.groups) else ""
    return _ends_in_letter_or_digit(before) or _ends_in_letter_or_digit(after)


def _ends_in_letter_or_digit(text: str) -> bool:
    return text[-1:].isascii() and text[-1:].isalnum()


def _judge_phone(_: NumberContext, spans: Sequence[_Span]) -> _Number | None:
    """Judge numbers after 电话 and the like."""
    if _GLUED.fullmatch(spans[0].digits):
        return _Number(PersonalDataKind.MOBILE, spans[0])
    return next(
        (
            _Number(PersonalDataKind.MOBILE, span)
            for span in spans
            if _DIALLED.fullmatch(span.digits)
        ),
        None,
    )


def _judge_identity(context: NumberContext, spans: Sequence[_Span]) -> _Number | None:
    """Judge numbers after 身份证 and the like: the check digit may be wrong."""
    best = None
    for span in spans:
        if length := _identity_length(context, span):
            best = _Number(PersonalDataKind.IDENTITY, span, length - len(span.digits))
        elif (best is None and _is_near_identity(context, span)) or _is_old_identity(span.digits):
            best = _Number(PersonalDataKind.IDENTITY, span)
    return best or _judge_certificate(context, spans) or _judge_glued(spans[0])


def _judge_glued(span: _Span) -> _Number | None:
    """Judge an identity number and a mobile number with nothing between."""
    is_glued = _GLUED.fullmatch(span.digits) and is_identity_number(span.digits[:18])
    return _Number(PersonalDataKind.IDENTITY, span) if is_glued else None


def _is_near_identity(context: NumberContext, span: _Span) -> bool:
    """Tell whether digits look like an identity number but for the check digit."""
    digits = span.digits
    is_long = len(digits) == 18 or (  # noqa: PLR2004
        len(digits) == 17 and span.stop == len(context.run.groups) and _X.match(context.run.after)  # noqa: PLR2004
    )
    return bool(is_long) and (_PROVINCE.match(digits) is not None or _is_birth_date(digits[6:14]))


def _is_old_identity(digits: str) -> bool:
    return len(digits) == 15 and _is_birth_date(f"19{digits[6:12]}")  # noqa: PLR2004 - before 1999


def _judge_account(context: NumberContext, spans: Sequence[_Span]) -> _Number | None:
    """Judge numbers after 账号 and the like: the check digit may be wrong."""
    number = None
    if _is_date(spans):
        return None
    for span in spans:
        if len(span.gaps) > 1 and not all(map(_STRONG_GAP.fullmatch, span.gaps)):
            break
        if len(span.digits) in _ACCOUNT_LENGTHS:
            kind = PersonalDataKind.CARD if passes_luhn(span.digits) else PersonalDataKind.ACCOUNT
            number = _Number(kind, span)
    is_amount = number and (
        _has_unit(context, number.span, _UNIT) or _has_cents(context, number.span)
    )
    return None if is_amount else number


def _judge_certificate(context: NumberContext, spans: Sequence[_Span]) -> _Number | None:
    """Judge numbers after 护照, 社保卡 and the like."""
    letters = _CERTIFICATE_LETTERS.search(context.run.before)
    is_direct = context.subject is Subject.CERTIFICATE and len(context.between) <= _SHORT_DISTANCE
    if not letters and (not is_direct or _is_date(spans)):
        return None
    lengths = range(7, 11) if letters else range(8, 13)
    return _longest(PersonalDataKind.CERTIFICATE, context, spans, lengths)


def _judge_qq(context: NumberContext, spans: Sequence[_Span]) -> _Number | None:
    return _longest(PersonalDataKind.QQ, context, spans, _QQ_LENGTHS)


def _longest(
    kind: PersonalDataKind, context: NumberContext, spans: Sequence[_Span], lengths: range
) -> _Number | None:
    """Return the longest span that fits, at the beginning of a run, unless it counts something."""
    fitting = [span for span in spans if len(span.digits) in lengths and span.start == 0]
    is_number = fitting and not _has_unit(context, fitting[-1], _COUNTER)
    return _Number(kind, fitting[-1]) if is_number else None


_NAMED_JUDGES: Mapping[
    Subject | None, Callable[[NumberContext, Sequence[_Span]], _Number | None]
] = {
    Subject.PHONE: _judge_phone,
    Subject.IDENTITY: _judge_identity,
    Subject.ACCOUNT: _judge_account,
    Subject.CERTIFICATE: _judge_certificate,
    Subject.QQ: _judge_qq,
}


def _is_date(spans: Sequence[_Span]) -> bool:
    """Tell whether a run begins with a date: 2022-07-15, 20220715."""
    digits, sizes = spans[-1].digits, spans[-1].sizes
    if sizes[0] == 4:  # noqa: PLR2004 - a year
        return bool(_YEAR.match(digits)) and sizes[1:2] in {(1,), (2,)}
    return bool(_DATE.match(digits)) and sizes[0] in {8, 12, 14}


def _has_unit(context: NumberContext, span: _Span, unit: re.Pattern[str]) -> bool:
    return span.stop == len(context.run.groups) and bool(unit.match(context.run.after))


def _has_cents(context: NumberContext, span: _Span) -> bool:
    last = context.run.groups[span.stop - 1]
    return span.stop - span.start > 1 and last.gap == "." and len(last.digits) == 2  # noqa: PLR2004


def _is_birth_date(digits: str) -> bool:
    """Tell whether eight digits are a day since 1900."""
    try:
        birth_date = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return birth_date.year >= 1900  # noqa: PLR2004 - nobody alive was born before


def is_identity_number(digits: str) -> bool:
    """Tell whether 18 characters are an identity number: check digit and birth date (GB 11643)."""
    if not _IDENTITY.fullmatch(digits) or not _is_birth_date(digits[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECK_DIGITS[total % 11] == digits[17].upper()


def passes_luhn(text: str) -> bool:
    """Tell whether the digits of a text pass the Luhn check, as bank card numbers do."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [digit * 2 if n % 2 else digit for n, digit in enumerate(reversed(digits))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0  # noqa: PLR2004 - Luhn
