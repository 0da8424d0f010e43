"""The values of a disclosure as rows of the table VALUES (see columns)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from gongkai.model.documents import Cell, Fields, Indicators, Node, Record, Table, Total
from gongkai.model.publication import Disclosure
from gongkai.model.terms import Role
from gongkai.model.values import Comparison, State
from gongkai.reading.front_matter import paragraphs

TEXT_FIELD = "正文"
"""栏目 of the paragraphs of a narrative report."""
_WORDS = {None: ""} | {each: each.value for kind in (Role, State, Comparison) for each in kind}
"""Looked up, for asking a member for its word takes three times as long."""
_new: Any = tuple.__new__
"""See sources: there are hundreds of values on a page."""


class ValueRow(NamedTuple):
    """One value; the fields are the columns of VALUES, in their order."""

    unit: str
    unit_name: str
    year: int
    attachment: str
    kind: str
    form: str
    project: str
    project_name: str
    item: str
    field: str
    row_role: str
    role: str
    filed: str
    state: str
    number: str
    """An exact decimal as text; empty where there is none."""
    measure: str
    comparison: str
    sequence: int


class DocumentRows(NamedTuple):
    """The values of one document."""

    record: Record
    rows: tuple[ValueRow, ...]


def documents(disclosure: Disclosure) -> Iterator[DocumentRows]:
    """The documents of a disclosure in the model's order, each with its values.

    Rows are numbered over the whole disclosure.
    """
    names = {project.slug: project.name for project in disclosure.projects}
    count = 0
    for record in disclosure.all_records:
        rows = tuple(_rows(disclosure, record, names.get(record.project, ""), count + 1))
        count += len(rows)
        yield DocumentRows(record, rows)


def decimal(number: Decimal | None) -> str:
    """With the zeros as filed (292.30), without an exponent; empty for none."""
    text = "" if number is None else str(number)
    return f"{number:f}" if "E" in text else text


def _rows(
    disclosure: Disclosure, record: Record, project: str, sequence: int
) -> Iterator[ValueRow]:
    slug, name, year = disclosure.unit.slug, disclosure.unit.facts.name, disclosure.year
    attachment, own = disclosure.number(record.form.kind), record.project
    kind, form = record.form.kind.value, record.form.id
    start = len(record.name) + 1
    for role, cells in _lines(record):
        word, item = _WORDS[role], None
        for spec, (_, state, exact, measure, comparison), _, where, filed, _ in cells:
            key = spec.key
            if item is None:
                item = where[start : -len(key) - 1]
            row = (
                slug,
                name,
                year,
                attachment,
                kind,
                form,
                own,
                project,
                item,
                key,
                word,
                _WORDS[spec.role],
                filed,
                _WORDS[state],
                "" if exact is None else decimal(exact),
                measure,
                _WORDS[comparison],
                sequence,
            )
            yield _new(ValueRow, row)
            sequence += 1
    for number, text in enumerate(paragraphs(record.body) if record.body else (), sequence):
        words = (TEXT_FIELD, "", "", text, State.FILED.value, "", "", "")
        head = (slug, name, year, attachment, kind, form, own, project)
        yield ValueRow(*head, f"第{number - sequence + 1}段", *words, number)


def _lines(record: Record) -> list[tuple[Role | None, Iterable[Cell]]]:
    """The cells of a document, line by line, each line with its role."""
    found: list[tuple[Role | None, Iterable[Cell]]] = []
    for section in record.sections:
        match section:
            case Fields() | Total():
                found.append((None, section.cells.values()))
            case Table():
                found += [(row.spec.role, row.cells.values()) for row in section.rows]
                found += [(None, block.cells.values()) for block in section.blocks]
            case Indicators():
                _indicators(section.nodes, found)
    found.append((None, record.sign_off.values()))
    return found


def _indicators(nodes: Iterable[Node], found: list[tuple[Role | None, Iterable[Cell]]]) -> None:
    for node in nodes:
        found.append((None, (node.name,)))
        if node.cells:
            found.append((None, node.cells.values()))
        _indicators(node.children, found)
