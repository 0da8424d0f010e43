"""Values as they stand after a key or a dash: plain, quoted, in braces, or in lines below."""

import re
from collections.abc import Callable

from gongkai.reading.yaml.faults import (
    AFTER_BRACKET,
    AFTER_QUOTE,
    BLOCK_EMPTY,
    BLOCK_INDENT,
    COLON_END,
    COLON_INSIDE,
    COMMENT,
    COMMENT_BELOW,
    COMPLEX_KEY,
    DASH_VALUE,
    INDICATOR,
    OPEN_QUOTE,
    TAB,
    Edit,
)
from gongkai.reading.yaml.flow import QUOTED, read_flow
from gongkai.reading.yaml.flow_entries import escapes
from gongkai.reading.yaml.scan_state import COMMENT_MARK, INNER_COLON, Scan

_CONVENTION = re.compile(r"(?<=\s\s)#(?: |$)")
_BARE = re.compile(r"[-+]?[\d.,]+[ ]*%?")
_HEADER = re.compile(r"[|>][+-]?(?=[ \t]*(?:[ \t]#[^\n]*)?$)", re.MULTILINE)
_INDICATOR = re.compile(r"[&*!%@`,\]}]|[-?](?=\s|$)")


def read_value(state: Scan, at: int) -> int:
    """What stands after a key or a dash."""
    state.open, state.plain = False, False
    rest = state.rest(at)
    if not rest or rest.startswith("#"):
        state.open = True
        return state.end(at)
    reader = _READERS.get(rest[0], read_text)
    return reader(state, at + state.text[at : state.end(at)].index(rest[0]))


def _without_comment(state: Scan, at: int) -> int:
    """Where the value ends on this line: before blanks and a comment."""
    end = state.end(at)
    comment = COMMENT_MARK.search(state.text, at, end)
    return at + len(state.text[at : comment.start() if comment else end].rstrip())


def read_text(state: Scan, at: int, *, first: bool = True) -> int:
    """A value without quotes, or a further line of it."""
    state.plain = True
    stop, end = _without_comment(state, at), state.end(at)
    value = state.text[at:stop]
    if first and value.startswith(("- ", "-\t")):
        state.quote(DASH_VALUE, at, at, stop)
        state.plain, state.open = False, True
    elif (bad := _INDICATOR.match(value)) and first:
        state.quote(INDICATOR, at, at, stop, mark=bad[0])
    elif colon := INNER_COLON.search(value):
        kind = COLON_INSIDE if colon.end() < len(value) else COLON_END
        state.quote(kind, at + colon.start(), at, stop, value=value)
    elif comment := COMMENT_MARK.search(state.text, stop, end):
        _comment(state, at, stop, comment.start(), first=first)
    return end


def _comment(state: Scan, at: int, stop: int, mark: int, *, first: bool) -> None:
    bare = _BARE.fullmatch(state.text, at, stop)
    if bare or _CONVENTION.match(state.text, mark, state.end(mark)):
        return
    if first:
        state.quote(COMMENT, mark, at, at + len(state.rest(at)), rest=state.rest(mark))
    else:
        state.note(COMMENT_BELOW, mark, rest=state.rest(mark))


def _quoted(state: Scan, at: int) -> int:
    text, end = state.text, state.end(at)
    match = QUOTED.match(text, at)
    if match is None or _runs_on(state, match):
        stop = at + len(state.rest(at))
        state.note(OPEN_QUOTE, at, Edit(stop, stop, text[at]), mark=text[at])
        return end
    after, end = match.end(), state.end(match.end())
    rest = text[after:end]
    if rest.strip() and not re.match(r"\s+#", rest):
        stop = max(_without_comment(state, after), after)
        state.quote(AFTER_QUOTE, after, at, stop, rest=text[after:stop].strip())
    else:
        state.findings += escapes(text, at, after)
    return end


def _runs_on(state: Scan, match: re.Match[str]) -> bool:
    """Whether a quotation takes in lines that are none of it."""
    for line in match[0].split("\n")[1:]:
        bare = line.strip()
        if bare and len(line) - len(line.lstrip()) <= state.column:
            return True
    return False


def _flow(state: Scan, at: int) -> int:
    flow = read_flow(state.text, at, state.column)
    if not flow.closed:
        state.findings += flow.findings
        return state.end(max(flow.end, at))
    end = state.end(flow.end)
    rest = state.rest(flow.end)
    if rest.startswith(":"):
        state.quote(COMPLEX_KEY, at, at, flow.end)
    elif rest and not re.match(r"\s+#", state.text[flow.end : end]):
        stop = max(_without_comment(state, flow.end), flow.end)
        closing = state.text[flow.end - 1]
        state.quote(
            AFTER_BRACKET,
            flow.end,
            at,
            stop,
            closing=closing,
            rest=state.text[flow.end : stop].strip(),
        )
    else:
        state.findings += flow.findings
    return end


def _block(state: Scan, at: int) -> int:
    """A text in lines of its own below | or >."""
    end = state.end(at)
    if not _HEADER.match(state.text, at):
        state.quote(INDICATOR, at, at, _without_comment(state, at), mark=state.text[at])
        return end
    first, line = -1, end + 1
    while line < len(state.text):
        start, stop = state.beyond_indent(line), state.end(line)
        found = state.text[line:start]
        tabbed = "\t" in found[: max(first, state.column + 1)]
        if start < stop and not tabbed and _spaces(found) <= state.column:
            break
        if start < stop:
            first = _block_line(state, line, start, first, tabbed=tabbed)
        line, end = stop + 1, stop
    if first < 0:
        header = _without_comment(state, at)
        state.quote(BLOCK_EMPTY, at, at, header, mark=state.text[at:header])
    return end


def _spaces(found: str) -> int:
    return len(found) - len(found.lstrip(" "))


def _block_line(state: Scan, line: int, start: int, first: int, *, tabbed: bool) -> int:
    """How deep the block is, after a look at one of its lines."""
    found = state.text[line:start]
    spaces = _spaces(found)
    wanted = first if first >= 0 else state.column + 2
    if tabbed:
        state.note(TAB, line + found.index("\t"), Edit(line, start, " " * wanted))
        return wanted
    if spaces < first:
        state.note(BLOCK_INDENT, line + spaces, Edit(line, line + spaces, " " * first))
    return spaces if first < 0 else first


_READERS: dict[str, Callable[[Scan, int], int]] = {
    '"': _quoted, "'": _quoted, "{": _flow, "[": _flow, "|": _block, ">": _block
}  # fmt: skip
