"""Extraction of lines outside the tables: headings, openings, sign-offs and inline fields."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.authoring.office.cells import (
    Slot,
    clean_value,
    distinct_cells,
    normalize_label,
    only_cell,
)
from gongkai.authoring.office.form_recognition import ATTACHMENT_NUMBER, is_title
from gongkai.authoring.office.label_index import LabelIndex, Leaf
from gongkai.authoring.office.label_patterns import label_pattern
from gongkai.authoring.office.tables import PLACEHOLDERS
from gongkai.model.forms import LABEL_PLACEHOLDERS, Form, fill_placeholders
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    SectionSpec,
    TableSpec,
    placeholder_names,
)


class LineLabel(NamedTuple):
    """A label within a line, and the key of the value behind it."""

    label: str
    key: str
    """Empty if the form prints the whole line."""
    spec: FieldSpec | None = None


@dataclass(slots=True)
class LineValues:
    """Values and leftovers of the lines outside the tables."""

    values: dict[str, Leaf] = field(default_factory=dict)
    """Values by key."""
    unused: list[Slot] = field(default_factory=list)
    """Parts of lines that no key takes."""


def line_labels(templates: Iterable[str], index: LabelIndex) -> list[LineLabel]:
    """Return the labels in a form's opening and sign-off."""
    labels: list[LineLabel] = []
    for template in templates:
        keys = [key for key in placeholder_names(template) if key not in LABEL_PLACEHOLDERS]
        if not keys:
            labels.append(LineLabel(fill_placeholders(template, index.words), ""))
            continue
        label_texts = re.split(r"\{\w+\}", fill_placeholders(template, index.words))
        labels += [
            LineLabel(text.strip(), key) for text, key in zip(label_texts, keys, strict=False)
        ]
    return labels


def extract_lines(
    index: LabelIndex, labels: Sequence[LineLabel], rows: Iterable[int]
) -> LineValues:
    """Extract the values behind these labels from the unused lines among `rows`; the first one counts."""
    result = LineValues()
    printed_labels = [label for label in labels if label.label]
    for row in rows:
        for _, slot in distinct_cells(index.lines[row]):
            if slot.text and not index.is_used(slot):
                _take_line(index, slot, printed_labels, result, row)
    return result


def _take_line(
    index: LabelIndex, slot: Slot, labels: Sequence[LineLabel], result: LineValues, row: int
) -> None:
    """Extract the values in a line that begins with a label."""
    matches = find_labels(slot.text, labels)
    if not matches or matches[0][0] != 0:
        return
    index.mark_used(slot)
    ends = [start for start, _, _ in matches[1:]] + [len(slot.text)]
    for (start, value_start, label), end in zip(matches, ends, strict=True):
        text = clean_value(slot.text[value_start:end].lstrip(":： \u3000\t"))
        if label.key and label.key not in result.values:
            leaf = Leaf(text, slot.place)
            value_slot = _cell_beside(index, slot, row) if not text and len(matches) == 1 else None
            if value_slot is not None and not find_labels(value_slot.text, labels):
                index.mark_used(value_slot)
                leaf = Leaf(clean_value(value_slot.text), value_slot.place)
            result.values[label.key] = leaf
        elif text:
            shown = slot.text[start:end].strip() if label.key else text
            result.unused.append(Slot(shown, slot.place))


def _cell_beside(index: LabelIndex, slot: Slot, row: int) -> Slot | None:
    """Return the unused, non-empty cell to the right."""
    cells = [cell for _, cell in distinct_cells(index.lines[row])]
    position = cells.index(slot) + 1
    neighbour = cells[position] if position < len(cells) else None
    return neighbour if neighbour and neighbour.text and not index.is_used(neighbour) else None


def find_labels(text: str, labels: Sequence[LineLabel]) -> list[tuple[int, int, LineLabel]]:
    """Return the labels in a text as (start, end, label), without overlaps."""
    matches = [
        (match.start(), match.end(), label)
        for label in labels
        for match in [label_pattern(label.label).search(text)]
        if match and match.end() > match.start()
    ]
    matches.sort(key=lambda candidate: (candidate[0], -candidate[1]))
    separate: list[tuple[int, int, LineLabel]] = []
    for candidate in matches:
        if not separate or candidate[0] >= separate[-1][1]:
            separate.append(candidate)
    return separate


def iter_unused_cells(index: LabelIndex, printed: frozenset[str], start: int = 0) -> Iterator[Slot]:
    """Yield the unused cells from a line on, except for texts that the form prints."""
    seen: set[Slot] = set()
    for line in index.lines[start:]:
        for _, slot in distinct_cells(line):
            is_known = normalize_label(slot.text) in printed or index.is_used(slot) or slot in seen
            seen.add(slot)
            if slot.text and not is_known:
                yield slot


_MIN_SIMILARITY = 0.6
"""Lowest similarity, from 0 to 1, of lines that are taken for the form's title."""
_TITLE_WORDS, _MAX_TITLE_LENGTH = re.compile("绩效|自评|评价"), 60
"""Words of every title, and the longest title in characters."""
_MAX_TITLE_LINES, _MAX_HEADING_LINES = 4, 12
"""Most lines of a title, and the number of lines searched for it."""


class TitleLines(NamedTuple):
    """The number and title above the first table."""

    number: str = ""
    """附件1 …"""
    title: str = ""
    end: int = 0
    """The line after the title."""


def extract_title_lines(index: LabelIndex) -> TitleLines:
    """Extract the attachment's number and its title."""
    single_cells = list(_single_cells(index))
    number, end = "", 0
    matches = (
        (position, match)
        for position, (_, slot) in enumerate(single_cells)
        if (match := ATTACHMENT_NUMBER.match(slot.text))
    )
    if numbered := next(matches, None):
        position, match = numbered
        row, slot = single_cells.pop(position)
        index.mark_used(slot)
        number, end = clean_value(match[0]).replace(" ", ""), row + 1
        remainder = slot.text[match.end() :].strip(" :：\u3000\n")
        single_cells[position:position] = [(row, Slot(remainder, slot.place))] if remainder else []
    title_cells = _title_cells(index, single_cells)
    for _, slot in title_cells:
        index.mark_used(slot)
    title = clean_value("\n".join(slot.text for _, slot in title_cells))
    return TitleLines(number, title, title_cells[-1][0] + 1 if title_cells else end)


def _single_cells(index: LabelIndex) -> Iterator[tuple[int, Slot]]:
    """Yield the rows and cells of single-cell lines above the first table."""
    for row, line in enumerate(index.lines[:_MAX_HEADING_LINES]):
        slot = only_cell(line)
        if slot is not None:
            yield row, slot
        elif any(cell and cell.text for cell in line):
            return


def _title_cells(
    index: LabelIndex, single_cells: Sequence[tuple[int, Slot]]
) -> Sequence[tuple[int, Slot]]:
    """Return the lines of the title: the form's own title, or the most similar lines."""
    form_title = normalize_label(fill_placeholders(index.form.title, index.words))
    ranked: list[tuple[float, int, Sequence[tuple[int, Slot]]]] = []
    for start in range(len(single_cells)):
        for count in range(1, _MAX_TITLE_LINES + 1):
            lines = single_cells[start : start + count]
            text = "".join(slot.text for _, slot in lines)
            if len(lines) < count or len(text) > len(form_title) * 3 + 20:
                break
            similarity = difflib.SequenceMatcher(
                None, normalize_label(text), form_title, autojunk=False
            ).ratio()
            similarity = max(similarity, 0.9 if count == 1 and is_title(index.form, text) else 0)
            ranked.append((similarity, -count, lines))
    best_entry = max(ranked, key=lambda entry: entry[:2], default=None)
    if best_entry and best_entry[0] >= _MIN_SIMILARITY:
        return best_entry[2]
    titles = [
        single
        for single in single_cells
        if _TITLE_WORDS.search(single[1].text) and len(single[1].text) <= _MAX_TITLE_LENGTH
    ]
    return titles[:1]


TEMPLATE_INSTRUCTIONS = (
    "浅黄色的格子可以填，其余是表式，不能改；点到格子上有填写说明。"
    "某一类要多填几行，就在那几行中间插入整行；填好后用 gongkai import 导入。"
)
"""Instructions at the foot of an Excel template."""


def printed_texts(form: Form, index: LabelIndex) -> frozenset[str]:
    """Return all texts that the form itself prints, normalized."""
    texts = [TEMPLATE_INSTRUCTIONS, *form.notes, *PLACEHOLDERS]
    for section in form.sections:
        texts += [section.printed_label, section.key, *_section_texts(section)]
    texts += printed_captions(form)
    return frozenset(normalize_label(fill_placeholders(text, index.words)) for text in texts)


def printed_captions(form: Form) -> list[str]:
    """Return the texts that forms print beside labels and notes."""
    captions = "、".join(
        section.printed_label
        for section in form.sections
        if isinstance(section, FieldsSpec) and section.key
    )
    return ["序号", captions]


def _section_texts(section: SectionSpec) -> Iterator[str]:
    """Yield the texts that a section prints."""
    match section:
        case FieldsSpec():
            yield from (
                text
                for field_spec in section.printed_fields
                for text in (field_spec.heading, field_spec.label, field_spec.key)
            )
        case TableSpec():
            yield section.corner
            yield from (
                text
                for column in section.printed_columns
                for text in (column.heading, column.label, column.key)
            )
            yield from (
                text
                for row in section.rows
                for text in (row.label, row.key, *row.printed.values())
                if "名称" not in placeholder_names(text)
            )
            yield from (block.label or block.key for block in section.blocks)
        case IndicatorsSpec():
            yield section.heading
            yield from (level.label or level.key for level in section.levels)
            yield from (
                text
                for column in section.columns
                for text in (column.heading, column.label, column.key)
            )
        case _:
            yield from (column.label or column.key for column in section.columns)
