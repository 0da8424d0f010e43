"""Extraction of fields and tables: the values beside and below their labels."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gongkai.authoring.office.cells import Slot, clean_value, distinct_cells, normalize_label
from gongkai.authoring.office.label_index import Hit, LabelIndex, Leaf, Tree
from gongkai.authoring.office.label_patterns import label_pattern, match_label
from gongkai.authoring.office.sections import SectionLocation
from gongkai.model.forms import fill_placeholders
from gongkai.model.specs import BlockSpec, FieldSpec, FieldsSpec, RowSpec, TableSpec

PLACEHOLDERS = frozenset({"", "……", "…", "...", "......", "(一个项目一行)", "一个项目一行"})
"""Texts that forms print in blank cells."""
NAME_KEY = "名称"
"""Key of the name of a row in an open table."""


def extract_fields(index: LabelIndex, location: SectionLocation, spec: FieldsSpec) -> Tree:
    """Extract labelled values from the cells to the right of their labels."""
    tree: Tree = {}
    labels = index.label_names(
        field_spec for field_spec in spec.printed_fields if field_spec.shows_label
    )
    last_row = location.start - 1
    for field_spec in spec.printed_fields:
        if not field_spec.shows_label:
            tree |= _extract_untitled(index, field_spec, last_row + 1, location.end)
            continue
        hit = next(
            (
                hit
                for hit in index.find_hits(field_spec, location.start, location.end)
                if not index.is_used(hit.slot)
            ),
            None,
        )
        if hit is None:
            tree |= index.take_values(field_spec, None)
            continue
        index.mark_used(hit.slot)
        last_row = max(last_row, hit.row)
        slot = index.cell_right_of(hit)
        is_label = slot is not None and normalize_label(slot.text) in labels
        values = index.take_values(field_spec, None if is_label else slot)
        if not field_spec.blanks:
            leaf = values[field_spec.key]
            values = {field_spec.key: leaf._replace(found=True) if isinstance(leaf, Leaf) else leaf}
        tree |= values
    return tree


def _extract_untitled(index: LabelIndex, spec: FieldSpec, row: int, end: int) -> Tree:
    """Extract a value printed without a label from the first unused cell of its row."""
    if row < end:
        for column, slot in distinct_cells(index.lines[row]):
            if slot is not index.cell_at(row - 1, column) and not index.is_used(slot):
                return index.take_values(spec, slot)
    return index.take_values(spec, None)


def extract_columns(
    index: LabelIndex, location: SectionLocation, specs: Sequence[FieldSpec]
) -> Tree:
    """Extract a row of values below a row of labels."""
    tree: Tree = {}
    for spec in specs:
        tree |= _extract_below(index, spec, location)
    return tree


def _extract_below(index: LabelIndex, spec: FieldSpec, location: SectionLocation) -> Tree:
    """Extract the value below a column label."""
    hit = location.label_hits.get(spec.key)
    if hit is None:
        return index.take_values(spec, None)
    index.mark_used(hit.slot)
    row = max(label.last_row for label in location.label_hits.values()) + 1
    return index.take_values(spec, index.cell_at(row, hit.column) if row < location.end else None)


def extract_table(index: LabelIndex, location: SectionLocation, spec: TableSpec) -> Tree:
    """Extract the rows and columns of a table, then the breakdowns below them."""
    if not spec.rows:
        return extract_columns(index, location, spec.printed_columns)
    for hit in location.label_hits.values():
        index.mark_used(hit.slot)
    rows = _locate_rows(index, location, spec)
    tree: Tree = {}
    for row in spec.rows:
        if row.is_open:
            tree[row.key] = list(_extract_open_rows(index, location, spec, row, rows))
        else:
            tree[row.key] = _extract_row(index, location, spec, row, rows.get(row.key))
    for block in spec.blocks:
        tree[block.key] = _extract_block(index, location, block, spec.blocks)
    return tree


def _locate_rows(index: LabelIndex, location: SectionLocation, spec: TableSpec) -> dict[str, Hit]:
    """Locate the labels of the fixed rows, left of the columns, in the form's order."""
    first_column = min((hit.column for hit in location.label_hits.values()), default=0)
    rows: dict[str, Hit] = {}
    cursor = max((hit.last_row for hit in location.label_hits.values()), default=location.start) + 1
    for row in spec.rows:
        if row.is_open:
            continue
        hits = (
            hit for hit in index.find_hits(row, cursor, location.end) if hit.column < first_column
        )
        hit = next((hit for hit in hits if hit.row >= cursor), None)
        if hit:
            rows[row.key] = hit
            cursor = hit.row + 1
            index.mark_used(hit.slot)
    return rows


def _extract_row(
    index: LabelIndex, location: SectionLocation, table: TableSpec, spec: RowSpec, hit: Hit | None
) -> Tree | Leaf:
    """Extract the values of a row; cells that only repeat what the form prints are left out."""
    if hit is None:
        return Leaf(found=False)
    cells: Tree = {}
    for column in table.printed_columns:
        head = location.label_hits.get(column.key)
        slot = index.cell_at(hit.row, head.column) if head else None
        if head and slot and _continues(index, slot, hit.row, head.column):
            slot = Slot("", slot.place)  # Its value is that of the first row that it covers.
        cells |= index.take_values(column, slot, spec.printed.get(column.key, ""))
    printed = table.printed_texts(spec)
    return {
        key: leaf if leaf.found else leaf._replace(place=hit.slot.place)
        for key, leaf in cells.items()
        if isinstance(leaf, Leaf) and (leaf.text or key not in printed)
    }


def _continues(index: LabelIndex, slot: Slot, row: int, column: int) -> bool:
    """Return whether a cell began in a row above that has taken its value."""
    return index.is_used(slot) and index.cell_at(row - 1, column) is slot


def _extract_open_rows(
    index: LabelIndex,
    location: SectionLocation,
    table: TableSpec,
    spec: RowSpec,
    rows: dict[str, Hit],
) -> Iterator[Tree]:
    """Yield the rows between their fixed neighbours, one for every name."""
    start, end = _open_row_range(table, spec, rows, location)
    first_column = min((hit.column for hit in location.label_hits.values()), default=0)
    for row in range(start, end):
        slot = next(
            (
                slot
                for column, slot in reversed(list(distinct_cells(index.lines[row])))
                if column < first_column and not index.is_used(slot) and slot.text
            ),
            None,
        )
        if slot is None:
            continue
        words = match_label(spec.label, slot.text, index.words) if spec.label else None
        name = words[NAME_KEY] if words and NAME_KEY in words else clean_value(slot.text)
        cells = {
            column.key: index.cell_at(row, hit.column)
            for column in table.printed_columns
            if (hit := location.label_hits.get(column.key))
        }
        if normalize_label(name) in PLACEHOLDERS and not any(
            cell and cell.text for cell in cells.values()
        ):
            continue
        index.mark_printed(slot)  # The form numbers the rows.
        values: Tree = {}
        for column in table.printed_columns:
            values |= index.take_values(column, cells.get(column.key))
        yield {NAME_KEY: Leaf(name, slot.place), **values}


def _open_row_range(
    table: TableSpec, spec: RowSpec, rows: dict[str, Hit], location: SectionLocation
) -> tuple[int, int]:
    """Return the range of lines between the fixed rows before and after an open row."""
    keys = [row.key for row in table.rows]
    position = keys.index(spec.key)
    last_head_row = max(
        (hit.last_row for hit in location.label_hits.values()), default=location.start
    )
    last_row_before = max(
        (rows[key].last_row for key in keys[:position] if key in rows), default=last_head_row
    )
    first_row_after = min(
        (rows[key].row for key in keys[position:] if key in rows), default=location.end
    )
    return last_row_before + 1, max(last_row_before + 1, first_row_after)


def _extract_block(
    index: LabelIndex, location: SectionLocation, spec: BlockSpec, blocks: Sequence[BlockSpec]
) -> Tree:
    """Extract a breakdown; an amount is in the cell of its label or in the next one."""
    names = (
        normalize_label(fill_placeholders(spec.label or spec.key, index.words)),
        normalize_label(spec.key),
    )
    hit = next(
        (
            hit
            for name in names
            for hit in index.hits_by_label.get(name, ())
            if location.start <= hit.row < location.end
        ),
        None,
    )
    if hit is None:
        return {field_spec.key: Leaf(found=False) for field_spec in spec.rows}
    index.mark_used(hit.slot)
    return {
        field_spec.key: _extract_amount(index, location, field_spec, hit, blocks)
        for field_spec in spec.rows
    }


def _extract_amount(
    index: LabelIndex,
    location: SectionLocation,
    spec: FieldSpec,
    head: Hit,
    blocks: Sequence[BlockSpec],
) -> Leaf:
    """Extract one amount of a breakdown."""
    label = label_pattern(printed_label(index, spec))
    for row in range(head.row + 1, location.end):
        for column, slot in distinct_cells(index.lines[row]):
            match = label.match(slot.text.strip())
            if match and head.column <= column <= head.last_column and not index.is_used(slot):
                text = clean_value(slot.text.strip()[match.end() :].lstrip(":：\u3000 "))
                value_slot = _value_beside(index, row, slot, blocks)
                if not text and value_slot is not None:
                    index.mark_used(slot)
                    return index.take_leaf(spec, value_slot)
                index.mark_used(slot)
                return Leaf(text, slot.place)
    return Leaf(found=False)


def printed_label(index: LabelIndex, spec: FieldSpec) -> str:
    """Return the label of a field as the form prints it."""
    return fill_placeholders(spec.label or spec.key, index.words)


def _value_beside(
    index: LabelIndex, row: int, slot: Slot, blocks: Sequence[BlockSpec]
) -> Slot | None:
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
    labels = (label_pattern(printed_label(index, spec)) for block in blocks for spec in block.rows)
    return None if any(label.match(neighbour.text.strip()) for label in labels) else neighbour
