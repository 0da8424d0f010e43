"""What a form prints with words to be filled in (（50分）, 1.某某项目), read back from a file."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from gongkai.authoring.office.cells import tidy
from gongkai.model.forms import filled

_LONGEST = 2_000
"""A longer text is no label."""
_ASCII = range(0x21, 0x7F)
_CHECKED, _UNCHECKED = "☑√■✓☒✔●", "□☐○"


def read_back(template: str, text: str, words: Mapping[str, str]) -> dict[str, str] | None:
    """The words that fill a template's braces in this text; None where it is another text."""
    if len(text) > _LONGEST:
        return None
    pattern, keys = _pattern(filled(template, words))
    match = pattern.fullmatch(text.strip())
    if match is None:
        return None
    return {key: tidy(match[number]) for number, key in enumerate(keys, start=1)}


_GROUPS, _OTHER = {"名称": "(.+?|)"}, r"([\d.]*)"
"""A name may be any text; what else stands in a label are points and running numbers."""


@lru_cache(maxsize=5_000)
def _pattern(template: str) -> tuple[re.Pattern[str], list[str]]:
    parts = re.split(r"\{(\w+)\}", template)
    keys = parts[1::2]
    pieces = [
        _loose(part) if number % 2 == 0 else _GROUPS.get(part, _OTHER)
        for number, part in enumerate(parts)
    ]
    return re.compile(r"\s*".join(pieces), re.DOTALL), keys


@lru_cache(maxsize=5_000)
def loose(text: str) -> re.Pattern[str]:
    """A label as people type it: other brackets and colons, spaces or line breaks within."""
    return re.compile(_loose(text))


def _loose(text: str) -> str:
    return r"\s*".join(_variants(each) for each in text if not each.isspace())


def _variants(character: str) -> str:
    """A character in full and half width; a colon may be missing."""
    narrow = unicodedata.normalize("NFKC", character)
    every = {character, narrow if len(narrow) == 1 else character}
    every |= {chr(ord(each) + 0xFEE0) for each in every if ord(each) in _ASCII}
    one = f"[{''.join(map(re.escape, sorted(every)))}]"
    return f"{one}?" if narrow == ":" else one


def chosen(text: str, choices: tuple[str, ...], boxes: str = "") -> str:
    """Which of the choices is ticked; the text itself where that cannot be told.

    `boxes` is how the form prints each choice, which tells on which side its box stands.
    """
    where = [text.find(choice) for choice in choices]
    if text in choices or not choices or min(where) < 0 or where != sorted(where):
        return text
    ends = [start + len(choice) for start, choice in zip(where, choices, strict=True)]
    after = [text[a:b] for a, b in zip(ends, [*where[1:], len(text)], strict=True)]
    before = [text[a:b] for a, b in zip([0, *ends[:-1]], where, strict=True)]
    pieces = before if boxes.find("{框}") < boxes.find("{选项}") else after
    ticked = [c for c, piece in zip(choices, pieces, strict=True) if set(piece) & set(_CHECKED)]
    empty = [c for c, piece in zip(choices, pieces, strict=True) if set(piece) & set(_UNCHECKED)]
    if len(ticked) == 1:
        return ticked[0]
    if not ticked and len(empty) == len(choices):
        return ""
    if not ticked and len(empty) == len(choices) - 1 > 0:  # the tick was lost on the way
        return next(choice for choice in choices if choice not in empty)
    return text
