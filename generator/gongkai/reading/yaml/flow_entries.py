"""Judging the entries of braces and brackets: what a comma, colon or quote did to a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from gongkai.reading.yaml.faults import (
    AFTER_BRACKET,
    AFTER_QUOTE,
    COLON_INSIDE,
    COLON_SPACE,
    COMMA_SPLIT,
    ESCAPE,
    FIGURE_VALUE,
    INDICATOR,
    LIST_SPLIT,
    NO_VALUE,
    THOUSANDS,
    WIDE_COLON,
    WIDE_COMMA,
    Edit,
    Finding,
    finding,
    quoting,
)

THOUSANDS_NUMBER = re.compile(r"([-+]?\d{1,3}(?:,\d{3})+(?![\d,])[^\s,\[\]{}:]*)(?=[ \t]*[,\]}\n])")
"""A number with thousands separators, as far as nothing else follows it."""
_NAME = r"[^\s：:，。；、“\"'{\[\-#>|&*!]"
_FIGURE = r"[-+≥≤=]*\d[\d.,]*[ ]?[%\w]{0,3}|"
_SPACES = r"[ \t\u3000\xa0]*"
_WIDE_PAIR = re.compile(rf"({_NAME}[^：:，。；\n]{{0,39}}?)[ \t]*(：){_SPACES}([^\n]*)")
"""A key, a full-width colon and what follows."""
FIGURE_PAIR = re.compile(rf"({_NAME}[^:，。；\n]{{0,39}}?)[ \t]*(：){_SPACES}({_FIGURE})")
"""The same where a figure follows, or nothing."""
TIGHT_PAIR = re.compile(
    rf"((?!\d){_NAME}[^：:，。；\n]{{0,39}}?|\"[^\"\n]*\"|'[^'\n]*')(:)(?!//){_SPACES}([^\n]*)"
)
"""The same with an ASCII colon and no space after it."""
_NO_COLON = re.compile(r"([^\d\s,][^\d,\n]*?)[ ]*(\d[\d.]*%?)")
_MISTYPED = ((TIGHT_PAIR, COLON_SPACE), (FIGURE_PAIR, WIDE_COLON), (_WIDE_PAIR, WIDE_COLON))

_BAD_START = re.compile(r"[&*!|>%@`:]|[-?](?=\s|$)")
_BAD_ESCAPE = re.compile(r"\\(?:[^\"\\/nt \n]|$)")
_PAIRS = (("“", "”"), ("‘", "’"), ("（", "）"), ("《", "》"), ("【", "】"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A plain or quoted text, a colon, or a collection, from start to end."""

    kind: str
    start: int
    end: int


@dataclass(slots=True)
class Frame:
    """A brace or bracket, and the entries met since it opened."""

    start: int
    entries: list[list[Piece]] = field(default_factory=lambda: [[]])


def judged(text: str, frame: Frame) -> Iterator[Finding]:
    """What is wrong with the entries of a brace or bracket that has closed."""
    for entry in frame.entries:
        for piece in entry:
            yield from _piece(text, piece, text[frame.start])
        yield from _adjacent(text, entry)
        yield from _blank(text, entry)
    if text[frame.start] == "{":
        yield from _braces(text, [each for each in frame.entries if each])
    else:
        yield from _split_items(text, [each for each in frame.entries if each])


def _piece(text: str, piece: Piece, bracket: str) -> Iterator[Finding]:
    found = text[piece.start : piece.end]
    if piece.kind == "quoted":
        yield from escapes(text, piece.start, piece.end)
    elif (
        piece.kind == "plain"
        and THOUSANDS_NUMBER.fullmatch(f"{found}", 0) is None
        and "," not in found
    ):
        if bad := _BAD_START.match(found):
            yield quoting(INDICATOR, piece.start, text, piece.start, piece.end, mark=bad[0])
    elif piece.kind == "plain":
        wanted = found.replace(",", "")
        also = "，若是几个数，请在逗号后加空格" if bracket == "[" else ""
        edit = Edit(piece.start, piece.end, wanted)
        yield finding(THOUSANDS, piece.start, edit, found=found, wanted=wanted, also=also)


def _adjacent(text: str, entry: list[Piece]) -> Iterator[Finding]:
    """A text that goes on where quotes or brackets have closed."""
    for first, second in pairwise(entry):
        if {"colon", "open flow"} & {
            first.kind,
            second.kind,
        } or first.kind == "plain" == second.kind:
            continue
        kind = AFTER_QUOTE if first.kind == "quoted" else AFTER_BRACKET
        index = second.start if first.kind != "plain" else first.start
        if first.kind == "plain" and text[first.end - 1] == ":":
            yield _tight(text, first, second)
            return
        words = {"rest": text[second.start : second.end], "closing": text[first.end - 1]}
        if first.kind == "plain":
            words = {"rest": text[second.end : entry[-1].end], "closing": text[second.end - 1]}
        yield quoting(kind, index, text, first.start, entry[-1].end, **words)
        return


def _tight(text: str, key: Piece, value: Piece) -> Finding:
    name, edit = text[key.start : key.end - 1], Edit(key.end, key.end, " ")
    pair = f"{name}: {text[value.start : value.end]}"
    return finding(COLON_SPACE, key.end - 1, edit, key=name, pair=pair)


def _blank(text: str, entry: list[Piece]) -> Iterator[Finding]:
    """A colon with a bracket or comma hard behind it."""
    for key, colon in pairwise(entry):
        if colon.kind == "colon" and text[colon.end : colon.end + 1] in set(",]}"):
            name = text[key.start : key.end]
            yield finding(
                COLON_SPACE,
                colon.start,
                Edit(colon.end, colon.end, " "),
                key=name,
                pair=f"{name}: ",
            )


def colons(entry: list[Piece]) -> list[Piece]:
    """The colons of an entry; a sound one has one at most."""
    return [piece for piece in entry if piece.kind == "colon"]


def _braces(text: str, entries: list[list[Piece]]) -> Iterator[Finding]:
    group: list[list[Piece]] = []
    for entry in entries:
        if entry[0].kind == "flow":
            continue
        elif len(colons(entry)) > 1:
            yield _second_colon(text, entry)
        elif not colons(entry):
            fault = _mistyped_colon(text, entry, first=entry is entries[0])
            if fault:
                yield fault
            else:
                group.append(entry)
    yield from _missing(text, entries, group)


def _second_colon(text: str, entry: list[Piece]) -> Finding:
    first, second = colons(entry)[:2]
    start, end = first.end, entry[-1].end
    comma = text.rfind("，", start, second.start)
    if comma >= 0:
        edit = Edit(comma, comma + 1, ", ")
        return finding(WIDE_COMMA, comma, edit)
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return quoting(COLON_INSIDE, second.start, text, start, end, value=text[start:end])


def _mistyped_colon(text: str, entry: list[Piece], *, first: bool) -> Finding | None:
    start, end = entry[0].start, entry[-1].end
    spaced = first or text[start - 1] in " \n"
    if not spaced:
        return None
    if mistyped := mistyped_pair(text, start, end):
        return mistyped[0]
    if pair := _NO_COLON.fullmatch(text, start, end):
        edit = Edit(pair.end(1), pair.start(2), ": ")
        words = {"piece": pair[0], "pair": f"{pair[1]}: {pair[2]}"}
        return finding(FIGURE_VALUE, start, edit, **words)
    return None


def mistyped_pair(text: str, start: int, stop: int) -> tuple[Finding, int] | None:
    """A key whose colon is full-width or not followed by a space, and where the value begins."""
    for pattern, kind in _MISTYPED:
        if pair := pattern.fullmatch(text, start, stop):
            key, value = pair[1].rstrip(), pair[3]
            shown = f"{key}: {value}".rstrip()
            edit = Edit(pair.start(2), pair.start(3), ": " if value else ":")
            return finding(kind, pair.start(2), edit, key=key, pair=shown), pair.start(3)
    return None


def _missing(text: str, entries: list[list[Piece]], group: list[list[Piece]]) -> Iterator[Finding]:
    """Texts that stand without a colon: cut off by a comma from what is before or after."""
    done: set[int] = set()
    for entry in group:
        at = entries.index(entry)
        if id(entry) in done:
            continue
        run = at
        while run + 1 < len(entries) and entries[run + 1] in group:
            run += 1
        done |= {id(each) for each in entries[at : run + 1]}
        yield _split_off(text, entries, at, run)


def _split_off(text: str, entries: list[list[Piece]], at: int, run: int) -> Finding:
    piece = text[entries[at][0].start : entries[at][-1].end]
    if at > 0 and entries[at - 1][-1].kind == "plain":
        start, end = entries[at - 1][-1].start, entries[run][-1].end
        return quoting(
            COMMA_SPLIT,
            text.rindex(",", start, entries[at][0].start),
            text,
            start,
            end,
            piece=piece,
        )
    if at == 0 and run + 1 < len(entries):
        start, end = entries[0][0].start, entries[run + 1][0].end
        return quoting(
            COMMA_SPLIT, text.index(",", entries[0][-1].end), text, start, end, piece=piece
        )
    start, end = entries[at][0].start, entries[run][-1].end
    return finding(NO_VALUE, start, Edit(end, end, ": "), piece=piece)


def _split_items(text: str, entries: list[list[Piece]]) -> Iterator[Finding]:
    for entry, following in pairwise(entries):
        found = text[entry[0].start : entry[-1].end]
        if entry[0].kind == "plain" and any(found.count(a) > found.count(b) for a, b in _PAIRS):
            start, end = entry[0].start, following[-1].end
            yield quoting(LIST_SPLIT, text.index(",", entry[-1].end), text, start, end)


def escapes(text: str, start: int, end: int) -> Iterator[Finding]:
    """What a backslash does in double quotes that a clerk does not expect."""
    if text[start] != '"':
        return
    bad = next(
        (m for m in re.finditer(r"\\.", text[start:end], re.DOTALL) if _BAD_ESCAPE.match(m[0])),
        None,
    )
    if bad:
        whole = text[start + 1 : end - 1].replace("'", "''")
        yield finding(ESCAPE, start + bad.start(), Edit(start, end, f"'{whole}'"), escape=bad[0])
