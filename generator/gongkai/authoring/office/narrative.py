"""Narrative reports: paragraphs become Markdown with the form's outline as headings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from gongkai.authoring.office.cells import (
    Line,
    Slot,
    clean_value,
    distinct_cells,
    normalize_label,
    only_cell,
)
from gongkai.authoring.office.label_index import LabelIndex, Leaf, Tree
from gongkai.authoring.office.texts import LineLabel, extract_lines
from gongkai.exports.office.prose import ProseBlock, ProseTable, prose_markdown
from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.specs import FieldsSpec

_CHAPTER_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]")
_PART_NUMBER = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")
_MAX_HEADING_LENGTH = 40
"""Longest heading or cover line, in characters."""
_BLANK_COVER_LINES = frozenset({"年月日", "(此页为封面)", "(盖章)", "……"})
"""Cover lines as printed on a blank form."""
_SHEET = "sheet"
"""What the rows of a table on a sheet have in common."""
_WORD_TABLE = re.compile(r"第\d+个表")
_CLOSING_DATE = re.compile(
    r"[12]\d{3}年\d{1,2}月\d{1,2}日|[二〇○零一]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
)
"""The line with which a report ends."""
_OTHER_TITLE = re.compile(
    r".{0,30}(?:会议纪要|会议记录|纪要|通知|名单|签到表|签到册|通讯录|台账|议程|简报|请示|批复|公函|回执|花名册)"
)
"""The title of what is no part of a report."""
_STOPS = re.compile(r"[。；;：:，,]")
_FINAL_STOPS = re.compile(r"[。.：:；;]+$")


def report_markdown(lines: Sequence[Line], form: Form) -> str:
    """Convert paragraphs and tables to Markdown."""
    has_styles = any(slot.level for line in lines for _, slot in distinct_cells(line))
    return prose_markdown(_iter_blocks(lines, form, has_styles=has_styles))


def _iter_blocks(
    lines: Sequence[Line], form: Form, *, has_styles: bool
) -> Iterator[ProseBlock | ProseTable]:
    """Yield headings, paragraphs and tables."""
    keys = _table_keys(lines, form)
    for key, block in groupby(zip(keys, lines, strict=True), lambda pair: pair[0]):
        rows = [line for _, line in block]
        if key and any(only_cell(row) is None and _has_text(row) for row in rows):
            yield ProseTable(_table_rows(rows, is_sheet=key == _SHEET))
            continue
        for line in rows:
            slot = only_cell(line)
            if slot is not None:
                level = slot.level if has_styles else _heading_level(slot, form)
                yield ProseBlock(level, clean_value(slot.text, long=not level))


def _table_keys(lines: Sequence[Line], form: Form) -> list[str]:
    """Return what the rows of one table have in common, for every line; empty for paragraphs.

    The rows of a Word table belong together. On a sheet, a row with one text is a paragraph,
    unless it belongs to a table on a sheet whose paragraphs are merged over all columns.
    """
    keys = [_table_key(line) for line in lines]
    pages = {
        key
        for key, line in zip(keys, lines, strict=True)
        if key and _is_merged(line) and _is_outlined(line, form)
    }
    keys = [
        ("" if _is_merged(line) or not _has_text(line) else _SHEET) if key in pages else key
        for key, line in zip(keys, lines, strict=True)
    ]
    if any(map(_is_merged, lines)):
        rows = range(len(lines))
        for row, neighbour in (*pairwise(reversed(rows)), *pairwise(rows)):
            line = lines[neighbour]
            if keys[row] == _SHEET and _has_text(line) and len(line) > 1 and not _is_merged(line):
                keys[neighbour] = keys[neighbour] or _SHEET
    return keys


def _table_key(line: Line) -> str:
    """Return what a line has in common with the other rows of its table, by itself."""
    if len(line) < 2:  # noqa: PLR2004 - a paragraph, or a box with one cell
        return ""
    place = next((slot.place for slot in line if slot is not None), "")
    match = _WORD_TABLE.match(place)
    if match:
        return match[0]
    return "" if only_cell(line) or not _has_text(line) else _SHEET


def _is_merged(line: Line) -> bool:
    """Return whether a line is a cell with a text over all columns."""
    return len(line) > 1 and line[0] is line[-1] and only_cell(line) is line[0]


def _is_outlined(line: Line, form: Form) -> bool:
    """Return whether a line is a chapter of the form; a table with such lines arranges a page."""
    slot = only_cell(line)
    return slot is not None and _is_chapter_title(slot.text, form)


def _has_text(line: Line) -> bool:
    """Return whether any cell of a line has a text."""
    return any(slot and slot.text for slot in line)


def _table_rows(lines: Iterable[Line], *, is_sheet: bool) -> list[list[str]]:
    """Return the rows of a table; a merged cell has its text in its first position only.

    Empty columns to its right belong to the sheet.
    """
    seen: set[Slot] = set()
    rows: list[list[str]] = []
    for line in lines:
        row: list[str] = []
        for slot in line:
            row.append("" if slot is None or slot in seen else clean_value(slot.text))
            seen |= {slot} if slot is not None else set()
        rows.append(row)
    width = max(number for row in rows for number, text in enumerate(row, start=1) if text)
    return [row[:width] for row in rows] if is_sheet else rows


def _heading_level(slot: Slot, form: Form) -> int:
    """Return the heading level of a paragraph by its words: 1, 2, or 0 for text."""
    text = slot.text.strip()
    if _is_chapter_title(text, form):
        return 1
    is_short = len(text) <= _MAX_HEADING_LENGTH and not _STOPS.search(_FINAL_STOPS.sub("", text))
    if not is_short or text.endswith("。"):
        return 0
    if _CHAPTER_NUMBER.match(text):
        return 1
    return 2 if _PART_NUMBER.match(text) else 0


def _is_chapter_title(text: str, form: Form) -> bool:
    """Return whether a text is a chapter in the outline of a form, with or without a number."""
    name = _FINAL_STOPS.sub("", _CHAPTER_NUMBER.sub("", text.strip(), count=1))
    return any(normalize_label(name) == normalize_label(title) for title in form.outline)


@dataclass(frozen=True, slots=True)
class NarrativeReport:
    """A narrative report as extracted from a file."""

    tree: Tree
    """The cover fields by key."""
    body: str
    """Markdown."""
    unused: list[Slot]
    """The cells that no field takes."""


def extract_report(index: LabelIndex, body_start: int) -> NarrativeReport:
    """Extract a narrative report; `body_start` is the line after the title."""
    specs = [
        spec
        for section in index.form.sections
        if isinstance(section, FieldsSpec)
        for spec in section.fields
    ]
    labels = [
        LineLabel(fill_placeholders(spec.label or spec.key, index.words), spec.key, spec)
        for spec in specs
    ]
    labels += [LineLabel(spec.key, spec.key, spec) for spec in specs if spec.label]
    start = _first_chapter(index, body_start)
    line_values = extract_lines(index, labels, range(body_start, start))
    unused_lines = [
        slot
        for line in index.lines[body_start:start]
        if (slot := only_cell(line)) and not index.is_used(slot)
    ]
    blank_lines = [
        slot for slot in unused_lines if normalize_label(slot.text) in _BLANK_COVER_LINES
    ]
    opening_lines = [(slot,) for slot in unused_lines if slot not in blank_lines]
    end = _report_end(index, start)
    other_cells = [
        *(line for line in index.lines[body_start:start] if not only_cell(line)),
        *index.lines[end:],
    ]
    others = dict.fromkeys(
        slot
        for line in other_cells
        for _, slot in distinct_cells(line)
        if slot.text and not index.is_used(slot)
    )
    return NarrativeReport(
        tree={spec.key: line_values.values.get(spec.key, Leaf()) for spec in specs},
        body=report_markdown([*opening_lines, *index.lines[start:end]], index.form),
        unused=[*line_values.unused, *blank_lines, *others],
    )


def _report_end(index: LabelIndex, start: int) -> int:
    """Return the line after the report: where another title, a date below it or other tables begin."""
    lines = index.lines
    keys = _table_keys(lines, index.form)
    last_heading = max(
        (row for row in range(start, len(lines)) if not keys[row] and _is_chapter(index, row)),
        default=None,
    )
    if last_heading is None:
        return len(lines)
    for row in range(last_heading + 1, len(lines)):
        slot = only_cell(lines[row])
        if slot and _OTHER_TITLE.fullmatch(normalize_label(slot.text)):
            return row
        if slot and _CLOSING_DATE.fullmatch(normalize_label(slot.text)):
            return row + 1
    return _start_of_last_tables(lines, keys, last_heading)


def _is_chapter(index: LabelIndex, row: int) -> bool:
    """Return whether a line is a chapter of the report, by the outline of its form or its number."""
    slot = only_cell(index.lines[row])
    return slot is not None and _heading_level(slot, index.form) == 1


def _start_of_last_tables(lines: Sequence[Line], keys: Sequence[str], last_heading: int) -> int:
    """Return the line where tables begin that end the file without the report speaking of them."""
    end = len(lines)
    while end > last_heading + 1 and (keys[end - 1] or not _has_text(lines[end - 1])):
        end -= 1
    last = only_cell(lines[end - 1])
    is_announced = (
        last is None
        or end == last_heading + 1
        or "表" in last.text
        or last.text.rstrip().endswith(("：", ":"))
    )
    return len(lines) if is_announced else end


def _first_chapter(index: LabelIndex, body_start: int) -> int:
    """Return the line where the text after the cover begins."""
    outline = [normalize_label(title) for title in index.form.outline]
    for row, line in enumerate(index.lines[body_start:], start=body_start):
        slot = only_cell(line)
        if slot and (
            slot.level
            or any(title in normalize_label(slot.text) for title in outline)
            or len(slot.text) > _MAX_HEADING_LENGTH
        ):
            return row
    return body_start
