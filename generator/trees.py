"""The tree of indicators in a document, read level by level."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from generator.model import Cells, Indicators, Node
from generator.nodes import Mapping, Scalar
from generator.nodes import Node as Source
from generator.reader import Place, Reader
from generator.specs import FieldSpec, IndicatorsSpec, PresetSpec, braces

CHILDREN, GROUP = "下级", "得分组"
"""Keys that every indicator may hold."""
_NAME = "名称"
_OWN_KEYS = {True: {GROUP: GROUP}, False: {GROUP: GROUP, CHILDREN: CHILDREN}}
"""By whether the level is the last."""


def read_indicators(
    reader: Reader, spec: IndicatorsSpec, node: Source | None, at: Place
) -> Indicators:
    """A table of indicators as filed."""
    items = reader.items(node, spec.key)
    return Indicators(spec, tuple(_nodes(_Level(reader, spec, 0, spec.presets, at), items)))


class _Plan(NamedTuple):
    """What the indicators of one level, or of one preset, have in common."""

    wording: str
    """Their label as printed, with braces."""
    columns: tuple[FieldSpec, ...]
    in_name: tuple[FieldSpec, ...]
    """Columns of other levels that the label asks for."""
    names: dict[str, str]
    """What the data may call the keys."""


@dataclass(frozen=True, slots=True)
class _Level:
    """Where the reading of a tree stands."""

    reader: Reader
    spec: IndicatorsSpec
    number: int
    presets: Sequence[PresetSpec]
    """What the form prints at this level, below this parent."""
    at: Place

    @property
    def key(self) -> str:
        return self.spec.levels[self.number].key

    def preset(self, name: str) -> PresetSpec | None:
        if self.number < self.spec.first:
            return None
        return next((each for each in self.presets if each.name == name), None)

    def names(self) -> dict[str, str]:
        """What the data may call the level."""
        return self.reader.names((self.spec.levels[self.number],))

    def plan(self, preset: PresetSpec | None) -> _Plan:
        """What indicators here have in common; worked out once."""
        plans = self.reader.plans
        place = (id(self.spec), self.number, id(preset))
        if place not in plans:
            plans[place] = self._planned(preset)
        plan: _Plan = plans[place]
        return plan

    def _planned(self, preset: PresetSpec | None) -> _Plan:
        spec = self.spec
        wording = (preset.label if preset else "") or spec.levels[self.number].wording
        own, asked = spec.own(self.number), braces(wording) if "{" in wording else ()
        in_name = tuple(each for each in spec.columns if each.key in asked and each not in own)
        names = self.reader.names((spec.levels[self.number], *own, *in_name))
        leaf = self.number + 1 == len(spec.levels)
        return _Plan(wording, own, in_name, names | _OWN_KEYS[leaf])

    def below(self, preset: PresetSpec | None, at: Place) -> "_Level":
        block = self.number < self.spec.first
        presets = self.presets if block else preset.children if preset else ()
        return _Level(self.reader, self.spec, self.number + 1, presets, at)


def _filed(level: _Level, mapping: Mapping) -> Iterator[Source]:
    """What is filed as the name of an indicator."""
    names = level.names()
    return (value for key, value in mapping.entries if key.text in names)


def _nodes(level: _Level, items: Iterable[Source]) -> Iterator[Node]:
    seen: Counter[str] = Counter()
    for item in items:
        mapping = level.reader.mapping(item, level.key)
        if mapping is not None:
            yield _node(level, mapping, seen)


def _node(level: _Level, mapping: Mapping, seen: Counter[str]) -> Node:
    """One indicator with all below it; `seen` counts the names met beside it."""
    reader = level.reader
    name = next((each.text for each in _filed(level, mapping) if isinstance(each, Scalar)), "")
    preset = level.preset(name) if level.presets else None
    seen[name] += 1
    twin = f"（第{seen[name]}项）" if seen[name] > 1 else ""
    here = level.at.below(name + twin, mapping)

    wording, columns, in_name, names = level.plan(preset)
    found = reader.known(mapping, names)
    if in_name:
        columns = (*columns, *(each for each in in_name if each.key in found))
    cells = reader.cells(columns, found, here, preset.printed if preset else {})
    children = reader.items(found.get(CHILDREN), CHILDREN)
    group = found.get(GROUP)
    return Node(
        name=reader.cell(_name_spec(level.key), found, here),
        level=level.number,
        label=_printed(reader, wording, name, cells) if "{" in wording else wording or name,
        cells=cells,
        children=tuple(_nodes(level.below(preset, here), children)) if children else (),
        score_group=group.text if isinstance(group, Scalar) else "",
    )


@cache
def _name_spec(key: str) -> FieldSpec:
    return FieldSpec.model_validate({"键": key, "必填": "是"})


def _printed(reader: Reader, wording: str, name: str, cells: Cells) -> str:
    """An indicator's name as printed; the name alone where what its label shows is not filed."""
    words = {key: cell.filed for key, cell in cells.items() if cell.filed} | {_NAME: name}
    label = reader.label(wording, **words)
    return name if "{" in label and braces(label) else label or name
