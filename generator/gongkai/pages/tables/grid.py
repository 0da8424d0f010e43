"""A table as printed: cells with their spans, headings in one or two tiers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from gongkai.model.documents import Cell, Record
from gongkai.model.specs import FieldSpec
from gongkai.model.values import Kind, State

Marks = Mapping[str, tuple[int, ...]]
"""The numbers of the notes at a cell, by its key path."""
_NUMERIC = frozenset({Kind.AMOUNT, Kind.NUMBER, Kind.POINTS, Kind.RATE})


class GridCell(NamedTuple):
    """One cell as printed."""

    text: str
    scope: str = ""
    """col, row, rowgroup or colgroup for a heading; empty for a value."""
    rows: int = 1
    columns: int = 1
    classes: tuple[str, ...] = ()
    marks: tuple[int, ...] = ()
    """Numbers of the notes that stand at this figure."""
    anchor: str = ""
    """Its address on the page; empty where it has none."""


GridRow = tuple[GridCell, ...]
_NOTHING = GridCell("")
_new: Any = tuple.__new__
"""See sources: there are hundreds of cells on a page."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table as printed."""

    caption: str
    head: tuple[GridRow, ...] = ()
    body: tuple[GridRow, ...] = ()
    foot: tuple[GridRow, ...] = ()
    wide: bool = field(default=False, kw_only=True)
    """Too wide for a phone."""
    titled: bool = field(default=True, kw_only=True)
    """Whether the form prints the caption; otherwise it is for those who cannot see."""


@dataclass(frozen=True, slots=True)
class Printer:
    """What the printing of a record's tables needs to know."""

    record: Record
    marks: Marks
    anchors: Mapping[str, str]
    """The anchors of figures, by their key paths."""

    def label(self, spec: FieldSpec) -> str:
        """A field's or column's label as printed."""
        return self.record.label(spec.label or spec.key)

    def value(
        self, cell: Cell, *, columns: int = 1, rows: int = 1, label: bool = False
    ) -> GridCell:
        """A value as printed; `label` puts its field's label before it."""
        spec, value, _, where, _, _ = cell
        text = self.label(spec) + shown(cell) if label else shown(cell)
        struck = value.state is State.BLANK and cell.struck
        classes = _classes(spec.kind, value.state, struck, label)
        marks = self.marks.get(where, ()) if self.marks else ()
        anchor = self.anchors.get(where, "") if self.anchors else ""
        return _new(GridCell, (text, "", rows, columns, classes, marks, anchor))  # type: ignore[no-any-return]

    def column(self, spec: FieldSpec, cells: Iterable[Cell | None]) -> list[GridCell]:
        """The values of one column, each in one cell; an empty cell where there is none."""
        if spec.boxes:
            return [self.value(cell) if cell else _NOTHING for cell in cells]
        usual = _classes(spec.kind, State.FILED, False, False)  # noqa: FBT003 - see _classes
        marks, anchors, filed = self.marks, self.anchors, State.FILED
        return [
            _NOTHING
            if cell is None
            else _new(
                GridCell,
                (
                    cell.filed or cell.printed,
                    "",
                    1,
                    1,
                    usual,
                    marks.get(cell.where, ()),
                    anchors.get(cell.where, ""),
                ),
            )
            if cell.value.state is filed
            else self.value(cell)
            for cell in cells
        ]

    def head(
        self, columns: Iterable[FieldSpec], before: Sequence[tuple[str, str]] = ()
    ) -> tuple[GridRow, ...]:
        """The headings: one row, or two where a heading stands over several columns.

        `before` gives the heading and label of the columns left of these.
        """
        pairs = [*before, *((each.heading, self.label(each)) for each in columns)]
        if not any(above for above, _ in pairs):
            return (tuple(_heading(label) for _, label in pairs),)
        upper: list[GridCell] = []
        lower: list[GridCell] = []
        for above, group in groupby(pairs, key=lambda pair: pair[0]):
            labels = [label for _, label in group]
            if above:
                printed = self.record.label(above)
                upper.append(GridCell(printed, "colgroup", columns=len(labels)))
                lower.extend(_heading(label) for label in labels)
            else:
                upper.extend(_heading(label, rows=2) for label in labels)
        return (tuple(upper), tuple(lower))


@cache
def _classes(kind: Kind, state: State, struck: bool, label: bool) -> tuple[str, ...]:  # noqa: FBT001 - found three times as fast
    """The classes of a value's cell."""
    asked = {
        "gk-num": kind in _NUMERIC and not label,
        "gk-na": state is State.NOT_APPLICABLE,
        "gk-struck": struck,
        "gk-text": kind is Kind.LONG_TEXT,
    }
    return tuple(name for name, holds in asked.items() if holds)


def _heading(label: str, *, rows: int = 1) -> GridCell:
    """A column's heading; a column without one gets an empty cell, which is no heading."""
    return GridCell(label, "col" if label else "", rows=rows)


def shown(cell: Cell) -> str:
    """What a cell shows: what was filed, among the choices where the form prints them all."""
    spec = cell.spec
    if not spec.boxes or (cell.filed and cell.filed not in spec.choices):
        return cell.filed or cell.printed
    return " ".join(
        spec.boxes.format_map(
            {"序号": number, "选项": choice, "框": "☑" if choice == cell.filed else "□"}
        )
        for number, choice in enumerate(spec.choices, start=1)
    )
