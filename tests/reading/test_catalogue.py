"""公开目录 with keys and formats of the site's own."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gongkai.authoring.json_schemas import build_schemas
from gongkai.checks.runner import CheckedData, check_data
from gongkai.exports.open_data.records import record_files
from gongkai.exports.open_data.schemas import json_schemas
from gongkai.exports.open_data.values import iter_document_rows
from gongkai.pages.render import render_archived_disclosure
from tests.folders import TODAY, example_data

DISCLOSURE = "units/shili/2022/disclosure.yml"
KEYS = "目录别名: {成文日期: 生成日期}\n目录另加: [组配分类, 咨询电话]\n"


def check(folder: Path, site: str, changes: dict[str, str]) -> CheckedData:
    data = example_data(folder, {DISCLOSURE: changes} if changes else None)
    with (data / "site.yml").open("a", encoding="utf-8") as file:
        file.write(site)
    return check_data(data, TODAY)


def problem_lines(checked: CheckedData) -> list[str]:
    return [
        f"{problem.position.line}:{problem.position.column} {problem.rule.id} {problem.sentence}"
        for problem in checked.judgement.problems
    ]


def test_keys_of_the_site(tmp_path: Path) -> None:
    changes = {"  生成日期: ": "  组配分类: 预算决算\n  咨询电话: 0000-0000\n  成文日期: "}
    checked = check(tmp_path, KEYS, changes)
    assert problem_lines(checked) == []
    (disclosure,) = checked.dataset.disclosures
    catalogue = disclosure.facts.catalogue
    assert catalogue.extras == {"组配分类": "预算决算", "咨询电话": "0000-0000"}
    assert catalogue.created
    assert checked.dataset.site
    page = next(iter(render_archived_disclosure(disclosure, [], checked.dataset.site))).body
    for label in ("成文日期", "组配分类", "咨询电话"):
        assert label in page
    assert "生成日期" not in page


def test_keys_of_the_site_in_the_api(tmp_path: Path) -> None:
    """Blank ones are left out; without any, the catalogue has no such field."""
    changes = {"  生成日期: ": "  组配分类: 预算决算\n  咨询电话:\n  生成日期: "}
    changes["发布日期: 2023-06-30"] = "发布日期: 2023-06-30 08:25"
    catalogue = published_catalogue(check(tmp_path / "extras", KEYS, changes))
    assert catalogue["extras"] == [{"key": "组配分类", "filed": "预算决算"}]
    assert (catalogue["published"], catalogue["published_time"]) == ("2023-06-30", "08:25")
    catalogue = published_catalogue(check(tmp_path / "none", KEYS, {}))
    assert not {"extras", "published_time"} & catalogue.keys()


def published_catalogue(checked: CheckedData) -> dict[str, Any]:
    """Return the catalogue in index.json; all files must be as their schema says."""
    (disclosure,) = checked.dataset.disclosures
    assert checked.dataset.site
    rows = tuple(iter_document_rows(disclosure))
    files = record_files(disclosure, rows, checked.dataset.site, "https://gongkai.example/")
    records = [json.loads(content) for _, content in files]
    for record in records:
        Draft202012Validator(json_schemas()["record"]).validate(record)
    catalogue: dict[str, Any] = records[0]["catalogue"]
    return catalogue


def test_keys_that_the_site_does_not_have(tmp_path: Path) -> None:
    changes = {"  生成日期: ": "  组配分类: 预算决算\n  生成日期: "}
    (message,) = problem_lines(check(tmp_path, "", changes))
    assert "JG-02 不认识的键“组配分类”" in message


def test_key_under_both_names(tmp_path: Path) -> None:
    changes = {"  生成日期: ": "  成文日期: 2023-06-01\n  生成日期: "}
    (message,) = problem_lines(check(tmp_path, KEYS, changes))
    assert message.endswith("JG-02 “成文日期”和“生成日期”是同一项；请只留一处")


def test_site_names_a_key_that_does_not_exist(tmp_path: Path) -> None:
    messages = problem_lines(check(tmp_path, "目录别名: {成文日期: 成文时间}\n", {}))
    assert any("生成日期" in message and "中选一个" in message for message in messages)


@pytest.mark.parametrize(
    ("filed", "day", "time"),
    [
        ("2023-06-30 08:25", "2023-06-30", "08:25"),
        ("2023-06-30T08:25:10", "2023-06-30", "08:25:10"),
        ("2023年6月30日", "2023-06-30", ""),
        ("2023年6月30日 8:25", "2023-06-30", "8:25"),
        ("2023/6/30", "2023-06-30", ""),
        ("2023.6.30", "2023-06-30", ""),
        ("2023-06-30", "2023-06-30", ""),
    ],
)
def test_day_of_publication(filed: str, day: str, time: str, tmp_path: Path) -> None:
    checked = check(tmp_path, "", {"发布日期: 2023-06-30": f"发布日期: {filed}"})
    assert problem_lines(checked) == []
    (disclosure,) = checked.dataset.disclosures
    catalogue = disclosure.facts.catalogue
    assert (f"{catalogue.published}", catalogue.published_time) == (day, time)
    assert checked.dataset.site
    page = next(iter(render_archived_disclosure(disclosure, [], checked.dataset.site))).body
    assert f"{day} {time}".rstrip() in page


@pytest.mark.parametrize("filed", ["2023-02-30 08:25", "2023年6月", "六月", "2023-06-30 8点"])
def test_day_of_publication_that_is_none(filed: str, tmp_path: Path) -> None:
    messages = problem_lines(check(tmp_path, "", {"发布日期: 2023-06-30": f"发布日期: {filed}"}))
    assert any("“发布日期”应是日期，例如 2023-06-29" in message for message in messages)


def test_schema_leaves_the_catalogue_open() -> None:
    assert build_schemas([])["disclosure"]["$defs"]["Catalogue"]["additionalProperties"] is True
