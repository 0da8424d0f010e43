"""Shapes of the API's list files (see shapes): units, years, records, forms, changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import Field

from gongkai.exports.open_data.shapes import (
    DateText,
    DecimalText,
    SchemaUrl,
    Slug,
    Unit,
    UriReference,
    Version,
    api_field,
)
from gongkai.model.figures import EXPORTED_FIGURES, RATE, FigureKind
from gongkai.model.forms import Form
from gongkai.model.recomputed import RECOMPUTED_FIGURES
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

AliasedSchema = Annotated[SchemaUrl, Field(alias="$schema")]
_Shape = TypeVar("_Shape")
_FIGURES = sorted(EXPORTED_FIGURES, key=lambda figure: figure is RATE)
"""Figures of the API; since its first edition the rate follows the unit of money."""
_DECIMAL_KINDS = {FigureKind.POINTS, FigureKind.MONEY, FigureKind.COUNT}
NextPage = Annotated[UriReference, api_field("下一页", "最后一页没有")]
PageUrl = Annotated[UriReference, api_field("网页")]


@dataclass(frozen=True, slots=True)
class Counts:
    """全站有多少。"""

    units: Annotated[int, api_field("单位数")]
    records: Annotated[int, api_field("公开件数", "一个单位一个年度是一件")]
    projects: Annotated[int, api_field("项目数")]
    changes: Annotated[int, api_field("更正数")]


@dataclass(frozen=True, slots=True)
class Lists:
    """各列表的第一页；下一页的地址在 next 里。"""

    units: Annotated[UriReference, api_field("单位")]
    forms: Annotated[UriReference, api_field("表式")]
    changes: Annotated[UriReference, api_field("更正", "按月份")]


@dataclass(frozen=True, slots=True)
class YearLink:
    """一个年度。"""

    year: Annotated[int, api_field("年度")]
    url: PageUrl
    data: Annotated[UriReference, api_field("数据", "years/{year}.json")]


@dataclass(frozen=True, slots=True)
class Index:
    """接口的入口：有什么、在哪里、按什么条件使用、承诺什么。"""

    schema: AliasedSchema
    version: Version
    title: Annotated[str, api_field("网站名称")]
    publisher: Annotated[str, api_field("主办单位")]
    url: PageUrl
    promise: Annotated[str, api_field("承诺", "哪些不会变")]
    handbook: Annotated[UriReference, api_field("接口手册", "网页")]
    dictionary: Annotated[UriReference, api_field("数据字典", "网页")]
    openapi: Annotated[UriReference, api_field("OpenAPI 3.1 描述")]
    lists: Annotated[Lists, api_field("列表", "各列表的第一页")]
    years: Annotated[tuple[YearLink, ...], api_field("年度", "从早到晚")]
    counts: Counts
    record_template: Annotated[
        str, api_field("公开件的地址", "把 {unit} 换成单位代号，{year} 换成年度；相对于这个文件")
    ]
    licence: Annotated[str, api_field("许可", "按什么条件使用这些数据")] = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """单位列表里的一个单位。"""

    slug: Slug
    name: Annotated[str, api_field("名称")]
    url: PageUrl
    data: Annotated[UriReference, api_field("数据", "units/{unit}.json")]
    years: Annotated[tuple[int, ...], api_field("已公开的年度", "从早到晚")]
    department: Annotated[str, api_field("主管部门")] = ""
    level: Annotated[str, api_field("级别")] = ""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """单位列表的一页，按代号排列。"""

    schema: AliasedSchema
    version: Version
    units: Annotated[tuple[UnitLine, ...], api_field("单位")]
    next: NextPage = ""


def _with_figures(shape: type[_Shape]) -> type[_Shape]:
    """Add the exported figures to a shape, as texts that are left out if empty."""
    for figure in _FIGURES:
        text = DecimalText if figure.kind in _DECIMAL_KINDS else str
        field = api_field(figure.term, figure.api_note)
        shape.__annotations__[figure.name] = Annotated[text, field]
        setattr(shape, figure.name, "")
    for figure in RECOMPUTED_FIGURES:
        field = api_field(f"复算的{figure.term}", "与填报的不一致时才有")
        shape.__annotations__[f"{figure.name}_computed"] = Annotated[str, field]
        setattr(shape, f"{figure.name}_computed", "")
    return shape


@dataclass(frozen=True, slots=True)
@_with_figures
class RecordLine:
    """公开件列表里的一件，及其主要数字；金额以 money 为单位。"""

    unit: Annotated[str, api_field("单位代号")]
    unit_name: Annotated[str, api_field("单位")]
    year: Annotated[int, api_field("年度")]
    url: PageUrl
    data: Annotated[UriReference, api_field("数据", "这个公开件的 index.json")]
    projects: Annotated[int, api_field("项目数")]
    published: Annotated[DateText, api_field("发布日期")] = ""


def figure_fields(texts: Iterable[str], computed: Iterable[str]) -> dict[str, str]:
    """Return the texts of EXPORTED_FIGURES and RECOMPUTED_FIGURES as fields of a RecordLine."""
    names = (
        *(figure.name for figure in EXPORTED_FIGURES),
        *(f"{figure.name}_computed" for figure in RECOMPUTED_FIGURES),
    )
    return dict(zip(names, (*texts, *computed), strict=True))


@dataclass(frozen=True, slots=True)
class UnitFile:
    """一个单位，及其全部公开件。"""

    schema: AliasedSchema
    version: Version
    url: PageUrl
    unit: Annotated[Unit, api_field("单位")]
    records: Annotated[tuple[RecordLine, ...], api_field("公开件", "从早到晚")]


@dataclass(frozen=True, slots=True)
class YearFile:
    """一个年度。"""

    schema: AliasedSchema
    version: Version
    year: Annotated[int, api_field("年度")]
    url: PageUrl
    first: Annotated[UriReference, api_field("公开件", "列表的第一页")]
    units: Annotated[int, api_field("单位数", "公开了这个年度自评的单位")]
    projects: Annotated[int, api_field("项目数")]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """一个年度的公开件列表的一页，按单位代号排列。"""

    schema: AliasedSchema
    version: Version
    year: Annotated[int, api_field("年度")]
    records: Annotated[tuple[RecordLine, ...], api_field("公开件")]
    next: NextPage = ""


@dataclass(frozen=True, slots=True)
class FormLine:
    """表式列表里的一张表。"""

    id: Annotated[str, api_field("代号", "data/forms/ 下的文件名，永不改变")]
    name: Annotated[str, api_field("名称")]
    kind: Annotated[str, api_field("文件类型")]
    url: PageUrl
    data: Annotated[UriReference, api_field("数据", "forms/{form}.json")]


@dataclass(frozen=True, slots=True)
class FormPage:
    """表式列表的一页：本站的公开件用到的表式。"""

    schema: AliasedSchema
    version: Version
    forms: Annotated[tuple[FormLine, ...], api_field("表式")]
    next: NextPage = ""


@dataclass(frozen=True, slots=True)
class Month:
    """有更正的一个月。"""

    month: Annotated[str, api_field("月份", "例如 2023-07", pattern=r"^\d{4}-\d{2}$")]
    count: Annotated[int, api_field("更正数")]
    first: Annotated[UriReference, api_field("更正", "列表的第一页")]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """有更正的月份，从早到晚。"""

    schema: AliasedSchema
    version: Version
    months: Annotated[tuple[Month, ...], api_field("月份")]
    next: NextPage = ""


@dataclass(frozen=True, slots=True)
class Change:
    """公开以后的一处改动。"""

    date: Annotated[DateText, api_field("日期")]
    kind: Annotated[
        str, api_field("性质", "勘误；或者 改动、新增、删去：从版本记录看出来的，没有勘误")
    ]
    unit: Annotated[str, api_field("单位代号")]
    unit_name: Annotated[str, api_field("单位")]
    year: Annotated[int, api_field("年度")]
    url: PageUrl
    data: Annotated[UriReference, api_field("数据", "这个公开件的 index.json")]
    where: Annotated[str, api_field("位置", "文件名/行/栏目")]
    old: Annotated[str, api_field("原值")] = ""
    new: Annotated[str, api_field("新值")] = ""
    reason: Annotated[str, api_field("原因")] = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """一个月的更正的一页，按日期排列。"""

    schema: AliasedSchema
    version: Version
    month: Annotated[str, api_field("月份", "例如 2023-07", pattern=r"^\d{4}-\d{2}$")]
    changes: Annotated[tuple[Change, ...], api_field("更正")]
    next: NextPage = ""


SIGN_OFF = "填报"
"""行 of the fields above and below the tables (填表人, 填报日期 …)."""
_ROW_NAME = FieldSpec.model_validate({"键": "名称", "必填": "是"})
"""Field that names a row where the form allows any number of rows."""
_MEASURES = {Kind.POINTS: "分", Kind.RATE: "%", Kind.MEASURED: "随值填写", Kind.NUMBER: "随值填写"}
"""计量单位 by kind of field; amounts use the money unit of the form."""


@dataclass(frozen=True, slots=True)
class FormField:
    """一个栏目。"""

    key: Annotated[str, api_field("键", "就是逐项数据里的 field")]
    label: Annotated[str, api_field("标签", "印在表上的字；花括号里的由年度、单位等代入")]
    type: Annotated[
        str, api_field("类型", "文本、长文、金额、数量、分数、百分比、指标值、日期、选择")
    ]
    role: Annotated[str, api_field("含义", "就是逐项数据里的 role")] = ""
    english: Annotated[str, api_field("英文名", "含义的英文名")] = ""
    unit: Annotated[str, api_field("计量单位")] = ""
    choices: Annotated[tuple[str, ...], api_field("选项")] = ()
    required: Annotated[bool, api_field("必填")] = False
    multiple: Annotated[bool, api_field("多选", "可以选几个，填报值里用“、”隔开")] = False


@dataclass(frozen=True, slots=True)
class FormRow:
    """表里印好的一行。"""

    key: Annotated[str, api_field("键")]
    label: Annotated[str, api_field("标签")]
    role: Annotated[str, api_field("含义", "就是逐项数据里的 row_role")] = ""
    english: Annotated[str, api_field("英文名", "含义的英文名")] = ""
    parent: Annotated[str, api_field("上级", "这一行是它的一部分")] = ""
    repeated: Annotated[bool, api_field("可有多行", "例如 一个项目一行")] = False


@dataclass(frozen=True, slots=True)
class FormSection:
    """表的一个部分。"""

    name: Annotated[str, api_field("名称", "逐项数据里“行”的开头；表头、表尾的栏目为空")]
    label: Annotated[str, api_field("标签", "印在表上的字")]
    shape: Annotated[str, api_field("形式", "填写项、行列表、分解、指标表、合计行")]
    fields: Annotated[tuple[FormField, ...], api_field("栏目")]
    rows: Annotated[tuple[FormRow, ...], api_field("行")] = ()
    levels: Annotated[tuple[str, ...], api_field("指标层级", "从上到下")] = ()


@dataclass(frozen=True, slots=True)
class FormFile:
    """一张表式：有哪些部分、栏目、行，各是什么意思。"""

    schema: AliasedSchema
    version: Version
    url: PageUrl
    id: Annotated[str, api_field("代号", "data/forms/ 下的文件名，永不改变")]
    name: Annotated[str, api_field("名称")]
    kind: Annotated[str, api_field("文件类型")]
    title: Annotated[str, api_field("标题", "印在表上的标题；花括号里的由年度、单位等代入")]
    source: Annotated[str, api_field("来源", "规定或登载这张表的文件")]
    money: Annotated[str, api_field("金额单位", "元、万元或亿元")]
    sections: Annotated[tuple[FormSection, ...], api_field("部分")]
    total_points: Annotated[DecimalText, api_field("满分")] = ""
    region: Annotated[str, api_field("适用地区")] = ""


def form_sections(form: Form) -> Iterator[FormSection]:
    """Yield the sections of a form in its order, breakdowns and the sign-off as separate sections."""
    for spec in form.sections:
        yield from _section(spec, form)
    if keys := form.sign_off_keys:
        fields = tuple(FormField(key, key, Kind.TEXT.value) for key in keys)
        yield FormSection(SIGN_OFF, "表头、表尾的填写项", "填写项", fields)


def _section(spec: SectionSpec, form: Form) -> Iterator[FormSection]:
    match spec:
        case FieldsSpec():
            yield FormSection(spec.key, spec.printed_label, spec.shape, _fields(spec.fields, form))
        case TableSpec():
            rows = tuple(map(_row, spec.rows))
            name_field = (_ROW_NAME,) if any(row.is_open for row in spec.rows) else ()
            columns = _fields((*name_field, *spec.columns), form)
            yield FormSection(spec.key, spec.printed_label, spec.shape, columns, rows)
            for block in spec.blocks:
                name = f"{spec.key}/{block.key}"
                yield FormSection(name, block.label or block.key, "分解", _fields(block.rows, form))
        case IndicatorsSpec():
            levels = tuple(level.key for level in spec.levels)
            level_fields = [FieldSpec.model_validate({"键": key, "必填": "是"}) for key in levels]
            fields = _fields((*level_fields, *spec.columns), form)
            yield FormSection(spec.key, spec.printed_label, spec.shape, fields, (), levels)
        case TotalSpec():
            yield FormSection(spec.key, spec.printed_label, spec.shape, _fields(spec.columns, form))


def _fields(specs: Iterable[FieldSpec], form: Form) -> tuple[FormField, ...]:
    return tuple(_field(spec, form) for spec in specs)


def _field(spec: FieldSpec, form: Form) -> FormField:
    return FormField(
        key=spec.key,
        label=spec.label or spec.key,
        type=spec.kind.value,
        role=spec.role.value if spec.role else "",
        english=english_name(spec.role),
        unit=spec.money or form.money if spec.kind is Kind.AMOUNT else _MEASURES.get(spec.kind, ""),
        choices=spec.choices,
        required=spec.required,
        multiple=spec.has_several,
    )


def _row(spec: RowSpec) -> FormRow:
    role = spec.role.value if spec.role else ""
    label = spec.label or spec.key
    return FormRow(spec.key, label, role, english_name(spec.role), spec.parent, spec.is_open)


def english_name(role: Role | None) -> str:
    """Return the English name of a role; empty for no role."""
    return role.name.lower() if role else ""
