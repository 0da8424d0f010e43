"""Printed tables: cells with their spans, headings in one or two rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import NamedTuple

from gongkai.model.choices import print_choices
from gongkai.model.documents import Cell, Indicator, Record
from gongkai.model.specs import BLANK_LINE, PLACEHOLDER, FieldSpec
from gongkai.model.values import Kind, ValueState

NoteRefs = Mapping[str, tuple[int, ...]]
"""Numbers of the notes (核验说明) on a cell, by the cell's key path."""
_NUMERIC = frozenset({Kind.AMOUNT, Kind.NUMBER, Kind.POINTS, Kind.RATE})


class GridCell(NamedTuple):
    """A printed cell."""

    text: str
    scope: str = ""
    """HTML scope of a heading (col, row, rowgroup or colgroup); empty for a value."""
    row_span: int = 1
    column_span: int = 1
    classes: tuple[str, ...] = ()
    note_refs: tuple[int, ...] = ()
    """Numbers of the notes (核验说明) on this figure."""
    anchor: str = ""
    """HTML id; empty if nothing links to the cell."""


GridRow = tuple[GridCell, ...]
_EMPTY = GridCell("")


@dataclass(frozen=True, slots=True)
class Grid:
    """A printed table."""

    caption: str
    head: tuple[GridRow, ...] = ()
    body: tuple[GridRow, ...] = ()
    foot: tuple[GridRow, ...] = ()
    is_wide: bool = field(default=False, kw_only=True)
    """Whether the table is too wide for a phone."""
    shows_caption: bool = field(default=True, kw_only=True)
    """Whether the form prints the caption; otherwise only screen readers get it."""


def printed_note_refs(grids: Iterable[Grid]) -> set[int]:
    """Return the numbers of the notes that the cells of tables refer to."""
    rows = (row for grid in grids for part in (grid.head, grid.body, grid.foot) for row in part)
    return {number for row in rows for cell in row for number in cell.note_refs}


@dataclass(frozen=True, slots=True)
class CellPrinter:
    """Makes the cells of a record's tables, with their notes and anchors."""

    record: Record
    note_refs: NoteRefs
    anchors: Mapping[str, str]
    """HTML ids of figures, by the figures' key paths."""

    def label(self, spec: FieldSpec) -> str:
        """Return the printed label of a field or column."""
        return self.record.printed_label(spec.label or spec.key)

    def name_anchor(self, indicator: Indicator) -> str:
        """Return the anchor of an indicator's name, if it has one of its own."""
        return self.anchors.get(indicator.name.where, "") if self.anchors else ""

    def value_cell(
        self, cell: Cell, *, columns: int = 1, rows: int = 1, label: bool = False
    ) -> GridCell:
        """Return a value's cell; `label` puts the field's label before the value."""
        spec, value, where = cell.spec, cell.value, cell.where
        text = self.label(spec) + cell_text(cell) if label else cell_text(cell)
        struck = value.state is ValueState.BLANK and cell.is_struck_out
        classes = _classes(spec.kind, value.state, struck=struck, label=label)
        note_refs = self.note_refs.get(where, ()) if self.note_refs else ()
        anchor = self.anchors.get(where, "") if self.anchors else ""
        return GridCell(text, "", rows, columns, classes, note_refs, anchor)

    def printed_cell(
        self, spec: FieldSpec, cells: Mapping[str, Cell], columns: int = 1
    ) -> GridCell:
        """Return the cell that the form prints for a field: of its value, or of its blanks."""
        if not spec.blanks:
            return self.value_cell(cells[spec.key], columns=columns)
        blanks = [cells[blank.key] for blank in spec.blanks]
        note_refs = dict.fromkeys(
            number for cell in blanks for number in self.note_refs.get(cell.where, ())
        )
        anchors = (anchor for cell in blanks if (anchor := self.anchors.get(cell.where)))
        struck = all(cell.is_blank and cell.is_struck_out for cell in blanks)
        text = blanks[0].printed if struck else self._fill_blanks(spec, cells)
        classes = ("gk-struck",) if struck else ()
        return GridCell(text, "", 1, columns, classes, tuple(note_refs), next(anchors, ""))

    def _fill_blanks(self, spec: FieldSpec, cells: Mapping[str, Cell]) -> str:
        """Return the text of a cell with its blanks filled in; a line where nothing is filed."""
        parts = PLACEHOLDER.split(self.record.printed_label(spec.cell_format))
        texts = parts[:1]
        for key, following in zip(parts[1::2], parts[2::2], strict=True):
            texts += (
                _blank_text(cells[key], following) if key in cells else f"{{{key}}}",
                following,
            )
        return "".join(texts)

    def column_cells(self, spec: FieldSpec, cells: Iterable[Cell | None]) -> list[GridCell]:
        """Return the cells of one column; an empty cell for None."""
        if spec.choice_format:
            return [self.value_cell(cell) if cell else _EMPTY for cell in cells]
        classes = _classes(spec.kind, ValueState.FILED, struck=False, label=False)
        note_refs, anchors, filed = self.note_refs, self.anchors, ValueState.FILED
        return [
            _EMPTY
            if cell is None
            else GridCell(
                cell.filed or cell.printed,
                classes=classes,
                note_refs=note_refs.get(cell.where, ()),
                anchor=anchors.get(cell.where, ""),
            )
            if cell.value.state is filed
            else self.value_cell(cell)
            for cell in cells
        ]

    def head_rows(
        self, columns: Iterable[FieldSpec], before: Sequence[tuple[str, str]] = ()
    ) -> tuple[GridRow, ...]:
        """Return the headings: one row, or two if a heading spans several columns.

        `before` gives (upper heading, label) of the columns to the left of `columns`.
        """
        pairs = [*before, *((column.heading, self.label(column)) for column in columns)]
        if not any(above for above, _ in pairs):
            return (tuple(_heading(label) for _, label in pairs),)
        upper: list[GridCell] = []
        lower: list[GridCell] = []
        for above, group in groupby(pairs, key=lambda pair: pair[0]):
            labels = [label for _, label in group]
            if above:
                printed = self.record.printed_label(above)
                upper.append(GridCell(printed, "colgroup", column_span=len(labels)))
                lower.extend(_heading(label) for label in labels)
            else:
                upper.extend(_heading(label, rows=2) for label in labels)
        return (tuple(upper), tuple(lower))


@cache
def _classes(kind: Kind, state: ValueState, *, struck: bool, label: bool) -> tuple[str, ...]:
    """Return the CSS classes of a value's cell."""
    conditions = {
        "gk-num": kind in _NUMERIC and not label,
        "gk-na": state is ValueState.NOT_APPLICABLE,
        "gk-struck": struck,
        "gk-text": kind is Kind.LONG_TEXT,
    }
    return tuple(name for name, applies in conditions.items() if applies)


def _heading(label: str, *, rows: int = 1) -> GridCell:
    """Return a column's heading; without a label an empty cell, which is no heading."""
    return GridCell(label, "col" if label else "", row_span=rows)


def _blank_text(cell: Cell, following: str) -> str:
    """Return what stands in a blank; the unit of a value is left out if the form prints it behind."""
    text, measure = cell_text(cell), cell.value.measure
    if measure and cell.filed.endswith(measure) and following.startswith(measure):
        return text.removesuffix(measure).rstrip()
    return text or BLANK_LINE


def cell_text(cell: Cell) -> str:
    """Return a cell's text: the filed value, marked among all choices if the form prints them."""
    printed = print_choices(cell.spec, cell.filed) if cell.spec.choice_format else None
    return printed or cell.filed or cell.printed
