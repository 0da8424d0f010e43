"""How text is cut for the search: folded, then single characters and sequences of two.

The browser does the same (overrides/assets/search/words.js): a change here is a change there.
"""

from functools import cache
from operator import add
from unicodedata import normalize

HASH_BITS = 16
_VARIANTS = str.maketrans("〔［【〖〘[{〕］】〗〙]}≧⩾≦⩽═", "(((((((" + ")))))))" + "≥≥≤≤=")
"""Signs that people type one for the other."""
_BLANK = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_MASK = 0xFFFFFFFF


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


def grams(text: str) -> set[str]:
    """The characters of a folded text, and its sequences of two."""
    return {*text, *map(add, text, text[1:])}


@cache
def gram_hash(gram: str) -> int:
    """A number of 16 bits, evenly spread."""
    first, second = ord(gram[0]), ord(gram[1]) if len(gram) > 1 else 0
    mixed = (first * 0x9E3779B1 + second * 0x85EBCA6B) & _MASK
    mixed = ((mixed ^ (mixed >> 15)) * 0x2C1B3C6D) & _MASK
    return (mixed ^ (mixed >> 13)) >> (32 - HASH_BITS) & 0xFFFF
