"""What is wrong with a form in itself: sums of rows that do not exist, points that do not add up."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.model.forms import WORDS, Earning, Form
from gongkai.model.nodes import Mapping as MappingNode
from gongkai.model.problems import BROKEN_FORM, Level, Position, Problem
from gongkai.model.schema import nearest, places
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    PresetSpec,
    RowSpec,
    TableSpec,
    TotalSpec,
    braces,
)
from gongkai.model.terms import Grade
from gongkai.model.values import Kind, plain
from gongkai.reading.document import DOCUMENT_KEYS

Fault = tuple[str, str]
"""Where in the form's file, as a path of keys and numbers, and what is wrong there."""


def repeated(named: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Fault]:
    """Names that stand twice; each thing is given with its path and all its names."""
    seen: set[str] = set()
    for path, names in named:
        for name in names:
            if name in seen:
                yield path, f"“{name}”用了两次，填报时分不清；请改掉一处的“键”或“别名”"
        seen.update(names)


def unknown_words(path: str, label: str, known: Sequence[str]) -> Iterator[Fault]:
    """Words in braces that nothing stands for."""
    for word in braces(label):
        if word not in known:
            yield path, f"不认识 {{{word}}}；{nearest(word, known)}"


def missing(path: str, what: str, names: Iterable[str], known: Sequence[str]) -> Iterator[Fault]:
    """Names of things that do not exist."""
    for name in names:
        if name not in known:
            yield path, f"{what}“{name}”不存在；{nearest(name, known)}"


def indicators(form: Form) -> Iterator[Fault]:
    """Levels, columns and presets that do not fit together."""
    for number, part in enumerate(form.sections):
        if not isinstance(part, IndicatorsSpec):
            continue
        levels = [each.key for each in part.levels]
        columns = [each.key for each in part.columns]
        here = f"部分/{number}"
        if part.levels[-1].block:
            yield f"{here}/层级", "最末一级是指标本身，不能写“分块: 是”"
            return
        worded = " ".join([*(each.wording for each in part.levels), *_labels(part.presets)])
        for place, spec in enumerate(part.columns):
            at = f"{here}/列/{place}"
            if spec.level:
                yield from missing(f"{at}/层级", "层级", [spec.level], levels)
            if not spec.own_column and spec.key not in braces(worded):
                yield f"{at}/单列", f"“{spec.key}”不单列，就要在层级的“写法”里印出 {{{spec.key}}}"
        for place, level in enumerate(part.levels):
            yield from unknown_words(
                f"{here}/层级/{place}/写法", level.wording, ("名称", *WORDS, *columns)
            )
        depth = len(part.levels) - part.first
        yield from _presets(f"{here}/一级", part.presets, columns, depth)
        if form.complete:
            yield from _points_below(f"{here}/一级", part.presets)


def _labels(presets: Iterable[PresetSpec]) -> Iterator[str]:
    for each in presets:
        yield each.label
        yield from _labels(each.children)


def _presets(
    path: str, presets: Sequence[PresetSpec], columns: Sequence[str], depth: int
) -> Iterator[Fault]:
    yield from repeated((f"{path}/{n}/名称", (each.name,)) for n, each in enumerate(presets))
    for number, each in enumerate(presets):
        here = f"{path}/{number}"
        yield from unknown_words(f"{here}/标签", each.label, ("名称", *WORDS, *columns))
        yield from missing(f"{here}/印", "印字的列", each.printed, columns)
        if each.children and depth == 1:
            yield f"{here}/下级", f"“{each.name}”已在最末一级，不能再有下级；请核对“层级”"
        yield from _presets(f"{here}/下级", each.children, columns, depth - 1)


def _points_below(path: str, presets: Sequence[PresetSpec]) -> Iterator[Fault]:
    for number, each in enumerate(presets):
        yield from _points_of(f"{path}/{number}", each)
        yield from _points_below(f"{path}/{number}/下级", each.children)


def _points_of(path: str, preset: PresetSpec) -> Iterator[Fault]:
    below = [each.points for each in preset.children if each.points is not None]
    computed = sum(below, Decimal(0))
    if preset.points is None or len(below) < len(preset.children) or not below:
        return
    if computed != preset.points:
        yield (
            f"{path}/分值",
            f"“{preset.name}”的分值是 {plain(preset.points)}，下级合计为 {plain(computed)}；请核对",
        )


def points(form: Form) -> Iterator[Fault]:
    """Points of the level-1 indicators that do not come to the form's 总分."""
    trees = [part for part in form.sections if isinstance(part, IndicatorsSpec)]
    presets = [each.points for part in trees for each in part.presets]
    given = [points for points in presets if points is not None]
    if form.total_points is None or not form.complete or not given or len(given) < len(presets):
        return
    rate = form.execution.points if form.execution else None
    computed = sum(given, rate or Decimal(0))
    if computed != form.total_points:
        parts = f"执行率 {plain(rate)} 与" if rate else ""
        yield (
            "总分",
            f"总分是 {plain(form.total_points)}，{parts}各一级指标分值合计为 {plain(computed)}；请核对",
        )


def totals(form: Form) -> Iterator[Fault]:
    """Totals that would stand under no column."""
    columns: list[str] = []
    for number, part in enumerate(form.sections):
        if isinstance(part, IndicatorsSpec):
            columns = [each.key for each in part.columns if each.own_column]
        elif isinstance(part, TotalSpec) and columns:
            for place, spec in enumerate(part.columns):
                path = f"部分/{number}/列/{place}/{'对齐' if spec.under else '键'}"
                yield from missing(path, "合计行所对齐的列", [spec.under or spec.key], columns)


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
