"""Line-by-line YAML scanner with error recovery: finds every faulty line of a file."""

import re

from gongkai.reading.yaml.faults import (
    AFTER_QUOTE,
    COMPLEX_KEY,
    DASH_SPACE,
    DIRECTIVE,
    DOCUMENTS,
    INDENT,
    INDENT_CHILD,
    ITEM_PLACE,
    KEY_INDICATOR,
    MERGE,
    NAMELESS,
    NO_COLON,
    NO_DASH,
    NO_DASHES,
    NO_KEY,
    QUESTION,
    TAB,
    UNINDENTED_TEXT,
    WIDE_COLON,
    WIDE_COLON_OR_TEXT,
    WIDE_INDENT,
    Edit,
    FaultKind,
)
from gongkai.reading.yaml.flow import QUOTED, scan_flow
from gongkai.reading.yaml.flow_entries import FIGURE_PAIR, TIGHT_PAIR, find_mistyped_pair
from gongkai.reading.yaml.scalars import report_lost_value, scan_plain, scan_value
from gongkai.reading.yaml.scan_state import COMMENT_MARK, INNER_COLON, BlockLevel, ScanState

_DASH = re.compile(r"-(?:[ \t]+|$)", re.MULTILINE)
_TIGHT_DASH = re.compile(r"-(?=[^\s\d.-])")
_INDENT_STEP = 2
_TAB_WIDTHS = (2, 4, 8)


def _measure_indent(state: ScanState, start: int, at: int, *, textual: bool) -> int:
    """Return the indent of a line in spaces; report tabs and wide spaces.

    `textual` lines, which continue a plain scalar, may begin with wide spaces.
    """
    indent = state.text[start:at]
    odd = indent.strip(" ")
    if not odd:
        return len(indent)
    if textual and "\t" not in odd:
        return len(indent)
    width = _guess_width(state, indent)
    state.report(
        TAB if "\t" in odd else WIDE_INDENT,
        start + indent.index(odd[0]),
        Edit(start, at, " " * width),
    )
    return width


def _guess_width(state: ScanState, indent: str) -> int:
    """Return the width of an indent with tabs or wide spaces that fits an open level best."""
    odd = len(indent) - indent.count(" ")
    widths = [odd * width + indent.count(" ") for width in _TAB_WIDTHS]
    columns = {level.column for level in state.levels} or {0}
    if state.accepts_nested:
        columns |= {width for width in widths if width > state.column}
    return next(
        (width for width in widths if width in columns),
        min(columns, key=lambda column: abs(column - widths[0])),
    )


def _report_overindent(state: ScanState, start: int, at: int, indent: int) -> None:
    """Report a line that is indented too far, and align it with the innermost level."""
    expected = state.column
    if state.text[at] in "{[" and state.previous_entry.startswith(("{", "[")):
        state.report(NO_DASHES, at)
    elif state.last_shift != (indent, expected):
        state.report(INDENT_CHILD, at, above=state.previous_entry)
    state.last_shift = (indent, expected)
    state.edits.append(Edit(start, at, " " * expected))


def _resolve_column(state: ScanState, start: int, at: int, indent: int) -> int:
    """Return the column of the level that a line belongs to; report an indent that fits none."""
    columns = [level.column for level in state.levels]
    dashed = bool(_DASH.match(state.text, at) or _TIGHT_DASH.match(state.text, at))
    if not columns or (indent > columns[-1] and state.accepts_nested):
        return indent
    if indent > columns[-1]:
        _report_overindent(state, start, at, indent)
        indent = columns[-1]
    elif indent not in columns:
        indent = _nearest_column(state, start, at, indent, dashed=dashed)
    _close_levels(state, indent)
    return _match_level(state, start, at, dashed=dashed)


def _nearest_column(state: ScanState, start: int, at: int, indent: int, *, dashed: bool) -> int:
    """Report a line whose indent fits no level; return the column of the nearest one."""
    same_kind = [level.column for level in state.levels if level.dashed is dashed]
    columns = same_kind or [level.column for level in state.levels]
    expected = min(columns, key=lambda column: (abs(column - indent), -column))
    if state.last_shift != (indent, expected):
        state.report(INDENT, at, actual=str(indent), expected=str(expected))
    state.last_shift = (indent, expected)
    state.edits.append(Edit(start, at, " " * expected))
    return expected


def _close_levels(state: ScanState, indent: int) -> None:
    while state.levels and state.levels[-1].column > indent:
        state.levels.pop()


def _match_level(state: ScanState, start: int, at: int, *, dashed: bool) -> int:
    """Return the column of a line, which has a dash in sequences only; report the others."""
    top = state.levels[-1]
    if dashed and not top.dashed and not state.accepts_nested:
        column = next(
            (level.column for level in reversed(state.levels) if level.dashed), top.column
        )
        state.report(ITEM_PLACE, at, Edit(start, at, " " * column))
        _close_levels(state, column)
        return column
    if not dashed and top.dashed:
        if len(state.levels) > 1 and state.levels[-2].column == top.column:
            state.levels.pop()
        else:
            state.report(NO_DASH, at, Edit(at, at, "- "))
            _open_level(state, top.column + 2, dashed=False)
            return top.column + 2
    return top.column


def _open_level(state: ScanState, column: int, *, dashed: bool) -> None:
    """Open a block collection in this column, unless it is open already."""
    level = BlockLevel(column, dashed)
    if not state.levels or state.levels[-1] != level:
        state.levels.append(level)


_KEY = re.compile(
    r"(\"(?:[^\"\\\n]|\\.)*\"[ \t]*|'(?:[^'\n]|'')*'[ \t]*|(?![\"'#{\[>|@`%,\]}]|[?-][ \t])"
    r"(?:[^\n:#]|:(?![ \t\n]|$)|(?<![ \t])#)*):(?:[ \t]+|$)",
    re.MULTILINE,
)
_TIGHT_LINE = re.compile(rf"(?!\S* |\S*\d:\d)(?:{TIGHT_PAIR.pattern})")
_WIDE_BEFORE_BRACE = re.compile(r"[^\s：]+：[ \t]*[{\[]")
"""A full-width colon before a flow mapping, which ends the key."""
_TEXT_FAULTS = frozenset({UNINDENTED_TEXT, WIDE_COLON_OR_TEXT})
_BAD_KEY = re.compile(r"([,\]}@`%|>{\[\"'][^\"'\n]*?):(?:[ \t]+|$)", re.MULTILINE)


def scan_text(text: str) -> ScanState:
    """Scan a text; return the state with all findings and corrections."""
    state, at = ScanState(text), 0
    while at < len(text):
        at = _scan_line(state, at) + 1
    return state


def _scan_line(state: ScanState, start: int) -> int:
    at, end = state.indent_end(start), state.line_end(start)
    if at >= end or state.text[at] == "#":
        if "\t" in state.text[start:at]:
            state.edits.append(Edit(start, at, ""))
        return end
    if start == at and (marker := re.compile(r"(---|\.\.\.)(?=\s|$)|%").match(state.text, at)):
        _report_marker(state, at, marker[0])
        return end
    textual = state.in_plain_scalar and not (_match_key(state, at) or _is_mistyped_pair(state, at))
    indent = _measure_indent(state, start, at, textual=textual)
    if state.in_plain_scalar and indent > state.column:
        return _scan_continuation(state, start, at, indent)
    indent = _resolve_column(state, start, at, indent)
    count = len(state.findings)
    end = _scan_entry(state, at, indent)
    if not any(finding.kind in _TEXT_FAULTS for finding in state.findings[count:]):
        state.previous_entry = state.rest_of_line(at)
    return end


def _report_marker(state: ScanState, at: int, mark: str) -> None:
    end = state.line_end(at)
    if mark == "%":
        state.report(DIRECTIVE, at, Edit(at, end, ""))
    elif state.levels:
        state.report(DOCUMENTS, at, Edit(at, end, ""), mark=mark)


def _scan_continuation(state: ScanState, start: int, at: int, indent: int) -> int:
    """Scan a line indented below a plain scalar: a continuation or a wrongly indented entry."""
    if _match_key(state, at):
        _report_overindent(state, start, at, indent)
        return _scan_entry(state, at, state.column)
    if _DASH.match(state.text, at):
        state.report(ITEM_PLACE, at)
        return state.line_end(at)
    return scan_plain(state, at, first=False)


def _is_mistyped_pair(state: ScanState, at: int) -> bool:
    """Return whether a line can only be a key with a mistyped colon."""
    rest = state.rest_of_line(at)
    return bool(_TIGHT_LINE.fullmatch(rest) or FIGURE_PAIR.fullmatch(rest))


def _scan_entry(state: ScanState, at: int, indent: int) -> int:
    """Scan the dashes, key and value of a line."""
    line, in_sequence = at, False
    if _TIGHT_DASH.match(state.text, at):
        state.report(DASH_SPACE, at, Edit(at + 1, at + 1, " "), value=state.rest_of_line(at + 1))
        _open_level(state, indent, dashed=True)
        at, line, in_sequence = at + 1, at - 1, True
    while dash := _DASH.match(state.text, at):
        _open_level(state, indent + at - line, dashed=True)
        at, in_sequence = dash.end(), True
    column = indent + at - line
    if in_sequence and (not state.rest_of_line(at) or state.rest_of_line(at).startswith("#")):
        state.accepts_nested, state.in_plain_scalar = not report_lost_value(state, at), False
        return state.line_end(at)
    key = _match_key(state, at)
    if key is None:
        return _scan_keyless(state, at, column, in_sequence=in_sequence)
    _open_level(state, column, dashed=False)
    _check_key(state, at, key)
    return scan_value(state, key.end())


def _match_key(state: ScanState, at: int) -> re.Match[str] | None:
    key = _KEY.match(state.text, at)
    if key is None or COMMENT_MARK.search(key[1]) or _WIDE_BEFORE_BRACE.match(key[1]):
        return None
    return key


def _check_key(state: ScanState, at: int, key: re.Match[str]) -> None:
    name = key[1].rstrip()
    if name == "<<":
        state.report(MERGE, at)
    elif not name and not any(finding.kind is QUESTION for finding in state.findings):
        state.report(NAMELESS, at)
    elif name[:1] in {"&", "*", "!"}:
        state.report_unquoted(KEY_INDICATOR, at, at, at + len(name), mark=name[0])


def _scan_keyless(state: ScanState, at: int, column: int, *, in_sequence: bool) -> int:
    """Scan a line without a key: a scalar where one is allowed, otherwise a mistake."""
    sibling = bool(state.levels) and state.levels[-1] == BlockLevel(column, dashed=False)
    is_value = (in_sequence or state.accepts_nested) and not sibling
    begins_value = (
        state.text[at] in "{[" if not state.levels else state.text[at] in "{[|>&*!\"'" and is_value
    )
    if begins_value or (
        is_value and state.levels and not _expects_key(state, at, column, in_sequence=in_sequence)
    ):
        end = scan_value(state, at)
        state.accepts_nested = state.text[at] in "&*!"
        return end
    return _scan_mistyped(state, at, column)


def _expects_key(state: ScanState, at: int, column: int, *, in_sequence: bool) -> bool:
    """Return whether keys follow in the same column, or all lines are keys with a wrong colon."""
    mistyped = not in_sequence and _is_mistyped_pair(state, at)
    line = state.line_end(at) + 1
    while line < len(state.text):
        start = state.indent_end(line)
        blank = not state.rest_of_line(line)
        if not blank and start - line < column:
            break
        if start - line == column and _match_key(state, start):
            return True
        pair = blank or _is_mistyped_pair(state, start)
        if in_sequence and pair and not blank and start - line == column:
            return True
        mistyped = mistyped and pair
        line = state.line_end(line) + 1
    return mistyped


def _scan_mistyped(state: ScanState, at: int, column: int) -> int:
    """Scan a line that should have been a key with a value."""
    text, end, stop = state.text, state.line_end(at), at + len(state.rest_of_line(at))
    _open_level(state, column, dashed=False)
    state.in_plain_scalar, state.accepts_nested = False, False
    if re.match(r"\?(?=\s|$)", state.rest_of_line(at)):
        state.report(QUESTION, at)
        return end
    if text[at] in "{[" and (flow := scan_flow(text, at, column)).closed:
        state.report_unquoted(COMPLEX_KEY, at, at, flow.end)
        return end
    if bad := _BAD_KEY.match(text, at, stop):
        state.report_unquoted(KEY_INDICATOR, at, at, at + len(bad[1].rstrip()), mark=text[at])
        return scan_value(state, bad.end())
    if mistyped := find_mistyped_pair(text, at, stop):
        finding, value_start = mistyped
        if finding.kind is WIDE_COLON and _may_be_text(state, at, value_start):
            return _report_stray_text(state, at, WIDE_COLON_OR_TEXT, **finding.words)
        state.findings.append(finding)
        return scan_value(state, value_start)
    return _report_no_colon(state, at, stop, column)


def _may_be_text(state: ScanState, at: int, value_start: int) -> bool:
    """Return whether a line with a full-width colon may continue the text of the entry above it."""
    beside_entry = 0 < state.text_indent - (at - state.line_start(at)) <= _INDENT_STEP
    value = state.rest_of_line(value_start)
    return beside_entry and value[:1] not in {"{", "["} and not _is_mistyped_pair(state, at)


def _report_no_colon(state: ScanState, at: int, stop: int, column: int) -> int:
    """Report a line without any colon that could belong to a key."""
    text, end, rest = state.text, state.line_end(at), state.rest_of_line(at)
    if quoted := QUOTED.match(text, at, end):
        colon = INNER_COLON.search(text, quoted.end(), end)
        stop = colon.start() if colon else stop
        state.report_unquoted(AFTER_QUOTE, quoted.end(), at, stop, rest=text[quoted.end() : stop])
        return scan_value(state, colon.end()) if colon and colon.end() < end else end
    if _has_children(state, end + 1, column):
        state.accepts_nested = True
        state.report(NO_COLON, stop, Edit(stop, stop, ":"), key=rest)
    elif state.text_indent:
        return _report_stray_text(state, at, UNINDENTED_TEXT, line=rest)
    else:
        state.report(NO_KEY, at, Edit(at, end, "#"), line=rest)
    return end


def _report_stray_text(state: ScanState, at: int, kind: FaultKind, **words: str) -> int:
    """Report a line that may continue the text above, and indent it so that it does."""
    start = state.line_start(at)
    spaces = f"{state.text_indent - (at - start)}"
    indented = Edit(start, at, " " * state.text_indent)
    above = state.previous_entry.removeprefix("- ").partition(":")[0]
    state.report(kind, at, indented, above=above, spaces=spaces, **words)
    return state.line_end(at)


def _has_children(state: ScanState, line: int, column: int) -> bool:
    if line >= len(state.text):
        return False
    start = state.indent_end(line)
    entry = _KEY.match(state.text, start) or _DASH.match(state.text, start)
    return start - line > column and bool(entry)
