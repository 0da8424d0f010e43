"""Texts that Excel, WPS and LibreOffice run as formulas when they open a CSV file."""

import re

_SIGNS = r"=＝@＠+＋－\-"
_BEGINNING = re.compile(rf"\s*[{_SIGNS}]")
_NAME_FIRST = re.compile(r"""\s*[=＝@＠][\s=＝@＠+＋－-]*[A-Za-z_$("'{\[\\]""")
"""A name, a cell or a bracket after = or @: with digits or Chinese after it, nothing is run (=100%)."""
_CALL = re.compile(
    rf"""(?:^|[{_SIGNS}*/^&,;:<>(])[\s"']*[A-Za-z_][\w.]*\s*\((?!\s*[一-龥])"""
    r"""|[A-Za-z]\s*\|\s*['"\w]|[\w'\])]!\$?[A-Za-z]{1,3}\$?[0-9]"""
)
"""A function (a bracket with Chinese words is a remark), a program (cmd|'/c calc'!A0) or a cell of another sheet."""
_RARE = "=＝@＠|(!"
"""Every formula has one of these, and few other texts have."""


def may_hold_formula(text: str) -> bool:
    """Tell quickly whether any part of a text can be a formula."""
    return any(character in text for character in _RARE)


def is_formula(text: str) -> bool:
    """Tell whether a text, alone in a cell, is run; signed figures and lists (-5%, =100, - 培训) are not."""
    return bool(_BEGINNING.match(text) and (_NAME_FIRST.match(text) or _CALL.search(text.lstrip())))


def guard_formula(value: object) -> object:
    """Return a value as it can stand in a CSV file: an apostrophe makes a formula a text."""
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value
