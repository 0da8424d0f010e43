"""Going over the lines of a document with its form: where the labels stand, what is used up."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.authoring.office.cells import Line, Slot, bare, core, distinct, tidy
from gongkai.authoring.office.label_patterns import chosen
from gongkai.model.forms import Form, filled
from gongkai.model.specs import FieldSpec, LevelSpec, RowSpec, TotalSpec
from gongkai.model.values import Kind

_SENTENCES = re.compile(r"[。；;！]\s*\n").search
"""Lines that end with a stop are lines of their own; others were broken to fit the cell."""
_LONGEST = 100
"""No label is longer."""


class Hit(NamedTuple):
    """A label in the lines."""

    row: int
    last_row: int
    column: int
    last_column: int
    slot: Slot


class Leaf(NamedTuple):
    """A value for a key, with where it comes from."""

    text: str = ""
    place: str = ""
    """Where it stands in the file; of a blank one where it was looked for."""
    found: bool = True
    """否: no cell was found for it."""


Tree = dict[str, "Leaf | Tree | list[Tree]"]
"""A document as its YAML holds it."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The lines of one document, and what has been made use of."""

    lines: Sequence[Line]
    form: Form
    words: Mapping[str, str]
    index: Mapping[str, list[Hit]]
    """The cells by what they say."""
    like: Mapping[str, list[Hit]]
    """The same by what is left without additions; asked where no label is exactly the same."""
    used: set[int] = field(default_factory=set)
    """The cells that have been made use of, by id."""

    def names(self, specs: Iterable[FieldSpec | RowSpec | LevelSpec | TotalSpec]) -> set[str]:
        """What specs may be called in the file, to be compared with bare()."""
        asked = (name for spec in specs for name in (spec.key, *spec.aliases, spec.label))
        return {bare(filled(name, self.words)) for name in asked if name}

    def hits(
        self, spec: FieldSpec | RowSpec | LevelSpec | TotalSpec, start: int, end: int
    ) -> list[Hit]:
        """Where a spec's label stands in these lines."""
        names = self.names([spec])
        exact = self._within(self.index, names, start, end)
        cores = {core(name) for name in names} - {""}
        return exact or self._within(self.like, cores, start, end)

    def _within(
        self, index: Mapping[str, list[Hit]], names: set[str], start: int, end: int
    ) -> list[Hit]:
        found = {id(hit.slot): hit for name in names for hit in index.get(name, ())}
        return sorted(hit for hit in found.values() if hit.row < end and hit.last_row >= start)

    def at(self, row: int, column: int) -> Slot | None:
        """The cell at a place."""
        line = self.lines[row] if 0 <= row < len(self.lines) else ()
        return line[column] if 0 <= column < len(line) else None

    def right_of(self, hit: Hit) -> Slot | None:
        """The cell to the right of a label."""
        return self.at(hit.row, hit.last_column + 1)

    def use(self, slot: Slot | None) -> None:
        """Note that a cell has been made use of."""
        if slot is not None:
            self.used.add(id(slot))

    def is_used(self, slot: Slot) -> bool:
        """Whether a cell has been made use of."""
        return id(slot) in self.used

    def leaf(self, spec: FieldSpec, slot: Slot | None, printed: str = "") -> Leaf:
        """A cell as the value of a field; blank where it only repeats what the form prints."""
        if slot is None:
            return Leaf(found=False)
        self.use(slot)
        long = spec.kind is Kind.LONG_TEXT or (spec.kind is Kind.TEXT and _SENTENCES(slot.text))
        text = tidy(slot.text, long=bool(long))
        if spec.choices:
            text = chosen(text, spec.choices, spec.boxes)
        if printed and bare(text) == bare(printed):
            text = ""
        return Leaf(text, slot.place)


def walk(lines: Sequence[Line], form: Form, words: Mapping[str, str]) -> Walk:
    """Lines to be gone over with a form; `words` fill the braces of its labels."""
    hits = [hit for hit in _hits(lines) if len(hit.slot.text) <= _LONGEST]
    return Walk(lines, form, words, _index(hits, bare), _index(hits, core))


def _index(hits: Iterable[Hit], name: Callable[[str], str]) -> dict[str, list[Hit]]:
    """The cells by what they say; lines that hold only one cell are no rows of a table."""
    index: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        index[name(hit.slot.text)].append(hit)
    return index


def _hits(lines: Sequence[Line]) -> Iterator[Hit]:
    last: dict[int, int] = {}
    first: dict[int, tuple[int, int, int, Slot]] = {}
    for row, line in enumerate(lines):
        cells = list(distinct(line))
        ends = [column for column, _ in cells[1:]] + [len(line)]
        for (column, slot), end in zip(cells, ends, strict=True):
            if not slot.text or len(cells) == 1:
                continue
            first.setdefault(id(slot), (row, column, end - 1, slot))
            last[id(slot)] = row
    for key, (row, column, end, slot) in first.items():
        yield Hit(row, last[key], column, end, slot)
