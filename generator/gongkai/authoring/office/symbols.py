"""Signs of the symbol fonts (Symbol, Wingdings, Wingdings 2) as Unicode."""

import re

_SYMBOL = dict(
    zip(
        range(0xA0, 0x100),
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
        "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪�〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭�",
        strict=True,
    )
) | dict(
    zip(
        range(0x40, 0x80),
        "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼�",
        strict=True,
    )
)
"""The upper half of the font Symbol, and the letters; the rest is ASCII."""
_FONTS = {
    "symbol": _SYMBOL | {0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−"},
    "wingdings": {
        0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0x76: "◆", 0x9F: "•", 0xA7: "▪",
        0xA8: "□", 0xE0: "→", 0xFB: "✗", 0xFC: "√", 0xFD: "☒", 0xFE: "☑",
    },
    "wingdings 2": {
        0x2A: "□", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA2: "■", 0xA3: "□",
    },
}  # fmt: skip
UNKNOWN_SIGN = "�"
"""Stands for a sign that is not known."""
_PRIVATE = re.compile("[\uf000-\uf0ff]")
"""Word's code points for the signs of symbol fonts."""
_LATIN = re.compile("[!-\u00ff\uf000-\uf0ff]")
"""What a symbol font shows as its own signs."""
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def symbol_text(font: str, text: str, *, is_code: bool = True) -> str:
    """Return the signs of a font as Unicode: of a hexadecimal code, or of the signs in a text.

    In a text, the private code points of Word stand for signs, and in a symbol font all Latin
    letters and signs as well: “R” in Wingdings 2 is a ticked box.
    """
    if is_code:
        code = int(text, 16) if re.fullmatch("[0-9A-Fa-f]{1,5}", text) else 0xFFFD
        return _sign(font, code)
    signs = _LATIN if font.strip().lower() in _FONTS else _PRIVATE
    return signs.sub(lambda match: _sign(font, ord(match[0])), text)


def raised_text(text: str, position: str) -> str:
    """Return a text in superscript or subscript: digits and signs as Unicode has them, 2 as ²."""
    signs = {"superscript": _RAISED, "subscript": _LOWERED}.get(position)
    is_known = signs is not None and all(ord(sign) in signs for sign in text)
    return text.translate(signs) if signs and is_known else text


def _sign(font: str, code: int) -> str:
    """Return one sign."""
    signs = _FONTS.get(font.strip().lower())
    is_private = 0xF000 <= code <= 0xF0FF  # noqa: PLR2004 - as in _PRIVATE
    if signs is None:
        return UNKNOWN_SIGN if is_private or code > 0x10FFFF else chr(code)  # noqa: PLR2004
    number = code & 0xFF
    is_ascii = font.strip().lower() == "symbol" and 0x20 <= number < 0x40  # noqa: PLR2004
    return signs.get(number, chr(number) if is_ascii else UNKNOWN_SIGN)
