"""各类指标: kinds over all units, satisfaction one by one, targets missed again and again."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from gongkai.build.list_pages import list_pages
from gongkai.checks.registry import check_dataset
from gongkai.pages.entries import UnitEntry, unit_entry
from gongkai.pages.indicator_index import _kind_sentences
from gongkai.pages.indicator_rows import OTHER, kind_of
from gongkai.pages.render import render_list_page
from gongkai.pages.views.lists import KindLine
from tests.folders import example_data, explain_problems
from tests.office_data import load_dataset


def pages_of(data: Path) -> dict[str, BeautifulSoup]:
    explain_problems(data)
    dataset = load_dataset(data)
    assert dataset.site
    problems = check_dataset(dataset).by_disclosure
    entries: list[UnitEntry] = [
        unit_entry(
            unit,
            [disclosure for disclosure in dataset.disclosures if disclosure.unit == unit],
            problems,
        )
        for unit in dataset.units
    ]
    pages = list_pages(entries, dataset.site)
    return {
        page.url: BeautifulSoup(render_list_page(page).body, "html.parser")
        for page in pages
        if page.url.startswith("indicators/")
    }


def rows_of(page: BeautifulSoup, table: str) -> list[list[str]]:
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in page.select(f"#{table} tbody tr")
    ]


def test_kinds_are_counted_over_unit_and_projects(tmp_path: Path) -> None:
    pages = pages_of(example_data(tmp_path))
    assert set(pages) == {"indicators/", "indicators/2022/"}
    assert rows_of(pages["indicators/"], "list-kinds") == [
        ["满意度", "1", "2", "2", "2", "100%"],
        ["数量", "1", "1", "1", "0", "0%"],
        ["质量", "1", "1", "1", "0", "0%"],
        ["时效", "1", "1", "0", "0", ""],
        ["成本", "1", "1", "1", "0", "0%"],
        ["社会效益", "1", "1", "1", "0", "0%"],
        ["其他", "1", "2", "2", "0", "0%"],
    ]
    sentences = [line.get_text() for line in pages["indicators/"].select(".gk-summary p")]
    assert sentences == [
        "2022 年度能判断的 8 项指标中，2 项没有达到目标，满意度指标最多，2 项。",
        "满意度指标 2 项，能判断 2 项，没有达到 2 项。",
        "没有哪个单位的同名指标两年以上没有达到目标。",
    ]


def test_satisfaction_is_listed_one_by_one(tmp_path: Path) -> None:
    page = pages_of(example_data(tmp_path))["indicators/2022/"]
    rows = rows_of(page, "list-satisfaction")
    assert [row[2:] for row in rows] == [
        ["示例居民满意度", "≥90%", "80%", "未达到"],
        ["示例居民满意度", "≥90%", "85%", "未达到"],
    ]
    links = [f"{link['href']}" for link in page.select("#list-satisfaction th a")]
    assert [link.partition("#")[0] for link in links] == [
        "../../units/shili/2022/",
        "../../units/shili/2022/projects/shili-daolu/",
    ]


def test_a_target_missed_in_two_years_is_named_with_both(tmp_path: Path) -> None:
    data = example_data(tmp_path, copies={"units/shili/2022": "units/shili/2021"})
    for path in (data / "units/shili/2021").rglob("*"):
        if path.is_file():
            text = path.read_text("utf-8").replace("2022", "2021")
            path.write_text(text.replace("hunan-2021", "hunan-2022"), "utf-8")
    page = pages_of(data)["indicators/"]
    assert rows_of(page, "list-repeated") == [
        ["示例单位", "效益指标", "示例居民满意度", "2", "2021年度 、 2022年度"],
        ["示例单位", "满意度指标", "示例居民满意度", "2", "2021年度 、 2022年度"],
    ]
    assert "1 个单位的 2 项同名指标两年以上没有达到目标。" in page.get_text()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (("产出指标", "数量指标"), "数量"),
        (("效益指标", "服务对象满意度指标"), "满意度"),
        (("满意度指标", "其他"), "满意度"),
        (("产出指标", "产出质量"), "质量"),
        (("效益指标", "环境效益指标"), "生态效益"),
        (("管理", "制度"), "其他"),
        ((), "其他"),
    ],
)
def test_the_lowest_telling_name_says_the_kind(path: tuple[str, ...], kind: str) -> None:
    assert kind_of(path) == kind


def test_the_most_missed_kind_is_said_to_leave_others_out() -> None:
    kinds = [KindLine("满意度", 1, 9, 9, 2), KindLine(OTHER, 1, 9, 9, 5)]
    assert next(_kind_sentences(2022, kinds)) == (
        "2022 年度能判断的 18 项指标中，7 项没有达到目标，除“其他”外，满意度指标最多，2 项。"
    )
