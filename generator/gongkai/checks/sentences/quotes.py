"""Quotations of a text in findings: the words around a figure."""

import re

from gongkai.checks.sentences.quantities import Quantity

_QUOTE_LENGTH = 60
_LONGEST_HEAD = 80
_PUNCTUATION = re.compile(r"[，。；：、,;:\n]")


def quote_figure(text: str, quantity: Quantity) -> str:
    """Quote a figure with the words before it, back to the last punctuation."""
    return f"{_words_before(text, quantity.column)}{quantity.text}"


def quote_match(line: str, match: re.Match[str]) -> str:
    """Quote a match with the words before it, back to the last punctuation."""
    return f"{_words_before(line, match.start())}{match[0]}"


def quote_span(text: str, start: int, end: int) -> str:
    """Quote a span with the words before it, back to the last punctuation."""
    return shorten(f"{_words_before(text, start)}{text[start:end]}")


def _words_before(text: str, column: int) -> str:
    return _PUNCTUATION.split(text[max(column - _LONGEST_HEAD, 0) : column])[-1].strip()


def shorten(sentence: str) -> str:
    """Cut a sentence to a readable length, on one line."""
    line = " ".join(sentence.split())
    return line if len(line) <= _QUOTE_LENGTH else f"{line[:_QUOTE_LENGTH]}…"
