"""The table of indicators: rows with merged cells become a tree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.authoring.office.cells import Slot, bare, only, squeezed, tidy
from gongkai.authoring.office.label_index import Leaf, Tree, Walk
from gongkai.authoring.office.label_patterns import read_back
from gongkai.authoring.office.sections import Found
from gongkai.authoring.office.tables import PLACEHOLDERS
from gongkai.model.specs import FieldSpec, IndicatorsSpec, PresetSpec, braces
from gongkai.model.terms import Role
from gongkai.model.values import Kind
from gongkai.reading.indicators import CHILDREN, GROUP

_NAME = "名称"
_MARKS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_SHARED = frozenset({Role.SCORE, Role.REVIEW_SCORE})
"""What may be merged over several indicators."""
_SILENT = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE})
"""Of these, nothing is written where nothing was filed."""


@dataclass(slots=True)
class _Branch:
    """The indicator at one level to which the rows belong for now."""

    slot: Slot
    tree: Tree
    presets: Sequence[PresetSpec]
    children: list[Tree] = field(default_factory=list)


@dataclass(slots=True)
class _Growing:
    """A tree under way."""

    walk: Walk
    found: Found
    spec: IndicatorsSpec
    columns: Mapping[int, int]
    """The column of each level that was found."""
    roots: list[Tree] = field(default_factory=list)
    path: list[_Branch] = field(default_factory=list)
    shared: dict[int, Tree] = field(default_factory=dict)
    """By the id of a score's cell: the first indicator that has it."""
    groups: int = 0


def take_indicators(walk: Walk, found: Found, spec: IndicatorsSpec) -> list[Tree]:
    """The indicators as a tree."""
    for hit in found.head.values():
        walk.use(hit.slot)
    growing = _Growing(walk, found, spec, _level_columns(found, spec))
    start = max((hit.last_row for hit in found.head.values()), default=found.start) + 1
    for row in range(start, found.end):
        _number(growing, row)
        if only(walk.lines[row]) is None or len(walk.lines[row]) > 1:
            _grow(growing, row)
    return growing.roots


def _number(growing: _Growing, row: int) -> None:
    """The indicators' running number is the form's, and no answer."""
    slot = growing.walk.at(row, growing.columns.get(0, 0) - 1)
    if growing.spec.numbered and slot is not None and slot.text.strip().isdigit():
        growing.walk.use(slot)


def _level_columns(found: Found, spec: IndicatorsSpec) -> dict[int, int]:
    """Where each level stands; one without a heading stands left of the next."""
    known = {
        number: found.head[level.key].column
        for number, level in enumerate(spec.levels)
        if level.key in found.head
    }
    for number in reversed(range(len(spec.levels))):
        if number not in known and known.get(number + 1, 0) > 0:
            known[number] = known[number + 1] - 1
    return known


def _grow(growing: _Growing, row: int) -> None:
    """One row: what is new at each level, from the top down."""
    walk, last = growing.walk, len(growing.spec.levels) - 1
    slots = [walk.at(row, growing.columns.get(level, -1)) for level in range(last + 1)]
    if _repeats_head(growing, slots, row):
        return
    if len({id(slot) for slot in slots if slot}) < sum(slot is not None for slot in slots):
        return  # a cell over several levels: no indicator
    for level in range(last):
        slot = slots[level]
        branch = growing.path[level] if level < len(growing.path) else None
        if branch is not None and (slot is branch.slot or slot is None or not slot.text):
            continue
        if slot is None or bare(slot.text) == "":
            if not _filled_below(growing, slots, row, level):
                return
            slot = slot or Slot("", f"第{row + 1}行")
        del growing.path[level:]
        growing.path.append(_branch(growing, slot, level, row))
    _leaf(growing, slots[last], row)


def _repeats_head(growing: _Growing, slots: Sequence[Slot | None], row: int) -> bool:
    """Whether a row repeats the labels of the levels, as people do at the top of a page."""
    walk = growing.walk
    for level, slot in zip(growing.spec.levels, slots, strict=True):
        if slot is None or bare(slot.text) not in walk.names([level]):
            return False
    for slot in (*slots, *_values(growing, row)):
        walk.use(slot)
    return True


def _filled_below(growing: _Growing, slots: Sequence[Slot | None], row: int, level: int) -> bool:
    """Whether anything is filed in a row below a level that has no name."""
    walk = growing.walk
    names = [slot for slot in slots[level + 1 :] if slot]
    return any(
        bare(slot.text) not in PLACEHOLDERS and not walk.is_used(slot) for slot in names
    ) or any(slot.text and not walk.is_used(slot) for slot in _values(growing, row))


def _values(growing: _Growing, row: int) -> Iterator[Slot]:
    for column in growing.spec.columns:
        hit = growing.found.head.get(column.key)
        slot = growing.walk.at(row, hit.column) if hit else None
        if slot is not None:
            yield slot


def _branch(growing: _Growing, slot: Slot, level: int, row: int) -> _Branch:
    """A new indicator above the last level."""
    spec, walk = growing.spec, growing.walk
    presets = _presets(growing, level)
    tree, preset = _named(growing, slot, level, presets)
    for column in spec.own(level):
        if column.own_column and column.key in growing.found.head:
            cell = walk.at(row, growing.found.head[column.key].column)
            printed = preset.printed.get(column.key, "") if preset else ""
            _put(tree, column, walk.leaf(column, cell, printed))
    below = presets if level < spec.first else preset.children if preset else ()
    branch = _Branch(slot, tree, below)
    _attach(growing, level, tree)
    return branch


def _presets(growing: _Growing, level: int) -> Sequence[PresetSpec]:
    if level <= growing.spec.first:
        return growing.spec.presets
    return growing.path[level - 1].presets if level <= len(growing.path) else ()


def _attach(growing: _Growing, level: int, tree: Tree) -> None:
    if level == 0:
        growing.roots.append(tree)
        return
    parent = growing.path[level - 1]
    parent.children.append(tree)
    parent.tree[CHILDREN] = parent.children


def _named(
    growing: _Growing, slot: Slot, level: int, presets: Sequence[PresetSpec]
) -> tuple[Tree, PresetSpec | None]:
    """An indicator with its name, and what its printed name tells beside (the points)."""
    walk, spec = growing.walk, growing.spec
    walk.use(slot)
    key = spec.levels[level].key
    candidates = presets if level >= spec.first else ()
    general = spec.levels[level].wording
    wordings: list[tuple[str, PresetSpec | None]]
    wordings = [(each.label, each) for each in candidates if each.label]
    wordings += [(general, None)] if general else []
    known = {squeezed(each.name): each for each in candidates}
    for wording, owner in wordings:
        told = read_back(wording, slot.text, walk.words)
        if told is None:
            continue
        name = told.pop(_NAME, owner.name if owner else "")
        preset = owner or known.get(squeezed(name))
        columns = [
            each for each in spec.columns if each.key in told and each.key in braces(wording)
        ]
        tree: Tree = {key: Leaf(preset.name if preset else name, slot.place)}
        tree |= {each.key: Leaf(told[each.key], slot.place) for each in columns}
        return tree, preset
    name = tidy(slot.text)
    preset = known.get(squeezed(name))
    return {key: Leaf(preset.name if preset else name, slot.place, found=bool(name))}, preset


def _leaf(growing: _Growing, slot: Slot | None, row: int) -> None:
    """The indicator of a row; nothing where the row was left blank."""
    walk, spec = growing.walk, growing.spec
    last = len(spec.levels) - 1
    columns = [each for each in spec.own(last) if each.own_column]
    head = growing.found.head
    cells = {each.key: walk.at(row, head[each.key].column) for each in columns if each.key in head}
    blank = slot is None or bare(slot.text) in PLACEHOLDERS
    if blank and not any(each and each.text and not walk.is_used(each) for each in cells.values()):
        return
    if slot is not None and walk.is_used(slot):
        return
    tree, preset = _named(growing, slot or Slot("", ""), last, _presets(growing, last))
    for column in columns:
        cell = cells.get(column.key)
        if cell is not None and column.role in _SHARED and id(cell) in growing.shared:
            _group(growing, growing.shared[id(cell)], tree)
            continue
        if cell is not None and column.role in _SHARED:
            growing.shared[id(cell)] = tree
        printed = preset.printed.get(column.key, "") if preset else ""
        _put(tree, column, walk.leaf(column, cell, printed))
    _attach(growing, last, tree)


def _put(tree: Tree, column: FieldSpec, leaf: Leaf) -> None:
    """A value of an indicator; not where nothing was filed and nothing is asked for."""
    if column.key not in tree and (leaf.text or column.required or column.kind not in _SILENT):
        tree[column.key] = leaf


def _group(growing: _Growing, first: Tree, tree: Tree) -> None:
    """Two indicators that share a score."""
    if GROUP not in first:
        mark = _MARKS[growing.groups % len(_MARKS)]
        first[GROUP] = Leaf(mark * (1 + growing.groups // len(_MARKS)))
        growing.groups += 1
    tree[GROUP] = first[GROUP]
