"""Line-by-line YAML scanner with error recovery: finds every faulty line of a file."""

import re

from gongkai.reading.yaml.faults import (
    AFTER_QUOTE,
    BULLET,
    BULLETS,
    CODE_FENCE,
    COMPLEX_KEY,
    CONFLICT_REST,
    DASH_SPACE,
    DIRECTIVE,
    DOCUMENTS,
    FIRST_DASH,
    INDENT,
    INDENT_CHILD,
    ITEM_PLACE,
    KEY_INDICATOR,
    MERGE,
    NAMELESS,
    NO_COLON,
    NO_COLON_BETWEEN,
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

_KEY_AHEAD = r"(?=[ \t\u3000]*[^\s\d:：\"'{\[][^\n:：]*:(?:[ \t]|$))"
_DASH = re.compile(
    rf"-(?:[ \t]+|$)|[{BULLETS}*](?:{_KEY_AHEAD})[ \t\u3000]+",
    re.MULTILINE,
)
"""The dash of an item and the space after it; also another sign before a key."""
_TIGHT_DASH = re.compile(rf"-(?=[^\s\d.-])|[{BULLETS}](?=\S){_KEY_AHEAD}", re.MULTILINE)
_INDENT_STEP = 2
_INDENT_WIDTHS = {"\t": (2, 4, 8), "\u3000": (2, 4, 1), "\xa0": (1, 2, 4)}
"""Widths in spaces that a character of an indent may stand for, the likeliest first."""
_CONFLICT_REST = re.compile(r"[<|=>]{7}")
_KEY_AND_TEXT = re.compile(r"([^\W\d][^\s，。；！？…<>|]{0,19})[ \t\u3000]+([^|]+)")
_SENTENCE = re.compile(r"[，。；！？…]")
_LONGEST_KEY = 20
"""Length in characters from which a line without a colon is a text, not a key."""


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
    character = indent.strip(" ")[0]
    widths = [odd * width + indent.count(" ") for width in _INDENT_WIDTHS[character]]
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
    dashed = bool(_match_dash(state, _DASH, at) or _match_dash(state, _TIGHT_DASH, at))
    if not columns or (indent > columns[-1] and state.accepts_nested):
        return indent
    if indent > columns[-1]:
        _report_overindent(state, start, at, indent)
        indent = columns[-1]
    elif dashed and (first := _undashed_level(state, indent)):
        _report_first_dash(state, first)
        indent = first.column - _INDENT_STEP
    elif indent not in columns:
        indent = _nearest_column(state, start, at, indent, dashed=dashed)
    _close_levels(state, indent)
    return _match_level(state, start, at, dashed=dashed)


def _match_dash(state: ScanState, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
    """Match the dash of an item, or another sign for it where an item may be."""
    dash = pattern.match(state.text, at)
    if dash is None or dash[0][0] == "-" or state.accepts_nested:
        return dash
    return dash if any(level.dashed for level in state.levels) else None


def _undashed_level(state: ScanState, indent: int) -> BlockLevel | None:
    """Return the mapping that is the first item of a list whose second is indented by `indent`."""
    outer = [level.column for level in state.levels if level.column <= indent]
    if indent in outer or not state.levels:
        return None
    column = indent + _INDENT_STEP
    return next(
        (level for level in state.levels if level == BlockLevel(column, dashed=False)), None
    )


def _report_first_dash(state: ScanState, first: BlockLevel) -> None:
    """Report the first item of a list, which lacks the dash of the others."""
    start = first.start
    state.report(
        FIRST_DASH,
        start,
        Edit(start - _INDENT_STEP, start, "- "),
        value=state.rest_of_line(start),
    )
    level = BlockLevel(first.column - _INDENT_STEP, dashed=True)
    state.levels.insert(state.levels.index(first), level)


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
            _open_level(state, top.column + 2, at, dashed=False)
            return top.column + 2
    return top.column


def _open_level(state: ScanState, column: int, at: int, *, dashed: bool) -> None:
    """Open a block collection in this column, unless it is open already; `at` is its entry."""
    level = BlockLevel(column, dashed, at)
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
    if _is_unindented_text(state, at, indent):
        return _report_stray_text(state, at, UNINDENTED_TEXT, line=state.rest_of_line(at))
    indent = _resolve_column(state, start, at, indent)
    count = len(state.findings)
    end = _scan_entry(state, at, indent)
    if not any(finding.kind in _TEXT_FAULTS for finding in state.findings[count:]):
        state.previous_entry = state.rest_of_line(at)
    return end


def _is_unindented_text(state: ScanState, at: int, indent: int) -> bool:
    """Return whether a line continues the text above, between two entries of the same level."""
    sibling = state.column
    rest, following = state.rest_of_line(at), state.line_end(at) + 1
    if not state.text_indent or indent >= sibling or rest.endswith((":", "：")):
        return False
    is_text = bool(_SENTENCE.search(rest)) or len(rest) > _LONGEST_KEY
    is_entry = (
        _match_key(state, at) or _is_mistyped_pair(state, at) or _match_dash(state, _DASH, at)
    )
    if not is_text or is_entry or following >= len(state.text):
        return False
    entry = state.indent_end(following)
    return entry - following == sibling and bool(_match_key(state, entry))


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
    if _match_dash(state, _DASH, at):
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
    if tight := _match_dash(state, _TIGHT_DASH, at):
        words = {"mark": tight[0], "value": state.rest_of_line(at + 1)}
        kind = DASH_SPACE if tight[0] == "-" else BULLET
        state.report(kind, at, Edit(at, at + 1, "- "), **words)
        _open_level(state, indent, at, dashed=True)
        at, line, in_sequence = at + 1, at - 1, True
    while dash := _match_dash(state, _DASH, at):
        if dash[0][0] != "-":
            dashes = "-" + " " * (len(dash[0]) - 1)
            words = {"mark": dash[0][0], "value": state.rest_of_line(dash.end())}
            state.report(BULLET, at, Edit(at, dash.end(), dashes), **words)
        _open_level(state, indent + at - line, at, dashed=True)
        at, in_sequence = dash.end(), True
    column = indent + at - line
    if in_sequence and (not state.rest_of_line(at) or state.rest_of_line(at).startswith("#")):
        state.accepts_nested, state.in_plain_scalar = not report_lost_value(state, at), False
        return state.line_end(at)
    key = _match_key(state, at)
    if key is None:
        return _scan_keyless(state, at, column, in_sequence=in_sequence)
    _open_level(state, column, at, dashed=False)
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
    _open_level(state, column, at, dashed=False)
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
    if _CONFLICT_REST.fullmatch(rest):
        state.report(CONFLICT_REST, at, Edit(at, end, "#"), line=rest)
    elif rest.startswith("```"):
        state.report(CODE_FENCE, at, Edit(at, end, "#"), line=rest)
    elif _has_children(state, end + 1, column):
        state.accepts_nested = True
        state.report(NO_COLON, stop, Edit(stop, stop, ":"), key=rest)
    elif state.text_indent:
        return _report_stray_text(state, at, UNINDENTED_TEXT, line=rest)
    elif words := _KEY_AND_TEXT.fullmatch(rest):
        pair = f"{words[1]}: {words[2]}"
        state.report(NO_COLON_BETWEEN, at, Edit(at, end, "#"), line=rest, pair=pair)
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
