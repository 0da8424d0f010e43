"""Extraction of the indicator table: rows with merged cells become a tree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.authoring.office.cells import (
    Slot,
    clean_value,
    normalize_label,
    only_cell,
    remove_whitespace,
)
from gongkai.authoring.office.label_index import LabelIndex, Leaf, Tree
from gongkai.authoring.office.label_patterns import match_label
from gongkai.authoring.office.sections import SectionLocation
from gongkai.authoring.office.tables import PLACEHOLDERS
from gongkai.model.specs import FieldSpec, IndicatorsSpec, PresetSpec, placeholder_names
from gongkai.model.terms import Role
from gongkai.model.values import Kind
from gongkai.reading.form_plan import CHILDREN_KEY, SCORE_GROUP_KEY

_NAME_KEY = "名称"
_GROUP_NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_MERGEABLE_ROLES = frozenset({Role.POINTS, Role.SCORE, Role.REVIEW_SCORE})
"""Columns whose cells may be merged over several indicators."""
_OPTIONAL_KINDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE})
"""Kinds of optional fields that are left out of the YAML if blank."""


@dataclass(slots=True)
class _Branch:
    """The current indicator of one level; the following rows belong to it."""

    slot: Slot
    tree: Tree
    presets: Sequence[PresetSpec]
    children: list[Tree] = field(default_factory=list)


@dataclass(slots=True)
class _TreeBuilder:
    """An indicator tree under construction."""

    index: LabelIndex
    location: SectionLocation
    spec: IndicatorsSpec
    columns: Mapping[int, int]
    """Column by level; levels that were not found are absent."""
    roots: list[Tree] = field(default_factory=list)
    path: list[_Branch] = field(default_factory=list)
    """The current branches, from the first level down."""
    shared: dict[Slot, Tree] = field(default_factory=dict)
    """The first indicator with a cell of points or a score, by the cell."""
    groups: int = 0
    """Number of score groups so far."""


def extract_indicators(
    index: LabelIndex, location: SectionLocation, spec: IndicatorsSpec
) -> list[Tree]:
    """Extract the indicators as a tree."""
    for hit in location.label_hits.values():
        index.mark_used(hit.slot)
    builder = _TreeBuilder(index, location, spec, _level_columns(location, spec))
    start = max((hit.last_row for hit in location.label_hits.values()), default=location.start) + 1
    for row in range(start, location.end):
        _use_number(builder, row)
        if only_cell(index.lines[row]) is None or len(index.lines[row]) > 1:
            _add_row(builder, row)
    return builder.roots


def _use_number(builder: _TreeBuilder, row: int) -> None:
    """Mark the preprinted running number of a row as used."""
    slot = builder.index.cell_at(row, builder.columns.get(0, 0) - 1)
    if builder.spec.numbered and slot is not None and slot.text.strip().isdigit():
        builder.index.mark_printed(slot)


def _level_columns(location: SectionLocation, spec: IndicatorsSpec) -> dict[int, int]:
    """Return the column of every level; a level without a heading is left of the next one."""
    columns = {
        position: location.label_hits[level.key].column
        for position, level in enumerate(spec.levels)
        if level.key in location.label_hits
    }
    for position in reversed(range(len(spec.levels))):
        width = 1 + len(spec.columns_beside_levels[position])
        if position not in columns and columns.get(position + 1, 0) >= width:
            columns[position] = columns[position + 1] - width
    return columns


def _add_row(builder: _TreeBuilder, row: int) -> None:
    """Add the indicators that begin in a row, from the first level down."""
    index, last = builder.index, len(builder.spec.levels) - 1
    slots = [index.cell_at(row, builder.columns.get(level, -1)) for level in range(last + 1)]
    if _is_repeated_head(builder, slots, row):
        return
    if len({slot for slot in slots if slot}) < sum(slot is not None for slot in slots):
        return  # A cell merged over several levels is no indicator.
    for level in range(last):
        slot = slots[level]
        branch = builder.path[level] if level < len(builder.path) else None
        if branch is not None and (slot is branch.slot or slot is None or not slot.text):
            continue
        if slot is None or normalize_label(slot.text) == "":
            if not _filled_below(builder, slots, row, level):
                return
            slot = slot or Slot("", f"第{row + 1}行")
        del builder.path[level:]
        builder.path.append(_build_branch(builder, slot, level, row))
    _add_leaf(builder, slots[last], row)


def _is_repeated_head(builder: _TreeBuilder, slots: Sequence[Slot | None], row: int) -> bool:
    """Return whether a row repeats the level labels, as at the top of a printed page."""
    index = builder.index
    for level, slot in zip(builder.spec.levels, slots, strict=True):
        if slot is None or normalize_label(slot.text) not in index.label_names([level]):
            return False
    for slot in (*slots, *_value_cells(builder, row)):
        index.mark_used(slot)
    return True


def _filled_below(
    builder: _TreeBuilder, slots: Sequence[Slot | None], row: int, level: int
) -> bool:
    """Return whether a row holds anything below a level that has no name."""
    index = builder.index
    name_slots = [slot for slot in slots[level + 1 :] if slot]
    return any(
        normalize_label(slot.text) not in PLACEHOLDERS and not index.is_used(slot)
        for slot in name_slots
    ) or any(slot.text and not index.is_used(slot) for slot in _value_cells(builder, row))


def _value_cells(builder: _TreeBuilder, row: int) -> Iterator[Slot]:
    """Yield the cells of a row in the value columns."""
    for column in builder.spec.columns:
        hit = builder.location.label_hits.get(column.key)
        slot = builder.index.cell_at(row, hit.column) if hit else None
        if slot is not None:
            yield slot


def _build_branch(builder: _TreeBuilder, slot: Slot, level: int, row: int) -> _Branch:
    """Build an indicator above the last level."""
    spec, index = builder.spec, builder.index
    presets = _presets_at(builder, level)
    tree, preset = _parse_name(builder, slot, level, presets)
    for column in spec.level_columns(level):
        if column.has_own_column and column.key in builder.location.label_hits:
            cell = index.cell_at(row, builder.location.label_hits[column.key].column)
            printed = preset.printed.get(column.key, "") if preset else ""
            _set_value(tree, column, index.take_leaf(column, cell, printed))
    child_presets = presets if level < spec.first_level else preset.children if preset else ()
    branch = _Branch(slot, tree, child_presets)
    _attach(builder, level, tree)
    return branch


def _presets_at(builder: _TreeBuilder, level: int) -> Sequence[PresetSpec]:
    """Return the preprinted indicators that may occur at a level."""
    if level <= builder.spec.first_level:
        return builder.spec.presets
    return builder.path[level - 1].presets if level <= len(builder.path) else ()


def _attach(builder: _TreeBuilder, level: int, tree: Tree) -> None:
    """Add an indicator to its parent, or to the roots."""
    if level == 0:
        builder.roots.append(tree)
        return
    parent = builder.path[level - 1]
    parent.children.append(tree)
    parent.tree[CHILDREN_KEY] = parent.children


def _parse_name(
    builder: _TreeBuilder, slot: Slot, level: int, presets: Sequence[PresetSpec]
) -> tuple[Tree, PresetSpec | None]:
    """Split a printed name into the indicator's name and its other values (the points)."""
    index, spec = builder.index, builder.spec
    index.mark_used(slot)
    key = spec.levels[level].key
    candidates = presets if level >= spec.first_level else ()
    default_wording = spec.levels[level].name_format
    wordings: list[tuple[str, PresetSpec | None]]
    wordings = [(preset.label, preset) for preset in candidates if preset.label]
    wordings += [(default_wording, None)] if default_wording else []
    presets_by_name = {remove_whitespace(preset.name): preset for preset in candidates}
    for wording, wording_preset in wordings:
        values = match_label(wording, slot.text, index.words)
        if values is None:
            continue
        name = values.pop(_NAME_KEY, wording_preset.name if wording_preset else "")
        preset = wording_preset or presets_by_name.get(remove_whitespace(name))
        columns = [
            column
            for column in spec.columns
            if column.key in values and column.key in placeholder_names(wording)
        ]
        tree: Tree = {key: Leaf(preset.name if preset else name, slot.place)}
        tree |= {column.key: Leaf(values[column.key], slot.place) for column in columns}
        return tree, preset
    name = clean_value(slot.text)
    preset = presets_by_name.get(remove_whitespace(name))
    return {key: Leaf(preset.name if preset else name, slot.place, found=bool(name))}, preset


def _add_leaf(builder: _TreeBuilder, slot: Slot | None, row: int) -> None:
    """Add the indicator of a row, unless the row was left blank."""
    index, spec = builder.index, builder.spec
    last = len(spec.levels) - 1
    columns = [column for column in spec.level_columns(last) if column.has_own_column]
    labels = builder.location.label_hits
    cells = {
        column.key: index.cell_at(row, labels[column.key].column)
        for column in columns
        if column.key in labels
    }
    is_blank = slot is None or normalize_label(slot.text) in PLACEHOLDERS
    if is_blank and not any(
        cell and cell.text and not index.is_used(cell) for cell in cells.values()
    ):
        return
    if slot is not None and index.is_used(slot):
        return
    tree, preset = _parse_name(builder, slot or Slot("", ""), last, _presets_at(builder, last))
    for column in columns:
        cell = cells.get(column.key)
        if cell is not None and column.role in _MERGEABLE_ROLES and cell in builder.shared:
            _share_score(builder, builder.shared[cell], tree)
            continue
        if cell is not None and column.role in _MERGEABLE_ROLES:
            builder.shared[cell] = tree
        printed = preset.printed.get(column.key, "") if preset else ""
        _set_value(tree, column, index.take_leaf(column, cell, printed))
    if SCORE_GROUP_KEY in tree:
        tree[SCORE_GROUP_KEY] = tree.pop(SCORE_GROUP_KEY)  # Below the values.
    _attach(builder, last, tree)


def _set_value(tree: Tree, column: FieldSpec, leaf: Leaf) -> None:
    """Set a value of an indicator; optional texts that were left blank are not set."""
    if column.key not in tree and (
        leaf.text or column.required or column.kind not in _OPTIONAL_KINDS
    ):
        tree[column.key] = leaf


def _share_score(builder: _TreeBuilder, first: Tree, tree: Tree) -> None:
    """Put two indicators that share one merged cell of points or a score into the same group."""
    if SCORE_GROUP_KEY not in first:
        name = _GROUP_NAMES[builder.groups % len(_GROUP_NAMES)]
        first[SCORE_GROUP_KEY] = Leaf(name * (1 + builder.groups // len(_GROUP_NAMES)))
        builder.groups += 1
    tree[SCORE_GROUP_KEY] = first[SCORE_GROUP_KEY]
