"""Narrative reports: paragraphs become Markdown with the form's outline as headings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

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
    for is_table, block in _iter_tables(lines):
        if is_table:
            yield ProseTable(list(_table_rows(block)))
            continue
        for line in block:
            slot = only_cell(line)
            if slot is not None:
                level = slot.level if has_styles else _heading_level(slot, form)
                yield ProseBlock(level, clean_value(slot.text, long=not level))


def _iter_tables(lines: Sequence[Line]) -> Iterator[tuple[bool, Sequence[Line]]]:
    """Yield the lines in blocks: those of a table, which has rows with several texts, and the others.

    The rows of a Word table belong together; on a sheet, a row with one text is a paragraph.
    """
    for key, block in groupby(lines, _table_key):
        rows = list(block)
        is_table = bool(key) and any(only_cell(row) is None and _has_text(row) for row in rows)
        yield is_table, rows


def _table_key(line: Line) -> str:
    """Return what the rows of one table have in common; empty for a paragraph."""
    if len(line) < 2:  # noqa: PLR2004 - a paragraph, or a box with one cell
        return ""
    place = next((slot.place for slot in line if slot is not None), "")
    match = _WORD_TABLE.match(place)
    if match:
        return match[0]
    return "" if only_cell(line) or not _has_text(line) else "sheet"


def _has_text(line: Line) -> bool:
    """Return whether any cell of a line has a text."""
    return any(slot and slot.text for slot in line)


def _table_rows(lines: Iterable[Line]) -> Iterator[list[str]]:
    """Yield the rows of a table; a merged cell has its text in its first position only."""
    seen: set[Slot] = set()
    for line in lines:
        row: list[str] = []
        for slot in line:
            row.append("" if slot is None or slot in seen else clean_value(slot.text))
            seen |= {slot} if slot is not None else set()
        yield row


def _heading_level(slot: Slot, form: Form) -> int:
    """Return the heading level of a paragraph by its words: 1, 2, or 0 for text."""
    text = slot.text.strip()
    normalized = normalize_label(_FINAL_STOPS.sub("", _CHAPTER_NUMBER.sub("", text, count=1)))
    if any(normalized == normalize_label(title) for title in form.outline):
        return 1
    is_short = len(text) <= _MAX_HEADING_LENGTH and not _STOPS.search(_FINAL_STOPS.sub("", text))
    if not is_short or text.endswith("。"):
        return 0
    if _CHAPTER_NUMBER.match(text):
        return 1
    return 2 if _PART_NUMBER.match(text) else 0


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
    last_heading = max(
        (row for row in range(start, len(lines)) if _is_chapter(index, row)), default=None
    )
    if last_heading is None:
        return len(lines)
    for row in range(last_heading + 1, len(lines)):
        slot = only_cell(lines[row])
        if slot and _OTHER_TITLE.fullmatch(normalize_label(slot.text)):
            return row
        if slot and _CLOSING_DATE.fullmatch(normalize_label(slot.text)):
            return row + 1
    return _start_of_last_tables(lines, last_heading)


def _is_chapter(index: LabelIndex, row: int) -> bool:
    """Return whether a line is a chapter of the report, by the outline of its form or its number."""
    slot = only_cell(index.lines[row])
    return slot is not None and _heading_level(slot, index.form) == 1


def _start_of_last_tables(lines: Sequence[Line], last_heading: int) -> int:
    """Return the line where tables begin that end the file without the report speaking of them."""
    end = len(lines)
    while end > last_heading + 1 and (_table_key(lines[end - 1]) or not _has_text(lines[end - 1])):
        end -= 1
    last = only_cell(lines[end - 1])
    is_announced = last is None or "表" in last.text or last.text.rstrip().endswith(("：", ":"))
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
