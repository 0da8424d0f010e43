"""Personal data in any text: mobile numbers, identity numbers, bank cards and what else is private."""

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
_LONG = re.compile(r"[0-9][0-9 -]{9,}[0-9Xx]")
"""Where a number looked for can be: from its first digit, or the + before, to its last character."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_NARROW = {wide: ord(unicodedata.normalize("NFKC", chr(wide))) for wide in range(0xFF01, 0xFF5F)}


class Private(StrEnum):
    """What kind of personal data it is."""

    MOBILE = "手机号"
    IDENTITY = "身份证号"
    CARD = "银行卡号"
    MAIL = "电子邮箱"
    HOME = "住址"
    NAMES = "人员名单"


_OTHERS = tuple(
    (kind, pattern, tuple(map(re.compile, hints)))
    for kind, pattern, hints in (
        (Private.MAIL, _MAIL, ("@",)),
        (Private.HOME, _HOME, ("楼", "栋", "幢")),
        (Private.NAMES, _SUMS, (r"元(?<=\d元)[、，；;,\s]*[\u4e00-\u9fa5]{2,4}[：:，, ]{0,2}\d",)),
        (
            Private.NAMES,
            _ILLNESSES,
            ("（[^（）()]{0,8}[癌病症残]", r"\([^（）()]{0,8}[癌病症残]"),
        ),
    )
)
"""Patterns, each looked for only where one of the others finds something.

Those begin with one certain character, for which a text is searched in no time.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data in a text; never the data itself."""

    kind: Private
    start: int
    """From 0."""
    masked: str
    end: int = 0
    """Where the text goes on."""


GRAVE = frozenset({Private.MOBILE, Private.IDENTITY, Private.CARD})
"""What must never be stored as it is."""


def cover(text: str) -> str:
    """The text with the middle of personal numbers covered: 138****3461."""
    for found in sorted(personal(text), key=lambda each: -each.start):
        if found.kind in GRAVE and found.end:
            last = ""
            if found.kind is Private.MOBILE:
                last = "".join(filter(str.isdigit, text[found.start : found.end]))[-4:]
            text = f"{text[: found.start]}{found.masked}{last}{text[found.end :]}"
    return text


def personal(text: str) -> Iterator[Found]:
    """All personal data of a text."""
    narrow = text.translate(_NARROW) if _WIDE.search(text) else text
    runs = [(max(each.start() - 1, 0), each.end() + 1) for each in _LONG.finditer(narrow)]
    yield from _numbers(narrow, runs) if runs else ()
    for match in _OLD_IDENTITY.finditer(narrow) if "身份证" in narrow else ():
        yield Found(Private.IDENTITY, match.start(1), "******", match.end(1))
    for kind, pattern, hints in _OTHERS:
        if any(hint.search(narrow) for hint in hints):
            yield from (Found(kind, each.start(), "***") for each in pattern.finditer(narrow))


def _numbers(narrow: str, runs: list[tuple[int, int]]) -> Iterator[Found]:
    """Mobile numbers, identity numbers and bank cards; `runs` are the places with many digits."""

    def found(pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return (match for run in runs for match in pattern.finditer(narrow, *run))

    for match in found(_MOBILE):
        digits = "".join(filter(str.isdigit, match[0]))
        yield Found(Private.MOBILE, match.start(), f"{digits[-11:-8]}****", match.end())
    for match in found(_IDENTITY):
        if is_identity_number(match[0]):
            yield Found(Private.IDENTITY, match.start(), "******", match.end())
    for match in found(_CARD):
        if passes_luhn(match[0]) and not is_identity_number(match[0]):
            yield Found(Private.CARD, match.start(), f"{match[0][:2]}****", match.end())


def is_identity_number(digits: str) -> bool:
    """Whether 18 characters are an identity number: check digit and birth date (GB 11643)."""
    if not re.fullmatch(r"\d{17}[0-9Xx]", digits):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    if _CHECK_DIGITS[total % 11] != digits[17].upper():
        return False
    try:
        born = dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return born.year >= 1900  # noqa: PLR2004 - nobody alive was born before


def passes_luhn(text: str) -> bool:
    """Whether the digits of a text have a right check digit, as those of bank cards do."""
    digits = [int(each) for each in text if each.isdigit()]
    if len(digits) not in {16, 19}:
        return False
    doubled = [d * 2 if n % 2 else d for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004 - Luhn
