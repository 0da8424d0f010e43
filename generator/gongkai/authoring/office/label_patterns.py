"""Patterns for labels with words filled in (（50分）, 1.某某项目)."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from gongkai.authoring.office.cells import clean_value
from gongkai.model.forms import fill_placeholders
from gongkai.model.specs import PLACEHOLDER

_LINES = "_＿‗ \u3000\t\n"
"""What blanks have where nothing is filled in."""
_MAX_LABEL_LENGTH = 2_000
"""Longest label, in characters; longer texts are not matched."""
_ASCII = range(0x21, 0x7F)


def match_label(template: str, text: str, words: Mapping[str, str]) -> dict[str, str] | None:
    """Return the words that fill a template's braces in a text, or None if the text differs."""
    if len(text) > _MAX_LABEL_LENGTH:
        return None
    pattern, keys = _compile_template(fill_placeholders(template, words))
    match = pattern.fullmatch(text.strip())
    if match is None:
        return None
    return {key: clean_value(match[number]) for number, key in enumerate(keys, start=1)}


_BRACE_PATTERNS, _DEFAULT_PATTERN = {"名称": "(.+?|)"}, r"([\d.]*)"
"""A name may be any text; the other braces of a label hold points and running numbers."""


@lru_cache(maxsize=5_000)
def _compile_template(template: str) -> tuple[re.Pattern[str], list[str]]:
    """Return the pattern of a template, and the keys of its groups in order."""
    parts = PLACEHOLDER.split(template)
    keys = parts[1::2]
    patterns = [
        _loose_regex(part) if number % 2 == 0 else _BRACE_PATTERNS.get(part, _DEFAULT_PATTERN)
        for number, part in enumerate(parts)
    ]
    return re.compile(r"\s*".join(patterns), re.DOTALL), keys


@lru_cache(maxsize=5_000)
def label_pattern(text: str) -> re.Pattern[str]:
    """Return a pattern for a label as people type it: any brackets, colons and spacing."""
    return re.compile(_loose_regex(text))


def match_blanks(template: str, text: str, words: Mapping[str, str]) -> dict[str, str] | None:
    """Return what fills the blanks of a cell's printed text, or None if the text is another.

    A blank ends where the words behind it begin; lines to write on (____) are no part of a value.
    """
    if len(text) > _MAX_LABEL_LENGTH:
        return None
    opening, *parts = PLACEHOLDER.split(fill_placeholders(template, words))
    match = label_pattern(opening).match(text.strip())
    rest, values = text.strip(), dict[str, str]()
    for number in range(0, len(parts), 2):
        if match is None:
            return None
        rest = rest[match.end() :]
        match = _words_behind(parts[number + 1], is_last=number + 2 == len(parts)).search(rest)
        values[parts[number]] = clean_value(rest[: match.start()].strip(_LINES)) if match else ""
    return values if match else None


@lru_cache(maxsize=5_000)
def _words_behind(text: str, *, is_last: bool) -> re.Pattern[str]:
    """Return a pattern for the words behind a blank, which end it: at least a colon or a space."""
    words = _loose_regex(text)
    if text and re.fullmatch(words, ""):
        words = r"\s+" if text.isspace() else "[:：]"
    return re.compile(rf"{words}\s*\Z" if is_last else words)


def _loose_regex(text: str) -> str:
    """Return the regular expression of a text, with optional whitespace between characters."""
    return r"\s*".join(
        _character_variants(character) for character in text if not character.isspace()
    )


def _character_variants(character: str) -> str:
    """Return a character class of the full-width and half-width form; a colon is optional."""
    narrow = unicodedata.normalize("NFKC", character)
    forms = {character, narrow if len(narrow) == 1 else character}
    forms |= {chr(ord(form) + 0xFEE0) for form in forms if ord(form) in _ASCII}
    character_class = f"[{''.join(map(re.escape, sorted(forms)))}]"
    return f"{character_class}?" if narrow == ":" else character_class
