"""What v1 of the API promises: tests/golden/api/v1.json holds it, and nothing may be taken away.

A new field passes; it becomes part of the promise with `pytest --update-golden`, which only adds.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gongkai.exports.open_data.json_files import API, VERSION
from gongkai.exports.open_data.openapi import openapi
from gongkai.model.publication import Site
from tests.folders import GOLDEN, ROOT

KEPT = GOLDEN / "api" / "v1.json"
SITE = Site.model_validate({"站点名称": "示例站点", "主办单位": "示例县财政局", "许可": "示例许可"})


def description(site_url: str = "https://gongkai.example/") -> dict[str, Any]:
    return json.loads(json.dumps(openapi(SITE, site_url)))  # type: ignore[no-any-return]


def type_of(schema: dict[str, Any]) -> str:
    """A field's type in one word: string, date, [Document] …"""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema["type"] == "array":
        return f"[{type_of(schema['items'])}]"
    more = [schema[key] for key in ("format", "pattern") if key in schema]
    more += ["|".join(schema["enum"])] if schema.get("enum") else []
    return " ".join([schema["type"], *more])


def promise(told: dict[str, Any]) -> dict[str, Any]:
    """What a description promises: paths with what they give, shapes with their fields."""
    shapes = {
        name: {
            key: {"type": type_of(field), "always": key in shape.get("required", ())}
            for key, field in shape["properties"].items()
        }
        for name, shape in told["components"]["schemas"].items()
    }
    paths = {path: _given(each["get"]) for path, each in told["paths"].items()}
    return {"paths": paths, "shapes": shapes}


def _given(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation["responses"]["200"]["content"]["application/json"]
    asked = {
        each["name"]: type_of(each["schema"] | {"enum": []})
        for each in operation.get("parameters", ())
    }
    return {"name": operation["operationId"], "gives": type_of(content["schema"]), "asks": asked}


def broken(before: Any, now: Any, where: str = "") -> Iterator[str]:
    """What was promised and is no longer so."""
    if not isinstance(before, dict) or not isinstance(now, dict):
        if before != now and not (where.endswith("/always") and now is True):
            yield f"{where}: {before} -> {now}"
        return
    for key, value in before.items():
        if key not in now:
            yield f"{where}/{key} is gone"
        else:
            yield from broken(value, now[key], f"{where}/{key}")


def test_v1_keeps_its_promise(request: pytest.FixtureRequest) -> None:
    now = promise(description())
    assert API == "api/v1/"
    assert VERSION.startswith("1.")
    assert list(broken(json.loads(KEPT.read_text("utf-8")), now)) == []
    if request.config.getoption("--update-golden"):
        KEPT.write_text(
            json.dumps(now, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8"
        )


@pytest.mark.parametrize(
    ("change", "told"),
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
def test_what_breaks_it_and_what_does_not(change: Any, told: str) -> None:
    before = description()
    after = copy.deepcopy(before)
    change(after["components"]["schemas"])
    assert list(broken(promise(before), promise(after))) == ([told] if told else [])


def test_a_path_must_stay() -> None:
    before = description()
    after = copy.deepcopy(before)
    after["paths"]["/api/v1/unit/{unit}.json"] = after["paths"].pop("/api/v1/units/{unit}.json")
    assert list(broken(promise(before), promise(after))) == [
        "/paths//api/v1/units/{unit}.json is gone"
    ]


@pytest.mark.parametrize("site_url", ["https://gongkai.example/jixiao/", ""])
def test_the_description_is_openapi(site_url: str) -> None:
    told = description(site_url)
    OpenAPIV31SpecValidator(told).validate()
    assert told["servers"][0]["url"] == (site_url or "../../")
    assert told["info"]["license"] == {"name": "示例许可"}
    del told["paths"]["/api/v1/units/{unit}.json"]["get"]["parameters"]
    assert list(OpenAPIV31SpecValidator(told).iter_errors())


def test_the_handbook_tells_of_every_path_and_of_the_promise() -> None:
    handbook = (ROOT / "content" / "data" / "api.md").read_text("utf-8")
    assert [path for path in description()["paths"] if f"`{path}`" not in handbook] == []
