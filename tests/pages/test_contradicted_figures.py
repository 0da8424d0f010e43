"""No bare figure: wherever a contradicted figure stands, the recomputed one stands beside it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from gongkai.build.side_files import unit_side_files
from gongkai.checks.registry import RULES, check_units
from gongkai.exports.feeds.events import unit_events
from gongkai.exports.open_data.rows import unit_rows
from gongkai.model.outcomes import indicator_outcomes
from gongkai.model.problems import Level
from gongkai.pages.contradiction_rows import contradiction_rows
from gongkai.pages.entries import unit_entry
from gongkai.pages.note_groups import has_plain_sentence
from tests.folders import ROOT, example_data, explain_problems
from tests.office_data import load_dataset
from tests.rendering import render_pages

OVERALL = "units/shili/2022/overall.yml"
PROJECT = "units/shili/2022/projects/shili-daolu.yml"
CHANGES = {
    OVERALL: {"总分: {分值: 100, 得分: 98}": "总分: {分值: 100, 得分: 88}"},
    PROJECT: {
        "年度资金总额: {年初预算数: 90, 全年预算数: 100, 全年执行数: 100,": (
            "年度资金总额: {年初预算数: 90, 全年预算数: 0, 全年执行数: 0万元,"
        ),
    },
}
DISCLOSURE_PAGE, PROJECT_PAGE = "units/shili/2022/", "units/shili/2022/projects/shili-daolu/"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = example_data(tmp_path_factory.mktemp("contradicted"), CHANGES)
    explain_problems(data)
    return data


@pytest.fixture(scope="module")
def pages(data: Path) -> dict[str, BeautifulSoup]:
    return {
        page.head.url: BeautifulSoup(page.body, "html.parser")
        for page in render_pages(load_dataset(data))
    }


def cards(page: BeautifulSoup) -> dict[str, str]:
    """Return the texts of the cards, by their terms."""
    boxes = page.select(".gk-key > div")
    pairs = ((box.select_one("dt"), box.select_one("dd")) for box in boxes)
    return {term.get_text(): text.get_text("|") for term, text in pairs if term and text}


def test_cards_have_the_recomputed_figure(pages: Mapping[str, BeautifulSoup]) -> None:
    shown = cards(pages[DISCLOSURE_PAGE])
    assert {term: shown[term] for term in ("自评得分", "等级")} == {
        "自评得分": "88 / 100|复算 98",
        "等级": "良|复算 优",
    }
    shown = cards(pages[PROJECT_PAGE])
    assert {term: shown[term] for term in ("全年预算数", "全年执行数")} == {
        "全年预算数": "0万元|复算 100万元",
        "全年执行数": "0万元|复算 100万元",
    }


def test_sentences_have_the_recomputed_figure(pages: Mapping[str, BeautifulSoup]) -> None:
    sentences = [line.get_text() for line in pages[DISCLOSURE_PAGE].select(".gk-summary p")]
    assert sentences[0] == (
        "自评得分 88 分（满分 100 分，复算 98 分），按本表等级标准为“良”（复算 优）。"
    )
    sentences = [line.get_text() for line in pages[PROJECT_PAGE].select(".gk-summary p")]
    assert sentences[1] == (
        "年初预算 90万元，全年预算 0万元（复算 100万元），全年支出 0万元（复算 100万元），预算执行率 100%。"
    )


@pytest.mark.parametrize("url", ["", "units/", "units/shili/", "years/2022/"])
def test_lists_over_units_have_the_recomputed_figure(
    url: str, pages: Mapping[str, BeautifulSoup]
) -> None:
    cells = [cell.get_text() for cell in pages[url].select("td")]
    assert "88 （复算 98）" in cells
    assert "良 （复算 优）" in cells


@pytest.mark.parametrize("url", ["units/shili/", DISCLOSURE_PAGE])
def test_lists_of_projects_have_the_recomputed_figure(
    url: str, pages: Mapping[str, BeautifulSoup]
) -> None:
    assert "0万元 （复算 100万元）" in [cell.get_text() for cell in pages[url].select("td")]


def test_the_register_lists_the_largest_amounts_first(pages: Mapping[str, BeautifulSoup]) -> None:
    rows = [
        [cell.get_text() for cell in row.select("th, td")]
        for row in pages["contradictions/"].select("#list-contradictions tbody tr")
    ]
    assert [row[3:] for row in rows if row[6].startswith("0")] == [
        [
            "对不上",
            "合计与各分项相加的数不同",
            f"示例道路维护：项目资金 › 年度资金总额 › {column}",
            filed,
            "100万元",
            "100",
            "示例说明（示例员）",
        ]
        for column, filed in (("全年预算数", "0万元"), ("全年执行数", "0万元"))
    ]
    assert ["总分与各项得分相加的数不同", "88", "98"] in [[row[4], *row[6:8]] for row in rows]
    tables = pages["contradictions/"].select("table")
    kinds = [[cell.get_text() for cell in row.select("th, td")] for row in tables[0].select("tr")]
    assert ["合计与各分项相加的数不同", "2", "1", "100"] in kinds  # The largest, not 100 + 100.
    differences = [float(row[8]) for row in rows if row[8]]
    assert differences == sorted(differences, reverse=True)


def test_the_register_has_contradictions_in_texts_and_doubts() -> None:
    """The disclosure of the real case, whose report contradicts itself and the tables."""
    dataset = load_dataset(ROOT / "data")
    problems = check_units(dataset).by_disclosure
    rows = [
        row
        for disclosure in dataset.disclosures
        for row in contradiction_rows(disclosure, problems[disclosure.file], shows_warnings=True)
        if row.page.url.endswith("/report/")
    ]
    assert [
        (row.is_certain, row.rule, row.filed, row.computed, f"{row.difference or ''}")
        for row in rows
    ] == [
        (True, "GJ-02", "0万元", "52.5万元", "52.5"),
        (True, "GJ-02", "34.5万元", "52.5万元", "18"),
        (True, "GJ-03", "18万元", "9万元", "9"),
        (True, "GJ-01", "52.5万元", "57.5万元", "5"),
        (True, "GJ-04", "1.81元", "1.81万元", "1.809819"),
        (True, "GJ-01", "34.5万元", "33.36万元", "1.14"),
        (True, "GJ-03", "292.30万元", "292.31万元", "0.01"),
        (True, "GJ-03", "292.30万元", "292.31万元", "0.01"),
        (True, "GJ-03", "6", "5", ""),
        (True, "GJ-03", "9万元", "18", ""),
        (False, "GJ-01", "52.5万元", "41.36万元", "11.14"),
        (False, "GJ-12", "2022年“三公”经费预算数为1.81元", "1.81万元", ""),
        (False, "GJ-05", "5.23%", "5.24%", ""),
    ]


def test_doubts_are_listed_only_where_readers_see_warnings() -> None:
    dataset = load_dataset(ROOT / "data")
    problems = check_units(dataset).by_disclosure
    [disclosure] = [one for one in dataset.disclosures if problems[one.file]]
    shown, hidden = (
        contradiction_rows(disclosure, problems[disclosure.file], shows_warnings=is_shown)
        for is_shown in (True, False)
    )
    assert [row for row in shown if row.is_certain] == list(hidden)
    assert len(shown) > len(hidden)


def test_data_files_feeds_and_comparison_have_the_recomputed_figure(data: Path) -> None:
    dataset = load_dataset(data)
    assert dataset.site
    [unit] = dataset.units
    problems = check_units(dataset).by_disclosure
    files = dict(unit_side_files(unit, dataset.disclosures, problems, dataset.site, ""))
    [figures] = json.loads(files["units/shili/figures.json"])["years"]
    assert figures["computed"] == {"score": "98", "grade": "优"}
    [record] = json.loads(files["api/v1/units/shili.json"])["records"]
    assert {key: text for key, text in record.items() if key.endswith("_computed")} == {
        "score_computed": "98",
        "grade_computed": "优",
    }
    tables = unit_rows(unit, dataset.disclosures, problems)
    assert [row[-6:] for row in tables["disclosures"]] == [("98", "优", "", "", "", "")]
    assert [row[-6:] for row in tables["projects"]] == [("", "", "", "100", "100", "")]
    [event] = unit_events(unit_entry(unit, dataset.disclosures, problems))
    assert event.text == (
        "示例单位公开了2022年度预算绩效自评。自评得分 88（复算 98），预算 300万元，执行率 100%。共 1 个项目。"
    )


def test_notes_are_grouped_by_what_they_mean(pages: Mapping[str, BeautifulSoup]) -> None:
    notes = pages[PROJECT_PAGE].select_one(".gk-notes")
    assert notes
    titles = [title.get_text() for title in notes.select("h3")]
    assert titles[0] == "金额对不上（3 处）"
    numbers = [re.sub(r"\D", "", f"{line['id']}") for line in notes.select("li[id]")]
    assert numbers == [f"{number}" for number in range(1, len(numbers) + 1)]
    assert notes.select("li")[1].get_text().partition("差异说明")[0] == (
        "注2　合计与各分项相加的数不同：“年度资金总额”的全年预算数填报 0，各分项合计为 100，相差 100。 "
    )


def test_every_rule_that_readers_see_has_a_plain_sentence() -> None:
    shown = [rule.id for rule in RULES if rule.is_explainable and set(rule.levels) != {Level.I}]
    assert [rule for rule in shown if not has_plain_sentence(rule)] == []


def test_targets_have_their_sign_and_measure_and_equal_words_are_reached(tmp_path: Path) -> None:
    words = {
        "年度指标值: ≥95%\n            实际完成值: 96%": "年度指标值: 有效\n            实际完成值: 有效"
    }
    dataset = load_dataset(example_data(tmp_path, {OVERALL: words}))
    [disclosure] = dataset.disclosures
    outcomes = [outcome for record in disclosure.records for outcome in indicator_outcomes(record)]
    assert [outcome.is_reached for outcome in outcomes] == [True, True, False]
    assert [outcome.target_text for outcome in outcomes] == ["≥100公里", "有效", "≥90%"]
