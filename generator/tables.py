"""The official tables: a record's sections as grids of cells, with spans as on the form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, zip_longest

from generator.forms import FieldSpec, Layout
from generator.model import Block, Cell, Fields, Indicators, Node, Record, Section, Table, Total
from generator.values import Kind, State

Marks = Mapping[str, tuple[int, ...]]
"""The numbers of the notes at a cell, by its key path."""
_NUMERIC = frozenset({Kind.AMOUNT, Kind.NUMBER, Kind.POINTS, Kind.RATE})


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell as printed."""

    text: str
    scope: str = ""
    """col, row, rowgroup or colgroup for a heading; empty for a value."""
    rows: int = 1
    columns: int = 1
    classes: tuple[str, ...] = ()
    marks: tuple[int, ...] = ()
    """Numbers of the notes that stand at this figure."""


GridRow = tuple[GridCell, ...]


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


def grids(record: Record, marks: Marks) -> list[Grid]:
    """The tables of a record, in the form's order; fields in rows share a table."""
    result: list[Grid] = []
    for in_rows, group in groupby(record.sections, key=_in_rows):
        sections = list(group)
        if in_rows:
            result.append(
                _field_rows([part for part in sections if isinstance(part, Fields)], marks)
            )
        else:
            result.extend(_grid(section, record, marks) for section in _shown(sections))
    return result


def _in_rows(section: Section) -> bool:
    return isinstance(section, Fields) and section.spec.layout is Layout.ROWS


def _shown(sections: Sequence[Section]) -> Iterator[Fields | Table | Indicators]:
    """The sections with a table of their own; totals stand under the indicators."""
    return (section for section in sections if not isinstance(section, Total))


def _grid(section: Fields | Table | Indicators, record: Record, marks: Marks) -> Grid:
    match section:
        case Fields():
            return _field_columns(section, marks)
        case Table():
            return _table(section, record, marks)
        case Indicators():
            return _indicators(section, record.total, marks)


def _value(cell: Cell, marks: Marks, *, columns: int = 1, prefix: str = "") -> GridCell:
    classes = [name for name, holds in (
        ("gk-num", cell.spec.kind in _NUMERIC and not prefix),
        ("gk-na", cell.value.state is State.NOT_APPLICABLE),
        ("gk-text", cell.spec.kind is Kind.LONG_TEXT),
    ) if holds]  # fmt: skip
    noted = marks.get(cell.where, ())
    return GridCell(prefix + cell.filed, columns=columns, classes=tuple(classes), marks=noted)


def _field_rows(sections: Sequence[Fields], marks: Marks) -> Grid:
    """Labels with values, one row each; a section's own label stands before its rows."""
    grouped = any(section.spec.key for section in sections)
    widest = max(len(line) for section in sections for line in _lines(section))
    body: list[GridRow] = []
    for section in sections:
        lines = _lines(section)
        for number, line in enumerate(lines):
            cells: list[GridCell] = []
            if section.spec.key and number == 0:
                label = section.spec.printed
                cells.append(GridCell(label, "rowgroup", rows=len(lines)))
            for place, cell in enumerate(line):
                last = place == len(line) - 1
                span = 1 + 2 * (widest - len(line)) if last else 1
                span += 1 if last and grouped and not section.spec.key else 0
                cells.append(GridCell(cell.spec.label or cell.spec.key, "row"))
                cells.append(_value(cell, marks, columns=span))
            body.append(tuple(cells))
    caption = "、".join(section.spec.printed for section in sections if section.spec.key)
    return Grid(caption or "填写项", body=tuple(body), titled=False)


def _lines(section: Fields) -> list[list[Cell]]:
    """The fields of a section, row by row: 并排 puts one beside the field before it."""
    lines: list[list[Cell]] = []
    for cell in section.cells.values():
        if cell.spec.beside and lines:
            lines[-1].append(cell)
        else:
            lines.append([cell])
    return lines


def _field_columns(section: Fields, marks: Marks) -> Grid:
    cells = list(section.cells.values())
    head = tuple(GridCell(cell.spec.label or cell.spec.key, "col") for cell in cells)
    return Grid(section.spec.printed, (head,), (tuple(_value(cell, marks) for cell in cells),))


def _table(table: Table, record: Record, marks: Marks) -> Grid:
    named = bool(table.spec.rows)
    columns = [_heading(spec, record) for spec in table.spec.columns]
    head = ((GridCell("", "col"), *columns) if named else tuple(columns),)
    body: list[GridRow] = []
    for row in table.rows:
        cells = [_value(row.cells[spec.key], marks) for spec in table.spec.columns]
        label = GridCell(row.label, "row", classes=(f"gk-d{row.depth}",) if row.depth else ())
        body.append((label, *cells) if named else tuple(cells))
    if table.blocks:
        body.extend(_blocks(table.blocks, len(table.spec.columns) + named, marks))
    caption = record.label(table.spec.printed)
    return Grid(caption, head, tuple(body), wide=len(columns) > 3)  # noqa: PLR2004 - a phone's width


def _heading(spec: FieldSpec, record: Record) -> GridCell:
    return GridCell(record.label(spec.label or spec.key), "col")


def _blocks(blocks: Sequence[Block], width: int, marks: Marks) -> Iterator[GridRow]:
    """Breakdowns side by side, each amount behind its label in one cell."""
    spans = [width // len(blocks)] * len(blocks)
    spans[-1] += width - sum(spans)
    yield tuple(
        GridCell(block.spec.label or block.spec.key, "colgroup", columns=span)
        for block, span in zip(blocks, spans, strict=True)
    )
    for line in zip_longest(*(list(block.cells.values()) for block in blocks)):
        yield tuple(
            _value(cell, marks, columns=span, prefix=cell.spec.label or cell.spec.key)
            if cell
            else GridCell("", columns=span)
            for cell, span in zip(line, spans, strict=True)
        )


def _indicators(section: Indicators, total: Total | None, marks: Marks) -> Grid:
    spec = section.spec
    head = tuple(GridCell(level, "col") for level in spec.levels)
    head += tuple(GridCell(each.label or each.key, "col") for each in spec.columns)
    body = [row for node in section.nodes for row in _node_rows(node, section, marks)]
    foot = (_total(total, section, marks),) if total else ()
    return Grid(spec.printed, (head,), tuple(body), foot, wide=True)


def _node_rows(node: Node, section: Indicators, marks: Marks) -> list[GridRow]:
    """The rows of an indicator and all below it; its name spans them."""
    last = len(section.spec.levels) - 1
    below = [row for child in node.children for row in _node_rows(child, section, marks)]
    if not below:
        below = [_leaf(node, section, marks)]
    scope = "row" if node.level == last else "rowgroup"
    name = GridCell(node.label, scope, rows=len(below), marks=marks.get(node.name.where, ()))
    return [(name, *below[0]), *below[1:]]


def _leaf(node: Node, section: Indicators, marks: Marks) -> GridRow:
    """The cells right of a leaf's name; an empty category has blank ones."""
    missing = len(section.spec.levels) - 1 - node.level
    blank = tuple(GridCell("") for _ in range(missing))
    if missing:
        return blank + tuple(GridCell("") for _ in section.spec.columns)
    return tuple(_value(node.cells[spec.key], marks) for spec in section.spec.columns)


def _total(total: Total, section: Indicators, marks: Marks) -> GridRow:
    label = GridCell(total.spec.printed, "row", columns=_before(total, section))
    values = [
        _value(total.cells[spec.key], marks) if spec.key in total.cells else GridCell("")
        for spec in section.spec.columns[_before(total, section) - len(section.spec.levels) :]
    ]
    return (label, *values)


def _before(total: Total, section: Indicators) -> int:
    """How many columns stand left of the first one that has a total."""
    keys = [spec.key for spec in section.spec.columns]
    first = next((number for number, key in enumerate(keys) if key in total.cells), len(keys))
    return len(section.spec.levels) + first
