"""Names in pinyin, so that they are found by it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

_WORDS = 1 << 14
"""How many words are remembered: names have many in common."""


def spelt(names: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Each name's syllables, blanks between them; what is `known` is not worked out again."""
    found = {name: known.get(name, "") for name in names}
    if missing := [name for name, syllables in found.items() if not syllables]:
        found |= _spelt(missing)
    return found


def _spelt(names: Iterable[str]) -> dict[str, str]:
    from pypinyin.core import Pinyin  # noqa: PLC0415 - takes 0.2 s and 60 MB, and is seldom needed

    parted = Pinyin().seg
    return {name: " ".join(" ".join(map(_word, parted(name))).split()) for name in names}


@lru_cache(maxsize=_WORDS)
def _word(word: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return " ".join(lazy_pinyin(word, errors=_apart))


def _apart(signs: str) -> str:
    """What is not Han: each sign by itself."""
    return " ".join(signs.lower())
