"""Reading YAML line by line with forgiveness: every line that its author got wrong is found."""

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
    NO_KEY,
    QUESTION,
    TAB,
    WIDE_INDENT,
    Edit,
)
from gongkai.reading.yaml.flow import QUOTED, read_flow
from gongkai.reading.yaml.flow_entries import FIGURE_PAIR, TIGHT_PAIR, mistyped_pair
from gongkai.reading.yaml.scalars import read_text, read_value
from gongkai.reading.yaml.scan_state import COMMENT_MARK, INNER_COLON, Level, Scan

DASH = re.compile(r"-(?:[ \t]+|$)", re.MULTILINE)
TIGHT_DASH = re.compile(r"-(?=[^\s\d.-])")
_TAB_WIDTHS = (2, 4, 8)


def indentation(state: Scan, start: int, at: int, *, textual: bool) -> int:
    """How deep a line is, in spaces; anything but spaces is reported."""
    found = state.text[start:at]
    odd = found.strip(" ")
    if not odd:
        return len(found)
    if textual and "\t" not in odd:
        return len(found)
    indent = _fitted(state, found)
    state.note(
        TAB if "\t" in odd else WIDE_INDENT,
        start + found.index(odd[0]),
        Edit(start, at, " " * indent),
    )
    return indent


def _fitted(state: Scan, found: str) -> int:
    odd = len(found) - found.count(" ")
    widths = [odd * width + found.count(" ") for width in _TAB_WIDTHS]
    columns = {level.column for level in state.levels} or {0}
    if state.open:
        columns |= {width for width in widths if width > state.column}
    return next(
        (width for width in widths if width in columns),
        min(columns, key=lambda c: abs(c - widths[0])),
    )


def deepened(state: Scan, start: int, at: int, indent: int) -> None:
    """A line that stands deeper than it may, put beside what is above."""
    wanted = state.column
    if state.moved != (indent, wanted):
        state.note(INDENT_CHILD, at, above=state.above)
    state.moved = (indent, wanted)
    state.edits.append(Edit(start, at, " " * wanted))


def placed(state: Scan, start: int, at: int, indent: int) -> int:
    """The column that a line belongs to; one that fits nowhere is reported."""
    columns = [level.column for level in state.levels]
    dashed = bool(DASH.match(state.text, at) or TIGHT_DASH.match(state.text, at))
    if not columns or (indent > columns[-1] and state.open):
        return indent
    if indent > columns[-1]:
        deepened(state, start, at, indent)
        indent = columns[-1]
    elif indent not in columns:
        indent = _aligned(state, start, at, indent, dashed=dashed)
    _truncate(state, indent)
    return _same_kind(state, start, at, dashed=dashed)


def _aligned(state: Scan, start: int, at: int, indent: int, *, dashed: bool) -> int:
    alike = [level.column for level in state.levels if level.dashed is dashed]
    columns = alike or [level.column for level in state.levels]
    wanted = min(columns, key=lambda column: (abs(column - indent), -column))
    if state.moved != (indent, wanted):
        state.note(INDENT, at, found=str(indent), wanted=str(wanted))
    state.moved = (indent, wanted)
    state.edits.append(Edit(start, at, " " * wanted))
    return wanted


def _truncate(state: Scan, indent: int) -> None:
    while state.levels and state.levels[-1].column > indent:
        state.levels.pop()


def _same_kind(state: Scan, start: int, at: int, *, dashed: bool) -> int:
    """The line's column; where items stand, lines begin with a dash, and nowhere else."""
    top = state.levels[-1]
    if dashed and not top.dashed and not state.open:
        column = next((each.column for each in reversed(state.levels) if each.dashed), top.column)
        state.note(ITEM_PLACE, at, Edit(start, at, " " * column))
        _truncate(state, column)
        return column
    if not dashed and top.dashed:
        if len(state.levels) > 1 and state.levels[-2].column == top.column:
            state.levels.pop()
        else:
            state.note(NO_DASH, at, Edit(at, at, "- "))
            pushed(state, top.column + 2, dashed=False)
            return top.column + 2
    return top.column


def pushed(state: Scan, column: int, *, dashed: bool) -> None:
    """Keys or items stand in this column from here."""
    level = Level(column, dashed)
    if not state.levels or state.levels[-1] != level:
        state.levels.append(level)


KEY = re.compile(
    r"(\"(?:[^\"\\\n]|\\.)*\"[ \t]*|'(?:[^'\n]|'')*'[ \t]*|(?![\"'#{\[>|@`%,\]}]|[?-][ \t])"
    r"(?:[^\n:#]|:(?![ \t\n]|$)|(?<![ \t])#)*):(?:[ \t]+|$)",
    re.MULTILINE,
)
_TIGHT_LINE = re.compile(rf"(?!\S* |\S*\d:\d)(?:{TIGHT_PAIR.pattern})")
_WIDE_BEFORE_BRACE = re.compile(r"[^\s：]+：[ \t]*[{\[]")
"""A full-width colon, and then the keys of a brace: no part of a name."""
_BAD_KEY = re.compile(r"([,\]}@`%|>{\[\"'][^\"'\n]*?):(?:[ \t]+|$)", re.MULTILINE)


def scan(text: str) -> Scan:
    """Everything wrong in a text, with corrections."""
    state, at = Scan(text), 0
    while at < len(text):
        at = _line(state, at) + 1
    return state


def _line(state: Scan, start: int) -> int:
    at, end = state.beyond_indent(start), state.end(start)
    if at >= end or state.text[at] == "#":
        if "\t" in state.text[start:at]:
            state.edits.append(Edit(start, at, ""))
        return end
    if start == at and (marker := re.compile(r"(---|\.\.\.)(?=\s|$)|%").match(state.text, at)):
        _marker(state, at, marker[0])
        return end
    textual = state.plain and not (_key_at(state, at) or _typed_pair(state, at))
    indent = indentation(state, start, at, textual=textual)
    if state.plain and indent > state.column:
        return _continued(state, start, at, indent)
    indent = placed(state, start, at, indent)
    state.above = state.rest(at)
    return _entry(state, at, indent)


def _marker(state: Scan, at: int, mark: str) -> None:
    end = state.end(at)
    if mark == "%":
        state.note(DIRECTIVE, at, Edit(at, end, ""))
    elif state.levels:
        state.note(DOCUMENTS, at, Edit(at, end, ""), mark=mark)


def _continued(state: Scan, start: int, at: int, indent: int) -> int:
    """A line that goes on with the text above, or was meant not to."""
    if _key_at(state, at):
        deepened(state, start, at, indent)
        return _entry(state, at, state.column)
    if DASH.match(state.text, at):
        state.note(ITEM_PLACE, at)
        return state.end(at)
    return read_text(state, at, first=False)


def _typed_pair(state: Scan, at: int) -> bool:
    """Whether a line of text can only be a key with a mistyped colon."""
    rest = state.rest(at)
    return bool(_TIGHT_LINE.fullmatch(rest) or FIGURE_PAIR.fullmatch(rest))


def _entry(state: Scan, at: int, indent: int) -> int:
    """A line of dashes, a key and a value, as far as there are any."""
    line, item = at, False
    if TIGHT_DASH.match(state.text, at):
        state.note(DASH_SPACE, at, Edit(at + 1, at + 1, " "), value=state.rest(at + 1))
        pushed(state, indent, dashed=True)
        at, line, item = at + 1, at - 1, True
    while dash := DASH.match(state.text, at):
        pushed(state, indent + at - line, dashed=True)
        at, item = dash.end(), True
    column = indent + at - line
    if item and (not state.rest(at) or state.rest(at).startswith("#")):
        state.open, state.plain = True, False
        return state.end(at)
    key = _key_at(state, at)
    if key is None:
        return _keyless(state, at, column, item=item)
    pushed(state, column, dashed=False)
    _key(state, at, key)
    return read_value(state, key.end())


def _key_at(state: Scan, at: int) -> re.Match[str] | None:
    key = KEY.match(state.text, at)
    if key is None or COMMENT_MARK.search(key[1]) or _WIDE_BEFORE_BRACE.match(key[1]):
        return None
    return key


def _key(state: Scan, at: int, key: re.Match[str]) -> None:
    name = key[1].rstrip()
    if name == "<<":
        state.note(MERGE, at)
    elif not name and not any(each.kind is QUESTION for each in state.findings):
        state.note(NAMELESS, at)
    elif name[:1] in {"&", "*", "!"}:
        state.quote(KEY_INDICATOR, at, at, at + len(name), mark=name[0])


def _keyless(state: Scan, at: int, column: int, *, item: bool) -> int:
    """A line without a key: a text where one may stand, otherwise a mistake."""
    sibling = bool(state.levels) and state.levels[-1] == Level(column, dashed=False)
    lone = (item or state.open) and not sibling
    marked = state.text[at] in "{[" if not state.levels else state.text[at] in "{[|>&*!\"'" and lone
    if marked or (lone and state.levels and not _expects_key(state, at, column, item=item)):
        end = read_value(state, at)
        state.open = state.text[at] in "&*!"
        return end
    return _mistyped(state, at, column)


def _expects_key(state: Scan, at: int, column: int, *, item: bool) -> bool:
    """Whether keys stand below in the same column, or every line is a key with a wrong colon."""
    mistyped = not item and _typed_pair(state, at)
    below = state.end(at) + 1
    while below < len(state.text):
        start = state.beyond_indent(below)
        if state.rest(below) and start - below < column:
            break
        if start - below == column and _key_at(state, start):
            return True
        typed = not state.rest(below) or _typed_pair(state, start)
        if item and typed and state.rest(below) and start - below == column:
            return True
        mistyped = mistyped and typed
        below = state.end(below) + 1
    return mistyped


def _mistyped(state: Scan, at: int, column: int) -> int:
    """A line that should have been a key with a value, and is read as such."""
    text, end, stop = state.text, state.end(at), at + len(state.rest(at))
    pushed(state, column, dashed=False)
    state.plain, state.open = False, False
    if re.match(r"\?(?=\s|$)", state.rest(at)):
        state.note(QUESTION, at)
        return end
    if text[at] in "{[" and (flow := read_flow(text, at, column)).closed:
        state.quote(COMPLEX_KEY, at, at, flow.end)
        return end
    if bad := _BAD_KEY.match(text, at, stop):
        state.quote(KEY_INDICATOR, at, at, at + len(bad[1].rstrip()), mark=text[at])
        return read_value(state, bad.end())
    if mistyped := mistyped_pair(text, at, stop):
        state.findings.append(mistyped[0])
        return read_value(state, mistyped[1])
    return _no_pair(state, at, stop, column)


def _no_pair(state: Scan, at: int, stop: int, column: int) -> int:
    """A line without any colon that could be meant for a key's."""
    text, end, rest = state.text, state.end(at), state.rest(at)
    if quoted := QUOTED.match(text, at, end):
        colon = INNER_COLON.search(text, quoted.end(), end)
        stop = colon.start() if colon else stop
        state.quote(AFTER_QUOTE, quoted.end(), at, stop, rest=text[quoted.end() : stop])
        return read_value(state, colon.end()) if colon and colon.end() < end else end
    if _has_children(state, end + 1, column):
        state.open = True
        state.note(NO_COLON, stop, Edit(stop, stop, ":"), key=rest)
    else:
        state.note(NO_KEY, at, Edit(at, end, "#"), line=rest)
    return end


def _has_children(state: Scan, below: int, column: int) -> bool:
    if below >= len(state.text):
        return False
    start = state.beyond_indent(below)
    keyed = KEY.match(state.text, start) or DASH.match(state.text, start)
    return start - below > column and bool(keyed)
