"""What the lists of the API hold (see shapes): units, years, records, forms, changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from gongkai.exports.open_data.shapes import (
    Day,
    Exact,
    Schema,
    Slug,
    Unit,
    Version,
    Way,
    told,
)
from gongkai.model.forms import Form
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    RowSpec,
    SectionSpec,
    TableSpec,
    TotalSpec,
)
from gongkai.model.terms import Role
from gongkai.model.values import Kind

Schema_ = Annotated[Schema, Field(alias="$schema")]
Next = Annotated[Way, told("下一页", "最后一页没有")]
Page = Annotated[Way, told("网页")]


@dataclass(frozen=True, slots=True)
class Counts:
    """全站有多少。"""

    units: Annotated[int, told("单位数")]
    records: Annotated[int, told("公开件数", "一个单位一个年度是一件")]
    projects: Annotated[int, told("项目数")]
    changes: Annotated[int, told("更正数")]


@dataclass(frozen=True, slots=True)
class Lists:
    """各列表的第一页；下一页的地址在 next 里。"""

    units: Annotated[Way, told("单位")]
    forms: Annotated[Way, told("表式")]
    changes: Annotated[Way, told("更正", "按月份")]


@dataclass(frozen=True, slots=True)
class YearLink:
    """一个年度。"""

    year: Annotated[int, told("年度")]
    url: Page
    data: Annotated[Way, told("数据", "years/{year}.json")]


@dataclass(frozen=True, slots=True)
class Index:
    """接口的入口：有什么、在哪里、按什么条件使用、承诺什么。"""

    schema: Schema_
    version: Version
    title: Annotated[str, told("网站名称")]
    publisher: Annotated[str, told("主办单位")]
    url: Page
    promise: Annotated[str, told("承诺", "哪些不会变")]
    handbook: Annotated[Way, told("接口手册", "网页")]
    dictionary: Annotated[Way, told("数据字典", "网页")]
    openapi: Annotated[Way, told("OpenAPI 3.1 描述")]
    lists: Annotated[Lists, told("列表", "各列表的第一页")]
    years: Annotated[tuple[YearLink, ...], told("年度", "从早到晚")]
    counts: Counts
    record_template: Annotated[
        str, told("公开件的地址", "把 {unit} 换成单位代号，{year} 换成年度；相对于这个文件")
    ]
    licence: Annotated[str, told("许可", "按什么条件使用这些数据")] = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """单位列表里的一个单位。"""

    slug: Slug
    name: Annotated[str, told("名称")]
    url: Page
    data: Annotated[Way, told("数据", "units/{unit}.json")]
    years: Annotated[tuple[int, ...], told("已公开的年度", "从早到晚")]
    department: Annotated[str, told("主管部门")] = ""
    level: Annotated[str, told("级别")] = ""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """单位列表的一页，按代号排列。"""

    schema: Schema_
    version: Version
    units: Annotated[tuple[UnitLine, ...], told("单位")]
    next: Next = ""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """公开件列表里的一件，及其主要数字；金额以 money 为单位。"""

    unit: Annotated[str, told("单位代号")]
    unit_name: Annotated[str, told("单位")]
    year: Annotated[int, told("年度")]
    url: Page
    data: Annotated[Way, told("数据", "这个公开件的 index.json")]
    projects: Annotated[int, told("项目数")]
    published: Annotated[Day, told("发布日期")] = ""
    score: Annotated[Exact, told("自评得分")] = ""
    points: Annotated[Exact, told("满分")] = ""
    grade: Annotated[str, told("等级", "填报的；没有填报的，按表式的分档")] = ""
    initial: Annotated[Exact, told("年初预算数")] = ""
    budget: Annotated[Exact, told("全年预算数", "没有的，是年初预算数")] = ""
    spent: Annotated[Exact, told("全年执行数")] = ""
    money: Annotated[str, told("金额单位", "元、万元或亿元")] = ""
    rate: Annotated[str, told("执行率", "填报的原文，例如 100%")] = ""


@dataclass(frozen=True, slots=True)
class UnitFile:
    """一个单位，及其全部公开件。"""

    schema: Schema_
    version: Version
    url: Page
    unit: Annotated[Unit, told("单位")]
    records: Annotated[tuple[RecordLine, ...], told("公开件", "从早到晚")]


@dataclass(frozen=True, slots=True)
class YearFile:
    """一个年度。"""

    schema: Schema_
    version: Version
    year: Annotated[int, told("年度")]
    url: Page
    first: Annotated[Way, told("公开件", "列表的第一页")]
    units: Annotated[int, told("单位数", "公开了这个年度自评的单位")]
    projects: Annotated[int, told("项目数")]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """一个年度的公开件列表的一页，按单位代号排列。"""

    schema: Schema_
    version: Version
    year: Annotated[int, told("年度")]
    records: Annotated[tuple[RecordLine, ...], told("公开件")]
    next: Next = ""


@dataclass(frozen=True, slots=True)
class FormLine:
    """表式列表里的一张表。"""

    id: Annotated[str, told("代号", "data/forms/ 下的文件名，永不改变")]
    name: Annotated[str, told("名称")]
    kind: Annotated[str, told("文件类型")]
    url: Page
    data: Annotated[Way, told("数据", "forms/{form}.json")]


@dataclass(frozen=True, slots=True)
class FormPage:
    """表式列表的一页：本站的公开件用到的表式。"""

    schema: Schema_
    version: Version
    forms: Annotated[tuple[FormLine, ...], told("表式")]
    next: Next = ""


@dataclass(frozen=True, slots=True)
class Month:
    """有更正的一个月。"""

    month: Annotated[str, told("月份", "例如 2023-07", pattern=r"^\d{4}-\d{2}$")]
    count: Annotated[int, told("更正数")]
    first: Annotated[Way, told("更正", "列表的第一页")]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """有更正的月份，从早到晚。"""

    schema: Schema_
    version: Version
    months: Annotated[tuple[Month, ...], told("月份")]
    next: Next = ""


@dataclass(frozen=True, slots=True)
class Change:
    """公开以后的一处改动。"""

    date: Annotated[Day, told("日期")]
    kind: Annotated[str, told("性质", "勘误；或者 改动、新增、删去：从版本记录看出来的，没有勘误")]
    unit: Annotated[str, told("单位代号")]
    unit_name: Annotated[str, told("单位")]
    year: Annotated[int, told("年度")]
    url: Page
    data: Annotated[Way, told("数据", "这个公开件的 index.json")]
    where: Annotated[str, told("位置", "文件名/行/栏目")]
    old: Annotated[str, told("原值")] = ""
    new: Annotated[str, told("新值")] = ""
    reason: Annotated[str, told("原因")] = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """一个月的更正的一页，按日期排列。"""

    schema: Schema_
    version: Version
    month: Annotated[str, told("月份", "例如 2023-07", pattern=r"^\d{4}-\d{2}$")]
    changes: Annotated[tuple[Change, ...], told("更正")]
    next: Next = ""


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
