"""A form as the API and the data dictionary tell it: which fields it has, and what they hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from generator.forms import Form
from generator.opendata.api_shapes import Page, Schema_
from generator.opendata.shapes import Exact, Version, told
from generator.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    RowSpec,
    SectionSpec,
    TableSpec,
    TotalSpec,
)
from generator.terms import Role
from generator.values import Kind

SIGN_OFF = "填报"
"""行 of what is filled in above and below the tables (填表人, 填报日期 …)."""
_OPEN_NAME = FieldSpec.model_validate({"键": "名称", "必填": "是"})
"""What each of the rows is called where there may be several (see loading)."""
_MEASURES = {Kind.POINTS: "分", Kind.RATE: "%", Kind.MEASURED: "随值填写", Kind.NUMBER: "随值填写"}
"""计量单位 by what a field holds; amounts have the form's."""


@dataclass(frozen=True, slots=True)
class FormField:
    """一个栏目。"""

    key: Annotated[str, told("键", "就是逐项数据里的 field")]
    label: Annotated[str, told("标签", "印在表上的字；花括号里的由年度、单位等代入")]
    type: Annotated[str, told("类型", "文本、长文、金额、数量、分数、百分比、指标值、日期、选择")]
    role: Annotated[str, told("含义", "就是逐项数据里的 role")] = ""
    english: Annotated[str, told("英文名", "含义的英文名")] = ""
    unit: Annotated[str, told("计量单位")] = ""
    choices: Annotated[tuple[str, ...], told("选项")] = ()
    required: Annotated[bool, told("必填")] = False


@dataclass(frozen=True, slots=True)
class FormRow:
    """表里印好的一行。"""

    key: Annotated[str, told("键")]
    label: Annotated[str, told("标签")]
    role: Annotated[str, told("含义", "就是逐项数据里的 row_role")] = ""
    english: Annotated[str, told("英文名", "含义的英文名")] = ""
    parent: Annotated[str, told("上级", "这一行是它的一部分")] = ""
    repeated: Annotated[bool, told("可有多行", "例如 一个项目一行")] = False


@dataclass(frozen=True, slots=True)
class FormSection:
    """表的一个部分。"""

    name: Annotated[str, told("名称", "逐项数据里“行”的开头；表头、表尾的栏目为空")]
    label: Annotated[str, told("标签", "印在表上的字")]
    shape: Annotated[str, told("形式", "填写项、行列表、分解、指标表、合计行")]
    fields: Annotated[tuple[FormField, ...], told("栏目")]
    rows: Annotated[tuple[FormRow, ...], told("行")] = ()
    levels: Annotated[tuple[str, ...], told("指标层级", "从上到下")] = ()


@dataclass(frozen=True, slots=True)
class FormFile:
    """一张表式：有哪些部分、栏目、行，各是什么意思。"""

    schema: Schema_
    version: Version
    url: Page
    id: Annotated[str, told("代号", "data/forms/ 下的文件名，永不改变")]
    name: Annotated[str, told("名称")]
    kind: Annotated[str, told("文件类型")]
    title: Annotated[str, told("标题", "印在表上的标题；花括号里的由年度、单位等代入")]
    source: Annotated[str, told("来源", "规定或登载这张表的文件")]
    money: Annotated[str, told("金额单位", "元、万元或亿元")]
    sections: Annotated[tuple[FormSection, ...], told("部分")]
    total_points: Annotated[Exact, told("满分")] = ""
    region: Annotated[str, told("适用地区")] = ""


def form_sections(form: Form) -> Iterator[FormSection]:
    """The parts of a form, in its order; breakdowns and the sign-off are parts of their own."""
    for part in form.sections:
        yield from _section(part, form)
    if keys := form.sign_off_keys:
        fields = tuple(FormField(key, key, Kind.TEXT.value) for key in keys)
        yield FormSection(SIGN_OFF, "表头、表尾的填写项", "填写项", fields)


def _section(part: SectionSpec, form: Form) -> Iterator[FormSection]:
    match part:
        case FieldsSpec():
            yield FormSection(part.key, part.printed, part.shape, _fields(part.fields, form))
        case TableSpec():
            rows = tuple(map(_row, part.rows))
            named = (_OPEN_NAME,) if any(each.open for each in part.rows) else ()
            columns = _fields((*named, *part.columns), form)
            yield FormSection(part.key, part.printed, part.shape, columns, rows)
            for each in part.blocks:
                name = f"{part.key}/{each.key}"
                yield FormSection(name, each.label or each.key, "分解", _fields(each.rows, form))
        case IndicatorsSpec():
            levels = tuple(each.key for each in part.levels)
            own = [FieldSpec.model_validate({"键": key, "必填": "是"}) for key in levels]
            fields = _fields((*own, *part.columns), form)
            yield FormSection(part.key, part.printed, part.shape, fields, (), levels)
        case TotalSpec():
            yield FormSection(part.key, part.printed, part.shape, _fields(part.columns, form))


def _fields(specs: Iterable[FieldSpec], form: Form) -> tuple[FormField, ...]:
    return tuple(_field(each, form) for each in specs)


def _field(spec: FieldSpec, form: Form) -> FormField:
    return FormField(
        key=spec.key,
        label=spec.label or spec.key,
        type=spec.kind.value,
        role=spec.role.value if spec.role else "",
        english=english(spec.role),
        unit=form.money if spec.kind is Kind.AMOUNT else _MEASURES.get(spec.kind, ""),
        choices=spec.choices,
        required=spec.required,
    )


def _row(spec: RowSpec) -> FormRow:
    role = spec.role.value if spec.role else ""
    label = spec.label or spec.key
    return FormRow(spec.key, label, role, english(spec.role), spec.parent, spec.open)


def english(role: Role | None) -> str:
    """The English name of what a field or row means; empty for none."""
    return role.name.lower() if role else ""
