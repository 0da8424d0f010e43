"""A document and its form become a record; what does not fit becomes problems."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from gongkai.model.documents import Block, Cells, Fields, Record, Row, Section, Table, Total
from gongkai.model.forms import Form
from gongkai.model.nodes import Mapping, Scalar
from gongkai.model.nodes import Node as Source
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
from gongkai.reading.cells import Columns, Names, Place, Reader, Wording
from gongkai.reading.indicators import read_indicators

_SIGN_OFF = "填报"
DOCUMENT_KEYS = ("表式", "标题", _SIGN_OFF)
"""Keys that every document may hold, whatever its form."""
_OPEN_NAME = FieldSpec.model_validate({"键": "名称", "必填": "是"})
_TITLE = FieldSpec.model_validate({"键": "标题"})


def load(  # noqa: PLR0913 - a document, its form and what surrounds it
    form: Form,
    node: Mapping,
    wording: Wording,
    *,
    name: str,
    project: str = "",
    defaults: Mapping | None = None,
    body: tuple[str, int] = ("", 0),
) -> tuple[Record, list[Problem]]:
    """The record that a document holds, and what is wrong with it.

    `wording` fills the braces of the form's labels; `defaults` is the disclosure's 填报, which holds
    where the document says nothing else; `body` is a report's Markdown and its first line.
    """
    reader = Reader(form, wording)
    top = _top_level(reader, form, node)
    at = Place(name, node.position)
    record = Record(
        form=form,
        name=name,
        words=wording.words,
        title=_title(reader, top.get(_TITLE.key)),
        sections=tuple(_sections(reader, top, at)),
        sign_off=_sign_off(reader, top.get(_SIGN_OFF), defaults, at),
        position=node.position,
        project=project,
        body=body[0],
        body_line=body[1],
    )
    return record, reader.problems


def _top_level(reader: Reader, form: Form, node: Mapping) -> dict[str, Source]:
    names = reader.wording.plan(form, lambda: _top_names(reader, form))
    return reader.known(node, names)


def _top_names(reader: Reader, form: Form) -> Names:
    names = {key: key for key in DOCUMENT_KEYS}
    for section in form.sections:
        if section.key:
            names |= dict.fromkeys((section.key, *section.aliases), section.key)
        elif isinstance(section, FieldsSpec):
            names |= reader.names(section.fields)
    return Names(names)


def _title(reader: Reader, node: Source | None) -> str:
    filed = reader.value(_TITLE, node).text if node is not None else ""
    return filed or reader.label(reader.form.title)


def _sections(reader: Reader, top: dict[str, Source], at: Place) -> Iterator[Section]:
    for spec in reader.form.sections:
        node = top.get(spec.key)
        if spec.required and node is None:
            message = f"缺少必填的键“{spec.key}”；请按表式补上这一部分"
            reader.report(UNKNOWN_KEY, at.position, message)
        here = at.below(spec.key, node) if spec.key else at
        match spec:
            case FieldsSpec():
                found = _found(reader, spec, node) if spec.key else top
                yield Fields(spec, reader.cells(reader.columns(spec.fields), found, here))
            case TableSpec():
                yield _table(reader, spec, node, here)
            case IndicatorsSpec():
                yield read_indicators(reader, spec, node, here)
            case TotalSpec():
                found = reader.known(reader.mapping(node, spec.key), reader.names(spec.columns))
                yield Total(spec, reader.cells(reader.columns(spec.columns), found, here))


def _found(reader: Reader, spec: FieldsSpec, node: Source | None) -> dict[str, Source]:
    return reader.known(reader.mapping(node, spec.key), reader.names(spec.fields))


class _Plan(NamedTuple):
    """What the fillings of one table have in common."""

    names: Names
    """What the data may call rows and blocks."""
    columns: Columns
    called: Names
    """What it may call the columns."""
    depths: dict[str, int]
    """How many rows stand above one in the tree, by its key."""


def _table(reader: Reader, spec: TableSpec, node: Source | None, at: Place) -> Table:
    mapping = reader.mapping(node, spec.key)
    if not spec.rows:
        found = reader.known(mapping, reader.names(spec.columns))
        row = Row(_only_row(spec.key), "", reader.cells(reader.columns(spec.columns), found, at))
        return Table(spec, (row,))
    plan = reader.wording.plan(spec, lambda: _planned(reader, spec))
    found = reader.known(mapping, plan.names)
    rows = [
        row
        for each in spec.rows
        for row in _rows(reader, spec, plan, each, found.get(each.key), at)
    ]
    blocks = [_block(reader, each, found.get(each.key), at) for each in spec.blocks]
    return Table(spec, tuple(rows), tuple(blocks))


@cache
def _only_row(key: str) -> RowSpec:
    return RowSpec.model_validate({"键": key})


def _planned(reader: Reader, spec: TableSpec) -> _Plan:
    names = {block.key: block.key for block in spec.blocks}
    for each in spec.rows:
        printed = each.key if each.open else reader.label(each.label).strip(" \u3000")
        names |= dict.fromkeys((each.key, *each.aliases, printed or each.key), each.key)
    depths = {row.key: _depth(spec, row) for row in spec.rows}
    return _Plan(Names(names), reader.columns(spec.columns), reader.names(spec.columns), depths)


def _rows(  # noqa: PLR0913, PLR0917 - a table's row: its plan, spec, node and place
    reader: Reader, table: TableSpec, plan: _Plan, spec: RowSpec, node: Source | None, at: Place
) -> Iterator[Row]:
    """The rows of one spec: one, or as many as were filed where it is open."""
    if spec.open:
        items = enumerate(reader.items(node, spec.key), start=1)
        yield from (_open_row(reader, table, spec, each, number, at) for number, each in items)
        return
    here = at.below(spec.key, node)
    found = reader.known(reader.mapping(node, spec.key), plan.called)
    cells = reader.cells(plan.columns, found, here, spec.printed)
    yield Row(spec, reader.label(spec.label or spec.key), cells, plan.depths[spec.key])


def _open_row(  # noqa: PLR0913, PLR0917 - one row of many: its table, spec, number and place
    reader: Reader, table: TableSpec, spec: RowSpec, item: Source, number: int, at: Place
) -> Row:
    columns = (_OPEN_NAME, *table.columns)
    found = reader.known(reader.mapping(item, spec.key), reader.names(columns))
    filed = found.get(_OPEN_NAME.key)
    name = filed.text if isinstance(filed, Scalar) else ""
    here = at.below(spec.key).below(name or f"第{number}项", item)
    cells = reader.cells(reader.columns(columns), found, here, spec.printed)
    label = reader.label(spec.label or "{名称}", 序号=str(number), 名称=name)
    return Row(spec, label, cells, _depth(table, spec))


def _depth(table: TableSpec, spec: RowSpec) -> int:
    parents = {row.key: row.parent for row in table.rows}
    depth, parent = 0, spec.parent
    while parent and depth < len(parents):
        depth, parent = depth + 1, parents.get(parent, "")
    return depth


def _block(reader: Reader, spec: BlockSpec, node: Source | None, at: Place) -> Block:
    found = reader.known(reader.mapping(node, spec.key), reader.names(spec.rows))
    return Block(spec, reader.cells(reader.columns(spec.rows), found, at.below(spec.key, node)))


@cache
def _sign_off_spec(key: str) -> FieldSpec:
    return FieldSpec.model_validate({"键": key})


def _sign_off(reader: Reader, node: Source | None, defaults: Mapping | None, at: Place) -> Cells:
    keys = reader.form.sign_off_keys
    shared = defaults.values if defaults else {}
    own = reader.known(reader.mapping(node, _SIGN_OFF), Names(zip(keys, keys, strict=True)))
    specs = [_sign_off_spec(key) for key in keys]
    return reader.cells(reader.columns(specs), shared | own, at.below(_SIGN_OFF, node))
