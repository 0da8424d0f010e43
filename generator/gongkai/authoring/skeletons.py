"""New files for staff to fill in: every line of a form, with what it wants as a comment."""

from collections.abc import Iterable, Iterator, Sequence

from gongkai.authoring.hints import wanted
from gongkai.authoring.json_schemas import DOCUMENT, FOLDER, PROJECT
from gongkai.model.forms import Form
from gongkai.model.publication import Catalogue, UnitFacts
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
    braces,
)
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import plain
from gongkai.reading.disclosure import PROJECT_DOCUMENTS
from gongkai.reading.indicators import CHILDREN

FILES = {
    DocumentKind.BASELINE: "baseline.yml",
    DocumentKind.OVERALL: "overall.yml",
    DocumentKind.RUBRIC: "rubric.yml",
    DocumentKind.REPORT: "report.md",
}
"""What the file of a unit's document is called."""
_HOW = "冒号右边（空一格）填内容；# 后面是说明，可以留着。不适用的填“—”，没有的留空。"
_ORDER = tuple(DocumentKind)


def unit_skeleton(unit: str = "") -> str:
    """A new unit.yml; `unit` is its name where that is known."""
    asked = {
        "名称": "单位全称，必填",
        "级别": "省级、市级、县级、乡镇级",
        "主管部门": "主管部门全称",
    }
    lines = [
        modeline("unit", up=2),
        "# 单位基本信息：多年不变的内容写在这里。不知道的留空。",
    ]
    for name, field in UnitFacts.model_fields.items():
        key = field.alias or name
        lines.append(_line(key, asked.get(key, ""), unit if key == "名称" else ""))
        if key == "行政区划":
            lines += ["  代码:", "  省:", "  市:", "  县:"]
    return _text(lines)


def disclosure_skeleton(unit: str, year: int, forms: Sequence[Form]) -> str:
    """A new disclosure.yml for these forms."""
    kinds = sorted({form.kind for form in forms}, key=_ORDER.index)
    keys = dict.fromkeys(key for form in forms for key in form.sign_off_keys)
    lines = [
        modeline("disclosure", up=3),
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
    return _text(lines)


def document_skeleton(form: Form) -> str:
    """A new file of a unit's document."""
    if form.kind is DocumentKind.REPORT:
        return _report(form)
    head = [modeline(DOCUMENT, up=3), f"# {form.name}", f"# {_HOW}"]
    return _text([*head, *_document(form, "")])


def project_skeleton(forms: Sequence[Form], name: str) -> str:
    """A new file of one project, with a part for each of its forms."""
    lines = [modeline(PROJECT, up=4), f"# {_HOW}", _line("项目名称", "项目全称，必填", name)]
    for key, kind in PROJECT_DOCUMENTS.items():
        for form in forms:
            if form.kind is kind:
                lines += [f"{key}:  # {form.name}", *_document(form, "  ", name)]
    return _text(lines)


def _document(form: Form, indent: str, name: str = "") -> Iterator[str]:
    yield f"{indent}表式: {form.id}"
    for part in form.sections:
        yield from _section(part, form, indent, name)


def _section(part: SectionSpec, form: Form, indent: str, name: str) -> Iterator[str]:
    inside = indent
    if part.key:
        yield _line(f"{indent}{part.key}", "必填" if part.required else "")
        inside = f"{indent}  "
    match part:
        case FieldsSpec():
            yield from _fields(part.fields, form, inside, {Role.PROJECT_NAME: name})
        case TableSpec():
            yield from _table(part, form, inside)
        case IndicatorsSpec():
            yield from _items(part, form, inside, 0, part.presets)
        case _:
            points = "" if form.total_points is None else plain(form.total_points)
            yield from _fields(part.columns, form, inside, {Role.POINTS: points})


def _fields(
    specs: Iterable[FieldSpec], form: Form, indent: str, filled: dict[Role, str] | None = None
) -> Iterator[str]:
    """One line a field; `filled` gives what is known already, by role."""
    for spec in specs:
        value = (filled or {}).get(spec.role, "") if spec.role else ""
        yield _line(f"{indent}{spec.key}", wanted(spec, form.money), value)


def _table(part: TableSpec, form: Form, indent: str) -> Iterator[str]:
    if not part.rows:
        yield from _fields(part.columns, form, indent)
    for row in part.rows:
        yield from _row(part, row, form, indent)
    for block in part.blocks:
        yield from _block(block, form, indent)


def _row(part: TableSpec, row: RowSpec, form: Form, indent: str) -> Iterator[str]:
    total = f"等于 {' + '.join(row.parts)}" if row.parts else ""
    columns = [each for each in part.columns if each.key not in row.printed]
    fixed = form.execution.points if form.execution else None
    known = {Role.POINTS: plain(fixed)} if fixed is not None and row.role is Role.TOTAL else {}
    if row.open:
        yield _line(f"{indent}{row.key}", "一项一段；没有的，只留这一行", "")
        yield _line(f"{indent}  - 名称", "必填")
        yield from _fields(columns, form, f"{indent}    ")
        return
    yield _line(f"{indent}{row.key}", total)
    yield from _fields(columns, form, f"{indent}  ", known)


def _block(block: BlockSpec, form: Form, indent: str) -> Iterator[str]:
    yield f"{indent}{block.key}:"
    yield from _fields(block.rows, form, f"{indent}  ")


def _items(
    part: IndicatorsSpec, form: Form, indent: str, level: int, presets: Sequence[PresetSpec]
) -> Iterator[str]:
    """The indicators of one level: those that the form prints, or one to copy."""
    spec = part.levels[level]
    if level < part.first or not presets:
        yield from _item(part, form, indent, level, None, presets if level < part.first else ())
        return
    for preset in presets:
        yield from _item(part, form, indent, level, preset, preset.children)
    if level + 1 == len(part.levels):
        yield f"{indent}# 还有别的{spec.key}，照上面一段的样子接着写"


def _item(  # noqa: PLR0913, PLR0917 - one indicator: its table, form, level, what is printed
    part: IndicatorsSpec,
    form: Form,
    indent: str,
    level: int,
    preset: PresetSpec | None,
    below: Sequence[PresetSpec],
) -> Iterator[str]:
    spec = part.levels[level]
    leaf = level + 1 == len(part.levels)
    asked = "" if preset else "名称，必填；有几项就把这一段抄几遍"
    yield _line(f"{indent}- {spec.key}", asked, preset.name if preset else "")
    points = plain(preset.points) if preset and preset.points is not None else ""
    columns = [
        each
        for each in (*part.own(level), *_in_name(part, spec, preset))
        if not preset or each.key not in preset.printed
    ]
    yield from _fields(dict.fromkeys(columns), form, f"{indent}  ", {Role.POINTS: points})
    if not leaf:
        yield _line(
            f"{indent}  {CHILDREN}", "" if level < part.first else "没有的，连同下面几行删去"
        )
        yield from _items(part, form, f"{indent}    ", level + 1, below)


def _in_name(part: IndicatorsSpec, level: LevelSpec, preset: PresetSpec | None) -> list[FieldSpec]:
    wording = (preset.label if preset else "") or level.wording
    return [each for each in part.columns if each.key in braces(wording)]


def _report(form: Form) -> str:
    """A narrative report: its head, and the chapters of the form's outline."""
    lines = ["---", f"# {form.name}：两条横线之间是表头，下面是正文，段落之间空一行。"]
    lines += [*_document(form, ""), "---", ""]
    for chapter in form.outline:
        lines += [f"## {chapter}", ""]
    return _text(lines).rstrip("\n") + "\n"


def _line(key: str, comment: str, value: str = "") -> str:
    told = f"  # {comment}" if comment else ""
    return f"{key}: {_quoted(value)}{told}" if value else f"{key}:{told}"


def _quoted(value: str) -> str:
    """A value as YAML; in quotes where it would mean something else."""
    plain_text = value == value.strip() and not set(value) & set(":#[]{},&*!|>'\"%@`") and value
    safe = plain_text and not value.startswith(("-", "?", "~"))
    return value if safe else "'" + value.replace("'", "''") + "'"


def modeline(schema: str, *, up: int) -> str:
    """The line by which an editor finds the schema, from a file `up` folders below data/."""
    return f"# yaml-language-server: $schema={'../' * up}{FOLDER}/{schema}.json"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
