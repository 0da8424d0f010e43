"""The API made of files: every file as its schema says, every link leads to a file."""

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

from gongkai.build.side_files import assets, beside_unit
from gongkai.checks.registry import judged_units
from gongkai.exports.open_data import api_pages
from gongkai.exports.open_data.api_pages import Asset
from gongkai.exports.open_data.openapi import ENDPOINTS, PATH
from gongkai.exports.open_data.schemas import schemas
from gongkai.model.publication import Site
from gongkai.pages.entries import Amended, UnitEntry, keyed, unit_entry
from gongkai.reading.dataset import Dataset, read_dataset
from tests.benchmarks.corpus import corpus
from tests.folders import GOLDEN, ROOT, example

TODAY = dt.date(2026, 11, 25)
ADDRESS = "https://gongkai.example/jixiao/"
AMENDED = (
    Amended("2023-07-02", "项目自评表（示例）/总分/得分", "98", "95", "示例原因"),
    Amended("2024-01-05", "项目自评表（示例）/总分/得分", "", "90", "示例原因二"),
)


@dataclass(frozen=True)
class Whole:
    """The API of a data folder."""

    dataset: Dataset
    entries: tuple[UnitEntry, ...]
    files: Mapping[str, bytes]

    @property
    def site(self) -> Site:
        """Who publishes."""
        assert self.dataset.site
        return self.dataset.site

    def assets(self, *entries: UnitEntry) -> list[Asset]:
        """The files above the units."""
        return list(assets(entries or self.entries, self.dataset.forms, self.site, ADDRESS))

    def read(self, path: str) -> Any:
        """What a file holds."""
        return json.loads(self.files[path])


def whole(data: Path) -> Whole:
    dataset = read_dataset(data, "data", TODAY, drafts=True)
    found = judged_units(dataset).by_disclosure
    entries: list[UnitEntry] = []
    files: dict[str, bytes] = {}
    assert dataset.site
    for unit in dataset.units:
        its = [each for each in dataset.disclosures if each.unit == unit]
        entries.append(unit_entry(unit, its, found))
        files |= dict(beside_unit(unit, its, dataset.site, ADDRESS))
    last = entries[-1]
    amended = last.entries[0]._replace(corrections=AMENDED)
    entries[-1] = last._replace(entries=(amended, *last.entries[1:]))
    made = Whole(dataset, tuple(entries), files)
    files |= {each.path: each.make() for each in made.assets()}
    return made


@pytest.fixture(scope="module", params=["seed", "golden", "cases", "corpus"])
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("api")
    if request.param == "seed":
        return whole(ROOT / "data")
    if request.param == "corpus":
        corpus(folder, 120)
        return whole(folder / "data")
    data = example(folder)
    if request.param == "cases":
        shutil.rmtree(data / "units")
        shutil.copytree(GOLDEN / "cases" / "units", data / "units")
    return whole(data)


def endpoint(path: str) -> str:
    """The name of the one kind of file that this one is; empty for none."""
    found = [
        each.name
        for each in ENDPOINTS
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(each.path)), path)
    ]
    assert len(found) < 2, path
    return "".join(found)


def closed(schema: Any) -> Any:
    """A schema that allows no field which it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    more = {"additionalProperties": False} if "properties" in schema else {}
    return {**{key: closed(value) for key, value in schema.items()}, **more}


def complaints(document: Any, schema: Any) -> list[str]:
    checker = Draft202012Validator(closed(schema), format_checker=FormatChecker())
    return [f"{list(each.path)} {each.message[:200]}" for each in checker.iter_errors(document)]


def documents(api: Whole) -> Iterator[tuple[str, Any]]:
    for path in api.files:
        if endpoint(path) and endpoint(path) != "getSchema":
            yield path, api.read(path)


def test_every_file_is_as_its_schema_says(api: Whole) -> None:
    told: set[str] = set()
    for path, document in documents(api):
        name = urljoin(path, document["$schema"])
        assert complaints(document, api.read(name)) == [], path
        told.add(name)
    assert told == {f"api/v1/schemas/{name}.json" for name in schemas()}


def test_the_schemas_are_schemas_and_find_faults(api: Whole) -> None:
    for name in schemas():
        schema = api.read(f"api/v1/schemas/{name}.json")
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"{ADDRESS}api/v1/schemas/{name}.json"
    filed = ((path, told) for path, told in documents(api) if told.get("documents"))
    path, record = next(filed)
    schema = api.read(urljoin(path, record["$schema"]))
    values = record["documents"][0]["values"]
    values[0] |= {"number": "1.5e3"}
    values[1] = {**values[1], "field": 5}
    del record["url"]
    assert len(complaints(record, schema)) == 3


def test_every_file_is_described_and_every_description_has_a_file(api: Whole) -> None:
    names = {endpoint(path) for path in api.files if path.startswith("api/") and path != PATH}
    names |= {endpoint(path) for path in api.files if path.endswith("/index.json")}
    assert "" not in names
    assert names == {each.name for each in ENDPOINTS}


LINKS = {
    *("$schema", "url", "data", "disclosure", "next", "first", "openapi"),
    *("units", "forms", "changes"),
}


def links(what: Any) -> Iterator[str]:
    if isinstance(what, list):
        for each in what:
            yield from links(each)
    elif isinstance(what, dict):
        for key, value in what.items():
            if isinstance(value, str) and key in LINKS and "{" not in value:
                yield value
            else:
                yield from links(value)


def test_all_is_found_from_the_index(api: Whole) -> None:
    todo, seen = ["api/v1/index.json"], set[str]()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        for link in links(api.read(path)):
            leads = urljoin(ADDRESS + path, link).removeprefix(ADDRESS)
            if leads in api.files:
                todo.append(leads)
            elif link.endswith(".json"):
                pytest.fail(f"{path}: {link}")
    wanted = {path for path in api.files if endpoint(path)}
    assert wanted - seen == set()


def test_the_numbers_of_the_index_are_right(api: Whole) -> None:
    index = api.read("api/v1/index.json")
    disclosures = api.dataset.disclosures
    assert index["counts"] == {
        "units": len(api.dataset.units),
        "records": len(disclosures),
        "projects": sum(len(each.projects) for each in disclosures),
        "changes": 2,
    }
    assert [each["year"] for each in index["years"]] == sorted({each.year for each in disclosures})


def test_a_form_tells_every_field(api: Whole) -> None:
    for path, record in documents(api):
        if endpoint(path) != "getRecord":
            continue
        for document in record["documents"]:
            form = api.read(f"api/v1/forms/{document['form']}.json")
            for value in document["values"]:
                item = f"{value.get('item', '')}/"
                parts = [
                    part
                    for part in form["sections"]
                    if not part["name"] or item.startswith(f"{part['name']}/")
                ]
                roles = {
                    (field["key"], field.get("role")) for part in parts for field in part["fields"]
                }
                assert (value["field"], value.get("role")) in roles, (path, value)


def test_a_unit_and_its_year_tell_the_same(api: Whole) -> None:
    for each in api.dataset.disclosures:
        unit = api.read(f"api/v1/units/{each.unit.slug}.json")
        (of_unit,) = (line for line in unit["records"] if line["year"] == each.year)
        year = api.read(f"api/v1/years/{each.year}/pages/1.json")
        (of_year,) = (line for line in year["records"] if line["unit"] == each.unit.slug)
        same = {key for key in of_unit if key not in {"data", "url"}}
        assert {key: of_unit[key] for key in same} == {key: of_year[key] for key in same}
        assert of_unit["url"] == of_year["url"] == f"{ADDRESS}units/{each.unit.slug}/{each.year}/"


def test_changes_are_told_by_month(api: Whole) -> None:
    months = api.read("api/v1/changes/pages/1.json")["months"]
    assert [(each["month"], each["count"]) for each in months] == [("2023-07", 1), ("2024-01", 1)]
    (change,) = api.read("api/v1/changes/2024-01/pages/1.json")["changes"]
    assert (change["date"], change["new"], change["kind"]) == ("2024-01-05", "90", "勘误")
    assert "old" not in change


def test_lists_are_cut_into_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_pages, "LONGEST", 2)
    corpus(tmp_path, 150)
    api = whole(tmp_path / "data")
    for first, name in (("units/pages/1.json", "units"), ("years/2024/pages/1.json", "records")):
        path, found = f"api/v1/{first}", list[Any]()
        while path:
            page = api.read(path)
            assert 0 < len(page[name]) <= 2
            found += page[name]
            path = urljoin(path, page["next"]) if "next" in page else ""
        slugs = [each.get("slug") or each["unit"] for each in found]
        assert slugs == sorted({*slugs})
        assert len(slugs) > 2
    test_all_is_found_from_the_index(api)


def test_a_changed_unit_changes_its_pages_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_pages, "LONGEST", 2)
    corpus(tmp_path, 150)
    api = whole(tmp_path / "data")
    before = {each.path: each for each in api.assets()}
    first, *others = api.entries
    newest = first.entries[-1]
    spent = keyed(newest._replace(headline=newest.headline._replace(spent="0.10")))
    changed = first._replace(entries=(*first.entries[:-1], spent))
    after = {each.path: each for each in api.assets(changed, *others)}
    assert before.keys() == after.keys()
    for path, each in after.items():
        assert (each.key == before[path].key) == (each.make() == before[path].make()), path
    other = [path for path, each in after.items() if each.key != before[path].key]
    assert len(other) == 1
    assert re.fullmatch(rf"api/v1/years/{newest.year}/pages/\d+\.json", other[0])
