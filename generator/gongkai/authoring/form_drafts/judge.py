"""Judgement of a drafted form: its data, exported again, must equal the table it was drafted from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from gongkai.authoring.form_drafts.layout import PageCell, iter_cells, lay_out
from gongkai.authoring.form_drafts.lines import line_segments, split_label
from gongkai.authoring.office.account import compact
from gongkai.authoring.office.cells import Line, Slot
from gongkai.authoring.office.documents import Draft, extract_drafts
from gongkai.authoring.office.form_recognition import ATTACHMENT_NUMBER, FormCandidates
from gongkai.authoring.yaml_writer import join_yaml_lines, yaml_lines
from gongkai.exports.office.cell_positions import place_cells
from gongkai.exports.office.print_layout import AttachmentLayout, record_layout
from gongkai.model.documents import Record
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode
from gongkai.model.problems import Position
from gongkai.pages.tables.grid import Grid
from gongkai.reading.document import load_document
from gongkai.reading.form_plan import LabelContext
from gongkai.reading.source import parse_source

_RUNNING_NUMBER = re.compile(r"\d{1,3}[.、．]?")
_GAP = "\u3000\u3000"


class Difference(NamedTuple):
    """A text of the table that does not come back, or comes back elsewhere."""

    place: str
    """Where it is in the table; empty for a text that the table does not have."""
    text: str
    reason: str
    """In Chinese."""


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How much of a table comes back."""

    cells: int
    """Texts of the table."""
    same: int
    """Texts that come back in the same order, with the same spans."""
    moved: int
    """Texts that come back in the same order, printed above instead of beside, or the like."""
    differences: tuple[Difference, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every text comes back, and nothing else."""
        return self.same + self.moved == self.cells and not any(
            not difference.place for difference in self.differences
        )


def judge_form(form: Form, lines: Sequence[Line], words: Mapping[str, str]) -> Fidelity:
    """Import a table with a form, export the data, and compare it with the table."""
    candidates = FormCandidates((form,), words)
    exported: list[Line] = []
    for draft in extract_drafts(lines, candidates, form):
        layout = record_layout(draft_record(draft, words))
        exported += layout_lines(layout)
    return compare_lines(lines, exported)


def draft_record(draft: Draft, words: Mapping[str, str]) -> Record:
    """Return the values of an imported table as they are read from its data file."""
    tree: dict[str, object] = {"标题": draft.title} if draft.title else {}
    tree |= draft.tree
    if draft.sign_off:
        tree["填报"] = dict(draft.sign_off)
    text = join_yaml_lines(yaml_lines(tree))
    root = parse_source(text.encode(), "draft.yml").root
    node = root if isinstance(root, MappingNode) else MappingNode({}, Position("draft.yml"))
    context = LabelContext(dict(words))
    record, _ = load_document(draft.form, node, context, name=str(draft.form.kind))
    return record


def layout_lines(layout: AttachmentLayout) -> Iterator[Line]:
    """Yield the lines of a printed attachment: its texts, and the rows of its tables."""
    yield (Slot(layout.title, ""),)
    if layout.opening:
        yield (Slot(_GAP.join(layout.opening), ""),)
    for grid in layout.grids:
        if grid.shows_caption and grid.caption:
            yield (Slot(grid.caption, ""),)
        yield from _grid_lines(grid)
    yield from ((Slot(note, ""),) for note in layout.notes)
    if layout.sign_off:
        yield (Slot(_GAP.join(layout.sign_off), ""),)


def _grid_lines(grid: Grid) -> Iterator[Line]:
    above: dict[int, Slot] = {}
    for row in place_cells(grid):
        line: list[Slot] = []
        for placed in row:
            slot = above[placed.column] if placed.continued else Slot(placed.cell.text, "")
            above[placed.column] = slot
            line += [slot] * placed.cell.column_span
        yield tuple(line)


def compare_lines(source: Sequence[Line], exported: Sequence[Line]) -> Fidelity:
    """Compare two tables text by text, in order, with the rows and columns that every cell covers."""
    before, after = _texts(source), _texts(exported)
    matcher = SequenceMatcher(
        None, [key for key, _ in before], [key for key, _ in after], autojunk=False
    )
    same = moved = 0
    lost = set(range(len(before)))
    foreign = set(range(len(after)))
    differences: list[Difference] = []
    for start, other, size in matcher.get_matching_blocks():
        for number in range(size):
            old, new = before[start + number][1], after[other + number][1]
            lost.discard(start + number)
            foreign.discard(other + number)
            if _height(old) == _height(new):
                same += 1
            else:
                moved += 1
    for number in sorted(lost):
        elsewhere = [found for found in sorted(foreign) if after[found][0] == before[number][0]]
        if elsewhere:
            lost.discard(number)
            foreign.discard(elsewhere[0])
            moved += 1
    differences += [
        Difference(before[number][1].place, before[number][1].text, "没有印回来")
        for number in sorted(lost)
    ]
    differences += [Difference("", after[number][1].text, "原表没有") for number in sorted(foreign)]
    return Fidelity(len(before), same, moved, tuple(differences))


def _texts(lines: Sequence[Line]) -> list[tuple[str, PageCell]]:
    """Return the texts with their cells; a line outside the tables in its parts."""
    rows = lay_out(lines)
    lone = {id(row.cells[0]) for row in rows if len(row.cells) == 1}
    return [
        (compact(text), cell)
        for cell in iter_cells(rows)
        if not cell.is_blank and not _is_number(cell)
        for text in (_line_parts(cell.text) if id(cell) in lone else [cell.text])
        if not ATTACHMENT_NUMBER.fullmatch(text.strip())
    ]


def _line_parts(text: str) -> Iterator[str]:
    """Yield the labels and the values of a line, which may come back in cells."""
    for segment in line_segments(text):
        label, value = split_label(segment)
        yield from filter(None, (label, value))


def _is_number(cell: PageCell) -> bool:
    """Return whether a cell is a running number, which is counted anew."""
    return cell.column == 0 and bool(_RUNNING_NUMBER.fullmatch(cell.text.strip()))


def _height(cell: PageCell) -> int:
    return cell.last_row - cell.row + 1
