"""The data dictionary pages: every field of the tables, the JSON files and the forms in use."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gongkai.exports.open_data.api import FormUse, form_page_url
from gongkai.exports.open_data.data_page import DATA_LINK
from gongkai.exports.open_data.form_checks import form_checks
from gongkai.exports.open_data.list_shapes import (
    FormField,
    FormRow,
    FormSection,
    english_name,
    form_sections,
)
from gongkai.exports.open_data.schemas import SHAPES, json_schemas
from gongkai.exports.open_data.shapes import DECIMAL_PATTERN
from gongkai.exports.open_data.tables import TABLES, Column, ColumnType, DataTable
from gongkai.model.forms import Form
from gongkai.model.terms import Role
from gongkai.model.values import format_decimal
from gongkai.pages import page_types
from gongkai.pages.downloads import form_downloads
from gongkai.pages.links import HOME
from gongkai.pages.views.common import Fact, Link, PageHead, PrintedDocument
from gongkai.pages.views.open_data import (
    DictionaryView,
    FieldLine,
    FieldTable,
    FormPart,
    FormView,
)

DICTIONARY_LINK = Link("数据字典", page_types.DICTIONARY.url())
_OBJECTS = {
    "record": (
        "Record",
        "Unit",
        "Region",
        "Catalogue",
        "CatalogueEntry",
        "Document",
        "Explanation",
        "Correction",
    ),
    "unit": ("RecordLine",),
    "change-page": ("Change",),
}
"""Documented objects by schema; those that only wrap lists are described in openapi.json."""
_COLUMN_TYPES = {
    ColumnType.TEXT: "文本",
    ColumnType.WHOLE: "整数",
    ColumnType.DECIMAL: "精确小数",
    ColumnType.DATE: "日期",
}
_JSON_TYPES = {"string": "文本", "integer": "整数", "boolean": "是否", "object": "对象"}
_JSON_FORMATS = {"date": "日期", "uri-reference": "网址"}
_MOST_UNITS = 200
"""Most units that the page of a form lists."""
_UNITS = {
    "number": "见 measure",
    "score": "分",
    "points": "分",
    "initial": "见 money",
    "budget": "见 money",
    "spent": "见 money",
    "rate": "%",
}
"""计量单位 of fields that hold a quantity, by their English name."""


def dictionary_view(forms: Sequence[Form]) -> DictionaryView:
    """Return the page of all tables and JSON objects; every form has a page of its own."""
    return DictionaryView(
        head=PageHead(
            DICTIONARY_LINK.title,
            DICTIONARY_LINK.url,
            "开放数据每个字段的中文名、英文名、类型、计量单位和来源",
            (HOME, DATA_LINK),
        ),
        summary=(
            "CSV 和 Excel 的表头用中文名；JSON 和程序用英文名。",
            "“精确小数”照填报的位数写成文本（292.30 的 0 保留），不要用浮点数读。",
        ),
        tables=tuple(_table(table) for table in TABLES),
        objects=tuple(_objects()),
        roles=tuple((role.value, english_name(role)) for role in Role),
        forms=tuple(form_link(form) for form in forms),
    )


def form_view(form: Form, uses: Sequence[FormUse], blank: PrintedDocument) -> FormView:
    """Return the page of a form; `uses` are the units that filed with it."""
    link = form_link(form)
    points = form.total_points
    return FormView(
        head=PageHead(
            link.title,
            link.url,
            f"{form.name}（{form.id}）的空表、下载、核对的内容和全部栏目",
            (HOME, DATA_LINK, DICTIONARY_LINK),
        ),
        summary=(f"{form.kind.value}，代号 {form.id}，{len(uses)} 个单位用它填报。",),
        facts=(
            Fact("来源", form.source),
            Fact("标题", form.title),
            Fact("适用地区", form.scope.region),
            Fact("金额单位", form.money),
            Fact("满分", "" if points is None else format_decimal(points)),
        ),
        blank=blank,
        outline=form.outline,
        files=form_downloads(form),
        checks=form_checks(form),
        units=tuple(map(_use_link, uses[:_MOST_UNITS])),
        more_units=max(len(uses) - _MOST_UNITS, 0),
        parts=tuple(
            _part(number, section, form)
            for number, section in enumerate(form_sections(form), start=1)
        ),
    )


def newest_year(uses: Iterable[FormUse]) -> int:
    """Return the newest year for which a form was used."""
    return max(year for use in uses for year in use.years)


def _use_link(use: FormUse) -> Link:
    years = "、".join(f"{year}" for year in use.years)
    return Link(f"{use.unit.link.title}（{years}）", use.unit.link.url)


def form_link(form: Form) -> Link:
    """Return a link to a form's page in the data dictionary."""
    return Link(form.name, form_page_url(form.id))


def _table(table: DataTable) -> FieldTable:
    lines = tuple(_column(column) for column in table.columns)
    return FieldTable(
        f"table-{table.name}", f"{table.title}（{table.name}）", table.description, lines
    )


def _column(column: Column) -> FieldLine:
    return FieldLine(
        label=column.title,
        name=column.name,
        type=_COLUMN_TYPES[column.type],
        unit=_UNITS.get(column.name, ""),
        description=column.description,
        is_required=column.required,
    )


def _objects() -> Iterator[FieldTable]:
    for name, objects in _OBJECTS.items():
        schema = json_schemas()[name]
        shapes = {**schema["$defs"], SHAPES[name].__name__: schema}
        yield from (_object(class_name, shapes[class_name]) for class_name in objects)


def _object(name: str, schema: Mapping[str, Any]) -> FieldTable:
    title, _, about = schema["description"].partition("：")
    required = schema.get("required", ())
    lines = (
        FieldLine(
            label=field.get("title", ""),
            name=key,
            type=_type_name(field),
            unit=_UNITS.get(key, ""),
            description=field.get("description", ""),
            is_required=key in required,
        )
        for key, field in schema["properties"].items()
    )
    anchor = f"object-{name.lower()}"
    return FieldTable(anchor, f"{title.rstrip('。')}（{name}）", about, tuple(lines))


def _type_name(field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if field["type"] == "array":
        return f"列表：{_type_name(field['items'])}"
    if field.get("pattern") == DECIMAL_PATTERN:
        return _COLUMN_TYPES[ColumnType.DECIMAL]
    return _JSON_FORMATS.get(field.get("format", ""), _JSON_TYPES[field["type"]])


def _part(number: int, section: FormSection, form: Form) -> FormPart:
    about = f"{form.name}：{section.label}" if section.label else form.name
    title = section.label or "表头"
    lines = tuple(_field(field) for field in section.fields)
    fields = FieldTable(f"part-{number}", title, f"{about}（{section.shape}）", lines)
    return FormPart(fields, tuple(_row(row) for row in section.rows))


def _field(field: FormField) -> FieldLine:
    notes = [field.label] if field.label != field.key else []
    if field.choices:
        advice = "（可选几个）" if field.multiple else ""
        notes.append(f"选项{advice}：{'、'.join(field.choices)}")
    about = "；".join(notes)
    return FieldLine(field.key, field.english, field.type, field.unit, about, field.required)


def _row(row: FormRow) -> FieldLine:
    notes = [row.label] if row.label != row.key else []
    if row.parent:
        notes.append(f"上级：{row.parent}")
    if row.repeated:
        notes.append("可有多行")
    return FieldLine(row.key, row.english, "", "", "；".join(notes))
