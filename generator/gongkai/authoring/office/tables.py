"""Fields and tables: the values beside and below their labels."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gongkai.authoring.office.cells import Slot, bare, distinct, tidy
from gongkai.authoring.office.label_index import Hit, Leaf, Tree, Walk
from gongkai.authoring.office.label_patterns import loose, read_back
from gongkai.authoring.office.sections import Found
from gongkai.model.forms import filled
from gongkai.model.specs import BlockSpec, FieldSpec, FieldsSpec, RowSpec, TableSpec

PLACEHOLDERS = frozenset({"", "……", "…", "...", "......", "(一个项目一行)", "一个项目一行"})
"""What forms print where nothing was filled in."""
NAME = "名称"


def take_fields(walk: Walk, found: Found, spec: FieldsSpec) -> Tree:
    """Labels with the values to the right of them."""
    tree: Tree = {}
    labels = walk.names(each for each in spec.fields if each.titled)
    last = found.start - 1
    for each in spec.fields:
        if not each.titled:
            tree[each.key] = _untitled(walk, each, last + 1, found.end)
            continue
        hit = next(
            (hit for hit in walk.hits(each, found.start, found.end) if not walk.is_used(hit.slot)),
            None,
        )
        if hit is None:
            tree[each.key] = Leaf(found=False)
            continue
        walk.use(hit.slot)
        last = max(last, hit.row)
        slot = walk.right_of(hit)
        beside = slot is not None and bare(slot.text) in labels
        tree[each.key] = walk.leaf(each, None if beside else slot)._replace(found=True)
    return tree


def _untitled(walk: Walk, spec: FieldSpec, row: int, end: int) -> Leaf:
    """A value that the form prints without a label: the first free cell of its row."""
    if row < end:
        for column, slot in distinct(walk.lines[row]):
            if slot is not walk.at(row - 1, column) and not walk.is_used(slot):
                return walk.leaf(spec, slot)
    return Leaf(found=False)


def take_columns(walk: Walk, found: Found, specs: Sequence[FieldSpec]) -> Tree:
    """A row of values below a row of labels."""
    return {each.key: _below(walk, each, found) for each in specs}


def _below(walk: Walk, spec: FieldSpec, found: Found) -> Leaf:
    hit = found.head.get(spec.key)
    if hit is None:
        return Leaf(found=False)
    walk.use(hit.slot)
    row = max(each.last_row for each in found.head.values()) + 1
    return walk.leaf(spec, walk.at(row, hit.column) if row < found.end else None)


def take_table(walk: Walk, found: Found, spec: TableSpec) -> Tree:
    """Rows and columns, then the breakdowns below them."""
    if not spec.rows:
        return take_columns(walk, found, spec.columns)
    for hit in found.head.values():
        walk.use(hit.slot)
    rows = _rows(walk, found, spec)
    tree: Tree = {}
    for each in spec.rows:
        if each.open:
            tree[each.key] = list(_open(walk, found, spec, each, rows))
        else:
            tree[each.key] = _row(walk, found, spec, each, rows.get(each.key))
    for block in spec.blocks:
        tree[block.key] = _block(walk, found, block, spec.blocks)
    return tree


def _rows(walk: Walk, found: Found, spec: TableSpec) -> dict[str, Hit]:
    """Where the labels of the fixed rows stand, left of the columns, in the form's order."""
    left = min((hit.column for hit in found.head.values()), default=0)
    rows: dict[str, Hit] = {}
    cursor = max((hit.last_row for hit in found.head.values()), default=found.start) + 1
    for each in spec.rows:
        if each.open:
            continue
        hits = (hit for hit in walk.hits(each, cursor, found.end) if hit.column < left)
        hit = next((hit for hit in hits if hit.row >= cursor), None)
        if hit:
            rows[each.key] = hit
            cursor = hit.row + 1
            walk.use(hit.slot)
    return rows


def _row(walk: Walk, found: Found, table: TableSpec, spec: RowSpec, hit: Hit | None) -> Tree | Leaf:
    """A row's values; what the form itself prints in it is left out."""
    if hit is None:
        return Leaf(found=False)
    cells = {each.key: _cell(walk, found, each, hit.row, spec) for each in table.columns}
    return {
        key: leaf if leaf.found else leaf._replace(place=hit.slot.place)
        for key, leaf in cells.items()
        if leaf.text or key not in spec.printed
    }


def _cell(walk: Walk, found: Found, column: FieldSpec, row: int, spec: RowSpec) -> Leaf:
    head = found.head.get(column.key)
    slot = walk.at(row, head.column) if head else None
    return walk.leaf(column, slot, spec.printed.get(column.key, ""))


def _open(
    walk: Walk, found: Found, table: TableSpec, spec: RowSpec, rows: dict[str, Hit]
) -> Iterator[Tree]:
    """The rows between their fixed neighbours: one for each thing that is named."""
    start, end = _between(table, spec, rows, found)
    left = min((hit.column for hit in found.head.values()), default=0)
    for row in range(start, end):
        slot = next(
            (
                each
                for column, each in reversed(list(distinct(walk.lines[row])))
                if column < left and not walk.is_used(each) and each.text
            ),
            None,
        )
        if slot is None:
            continue
        told = read_back(spec.label, slot.text, walk.words) if spec.label else None
        name = told[NAME] if told and NAME in told else tidy(slot.text)
        cells = {
            each.key: walk.at(row, hit.column)
            for each in table.columns
            if (hit := found.head.get(each.key))
        }
        if bare(name) in PLACEHOLDERS and not any(each and each.text for each in cells.values()):
            continue
        walk.use(slot)
        values = {each.key: walk.leaf(each, cells.get(each.key)) for each in table.columns}
        yield {NAME: Leaf(name, slot.place), **values}


def _between(
    table: TableSpec, spec: RowSpec, rows: dict[str, Hit], found: Found
) -> tuple[int, int]:
    """The lines between the fixed rows before and after an open one."""
    keys = [each.key for each in table.rows]
    place = keys.index(spec.key)
    head = max((hit.last_row for hit in found.head.values()), default=found.start)
    before = max((rows[key].last_row for key in keys[:place] if key in rows), default=head)
    after = min((rows[key].row for key in keys[place:] if key in rows), default=found.end)
    return before + 1, max(before + 1, after)


def _block(walk: Walk, found: Found, spec: BlockSpec, every: Sequence[BlockSpec]) -> Tree:
    """A breakdown: each amount stands behind its label, in the same cell or the next."""
    heads = (bare(filled(spec.label or spec.key, walk.words)), bare(spec.key))
    hit = next(
        (
            hit
            for name in heads
            for hit in walk.index.get(name, ())
            if found.start <= hit.row < found.end
        ),
        None,
    )
    if hit is None:
        return {each.key: Leaf(found=False) for each in spec.rows}
    walk.use(hit.slot)
    return {each.key: _amount(walk, found, each, hit, every) for each in spec.rows}


def _amount(
    walk: Walk, found: Found, spec: FieldSpec, head: Hit, every: Sequence[BlockSpec]
) -> Leaf:
    label = loose(walk_label(walk, spec))
    for row in range(head.row + 1, found.end):
        for column, slot in distinct(walk.lines[row]):
            match = label.match(slot.text.strip())
            if match and head.column <= column <= head.last_column and not walk.is_used(slot):
                rest = tidy(slot.text.strip()[match.end() :].lstrip(":：\u3000 "))
                beside = _beside(walk, row, slot, every)
                if not rest and beside is not None:
                    walk.use(slot)
                    return walk.leaf(spec, beside)
                walk.use(slot)
                return Leaf(rest, slot.place)
    return Leaf(found=False)


def walk_label(walk: Walk, spec: FieldSpec) -> str:
    """A field's label as the form prints it."""
    return filled(spec.label or spec.key, walk.words)


def _beside(walk: Walk, row: int, slot: Slot, every: Sequence[BlockSpec]) -> Slot | None:
    """The cell to the right, unless it is the next label."""
    after = (
        each
        for left, right in pairwise(walk.lines[row])
        for each in [right]
        if left is slot and right is not slot
    )
    found = next(after, None)
    if found is None or walk.is_used(found):
        return None
    labels = (loose(walk_label(walk, each)) for block in every for each in block.rows)
    return None if any(label.match(found.text.strip()) for label in labels) else found
