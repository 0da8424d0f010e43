"""Scanner for values after a key or dash: plain, quoted and block scalars, flow collections."""

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
    COMMENT_VALUE,
    COMPLEX_KEY,
    DASH_VALUE,
    INDICATOR,
    ODD_BRACES,
    OPEN_QUOTE,
    TAB,
    WIDE_QUOTE,
    Edit,
)
from gongkai.reading.yaml.flow import BLOCK_ENTRY, QUOTED, WIDE_QUOTES, scan_flow
from gongkai.reading.yaml.flow_entries import find_bad_escapes, find_spreadsheet_error
from gongkai.reading.yaml.scan_state import COMMENT_MARK, INNER_COLON, ScanState

_SPACED_COMMENT = re.compile(r"(?<=\s\s)#(?: |$)")
_NUMBER = re.compile(r"[-+]?[\d.,]+[ ]*%?")
_BLOCK_HEADER = re.compile(r"[|>][+-]?(?=[ \t]*(?:[ \t]#[^\n]*)?$)", re.MULTILINE)
_ODD_BRACES = {"｛": "｝", "（": "）", "(": ")", "【": "】", "［": "］", "〔": "〕"}
"""Other brackets that people write for braces, with the closing ones."""
_INDICATOR = re.compile(r"[&*!%@`,\]}]|[-?](?=\s|$)")


def scan_value(state: ScanState, at: int) -> int:
    """Scan the value after a key or dash; return the end of its last line."""
    state.accepts_nested, state.in_plain_scalar, state.text_indent = False, False, 0
    rest = state.rest_of_line(at)
    if not rest or rest.startswith("#"):
        state.accepts_nested = not report_lost_value(state, at)
        return state.line_end(at)
    scan = _SCANNERS.get(rest[0], scan_plain)
    return scan(state, at + state.text[at : state.line_end(at)].index(rest[0]))


def report_lost_value(state: ScanState, at: int) -> bool:
    """Report a value that YAML takes for a comment (#REF!, #待填); return whether there is one."""
    rest = state.rest_of_line(at)
    if not re.match(r"#+[^\s#]|#{2,}$", rest):
        return False
    start = state.text.index("#", at)
    end = start + len(rest)
    if finding := find_spreadsheet_error(state.text, start, end):
        state.findings.append(finding)
    else:
        state.report_unquoted(COMMENT_VALUE, start, start, end, rest=rest)
    return True


def _value_end(state: ScanState, at: int) -> int:
    """Return the end of the value on this line, without trailing blanks and comment."""
    end = state.line_end(at)
    comment = COMMENT_MARK.search(state.text, at, end)
    return at + len(state.text[at : comment.start() if comment else end].rstrip())


def scan_plain(state: ScanState, at: int, *, first: bool = True) -> int:
    """Scan a line of a plain scalar; return the end of the line.

    `first` is False for a continuation line.
    """
    state.in_plain_scalar = True
    stop, end = _value_end(state, at), state.line_end(at)
    value = state.text[at:stop]
    state.text_indent = 0 if _NUMBER.fullmatch(value) else state.column + 2
    if first and value.startswith(("- ", "-\t")):
        state.report_unquoted(DASH_VALUE, at, at, stop)
        state.in_plain_scalar, state.accepts_nested = False, True
    elif (bad := _INDICATOR.match(value)) and first:
        state.report_unquoted(INDICATOR, at, at, stop, mark=bad[0])
    elif (colon := INNER_COLON.search(value)) and value[-1] == _ODD_BRACES.get(value[0]):
        _report_odd_braces(state, at, stop)
    elif colon:
        kind = COLON_INSIDE if colon.end() < len(value) else COLON_END
        state.report_unquoted(kind, at + colon.start(), at, stop, value=value)
    elif comment := COMMENT_MARK.search(state.text, stop, end):
        _report_comment(state, at, stop, comment.start(), first=first)
    return end


def _report_odd_braces(state: ScanState, at: int, stop: int) -> None:
    """Report pairs in brackets other than braces."""
    value = state.text[at:stop]
    edits = Edit(at, at + 1, "{"), Edit(stop - 1, stop, "}")
    braces = f"{{{value[1:-1]}}}"
    state.report(ODD_BRACES, at, *edits, mark=value[0] + value[-1], braces=braces)


def _report_comment(state: ScanState, at: int, stop: int, mark: int, *, first: bool) -> None:
    if _NUMBER.fullmatch(state.text, at, stop) or _SPACED_COMMENT.match(
        state.text, mark, state.line_end(mark)
    ):
        return
    if first:
        state.report_unquoted(
            COMMENT, mark, at, at + len(state.rest_of_line(at)), rest=state.rest_of_line(mark)
        )
    else:
        state.report(COMMENT_BELOW, mark, rest=state.rest_of_line(mark))


def _scan_quoted(state: ScanState, at: int) -> int:
    text, end = state.text, state.line_end(at)
    match = QUOTED.match(text, at)
    if match is None or _swallows_block(state, match):
        stop = at + len(state.rest_of_line(at))
        if text[stop - 1] in WIDE_QUOTES:
            words = {"mark": text[at], "closing": text[stop - 1]}
            state.report(WIDE_QUOTE, at, Edit(stop - 1, stop, text[at]), **words)
            return end
        state.report(OPEN_QUOTE, at, Edit(stop, stop, text[at]), mark=text[at])
        return end
    after, end = match.end(), state.line_end(match.end())
    rest = text[after:end]
    if rest.strip() and not re.match(r"\s+#", rest):
        stop = max(_value_end(state, after), after)
        state.report_unquoted(AFTER_QUOTE, after, at, stop, rest=text[after:stop].strip())
    else:
        state.findings += find_bad_escapes(text, at, after)
    return end


def _swallows_block(state: ScanState, match: re.Match[str]) -> bool:
    """Return whether a quoted scalar swallows lines of the surrounding block."""
    for line in match[0].split("\n")[1:]:
        content = line.lstrip()
        if len(line) - len(content) <= state.column and BLOCK_ENTRY.match(content):
            return True
    return False


def _scan_flow(state: ScanState, at: int) -> int:
    flow = scan_flow(state.text, at, state.column)
    if not flow.closed:
        state.findings += flow.findings
        return state.line_end(max(flow.end, at))
    end = state.line_end(flow.end)
    rest = state.rest_of_line(flow.end)
    if rest.startswith(":"):
        state.report_unquoted(COMPLEX_KEY, at, at, flow.end)
    elif rest and not re.match(r"\s+#", state.text[flow.end : end]):
        stop = max(_value_end(state, flow.end), flow.end)
        closing = state.text[flow.end - 1]
        state.report_unquoted(
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


def _scan_block(state: ScanState, at: int) -> int:
    """Scan a block scalar (| or >)."""
    end = state.line_end(at)
    if not _BLOCK_HEADER.match(state.text, at):
        state.report_unquoted(INDICATOR, at, at, _value_end(state, at), mark=state.text[at])
        return end
    block_indent, line = -1, end + 1
    while line < len(state.text):
        start, stop = state.indent_end(line), state.line_end(line)
        indent = state.text[line:start]
        tabbed = "\t" in indent[: max(block_indent, state.column + 1)]
        if start < stop and not tabbed and _indent_width(indent) <= state.column:
            break
        if start < stop:
            block_indent = _scan_block_line(state, line, start, block_indent, tabbed=tabbed)
        line, end = stop + 1, stop
    if block_indent < 0:
        header = _value_end(state, at)
        state.report_unquoted(BLOCK_EMPTY, at, at, header, mark=state.text[at:header])
    state.text_indent = max(block_indent, 0)
    return end


def _indent_width(indent: str) -> int:
    return len(indent) - len(indent.lstrip(" "))


def _scan_block_line(
    state: ScanState, line: int, start: int, block_indent: int, *, tabbed: bool
) -> int:
    """Check a line of a block scalar; return the indent of the scalar."""
    indent = state.text[line:start]
    width = _indent_width(indent)
    if tabbed:
        expected = block_indent if block_indent >= 0 else state.column + 2
        state.report(TAB, line + indent.index("\t"), Edit(line, start, " " * expected))
        return expected
    if width < block_indent:
        state.report(BLOCK_INDENT, line + width, Edit(line, line + width, " " * block_indent))
    return width if block_indent < 0 else block_indent


_SCANNERS: dict[str, Callable[[ScanState, int], int]] = {
    '"': _scan_quoted, "'": _scan_quoted, "{": _scan_flow, "[": _scan_flow, "|": _scan_block, ">": _scan_block
}  # fmt: skip
