"""Detection and masking of personal data: mobile numbers, identity numbers, bank cards and more."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_EDGE = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_MOBILE = re.compile(
    rf"{_EDGE[0]}(?:\+?86[- ]?)?"
    r"1[3-9](?:\d{9}|\d[- ]\d{4}[- ]\d{4}|\d[- ]\d{3}[- ]\d{5}|\d{3}[- ]\d{6})"
    rf"{_EDGE[1]}"
)
_IDENTITY = re.compile(rf"{_EDGE[0]}\d{{17}}[0-9Xx]{_EDGE[1]}")
_OLD_IDENTITY = re.compile(rf"身份证[^0-9]{{0,12}}({_EDGE[0]}\d{{15}}{_EDGE[1]})")
_CARD = re.compile(rf"{_EDGE[0]}(?:62|4|5)\d{{2}}(?:[ -]?\d{{4}}){{3}}(?:[ -]?\d{{3}})?{_EDGE[1]}")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_HOME = re.compile(r"\d+(?:号楼|栋|幢)(?:\d+单元)?\d{2,4}(?:室|号)")
_SUMS = re.compile(r"(?:[\u4e00-\u9fa5]{2,4}[：:，, ]{0,2}\d+(?:\.\d+)?元[、，；;,\s]*){3,}")
_ILLNESSES = re.compile(
    r"(?:[\u4e00-\u9fa5]{2,4}[（(](?:[^（）()]{0,8}(?:癌|病|症|残疾)[^（）()]{0,4})[）)][、，；;,\s]*){2,}"
)
_WIDE = re.compile(r"[０-９＋－＠]")
_DIGIT_RUN = re.compile(r"[0-9][0-9 -]{9,}[0-9Xx]")
"""A run of digits that may hold a mobile, identity or card number."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_NARROW = {wide: ord(unicodedata.normalize("NFKC", chr(wide))) for wide in range(0xFF01, 0xFF5F)}


class PersonalDataKind(StrEnum):
    """Kinds of personal data."""

    MOBILE = "手机号"
    IDENTITY = "身份证号"
    CARD = "银行卡号"
    MAIL = "电子邮箱"
    HOME = "住址"
    NAMES = "人员名单"


_HINTED_PATTERNS = tuple(
    (kind, pattern, tuple(map(re.compile, hints)))
    for kind, pattern, hints in (
        (PersonalDataKind.MAIL, _MAIL, ("@",)),
        (PersonalDataKind.HOME, _HOME, ("楼", "栋", "幢")),
        (
            PersonalDataKind.NAMES,
            _SUMS,
            (r"元(?<=\d元)[、，；;,\s]*[\u4e00-\u9fa5]{2,4}[：:，, ]{0,2}\d",),
        ),
        (
            PersonalDataKind.NAMES,
            _ILLNESSES,
            ("（[^（）()]{0,8}[癌病症残]", r"\([^（）()]{0,8}[癌病症残]"),
        ),
    )
)
"""Kind, pattern, hints: a pattern is searched only if one of its hints matches.

Hints start with a literal character, which `re` finds fast.
"""


@dataclass(frozen=True, slots=True)
class PersonalDataMatch:
    """Position and kind of personal data in a text; never the data itself."""

    kind: PersonalDataKind
    start: int
    """Offset in the text, from 0."""
    masked: str
    """Replacement text, for instance 138****."""
    end: int = 0
    """Offset after it; 0 for kinds that are reported but not masked."""


MASKED_KINDS = frozenset(
    {PersonalDataKind.MOBILE, PersonalDataKind.IDENTITY, PersonalDataKind.CARD}
)
"""Kinds that must never be stored unmasked."""


def mask_personal_data(text: str) -> str:
    """Mask the personal numbers in a text: 138****3461."""
    for match in sorted(find_personal_data(text), key=lambda match: -match.start):
        if match.kind in MASKED_KINDS and match.end:
            last = ""
            if match.kind is PersonalDataKind.MOBILE:
                last = "".join(filter(str.isdigit, text[match.start : match.end]))[-4:]
            text = f"{text[: match.start]}{match.masked}{last}{text[match.end :]}"
    return text


def find_personal_data(text: str) -> Iterator[PersonalDataMatch]:
    """Yield all personal data in a text."""
    narrow = text.translate(_NARROW) if _WIDE.search(text) else text
    runs = [(max(run.start() - 1, 0), run.end() + 1) for run in _DIGIT_RUN.finditer(narrow)]
    yield from _find_numbers(narrow, runs) if runs else ()
    for match in _OLD_IDENTITY.finditer(narrow) if "身份证" in narrow else ():
        yield PersonalDataMatch(PersonalDataKind.IDENTITY, match.start(1), "******", match.end(1))
    for kind, pattern, hints in _HINTED_PATTERNS:
        if any(hint.search(narrow) for hint in hints):
            yield from (
                PersonalDataMatch(kind, match.start(), "***") for match in pattern.finditer(narrow)
            )


def _find_numbers(narrow: str, runs: list[tuple[int, int]]) -> Iterator[PersonalDataMatch]:
    """Yield mobile numbers, identity numbers and bank cards in the (start, end) runs of digits."""

    def find(pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return (match for run in runs for match in pattern.finditer(narrow, *run))

    for match in find(_MOBILE):
        digits = "".join(filter(str.isdigit, match[0]))
        yield PersonalDataMatch(
            PersonalDataKind.MOBILE, match.start(), f"{digits[-11:-8]}****", match.end()
        )
    for match in find(_IDENTITY):
        if is_identity_number(match[0]):
            yield PersonalDataMatch(PersonalDataKind.IDENTITY, match.start(), "******", match.end())
    for match in find(_CARD):
        if passes_luhn(match[0]) and not is_identity_number(match[0]):
            yield PersonalDataMatch(
                PersonalDataKind.CARD, match.start(), f"{match[0][:2]}****", match.end()
            )


def is_identity_number(digits: str) -> bool:
    """Tell whether 18 characters are an identity number: check digit and birth date (GB 11643)."""
    if not re.fullmatch(r"\d{17}[0-9Xx]", digits):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    if _CHECK_DIGITS[total % 11] != digits[17].upper():
        return False
    try:
        birth_date = dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return birth_date.year >= 1900  # noqa: PLR2004 - nobody alive was born before


def passes_luhn(text: str) -> bool:
    """Tell whether the 16 or 19 digits of a text pass the Luhn check, as bank card numbers do."""
    digits = [int(character) for character in text if character.isdigit()]
    if len(digits) not in {16, 19}:
        return False
    doubled = [digit * 2 if n % 2 else digit for n, digit in enumerate(reversed(digits))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0  # noqa: PLR2004 - Luhn
