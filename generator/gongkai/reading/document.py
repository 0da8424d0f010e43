"""Loader of documents: fills a form with the nodes of a document and reports what does not fit."""

from collections.abc import Iterator

from gongkai.model.documents import Block, Cells, Fields, Record, Row, Section, Table, TotalRow
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode, Node, ScalarNode
from gongkai.model.problems import UNKNOWN_KEY, Problem
from gongkai.model.specs import BlockSpec, FieldSpec, RowSpec
from gongkai.reading.cells import DocumentReader, Location
from gongkai.reading.form_plan import (
    OPEN_NAME,
    SIGN_OFF_KEY,
    CellsPlan,
    FieldsPlan,
    FormPlan,
    IndicatorsPlan,
    LabelContext,
    SingleRowPlan,
    TablePlan,
    TotalPlan,
)
from gongkai.reading.indicators import read_indicators

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
    reader, plan = DocumentReader(form, context), context.plan(form)
    top = reader.nodes_by_key(node, plan.names, places=lambda: _parents(plan))
    location = Location(name, node.position)
    record = Record(
        form=form,
        name=name,
        placeholders=context.words,
        title=_title(reader, top.get(_TITLE.key)),
        sections=tuple(_sections(reader, plan, top, location)),
        sign_off=_sign_off(reader, plan.sign_off, top.get(SIGN_OFF_KEY), defaults, location),
        position=node.position,
        project=project,
        body=body[0],
        body_line=body[1],
    )
    return record, reader.problems


def _parents(plan: FormPlan) -> dict[str, str]:
    """Return the keys of the sections by the names of what is written below them."""
    parents: dict[str, str] = {}
    for section in plan.sections:
        match section:
            case TablePlan():
                names = section.names
            case IndicatorsPlan():
                names = section.top.others.cells.names
            case FieldsPlan() | SingleRowPlan() | TotalPlan():
                names = section.cells.names
        for name in names if section.spec.key else ():
            parents.setdefault(name, section.spec.key)
    return parents


def _title(reader: DocumentReader, node: Node | None) -> str:
    filed = reader.value(_TITLE, node).text if node is not None else ""
    return filed or reader.label(reader.form.title)


def _sections(
    reader: DocumentReader, plan: FormPlan, top: dict[str, Node], parent: Location
) -> Iterator[Section]:
    for section in plan.sections:
        spec = section.spec
        node = top.get(spec.key)
        if spec.required and node is None and spec.key not in reader.misspelt:
            message = f"缺少必填的键“{spec.key}”；请按表式补上这一部分"
            reader.report(UNKNOWN_KEY, parent.position, message)
        location = parent.below(spec.key, node) if spec.key else parent
        match section:
            case FieldsPlan():
                nodes = _cell_nodes(reader, section.cells, node, spec.key) if spec.key else top
                yield Fields(section.spec, reader.cells(section.cells, nodes, location))
            case SingleRowPlan():
                nodes = _cell_nodes(reader, section.cells, node, spec.key)
                row = Row(section.row, "", reader.cells(section.cells, nodes, location))
                yield Table(section.spec, (row,))
            case TablePlan():
                yield _table(reader, section, node, location)
            case IndicatorsPlan():
                yield read_indicators(reader, section, node, location)
            case TotalPlan():
                nodes = _cell_nodes(reader, section.cells, node, spec.key)
                yield TotalRow(section.spec, reader.cells(section.cells, nodes, location))


def _cell_nodes(
    reader: DocumentReader, plan: CellsPlan, node: Node | None, what: str
) -> dict[str, Node]:
    return reader.nodes_by_key(reader.mapping(node, what, plan.names.values()), plan.names)


def _table(reader: DocumentReader, plan: TablePlan, node: Node | None, location: Location) -> Table:
    spec = plan.spec
    mapping = reader.mapping(node, spec.key, plan.names.values())
    nodes = reader.nodes_by_key(mapping, plan.names)
    rows = [
        row
        for row_spec in spec.rows
        for row in _rows(reader, plan, row_spec, nodes.get(row_spec.key), location)
    ]
    blocks = [
        _block(reader, block, cells, nodes.get(block.key), location)
        for block, cells in zip(spec.blocks, plan.blocks, strict=True)
    ]
    return Table(spec, tuple(rows), tuple(blocks))


def _rows(
    reader: DocumentReader, plan: TablePlan, spec: RowSpec, node: Node | None, parent: Location
) -> Iterator[Row]:
    """Yield the row of a spec, or all filed rows if the spec is open."""
    if spec.is_open:
        for number, row_node in enumerate(reader.items(node, spec.key), start=1):
            yield _open_row(reader, plan, spec, row_node, number, parent)
        return
    location = parent.below(spec.key, node)
    nodes = _cell_nodes(reader, plan.cells, node, spec.key)
    cells = reader.cells(plan.cells, nodes, location, plan.spec.printed_texts(spec))
    yield Row(spec, reader.label(spec.label or spec.key), cells, plan.depths[spec.key])


def _open_row(  # noqa: PLR0913, PLR0917 - one row of many: its plan, spec, number and location
    reader: DocumentReader,
    plan: TablePlan,
    spec: RowSpec,
    node: Node,
    number: int,
    parent: Location,
) -> Row:
    nodes = _cell_nodes(reader, plan.open_cells, node, spec.key)
    name_node = nodes.get(OPEN_NAME.key)
    name = name_node.text if isinstance(name_node, ScalarNode) else ""
    location = parent.below(spec.key).below(name or f"第{number}项", node)
    cells = reader.cells(plan.open_cells, nodes, location, plan.spec.printed_texts(spec))
    label = reader.label(spec.label or "{名称}", 序号=str(number), 名称=name)
    return Row(spec, label, cells, plan.depths[spec.key])


def _block(
    reader: DocumentReader, spec: BlockSpec, plan: CellsPlan, node: Node | None, parent: Location
) -> Block:
    nodes = _cell_nodes(reader, plan, node, spec.key)
    location = parent.below(spec.key, node)
    return Block(spec, reader.cells(plan, nodes, location))


def _sign_off(
    reader: DocumentReader,
    plan: CellsPlan,
    node: Node | None,
    defaults: MappingNode | None,
    parent: Location,
) -> Cells:
    shared = defaults.values if defaults else {}
    own = _cell_nodes(reader, plan, node, SIGN_OFF_KEY)
    return reader.cells(plan, shared | own, parent.below(SIGN_OFF_KEY, node))
