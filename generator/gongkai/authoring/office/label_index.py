"""Index of the labels in a document's lines, and of the cells already used."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.authoring.office.cells import (
    Line,
    Slot,
    clean_value,
    core_label,
    distinct_cells,
    normalize_label,
)
from gongkai.authoring.office.label_patterns import match_blanks
from gongkai.model.choices import SEPARATOR, filed_choices, ticked_choices
from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.specs import FieldSpec, LevelSpec, RowSpec, TotalSpec
from gongkai.model.values import Kind

_SENTENCES = re.compile(r"[。；;！]\s*\n").search
"""Finds line breaks after a full stop, which separate sentences; other line breaks only fit the
text to the cell."""
_MAX_LABEL_LENGTH = 100
"""Longest label, in characters."""


class Hit(NamedTuple):
    """The position of a label; rows and columns are those it is merged over."""

    row: int
    last_row: int
    column: int
    last_column: int
    slot: Slot


class Leaf(NamedTuple):
    """The value of a key, and its place in the file."""

    text: str = ""
    place: str = ""
    """第2个表第3行第4列; for a missing value, where it would be expected."""
    found: bool = True
    """False if no cell was found for the key."""
    source: str = ""
    """The text in the file, if the value is not made of its characters: a ticked choice."""


Tree = dict[str, "Leaf | Tree | list[Tree]"]
"""A document's values, nested as in its YAML file."""


@dataclass(frozen=True, slots=True)
class LabelIndex:
    """The cells of one document by label, and which of them are used."""

    lines: Sequence[Line]
    form: Form
    words: Mapping[str, str]
    hits_by_label: Mapping[str, list[Hit]]
    """Cells by normalized text."""
    hits_by_core: Mapping[str, list[Hit]]
    """Cells by core label, for labels without an exact match."""
    used: set[Slot] = field(default_factory=set)
    """The cells that a field takes, and those that are labels."""
    printed: set[Slot] = field(default_factory=set)
    """The cells that only repeat what the form prints there: running numbers, points."""

    def label_names(self, specs: Iterable[FieldSpec | RowSpec | LevelSpec | TotalSpec]) -> set[str]:
        """Return the normalized names that specs may have in the file."""
        names = (name for spec in specs for name in (spec.key, *spec.aliases, spec.label))
        return {normalize_label(fill_placeholders(name, self.words)) for name in names if name}

    def find_hits(
        self, spec: FieldSpec | RowSpec | LevelSpec | TotalSpec, start: int, end: int
    ) -> list[Hit]:
        """Return the positions of a spec's label within these lines."""
        names = self.label_names([spec])
        exact_hits = self._within(self.hits_by_label, names, start, end)
        cores = {core_label(name) for name in names} - {""}
        return exact_hits or self._within(self.hits_by_core, cores, start, end)

    def _within(
        self, index: Mapping[str, list[Hit]], keys: set[str], start: int, end: int
    ) -> list[Hit]:
        """Return the hits of these keys within these lines, in document order."""
        hits = {hit.slot: hit for name in keys for hit in index.get(name, ())}
        return sorted(hit for hit in hits.values() if hit.row < end and hit.last_row >= start)

    def cell_at(self, row: int, column: int) -> Slot | None:
        """Return the cell at a position, or None outside the table."""
        line = self.lines[row] if 0 <= row < len(self.lines) else ()
        return line[column] if 0 <= column < len(line) else None

    def cell_right_of(self, hit: Hit) -> Slot | None:
        """Return the cell to the right of a label."""
        return self.cell_at(hit.row, hit.last_column + 1)

    def mark_used(self, slot: Slot | None) -> None:
        """Mark a cell as used."""
        if slot is not None:
            self.used.add(slot)

    def mark_printed(self, slot: Slot | None) -> None:
        """Mark a cell as used, and as a text that the form prints there."""
        if slot is not None:
            self.used.add(slot)
            self.printed.add(slot)

    def is_used(self, slot: Slot) -> bool:
        """Return whether a cell is used."""
        return slot in self.used

    def take_values(self, spec: FieldSpec, slot: Slot | None, printed: str = "") -> Tree:
        """Use a cell as the value of a field, or as the text that holds the values of its blanks.

        A text that differs from the printed one is left unused, and the blanks without values.
        """
        if not spec.blanks:
            return {spec.key: self.take_leaf(spec, slot, printed)}
        texts = match_blanks(spec.cell_format, slot.text, self.words) if slot else None
        if printed and slot and normalize_label(slot.text) == normalize_label(printed):
            texts = dict.fromkeys((blank.key for blank in spec.blanks), "")
        if slot is None or texts is None:
            return {blank.key: Leaf(found=False) for blank in spec.blanks}
        self.mark_used(slot)
        return {
            blank.key: Leaf(ticked, slot.place, source="" if ticked == text else text)
            for blank in spec.blanks
            for text in [texts[blank.key]]
            for ticked in [_ticked_choice(blank, text)]
        }

    def take_leaf(self, spec: FieldSpec, slot: Slot | None, printed: str = "") -> Leaf:
        """Use a cell as the value of a field; blank if it only repeats what the form prints."""
        if slot is None:
            return Leaf(found=False)
        self.mark_used(slot)
        is_long = spec.kind is Kind.LONG_TEXT or (spec.kind is Kind.TEXT and _SENTENCES(slot.text))
        text = clean_value(slot.text, long=bool(is_long))
        if printed and normalize_label(text) == normalize_label(printed):
            self.mark_printed(slot)
            return Leaf("", slot.place)
        ticked = _ticked_choice(spec, text)
        return Leaf(ticked, slot.place, source="" if ticked == text else slot.text)


def has_leaf_of(spec: FieldSpec, leaves: Tree) -> bool:
    """Return whether any value of a field, or of a cell's blanks, was found."""
    keys = [blank.key for blank in spec.blanks or (spec,)]
    found = (leaves.get(key) for key in keys)
    return any(isinstance(leaf, Leaf) and leaf.found for leaf in found)


def _ticked_choice(spec: FieldSpec, text: str) -> str:
    """Return what is ticked; the text itself if that is nothing that the form allows."""
    if not spec.choices or filed_choices(spec, text) is not None:
        return text
    ticked = ticked_choices(spec, text)
    is_allowed = ticked is not None and (len(ticked) <= 1 or spec.has_several)
    return SEPARATOR.join(ticked) if ticked is not None and is_allowed else text


def index_labels(lines: Sequence[Line], form: Form, words: Mapping[str, str]) -> LabelIndex:
    """Index the lines of a document for a form; `words` fill the braces of its labels."""
    hits = [hit for hit in _iter_hits(lines) if len(hit.slot.text) <= _MAX_LABEL_LENGTH]
    return LabelIndex(
        lines, form, words, _hits_by_key(hits, normalize_label), _hits_by_key(hits, core_label)
    )


def _hits_by_key(hits: Iterable[Hit], key: Callable[[str], str]) -> dict[str, list[Hit]]:
    """Return the hits by a key of their text."""
    hits_by_key: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        hits_by_key[key(hit.slot.text)].append(hit)
    return hits_by_key


def _iter_hits(lines: Sequence[Line]) -> Iterator[Hit]:
    """Yield the cells of table rows; a line with a single cell is not a table row."""
    last_rows: dict[Slot, int] = {}
    first_positions: dict[Slot, tuple[int, int, int]] = {}
    for row, line in enumerate(lines):
        cells = list(distinct_cells(line))
        end_columns = [column for column, _ in cells[1:]] + [len(line)]
        for (column, slot), end in zip(cells, end_columns, strict=True):
            if not slot.text or len(cells) == 1:
                continue
            first_positions.setdefault(slot, (row, column, end - 1))
            last_rows[slot] = row
    for slot, (row, column, end) in first_positions.items():
        yield Hit(row, last_rows[slot], column, end, slot)
