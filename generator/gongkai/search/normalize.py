"""How text is folded for the search, so that what people type one for the other is the same.

The browser does the same (overrides/assets/search/words.js): a change here is a change there.
"""

from unicodedata import normalize

_VARIANTS = str.maketrans("〔［【〖〘[{〕］】〗〙]}≧⩾≦⩽═", "(((((((" + ")))))))" + "≥≥≤≤=")
"""Signs that people type one for the other."""
_BLANK = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


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
