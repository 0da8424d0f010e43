"""Official tables: a record's sections as grids of cells, with the spans of the form."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from gongkai.model.anchors import figure_anchors
from gongkai.model.documents import (
    Block,
    Fields,
    IndicatorTable,
    Record,
    Row,
    Section,
    Table,
    TotalRow,
)
from gongkai.model.specs import FieldSpec, FieldsSpec, Layout
from gongkai.pages.tables.grid import CellPrinter, Grid, GridCell, GridRow, NoteRefs
from gongkai.pages.tables.indicators import indicator_grid
from gongkai.reading.form_plan import OPEN_NAME

_PHONE_FIELDS = 2
"""Number of fields that a phone shows side by side."""


def record_grids(
    record: Record, note_refs: NoteRefs, anchors: Mapping[str, str] | None = None
) -> list[Grid]:
    """Return the tables of a record in the form's order.

    `anchors` are those of cells, by their key paths; by default those of an evaluation's figures.
    """
    printer = CellPrinter(record, note_refs, figure_anchors(record) if anchors is None else anchors)
    return [_grid(group, printer) for group in _table_groups(list(record.sections))]


def _table_groups(sections: list[Section]) -> Iterator[list[Section]]:
    """Yield the sections of every table: fields in rows, and indicators with their totals, share one."""
    while sections:
        count = _group_length(sections)
        yield sections[:count]
        del sections[:count]


def _group_length(sections: Sequence[Section]) -> int:
    """Return how many of the first sections share a table."""
    end = next(
        (number for number, section in enumerate(sections) if number and not _is_in_rows(section)),
        len(sections),
    )
    if _is_in_rows(sections[0]):
        return end
    has_total = end < len(sections) and isinstance(sections[end], TotalRow)
    return end + 1 if isinstance(sections[0], IndicatorTable) and has_total else 1


def _is_in_rows(section: Section) -> bool:
    return isinstance(section, Fields) and section.spec.layout is Layout.ROWS


def _grid(group: Sequence[Section], printer: CellPrinter) -> Grid:
    match group[0]:
        case IndicatorTable() as indicators:
            foot = [part for part in group[1:] if isinstance(part, Fields | TotalRow)]
            return indicator_grid(indicators, printer, foot)
        case Table() as table:
            return _table_grid(table, printer)
        case TotalRow() as total:
            return _total_grid(total, printer)
        case Fields() as fields if fields.spec.layout is Layout.COLUMNS:
            return _field_column_grid(fields, printer)
        case _:
            fields_in_rows = [part for part in group if isinstance(part, Fields)]
            return _field_row_grid(fields_in_rows, printer)


def _field_row_grid(sections: Sequence[Fields], printer: CellPrinter) -> Grid:
    """Return a table of labels and values; a section's own label spans the rows to its right."""
    label = printer.record.printed_label
    layouts = [(section, _field_rows(section.spec), _has_label(section)) for section in sections]
    has_label_column = any(has_label for _, _, has_label in layouts)
    widest = max((len(fields) for _, rows, _ in layouts for fields in rows), default=1)
    body: list[GridRow] = []
    for section, rows, has_label in layouts:
        for number, fields in enumerate(rows):
            cells: list[GridCell] = []
            if has_label and number == 0:
                printed = label(section.spec.printed_label)
                cells.append(GridCell(printed, "rowgroup", row_span=len(rows)))
            for field in fields[:-1]:
                cells += _field_cells(field, section, 1, printer)
            span = 1 + 2 * (widest - len(fields)) + (has_label_column and not has_label)
            cells += _field_cells(fields[-1], section, span, printer)
            body.append(tuple(cells))
    caption = "、".join(
        label(section.spec.printed_label) for section in sections if _has_label(section)
    )
    caption = caption or f"{printer.record.title}：填写项"
    return Grid(caption, body=tuple(body), is_wide=widest > _PHONE_FIELDS, shows_caption=False)


def _has_label(section: Fields) -> bool:
    """Return whether the section's own label is printed before its rows."""
    return bool(section.spec.key) and section.spec.shows_label


def _field_cells(
    spec: FieldSpec, section: Fields, span: int, printer: CellPrinter
) -> tuple[GridCell, ...]:
    """Return the cells of a field: label and value, or the value alone if no label is printed."""
    if not spec.shows_label:
        return (printer.printed_cell(spec, section.cells, span + 1),)
    return GridCell(printer.label(spec), "row"), printer.printed_cell(spec, section.cells, span)


def _field_rows(section: FieldsSpec) -> list[list[FieldSpec]]:
    """Return the fields of a section, row by row: 并排 puts a field next to the one before it."""
    rows: list[list[FieldSpec]] = []
    for spec in section.printed_fields:
        if spec.is_same_row and rows:
            rows[-1].append(spec)
        else:
            rows.append([spec])
    return rows


def _field_column_grid(section: Fields, printer: CellPrinter) -> Grid:
    specs = section.spec.printed_fields
    head = printer.head_rows(specs)
    caption = printer.record.printed_label(section.spec.printed_label)
    body = (tuple(printer.printed_cell(spec, section.cells) for spec in specs),)
    return Grid(caption, head, body, shows_caption=section.spec.shows_label)


def _total_grid(total: TotalRow, printer: CellPrinter) -> Grid:
    """Return the table of totals that are not printed under indicators."""
    cells = list(total.cells.values())
    head = printer.head_rows(cell.spec for cell in cells)
    caption = printer.record.printed_label(total.spec.printed_label)
    return Grid(caption, head, (tuple(printer.value_cell(cell) for cell in cells),))


def _table_grid(table: Table, printer: CellPrinter) -> Grid:
    spec, label = table.spec, printer.record.printed_label
    has_row_names = bool(spec.rows)
    corner = [("", label(spec.corner))] if has_row_names else []
    head = printer.head_rows(spec.printed_columns, corner)
    columns = [
        [printer.printed_cell(column, row.cells) for row in table.rows]
        if column.blanks
        else printer.column_cells(column, [row.cells[column.key] for row in table.rows])
        for column in spec.printed_columns
    ]
    if has_row_names:
        columns.insert(0, [_row_name_cell(row, printer) for row in table.rows])
    body: list[GridRow] = list(zip(*columns, strict=True))
    if table.blocks:
        body.extend(_block_rows(table.blocks, len(columns), printer))
    wide = len(spec.printed_columns) > 3  # noqa: PLR2004 - a phone's width
    return Grid(
        label(spec.printed_label), head, tuple(body), is_wide=wide, shows_caption=spec.shows_label
    )


def _row_name_cell(row: Row, printer: CellPrinter) -> GridCell:
    """Return the label of a row; of an open row with the anchor of its name, if that has one."""
    name = row.cells.get(OPEN_NAME.key) if row.spec.is_open else None
    anchor = printer.anchors.get(name.where, "") if name else ""
    return GridCell(
        row.label, "row", classes=(f"gk-d{row.depth}",) if row.depth else (), anchor=anchor
    )


def _block_rows(blocks: Sequence[Block], width: int, printer: CellPrinter) -> Iterator[GridRow]:
    """Yield the rows of breakdowns (分解) side by side; a cell holds an amount's label and value."""
    spans = [width // len(blocks)] * len(blocks)
    spans[-1] += width - sum(spans)
    yield tuple(
        GridCell(
            printer.record.printed_label(block.spec.label or block.spec.key),
            "colgroup",
            column_span=span,
        )
        for block, span in zip(blocks, spans, strict=True)
    )
    for cells in zip_longest(*(list(block.cells.values()) for block in blocks)):
        yield tuple(
            printer.value_cell(cell, columns=span, label=True)
            if cell
            else GridCell("", column_span=span)
            for cell, span in zip(cells, spans, strict=True)
        )
