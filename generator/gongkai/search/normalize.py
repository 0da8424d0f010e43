"""Text normalization for the search: NFKC, lower case, no blanks, one form of interchangeable signs.

The browser does the same (overrides/assets/search/words.js); change both together.
"""

from unicodedata import normalize

_VARIANTS = str.maketrans("〔［【〖〘[{〕］】〗〙]}≧⩾≦⩽═", "(((((((" + ")))))))" + "≥≥≤≤=")
"""Signs that people type interchangeably."""
_BLANK = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


class _Normalization(dict[int, str]):
    """Normalized form by code point, computed on first use."""

    def __missing__(self, code_point: int) -> str:
        text = normalize("NFKC", chr(code_point)).lower().translate(_VARIANTS)
        self[code_point] = "".join(char for char in text if not (char.isspace() or char in _BLANK))
        return self[code_point]


_NORMALIZATION = _Normalization()


def normalize_text(text: str) -> str:
    """Return text without blanks, with full-width signs, capitals, brackets and ≧ in plain form."""
    return text.translate(_NORMALIZATION)
