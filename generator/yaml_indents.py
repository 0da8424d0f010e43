"""Where the lines of a YAML file stand, and where they should."""

import re

from generator.yaml_faults import (
    INDENT,
    INDENT_CHILD,
    ITEM_PLACE,
    NO_DASH,
    TAB,
    WIDE_INDENT,
    Edit,
)
from generator.yaml_scan import Level, Scan

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
