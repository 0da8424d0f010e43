"""JSON Schemas (2020-12) of the JSON files, generated from the shapes."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from gongkai.exports.open_data.json_files import API_ROOT
from gongkai.exports.open_data.list_shapes import (
    ChangePage,
    FormFile,
    FormPage,
    Index,
    MonthPage,
    RecordPage,
    UnitFile,
    UnitPage,
    YearFile,
)
from gongkai.exports.open_data.shapes import DECIMAL_PATTERN, Record
from gongkai.exports.open_data.tables import VALUES, Column, ColumnType
from gongkai.model.values import ValueState

JsonSchema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES: Mapping[str, type] = {
    "index": Index,
    "record": Record,
    "unit": UnitFile,
    "unit-page": UnitPage,
    "year": YearFile,
    "record-page": RecordPage,
    "form": FormFile,
    "form-page": FormPage,
    "month-page": MonthPage,
    "change-page": ChangePage,
}
"""Shape of every kind of file, by schema name."""
_COLUMN_TYPES: Mapping[ColumnType, JsonSchema] = {
    ColumnType.TEXT: {"type": "string"},
    ColumnType.WHOLE: {"type": "integer"},
    ColumnType.DECIMAL: {"type": "string", "pattern": DECIMAL_PATTERN},
    ColumnType.DATE: {"type": "string", "format": "date"},
}
_FIRST_VALUE_COLUMN = 8
"""Columns of VALUES before this index describe the document, the others the value itself."""
_ABSENT = "空的字段不出现在文件里；以后可能增加字段，请忽略不认识的字段。"


@cache
def json_schemas() -> Mapping[str, JsonSchema]:
    """Return every schema by name; a schema contains all definitions that it refers to."""
    return {name: _schema(shape) for name, shape in SHAPES.items()}


def schema_path(name: str) -> str:
    """Return the path of a schema file, from the site's root."""
    return f"{API_ROOT}schemas/{name}.json"


def _schema(shape: type) -> JsonSchema:
    schema = _simplify(TypeAdapter(shape).json_schema())
    schema["description"] = f"{schema['description']}{_ABSENT}"
    if document := schema.get("$defs", {}).get("Document"):
        document["properties"]["values"]["items"] = {"$ref": "#/$defs/Value"}
        schema["$defs"]["Value"] = value_schema()
    return {"$schema": DIALECT, **schema}


def value_schema() -> JsonSchema:
    """Return the schema of one value of a document, made from columns of VALUES."""
    columns = VALUES.columns[_FIRST_VALUE_COLUMN:]
    properties = {column.name: _column_schema(column) for column in columns}
    properties["state"]["enum"] = [state.value for state in ValueState]
    return {
        "type": "object",
        "title": "值",
        "description": "公开件里的一个值，照填报的原样，旁边是程序读出的数字。",
        "properties": properties,
        "required": [column.name for column in columns if column.required],
    }


def _column_schema(column: Column) -> JsonSchema:
    return {**_COLUMN_TYPES[column.type], "title": column.title, "description": column.description}


def _simplify(schema: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Remove null types and defaults from a schema: files never contain either."""
    if isinstance(schema, list):
        return [_simplify(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    simplified = {key: _simplify(value) for key, value in schema.items() if key != "default"}
    if alternatives := simplified.pop("anyOf", None):
        (only,) = (option for option in alternatives if option != {"type": "null"})
        simplified = {**only, **simplified}
    return simplified
