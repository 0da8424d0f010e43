"""Narrative reports: paragraphs become Markdown with the form's outline as headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.authoring.office.cells import Line, Slot, bare, distinct, only, tidy
from gongkai.authoring.office.label_index import Leaf, Tree, Walk
from gongkai.authoring.office.texts import Item, take_lines
from gongkai.exports.office.prose import Part, markdown_of
from gongkai.model.forms import Form, filled
from gongkai.model.specs import FieldsSpec

_CHAPTER_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]")
_PART_NUMBER = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")
_MAX_HEADING_LENGTH = 40
"""Longest heading or cover line, in characters."""
_BLANK_COVER_LINES = frozenset({"年月日", "(此页为封面)", "(盖章)", "……"})
"""Cover lines as printed on a blank form."""
_STOPS = re.compile(r"[。；;：:，,]")
_FINAL_STOPS = re.compile(r"[。.：:；;]+$")


def narrative(lines: Sequence[Line], form: Form) -> str:
    """Convert paragraphs to Markdown."""
    has_styles = any(slot.level for line in lines for _, slot in distinct(line))
    return markdown_of(_iter_blocks(lines, form, has_styles=has_styles))


def _iter_blocks(lines: Sequence[Line], form: Form, *, has_styles: bool) -> Iterator[Part]:
    """Yield headings and paragraphs; the cells of a table row are joined in one paragraph."""
    for line in lines:
        cells = [slot for _, slot in distinct(line)]
        filled_cells = [slot for slot in cells if slot.text]
        if len(filled_cells) == 1:
            slot = filled_cells[0]
            level = slot.level if has_styles else _heading_level(slot, form)
            yield Part(level, tidy(slot.text, long=not level))
        elif filled_cells:
            yield Part(0, "\u3000".join(tidy(slot.text) for slot in filled_cells))


def _heading_level(slot: Slot, form: Form) -> int:
    """Return the heading level of a paragraph by its words: 1, 2, or 0 for text."""
    text = slot.text.strip()
    normalized = bare(_FINAL_STOPS.sub("", _CHAPTER_NUMBER.sub("", text, count=1)))
    if any(normalized == bare(title) for title in form.outline):
        return 1
    is_short = len(text) <= _MAX_HEADING_LENGTH and not _STOPS.search(_FINAL_STOPS.sub("", text))
    if not is_short or text.endswith("。"):
        return 0
    if _CHAPTER_NUMBER.match(text):
        return 1
    return 2 if _PART_NUMBER.match(text) else 0


@dataclass(frozen=True, slots=True)
class Report:
    """A narrative report as extracted from a file."""

    tree: Tree
    """The cover fields by key."""
    body: str
    """Markdown."""
    rest: list[Slot]
    """The cells that no field takes."""


def take_report(index: Walk, body_start: int) -> Report:
    """Extract a narrative report; `head` is the line after the title."""
    specs = [
        spec
        for section in index.form.sections
        if isinstance(section, FieldsSpec)
        for spec in section.fields
    ]
    labels = [Item(filled(spec.label or spec.key, index.words), spec.key, spec) for spec in specs]
    labels += [Item(spec.key, spec.key, spec) for spec in specs if spec.label]
    start = _first_chapter(index, body_start)
    line_values = take_lines(index, labels, range(body_start, start))
    unused_lines = [
        slot
        for line in index.lines[body_start:start]
        if (slot := only(line)) and not index.is_used(slot)
    ]
    blank_lines = [slot for slot in unused_lines if bare(slot.text) in _BLANK_COVER_LINES]
    opening_lines = [(slot,) for slot in unused_lines if slot not in blank_lines]
    return Report(
        tree={spec.key: line_values.values.get(spec.key, Leaf()) for spec in specs},
        body=narrative([*opening_lines, *index.lines[start:]], index.form),
        rest=[*line_values.rest, *blank_lines],
    )


def _first_chapter(index: Walk, body_start: int) -> int:
    """Return the line where the text after the cover begins."""
    outline = [bare(title) for title in index.form.outline]
    for row, line in enumerate(index.lines[body_start:], start=body_start):
        slot = only(line)
        if slot and (
            slot.level
            or any(title in bare(slot.text) for title in outline)
            or len(slot.text) > _MAX_HEADING_LENGTH
        ):
            return row
    return body_start
