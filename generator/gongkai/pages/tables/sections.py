"""The official tables: a record's sections as grids of cells, with spans as on the form."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from gongkai.model.anchors import figure_anchors
from gongkai.model.documents import (
    Block,
    Cell,
    Fields,
    Indicators,
    Record,
    Row,
    Section,
    Table,
    Total,
)
from gongkai.model.figures import figures_of
from gongkai.model.specs import Layout
from gongkai.pages.tables.grid import Grid, GridCell, GridRow, Marks, Printer
from gongkai.pages.tables.indicators import indicator_grid

_ABREAST = 2
"""How many labels with their values a phone shows side by side."""


def grids(record: Record, marks: Marks) -> list[Grid]:
    """The tables of a record, in the form's order; fields in rows share a table."""
    printer = Printer(record, marks, figure_anchors(record, figures_of(record)))
    return [_grid(group, printer) for group in _groups(list(record.sections))]


def _groups(sections: list[Section]) -> Iterator[list[Section]]:
    """Sections that share a table: fields in rows, and indicators with their totals."""
    while sections:
        count = _together(sections)
        yield sections[:count]
        del sections[:count]


def _together(sections: Sequence[Section]) -> int:
    """How many of the sections at the front share a table."""
    following = next(
        (number for number, each in enumerate(sections) if number and not _in_rows(each)),
        len(sections),
    )
    if _in_rows(sections[0]):
        return following
    closes = following < len(sections) and isinstance(sections[following], Total)
    return following + 1 if isinstance(sections[0], Indicators) and closes else 1


def _in_rows(section: Section) -> bool:
    return isinstance(section, Fields) and section.spec.layout is Layout.ROWS


def _grid(group: Sequence[Section], printer: Printer) -> Grid:
    match group[0]:
        case Indicators() as indicators:
            foot = [part for part in group[1:] if isinstance(part, Fields | Total)]
            return indicator_grid(indicators, printer, foot)
        case Table() as table:
            return _table(table, printer)
        case Total() as total:
            return _lone_total(total, printer)
        case Fields() as fields if fields.spec.layout is Layout.COLUMNS:
            return _field_columns(fields, printer)
        case _:
            return _field_rows([part for part in group if isinstance(part, Fields)], printer)


def _field_rows(sections: Sequence[Fields], printer: Printer) -> Grid:
    """Labels with values, one row each; a section's own label stands before its rows."""
    label = printer.record.label
    told = [(section, _lines(section), _leads(section)) for section in sections]
    leading = any(leads for _, _, leads in told)
    widest = max((len(line) for _, lines, _ in told for line in lines), default=1)
    body: list[GridRow] = []
    for section, lines, leads in told:
        for number, line in enumerate(lines):
            cells: list[GridCell] = []
            if leads and number == 0:
                printed = label(section.spec.printed)
                cells.append(GridCell(printed, "rowgroup", rows=len(lines)))
            for cell in line[:-1]:
                cells += _labelled(cell, 1, printer)
            span = 1 + 2 * (widest - len(line)) + (leading and not leads)
            cells += _labelled(line[-1], span, printer)
            body.append(tuple(cells))
    caption = "、".join(label(section.spec.printed) for section in sections if _leads(section))
    caption = caption or f"{printer.record.title}：填写项"
    return Grid(caption, body=tuple(body), wide=widest > _ABREAST, titled=False)


def _leads(section: Fields) -> bool:
    """Whether the section's own label stands before its rows."""
    return bool(section.spec.key) and section.spec.titled


def _labelled(cell: Cell, span: int, printer: Printer) -> tuple[GridCell, ...]:
    """A field's label and its value; the value alone where the form prints no label."""
    if not cell.spec.titled:
        return (printer.value(cell, columns=span + 1),)
    return GridCell(printer.label(cell.spec), "row"), printer.value(cell, columns=span)


def _lines(section: Fields) -> list[list[Cell]]:
    """The fields of a section, row by row: 并排 puts one beside the field before it."""
    lines: list[list[Cell]] = []
    for cell in section.cells.values():
        if cell.spec.beside and lines:
            lines[-1].append(cell)
        else:
            lines.append([cell])
    return lines


def _field_columns(section: Fields, printer: Printer) -> Grid:
    cells = list(section.cells.values())
    head = printer.head(cell.spec for cell in cells)
    caption = printer.record.label(section.spec.printed)
    body = (tuple(printer.value(cell) for cell in cells),)
    return Grid(caption, head, body, titled=section.spec.titled)


def _lone_total(total: Total, printer: Printer) -> Grid:
    """A row of totals that does not stand under indicators."""
    cells = list(total.cells.values())
    head = printer.head(cell.spec for cell in cells)
    caption = printer.record.label(total.spec.printed)
    return Grid(caption, head, (tuple(printer.value(cell) for cell in cells),))


def _table(table: Table, printer: Printer) -> Grid:
    spec, label = table.spec, printer.record.label
    named = bool(spec.rows)
    head = printer.head(spec.columns, [("", label(spec.corner))] if named else [])
    columns = [
        printer.column(each, [row.cells[each.key] for row in table.rows]) for each in spec.columns
    ]
    if named:
        columns.insert(0, [_name(row) for row in table.rows])
    body: list[GridRow] = list(zip(*columns, strict=True))
    if table.blocks:
        body.extend(_blocks(table.blocks, len(spec.columns) + named, printer))
    wide = len(spec.columns) > 3  # noqa: PLR2004 - a phone's width
    return Grid(label(spec.printed), head, tuple(body), wide=wide, titled=spec.titled)


def _name(row: Row) -> GridCell:
    return GridCell(row.label, "row", classes=(f"gk-d{row.depth}",) if row.depth else ())


def _blocks(blocks: Sequence[Block], width: int, printer: Printer) -> Iterator[GridRow]:
    """Breakdowns side by side, each amount behind its label in one cell."""
    spans = [width // len(blocks)] * len(blocks)
    spans[-1] += width - sum(spans)
    yield tuple(
        GridCell(printer.record.label(block.spec.label or block.spec.key), "colgroup", columns=span)
        for block, span in zip(blocks, spans, strict=True)
    )
    for line in zip_longest(*(list(block.cells.values()) for block in blocks)):
        yield tuple(
            printer.value(cell, columns=span, label=True) if cell else GridCell("", columns=span)
            for cell, span in zip(line, spans, strict=True)
        )
