"""Runs of digits in a text: digits of any script, separators, and the words before them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

SHORTEST_NUMBER = 11
"""Number of digits of the shortest number that is personal by itself."""
CONTEXT_LENGTH = 32
"""Number of characters before and after a run that are considered."""
_CHINESE_DIGITS = {
    ord(character): str(value)
    for value, characters in enumerate(
        ("〇零洞", "一壹幺弌", "二贰貳两兩弍", "三叁參弎", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾")
    )
    for character in characters
}  # fmt: skip
_CIRCLE = "○"
"""Zero among Chinese digits, else a mask."""
_INITIAL = re.compile("[^0-9A-Za-z]?[OoＯｏlI]")
"""A letter that looks like a digit, before a number."""
_OTHER_DIGITS = "²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒"
"""Digits that are not decimal digits (Nd) in Unicode: circled, raised, with full stop."""
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u20e3"
)
_DASHES = "-_~‐-―−﹘﹣－＿～〜ー"
_DOTS = ".·•・‧∙⋅。．｡･"
_COMMAS = ",，、､﹐"
_OPENING, _CLOSING = "([（【〔［", ")]）】〕］"
_MARKS = ";；:：/／＼|｜=＝'’‘`^…⋯●⁃︱"
_BLANKS = "\u2800\u3164\uffa0\u115f"
_CHINESE = "".join(map(chr, _CHINESE_DIGITS)) + _CIRCLE
_ZEROS = "0٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐᥆᧐᪀᪐᭐᮰᱀᱐꘠꣐꤀꧐꧰꩐꯰０"
_DECIMAL = "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in _ZEROS)
"""The decimal digits (Nd) of Unicode's first plane; `\\d` matches others, but is slow."""
_DIGIT = f"{_DECIMAL}{_OTHER_DIGITS}{_CHINESE}"
_SPACES = " \t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_BRACKETS = re.escape(_OPENING + _CLOSING)
_SEPARATOR = rf"{_SPACES}{_INVISIBLE}{_BLANKS}\{_DASHES}{_DOTS}{_COMMAS}{_BRACKETS}{_MARKS}"
_MARKUP = r"&[ne][a-z]sp;|&#x?[0-9a-fA-F]{1,6};|(?:</?[a-z]{1,6} ?/?>){1,4}|\*\*?(?!\*)"
"""Entities, tags and emphasis between digits; more asterisks are a mask."""
_GAP = rf"[{_SEPARATOR}]{{0,60}}+(?:\\[nrt]?[{_SEPARATOR}]{{0,60}}+|{_MARKUP})?+"
_RUN, _RUN_IN_ANY_PLANE = (
    re.compile(rf"[{digit}](?:{_GAP}[{digit}OoＯｏlI]){{5,}}+")
    for digit in (_DIGIT, rf"\d{_DIGIT}\U0001f100-\U0001f10c")
)
"""Six digits and more; letters that look like 0 and 1 count inside."""
_CHINESE_DIGIT = re.compile(f"[{_CHINESE[:-1]}]")
_ENCLOSED = re.compile(f"(?<=[0-9])[{_CHINESE[:-1]}](?=[0-9])")
_FEW = 2
_ESCAPE = re.compile(rf"\\[nrt]|{_MARKUP}")
_LIST_MARK = re.compile(r"[①-⑨⑴-⑼⒈-⒐❶-❾➀-➈➊-➒](?=[0-9０-９])")
"""A number of a list directly before a number: ①138…."""
_GROUP = re.compile(r"[0-9]+")
_LOOKALIKE = re.compile("(?<=[0-9])[oli]+|[oli]+(?=[0-9])")
_LOOKALIKES = str.maketrans("oli", "011")
_FOLDED_CLASSES = {
    "-": "‐‑‒–—―−﹘﹣－＿～〜ー_~",
    ".": _DOTS,
    ",": _COMMAS,
    "(": _OPENING,
    ")": _CLOSING,
    " ": _BLANKS,
    "x": "ⅩⅹХхΧχ×✕✖╳",
    "o": "ОоΟο",
}


class _Folding(dict[int, str]):
    """Table of characters and what they are read as, one for one; filled when needed."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold_character(chr(code))
        return self[code]


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    # Not digit(): U+1F10B, a circled zero, has a numeric value only.
    value = unicodedata.numeric(character) if category in {"Nd", "No"} else None
    if value in range(10):
        return f"{value:.0f}"
    if category in {"Cf", "Mn", "Me"}:
        return "\u200b"
    if category in {"Zl", "Zp"} or character in "\r\v\f\x85":
        return "\n"
    if category == "Zs":
        return " "
    compatible = unicodedata.normalize("NFKC", character).lower()
    return compatible if len(compatible) == 1 else character


_FOLDING = _Folding(
    {
        ord(character): folded
        for folded, characters in _FOLDED_CLASSES.items()
        for character in characters
    }
)


def fold_text(text: str) -> str:
    """Fold a text without changing its length: digits 0 to 9, narrow small letters, few separators.

    Chinese digits stay as they are: in words they are no digits.
    """
    return text.translate(_FOLDING)


def _fold_run(text: str) -> str:
    """Fold a run of digits, Chinese digits included."""
    if _CIRCLE in text and _CHINESE_DIGIT.search(text):
        text = text.replace(_CIRCLE, "〇")
    folded = fold_text(_ESCAPE.sub(lambda escape: "\n".ljust(len(escape[0])), text))
    # One or two at an end belong to the next word: 陆 and 伍 are surnames.
    if len(_CHINESE_DIGIT.findall(folded)) > _FEW:
        return folded.translate(_CHINESE_DIGITS)
    return _ENCLOSED.sub(lambda digit: digit[0].translate(_CHINESE_DIGITS), folded)


def _read_lookalikes(folded: str) -> str:
    return _LOOKALIKE.sub(lambda letters: letters[0].translate(_LOOKALIKES), folded)


@dataclass(frozen=True, slots=True)
class Group:
    """Digits with nothing visible between them."""

    digits: str
    start: int
    """Offset in the text."""
    end: int
    gap: str
    """The separators before it, folded, without invisible characters; empty for the first."""


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits and separators, with what stands before and after; all folded."""

    groups: tuple[Group, ...]
    before: str
    after: str
    has_lookalikes: bool = False
    """Whether letters were read as digits: 13O… for 130…"""


def iter_digit_runs(text: str, words: re.Pattern[str]) -> Iterator[DigitRun]:
    """Yield the runs of at least eleven digits, and those of six or more near one of the words."""
    is_basic = len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text)
    for match in (_RUN if is_basic else _RUN_IN_ANY_PLANE).finditer(text):
        start, end = match.span()
        if start and _INITIAL.fullmatch(text, max(start - 2, 0), start):
            start -= 1
        first = max(start - CONTEXT_LENGTH, 0)
        if end - start < SHORTEST_NUMBER and not words.search(text, first, start):
            continue
        folded = _fold_run(text[start:end])
        is_list = bool(_LIST_MARK.match(text, start))
        folded = f" {folded[1:]}" if is_list else folded
        digits = _read_lookalikes(folded)
        groups = tuple(_iter_groups(digits, start))
        count = sum(len(group.digits) for group in groups)
        if count < SHORTEST_NUMBER and not words.search(text, first, start):
            continue
        before, after = (
            text[first : start if is_list else groups[0].start],
            text[end : end + CONTEXT_LENGTH],
        )
        yield DigitRun(
            groups,
            fold_text(before),
            f"{folded[groups[-1].end - start :]}{fold_text(after)}",
            has_lookalikes=digits != folded,
        )


def _iter_groups(folded: str, offset: int) -> Iterator[Group]:
    """Yield the groups of a folded run; groups with only invisible characters between are one."""
    digits, gap, start, end = "", "", 0, 0
    for match in _GROUP.finditer(folded):
        between = folded[end : match.start()].replace("\u200b", "") if digits else ""
        if digits and between:
            yield Group(digits, offset + start, offset + end, gap)
            digits, gap = "", between
        if not digits:
            start = match.start()
        digits += match[0]
        end = match.end()
    if digits:
        yield Group(digits, offset + start, offset + end, gap)


def fold_digits(text: str) -> str:
    """Return the digits of a text as 0 to 9."""
    return "".join(_GROUP.findall(_read_lookalikes(_fold_run(text))))
