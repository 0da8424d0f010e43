"""Checks on the entries of flow mappings and sequences: stray commas, colons and quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from gongkai.model.spreadsheet_errors import explain_spreadsheet_error
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
    NUMBER_COMMA,
    ODD_COLON,
    ODD_COMMA,
    SPREADSHEET_ERROR,
    THOUSANDS,
    WIDE_COLON,
    WIDE_COMMA,
    Edit,
    ScanFinding,
    build_finding,
    build_quoting_finding,
    quote,
)

THOUSANDS_NUMBER = re.compile(
    r"([-+]?\d{1,3}(?:,\d{3})+(?!\d|,\d)[^\s,\[\]{}:]*)(?=[ \t]*[,\]}\n])"
)
"""A number with thousands separators and nothing after it."""
_NAME = r"[^\s：:，。；、“\"'{\[\-#>|&*!]"
_FIGURE = r"[-+≥≤=]*\d[\d.,]*[ ]?[%\w]{0,3}|"
_SPACES = r"[ \t\u3000\xa0]*"
_WIDE_PAIR = re.compile(rf"({_NAME}[^：:，。；\n]{{0,39}}?)[ \t]*(：){_SPACES}([^\n]*)")
"""A key, a full-width colon and the rest of the line."""
FIGURE_PAIR = re.compile(rf"({_NAME}[^:，。；\n]{{0,39}}?)[ \t]*(：){_SPACES}({_FIGURE})")
"""The same with a figure or nothing after the colon."""
TIGHT_PAIR = re.compile(
    rf"((?!\d){_NAME}[^：:，。；\n]{{0,39}}?|\"[^\"\n]*\"|'[^'\n]*')(:)(?!//){_SPACES}([^\n]*)"
)
"""The same with an ASCII colon and no space after it."""
_ODD_PAIR = re.compile(
    rf"((?!=){_NAME}[^：:，。；\n]{{0,19}}?)[ \t]*([﹕∶︰꞉＝=]){_SPACES}([^\n]*)"
)
"""The same with another colon or an equals sign."""
_NO_COLON = re.compile(r"([^\d\s,][^\d,\n]*?)[ ]*(\d[\d.]*%?)")
_MISTYPED = (
    (TIGHT_PAIR, COLON_SPACE),
    (FIGURE_PAIR, WIDE_COLON),
    (_WIDE_PAIR, WIDE_COLON),
    (_ODD_PAIR, ODD_COLON),
)

_NUMBER_PIECES = re.compile(r"[-+]?\d[\d.]*(?:,\d[\d.]*)+")
_ODD_COMMA = re.compile(r"\s*[^\s、；;|]*[ \t]*([、；;|])")
"""A value without spaces, and a sign that people write for the comma."""
_BAD_START = re.compile(r"[&*!|>%@`:]|[-?](?=\s|$)")
_BAD_ESCAPE = re.compile(r"\\(?:[^\"\\/nt \n]|$)")
_PAIRS = (("“", "”"), ("‘", "’"), ("（", "）"), ("《", "》"), ("【", "】"))


@dataclass(frozen=True, slots=True)
class FlowToken:
    """A token of a flow collection: a scalar, a colon or a nested collection, text[start:end]."""

    kind: str
    start: int
    end: int


@dataclass(slots=True)
class OpenBracket:
    """An open brace or bracket and its entries so far."""

    start: int
    entries: list[list[FlowToken]] = field(default_factory=lambda: [[]])


def check_entries(text: str, bracket: OpenBracket) -> Iterator[ScanFinding]:
    """Yield the faults in the entries of a closed brace or bracket."""
    for entry in bracket.entries:
        for token in entry:
            yield from _check_scalar(text, token, text[bracket.start])
        yield from _check_adjacent(text, entry)
        yield from _check_tight_colons(text, entry)
    if text[bracket.start] == "{":
        yield from _check_flow_mapping(text, [entry for entry in bracket.entries if entry])
    else:
        yield from _check_flow_sequence(text, [entry for entry in bracket.entries if entry])


def _check_scalar(text: str, token: FlowToken, bracket: str) -> Iterator[ScanFinding]:
    value = text[token.start : token.end]
    if token.kind == "quoted":
        yield from find_bad_escapes(text, token.start, token.end)
    elif (
        token.kind == "plain"
        and THOUSANDS_NUMBER.fullmatch(f"{value}", 0) is None
        and "," not in value
    ):
        if bad := _BAD_START.match(value):
            yield build_quoting_finding(
                INDICATOR, token.start, text, token.start, token.end, mark=bad[0]
            )
    elif token.kind == "plain":
        number = value.replace(",", "")
        also = "，若是几个数，请在逗号后加空格" if bracket == "[" else ""
        edit = Edit(token.start, token.end, number)
        yield build_finding(THOUSANDS, token.start, edit, number=value, expected=number, also=also)


def _check_adjacent(text: str, entry: list[FlowToken]) -> Iterator[ScanFinding]:
    """Yield a fault where text follows a closing quote or bracket."""
    for first, second in pairwise(entry):
        if {"colon", "open flow"} & {
            first.kind,
            second.kind,
        } or first.kind == "plain" == second.kind:
            continue
        kind = AFTER_QUOTE if first.kind == "quoted" else AFTER_BRACKET
        index = second.start if first.kind != "plain" else first.start
        if first.kind == "plain" and text[first.end - 1] == ":":
            yield _tight_colon_finding(text, first, second)
            return
        words = {"rest": text[second.start : second.end], "closing": text[first.end - 1]}
        if first.kind == "plain":
            words = {"rest": text[second.end : entry[-1].end], "closing": text[second.end - 1]}
        yield build_quoting_finding(kind, index, text, first.start, entry[-1].end, **words)
        return


def _tight_colon_finding(text: str, key: FlowToken, value: FlowToken) -> ScanFinding:
    name, edit = text[key.start : key.end - 1], Edit(key.end, key.end, " ")
    pair = f"{name}: {text[value.start : value.end]}"
    return build_finding(COLON_SPACE, key.end - 1, edit, key=name, pair=pair)


def _check_tight_colons(text: str, entry: list[FlowToken]) -> Iterator[ScanFinding]:
    """Yield colons that a bracket or comma follows without a space."""
    for key, colon in pairwise(entry):
        if colon.kind == "colon" and text[colon.end : colon.end + 1] in set(",]}"):
            name = text[key.start : key.end]
            yield build_finding(
                COLON_SPACE,
                colon.start,
                Edit(colon.end, colon.end, " "),
                key=name,
                pair=f"{name}: ",
            )


def colon_tokens(entry: list[FlowToken]) -> list[FlowToken]:
    """Return the colons of an entry; a well-formed entry has at most one."""
    return [token for token in entry if token.kind == "colon"]


def _check_flow_mapping(text: str, entries: list[list[FlowToken]]) -> Iterator[ScanFinding]:
    keyless: list[list[FlowToken]] = []
    for entry in entries:
        if entry[0].kind == "flow":
            continue
        elif len(colon_tokens(entry)) > 1:
            yield _second_colon_finding(text, entry)
        elif not colon_tokens(entry):
            finding = _mistyped_colon_finding(text, entry, first=entry is entries[0])
            if finding:
                yield finding
            else:
                keyless.append(entry)
    yield from _check_keyless_entries(text, entries, keyless)


def _second_colon_finding(text: str, entry: list[FlowToken]) -> ScanFinding:
    first, second = colon_tokens(entry)[:2]
    start, end = first.end, entry[-1].end
    comma = text.rfind("，", start, second.start)
    if comma >= 0:
        edit = Edit(comma, comma + 1, ", ")
        return build_finding(WIDE_COMMA, comma, edit)
    if odd := _ODD_COMMA.match(text, start, second.start):
        edit = Edit(odd.start(1), odd.end(1), ", ")
        return build_finding(ODD_COMMA, odd.start(1), edit, mark=odd[1])
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return build_quoting_finding(
        COLON_INSIDE, second.start, text, start, end, value=text[start:end]
    )


def _mistyped_colon_finding(
    text: str, entry: list[FlowToken], *, first: bool
) -> ScanFinding | None:
    start, end = entry[0].start, entry[-1].end
    is_spaced = first or text[start - 1] in " \n"
    if not is_spaced:
        return None
    if mistyped := find_mistyped_pair(text, start, end):
        return mistyped[0]
    if pair := _NO_COLON.fullmatch(text, start, end):
        edit = Edit(pair.end(1), pair.start(2), ": ")
        words = {"piece": pair[0], "pair": f"{pair[1]}: {pair[2]}"}
        return build_finding(FIGURE_VALUE, start, edit, **words)
    return None


def find_mistyped_pair(text: str, start: int, stop: int) -> tuple[ScanFinding, int] | None:
    """Return a finding and the value's start if the colon is full-width or lacks a space."""
    for pattern, kind in _MISTYPED:
        if pair := pattern.fullmatch(text, start, stop):
            key, value = pair[1].rstrip(), pair[3]
            corrected = f"{key}: {value}".rstrip()
            edit = Edit(pair.start(2), pair.start(3), ": " if value else ":")
            words = {"key": key, "mark": pair[2], "pair": corrected}
            return build_finding(kind, pair.start(2), edit, **words), pair.start(3)
    return None


def _check_keyless_entries(
    text: str, entries: list[list[FlowToken]], keyless: list[list[FlowToken]]
) -> Iterator[ScanFinding]:
    """Yield entries without a colon: texts that a comma separates from the previous or next one."""
    reported: set[int] = set()
    for entry in keyless:
        first = entries.index(entry)
        if first in reported:
            continue
        last = first
        while last + 1 < len(entries) and entries[last + 1] in keyless:
            last += 1
        reported.update(range(first, last + 1))
        yield _comma_finding(text, entries, first, last)


def _comma_finding(text: str, entries: list[list[FlowToken]], first: int, last: int) -> ScanFinding:
    piece = text[entries[first][0].start : entries[first][-1].end]
    if first > 0 and entries[first - 1][-1].kind == "plain":
        start, end = entries[first - 1][-1].start, entries[last][-1].end
        if _NUMBER_PIECES.fullmatch(text, start, end):
            expected = text[start:end].replace(",", "")
            words = {"number": text[start:end], "expected": expected}
            edit = Edit(start, end, quote(text[start:end]))
            return build_finding(NUMBER_COMMA, start, edit, **words)
        return build_quoting_finding(
            COMMA_SPLIT,
            text.rindex(",", start, entries[first][0].start),
            text,
            start,
            end,
            piece=piece,
        )
    if first == 0 and last + 1 < len(entries):
        start, end = entries[0][0].start, entries[last + 1][0].end
        return build_quoting_finding(
            COMMA_SPLIT, text.index(",", entries[0][-1].end), text, start, end, piece=piece
        )
    start, end = entries[first][0].start, entries[last][-1].end
    return build_finding(NO_VALUE, start, Edit(end, end, ": "), piece=piece)


def _check_flow_sequence(text: str, entries: list[list[FlowToken]]) -> Iterator[ScanFinding]:
    for entry, following in pairwise(entries):
        value = text[entry[0].start : entry[-1].end]
        if entry[0].kind == "plain" and any(
            value.count(opening) > value.count(closing) for opening, closing in _PAIRS
        ):
            start, end = entry[0].start, following[-1].end
            yield build_quoting_finding(
                LIST_SPLIT, text.index(",", entry[-1].end), text, start, end
            )


def find_spreadsheet_error(text: str, start: int, end: int) -> ScanFinding | None:
    """Return a finding if text[start:end] is an error value of Excel, which YAML drops as a comment."""
    meaning = explain_spreadsheet_error(text[start:end])
    if not meaning:
        return None
    quoted = Edit(start, end, quote(text[start:end]))
    return ScanFinding(SPREADSHEET_ERROR, start, {"meaning": meaning}, (quoted,))


def find_bad_escapes(text: str, start: int, end: int) -> Iterator[ScanFinding]:
    """Yield the first escape sequence in a double-quoted scalar that an author would not expect."""
    if text[start] != '"':
        return
    bad = next(
        (
            escape
            for escape in re.finditer(r"\\.", text[start:end], re.DOTALL)
            if _BAD_ESCAPE.match(escape[0])
        ),
        None,
    )
    if bad:
        content = text[start + 1 : end - 1].replace("'", "''")
        yield build_finding(
            ESCAPE, start + bad.start(), Edit(start, end, f"'{content}'"), escape=bad[0]
        )
