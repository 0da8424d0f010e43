"""Narrative reports: paragraphs become Markdown with the form's outline as headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
from gongkai.exports.office.prose import ProseBlock, prose_markdown
from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.specs import FieldsSpec

_CHAPTER_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]")
_PART_NUMBER = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")
_MAX_HEADING_LENGTH = 40
"""Longest heading or cover line, in characters."""
_BLANK_COVER_LINES = frozenset({"年月日", "(此页为封面)", "(盖章)", "……"})
"""Cover lines as printed on a blank form."""
_STOPS = re.compile(r"[。；;：:，,]")
_FINAL_STOPS = re.compile(r"[。.：:；;]+$")


def report_markdown(lines: Sequence[Line], form: Form) -> str:
    """Convert paragraphs to Markdown."""
    has_styles = any(slot.level for line in lines for _, slot in distinct_cells(line))
    return prose_markdown(_iter_blocks(lines, form, has_styles=has_styles))


def _iter_blocks(lines: Sequence[Line], form: Form, *, has_styles: bool) -> Iterator[ProseBlock]:
    """Yield headings and paragraphs; the cells of a table row are joined in one paragraph."""
    for line in lines:
        cells = [slot for _, slot in distinct_cells(line)]
        filled_cells = [slot for slot in cells if slot.text]
        if len(filled_cells) == 1:
            slot = filled_cells[0]
            level = slot.level if has_styles else _heading_level(slot, form)
            yield ProseBlock(level, clean_value(slot.text, long=not level))
        elif filled_cells:
            yield ProseBlock(0, "\u3000".join(clean_value(slot.text) for slot in filled_cells))


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
    return NarrativeReport(
        tree={spec.key: line_values.values.get(spec.key, Leaf()) for spec in specs},
        body=report_markdown([*opening_lines, *index.lines[start:]], index.form),
        unused=[*line_values.unused, *blank_lines],
    )


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
