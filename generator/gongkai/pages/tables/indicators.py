"""Printed tables of indicators: names and shared cells span the rows below them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, groupby

from gongkai.model.anchors import indicator_anchor
from gongkai.model.documents import Cell, Fields, Indicator, IndicatorTable, TotalRow
from gongkai.model.specs import FieldSpec, IndicatorsSpec, LevelSpec
from gongkai.model.terms import Role
from gongkai.pages.tables.grid import CellPrinter, Grid, GridCell, GridRow

_SHARED = frozenset({Role.POINTS, Role.SCORE, Role.REVIEW_SCORE})
"""Roles of the columns that the indicators of one 得分组 share."""


_Path = list[Indicator | None]
"""An indicator and its ancestors, or one level of all rows; None below an empty category."""


def indicator_grid(
    section: IndicatorTable, printer: CellPrinter, foot: Sequence[Fields | TotalRow] = ()
) -> Grid:
    """Return the table of indicators; `foot` holds the sections that the form prints under it."""
    spec = section.spec
    depth = len(spec.levels)
    paths: list[_Path] = []
    for indicator in section.roots:
        _collect_paths(indicator, [], depth, paths)
    by_level = [[path[level] for path in paths] for level in range(depth)]
    printed: list[Sequence[GridCell | None]] = (
        [_number_cells(by_level[-1])] if spec.numbered else []
    )
    for column in spec.printed_columns:
        if isinstance(column, FieldSpec):
            printed.append(_column_cells(by_level, column, section, printer))
        else:
            printed.append(_level_cells(by_level, spec.levels.index(column), spec, printer))
    body = [tuple(filter(None, row)) for row in zip(*printed, strict=True)]
    foot_rows = [row for part in foot for row in _foot_rows(part, spec, printer)]
    caption = printer.record.printed_label(spec.printed_label)
    head = printer.head_rows(spec.last_columns, _first_headings(spec, printer))
    return Grid(
        caption, head, tuple(body), tuple(foot_rows), is_wide=True, shows_caption=spec.shows_label
    )


def _first_headings(spec: IndicatorsSpec, printer: CellPrinter) -> list[tuple[str, str]]:
    """Return (upper heading, label) of the columns up to the last level."""
    headings = [("", "序号")] if spec.numbered else []
    for level, beside in zip(spec.levels, spec.columns_beside_levels, strict=True):
        label = level.label or level.key if level.shows_label else ""
        headings.append((spec.heading, printer.record.printed_label(label)))
        headings += [(column.heading or spec.heading, printer.label(column)) for column in beside]
    return headings


def _level_cells(
    by_level: Sequence[_Path], level: int, spec: IndicatorsSpec, printer: CellPrinter
) -> Sequence[GridCell | None]:
    """Return the cells with the names of a level."""
    if level < len(by_level) - 1:
        return _name_cells(by_level[level], spec, printer)
    return [_leaf_cell(indicator, spec, printer) for indicator in by_level[level]]


def _collect_paths(indicator: Indicator, ancestors: _Path, depth: int, paths: list[_Path]) -> None:
    """Append the path of every leaf below an indicator, filled up to `depth` with None."""
    path = [*ancestors, indicator]
    for child in indicator.children:
        _collect_paths(child, path, depth, paths)
    if not indicator.children:
        paths.append(path + [None] * (depth - len(path)))


def _number_cells(leaves: _Path) -> list[GridCell]:
    """Return the cells of 序号; an empty category has no number."""
    numbers = count(1)
    return [GridCell(f"{next(numbers)}" if indicator else "") for indicator in leaves]


def _name_note_refs(
    indicator: Indicator, spec: IndicatorsSpec, printer: CellPrinter
) -> tuple[int, ...]:
    """Return the notes on an indicator's name and on the values that are printed within it."""
    note_refs = printer.note_refs
    if not note_refs:
        return ()
    inline = [
        cell.where
        for cell in indicator.cells.values()
        if not cell.spec.has_own_column or spec.level_of(cell.spec) != indicator.level
    ]
    places = (indicator.name.where, *inline)
    return tuple(number for where in places for number in note_refs.get(where, ()))


def _name_cells(
    indicators: _Path, spec: IndicatorsSpec, printer: CellPrinter
) -> list[GridCell | None]:
    """Return the name cells of a level above the last; None in rows that a cell above spans."""
    cells: list[GridCell | None] = []
    for indicator, rows in _runs(indicators):
        if indicator is None:
            cells += [GridCell("")] * rows
            continue
        note_refs = _name_note_refs(indicator, spec, printer)
        anchor = printer.name_anchor(indicator)
        cell = GridCell(indicator.label, "rowgroup", rows, note_refs=note_refs, anchor=anchor)
        cells += [cell, *[None] * (rows - 1)]
    return cells


def _leaf_cell(indicator: Indicator | None, spec: IndicatorsSpec, printer: CellPrinter) -> GridCell:
    """Return the name cell of the last level; an empty cell in the row of an empty category."""
    if indicator is None:
        return GridCell("")
    note_refs = _name_note_refs(indicator, spec, printer)
    anchor = printer.name_anchor(indicator) or indicator_anchor(indicator)
    return GridCell(indicator.label, "row", note_refs=note_refs, anchor=anchor)


def _column_cells(
    by_level: Sequence[_Path], spec: FieldSpec, section: IndicatorTable, printer: CellPrinter
) -> Sequence[GridCell | None]:
    """Return the cells of one column; the cell of a parent spans the rows below it."""
    level = section.spec.level_of(spec)
    owners = by_level[level]
    if level == len(by_level) - 1 and not _has_score_groups(owners, spec):
        key = spec.key
        return printer.column_cells(
            spec, [indicator.cells.get(key) if indicator else None for indicator in owners]
        )
    cells: list[GridCell | None] = []
    for group in _groups_of_rows(owners, spec):
        height = len(group)
        cell = _group_cell(group, spec)
        top = printer.value_cell(cell, rows=height) if cell else GridCell("", row_span=height)
        if printer.note_refs:
            top = top._replace(note_refs=_group_note_refs(group, spec, printer))
        cells += [top, *[None] * (height - 1)]
    return cells


def _groups_of_rows(
    owners: Sequence[Indicator | None], spec: FieldSpec
) -> Iterator[list[Indicator | None]]:
    """Yield runs of rows that share a cell: rows of one owner, or of one 得分组 with a single value."""
    filled: Counter[str] = Counter()
    if has_groups := _has_score_groups(owners, spec):
        filled.update(
            indicator.score_group
            for indicator in owners
            if indicator and spec.key in indicator.cells and not indicator.cells[spec.key].is_blank
        )

    def group_key(pair: tuple[int, Indicator | None]) -> object:
        number, indicator = pair
        if indicator is None:
            return number
        is_grouped = has_groups and indicator.score_group and filled[indicator.score_group] <= 1
        return indicator.score_group if is_grouped else indicator

    for _, rows in groupby(enumerate(owners), key=group_key):
        yield [indicator for _, indicator in rows]


def _has_score_groups(owners: Sequence[Indicator | None], spec: FieldSpec) -> bool:
    return spec.role in _SHARED and any(indicator and indicator.score_group for indicator in owners)


def _group_cell(group: Sequence[Indicator | None], spec: FieldSpec) -> Cell | None:
    """Return the first cell of a group that is filled in, else its first cell."""
    key = spec.key
    cells = [indicator.cells[key] for indicator in group if indicator and key in indicator.cells]
    return next((cell for cell in cells if not cell.is_blank), cells[0] if cells else None)


def _group_note_refs(
    group: Sequence[Indicator | None], spec: FieldSpec, printer: CellPrinter
) -> tuple[int, ...]:
    """Return the notes on all cells that are printed as one."""
    cells = [
        indicator.cells[spec.key]
        for indicator in group
        if indicator and spec.key in indicator.cells
    ]
    places = dict.fromkeys(cell.where for cell in cells)
    return tuple(number for where in places for number in printer.note_refs.get(where, ()))


def _runs(indicators: Sequence[Indicator | None]) -> Iterator[tuple[Indicator | None, int]]:
    """Yield runs of the same indicator as (indicator, length)."""
    for _, group in groupby(indicators):
        run = list(group)
        yield run[0], len(run)


def _foot_rows(
    part: Fields | TotalRow, spec: IndicatorsSpec, printer: CellPrinter
) -> Iterator[GridRow]:
    if isinstance(part, TotalRow):
        yield _total_row(part, spec, printer)
        return
    width = len(spec.last_columns)
    for field in part.spec.printed_fields:
        span = len(spec.printed_columns) + spec.numbered - width
        label = GridCell(printer.label(field), "row", column_span=span)
        yield (label, printer.printed_cell(field, part.cells, width))


def _total_row(total: TotalRow, spec: IndicatorsSpec, printer: CellPrinter) -> GridRow:
    """Return the row of totals; its label spans all columns before the first total."""
    totals = {cell.spec.aligned_with or key: cell for key, cell in total.cells.items()}
    columns: list[LevelSpec | FieldSpec | None] = [None] * spec.numbered
    columns += spec.printed_columns
    cells = [
        totals.get(column.key) if isinstance(column, FieldSpec) else None for column in columns
    ]
    first = next((number for number, cell in enumerate(cells) if cell), len(cells))
    label = printer.record.printed_label(total.spec.printed_label)
    values = [printer.value_cell(cell) if cell else GridCell("") for cell in cells[first:]]
    return (GridCell(label, "row", column_span=first), *values)
