"""The tree of indicators in a document, read level by level."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from gongkai.model.documents import Cells, Indicators, Node
from gongkai.model.nodes import Mapping as MappingNode
from gongkai.model.nodes import Node as Source
from gongkai.model.nodes import Scalar
from gongkai.model.specs import FieldSpec, IndicatorsSpec, PresetSpec, braces
from gongkai.reading.cells import Columns, Names, Place, Reader

CHILDREN, GROUP = "下级", "得分组"
"""Keys that every indicator may hold."""
_NAME = "名称"
_new: Any = tuple.__new__
"""See sources: there are more indicators than anything else."""
_OWN_KEYS = {True: {GROUP: GROUP}, False: {GROUP: GROUP, CHILDREN: CHILDREN}}
"""By whether the level is the last."""


class _Kind(NamedTuple):
    """What the indicators of one level, or of one preset, have in common."""

    wording: str
    """Their label as printed, with braces."""
    columns: Columns
    own: tuple[FieldSpec, ...]
    """Those of this level."""
    in_name: tuple[FieldSpec, ...]
    """Columns of other levels that the label asks for."""
    names: Names
    """What the data may call the keys."""
    printed: Mapping[str, str]
    """What the form itself prints, by column."""
    below: "_Level | None"
    """None at the last level."""


class _Level(NamedTuple):
    """One level of a tree below one parent."""

    number: int
    key: str
    name: Columns
    """One column, its name."""
    called: Names
    """What the data may call the level."""
    presets: Mapping[str, _Kind]
    """Those that the form prints here, by name."""
    others: _Kind


def read_indicators(
    reader: Reader, spec: IndicatorsSpec, node: Source | None, at: Place
) -> Indicators:
    """A table of indicators as filed."""
    top = reader.wording.plan(spec, lambda: _level(reader, spec, 0, spec.presets))
    items = reader.items(node, spec.key)
    return Indicators(spec, tuple(_nodes(reader, top, items, at)))


def _level(
    reader: Reader, spec: IndicatorsSpec, number: int, presets: Sequence[PresetSpec]
) -> _Level:
    level, block = spec.levels[number], number < spec.first
    kinds = [(each.name, _kind(reader, spec, number, each)) for each in presets if not block]
    return _Level(
        number=number,
        key=level.key,
        name=reader.columns((_name_spec(level.key),)),
        called=reader.names((level,)),
        presets=dict(reversed(kinds)),
        others=_kind(reader, spec, number, None),
    )


def _kind(reader: Reader, spec: IndicatorsSpec, number: int, preset: PresetSpec | None) -> _Kind:
    wording = (preset.label if preset else "") or spec.levels[number].wording
    own, asked = spec.own(number), braces(wording) if "{" in wording else ()
    in_name = tuple(each for each in spec.columns if each.key in asked and each not in own)
    leaf = number + 1 == len(spec.levels)
    children = preset.children if preset else spec.presets if number < spec.first else ()
    return _Kind(
        wording=wording,
        columns=reader.columns(own),
        own=own,
        in_name=in_name,
        names=Names(reader.names((spec.levels[number], *own, *in_name)) | _OWN_KEYS[leaf]),
        printed=preset.printed if preset else {},
        below=None if leaf else _level(reader, spec, number + 1, children),
    )


def _nodes(reader: Reader, level: _Level, items: Iterable[Source], at: Place) -> Iterator[Node]:
    seen: dict[str, int] = {}
    for item in items:
        mapping = reader.mapping(item, level.key)
        if mapping is not None:
            yield _node(reader, level, mapping, at, seen)


def _node(
    reader: Reader, level: _Level, mapping: MappingNode, at: Place, seen: dict[str, int]
) -> Node:
    """One indicator with all below it; `seen` counts the names met beside it."""
    name = _name(level, mapping)
    kind = level.presets.get(name, level.others)
    times = seen[name] = seen.get(name, 0) + 1
    here = at.below(f"{name}（第{times}项）" if times > 1 else name, mapping)

    found, columns = reader.known(mapping, kind.names), kind.columns
    if kind.in_name:
        also = (each for each in kind.in_name if each.key in found)
        columns = reader.columns((*kind.own, *also))
    cells = reader.cells(columns, found, here, kind.printed)
    children = reader.items(found.get(CHILDREN), CHILDREN) if kind.below else ()
    own, group, wording = reader.cell(level.name, found, here), found.get(GROUP), kind.wording
    label = _printed(reader, wording, name, cells) if "{" in wording else wording or name
    below = tuple(_nodes(reader, kind.below, children, here)) if kind.below and children else ()
    shared = group.text if isinstance(group, Scalar) else ""
    node: Node = _new(Node, (own, level.number, label, cells, below, shared))
    return node


def _name(level: _Level, mapping: MappingNode) -> str:
    """What is filed as the name of an indicator."""
    for key, value in mapping.values.items():
        if key in level.called and isinstance(value, Scalar):
            return value[0]
    return ""


@cache
def _name_spec(key: str) -> FieldSpec:
    return FieldSpec.model_validate({"键": key, "必填": "是"})


def _printed(reader: Reader, wording: str, name: str, cells: Cells) -> str:
    """An indicator's name as printed; the name alone where what its label shows is not filed."""
    words = {key: cell.filed for key, cell in cells.items() if cell.filed} | {_NAME: name}
    label = reader.label(wording, **words)
    return name if "{" in label and braces(label) else label or name
