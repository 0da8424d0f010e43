"""No bare figure: over all pages and files of a unit whose money and scores contradict each other."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from gongkai.build.list_pages import list_pages
from gongkai.build.side_files import list_side_files, unit_side_files
from gongkai.checks.registry import Judgement, check_dataset
from gongkai.exports.feeds.events import unit_events
from gongkai.exports.open_data.rows import unit_rows
from gongkai.pages.entries import UnitEntry, unit_entry
from gongkai.pages.render import Page, render_list_page, render_unit_pages
from tests.folders import example_data, explain_problems
from tests.office_data import load_dataset

OVERALL = "units/shili/2022/overall.yml"
BASELINE = "units/shili/2022/baseline.yml"
PROJECT = "units/shili/2022/projects/shili-daolu.yml"
CHANGES = {
    OVERALL: {
        "总分: {分值: 100, 得分: 98}": "总分: {分值: 100, 得分: 87.5}",
        "执行率: 100%, 得分: 10}": "执行率: 100%, 得分: 3.25}",
        "            得分: 13\n": "            得分: 6.75\n",
    },
    BASELINE: {
        "三公经费: {上年决算数: 3, 本年预算数: 3, 本年决算数: 2.5}": (
            "三公经费: {上年决算数: 3, 本年预算数: 3, 本年决算数: 3.65}"
        ),
        "公务车购置: {上年决算数: 0, 本年预算数: 0, 本年决算数: 0}": (
            "公务车购置: {上年决算数: 0, 本年预算数: 0, 本年决算数: 0.4}"
        ),
        "公务用车购置和维护经费: {上年决算数: 0, 本年预算数: 0, 本年决算数: 0}": (
            "公务用车购置和维护经费: {上年决算数: 0, 本年预算数: 0, 本年决算数: 1.15}"
        ),
    },
    PROJECT: {
        "全年执行数: 100, 分值: 10, 执行率: 100%": "全年执行数: 77.7, 分值: 10, 执行率: 100%",
    },
}
PAIRS = {
    "87.5": "85",  # 总分
    "3.25": "10",  # 执行率的得分
    "6.75": "13.33",  # 满意度的得分
    "8.25": "1.67",  # 扣分: 15 - 6.75
    "31.75": "38.33",  # 效益指标: 25 + 6.75
    "1.15": "0.4",  # 公务用车
    "77.7": "100",  # 项目的全年执行数
}
"""What is filed or follows from it, and what is recomputed."""


class Published:
    """All pages and files of the unit."""

    def __init__(self, data: Path) -> None:
        """Check, render and export the data folder."""
        self.dataset = load_dataset(data)
        assert self.dataset.site
        self.judgement: Judgement = check_dataset(self.dataset)
        problems = self.judgement.by_disclosure
        [unit] = self.dataset.units
        self.entry: UnitEntry = unit_entry(unit, self.dataset.disclosures, problems)
        own = render_unit_pages(
            unit, self.entry, self.dataset.disclosures, problems, self.dataset.site
        )
        lists = list(list_pages([self.entry], self.dataset.site, self.dataset.forms))
        self.pages: list[Page] = [*own, *map(render_list_page, lists)]
        self.rows = unit_rows(unit, self.dataset.disclosures, problems)
        self.files = dict(
            unit_side_files(unit, self.dataset.disclosures, problems, self.dataset.site, "")
        )
        for page in lists:
            self.files |= dict(list_side_files(page.view(), self.dataset.site, ""))


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Published:
    data = example_data(tmp_path_factory.mktemp("bare"), CHANGES)
    explain_problems(data)
    return Published(data)


def states(text: str, number: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.])", text) is not None


def bare_figures(text: str) -> Iterator[str]:
    """Yield the contradicted figures of a text without the recomputed one."""
    for filed, recomputed in PAIRS.items():
        if states(text, filed) and not states(text, recomputed):
            yield f"{filed} 没有 {recomputed}：{text[:200]}"


BLOCKS = ("p", "li", "dd", "td", "th", "figcaption", "desc", "text", "caption", "summary")


def blocks(page: BeautifulSoup) -> Iterator[Tag]:
    """Yield the innermost blocks of a page's text."""
    for tag in page.find_all(BLOCKS):
        if not tag.find(BLOCKS):
            yield tag


def is_official_cell(tag: Tag) -> bool:
    """Whether it is a cell of a form, where a note stands in the place of the recomputed value."""
    table = tag.find_parent("table")
    return table is not None and "gk-list" not in (table.get("class") or [])


def test_the_planted_figures_are_found(publication: Published) -> None:
    found = {problem.filed.removesuffix("万元") for problem in publication.judgement.problems}
    assert {"87.5", "3.25", "6.75", "1.15", "77.7"} <= found
    texts = "".join(page.body for page in publication.pages)
    assert [filed for filed in PAIRS if not states(texts, filed)] == []


def test_no_page_has_a_bare_figure(publication: Published) -> None:
    faults: list[str] = []
    shown: dict[str, set[str]] = {filed: set() for filed in PAIRS}
    for page in publication.pages:
        for block in blocks(BeautifulSoup(page.body, "html.parser")):
            row = block.find_parent("tr")
            is_register = row is not None and row.find_parent(id="list-contradictions")
            text = (row if row and is_register else block).get_text(" ")
            for filed in PAIRS:
                if states(text, filed):
                    shown[filed].add(page.type.name)
            if is_official_cell(block):
                faults += [
                    f"{page.head.url} 没有注：{text}"
                    for filed in PAIRS
                    if states(text, filed) and not block.select(".gk-mark")
                ]
            else:
                faults += [f"{page.head.url} {fault}" for fault in bare_figures(text)]
    assert faults == []
    assert {"disclosure", "unit", "home", "units", "year", "department"} <= shown["87.5"]
    assert {"disclosure", "shortfalls-year"} <= shown["8.25"]
    assert {"unit", "disclosure", "project"} <= shown["77.7"]


def iter_objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from iter_objects(child)


def own_text(node: dict[str, Any]) -> str:
    """Return the values of an object, and of an object in it that holds the recomputed ones."""
    own = [value for value in node.values() if not isinstance(value, (dict, list))]
    return " ".join(
        map(
            str,
            [*own, *(node.get("computed") or {}).values()]
            if isinstance(node.get("computed"), dict)
            else own,
        )
    )


def file_texts(name: str, content: bytes) -> Iterator[str]:
    """Yield the rows of a table, or the objects of a JSON file."""
    if name.endswith(".csv"):
        yield from map(" ".join, csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    elif name.endswith(".json"):
        yield from map(own_text, iter_objects(json.loads(content)))


def test_no_file_has_a_bare_figure(publication: Published) -> None:
    faults = [
        f"{name} {fault}"
        for name, content in publication.files.items()
        for text in file_texts(name, content)
        for fault in bare_figures(text)
    ]
    assert faults == []
    kinds = {name.rpartition(".")[2] for name in publication.files}
    assert {"csv", "json"} <= kinds


def test_no_row_of_the_bulk_download_has_a_bare_figure(publication: Published) -> None:
    rows: Sequence[tuple[object, ...]] = [row for rows in publication.rows.values() for row in rows]
    texts = [" ".join(map(str, row)) for row in rows]
    assert [fault for text in texts for fault in bare_figures(text)] == []
    assert any(states(text, "3.25") for text in texts)


def test_no_feed_has_a_bare_figure(publication: Published) -> None:
    texts = [event.text for event in unit_events(publication.entry)]
    assert [fault for text in texts for fault in bare_figures(text)] == []
    assert any(states(text, "87.5") for text in texts)
