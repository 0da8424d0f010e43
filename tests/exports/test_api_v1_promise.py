"""The compatibility promise of API v1: nothing recorded in tests/golden/api/v1.json may disappear.

New fields pass; `pytest --update-golden` adds them to the promise and never removes any.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gongkai.exports.open_data.json_files import API_ROOT, API_VERSION
from gongkai.exports.open_data.openapi import openapi_document
from gongkai.model.publication import Site
from tests.folders import GOLDEN, ROOT

PROMISE = GOLDEN / "api" / "v1.json"
SITE = Site.model_validate({"站点名称": "示例站点", "主办单位": "示例县财政局", "许可": "示例许可"})


def description(site_url: str = "https://gongkai.example/") -> dict[str, Any]:
    return json.loads(json.dumps(openapi_document(SITE, site_url)))  # type: ignore[no-any-return]


def type_of(schema: dict[str, Any]) -> str:
    """Return a field's type as text: string, string date, [Document] …"""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema["type"] == "array":
        return f"[{type_of(schema['items'])}]"
    details = [schema[key] for key in ("format", "pattern") if key in schema]
    details += ["|".join(schema["enum"])] if schema.get("enum") else []
    return " ".join([schema["type"], *details])


def extract_promise(document: dict[str, Any]) -> dict[str, Any]:
    """Return the paths with their responses and the shapes with their fields."""
    shapes = {
        name: {
            key: {"type": type_of(field), "always": key in shape.get("required", ())}
            for key, field in shape["properties"].items()
        }
        for name, shape in document["components"]["schemas"].items()
    }
    paths = {
        path: _operation_promise(methods["get"]) for path, methods in document["paths"].items()
    }
    return {"paths": paths, "shapes": shapes}


def _operation_promise(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation["responses"]["200"]["content"]["application/json"]
    parameters = {
        parameter["name"]: type_of(parameter["schema"] | {"enum": []})
        for parameter in operation.get("parameters", ())
    }
    return {
        "name": operation["operationId"],
        "gives": type_of(content["schema"]),
        "asks": parameters,
    }


def find_breaks(before: Any, now: Any, where: str = "") -> Iterator[str]:
    """Yield every difference that breaks the promise."""
    if not isinstance(before, dict) or not isinstance(now, dict):
        if before != now and not (where.endswith("/always") and now is True):
            yield f"{where}: {before} -> {now}"
        return
    for key, value in before.items():
        if key not in now:
            yield f"{where}/{key} is gone"
        else:
            yield from find_breaks(value, now[key], f"{where}/{key}")


def test_v1_keeps_its_promise(request: pytest.FixtureRequest) -> None:
    now = extract_promise(description())
    assert API_ROOT == "api/v1/"
    assert API_VERSION.startswith("1.")
    assert list(find_breaks(json.loads(PROMISE.read_text("utf-8")), now)) == []
    if request.config.getoption("--update-golden"):
        PROMISE.write_text(
            json.dumps(now, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8"
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda v1: v1["Record"]["properties"].pop("url"), "/shapes/Record/url is gone"),
        (
            lambda v1: v1["Record"]["properties"]["year"].update(type="string"),
            "/shapes/Record/year/type: integer -> string",
        ),
        (
            lambda v1: v1["Value"]["properties"]["number"].pop("pattern"),
            r"/shapes/Value/number/type: string ^-?[0-9]+(\.[0-9]+)?$ -> string",
        ),
        (
            lambda v1: v1["Value"]["required"].remove("state"),
            "/shapes/Value/state/always: True -> False",
        ),
        (
            lambda v1: v1["Record"]["properties"]["documents"].update(items={"type": "string"}),
            "/shapes/Record/documents/type: [Document] -> [string]",
        ),
        (lambda v1: v1.pop("Change"), "/shapes/Change is gone"),
        (lambda v1: v1["Value"]["properties"].update(more={"type": "string"}), ""),
        (lambda v1: v1["Change"]["required"].append("reason"), ""),
    ],
)
def test_breaking_and_compatible_changes(change: Any, message: str) -> None:
    before = description()
    after = copy.deepcopy(before)
    change(after["components"]["schemas"])
    breaks = list(find_breaks(extract_promise(before), extract_promise(after)))
    assert breaks == ([message] if message else [])


def test_removing_a_path_breaks_the_promise() -> None:
    before = description()
    after = copy.deepcopy(before)
    after["paths"]["/api/v1/unit/{unit}.json"] = after["paths"].pop("/api/v1/units/{unit}.json")
    assert list(find_breaks(extract_promise(before), extract_promise(after))) == [
        "/paths//api/v1/units/{unit}.json is gone"
    ]


@pytest.mark.parametrize("site_url", ["https://gongkai.example/jixiao/", ""])
def test_the_description_is_valid_openapi(site_url: str) -> None:
    document = description(site_url)
    OpenAPIV31SpecValidator(document).validate()
    assert document["servers"][0]["url"] == (site_url or "../../")
    assert document["info"]["license"] == {"name": "示例许可"}
    del document["paths"]["/api/v1/units/{unit}.json"]["get"]["parameters"]
    assert list(OpenAPIV31SpecValidator(document).iter_errors())


def test_the_handbook_documents_every_path() -> None:
    handbook = (ROOT / "content" / "data" / "api.md").read_text("utf-8")
    assert [path for path in description()["paths"] if f"`{path}`" not in handbook] == []
