"""Extraction of fields and tables: the values beside and below their labels."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gongkai.authoring.office.cells import Slot, bare, distinct, tidy
from gongkai.authoring.office.label_index import Hit, Leaf, Tree, Walk
from gongkai.authoring.office.label_patterns import loose, read_back
from gongkai.authoring.office.sections import Found
from gongkai.model.forms import filled
from gongkai.model.specs import BlockSpec, FieldSpec, FieldsSpec, RowSpec, TableSpec

PLACEHOLDERS = frozenset({"", "……", "…", "...", "......", "(一个项目一行)", "一个项目一行"})
"""Texts that forms print in blank cells."""
NAME = "名称"
"""Key of the name of a row in an open table."""


def take_fields(index: Walk, location: Found, spec: FieldsSpec) -> Tree:
    """Extract labelled values from the cells to the right of their labels."""
    tree: Tree = {}
    labels = index.names(field_spec for field_spec in spec.fields if field_spec.titled)
    last_row = location.start - 1
    for field_spec in spec.fields:
        if not field_spec.titled:
            tree[field_spec.key] = _extract_untitled(index, field_spec, last_row + 1, location.end)
            continue
        hit = next(
            (
                hit
                for hit in index.hits(field_spec, location.start, location.end)
                if not index.is_used(hit.slot)
            ),
            None,
        )
        if hit is None:
            tree[field_spec.key] = Leaf(found=False)
            continue
        index.use(hit.slot)
        last_row = max(last_row, hit.row)
        slot = index.right_of(hit)
        is_label = slot is not None and bare(slot.text) in labels
        tree[field_spec.key] = index.leaf(field_spec, None if is_label else slot)._replace(
            found=True
        )
    return tree


def _extract_untitled(index: Walk, spec: FieldSpec, row: int, end: int) -> Leaf:
    """Extract a value printed without a label from the first unused cell of its row."""
    if row < end:
        for column, slot in distinct(index.lines[row]):
            if slot is not index.at(row - 1, column) and not index.is_used(slot):
                return index.leaf(spec, slot)
    return Leaf(found=False)


def take_columns(index: Walk, location: Found, specs: Sequence[FieldSpec]) -> Tree:
    """Extract a row of values below a row of labels."""
    return {spec.key: _extract_below(index, spec, location) for spec in specs}


def _extract_below(index: Walk, spec: FieldSpec, location: Found) -> Leaf:
    """Extract the value below a column label."""
    hit = location.head.get(spec.key)
    if hit is None:
        return Leaf(found=False)
    index.use(hit.slot)
    row = max(label.last_row for label in location.head.values()) + 1
    return index.leaf(spec, index.at(row, hit.column) if row < location.end else None)


def take_table(index: Walk, location: Found, spec: TableSpec) -> Tree:
    """Extract the rows and columns of a table, then the breakdowns below them."""
    if not spec.rows:
        return take_columns(index, location, spec.columns)
    for hit in location.head.values():
        index.use(hit.slot)
    rows = _locate_rows(index, location, spec)
    tree: Tree = {}
    for row in spec.rows:
        if row.open:
            tree[row.key] = list(_extract_open_rows(index, location, spec, row, rows))
        else:
            tree[row.key] = _extract_row(index, location, spec, row, rows.get(row.key))
    for block in spec.blocks:
        tree[block.key] = _extract_block(index, location, block, spec.blocks)
    return tree


def _locate_rows(index: Walk, location: Found, spec: TableSpec) -> dict[str, Hit]:
    """Locate the labels of the fixed rows, left of the columns, in the form's order."""
    first_column = min((hit.column for hit in location.head.values()), default=0)
    rows: dict[str, Hit] = {}
    cursor = max((hit.last_row for hit in location.head.values()), default=location.start) + 1
    for row in spec.rows:
        if row.open:
            continue
        hits = (hit for hit in index.hits(row, cursor, location.end) if hit.column < first_column)
        hit = next((hit for hit in hits if hit.row >= cursor), None)
        if hit:
            rows[row.key] = hit
            cursor = hit.row + 1
            index.use(hit.slot)
    return rows


def _extract_row(
    index: Walk, location: Found, table: TableSpec, spec: RowSpec, hit: Hit | None
) -> Tree | Leaf:
    """Extract the values of a row; cells that only repeat what the form prints are left out."""
    if hit is None:
        return Leaf(found=False)
    cells = {
        column.key: _extract_cell(index, location, column, hit.row, spec)
        for column in table.columns
    }
    return {
        key: leaf if leaf.found else leaf._replace(place=hit.slot.place)
        for key, leaf in cells.items()
        if leaf.text or key not in spec.printed
    }


def _extract_cell(index: Walk, location: Found, column: FieldSpec, row: int, spec: RowSpec) -> Leaf:
    """Extract the value in a row and column."""
    head = location.head.get(column.key)
    slot = index.at(row, head.column) if head else None
    return index.leaf(column, slot, spec.printed.get(column.key, ""))


def _extract_open_rows(
    index: Walk, location: Found, table: TableSpec, spec: RowSpec, rows: dict[str, Hit]
) -> Iterator[Tree]:
    """Yield the rows between their fixed neighbours, one for every name."""
    start, end = _open_row_range(table, spec, rows, location)
    first_column = min((hit.column for hit in location.head.values()), default=0)
    for row in range(start, end):
        slot = next(
            (
                slot
                for column, slot in reversed(list(distinct(index.lines[row])))
                if column < first_column and not index.is_used(slot) and slot.text
            ),
            None,
        )
        if slot is None:
            continue
        words = read_back(spec.label, slot.text, index.words) if spec.label else None
        name = words[NAME] if words and NAME in words else tidy(slot.text)
        cells = {
            column.key: index.at(row, hit.column)
            for column in table.columns
            if (hit := location.head.get(column.key))
        }
        if bare(name) in PLACEHOLDERS and not any(cell and cell.text for cell in cells.values()):
            continue
        index.use(slot)
        values = {column.key: index.leaf(column, cells.get(column.key)) for column in table.columns}
        yield {NAME: Leaf(name, slot.place), **values}


def _open_row_range(
    table: TableSpec, spec: RowSpec, rows: dict[str, Hit], location: Found
) -> tuple[int, int]:
    """Return the range of lines between the fixed rows before and after an open row."""
    keys = [row.key for row in table.rows]
    position = keys.index(spec.key)
    last_head_row = max((hit.last_row for hit in location.head.values()), default=location.start)
    last_row_before = max(
        (rows[key].last_row for key in keys[:position] if key in rows), default=last_head_row
    )
    first_row_after = min(
        (rows[key].row for key in keys[position:] if key in rows), default=location.end
    )
    return last_row_before + 1, max(last_row_before + 1, first_row_after)


def _extract_block(
    index: Walk, location: Found, spec: BlockSpec, blocks: Sequence[BlockSpec]
) -> Tree:
    """Extract a breakdown; an amount is in the cell of its label or in the next one."""
    names = (bare(filled(spec.label or spec.key, index.words)), bare(spec.key))
    hit = next(
        (
            hit
            for name in names
            for hit in index.index.get(name, ())
            if location.start <= hit.row < location.end
        ),
        None,
    )
    if hit is None:
        return {field_spec.key: Leaf(found=False) for field_spec in spec.rows}
    index.use(hit.slot)
    return {
        field_spec.key: _extract_amount(index, location, field_spec, hit, blocks)
        for field_spec in spec.rows
    }


def _extract_amount(
    index: Walk, location: Found, spec: FieldSpec, head: Hit, blocks: Sequence[BlockSpec]
) -> Leaf:
    """Extract one amount of a breakdown."""
    label = loose(walk_label(index, spec))
    for row in range(head.row + 1, location.end):
        for column, slot in distinct(index.lines[row]):
            match = label.match(slot.text.strip())
            if match and head.column <= column <= head.last_column and not index.is_used(slot):
                text = tidy(slot.text.strip()[match.end() :].lstrip(":：\u3000 "))
                value_slot = _value_beside(index, row, slot, blocks)
                if not text and value_slot is not None:
                    index.use(slot)
                    return index.leaf(spec, value_slot)
                index.use(slot)
                return Leaf(text, slot.place)
    return Leaf(found=False)


def walk_label(index: Walk, spec: FieldSpec) -> str:
    """Return the label of a field as the form prints it."""
    return filled(spec.label or spec.key, index.words)


def _value_beside(index: Walk, row: int, slot: Slot, blocks: Sequence[BlockSpec]) -> Slot | None:
    """Return the cell to the right of a label, unless it is the next label."""
    right_cells = (
        cell
        for left, right in pairwise(index.lines[row])
        for cell in [right]
        if left is slot and right is not slot
    )
    neighbour = next(right_cells, None)
    if neighbour is None or index.is_used(neighbour):
        return None
    labels = (loose(walk_label(index, spec)) for block in blocks for spec in block.rows)
    return None if any(label.match(neighbour.text.strip()) for label in labels) else neighbour
