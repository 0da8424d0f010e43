"""Names in pinyin, so that they are found by it."""

from collections.abc import Iterable, Mapping


def spelt(names: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Each name's syllables, blanks between them; what is `known` is not worked out again."""
    found = {name: known.get(name, "") for name in names}
    if missing := [name for name, syllables in found.items() if not syllables]:
        found |= _spelt(missing)
    return found


def _spelt(names: Iterable[str]) -> dict[str, str]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - takes 0.2 s and 60 MB, and is seldom needed

    return {name: " ".join(" ".join(lazy_pinyin(name, errors=_apart)).split()) for name in names}


def _apart(signs: str) -> str:
    """What is not Han: each sign by itself."""
    return " ".join(signs.lower())
