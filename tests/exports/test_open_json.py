"""index.json beside the pages contains exactly what was filed."""

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai.exports.open_data.records import record_files
from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import iter_document_rows
from gongkai.model.documents import Record
from gongkai.model.publication import Disclosure, Site
from gongkai.reading.dataset import Dataset, read_dataset
from gongkai.reading.front_matter import split_paragraphs
from tests.folders import GOLDEN, ROOT, example_data

TODAY = dt.date(2026, 11, 25)
ADDRESS = "https://gongkai.example/jixiao/"

ParsedFiles = dict[str, Any]
"""Parsed index.json files by path."""
Filed = list[tuple[Disclosure, ParsedFiles]]


def parse_records(data: Dataset, site_url: str = ADDRESS) -> Filed:
    assert data.site
    return [
        (
            disclosure,
            {path: json.loads(text) for path, text in _files(disclosure, data.site, site_url)},
        )
        for disclosure in data.disclosures
    ]


def _files(disclosure: Disclosure, site: Site, site_url: str) -> Iterator[tuple[str, bytes]]:
    return record_files(disclosure, tuple(iter_document_rows(disclosure)), site, site_url)


def parse_seed(site_url: str = ADDRESS) -> tuple[Disclosure, ParsedFiles]:
    (seed,) = parse_records(read_dataset(ROOT / "data", "data", TODAY), site_url)
    return seed


@pytest.fixture(params=["seed", "golden", "cases"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Filed:
    data = ROOT / "data" if request.param == "seed" else example_data(tmp_path)
    if request.param == "cases":
        shutil.rmtree(data / "units")
        shutil.copytree(GOLDEN / "cases" / "units", data / "units")
    records = parse_records(read_dataset(data, "data", TODAY, drafts=True))
    assert len(records) > (10 if request.param == "cases" else 0)
    return records


def expected_values(record: Record) -> Iterator[tuple[Any, ...]]:
    for cell in record.cells:
        value = cell.value
        comparison = value.comparison.value if value.comparison else ""
        role = cell.spec.role.value if cell.spec.role else ""
        exact = "" if value.number is None else f"{value.number:f}"
        yield cell.where, role, cell.filed, value.state.value, exact, value.measure, comparison


def published_values(document: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for value in document["values"]:
        where = "/".join(
            part for part in (document["name"], value.get("item"), value["field"]) if part
        )
        names = ("role", "filed", "state", "number", "measure", "comparison")
        yield where, *(value.get(name, "") for name in names)


def all_documents(disclosure: Disclosure, files: ParsedFiles) -> list[dict[str, Any]]:
    """Return the documents of the disclosure's file, then those of its projects' files."""
    here = f"units/{disclosure.unit.slug}/{disclosure.year}/"
    paths = ("", *(f"projects/{project.slug}/" for project in disclosure.projects))
    return [
        document for path in paths for document in files[f"{here}{path}index.json"]["documents"]
    ]


def test_every_value_is_published_as_filed(records: Filed) -> None:
    for disclosure, files in records:
        _check_values(disclosure, files)


def _check_values(disclosure: Disclosure, files: ParsedFiles) -> None:
    published = all_documents(disclosure, files)
    assert len(disclosure.all_records) == len(published)
    for record, document in zip(disclosure.all_records, published, strict=True):
        assert list(published_values(document)) == list(expected_values(record))
        assert document.get("text", "") == record.body
        assert (document["form"], document["kind"]) == (record.form.id, record.form.kind.value)
        assert document.get("project", "") == record.project
    numbers = [
        Decimal(value["number"])
        for document in published
        for value in document["values"]
        if "number" in value
    ]
    assert numbers


def test_keys_of_a_value_follow_the_column_order(records: Filed) -> None:
    columns = [column.name for column in VALUES.columns]
    for disclosure, files in records:
        rows = {
            row.sequence: row
            for document in iter_document_rows(disclosure)
            for row in document.rows
        }
        for document in all_documents(disclosure, files):
            for value in document["values"]:
                row = rows[value["sequence"]]._asdict()
                assert list(value) == [name for name in columns[8:] if row[name]]
                assert value == {name: row[name] for name in value}


def test_every_project_has_a_file(records: Filed) -> None:
    for disclosure, files in records:
        _check_projects(disclosure, files)


def _check_projects(disclosure: Disclosure, files: ParsedFiles) -> None:
    here = f"units/{disclosure.unit.slug}/{disclosure.year}/"
    disclosure_file = files[f"{here}index.json"]
    links = disclosure_file.get("projects", ())
    assert [link["slug"] for link in links] == [project.slug for project in disclosure.projects]
    for link in links:
        project_file = files[here + link["data"]]
        assert {document["project"] for document in project_file["documents"]} == {link["slug"]}
        assert project_file["project"] | {"url": link["url"], "data": link["data"]} == link
        assert project_file["unit"] == disclosure_file["unit"]
        assert project_file["url"] == f"{ADDRESS}{here}{link['url']}"
        for name in ("explanations", "corrections"):
            assert all(entry in disclosure_file[name] for entry in project_file.get(name, ()))


def test_paragraphs_of_a_report_equal_the_rows_of_the_table() -> None:
    disclosure, files = parse_seed()
    disclosure_file = files["units/xintian-jsx/2022/index.json"]
    (text,) = (document["text"] for document in disclosure_file["documents"] if "text" in document)
    rows = [row for document in iter_document_rows(disclosure) for row in document.rows]
    assert [row.filed for row in rows if row.field == "正文"] == split_paragraphs(text)
    published = all_documents(disclosure, files)
    numbers = [value["sequence"] for document in published for value in document["values"]]
    assert numbers == [row.sequence for row in rows if row.field != "正文"]


def test_the_seed_record() -> None:
    _, files = parse_seed()
    disclosure_file = files["units/xintian-jsx/2022/index.json"]
    project = files["units/xintian-jsx/2022/projects/liuchu-renkou/index.json"]
    assert disclosure_file["title"] == "新田县计划生育协会2022年度绩效自评"
    assert disclosure_file["unit"]["region"] == {"province": "湖南省", "county": "新田县"}
    assert "department" not in disclosure_file["unit"]
    (explanation,) = (entry for entry in project["explanations"] if entry["rule"] == "DF-03")
    assert (explanation["filed"], explanation["computed"]) == ("99", "89")
    assert explanation in disclosure_file["explanations"]
    assert len(project["explanations"]) < len(disclosure_file["explanations"])


def test_links_are_relative_without_a_site_url() -> None:
    _, files = parse_seed("")
    disclosure_file = files["units/xintian-jsx/2022/index.json"]
    assert disclosure_file["url"] == "../../../units/xintian-jsx/2022/"
    assert disclosure_file["$schema"] == "../../../api/v1/schemas/record.json"
