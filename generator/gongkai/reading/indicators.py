"""Reader for the indicator tree (指标表) of a document, level by level."""

import re
from collections.abc import Iterable, Iterator

from gongkai.model.documents import Cells, Indicator, IndicatorTable
from gongkai.model.nodes import MappingNode, Node, ScalarNode
from gongkai.model.specs import placeholder_names
from gongkai.reading.cells import DocumentReader, Location
from gongkai.reading.form_plan import CHILDREN_KEY, SCORE_GROUP_KEY, IndicatorsPlan, LevelPlan

_NAME = "名称"
_DOTS = re.compile(r"[….·]+")
"""Name of a row that a form prints for further ones."""


def read_indicators(
    reader: DocumentReader, plan: IndicatorsPlan, node: Node | None, location: Location
) -> IndicatorTable:
    """Return the indicator table as filed."""
    items = reader.items(node, plan.spec.key)
    return IndicatorTable(plan.spec, tuple(_read_level(reader, plan.top, items, location)))


def _read_level(
    reader: DocumentReader, level: LevelPlan, nodes: Iterable[Node], location: Location
) -> Iterator[Indicator]:
    seen: dict[str, int] = {}
    for node in nodes:
        mapping = reader.mapping(node, level.key, level.name.names)
        if mapping is not None:
            yield _read_indicator(reader, level, mapping, location, seen)


def _read_indicator(
    reader: DocumentReader,
    level: LevelPlan,
    mapping: MappingNode,
    parent: Location,
    seen: dict[str, int],
) -> Indicator:
    """Return an indicator with its subtree; `seen` counts names among its siblings."""
    name = _filed_name(level, mapping)
    plan = level.presets.get(name, level.others)
    count = seen[name] = seen.get(name, 0) + 1
    location = parent.below(f"{name}（第{count}项）" if count > 1 else name, mapping)

    nodes = reader.nodes_by_key(mapping, plan.cells.names, columns_elsewhere=plan.columns)
    cells_plan = plan.cells
    if filed := tuple(column for column in plan.label_columns if column.key in nodes):
        cells_plan = cells_plan.with_columns(filed)
    cells = reader.cells(cells_plan, nodes, location, plan.printed)
    items = reader.items(nodes.get(CHILDREN_KEY), CHILDREN_KEY) if plan.below else ()
    name_cell = reader.cell(level.name, nodes, location)
    if name in level.presets and _DOTS.fullmatch(name):
        name_cell = name_cell._replace(printed=name)
    group, template = nodes.get(SCORE_GROUP_KEY), plan.label
    label = _printed_label(reader, template, name, cells) if "{" in template else template or name
    children = (
        tuple(_read_level(reader, plan.below, items, location)) if plan.below and items else ()
    )
    score_group = group.text if isinstance(group, ScalarNode) else ""
    return Indicator(name_cell, level.number, label, cells, children, score_group)


def _filed_name(level: LevelPlan, mapping: MappingNode) -> str:
    """Return the filed name of an indicator."""
    for key, value in mapping.values.items():
        if key in level.name.names and isinstance(value, ScalarNode):
            return value.text
    return ""


def _printed_label(reader: DocumentReader, template: str, name: str, cells: Cells) -> str:
    """Return the printed label; the name alone if a placeholder's value is not filed."""
    words = {key: cell.filed for key, cell in cells.items() if cell.filed} | {_NAME: name}
    label = reader.label(template, **words)
    return name if "{" in label and placeholder_names(label) else label or name
