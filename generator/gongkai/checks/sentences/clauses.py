"""Texts split into sentences: what is in brackets apart, numbered lines joined to their total."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile

from gongkai.checks.sentences.quantities import Quantity, find_quantities, normalize_digits

_PAIRS = {"（": "）", "(": ")", "【": "】", "[": "]", "〔": "〕"}
_MAX_DEPTH = 3
"""Deepest nesting of brackets that is read."""
_MOST_TEXTS = 1_000
"""How many texts are kept split: several checks read those of one unit, one after another."""
_NEAR = 60
"""How far back a clause is looked at, in characters."""
_STOP = re.compile(r"[。！？!?\n]")
_NUMBERED = re.compile(
    r"\s*(?:[-*·•]\s*)?(?:[0-9]{1,2}[.、．)）]|[①-⑳]|[（(][一二三四五六七八九十0-9]{1,2}[）)]"
    r"|[一二三四五六七八九十][、是]|[-*·•]\s)"
)
_LINES = re.compile(r"[：:；;，,、]\s*\n\s*")


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence of a text, or a part of one that is in brackets."""

    text: str
    """What is in brackets is replaced by blanks, digits are half-width, years are “○”."""
    start: int
    """Its offset in the whole text."""
    quantities: tuple[Quantity, ...]
    """Its figures; their columns count in the whole text."""
    previous: "Sentence | None" = None
    """The sentence before it in the same paragraph."""
    owner: Quantity | None = None
    """The figure before the brackets in which it is."""
    in_brackets: bool = False


@lru_cache(maxsize=_MOST_TEXTS)
def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Split a text into its sentences and those in its brackets."""
    text = normalize_digits(text)
    spans = _find_brackets(text)
    outer = _blank(text, [span for span in spans if span[2] == 0], 0, len(text))
    sentences = list(_split_level(_join_numbered(outer), 0))
    for index, (start, end, depth) in enumerate(spans):
        below = [span for span in _spans_until(spans, index + 1, end) if span[2] == depth + 1]
        content = _blank(text, below, start + 1, end)
        if _HAS_DIGIT(content):
            owner = _find_owner(text, start)
            sentences += _split_level(content, start + 1, owner, in_brackets=True)
    return tuple(sentences)


def _spans_until(
    spans: list[tuple[int, int, int]], index: int, end: int
) -> Iterator[tuple[int, int, int]]:
    """Return the spans from an index on that begin before an offset."""
    return takewhile(lambda span: span[0] < end, islice(spans, index, None))


def _find_brackets(text: str) -> list[tuple[int, int, int]]:
    """Return (start, end, depth) of the bracket pairs, in order; unmatched brackets are ignored."""
    stack: list[int] = []
    spans: list[tuple[int, int, int]] = []
    for match in re.finditer(r"[（()）【】\[\]〔〕\n]", text):
        mark = match[0]
        if mark == "\n":
            stack.clear()
        elif mark in _PAIRS:
            stack.append(match.start())
        elif stack and _PAIRS[text[stack[-1]]] in {mark, _TWINS.get(mark)}:
            start = stack.pop()
            if len(stack) <= _MAX_DEPTH:
                spans.append((start, match.start(), len(stack)))
    return sorted(spans)


_TWINS = {")": "）", "）": ")"}
"""Brackets of two widths that people mix up."""


def _blank(text: str, spans: list[tuple[int, int, int]], start: int, end: int) -> str:
    """Return text[start:end] with brackets and their content replaced by blanks."""
    pieces: list[str] = []
    at = start
    for left, right, _ in spans:
        pieces += [text[at:left], " " * (right + 1 - left)]
        at = right + 1
    return "".join([*pieces, text[at:end]])


def _find_owner(text: str, bracket: int) -> Quantity | None:
    """Return the figure directly before a bracket."""
    offset = max(bracket - 40, 0)
    head = text[offset:bracket].rstrip()
    quantities = find_quantities(head, offset)
    return quantities[-1] if quantities and quantities[-1].end == offset + len(head) else None


def _join_numbered(text: str) -> str:
    """Replace the line breaks of a numbered list by blanks, so that it is one sentence."""
    if "\n" not in text:
        return text
    pieces: list[str] = []
    at = 0
    for match in _LINES.finditer(text):
        if _NUMBERED.match(text, match.end()):
            pieces += [text[at : match.start() + 1], " " * (match.end() - match.start() - 1)]
            at = match.end()
    return "".join([*pieces, text[at:]])


def _split_level(
    text: str, offset: int, owner: Quantity | None = None, *, in_brackets: bool = False
) -> Iterator[Sentence]:
    previous: Sentence | None = None
    begin = 0
    for stop in [*_STOP.finditer(text), None]:
        end = stop.start() if stop else len(text)
        piece = text[begin:end]
        if piece.strip():
            quantities = find_quantities(piece, offset + begin) if _HAS_DIGIT(piece) else ()
            previous = Sentence(piece, offset + begin, quantities, previous, owner, in_brackets)
            owner = None
            yield previous
        if stop:
            begin = stop.end()
            if stop[0] == "\n":
                previous = None


_HAS_DIGIT = re.compile(r"[0-9]").search


def clause_before(sentence: Sentence, quantity: Quantity) -> tuple[str, int]:
    """Return the words of a figure's clause before it, and the column where the clause begins."""
    column = quantity.column - sentence.start
    head = sentence.text[max(column - _NEAR, 0) : column]
    cut = max((head.rfind(mark) for mark in "，,；;：:"), default=-1) + 1
    return head[cut:], quantity.column - len(head) + cut


def quote_from(sentence: Sentence, text: str, first: Quantity, last: Quantity) -> str:
    """Quote a text from the words before a figure to another figure."""
    begin = max(sentence.start, first.column - _NEAR)
    head = text[begin : first.column]
    start = max(head.rfind(mark) for mark in "，。；：\n") + 1
    return text[begin + start : last.end].strip()
