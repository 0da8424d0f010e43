"""Loader of documents: fills a form with the nodes of a document and reports what does not fit."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from gongkai.model.documents import Block, Cells, Fields, Record, Row, Section, Table, TotalRow
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode, Node, ScalarNode
from gongkai.model.problems import UNKNOWN_KEY, Problem
from gongkai.model.specs import (
    BlockSpec,
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    RowSpec,
    TableSpec,
    TotalSpec,
)
from gongkai.reading.cells import ColumnPlan, DocumentReader, KeyNames, LabelContext, Location
from gongkai.reading.indicators import read_indicators

_SIGN_OFF = "填报"
DOCUMENT_KEYS = ("表式", "标题", _SIGN_OFF)
"""Keys allowed in every document, whatever its form."""
_OPEN_NAME = FieldSpec.model_validate({"键": "名称", "必填": "是"})
_TITLE = FieldSpec.model_validate({"键": "标题"})


def load_document(  # noqa: PLR0913 - a document, its form and what surrounds it
    form: Form,
    node: MappingNode,
    context: LabelContext,
    *,
    name: str,
    project: str = "",
    defaults: MappingNode | None = None,
    body: tuple[str, int] = ("", 0),
) -> tuple[Record, list[Problem]]:
    """Return the record of a document and its problems.

    `context` fills the placeholders of the form's labels; `defaults` is the disclosure's 填报, used
    for values that the document leaves out; `body` is a report's Markdown and its first line.
    """
    reader = DocumentReader(form, context)
    top = _top_level(reader, form, node)
    location = Location(name, node.position)
    record = Record(
        form=form,
        name=name,
        placeholders=context.words,
        title=_title(reader, top.get(_TITLE.key)),
        sections=tuple(_sections(reader, top, location)),
        sign_off=_sign_off(reader, top.get(_SIGN_OFF), defaults, location),
        position=node.position,
        project=project,
        body=body[0],
        body_line=body[1],
    )
    return record, reader.problems


def _top_level(reader: DocumentReader, form: Form, node: MappingNode) -> dict[str, Node]:
    names = reader.context.plan(form, lambda: _top_names(reader, form))
    return reader.nodes_by_key(node, names)


def _top_names(reader: DocumentReader, form: Form) -> KeyNames:
    names = {key: key for key in DOCUMENT_KEYS}
    for section in form.sections:
        if section.key:
            names |= dict.fromkeys((section.key, *section.aliases), section.key)
        elif isinstance(section, FieldsSpec):
            names |= reader.names(section.fields)
    return KeyNames(names)


def _title(reader: DocumentReader, node: Node | None) -> str:
    filed = reader.value(_TITLE, node).text if node is not None else ""
    return filed or reader.label(reader.form.title)


def _sections(reader: DocumentReader, top: dict[str, Node], parent: Location) -> Iterator[Section]:
    for spec in reader.form.sections:
        node = top.get(spec.key)
        if spec.required and node is None:
            message = f"缺少必填的键“{spec.key}”；请按表式补上这一部分"
            reader.report(UNKNOWN_KEY, parent.position, message)
        location = parent.below(spec.key, node) if spec.key else parent
        match spec:
            case FieldsSpec():
                nodes = _field_nodes(reader, spec, node) if spec.key else top
                yield Fields(spec, reader.cells(reader.columns(spec.fields), nodes, location))
            case TableSpec():
                yield _table(reader, spec, node, location)
            case IndicatorsSpec():
                yield read_indicators(reader, spec, node, location)
            case TotalSpec():
                mapping = reader.mapping(node, spec.key)
                nodes = reader.nodes_by_key(mapping, reader.names(spec.columns))
                yield TotalRow(spec, reader.cells(reader.columns(spec.columns), nodes, location))


def _field_nodes(reader: DocumentReader, spec: FieldsSpec, node: Node | None) -> dict[str, Node]:
    return reader.nodes_by_key(reader.mapping(node, spec.key), reader.names(spec.fields))


class _TablePlan(NamedTuple):
    """How the rows of a table are read."""

    names: KeyNames
    """Allowed names of rows and breakdowns (分解)."""
    columns: ColumnPlan
    column_names: KeyNames
    """Allowed names of the columns."""
    depths: dict[str, int]
    """Number of ancestors of a row, by its key."""


def _table(reader: DocumentReader, spec: TableSpec, node: Node | None, location: Location) -> Table:
    mapping = reader.mapping(node, spec.key)
    if not spec.rows:
        nodes = reader.nodes_by_key(mapping, reader.names(spec.columns))
        cells = reader.cells(reader.columns(spec.columns), nodes, location)
        row = Row(_only_row(spec.key), "", cells)
        return Table(spec, (row,))
    plan = reader.context.plan(spec, lambda: _table_plan(reader, spec))
    nodes = reader.nodes_by_key(mapping, plan.names)
    rows = [
        row
        for row_spec in spec.rows
        for row in _rows(reader, spec, plan, row_spec, nodes.get(row_spec.key), location)
    ]
    blocks = [_block(reader, block, nodes.get(block.key), location) for block in spec.blocks]
    return Table(spec, tuple(rows), tuple(blocks))


@cache
def _only_row(key: str) -> RowSpec:
    return RowSpec.model_validate({"键": key})


def _table_plan(reader: DocumentReader, spec: TableSpec) -> _TablePlan:
    names = {block.key: block.key for block in spec.blocks}
    for row in spec.rows:
        printed = row.key if row.is_open else reader.label(row.label).strip(" \u3000")
        names |= dict.fromkeys((row.key, *row.aliases, printed or row.key), row.key)
    depths = {row.key: _depth(spec, row) for row in spec.rows}
    return _TablePlan(
        KeyNames(names), reader.columns(spec.columns), reader.names(spec.columns), depths
    )


def _rows(  # noqa: PLR0913, PLR0917 - a table's row: its plan, spec, node and location
    reader: DocumentReader,
    table: TableSpec,
    plan: _TablePlan,
    spec: RowSpec,
    node: Node | None,
    parent: Location,
) -> Iterator[Row]:
    """Yield the row of a spec, or all filed rows if the spec is open."""
    if spec.is_open:
        for number, row_node in enumerate(reader.items(node, spec.key), start=1):
            yield _open_row(reader, table, spec, row_node, number, parent)
        return
    location = parent.below(spec.key, node)
    nodes = reader.nodes_by_key(reader.mapping(node, spec.key), plan.column_names)
    cells = reader.cells(plan.columns, nodes, location, spec.printed)
    yield Row(spec, reader.label(spec.label or spec.key), cells, plan.depths[spec.key])


def _open_row(  # noqa: PLR0913, PLR0917 - one row of many: its table, spec, number and location
    reader: DocumentReader,
    table: TableSpec,
    spec: RowSpec,
    node: Node,
    number: int,
    parent: Location,
) -> Row:
    columns = (_OPEN_NAME, *table.columns)
    nodes = reader.nodes_by_key(reader.mapping(node, spec.key), reader.names(columns))
    name_node = nodes.get(_OPEN_NAME.key)
    name = name_node.text if isinstance(name_node, ScalarNode) else ""
    location = parent.below(spec.key).below(name or f"第{number}项", node)
    cells = reader.cells(reader.columns(columns), nodes, location, spec.printed)
    label = reader.label(spec.label or "{名称}", 序号=str(number), 名称=name)
    return Row(spec, label, cells, _depth(table, spec))


def _depth(table: TableSpec, spec: RowSpec) -> int:
    parents = {row.key: row.parent for row in table.rows}
    depth, parent = 0, spec.parent
    while parent and depth < len(parents):
        depth, parent = depth + 1, parents.get(parent, "")
    return depth


def _block(reader: DocumentReader, spec: BlockSpec, node: Node | None, parent: Location) -> Block:
    nodes = reader.nodes_by_key(reader.mapping(node, spec.key), reader.names(spec.rows))
    location = parent.below(spec.key, node)
    return Block(spec, reader.cells(reader.columns(spec.rows), nodes, location))


@cache
def _sign_off_spec(key: str) -> FieldSpec:
    return FieldSpec.model_validate({"键": key})


def _sign_off(
    reader: DocumentReader, node: Node | None, defaults: MappingNode | None, parent: Location
) -> Cells:
    keys = reader.form.sign_off_keys
    shared = defaults.values if defaults else {}
    names = KeyNames(zip(keys, keys, strict=True))
    own = reader.nodes_by_key(reader.mapping(node, _SIGN_OFF), names)
    specs = [_sign_off_spec(key) for key in keys]
    return reader.cells(reader.columns(specs), shared | own, parent.below(_SIGN_OFF, node))
