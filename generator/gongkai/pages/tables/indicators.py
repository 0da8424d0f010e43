"""The table of indicators as printed: names and shared cells merged over the rows below them."""

from collections.abc import Iterator, Sequence
from itertools import count, groupby

from gongkai.model.anchors import indicator_anchor
from gongkai.model.documents import Cell, Fields, Indicators, Node, Total
from gongkai.model.specs import FieldSpec
from gongkai.model.terms import Role
from gongkai.pages.tables.grid import Grid, GridCell, GridRow, Printer

_SHARED = frozenset({Role.SCORE, Role.REVIEW_SCORE})
"""What indicators of one 得分组 share."""


_Line = list[Node | None]
"""One row: an indicator and those above it; None at the levels below an empty category."""


def indicator_grid(
    section: Indicators, printer: Printer, foot: Sequence[Fields | Total] = ()
) -> Grid:
    """The table of indicators; `foot` is what the form prints under it in the same table."""
    spec = section.spec
    labels = [each.label or each.key if each.titled else "" for each in spec.levels]
    levels = [(spec.heading, printer.record.label(each)) for each in labels]
    columns = [each for each in spec.columns if each.own_column]
    depth = len(spec.levels)
    lines: list[_Line] = []
    for node in section.nodes:
        _lines(node, [], depth, lines)
    by_level = [[line[level] for line in lines] for level in range(depth)]
    numbers = [_numbers(by_level[-1])] if spec.numbered else []
    levels = [("", "序号"), *levels] if spec.numbered else levels
    names = [_names(nodes, printer) for nodes in by_level[:-1]]
    leaves = [_leaf(node, printer) for node in by_level[-1]]
    values = [_column(by_level, each, section, printer) for each in columns]
    rows = zip(*numbers, *names, leaves, *values, strict=True)
    body = [tuple(filter(None, row)) for row in rows]
    under = [row for part in foot for row in _foot(part, section, columns, printer)]
    caption = printer.record.label(spec.printed)
    head = printer.head(columns, levels)
    return Grid(caption, head, tuple(body), tuple(under), wide=True, titled=spec.titled)


def _lines(node: Node, above: _Line, depth: int, found: list[_Line]) -> None:
    path = [*above, node]
    for child in node.children:
        _lines(child, path, depth, found)
    if not node.children:
        found.append(path + [None] * (depth - len(path)))


def _numbers(leaves: _Line) -> list[GridCell]:
    """The indicators' numbers; an empty category has none."""
    numbers = count(1)
    return [GridCell(f"{next(numbers)}" if node else "") for node in leaves]


def _names(nodes: _Line, printer: Printer) -> list[GridCell | None]:
    """The cells of the column of a level that is not the last; None under a cell that spans the row."""
    cells: list[GridCell | None] = []
    for node, rows in _runs(nodes):
        if node is None:
            cells += [GridCell("")] * rows
            continue
        marks = printer.marks.get(node.name.where, ())
        cells += [GridCell(node.label, "rowgroup", rows, marks=marks), *[None] * (rows - 1)]
    return cells


def _leaf(node: Node | None, printer: Printer) -> GridCell:
    """An indicator's name; an empty cell beside an empty category."""
    if node is None:
        return GridCell("")
    marks = printer.marks.get(node.name.where, ())
    return GridCell(node.label, "row", marks=marks, anchor=indicator_anchor(node))


def _column(
    by_level: Sequence[_Line], spec: FieldSpec, section: Indicators, printer: Printer
) -> Sequence[GridCell | None]:
    """The cells of one column; one that stands at a parent spans the rows below it."""
    level = section.spec.level_of(spec)
    owners = by_level[level]
    if level == len(by_level) - 1 and not _grouped(owners, spec):
        key = spec.key
        return printer.column(spec, [node.cells.get(key) if node else None for node in owners])
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
