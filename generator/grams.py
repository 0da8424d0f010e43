"""How text is cut for the search: folded, then single characters and sequences of two.

Around each digit also the sequence of three, for ten digits make too few sequences of two.
The browser does the same (overrides/assets/search/words.js): a change here is a change there.
"""

import re
from functools import lru_cache
from unicodedata import normalize

HASH_BITS = 16
_VARIANTS = str.maketrans("〔［【〖〘[{〕］】〗〙]}≧⩾≦⩽═", "(((((((" + ")))))))" + "≥≥≤≤=")
"""Signs that people type one for the other."""
_BLANK = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_MASK = 0xFFFFFFFF
_BEYOND = 0x110000
_FIGURE = re.compile(r"(?=(.[0-9.].))", re.DOTALL)
"""Three characters, the one in the middle part of a figure."""


class _Folding(dict[int, str]):
    """What becomes of a character: each is worked out once."""

    def __missing__(self, code: int) -> str:
        narrow = normalize("NFKC", chr(code)).lower().translate(_VARIANTS)
        self[code] = "".join(sign for sign in narrow if not (sign.isspace() or sign in _BLANK))
        return self[code]


_FOLDING = _Folding()


def folded(text: str) -> str:
    """Text without blanks; full-width signs, capitals, brackets and ≧ as their plain forms."""
    return text.translate(_FOLDING)


def grams(text: str) -> set[int]:
    """The characters and sequences of a folded text, each as a number (see gram)."""
    data = text.encode("utf-32-le")
    pairs = len(text) // 2 * 8
    after = (len(text) - 1) // 2 * 8
    view = memoryview(data)
    return {
        *view.cast("I"),
        *view[:pairs].cast("Q"),
        *(view[4 : 4 + after].cast("Q") if after > 0 else ()),
        *map(gram, set(_FIGURE.findall(text))),
    }


@lru_cache(maxsize=1 << 16)
def gram(signs: str) -> int:
    """A gram as a number: the first character, and the second 32 bits higher.

    Where there are three, the second and the third together are one beyond all characters.
    """
    if len(signs) > 2:  # noqa: PLR2004 - three with a digit
        return ord(signs[0]) + (_BEYOND + (ord(signs[1]) << 21) + ord(signs[2]) << 32)
    return int.from_bytes(signs.encode("utf-32-le"), "little")


@lru_cache(maxsize=1 << 17)
def gram_hash(gram: int) -> int:
    """A number of 16 bits, evenly spread."""
    first, second = gram & _MASK, gram >> 32
    mixed = (first * 0x9E3779B1 + second * 0x85EBCA6B) & _MASK
    mixed = ((mixed ^ (mixed >> 15)) * 0x2C1B3C6D) & _MASK
    return (mixed ^ (mixed >> 13)) >> (32 - HASH_BITS) & 0xFFFF
