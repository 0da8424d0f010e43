"""figures.json, the data of the comparison page: exact and as filed."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from gongkai.checks.registry import check_units
from gongkai.exports.open_data.figures_json import figures_json, unit_figures, units_json
from gongkai.pages.entries import unit_entry
from gongkai.reading.dataset import read_common_data, read_units
from tests.folders import ROOT, example_data

TODAY = dt.date(2024, 1, 1)


def figures(data: Path, slug: str) -> dict[str, Any]:
    dataset = read_units(read_common_data(data, "data", TODAY), [slug])
    problems = check_units(dataset).by_disclosure
    parsed: dict[str, Any] = json.loads(
        figures_json(unit_figures(dataset.units[0], dataset.disclosures, problems))
    )
    return parsed


@pytest.fixture(scope="module")
def seed() -> dict[str, Any]:
    return figures(ROOT / "data", "xintian-jsx")


def test_a_unit_has_its_name_and_address(seed: dict[str, Any]) -> None:
    assert {key: seed[key] for key in ("unit", "slug", "url", "level", "department")} == {
        "unit": "新田县计划生育协会",
        "slug": "xintian-jsx",
        "url": "units/xintian-jsx/",
        "level": "县级",
        "department": "",
    }


def test_a_year_holds_what_was_filed(seed: dict[str, Any]) -> None:
    (year,) = seed["years"]
    dimensions, spent = year.pop("dimensions"), year.pop("three_public")
    assert year.pop("form")
    assert year == {
        "year": 2022,
        "url": "units/xintian-jsx/2022/",
        "kind": "部门整体自评表",
        "score": "97",
        "points": "100",
        "grade": "优",
        "initial": "292.31",
        "budget": "292.31",
        "spent": "292.31",
        "rate": "100%",
        "money": "万元",
        "projects": 2,
        "indicators": 11,
        "missed": 0,
        "lost": 2,
        "computed": {},
    }
    assert dimensions == [
        {"name": "预算执行率", "points": "10", "score": "10", "computed": None},
        {"name": "产出指标", "points": "50", "score": "50", "computed": None},
        {"name": "效益指标", "points": "40", "score": "37", "computed": None},
    ]
    blank: dict[str, object] = {"prior": None, "budget": None, "final": None, "computed": {}}
    reception = {"prior": "1.91", "budget": "1.81", "final": "1.81", "computed": {}}
    assert spent == {
        "money": "万元",
        "total": reception,
        "vehicles": blank,
        "abroad": blank,
        "reception": reception,
    }


def test_the_newest_year_comes_first(tmp_path: Path) -> None:
    data = example_data(tmp_path, copies={"units/shili/2022": "units/shili/2021"})
    for path in (data / "units/shili/2021").rglob("*"):
        if path.is_file():
            path.write_text(path.read_text("utf-8").replace("2022", "2021"), "utf-8")
    years = figures(data, "shili")["years"]
    assert [year["year"] for year in years] == [2022, 2021]


def test_units_are_listed_for_the_picker() -> None:
    dataset = read_units(read_common_data(ROOT / "data", "data", TODAY), ["xintian-jsx"])
    problems = check_units(dataset).by_disclosure
    entry = unit_entry(dataset.units[0], dataset.disclosures, problems)
    assert json.loads(units_json([entry])) == [
        ["xintian-jsx", "新田县计划生育协会", "", "县级", [2022]]
    ]
