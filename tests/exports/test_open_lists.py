"""CSV and Excel files of list pages contain the rows that the page lists."""

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from openpyxl import load_workbook

from gongkai.build.list_pages import list_pages
from gongkai.build.side_files import list_side_files
from gongkai.checks.registry import check_dataset
from gongkai.exports.open_data.list_tables import CORRECTIONS, SHORTFALLS, STATUS, UNITS, list_table
from gongkai.exports.open_data.tables import ColumnType
from gongkai.model.publication import Site
from gongkai.model.terms import NOT_STATED
from gongkai.model.values import readable_amount
from gongkai.pages.downloads import list_downloads
from gongkai.pages.entries import UnitEntry, unit_entry
from gongkai.pages.render import render_list_page
from gongkai.pages.views import lists as overviews
from gongkai.pages.views import registers as register_views
from gongkai.pages.views.common import Link, PageHead
from gongkai.reading.dataset import read_dataset
from tests.exports.test_open_files import HOSTILE, parse_csv
from tests.folders import example_data
from tests.office_data import copy_data, load_dataset

SITE_URL = "https://gongkai.example/jixiao/"
EXCEL = {"下载": ("Excel",)}
SHOWN_FOR_EMPTY = {"", NOT_STATED, "未说明", "没有填报", "没有公开", "无法判断"}
"""Texts that the page shows for an empty value."""
TABLES = {
    "units/": UNITS,
    "years/2022/": UNITS,
    "shortfalls/2022/": SHORTFALLS,
    "status/": STATUS,
    "corrections/": CORRECTIONS,
}


def entries_of(data: Path) -> tuple[list[UnitEntry], Site]:
    """Return the list entries of a data folder and its site, with Excel downloads enabled."""
    content = load_dataset(data)
    assert content.site
    problems = check_dataset(content).by_disclosure
    entries = [
        unit_entry(
            unit,
            [disclosure for disclosure in content.disclosures if disclosure.unit == unit],
            problems,
        )
        for unit in content.units
    ]
    return entries, content.site.model_copy(update={"attachment_formats": ("Excel",)})


def html_rows(table: Tag) -> Iterator[dict[str, str]]:
    """Yield the rows of an HTML table as texts by heading."""
    headings = [cell.get_text(" ", strip=True) for cell in table.select("thead th")]
    for row in table.select("tbody tr"):
        cells = [" ".join(cell.get_text().split()) for cell in row.select("th, td")]
        yield dict(zip(headings, cells, strict=True))


def assert_same_row(row: Mapping[str, str], shown: Mapping[str, str]) -> None:
    """Compare a row of a file with the page, which shows 复算得分 and reasons within the figures."""
    reasons = {"自评得分": row.get("没有得分的原因"), "未达目标": row.get("无法判断的原因")}
    for shown_heading, text in shown.items():
        heading = shown_heading.removesuffix("（含项目）")
        computed = row.get("复算得分" if heading == "自评得分" else f"复算{heading}")
        note = f" （复算 {computed}）" if computed else ""
        value = f"{row[heading]}{note}".strip() or reasons.get(heading) or ""
        is_empty = not value and text in SHOWN_FOR_EMPTY
        readable = (value, _with_separators(value), f"{readable_amount(row[heading])}{note}")
        assert text in readable or is_empty, (heading, row, shown)


def _with_separators(text: str) -> str:
    return f"{Decimal(text):,f}" if text.replace(".", "", 1).isdigit() else text


@pytest.mark.parametrize("name", ["seed", "synthetic", "cases"])
def test_a_list_equals_its_files(name: str, tmp_path: Path) -> None:
    entries, site = entries_of(copy_data(name, tmp_path))
    checked = 0
    for page in list_pages(entries, site):
        view = page.view()
        files = dict(list_side_files(view, site, SITE_URL))
        url = view.head.url
        if not files:
            assert "下载数据" not in render_list_page(page).body
            continue
        assert set(files) == {f"{url}index.csv", f"{url}index.xlsx"}
        headings, *rows = parse_csv(files[f"{url}index.csv"])
        file_rows = [dict(zip(headings, row, strict=True)) for row in rows]
        soup = BeautifulSoup(render_list_page(page).body, "html.parser")
        links = [link["href"] for link in soup.select(".gk-downloads a[download]")]
        assert links == ["index.csv", "index.xlsx"]
        tables = soup.select("table[data-gk-list]:not(#list-kinds)")
        page_rows = [row for table in tables for row in html_rows(table)]
        assert len(file_rows) == len(page_rows) > 0
        for row, shown in zip(file_rows, page_rows, strict=True):
            assert_same_row(row, shown)
            assert row["网址"].startswith((f"{SITE_URL}units/", f"{SITE_URL}departments/"))
        assert list(list_table(view, SITE_URL).table.headings) == headings
        if url in TABLES:
            assert list_table(view, SITE_URL).table is TABLES[url]
        checked += len(file_rows)
        book = load_workbook(io.BytesIO(files[f"{url}index.xlsx"]))
        assert book.sheetnames == ["数据", "说明"]
        texts = [[_cell_text(value) for value in row] for row in book["数据"].values]
        assert texts == [[_strip_zeros(text) for text in row] for row in (headings, *rows)]
    assert checked > 4


def _cell_text(value: object) -> str:
    if isinstance(value, float):
        return _strip_zeros(f"{Decimal(repr(value)):f}")
    return "" if value is None else f"{value}"


def _strip_zeros(text: str) -> str:
    """Return a decimal without trailing zeros, which in Excel depend on the number format."""
    is_decimal = text.replace(".", "", 1).isdigit() and "." in text
    return text.rstrip("0").rstrip(".") if is_decimal else text


def test_pages_without_rows_have_no_files(tmp_path: Path) -> None:
    entries, site = entries_of(copy_data("seed", tmp_path))
    with_files = {
        page.type.name for page in list_pages(entries, site) if page.view().head.downloads
    }
    assert with_files == {
        "units",
        "year",
        "shortfalls-year",
        "indicators-year",
        "contradictions",
        "contradictions-year",
        "departments",
        "department",
        "status",
    }


def test_a_paginated_list_has_files_per_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries, site = entries_of(copy_data("cases", tmp_path))
    monkeypatch.setattr("gongkai.pages.pagination.split_list.__defaults__", (5,))
    has_downloads = {
        page.view().head.url: bool(page.view().head.downloads) for page in list_pages(entries, site)
    }
    page_urls = [url for url in has_downloads if url.startswith("lists/units-")]
    assert len(page_urls) > 2
    assert not has_downloads["units/"]
    assert all(has_downloads[url] for url in page_urls)


def test_hostile_texts_survive_csv_and_excel() -> None:
    lines = tuple(
        register_views.CorrectionLine(
            "2023-07-01",
            Link(text, "units/a/"),
            Link("2022年度", "units/a/2022/"),
            text,
            text,
            text,
            text,
            announced=True,
        )
        for text in HOSTILE
    )
    site = Site.model_validate({"站点名称": "示例", "主办单位": "示例局", **EXCEL})
    head = PageHead("更正", "corrections/", "", downloads=list_downloads("corrections/", site))
    view = register_views.CorrectionsView(head, (), (), lines)
    files = dict(list_side_files(view, site, ""))
    expected = [
        ["2023-07-01", text, "2022年度", text, text, text, text, "units/a/2022/"]
        for text in HOSTILE
    ]
    assert parse_csv(files["corrections/index.csv"])[1:] == expected
    sheet = load_workbook(io.BytesIO(files["corrections/index.xlsx"]))["数据"]
    rows = [["" if value is None else value for value in row] for row in sheet.values]
    assert rows[1:] == expected


@pytest.mark.parametrize(
    ("money", "filed", "texts", "numbers"),
    [
        ("万元", ("292.30", "1,234.5"), ("292.30万元", "1,234.5万元"), ("292.3", "1234.5")),
        ("元", ("2923000", "1,234,500元"), ("2923000元", "1,234,500元"), ("292.3", "123.45")),
    ],
)
def test_amounts_appear_as_filed_and_as_exact_numbers(
    money: str,
    filed: tuple[str, str],
    texts: tuple[str, str],
    numbers: tuple[str, str],
    tmp_path: Path,
) -> None:
    funds = f'年初预算数: 300, 全年预算数: "{filed[0]}", 全年执行数: "{filed[1]}",'
    evaluation = {
        "年初预算数: 300, 全年预算数: 300, 全年执行数: 300,": funds,
        "总分: {分值: 100, 得分: 98}": "总分: {分值: 100, 得分: 88.50}",
    }
    changes = {
        "forms/hunan-2022-overall.yml": {"金额单位: 万元": f"金额单位: {money}"},
        "units/shili/2022/overall.yml": evaluation,
    }
    dataset = read_dataset(example_data(tmp_path, changes), "data", dt.date(2026, 1, 1))
    (entry,) = unit_entry(dataset.units[0], dataset.disclosures, defaultdict(tuple)).entries
    unit = overviews.UnitLine(Link("示例单位", "u/"), entry.line, 2022, "", "县级", "", 0)
    view = overviews.ListView(PageHead("各单位", "units/", ""), (), "", (), (), (), (unit,))
    (row,) = list_table(view, "").rows
    values = dict(zip(UNITS.column_names, row, strict=True))
    assert (values["score"], values["budget"], values["spent"]) == ("88.50", *texts)
    columns = ("score_number", "budget_number", "spent_number")
    assert tuple(values[column] for column in columns) == ("88.5", *numbers)
    types = {column.name: column.type for column in UNITS.columns}
    assert {types[f"{name}_number"] for name in ("score", "budget", "spent")} == {
        ColumnType.DECIMAL
    }
