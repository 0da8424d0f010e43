"""What is wrong with a form in itself: sums of rows that do not exist, points that do not add up."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from generator.faults import Fault, missing, repeated, unknown_words
from generator.forms import WORDS, Earning, Form
from generator.indicator_faults import indicators, points, totals
from generator.loading import DOCUMENT_KEYS
from generator.nodes import Mapping as MappingNode
from generator.problems import BROKEN_FORM, Level, Position, Problem
from generator.schema import places
from generator.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    RowSpec,
    TableSpec,
    braces,
)
from generator.terms import Grade
from generator.values import Kind


def form_problems(form: Form, node: MappingNode) -> list[Problem]:
    """What is wrong with a form, at the lines of its file (or of the form that it inherits)."""
    where = places(node)
    found = (fault for judge in _JUDGES for fault in judge(form))
    return [
        Problem(BROKEN_FORM, Level.E, _position(where, path, node.position), message)
        for path, message in found
    ]


def _position(where: Mapping[str, Position], path: str, otherwise: Position) -> Position:
    """The place of a path, or of the nearest thing above it that stands in the file."""
    while path and path not in where:
        path = path.rpartition("/")[0]
    return where.get(path, otherwise)


def _columns(form: Form) -> Iterator[tuple[str, tuple[FieldSpec, ...]]]:
    """All lists of fields and columns, each with its path."""
    for number, part in enumerate(form.sections):
        match part:
            case FieldsSpec():
                yield f"部分/{number}/项", part.fields
            case TableSpec():
                yield f"部分/{number}/列", part.columns
                for place, block in enumerate(part.blocks):
                    yield f"部分/{number}/分解/{place}/行", block.rows
            case _:
                yield f"部分/{number}/列", part.columns


def _twice(form: Form) -> Iterator[Fault]:
    top: list[tuple[str, tuple[str, ...]]] = [(f"标题/{key}", (key,)) for key in DOCUMENT_KEYS]
    for number, part in enumerate(form.sections):
        if part.key:
            top.append((f"部分/{number}/键", (part.key, *part.aliases)))
        elif isinstance(part, FieldsSpec):
            top += _named(f"部分/{number}/项", part.fields)
        if isinstance(part, TableSpec):
            blocks = [
                (f"部分/{number}/分解/{n}/键", (each.key,)) for n, each in enumerate(part.blocks)
            ]
            yield from repeated([*_named(f"部分/{number}/行", part.rows), *blocks])
        elif isinstance(part, IndicatorsSpec):
            yield from repeated(_named(f"部分/{number}/层级", part.levels))
    yield from repeated(top)
    for path, specs in _columns(form):
        yield from repeated(_named(path, specs))


def _named(path: str, specs: Iterable[object]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (f"{path}/{number}/键", (each.key, *each.aliases))  # type: ignore[attr-defined]
        for number, each in enumerate(specs)
    ]


def _fields(form: Form) -> Iterator[Fault]:
    for path, specs in _columns(form):
        keys = [each.key for each in specs]
        for number, spec in enumerate(specs):
            here = f"{path}/{number}"
            if spec.kind is Kind.CHOICE and not spec.choices:
                yield here, f"“{spec.key}”的类型是选择，却没有“选项”；请列出可选的答案"
            if spec.boxes and "框" not in braces(spec.boxes):
                yield f"{here}/勾选", "“勾选”里要有 {框}，例如 {序号}、{选项}{框}"
            yield from unknown_words(f"{here}/勾选", spec.boxes, ("序号", "选项", "框"))
            yield from unknown_words(f"{here}/标签", spec.label, WORDS)
            yield from _pattern(f"{here}/格式", spec.pattern)
            yield from missing(f"{here}/合计", "合计的列", spec.parts, keys)


def _pattern(path: str, pattern: str) -> Iterator[Fault]:
    try:
        re.compile(pattern)
    except re.error:
        yield path, f"“{pattern}”不是合法的正则表达式；请核对括号与反斜杠"


def _rows(form: Form) -> Iterator[Fault]:
    for number, part in enumerate(form.sections):
        if not isinstance(part, TableSpec):
            continue
        keys = [row.key for row in part.rows]
        columns = [column.key for column in part.columns]
        parents = {row.key: (row.parent,) if row.parent else () for row in part.rows}
        parts = {row.key: row.parts for row in part.rows}
        for place, row in enumerate(part.rows):
            here = f"部分/{number}/行/{place}"
            yield from missing(f"{here}/合计", "合计的行", row.parts, keys)
            yield from missing(f"{here}/上级", "上级的行", parents[row.key], keys)
            yield from missing(f"{here}/印", "印字的列", row.printed, columns)
            yield from unknown_words(f"{here}/标签", row.label, (*WORDS, "序号", "名称"))
            yield from _circle(f"{here}/合计", "合计", row, parts)
            yield from _circle(f"{here}/上级", "上级", row, parents)


def _circle(
    path: str, what: str, row: RowSpec, below: Mapping[str, Sequence[str]]
) -> Iterator[Fault]:
    reached, waiting = set[str](), list(below.get(row.key, ()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(below.get(name, ()))
    if row.key in reached:
        yield path, f"“{row.key}”的{what}绕回了它自己；请改掉其中一处"


def _bands(form: Form) -> Iterator[Fault]:
    lowest = [form.grades[grade] for grade in Grade if grade in form.grades]
    if lowest != sorted(set(lowest), reverse=True):
        yield "等级", "等级的最低分应从优到差依次降低；请核对"
    execution = form.execution
    if execution and (execution.earning is Earning.BY_BANDS) != bool(execution.bands):
        yield "执行率/计分", "“计分: 分档”与“档”要同时写；请补上或删去其中一项"
    for number, band in enumerate(form.quality_bands):
        if band.lowest > band.highest:
            yield f"定性档位/{number}", f"“{band.name}”的至少大于至多；请对调"
    scope = form.scope
    if scope.first_year and scope.last_year and scope.first_year > scope.last_year:
        yield "适用/年度止", "“年度止”早于“年度起”；请核对"
    yield from unknown_words("标题", form.title, WORDS)


_JUDGES: tuple[Callable[[Form], Iterator[Fault]], ...] = (
    _twice,
    _fields,
    _rows,
    indicators,
    points,
    totals,
    _bands,
)
