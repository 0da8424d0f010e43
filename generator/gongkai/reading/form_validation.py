"""Consistency checks on forms: sums of unknown rows, points that do not add up, name clashes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.model.choices import SEPARATORS
from gongkai.model.forms import LABEL_PLACEHOLDERS, Earning, Form
from gongkai.model.linear_patterns import PatternError, compile_pattern
from gongkai.model.nodes import MappingNode
from gongkai.model.problems import BROKEN_FORM, Level, Position, Problem
from gongkai.model.schema import find_key_positions, suggest_nearest
from gongkai.model.specs import (
    BOX,
    CHOICE,
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    LevelSpec,
    PresetSpec,
    RowSpec,
    TableSpec,
    TotalSpec,
    placeholder_names,
    value_fields,
)
from gongkai.model.terms import DocumentKind, Grade
from gongkai.model.values import Kind, format_decimal
from gongkai.reading.form_plan import DOCUMENT_KEYS

FormFault = tuple[str, str]
"""Key path in the form's file (keys and numbers), and the Chinese message."""


def _duplicate_names(entries: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[FormFault]:
    """Yield names that are used twice; an entry is a key path with all its names."""
    seen: set[str] = set()
    for path, names in entries:
        for name in names:
            if name in seen:
                yield path, f"“{name}”用了两次，填报时分不清；请改掉一处的“键”或“别名”"
        seen.update(names)


def _unknown_words(path: str, label: str, known: Sequence[str]) -> Iterator[FormFault]:
    """Yield unknown placeholders of a label."""
    for word in placeholder_names(label):
        if word not in known:
            yield path, f"不认识 {{{word}}}；{suggest_nearest(word, known)}"


def _unknown_names(
    path: str, what: str, names: Iterable[str], known: Sequence[str]
) -> Iterator[FormFault]:
    """Yield names that are not known; `what` says what they name."""
    for name in names:
        if name not in known:
            yield path, f"{what}“{name}”不存在；{suggest_nearest(name, known)}"


def _check_indicators(form: Form) -> Iterator[FormFault]:
    """Check that levels, columns and presets of indicator tables fit together."""
    for number, part in enumerate(form.sections):
        if not isinstance(part, IndicatorsSpec):
            continue
        levels = [level.key for level in part.levels]
        columns = [column.key for column in part.columns]
        part_path = f"部分/{number}"
        if part.levels[-1].is_block:
            yield f"{part_path}/层级", "最末一级是指标本身，不能写“分块: 是”"
            return
        labels = " ".join(
            [*(level.name_format for level in part.levels), *_preset_labels(part.presets)]
        )
        for index, spec in enumerate(part.columns):
            path = f"{part_path}/列/{index}"
            if spec.level:
                yield from _unknown_names(f"{path}/层级", "层级", [spec.level], levels)
            if spec.is_beside_level and not spec.level:
                yield (
                    f"{path}/随层级",
                    f"“{spec.key}”随层级印，要写明是哪一级，例如 层级: {levels[0]}",
                )
            if not spec.has_own_column and spec.key not in placeholder_names(labels):
                yield f"{path}/单列", f"“{spec.key}”不单列，就要在层级的“写法”里印出 {{{spec.key}}}"
        for index, level in enumerate(part.levels):
            yield from _unknown_words(
                f"{part_path}/层级/{index}/写法",
                level.name_format,
                ("名称", *LABEL_PLACEHOLDERS, *columns),
            )
        depth = len(part.levels) - part.first_level
        yield from _check_presets(f"{part_path}/一级", part.presets, columns, depth)
        if form.is_complete:
            yield from _check_points_below(f"{part_path}/一级", part.presets)


def _preset_labels(presets: Iterable[PresetSpec]) -> Iterator[str]:
    for preset in presets:
        yield preset.label
        yield from _preset_labels(preset.children)


def _check_presets(
    path: str, presets: Sequence[PresetSpec], columns: Sequence[str], depth: int
) -> Iterator[FormFault]:
    yield from _duplicate_names(
        (f"{path}/{number}/名称", (preset.name,)) for number, preset in enumerate(presets)
    )
    for number, preset in enumerate(presets):
        preset_path = f"{path}/{number}"
        yield from _unknown_words(
            f"{preset_path}/标签", preset.label, ("名称", *LABEL_PLACEHOLDERS, *columns)
        )
        yield from _unknown_names(f"{preset_path}/印", "印字的列", preset.printed, columns)
        if preset.children and depth == 1:
            yield f"{preset_path}/下级", f"“{preset.name}”已在最末一级，不能再有下级；请核对“层级”"
        yield from _check_presets(f"{preset_path}/下级", preset.children, columns, depth - 1)


def _check_points_below(path: str, presets: Sequence[PresetSpec]) -> Iterator[FormFault]:
    for number, preset in enumerate(presets):
        yield from _check_preset_points(f"{path}/{number}", preset)
        yield from _check_points_below(f"{path}/{number}/下级", preset.children)


def _check_preset_points(path: str, preset: PresetSpec) -> Iterator[FormFault]:
    points = [child.points for child in preset.children if child.points is not None]
    computed = sum(points, Decimal(0))
    if preset.points is None or len(points) < len(preset.children) or not points:
        return
    if computed != preset.points:
        yield (
            f"{path}/分值",
            f"“{preset.name}”的分值是 {format_decimal(preset.points)}，下级合计为 {format_decimal(computed)}；请核对",
        )


def _check_points(form: Form) -> Iterator[FormFault]:
    """Check that the points of the level-1 indicators add up to the form's 总分."""
    trees = [part for part in form.sections if isinstance(part, IndicatorsSpec)]
    presets = [preset for tree in trees for preset in tree.presets]
    points = [preset.points for preset in presets if preset.points is not None]
    if (
        form.total_points is None
        or not trees
        or not form.is_complete
        or not all(tree.presets for tree in trees)
        or len(points) < len(presets)
    ):
        return
    rate = form.execution.points if form.execution else None
    computed = sum(points, rate or Decimal(0))
    if computed != form.total_points:
        parts = f"执行率 {format_decimal(rate)} 与" if rate else ""
        yield (
            "总分",
            f"总分是 {format_decimal(form.total_points)}，{parts}各一级指标分值合计为 {format_decimal(computed)}；请核对",
        )


def _check_totals(form: Form) -> Iterator[FormFault]:
    """Check that the cells of the total row (合计行) are aligned with existing columns."""
    columns: list[str] = []
    for number, part in enumerate(form.sections):
        if isinstance(part, IndicatorsSpec):
            columns = [column.key for column in part.columns if column.has_own_column]
        elif isinstance(part, TotalSpec) and columns:
            for index, spec in enumerate(part.columns):
                path = f"部分/{number}/列/{index}/{'对齐' if spec.aligned_with else '键'}"
                yield from _unknown_names(
                    path, "合计行所对齐的列", [spec.aligned_with or spec.key], columns
                )


def check_form(form: Form, node: MappingNode) -> list[Problem]:
    """Check a form; positions are in its own file or in that of a form it inherits from."""
    positions = find_key_positions(node)
    faults = (fault for check in _CHECKS for fault in check(form))
    return [
        Problem(BROKEN_FORM, Level.E, _nearest_position(positions, path, node.position), message)
        for path, message in faults
    ]


def _nearest_position(positions: Mapping[str, Position], path: str, default: Position) -> Position:
    """Return the position of a key path, or of its nearest parent that is in the file."""
    while path and path not in positions:
        path = path.rpartition("/")[0]
    return positions.get(path, default)


def _field_lists(form: Form) -> Iterator[tuple[str, tuple[FieldSpec, ...]]]:
    """Yield all lists of fields and columns, as the form prints them, with their key paths."""
    for number, part in enumerate(form.sections):
        match part:
            case FieldsSpec():
                yield f"部分/{number}/项", part.printed_fields
            case TableSpec():
                yield f"部分/{number}/列", part.printed_columns
                for index, block in enumerate(part.blocks):
                    yield f"部分/{number}/分解/{index}/行", block.rows
            case _:
                yield f"部分/{number}/列", part.columns


def _check_names(form: Form) -> Iterator[FormFault]:
    top_level: list[tuple[str, tuple[str, ...]]] = [
        (f"标题/{key}", (key,)) for key in DOCUMENT_KEYS
    ]
    for number, part in enumerate(form.sections):
        if part.key:
            top_level.append((f"部分/{number}/键", (part.key, *part.aliases)))
        elif isinstance(part, FieldsSpec):
            top_level += _names_by_path(f"部分/{number}/项", part.printed_fields)
        if isinstance(part, TableSpec):
            blocks = [
                (f"部分/{number}/分解/{index}/键", (block.key,))
                for index, block in enumerate(part.blocks)
            ]
            yield from _duplicate_names([*_names_by_path(f"部分/{number}/行", part.rows), *blocks])
        elif isinstance(part, IndicatorsSpec):
            yield from _duplicate_names(_names_by_path(f"部分/{number}/层级", part.levels))
    yield from _duplicate_names(top_level)
    for path, specs in _field_lists(form):
        yield from _duplicate_names(_names_by_path(path, specs))


def _names_by_path(
    path: str, specs: Iterable[FieldSpec | RowSpec | LevelSpec]
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the names of specs, and of the blanks in their cells, by key path."""
    names: list[tuple[str, tuple[str, ...]]] = []
    for number, spec in enumerate(specs):
        names.append((f"{path}/{number}/键", (spec.key, *spec.aliases)))
        if isinstance(spec, FieldSpec):
            names += _names_by_path(f"{path}/{number}/空格", spec.blanks)
    return names


def _check_fields(form: Form) -> Iterator[FormFault]:
    parts = enumerate(form.sections) if form.kind is not DocumentKind.REPORT else ()
    names = {FieldsSpec: "项", TableSpec: "列"}
    with_blanks = {
        f"部分/{number}/{names[type(part)]}" for number, part in parts if type(part) in names
    }
    for path, specs in _field_lists(form):
        keys = [spec.key for spec in value_fields(specs)]
        for number, spec in enumerate(specs):
            field_path = f"{path}/{number}"
            yield from _check_blanks(field_path, spec, is_allowed=path in with_blanks)
            yield from _check_field(field_path, spec, keys)
            for index, blank in enumerate(spec.blanks):
                yield from _check_field(f"{field_path}/空格/{index}", blank, keys)


def _check_field(path: str, spec: FieldSpec, keys: Sequence[str]) -> Iterator[FormFault]:
    if spec.kind is Kind.CHOICE and not spec.choices:
        yield path, f"“{spec.key}”的类型是选择，却没有“选项”；请列出可选的答案"
    yield from _check_boxes(path, spec)
    yield from _unknown_words(f"{path}/标签", spec.label, LABEL_PLACEHOLDERS)
    yield from _check_pattern(f"{path}/格式", spec.pattern)
    yield from _unknown_names(f"{path}/合计", "合计的列", spec.parts, keys)


_KEYS_OF_SHARED_CELLS = frozenset({
    "key", "aliases", "label", "shows_label", "heading", "is_same_row", "cell_format", "blanks"
})  # fmt: skip
"""Keys of a cell with several blanks; what belongs to a value is stated for every blank."""


def _check_blanks(path: str, spec: FieldSpec, *, is_allowed: bool) -> Iterator[FormFault]:
    """Check that the printed text of a cell with several blanks has each of them once."""
    if not spec.blanks:
        if spec.cell_format:
            yield f"{path}/写法", f"“{spec.key}”写了“写法”，却没有“空格”；请列出花括号里的各项"
        return
    if not is_allowed:
        fault = "“空格”只用在填写项的“项”和行列表的“列”里，部门自评报告里不用；请分成几项写"
        yield f"{path}/空格", fault
    placeholders = placeholder_names(spec.cell_format)
    keys = [blank.key for blank in spec.blanks]
    yield from _unknown_words(f"{path}/写法", spec.cell_format, (*LABEL_PLACEHOLDERS, *keys))
    for index, blank in enumerate(spec.blanks):
        if placeholders.count(blank.key) != 1:
            fault = f"“写法”里要有一个 {{{blank.key}}}，这里有 {placeholders.count(blank.key)} 个"
            yield f"{path}/空格/{index}", fault
        if blank.blanks or blank.cell_format:
            yield f"{path}/空格/{index}", f"“{blank.key}”已经是空格，不能再写“空格”“写法”"
    if "}{" in spec.cell_format:
        yield f"{path}/写法", "两个空格之间要有文字，否则分不清各填的是什么"
    fields = type(spec).model_fields
    misplaced = [
        fields[name].alias or name for name in sorted(spec.model_fields_set - _KEYS_OF_SHARED_CELLS)
    ]
    if misplaced:
        names = "、".join(f"“{name}”" for name in misplaced)
        yield f"{path}/{misplaced[0]}", f"“{spec.key}”有几个空格，{names}要写在各个空格里"


def _check_boxes(path: str, spec: FieldSpec) -> Iterator[FormFault]:
    """Check how a form prints the answers of a choice."""
    placeholders = placeholder_names(spec.choice_format)
    yield from _unknown_words(f"{path}/勾选", spec.choice_format, ("序号", CHOICE, BOX))
    if spec.choice_format and BOX not in placeholders:
        yield f"{path}/勾选", "“勾选”里要有 {框}，例如 {序号}、{选项}{框}"
    elif spec.choice_format and spec.has_whole_format:
        boxes, choices = placeholders.count(BOX), len(spec.choices)
        if boxes != choices:
            fault = f"“勾选”里有 {boxes} 个 {{框}}，选项有 {choices} 个；请每个选项写一个 {{框}}，"
            yield f"{path}/勾选", f"{fault}或写一个选项的样子，例如 {{选项}}{{框}}"
    if len(spec.boxes) != 2 or len(set(spec.boxes)) != 2:  # noqa: PLR2004 - ticked and not
        yield f"{path}/框", "“框”要写两个不同的字样：先写勾上的，再写没有勾的，例如 [√, □]"
    for name in ("多选", "勾选") if not spec.choices else ():
        if spec.has_several if name == "多选" else spec.choice_format:
            yield f"{path}/{name}", f"“{spec.key}”写了“{name}”，却没有“选项”；请列出可选的答案"
    for choice in spec.choices if spec.has_several else ():
        if SEPARATORS.search(choice):
            yield (
                f"{path}/选项",
                f"“多选”的选项里不能有顿号、逗号、分号、斜杠、空格，这里是“{choice}”；请改写",
            )


def _check_pattern(path: str, pattern: str) -> Iterator[FormFault]:
    try:
        compile_pattern(pattern)
    except PatternError as error:
        yield path, f"“{pattern}”{error}"


def _check_rows(form: Form) -> Iterator[FormFault]:
    for number, part in enumerate(form.sections):
        if not isinstance(part, TableSpec):
            continue
        keys = [row.key for row in part.rows]
        columns = [column.key for column in (*part.columns, *part.printed_columns)]
        parents = {row.key: (row.parent,) if row.parent else () for row in part.rows}
        parts = {row.key: row.parts for row in part.rows}
        for index, row in enumerate(part.rows):
            row_path = f"部分/{number}/行/{index}"
            yield from _unknown_names(f"{row_path}/合计", "合计的行", row.parts, keys)
            yield from _unknown_names(f"{row_path}/上级", "上级的行", parents[row.key], keys)
            yield from _unknown_names(f"{row_path}/印", "印字的列", row.printed, columns)
            yield from _unknown_words(
                f"{row_path}/标签", row.label, (*LABEL_PLACEHOLDERS, "序号", "名称")
            )
            yield from _check_circle(f"{row_path}/合计", "合计", row, parts)
            yield from _check_circle(f"{row_path}/上级", "上级", row, parents)


def _check_circle(
    path: str, what: str, row: RowSpec, children: Mapping[str, Sequence[str]]
) -> Iterator[FormFault]:
    reached, pending = set[str](), list(children.get(row.key, ()))
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending.extend(children.get(name, ()))
    if row.key in reached:
        yield path, f"“{row.key}”的{what}绕回了它自己；请改掉其中一处"


def _check_bands(form: Form) -> Iterator[FormFault]:
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
    yield from _unknown_words("标题", form.title, LABEL_PLACEHOLDERS)


_CHECKS: tuple[Callable[[Form], Iterator[FormFault]], ...] = (
    _check_names,
    _check_fields,
    _check_rows,
    _check_indicators,
    _check_points,
    _check_totals,
    _check_bands,
)
