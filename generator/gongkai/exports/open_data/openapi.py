"""The description of the API for programs (OpenAPI 3.1), and all files that describe it."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from gongkai.exports.open_data.api import PROMISE
from gongkai.exports.open_data.api_pages import Asset, asset_of
from gongkai.exports.open_data.json_files import API, VERSION
from gongkai.exports.open_data.records import FILE, address
from gongkai.exports.open_data.schemas import DIALECT, SHAPES, Schema, schema_path, schemas
from gongkai.model.publication import Site

PATH = f"{API}openapi.json"


class Endpoint(NamedTuple):
    """One kind of file."""

    path: str
    """From the site's root, with names in braces."""
    schema: str
    """What its schema is called; empty where it is one itself."""
    name: str
    """What programs call the reading of it."""
    summary: str


ENDPOINTS = (
    Endpoint(f"{API}index.json", "index", "getIndex", "入口：有什么、在哪里、承诺什么"),
    Endpoint(f"{API}units/pages/{{page}}.json", "unit-page", "listUnits", "单位列表"),
    Endpoint(f"{API}units/{{unit}}.json", "unit", "getUnit", "一个单位，及其全部公开件"),
    Endpoint(f"{API}years/{{year}}.json", "year", "getYear", "一个年度"),
    Endpoint(
        f"{API}years/{{year}}/pages/{{page}}.json",
        "record-page",
        "listRecords",
        "一个年度的公开件，及其主要数字",
    ),
    Endpoint(
        f"units/{{unit}}/{{year}}/{FILE}", "record", "getRecord", "一个公开件自己的各表和报告"
    ),
    Endpoint(
        f"units/{{unit}}/{{year}}/projects/{{project}}/{FILE}",
        "record",
        "getProject",
        "公开件中一个项目的各表",
    ),
    Endpoint(f"{API}forms/pages/{{page}}.json", "form-page", "listForms", "用到的表式"),
    Endpoint(f"{API}forms/{{form}}.json", "form", "getForm", "一张表式的全部栏目"),
    Endpoint(f"{API}changes/pages/{{page}}.json", "month-page", "listMonths", "有更正的月份"),
    Endpoint(
        f"{API}changes/{{month}}/pages/{{page}}.json",
        "change-page",
        "listChanges",
        "一个月的更正",
    ),
    Endpoint(f"{API}schemas/{{schema}}.json", "", "getSchema", "一种文件的 JSON Schema"),
)
"""Every kind of JSON file that the API promises."""
_PARAMETERS: Mapping[str, tuple[str, Schema]] = {
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


def descriptions(site: Site, site_url: str) -> Iterator[Asset]:
    """openapi.json, and the schemas."""
    told = (site.name, site.licence, site_url)
    yield asset_of(PATH, partial(openapi, site, site_url), told)
    for name in SHAPES:
        yield asset_of(schema_path(name), partial(_named, name, site_url), told)


def openapi(site: Site, site_url: str) -> Schema:
    """The whole description."""
    info: Schema = {
        "title": f"{site.name}：开放数据接口",
        "version": VERSION,
        "description": f"{_ABOUT}\n\n{PROMISE}",
    }
    if site.licence:
        info["license"] = {"name": site.licence}
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": address("", site_url, PATH), "description": "本站"}],
        "paths": {f"/{each.path}": {"get": _operation(each)} for each in ENDPOINTS},
        "components": {"schemas": dict(sorted(_components().items()))},
    }


def _named(name: str, site_url: str) -> Schema:
    """A schema with its own address, where the site's is known."""
    own = {"$id": address(schema_path(name), site_url, "")} if site_url else {}
    return {"$schema": DIALECT, **own, **schemas()[name]}


def _operation(endpoint: Endpoint) -> Schema:
    shape: Schema = {"type": "object"}
    if endpoint.schema:
        shape = {"$ref": f"#/components/schemas/{SHAPES[endpoint.schema].__name__}"}
    content = {"application/json": {"schema": shape}}
    made: Schema = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "responses": {
            "200": {"description": endpoint.summary, "content": content},
            "404": {"description": "没有这个文件"},
        },
    }
    names = re.findall(r"\{(\w+)\}", endpoint.path)
    if names:
        made["parameters"] = [_parameter(name) for name in names]
    return made


def _parameter(name: str) -> Schema:
    about, schema = _PARAMETERS[name]
    return {"name": name, "in": "path", "required": True, "description": about, "schema": schema}


def _components() -> dict[str, Schema]:
    """Every shape by its name."""
    found: dict[str, Schema] = {}
    for name, schema in schemas().items():
        parts = {key: part for key, part in schema.items() if key not in {"$schema", "$defs"}}
        every = {**schema.get("$defs", {}), SHAPES[name].__name__: parts}
        found |= {key: _moved(part) for key, part in every.items()}
    return found


def _moved(schema: Any) -> Any:  # noqa: ANN401 - a JSON value
    """With references as OpenAPI has them."""
    if isinstance(schema, list):
        return [_moved(each) for each in schema]
    if isinstance(schema, dict):
        return {key: _moved(value) for key, value in schema.items()}
    return (
        schema.replace("#/$defs/", "#/components/schemas/") if isinstance(schema, str) else schema
    )
