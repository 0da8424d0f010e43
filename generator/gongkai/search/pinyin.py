"""Pinyin of names, so that they can be searched for by it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

_CACHED_WORDS = 1 << 14
"""Size of the word cache: names share many words."""


def names_to_pinyin(names: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the syllables of every name, separated by blanks; names in `known` are not converted."""
    pinyin = {name: known.get(name, "") for name in names}
    if missing := [name for name, syllables in pinyin.items() if not syllables]:
        pinyin |= _convert_names(missing)
    return pinyin


def _convert_names(names: Iterable[str]) -> dict[str, str]:
    from pypinyin.core import Pinyin  # noqa: PLC0415 - takes 0.2 s and 60 MB, and is seldom needed

    segment = Pinyin().seg
    return {name: " ".join(" ".join(map(_word_pinyin, segment(name))).split()) for name in names}


@lru_cache(maxsize=_CACHED_WORDS)
def _word_pinyin(word: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return " ".join(lazy_pinyin(word, errors=_split_characters))


def _split_characters(text: str) -> str:
    """Separate the characters of text that is not Han."""
    return " ".join(text.lower())
