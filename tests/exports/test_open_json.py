"""index.json beside the pages: read back, it is what was filed, exactly."""

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai.exports.open_data.records import records
from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import documents
from gongkai.model.documents import Record
from gongkai.model.publication import Disclosure, Site
from gongkai.reading.dataset import Dataset, read_dataset
from gongkai.reading.front_matter import paragraphs
from tests.folders import GOLDEN, ROOT, example

TODAY = dt.date(2026, 11, 25)
ADDRESS = "https://gongkai.example/jixiao/"


Filed = list[tuple[Disclosure, dict[str, Any]]]


def told(data: Dataset, site_url: str = ADDRESS) -> Filed:
    assert data.site
    return [
        (each, {path: json.loads(text) for path, text in _records(each, data.site, site_url)})
        for each in data.disclosures
    ]


def _records(disclosure: Disclosure, site: Site, site_url: str) -> Iterator[tuple[str, bytes]]:
    return records(disclosure, tuple(documents(disclosure)), site, site_url)


def seed(site_url: str = ADDRESS) -> tuple[Disclosure, dict[str, Any]]:
    (found,) = told(read_dataset(ROOT / "data", "data", TODAY), site_url)
    return found


@pytest.fixture(params=["seed", "golden", "cases"])
def filed(request: pytest.FixtureRequest, tmp_path: Path) -> Filed:
    data = ROOT / "data" if request.param == "seed" else example(tmp_path)
    if request.param == "cases":
        shutil.rmtree(data / "units")
        shutil.copytree(GOLDEN / "cases" / "units", data / "units")
    found = told(read_dataset(data, "data", TODAY, drafts=True))
    assert len(found) > (10 if request.param == "cases" else 0)
    return found


def cells(record: Record) -> Iterator[tuple[Any, ...]]:
    for cell in record.cells():
        value = cell.value
        comparison = value.comparison.value if value.comparison else ""
        role = cell.spec.role.value if cell.spec.role else ""
        exact = "" if value.number is None else f"{value.number:f}"
        yield cell.where, role, cell.filed, value.state.value, exact, value.measure, comparison


def read(document: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for each in document["values"]:
        place = "/".join(
            part for part in (document["name"], each.get("item"), each["field"]) if part
        )
        names = ("role", "filed", "state", "number", "measure", "comparison")
        yield place, *(each.get(name, "") for name in names)


def in_all(disclosure: Disclosure, files: dict[str, Any]) -> list[dict[str, Any]]:
    """The documents that its page tells of, then those that the pages of its projects do."""
    here = f"units/{disclosure.unit.slug}/{disclosure.year}/"
    paths = ("", *(f"projects/{each.slug}/" for each in disclosure.projects))
    return [each for path in paths for each in files[f"{here}{path}index.json"]["documents"]]


def test_every_value_is_there_as_filed(filed: Filed) -> None:
    for disclosure, files in filed:
        _whole(disclosure, files)


def _whole(disclosure: Disclosure, files: dict[str, Any]) -> None:
    every = in_all(disclosure, files)
    assert len(disclosure.all_records) == len(every)
    for record, document in zip(disclosure.all_records, every, strict=True):
        assert list(read(document)) == list(cells(record))
        assert document.get("text", "") == record.body
        assert (document["form"], document["kind"]) == (record.form.id, record.form.kind.value)
        assert document.get("project", "") == record.project
    numbers = [
        Decimal(each["number"])
        for document in every
        for each in document["values"]
        if "number" in each
    ]
    assert numbers


def test_a_value_tells_its_columns_in_their_order(filed: Filed) -> None:
    columns = [column.name for column in VALUES.columns]
    for disclosure, files in filed:
        rows = {row.sequence: row for each in documents(disclosure) for row in each.rows}
        for value in (value for each in in_all(disclosure, files) for value in each["values"]):
            row = rows[value["sequence"]]._asdict()
            assert list(value) == [name for name in columns[8:] if row[name]]
            assert value == {name: row[name] for name in value}


def test_a_project_has_its_own(filed: Filed) -> None:
    for disclosure, files in filed:
        _projects(disclosure, files)


def _projects(disclosure: Disclosure, files: dict[str, Any]) -> None:
    here = f"units/{disclosure.unit.slug}/{disclosure.year}/"
    whole = files[f"{here}index.json"]
    assert [each["slug"] for each in whole.get("projects", ())] == [
        p.slug for p in disclosure.projects
    ]
    for link in whole.get("projects", ()):
        its = files[here + link["data"]]
        assert {each["project"] for each in its["documents"]} == {link["slug"]}
        assert its["project"] | {"url": link["url"], "data": link["data"]} == link
        assert its["unit"] == whole["unit"]
        assert its["url"] == f"{ADDRESS}{here}{link['url']}"
        for name in ("explanations", "corrections"):
            assert all(each in whole[name] for each in its.get(name, ()))


def test_the_paragraphs_of_a_report_are_the_rows_of_the_table() -> None:
    disclosure, files = seed()
    whole = files["units/xintian-jsx/2022/index.json"]
    (text,) = (each["text"] for each in whole["documents"] if "text" in each)
    rows = [row for each in documents(disclosure) for row in each.rows]
    assert [row.filed for row in rows if row.field == "正文"] == paragraphs(text)
    every = in_all(disclosure, files)
    numbers = [each["sequence"] for one in every for each in one["values"]]
    assert numbers == [row.sequence for row in rows if row.field != "正文"]


def test_what_the_seed_says_of_itself() -> None:
    _, files = seed()
    whole = files["units/xintian-jsx/2022/index.json"]
    project = files["units/xintian-jsx/2022/projects/liuchu-renkou/index.json"]
    assert whole["title"] == "新田县计划生育协会2022年度绩效自评"
    assert whole["unit"]["region"] == {"province": "湖南省", "county": "新田县"}
    assert "department" not in whole["unit"]
    filed = [each for each in project["explanations"] if each["rule"] == "DF-03"]
    assert [(each["filed"], each["computed"]) for each in filed] == [("99", "89")]
    assert filed[0] in whole["explanations"]
    assert len(project["explanations"]) < len(whole["explanations"])


def test_without_an_address_links_lead_from_the_file() -> None:
    _, files = seed("")
    whole = files["units/xintian-jsx/2022/index.json"]
    assert whole["url"] == "../../../units/xintian-jsx/2022/"
    assert whole["$schema"] == "../../../api/v1/schemas/record.json"
