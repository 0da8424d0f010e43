"""The static JSON API: every file matches its schema, every link resolves."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from gongkai.build.side_files import site_assets, unit_side_files
from gongkai.checks.registry import check_units
from gongkai.exports.open_data import api_pages
from gongkai.exports.open_data.api_pages import Asset
from gongkai.exports.open_data.openapi import ENDPOINTS, OPENAPI_PATH
from gongkai.exports.open_data.schemas import json_schemas
from gongkai.model.figures import EXPORTED_FIGURES, SPENT
from gongkai.model.publication import Site
from gongkai.pages.entries import CorrectionEntry, UnitEntry, unit_entry, with_key
from gongkai.reading.dataset import Dataset, read_dataset
from tests.benchmarks.corpus import write_corpus
from tests.folders import GOLDEN, ROOT, example_data

TODAY = dt.date(2026, 11, 25)
ADDRESS = "https://gongkai.example/jixiao/"
AMENDED = (
    CorrectionEntry("2023-07-02", "项目自评表（示例）/总分/得分", "98", "95", "示例原因"),
    CorrectionEntry("2024-01-05", "项目自评表（示例）/总分/得分", "", "90", "示例原因二"),
)


@dataclass(frozen=True)
class Api:
    """The API files of a data folder."""

    dataset: Dataset
    entries: tuple[UnitEntry, ...]
    files: Mapping[str, bytes]

    @property
    def site(self) -> Site:
        """The site of the data folder."""
        assert self.dataset.site
        return self.dataset.site

    def assets(self, *entries: UnitEntry) -> list[Asset]:
        """Return the API files above the units."""
        return list(site_assets(entries or self.entries, self.dataset.forms, self.site, ADDRESS))

    def read(self, path: str) -> Any:
        """Parse a file."""
        return json.loads(self.files[path])


def build_api(data: Path) -> Api:
    dataset = read_dataset(data, "data", TODAY, drafts=True)
    problems = check_units(dataset).by_disclosure
    entries: list[UnitEntry] = []
    files: dict[str, bytes] = {}
    assert dataset.site
    for unit in dataset.units:
        disclosures = [disclosure for disclosure in dataset.disclosures if disclosure.unit == unit]
        entries.append(unit_entry(unit, disclosures, problems))
        files |= dict(unit_side_files(unit, disclosures, problems, dataset.site, ADDRESS))
    last = entries[-1]
    amended = last.entries[0]._replace(corrections=AMENDED)
    entries[-1] = last._replace(entries=(amended, *last.entries[1:]))
    api = Api(dataset, tuple(entries), files)
    files |= {asset.path: asset.render() for asset in api.assets()}
    return api


@pytest.fixture(scope="module", params=["seed", "golden", "cases", "corpus"])
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Api:
    folder = tmp_path_factory.mktemp("api")
    if request.param == "seed":
        return build_api(ROOT / "data")
    if request.param == "corpus":
        write_corpus(folder, 120)
        return build_api(folder / "data")
    data = example_data(folder)
    if request.param == "cases":
        shutil.rmtree(data / "units")
        shutil.copytree(GOLDEN / "cases" / "units", data / "units")
    return build_api(data)


def operation_of(path: str) -> str:
    """Return the operation id of a file's endpoint; empty for no endpoint."""
    operations = [
        endpoint.operation_id
        for endpoint in ENDPOINTS
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(endpoint.path)), path)
    ]
    assert len(operations) < 2, path
    return "".join(operations)


def forbid_extra_fields(schema: Any) -> Any:
    """Return a schema that rejects fields which it does not name."""
    if isinstance(schema, list):
        return [forbid_extra_fields(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    extra = {"additionalProperties": False} if "properties" in schema else {}
    return {**{key: forbid_extra_fields(value) for key, value in schema.items()}, **extra}


def schema_errors(document: Any, schema: Any) -> list[str]:
    validator = Draft202012Validator(forbid_extra_fields(schema), format_checker=FormatChecker())
    return [
        f"{list(error.path)} {error.message[:200]}" for error in validator.iter_errors(document)
    ]


def data_files(api: Api) -> Iterator[tuple[str, Any]]:
    for path in api.files:
        if operation_of(path) not in {"", "getSchema"}:
            yield path, api.read(path)


def test_every_file_matches_its_schema(api: Api) -> None:
    used_schemas: set[str] = set()
    for path, document in data_files(api):
        schema_path = urljoin(path, document["$schema"])
        assert schema_errors(document, api.read(schema_path)) == [], path
        used_schemas.add(schema_path)
    assert used_schemas == {f"api/v1/schemas/{name}.json" for name in json_schemas()}


def test_schemas_are_valid_and_reject_invalid_files(api: Api) -> None:
    for name in json_schemas():
        schema = api.read(f"api/v1/schemas/{name}.json")
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"{ADDRESS}api/v1/schemas/{name}.json"
    path, record = next(
        (path, document) for path, document in data_files(api) if document.get("documents")
    )
    schema = api.read(urljoin(path, record["$schema"]))
    values = record["documents"][0]["values"]
    values[0] |= {"number": "1.5e3"}
    values[1] = {**values[1], "field": 5}
    del record["url"]
    assert len(schema_errors(record, schema)) == 3


def test_every_file_has_an_endpoint_and_every_endpoint_a_file(api: Api) -> None:
    operations = {
        operation_of(path) for path in api.files if path.startswith("api/") and path != OPENAPI_PATH
    }
    operations |= {operation_of(path) for path in api.files if path.endswith("/index.json")}
    assert "" not in operations
    assert operations == {endpoint.operation_id for endpoint in ENDPOINTS}


LINK_KEYS = {
    *("$schema", "url", "data", "disclosure", "next", "first", "openapi"),
    *("units", "forms", "changes"),
}


def iter_links(content: Any) -> Iterator[str]:
    if isinstance(content, list):
        for value in content:
            yield from iter_links(value)
    elif isinstance(content, dict):
        for key, value in content.items():
            if isinstance(value, str) and key in LINK_KEYS and "{" not in value:
                yield value
            else:
                yield from iter_links(value)


def test_every_file_is_reachable_from_the_index(api: Api) -> None:
    pending, seen = ["api/v1/index.json"], set[str]()
    while pending:
        path = pending.pop()
        if path in seen:
            continue
        seen.add(path)
        for link in iter_links(api.read(path)):
            target = urljoin(ADDRESS + path, link).removeprefix(ADDRESS)
            if target in api.files:
                pending.append(target)
            elif link.endswith(".json"):
                pytest.fail(f"{path}: {link}")
    expected = {path for path in api.files if operation_of(path)}
    assert expected - seen == set()


def test_counts_of_the_index_match_the_dataset(api: Api) -> None:
    index = api.read("api/v1/index.json")
    disclosures = api.dataset.disclosures
    assert index["counts"] == {
        "units": len(api.dataset.units),
        "records": len(disclosures),
        "projects": sum(len(disclosure.projects) for disclosure in disclosures),
        "changes": 2,
    }
    years = sorted({disclosure.year for disclosure in disclosures})
    assert [link["year"] for link in index["years"]] == years


def test_a_form_file_describes_every_field(api: Api) -> None:
    for path, record in data_files(api):
        if operation_of(path) != "getRecord":
            continue
        for document in record["documents"]:
            form = api.read(f"api/v1/forms/{document['form']}.json")
            for value in document["values"]:
                row_path = f"{value.get('item', '')}/"
                sections = [
                    section
                    for section in form["sections"]
                    if not section["name"] or row_path.startswith(f"{section['name']}/")
                ]
                roles = {
                    (field["key"], field.get("role"))
                    for section in sections
                    for field in section["fields"]
                }
                assert (value["field"], value.get("role")) in roles, (path, value)


def test_unit_and_year_list_the_same_record(api: Api) -> None:
    for disclosure in api.dataset.disclosures:
        slug, year = disclosure.unit.slug, disclosure.year
        unit_file = api.read(f"api/v1/units/{slug}.json")
        (of_unit,) = (line for line in unit_file["records"] if line["year"] == year)
        year_page = api.read(f"api/v1/years/{year}/pages/1.json")
        (of_year,) = (line for line in year_page["records"] if line["unit"] == slug)
        shared = {key for key in of_unit if key not in {"data", "url"}}
        assert {key: of_unit[key] for key in shared} == {key: of_year[key] for key in shared}
        assert of_unit["url"] == of_year["url"] == f"{ADDRESS}units/{slug}/{year}/"


def test_changes_are_listed_by_month(api: Api) -> None:
    months = api.read("api/v1/changes/pages/1.json")["months"]
    assert [(month["month"], month["count"]) for month in months] == [
        ("2023-07", 1),
        ("2024-01", 1),
    ]
    (change,) = api.read("api/v1/changes/2024-01/pages/1.json")["changes"]
    assert (change["date"], change["new"], change["kind"]) == ("2024-01-05", "90", "勘误")
    assert "old" not in change


def test_lists_are_paginated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_pages, "PAGE_SIZE", 2)
    write_corpus(tmp_path, 150)
    api = build_api(tmp_path / "data")
    for first, name in (("units/pages/1.json", "units"), ("years/2024/pages/1.json", "records")):
        path, lines = f"api/v1/{first}", list[Any]()
        while path:
            page = api.read(path)
            assert 0 < len(page[name]) <= 2
            lines += page[name]
            path = urljoin(path, page["next"]) if "next" in page else ""
        slugs = [line.get("slug") or line["unit"] for line in lines]
        assert slugs == sorted({*slugs})
        assert len(slugs) > 2
    test_every_file_is_reachable_from_the_index(api)


def test_a_changed_unit_changes_only_its_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_pages, "PAGE_SIZE", 2)
    write_corpus(tmp_path, 150)
    api = build_api(tmp_path / "data")
    before = {asset.path: asset for asset in api.assets()}
    first, *others = api.entries
    newest = first.entries[-1]
    texts = list(newest.exact_texts)
    texts[EXPORTED_FIGURES.index(SPENT)] = "0.10"
    edited = with_key(newest._replace(exact_texts=tuple(texts)))
    changed = first._replace(entries=(*first.entries[:-1], edited))
    after = {asset.path: asset for asset in api.assets(changed, *others)}
    assert before.keys() == after.keys()
    for path, asset in after.items():
        assert (asset.key == before[path].key) == (asset.render() == before[path].render()), path
    changed_paths = [path for path, asset in after.items() if asset.key != before[path].key]
    assert len(changed_paths) == 1
    assert re.fullmatch(rf"api/v1/years/{newest.year}/pages/\d+\.json", changed_paths[0])
