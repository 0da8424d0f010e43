"""The JSON Schemas (2020-12) of every JSON file of the open data, made of the shapes."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from gongkai.exports.open_data.json_files import API
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
from gongkai.exports.open_data.shapes import NUMBER, Record
from gongkai.exports.open_data.tables import VALUES, Column, Type
from gongkai.model.values import State

Schema = dict[str, Any]
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
"""What each kind of file holds, by the name of its schema."""
_TYPES: Mapping[Type, Schema] = {
    Type.TEXT: {"type": "string"},
    Type.WHOLE: {"type": "integer"},
    Type.DECIMAL: {"type": "string", "pattern": NUMBER},
    Type.DATE: {"type": "string", "format": "date"},
}
_OF_VALUE = 8
"""From this column on they tell of the value itself; those before tell of its document."""
_ABSENT = "空的字段不出现在文件里；以后可能增加字段，请忽略不认识的字段。"


@cache
def schemas() -> Mapping[str, Schema]:
    """Every schema by its name, each whole in itself."""
    return {name: _schema(shape) for name, shape in SHAPES.items()}


def schema_path(name: str) -> str:
    """Where a schema lies."""
    return f"{API}schemas/{name}.json"


def _schema(shape: type) -> Schema:
    made = _plain(TypeAdapter(shape).json_schema())
    made["description"] = f"{made['description']}{_ABSENT}"
    if document := made.get("$defs", {}).get("Document"):
        document["properties"]["values"]["items"] = {"$ref": "#/$defs/Value"}
        made["$defs"]["Value"] = value_schema()
    return {"$schema": DIALECT, **made}


def value_schema() -> Schema:
    """One value of a document, by the columns that tell of it."""
    columns = VALUES.columns[_OF_VALUE:]
    properties = {each.name: _column(each) for each in columns}
    properties["state"]["enum"] = [each.value for each in State]
    return {
        "type": "object",
        "title": "值",
        "description": "公开件里的一个值，照填报的原样，旁边是程序读出的数字。",
        "properties": properties,
        "required": [each.name for each in columns if each.required],
    }


def _column(column: Column) -> Schema:
    return {**_TYPES[column.type], "title": column.title, "description": column.about}


def _plain(schema: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Without null, which no file holds, without defaults, which are not written."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: _plain(value) for key, value in schema.items() if key != "default"}
    if some := told.pop("anyOf", None):
        (only,) = (each for each in some if each != {"type": "null"})
        told = {**only, **told}
    return told
