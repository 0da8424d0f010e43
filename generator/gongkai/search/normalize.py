"""Text normalization for the search: NFKC, lower case, no accents or blanks, one form of similar signs.

The browser does the same (overrides/assets/search/words.js); change both together.
"""

import re
from unicodedata import normalize

_VARIANTS = str.maketrans("〔［【〖〘[{〕］】〗〙]}≧⩾≦⩽═", "(((((((" + ")))))))" + "≥≥≤≤=")
"""Signs that people type interchangeably."""
_MARKS = re.compile("[\u0300-\u0337\u0339-\u036f\u3099\u309a]")
"""Accents, and the marks that tell voiced kana, which half-width kana write as signs of their own.

U+0338 is none of them: it makes ≠ of =.
"""
_BLANK = frozenset("\x7f\x80\x81\x82\u00ad\u200b\u200c\u200d\u2060\ufeff")


class _Normalization(dict[int, str]):
    """Normalized form by code point, computed on first use."""

    def __missing__(self, code_point: int) -> str:
        plain = normalize("NFC", _MARKS.sub("", normalize("NFKD", chr(code_point))))
        text = plain.lower().translate(_VARIANTS)
        self[code_point] = "".join(char for char in text if not (char.isspace() or char in _BLANK))
        return self[code_point]


_NORMALIZATION = _Normalization()


def normalize_text(text: str) -> str:
    """Return text without blanks and accents, with full-width signs, capitals, brackets and ≧ in plain form."""
    return text.translate(_NORMALIZATION)
