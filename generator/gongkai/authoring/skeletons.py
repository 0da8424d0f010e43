"""Skeletons of data files: every line of a form, with a hint as a comment."""

from collections.abc import Iterable, Iterator, Sequence

from gongkai.authoring.hints import field_hint
from gongkai.authoring.json_schemas import DOCUMENT_SCHEMA, PROJECT_SCHEMA, SCHEMA_FOLDER
from gongkai.model.forms import Form
from gongkai.model.publication import Catalogue, Region, UnitFacts
from gongkai.model.specs import (
    BlockSpec,
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    LevelSpec,
    PresetSpec,
    RowSpec,
    SectionSpec,
    TableSpec,
    placeholder_names,
)
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import format_decimal
from gongkai.reading.disclosure import PROJECT_DOCUMENTS
from gongkai.reading.form_plan import CHILDREN_KEY

DOCUMENT_FILES = {
    DocumentKind.BASELINE: "baseline.yml",
    DocumentKind.OVERALL: "overall.yml",
    DocumentKind.RUBRIC: "rubric.yml",
    DocumentKind.OVERALL_TARGETS: "targets.yml",
    DocumentKind.REPORT: "report.md",
}
"""File names of a unit's documents."""
_INSTRUCTIONS = "冒号右边（空一格）填内容；# 后面是说明，可以留着。不适用的填“—”，没有的留空。"
_KIND_ORDER = tuple(DocumentKind)


def unit_skeleton(unit: str = "", level: str = "", region: Region | None = None) -> str:
    """Return a new unit.yml with the unit's name, 级别 and 行政区划, as far as they are known."""
    known = {"名称": unit, "级别": level}
    comments = {
        "名称": "单位全称，必填",
        "级别": "省级、市级、县级、乡镇级",
        "主管部门": "主管部门全称",
    }
    lines = [
        schema_modeline("unit", up=2),
        "# 单位基本信息：多年不变的内容写在这里。不知道的留空。",
    ]
    for name, field in UnitFacts.model_fields.items():
        key = field.alias or name
        lines.append(_line(key, comments.get(key, ""), known.get(key, "")))
        if key == "行政区划":
            parts = region.model_dump(by_alias=True) if region else {}
            keys = ("代码", "省", "市", "县")
            lines += [_line(f"  {part}", "", f"{parts.get(part, '')}") for part in keys]
    return _join(lines)


def disclosure_skeleton(unit: str, year: int, forms: Sequence[Form]) -> str:
    """Return a new disclosure.yml for these forms."""
    kinds = sorted({form.kind for form in forms}, key=_KIND_ORDER.index)
    keys = dict.fromkeys(key for form in forms for key in form.sign_off_keys)
    lines = [
        schema_modeline("disclosure", up=3),
        "# 一个年度的公开件：公开目录信息、附件的编号与顺序、各附件共用的落款。",
        f"年度: {year}",
        _line("单位", "单位全称，必填", unit),
        "公开目录:",
    ]
    for name, field in Catalogue.model_fields.items():
        key = field.alias or name
        lines.append(_line(f"  {key}", "必填" if field.is_required() else ""))
    if kinds:
        lines.append("附件:")
    for number, kind in enumerate(kinds, start=1):
        lines += [f"  - 编号: 附件{number}", f"    类型: {kind}"]
    if keys:
        lines.append("填报:  # 各附件共用；某个附件不同的，在那个附件里另写“填报”")
        lines += [f"  {key}:" for key in keys]
    return _join(lines)


def document_skeleton(form: Form) -> str:
    """Return a new file for a unit's document."""
    if form.kind is DocumentKind.REPORT:
        return _report_skeleton(form)
    head = [schema_modeline(DOCUMENT_SCHEMA, up=3), f"# {form.name}", f"# {_INSTRUCTIONS}"]
    return _join([*head, *_document(form, "")])


def project_skeleton(forms: Sequence[Form], name: str) -> str:
    """Return a new project file, with one part per form."""
    lines = [
        schema_modeline(PROJECT_SCHEMA, up=4),
        f"# {_INSTRUCTIONS}",
        _line("项目名称", "项目全称，必填", name),
    ]
    for key, kind in PROJECT_DOCUMENTS.items():
        for form in forms:
            if form.kind is kind:
                lines += [f"{key}:  # {form.name}", *_document(form, "  ", name)]
    return _join(lines)


def _document(form: Form, indent: str, name: str = "") -> Iterator[str]:
    """Yield the lines of a document."""
    yield f"{indent}表式: {form.id}"
    for section in form.sections:
        yield from _section(section, form, indent, name)


def _section(section: SectionSpec, form: Form, indent: str, name: str) -> Iterator[str]:
    """Yield the lines of a section."""
    inner = indent
    if section.key:
        yield _line(f"{indent}{section.key}", "必填" if section.required else "")
        inner = f"{indent}  "
    match section:
        case FieldsSpec():
            yield from _fields(section.fields, form, inner, {Role.PROJECT_NAME: name})
        case TableSpec():
            yield from _table(section, form, inner)
        case IndicatorsSpec():
            yield from _indicators(section, form, inner, 0, section.presets)
        case _:
            points = "" if form.total_points is None else format_decimal(form.total_points)
            yield from _fields(section.columns, form, inner, {Role.POINTS: points})


def _fields(
    specs: Iterable[FieldSpec], form: Form, indent: str, known: dict[Role, str] | None = None
) -> Iterator[str]:
    """Yield one line per field; `known` gives values by role."""
    for spec in specs:
        value = (known or {}).get(spec.role, "") if spec.role else ""
        yield _line(f"{indent}{spec.key}", field_hint(spec, form.money), value)


def _table(table: TableSpec, form: Form, indent: str) -> Iterator[str]:
    """Yield the lines of a table."""
    if not table.rows:
        yield from _fields(table.columns, form, indent)
    for row in table.rows:
        yield from _row(table, row, form, indent)
    for block in table.blocks:
        yield from _block(block, form, indent)


def _row(table: TableSpec, row: RowSpec, form: Form, indent: str) -> Iterator[str]:
    """Yield the lines of a table row."""
    total = f"等于 {' + '.join(row.parts)}" if row.parts else ""
    printed = table.printed_texts(row)
    columns = [column for column in table.columns if column.key not in printed]
    points = form.execution.points if form.execution else None
    known = (
        {Role.POINTS: format_decimal(points)}
        if points is not None and row.role is Role.TOTAL
        else {}
    )
    if row.is_open:
        yield _line(f"{indent}{row.key}", "一项一段；没有的，只留这一行", "")
        yield _line(f"{indent}  - 名称", "必填")
        yield from _fields(columns, form, f"{indent}    ")
        return
    yield _line(f"{indent}{row.key}", total)
    yield from _fields(columns, form, f"{indent}  ", known)


def _block(block: BlockSpec, form: Form, indent: str) -> Iterator[str]:
    """Yield the lines of a breakdown."""
    yield f"{indent}{block.key}:"
    yield from _fields(block.rows, form, f"{indent}  ")


def _indicators(
    section: IndicatorsSpec, form: Form, indent: str, level: int, presets: Sequence[PresetSpec]
) -> Iterator[str]:
    """Yield the indicators of one level: the preprinted ones, or one to copy."""
    spec = section.levels[level]
    if level < section.first_level or not presets:
        yield from _indicator(
            section, form, indent, level, None, presets if level < section.first_level else ()
        )
        return
    for preset in presets:
        yield from _indicator(section, form, indent, level, preset, preset.children)
    if level + 1 == len(section.levels):
        yield f"{indent}# 还有别的{spec.key}，照上面一段的样子接着写"


def _indicator(  # noqa: PLR0913, PLR0917 - an indicator's section, form, level and preset
    section: IndicatorsSpec,
    form: Form,
    indent: str,
    level: int,
    preset: PresetSpec | None,
    child_presets: Sequence[PresetSpec],
) -> Iterator[str]:
    """Yield the lines of one indicator."""
    spec = section.levels[level]
    is_leaf = level + 1 == len(section.levels)
    comment = "" if preset else "名称，必填；有几项就把这一段抄几遍"
    yield _line(f"{indent}- {spec.key}", comment, preset.name if preset else "")
    points = format_decimal(preset.points) if preset and preset.points is not None else ""
    columns = [
        column
        for column in (*section.level_columns(level), *_columns_in_name(section, spec, preset))
        if not preset or column.key not in preset.printed
    ]
    yield from _fields(dict.fromkeys(columns), form, f"{indent}  ", {Role.POINTS: points})
    if not is_leaf:
        yield _line(
            f"{indent}  {CHILDREN_KEY}",
            "" if level < section.first_level else "没有的，连同下面几行删去",
        )
        yield from _indicators(section, form, f"{indent}    ", level + 1, child_presets)


def _columns_in_name(
    section: IndicatorsSpec, level: LevelSpec, preset: PresetSpec | None
) -> list[FieldSpec]:
    """Return the columns whose values are part of the indicator's name."""
    wording = (preset.label if preset else "") or level.name_format
    return [column for column in section.columns if column.key in placeholder_names(wording)]


def _report_skeleton(form: Form) -> str:
    """Return a new narrative report: front matter, and the chapters of the form's outline."""
    lines = ["---", f"# {form.name}：两条横线之间是表头，下面是正文，段落之间空一行。"]
    lines += [*_document(form, ""), "---", ""]
    for chapter in form.outline:
        lines += [f"## {chapter}", ""]
    return _join(lines).rstrip("\n") + "\n"


def _line(key: str, comment: str, value: str = "") -> str:
    """Return a line with a key, a value and a comment."""
    suffix = f"  # {comment}" if comment else ""
    return f"{key}: {_quote(value)}{suffix}" if value else f"{key}:{suffix}"


def _quote(value: str) -> str:
    """Quote a value if YAML would read it differently."""
    is_plain = value == value.strip() and not set(value) & set(":#[]{},&*!|>'\"%@`") and value
    is_safe = is_plain and not value.startswith(("-", "?", "~"))
    return value if is_safe else "'" + value.replace("'", "''") + "'"


def schema_modeline(schema: str, *, up: int) -> str:
    """Return the comment that links a file to its schema; the file is `up` folders below data/."""
    return f"# yaml-language-server: $schema={'../' * up}{SCHEMA_FOLDER}/{schema}.json"


def _join(lines: Iterable[str]) -> str:
    """Join lines to a file."""
    return "\n".join(lines) + "\n"
