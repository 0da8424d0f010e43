"""The OpenAPI 3.1 document and the JSON Schema files of the API."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from gongkai.exports.open_data.api import PROMISE
from gongkai.exports.open_data.api_pages import Asset, lazy_asset
from gongkai.exports.open_data.json_files import API_ROOT, API_VERSION
from gongkai.exports.open_data.records import RECORD_FILE, resolve_url
from gongkai.exports.open_data.schemas import (
    DIALECT,
    SHAPES,
    JsonSchema,
    json_schemas,
    schema_path,
)
from gongkai.model.publication import Site

OPENAPI_PATH = f"{API_ROOT}openapi.json"
"""From the site's root."""


class Endpoint(NamedTuple):
    """A kind of JSON file, as an operation of the API."""

    path: str
    """From the site's root, with parameters in braces."""
    schema: str
    """Name of its JSON Schema; empty for the schema files themselves."""
    operation_id: str
    summary: str


ENDPOINTS = (
    Endpoint(f"{API_ROOT}index.json", "index", "getIndex", "入口：有什么、在哪里、承诺什么"),
    Endpoint(f"{API_ROOT}units/pages/{{page}}.json", "unit-page", "listUnits", "单位列表"),
    Endpoint(f"{API_ROOT}units/{{unit}}.json", "unit", "getUnit", "一个单位，及其全部公开件"),
    Endpoint(f"{API_ROOT}years/{{year}}.json", "year", "getYear", "一个年度"),
    Endpoint(
        f"{API_ROOT}years/{{year}}/pages/{{page}}.json",
        "record-page",
        "listRecords",
        "一个年度的公开件，及其主要数字",
    ),
    Endpoint(
        f"units/{{unit}}/{{year}}/{RECORD_FILE}",
        "record",
        "getRecord",
        "一个公开件自己的各表和报告",
    ),
    Endpoint(
        f"units/{{unit}}/{{year}}/projects/{{project}}/{RECORD_FILE}",
        "record",
        "getProject",
        "公开件中一个项目的各表",
    ),
    Endpoint(f"{API_ROOT}forms/pages/{{page}}.json", "form-page", "listForms", "用到的表式"),
    Endpoint(f"{API_ROOT}forms/{{form}}.json", "form", "getForm", "一张表式的全部栏目"),
    Endpoint(f"{API_ROOT}changes/pages/{{page}}.json", "month-page", "listMonths", "有更正的月份"),
    Endpoint(
        f"{API_ROOT}changes/{{month}}/pages/{{page}}.json",
        "change-page",
        "listChanges",
        "一个月的更正",
    ),
    Endpoint(f"{API_ROOT}schemas/{{schema}}.json", "", "getSchema", "一种文件的 JSON Schema"),
)
"""Every kind of JSON file covered by the API's compatibility promise."""
_PARAMETERS: Mapping[str, tuple[str, JsonSchema]] = {
    "unit": ("单位代号", {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}),
    "project": ("项目代号", {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}),
    "form": ("表式代号", {"type": "string"}),
    "year": ("年度", {"type": "integer"}),
    "month": ("月份，例如 2023-07", {"type": "string", "pattern": r"^\d{4}-\d{2}$"}),
    "page": ("第几页，从 1 起；下一页的地址在 next 里", {"type": "integer", "minimum": 1}),
    "schema": ("格式名", {"type": "string", "enum": sorted(SHAPES)}),
}
_ABOUT = (
    "全部内容是静态文件：用 GET 读取，不需要密钥，没有次数限制。"
    "文件里的地址是完整的网址，或者相对于文件自己的网址（RFC 3986）。"
    "数都是文本，是填报的精确小数（292.30 的 0 保留），请用十进制小数读取。"
)


def description_assets(site: Site, site_url: str) -> Iterator[Asset]:
    """Yield openapi.json and the JSON Schema files."""
    inputs = (site.name, site.licence, site_url)
    yield lazy_asset(OPENAPI_PATH, partial(openapi_document, site, site_url), inputs)
    for name in SHAPES:
        yield lazy_asset(schema_path(name), partial(_schema_file, name, site_url), inputs)


def openapi_document(site: Site, site_url: str) -> JsonSchema:
    """Return the content of openapi.json."""
    info: JsonSchema = {
        "title": f"{site.name}：开放数据接口",
        "version": API_VERSION,
        "description": f"{_ABOUT}\n\n{PROMISE}",
    }
    if site.licence:
        info["license"] = {"name": site.licence}
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": resolve_url("", site_url, OPENAPI_PATH), "description": "本站"}],
        "paths": {f"/{endpoint.path}": {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {"schemas": dict(sorted(_components().items()))},
    }


def _schema_file(name: str, site_url: str) -> JsonSchema:
    """Return a JSON Schema, with its URL as `$id` if the site's URL is known."""
    schema_id = {"$id": resolve_url(schema_path(name), site_url, "")} if site_url else {}
    return {"$schema": DIALECT, **schema_id, **json_schemas()[name]}


def _operation(endpoint: Endpoint) -> JsonSchema:
    shape: JsonSchema = {"type": "object"}
    if endpoint.schema:
        shape = {"$ref": f"#/components/schemas/{SHAPES[endpoint.schema].__name__}"}
    content = {"application/json": {"schema": shape}}
    operation: JsonSchema = {
        "operationId": endpoint.operation_id,
        "summary": endpoint.summary,
        "responses": {
            "200": {"description": endpoint.summary, "content": content},
            "404": {"description": "没有这个文件"},
        },
    }
    names = re.findall(r"\{(\w+)\}", endpoint.path)
    if names:
        operation["parameters"] = [_parameter(name) for name in names]
    return operation


def _parameter(name: str) -> JsonSchema:
    description, schema = _PARAMETERS[name]
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


def _components() -> dict[str, JsonSchema]:
    """Return every object schema by class name."""
    components: dict[str, JsonSchema] = {}
    for name, schema in json_schemas().items():
        body = {key: value for key, value in schema.items() if key not in {"$schema", "$defs"}}
        definitions = {**schema.get("$defs", {}), SHAPES[name].__name__: body}
        components |= {key: _with_component_refs(value) for key, value in definitions.items()}
    return components


def _with_component_refs(schema: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Return a schema whose references point to `#/components/schemas/`."""
    if isinstance(schema, list):
        return [_with_component_refs(value) for value in schema]
    if isinstance(schema, dict):
        return {key: _with_component_refs(value) for key, value in schema.items()}
    return (
        schema.replace("#/$defs/", "#/components/schemas/") if isinstance(schema, str) else schema
    )
