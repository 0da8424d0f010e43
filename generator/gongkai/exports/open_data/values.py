"""Values of a disclosure as rows of the table VALUES (see tables)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from gongkai.model.documents import Cell, Fields, Indicator, IndicatorTable, Record, Table, TotalRow
from gongkai.model.publication import Disclosure
from gongkai.model.recomputed import NO_CONTRADICTIONS, Contradictions
from gongkai.model.terms import Role
from gongkai.model.values import MONEY_UNITS, Comparison, ValueState
from gongkai.reading.front_matter import split_paragraphs
from gongkai.runtime.fast_tuples import build_tuple

TEXT_FIELD = "正文"
"""栏目 of the paragraphs of a narrative report."""
_LABELS = {None: ""} | {
    member: member.value for enum in (Role, ValueState, Comparison) for member in enum
}
"""Labels of enum members; a lookup is three times faster than `member.value`."""


class ValueRow(NamedTuple):
    """A value; the fields are the columns of VALUES, in the same order."""

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
    """Exact decimal as text; empty if the filed value is not a number."""
    measure: str
    comparison: str
    sequence: int
    computed: str = ""
    """复算值 or the value elsewhere; empty unless it differs."""


class DocumentRows(NamedTuple):
    """A document and its values."""

    record: Record
    rows: tuple[ValueRow, ...]


def iter_document_rows(
    disclosure: Disclosure, contradictions: Contradictions = NO_CONTRADICTIONS
) -> Iterator[DocumentRows]:
    """Yield the documents of a disclosure with their values, in the order of the model.

    `sequence` counts over the whole disclosure, from 1.
    """
    names = {project.slug: project.name for project in disclosure.projects}
    count = 0
    for record in disclosure.all_records:
        project = names.get(record.project, "")
        rows = tuple(_rows(disclosure, record, project, count + 1, contradictions))
        count += len(rows)
        yield DocumentRows(record, rows)


def decimal_text(number: Decimal | None) -> str:
    """Format a number with its trailing zeros (292.30), without exponent; empty for None."""
    text = "" if number is None else str(number)
    return f"{number:f}" if "E" in text else text


def _rows(
    disclosure: Disclosure,
    record: Record,
    project_name: str,
    sequence: int,
    contradictions: Contradictions,
) -> Iterator[ValueRow]:
    slug, name, year = disclosure.unit.slug, disclosure.unit.facts.name, disclosure.year
    attachment, project_slug = disclosure.attachment_number(record.form.kind), record.project
    kind, form = record.form.kind.value, record.form.id
    start = len(record.name) + 1
    for role, cells in _lines(record):
        row_role, row_path = _LABELS[role], None
        for spec, (_, state, exact, measure, comparison, _), _, where, filed, _ in cells:
            key = spec.key
            converted, unit = exact, measure
            if exact is not None and spec.money and spec.money != record.form.money:
                size = MONEY_UNITS[record.form.money] / MONEY_UNITS[spec.money]
                converted, unit = (exact * size).normalize(), spec.money
            if row_path is None:
                row_path = where[start : -len(key) - 1]
            row = (
                slug,
                name,
                year,
                attachment,
                kind,
                form,
                project_slug,
                project_name,
                row_path,
                key,
                row_role,
                _LABELS[spec.role],
                filed,
                _LABELS[state],
                "" if converted is None else decimal_text(converted),
                unit,
                _LABELS[comparison],
                sequence,
                contradictions[where].computed if where in contradictions else "",
            )
            yield build_tuple(ValueRow, row)
            sequence += 1
    for number, text in enumerate(split_paragraphs(record.body) if record.body else (), start=1):
        yield ValueRow(
            unit=slug,
            unit_name=name,
            year=year,
            attachment=attachment,
            kind=kind,
            form=form,
            project=project_slug,
            project_name=project_name,
            item=f"第{number}段",
            field=TEXT_FIELD,
            row_role="",
            role="",
            filed=text,
            state=ValueState.FILED.value,
            number="",
            measure="",
            comparison="",
            sequence=sequence + number - 1,
        )


def _lines(record: Record) -> list[tuple[Role | None, Iterable[Cell]]]:
    """Return (role of the row, cells) for every row of a document."""
    lines: list[tuple[Role | None, Iterable[Cell]]] = []
    for section in record.sections:
        match section:
            case Fields() | TotalRow():
                lines.append((None, section.cells.values()))
            case Table():
                lines += [(row.spec.role, row.cells.values()) for row in section.rows]
                lines += [(None, block.cells.values()) for block in section.blocks]
            case IndicatorTable():
                _add_indicators(section.roots, lines)
    lines.append((None, record.sign_off.values()))
    return lines


def _add_indicators(
    nodes: Iterable[Indicator], lines: list[tuple[Role | None, Iterable[Cell]]]
) -> None:
    for node in nodes:
        lines.append((None, (node.name,)))
        if node.cells:
            lines.append((None, node.cells.values()))
        _add_indicators(node.children, lines)
