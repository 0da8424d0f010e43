"""Reader for the indicator tree (指标表) of a document, level by level."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from gongkai.model.documents import Cells, Indicator, IndicatorTable
from gongkai.model.nodes import MappingNode, Node, ScalarNode
from gongkai.model.specs import FieldSpec, IndicatorsSpec, PresetSpec, placeholder_names
from gongkai.reading.cells import ColumnPlan, DocumentReader, KeyNames, Location

CHILDREN_KEY, SCORE_GROUP_KEY = "下级", "得分组"
"""Keys that every indicator may have."""
_NAME = "名称"
_new: Any = tuple.__new__
"""Builds a named tuple in half the time of its class."""
_OWN_KEYS = {
    True: {SCORE_GROUP_KEY: SCORE_GROUP_KEY},
    False: {SCORE_GROUP_KEY: SCORE_GROUP_KEY, CHILDREN_KEY: CHILDREN_KEY},
}
"""Keys by whether the level is the last."""


class _IndicatorPlan(NamedTuple):
    """How the indicators of a level, or of one preset, are read."""

    label: str
    """Template of the printed label, with placeholders in braces."""
    columns: ColumnPlan
    own: tuple[FieldSpec, ...]
    """The columns of this level."""
    in_label: tuple[FieldSpec, ...]
    """Columns of other levels that the label contains as placeholders."""
    names: KeyNames
    """Allowed names of the keys."""
    printed: Mapping[str, str]
    """Words that the form itself prints, by column."""
    below: "_LevelPlan | None"
    """The next level; None at the last."""


class _LevelPlan(NamedTuple):
    """How a level of the tree is read below one parent."""

    number: int
    key: str
    name: ColumnPlan
    """The single column that holds the indicator's name."""
    level_names: KeyNames
    """Allowed names of the level's key."""
    presets: Mapping[str, _IndicatorPlan]
    """Plans of the indicators that the form prints here, by name."""
    others: _IndicatorPlan
    """Plan of all other indicators."""


def read_indicators(
    reader: DocumentReader, spec: IndicatorsSpec, node: Node | None, location: Location
) -> IndicatorTable:
    """Return the indicator table as filed."""
    plan = reader.context.plan(spec, lambda: _plan_level(reader, spec, 0, spec.presets))
    items = reader.items(node, spec.key)
    return IndicatorTable(spec, tuple(_read_level(reader, plan, items, location)))


def _plan_level(
    reader: DocumentReader, spec: IndicatorsSpec, number: int, presets: Sequence[PresetSpec]
) -> _LevelPlan:
    level, is_block = spec.levels[number], number < spec.first_level
    plans = [
        (preset.name, _plan_indicators(reader, spec, number, preset))
        for preset in presets
        if not is_block
    ]
    return _LevelPlan(
        number=number,
        key=level.key,
        name=reader.columns((_name_spec(level.key),)),
        level_names=reader.names((level,)),
        presets=dict(reversed(plans)),
        others=_plan_indicators(reader, spec, number, None),
    )


def _plan_indicators(
    reader: DocumentReader, spec: IndicatorsSpec, number: int, preset: PresetSpec | None
) -> _IndicatorPlan:
    template = (preset.label if preset else "") or spec.levels[number].name_format
    own, placeholders = (
        spec.level_columns(number),
        placeholder_names(template) if "{" in template else (),
    )
    in_label = tuple(
        column for column in spec.columns if column.key in placeholders and column not in own
    )
    is_leaf = number + 1 == len(spec.levels)
    children = preset.children if preset else spec.presets if number < spec.first_level else ()
    return _IndicatorPlan(
        label=template,
        columns=reader.columns(own),
        own=own,
        in_label=in_label,
        names=KeyNames(reader.names((spec.levels[number], *own, *in_label)) | _OWN_KEYS[is_leaf]),
        printed=preset.printed if preset else {},
        below=None if is_leaf else _plan_level(reader, spec, number + 1, children),
    )


def _read_level(
    reader: DocumentReader, level: _LevelPlan, nodes: Iterable[Node], location: Location
) -> Iterator[Indicator]:
    seen: dict[str, int] = {}
    for node in nodes:
        mapping = reader.mapping(node, level.key)
        if mapping is not None:
            yield _read_indicator(reader, level, mapping, location, seen)


def _read_indicator(
    reader: DocumentReader,
    level: _LevelPlan,
    mapping: MappingNode,
    parent: Location,
    seen: dict[str, int],
) -> Indicator:
    """Return an indicator with its subtree; `seen` counts names among its siblings."""
    name = _filed_name(level, mapping)
    plan = level.presets.get(name, level.others)
    count = seen[name] = seen.get(name, 0) + 1
    location = parent.below(f"{name}（第{count}项）" if count > 1 else name, mapping)

    nodes, columns = reader.nodes_by_key(mapping, plan.names), plan.columns
    if plan.in_label:
        filed = (column for column in plan.in_label if column.key in nodes)
        columns = reader.columns((*plan.own, *filed))
    cells = reader.cells(columns, nodes, location, plan.printed)
    items = reader.items(nodes.get(CHILDREN_KEY), CHILDREN_KEY) if plan.below else ()
    name_cell = reader.cell(level.name, nodes, location)
    group, template = nodes.get(SCORE_GROUP_KEY), plan.label
    label = _printed_label(reader, template, name, cells) if "{" in template else template or name
    children = (
        tuple(_read_level(reader, plan.below, items, location)) if plan.below and items else ()
    )
    score_group = group.text if isinstance(group, ScalarNode) else ""
    indicator: Indicator = _new(
        Indicator, (name_cell, level.number, label, cells, children, score_group)
    )
    return indicator


def _filed_name(level: _LevelPlan, mapping: MappingNode) -> str:
    """Return the filed name of an indicator."""
    for key, value in mapping.values.items():
        if key in level.level_names and isinstance(value, ScalarNode):
            return value[0]
    return ""


@cache
def _name_spec(key: str) -> FieldSpec:
    return FieldSpec.model_validate({"键": key, "必填": "是"})


def _printed_label(reader: DocumentReader, template: str, name: str, cells: Cells) -> str:
    """Return the printed label; the name alone if a placeholder's value is not filed."""
    words = {key: cell.filed for key, cell in cells.items() if cell.filed} | {_NAME: name}
    label = reader.label(template, **words)
    return name if "{" in label and placeholder_names(label) else label or name
