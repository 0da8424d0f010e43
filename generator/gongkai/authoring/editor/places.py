"""Places of cells in their files: the keys and list positions that lead to a value."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gongkai.authoring.editor.value_trees import Place
from gongkai.model.documents import (
    Block,
    Cell,
    Cells,
    Fields,
    Indicator,
    IndicatorTable,
    Record,
    Row,
    Section,
    Table,
    TotalRow,
)
from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.model.problems import Position
from gongkai.model.specs import FieldSpec
from gongkai.model.values import Value, ValueState
from gongkai.reading.disclosure import DISCLOSURE_FILE
from gongkai.reading.form_plan import (
    CHILDREN_KEY,
    SIGN_OFF_KEY,
    CellsPlan,
    FieldsPlan,
    FormPlan,
    IndicatorsPlan,
    KeyNames,
    LevelPlan,
    SingleRowPlan,
    TablePlan,
    TotalPlan,
)

_NOWHERE = Position("")
_LONG = frozenset({"内容概述", "说明", "原因"})
_REQUIRED = frozenset({"名称", "说明", "说明人", "日期", "原因"})
"""Keys of disclosure.yml whose values are long, and that must not be blank."""


class FilePlace(NamedTuple):
    """Where a value is: a file of the year, and the path in it."""

    file: str
    path: Place

    @property
    def id(self) -> str:
        """The place as JSON, as the browser sends it back."""
        return json.dumps([self.file, *self.path], ensure_ascii=False)


class UnplaceableError(Exception):
    """A part of a file is not built as its form says, so that only its text can be edited."""


class Spot(NamedTuple):
    """A cell in the editor: what was filed, and the key path by which problems name it."""

    place: FilePlace
    cell: Cell
    """As read; of a row that does not exist yet, blank."""
    is_shared: bool = False
    """Whether the value will be the common one of disclosure.yml (填报)."""


class Line(NamedTuple):
    """An entry of a list that can be added, moved and removed: an indicator, a row of a project."""

    place: FilePlace
    """Of the list."""
    position: int
    """-1 for an empty line that becomes an entry when it is typed in."""
    label: str
    """What an entry is called, for instance 三级指标."""
    below: FilePlace | None = None
    """Of the list of indicators below it, if there may be one."""
    below_label: str = ""
    is_printed: bool = False
    """Whether the form prints it."""


@dataclass(frozen=True)
class EditableRecord:
    """A document whose cells are keyed by their place, with all that can be changed in it."""

    record: Record
    """Its cells have the id of their place as key path."""
    path: Place
    """Where the document begins in its file."""
    spots: Mapping[str, Spot]
    """By the id of the place."""
    lines: Mapping[str, Line]
    """By the id of the place of every cell in the line."""
    signed: frozenset[str]
    """Ids of the cells above and below the tables (填报)."""


@dataclass(slots=True)
class _Placer:
    file: str
    spots: dict[str, Spot] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)

    def cell(self, cell: Cell, path: Place, *, shared: bool = False) -> Cell:
        """Return a cell with the id of its place as key path."""
        place = FilePlace(DISCLOSURE_FILE if shared else self.file, path)
        self.spots[place.id] = Spot(place, cell, shared)
        return cell._replace(where=place.id)

    def cells(self, cells: Cells, plan: CellsPlan, node: Node | None, path: Place) -> Cells:
        """Return the cells of a mapping."""
        mapping = _mapping(node)
        placed = Cells(plan.roles)
        for key, cell in cells.items():
            placed[key] = self.cell(cell, (*path, filed_key(mapping, plan.names, key)))
        return placed

    def add_line(self, line: Line, cells: Iterator[Cell] | Sequence[Cell]) -> None:
        for cell in cells:
            self.lines[cell.where] = line


def editable_record(  # noqa: PLR0913, PLR0917 - a document, its form's plan and where it is
    record: Record,
    plan: FormPlan,
    node: MappingNode,
    file: str,
    path: Place,
    shared: MappingNode | None,
) -> EditableRecord:
    """Return a document with the place of every cell; `shared` is 填报 of disclosure.yml."""
    placer = _Placer(file)
    sections: list[Section] = []
    for section, part in zip(record.sections, plan.sections, strict=True):
        key = filed_key(node, plan.names, part.spec.key) if part.spec.key else ""
        below = node.get(key) if key else node
        inner = (*path, key) if key else path
        sections.append(_section(placer, section, part, below, inner))
    sign_off = _sign_off(placer, record.sign_off, plan, node, path, shared)
    placed = replace(record, sections=tuple(sections), sign_off=sign_off)
    signed = frozenset(cell.where for cell in sign_off.values())
    return EditableRecord(placed, path, placer.spots, placer.lines, signed)


def filed_key(mapping: MappingNode | None, names: KeyNames, key: str) -> str:
    """Return the name under which a file has a key: the key itself, an alias or the printed label."""
    if mapping is None or key in mapping.values:
        return key
    return next((name for name in mapping.values if names.get(name) == key), key)


def _mapping(node: Node | None) -> MappingNode | None:
    """Return a mapping; None where nothing is filed. Raise UnplaceableError if it is neither."""
    if isinstance(node, MappingNode):
        if node.repeats:
            raise UnplaceableError("列表的各项前面缺少“- ”")
        return node
    if node is None or (isinstance(node, ScalarNode) and not node.text):
        return None
    raise UnplaceableError("有一处应是“键: 值”的形式")


def _entries(node: Node | None) -> tuple[MappingNode, ...]:
    """Return the entries of a list of mappings; none where nothing is filed."""
    if node is None or (isinstance(node, ScalarNode) and not node.text):
        return ()
    if not isinstance(node, SequenceNode):
        raise UnplaceableError("有一处应是列表")
    entries = [entry for entry in node.items if isinstance(entry, MappingNode)]
    if len(entries) < len(node.items):
        raise UnplaceableError("列表里有一项不是“键: 值”的形式")
    return tuple(entries)


def _section(
    placer: _Placer, section: Section, plan: object, node: Node | None, path: Place
) -> Section:
    match section, plan:
        case Fields(), FieldsPlan():
            return Fields(section.spec, placer.cells(section.cells, plan.cells, node, path))
        case TotalRow(), TotalPlan():
            return TotalRow(section.spec, placer.cells(section.cells, plan.cells, node, path))
        case Table(), SingleRowPlan():
            [row] = section.rows
            cells = placer.cells(row.cells, plan.cells, node, path)
            return Table(section.spec, (row._replace(cells=cells),))
        case Table(), TablePlan():
            return _table(placer, section, plan, node, path)
        case IndicatorTable(), IndicatorsPlan():
            indicators = _level(placer, section.roots, plan.top, node, path)
            return IndicatorTable(section.spec, tuple(indicators))
    raise TypeError(section)


def _table(placer: _Placer, table: Table, plan: TablePlan, node: Node | None, path: Place) -> Table:
    mapping = _mapping(node)
    rows: list[Row] = []
    for spec in table.spec.rows:
        key = filed_key(mapping, plan.names, spec.key)
        below = mapping.get(key) if mapping else None
        filed = [row for row in table.rows if row.spec is spec]
        if not spec.is_open:
            [row] = filed
            rows.append(
                row._replace(cells=placer.cells(row.cells, plan.cells, below, (*path, key)))
            )
            continue
        entries = _entries(below)
        filed.append(Row(spec, "", _blank_cells(plan.open_cells), plan.depths[spec.key]))
        for index, row in enumerate(filed):
            entry = entries[index] if index < len(entries) else None
            cells = placer.cells(row.cells, plan.open_cells, entry, (*path, key, index))
            place = FilePlace(placer.file, (*path, key))
            line = Line(place, index if entry else -1, spec.key)
            placer.add_line(line, list(cells.values()))
            rows.append(row._replace(cells=cells))
    blocks = []
    for block, cells_plan in zip(table.blocks, plan.blocks, strict=True):
        key = filed_key(mapping, plan.names, block.spec.key)
        below = mapping.get(key) if mapping else None
        blocks.append(Block(block.spec, placer.cells(block.cells, cells_plan, below, (*path, key))))
    return Table(table.spec, tuple(rows), tuple(blocks))


def _level(
    placer: _Placer, filed: Sequence[Indicator], level: LevelPlan, node: Node | None, path: Place
) -> Iterator[Indicator]:
    """Yield the indicators of one level; an empty line where there are none."""
    entries = _entries(node)
    if not filed:
        yield _empty_indicator(placer, level, path)
    for index, (indicator, entry) in enumerate(zip(filed, entries, strict=True)):
        place = (*path, index)
        plan = level.presets.get(indicator.name.filed, level.others)
        name_key = filed_key(entry, level.name.names, level.key)
        name = placer.cell(indicator.name, (*place, name_key))
        cells = Cells(plan.cells.roles)
        for key, cell in indicator.cells.items():
            cells[key] = placer.cell(cell, (*place, filed_key(entry, plan.cells.names, key)))
        children: tuple[Indicator, ...] = ()
        below: FilePlace | None = None
        if plan.below:
            below_key = filed_key(entry, plan.cells.names, CHILDREN_KEY)
            below = FilePlace(placer.file, (*place, below_key))
            children = tuple(
                _level(placer, indicator.children, plan.below, entry.get(below_key), below.path)
            )
        placer.add_line(
            Line(
                FilePlace(placer.file, path),
                index,
                level.key,
                below,
                plan.below.key if plan.below else "",
                is_printed=indicator.name.filed in level.presets,
            ),
            [name, *cells.values()],
        )
        yield indicator._replace(name=name, cells=cells, children=children)


def _empty_indicator(placer: _Placer, level: LevelPlan, path: Place) -> Indicator:
    """Return an empty line that becomes an indicator when it is typed in."""
    plan, place = level.others, (*path, 0)
    name = placer.cell(_blank_cell(level.name.columns[0].spec), (*place, level.key))
    cells = Cells(plan.cells.roles)
    for key, cell in _blank_cells(plan.cells).items():
        cells[key] = placer.cell(cell, (*place, key))
    children: tuple[Indicator, ...] = ()
    if plan.below:
        children = (_empty_indicator(placer, plan.below, (*place, CHILDREN_KEY)),)
    line = Line(FilePlace(placer.file, path), -1, level.key)
    placer.add_line(line, [name, *cells.values()])
    return Indicator(name, level.number, "", cells, children)


def _blank_cells(plan: CellsPlan) -> Cells:
    cells = Cells(plan.roles)
    for column in plan.columns:
        cells[column.key] = _blank_cell(column.spec)
    return cells


def _blank_cell(spec: FieldSpec) -> Cell:
    return Cell(spec, Value(), _NOWHERE, "", "")


def _sign_off(  # noqa: PLR0913, PLR0917 - as editable_record
    placer: _Placer,
    cells: Cells,
    plan: FormPlan,
    node: MappingNode,
    path: Place,
    shared: MappingNode | None,
) -> Cells:
    own = _mapping(node.get(SIGN_OFF_KEY))
    placed = Cells(plan.sign_off.roles)
    for key, cell in cells.items():
        # A blank common value is filled in for all; one that is filed is overridden here only.
        is_shared = cell.is_blank and shared is not None and (own is None or key not in own.values)
        top = () if is_shared else path
        placed[key] = placer.cell(cell, (*top, SIGN_OFF_KEY, key), shared=is_shared)
    return placed


def plain_spot(
    parent: Node | None, place: FilePlace, default: Position = _NOWHERE, *, required: bool = False
) -> Spot:
    """Return the place of a value that belongs to no form; `parent` is the node with its key."""
    key = f"{place.path[-1]}"
    node = parent.get(key) if isinstance(parent, MappingNode) else None
    filed = node.text if isinstance(node, ScalarNode) else ""
    kind = "长文" if key in _LONG else "日期" if key.endswith("日期") else "文本"
    required = required or key in _REQUIRED
    spec = FieldSpec.model_validate({"键": key, "类型": kind, "必填": "是" if required else "否"})
    state = ValueState.FILED if filed else ValueState.BLANK
    where = "/".join(f"第{part + 1}条" if isinstance(part, int) else part for part in place.path)
    position = node.position if node else default
    return Spot(place, Cell(spec, Value(filed, state), position, f"本页/{where}", filed))
