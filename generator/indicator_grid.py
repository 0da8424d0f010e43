"""The table of indicators as printed: names and shared cells merged over the rows below them."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from generator.anchors import indicator_anchor
from generator.grid import Grid, GridCell, GridRow, Printer
from generator.model import Cell, Fields, Indicators, Node, Total
from generator.specs import FieldSpec
from generator.terms import Role

_SHARED = frozenset({Role.SCORE, Role.REVIEW_SCORE})
"""What indicators of one 得分组 share."""


class _Line(NamedTuple):
    """One row: an indicator, or a category without any, and those above it."""

    path: tuple[Node, ...]

    def at(self, level: int) -> Node | None:
        return self.path[level] if level < len(self.path) else None


def indicator_grid(
    section: Indicators, printer: Printer, foot: Sequence[Fields | Total] = ()
) -> Grid:
    """The table of indicators; `foot` is what the form prints under it in the same table."""
    spec = section.spec
    labels = [each.label or each.key if each.titled else "" for each in spec.levels]
    levels = [(spec.heading, printer.record.label(each)) for each in labels]
    columns = [each for each in spec.columns if each.own_column]
    lines = [line for node in section.nodes for line in _lines((node,))]
    numbers = [_numbers(lines, section)] if spec.numbered else []
    levels = [("", "序号"), *levels] if spec.numbered else levels
    names = [_names(lines, level, section, printer) for level in range(len(spec.levels))]
    values = [_column(lines, each, section, printer) for each in columns]
    body = [
        tuple(cell for cell in row if cell is not None)
        for row in zip(*numbers, *names, *values, strict=True)
    ]
    under = [row for part in foot for row in _foot(part, section, columns, printer)]
    caption = printer.record.label(spec.printed)
    head = printer.head(columns, levels)
    return Grid(caption, head, tuple(body), tuple(under), wide=True, titled=spec.titled)


def _lines(path: tuple[Node, ...]) -> Iterator[_Line]:
    children = path[-1].children
    if not children:
        yield _Line(path)
    for child in children:
        yield from _lines((*path, child))


def _numbers(lines: Sequence[_Line], section: Indicators) -> list[GridCell | None]:
    """The indicators' numbers; an empty category has none."""
    last = len(section.spec.levels)
    leaves = [line for line in lines if len(line.path) == last]
    place = {id(line): str(number) for number, line in enumerate(leaves, start=1)}
    return [GridCell(place.get(id(line), "")) for line in lines]


def _names(
    lines: Sequence[_Line], level: int, section: Indicators, printer: Printer
) -> list[GridCell | None]:
    """The cells of one level's column; None under a cell that spans the row."""
    cells: list[GridCell | None] = []
    last = level == len(section.spec.levels) - 1
    for node, count in _runs([line.at(level) for line in lines]):
        if node is None:
            cells.extend(GridCell("") for _ in range(count))
            continue
        scope = "row" if last else "rowgroup"
        marks = printer.marks.get(node.name.where, ())
        anchor = indicator_anchor(node) if last else ""
        cell = GridCell(node.label, scope, rows=count, marks=marks, anchor=anchor)
        cells += [cell, *[None] * (count - 1)]
    return cells


def _column(
    lines: Sequence[_Line], spec: FieldSpec, section: Indicators, printer: Printer
) -> list[GridCell | None]:
    """The cells of one column; one that stands at a parent spans the rows below it."""
    level = section.spec.level_of(spec)
    owners = [line.at(level) for line in lines]
    if level == len(section.spec.levels) - 1 and not _grouped(owners, spec):
        own = (node.cells.get(spec.key) if node else None for node in owners)
        return [printer.value(cell) if cell else GridCell("") for cell in own]
    cells: list[GridCell | None] = []
    for group in _shared(owners, spec):
        filed = _cell(group, spec)
        first = printer.value(filed, rows=len(group)) if filed else GridCell("", rows=len(group))
        cells += [first, *[None] * (len(group) - 1)]
    return cells


def _shared(owners: Sequence[Node | None], spec: FieldSpec) -> Iterator[list[Node | None]]:
    """Neighbouring rows whose cells are one: of one owner, or of one 得分组."""
    groups = _grouped(owners, spec)
    numbered = enumerate(owners)

    def mark(pair: tuple[int, Node | None]) -> object:
        number, node = pair
        if node is None:
            return number
        return node.score_group if groups and node.score_group else id(node)

    for _, rows in groupby(numbered, key=mark):
        yield [node for _, node in rows]


def _grouped(owners: Sequence[Node | None], spec: FieldSpec) -> bool:
    return spec.role in _SHARED and any(node and node.score_group for node in owners)


def _cell(group: Sequence[Node | None], spec: FieldSpec) -> Cell | None:
    """The cell of a group: the one that is filed, else the first."""
    cells = [node.cells[spec.key] for node in group if node and spec.key in node.cells]
    return next((cell for cell in cells if not cell.blank), cells[0] if cells else None)


def _runs(nodes: Sequence[Node | None]) -> Iterator[tuple[Node | None, int]]:
    for _, run in groupby(nodes, key=id):
        same = list(run)
        yield same[0], len(same)


def _foot(
    part: Fields | Total, section: Indicators, columns: Sequence[FieldSpec], printer: Printer
) -> Iterator[GridRow]:
    levels = len(section.spec.levels) + section.spec.numbered
    if isinstance(part, Total):
        yield _total(part, levels, columns, printer)
        return
    for cell in part.cells.values():
        label = GridCell(printer.label(cell.spec), "row", columns=levels)
        yield (label, printer.value(cell, columns=len(columns)))


def _total(total: Total, levels: int, columns: Sequence[FieldSpec], printer: Printer) -> GridRow:
    """The row of totals: its label over all columns left of the first that has a total."""
    under = {cell.spec.under or key: cell for key, cell in total.cells.items()}
    keys = [each.key for each in columns]
    first = next((number for number, key in enumerate(keys) if key in under), len(keys))
    label = GridCell(printer.record.label(total.spec.printed), "row", columns=levels + first)
    values = [printer.value(under[key]) if key in under else GridCell("") for key in keys[first:]]
    return (label, *values)
