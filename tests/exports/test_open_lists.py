"""Files beside the lists: what they hold is what the page lists, row by row."""

import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from openpyxl import load_workbook

from gongkai.build.list_pages import list_pages
from gongkai.build.side_files import beside_list
from gongkai.checks.registry import judged
from gongkai.exports.open_data.list_tables import CORRECTIONS, SHORTFALLS, STATUS, UNITS, list_table
from gongkai.exports.open_data.tables import Type
from gongkai.model.publication import Site
from gongkai.model.terms import ABSENT
from gongkai.pages.downloads import list_downloads
from gongkai.pages.entries import UnitEntry, unit_entry
from gongkai.pages.render import list_page
from gongkai.pages.views import lists as overviews
from gongkai.pages.views import registers as register_views
from gongkai.pages.views.common import Head, Line, Link
from tests.exports.test_open_files import HOSTILE, read
from tests.office_data import copied, dataset

SITE_URL = "https://gongkai.example/jixiao/"
EXCEL = {"下载": ("Excel",)}
WRITTEN_OTHERWISE = {"", ABSENT, "未说明"}
"""Words of the page where the data holds nothing."""
TABLES = {
    "units/": UNITS,
    "years/2022/": UNITS,
    "shortfalls/2022/": SHORTFALLS,
    "status/": STATUS,
    "corrections/": CORRECTIONS,
}


def entries_of(data: Path) -> tuple[list[UnitEntry], Site]:
    """The units of a data folder as the lists know them; its site offers Excel."""
    read_in = dataset(data)
    assert read_in.site
    found = judged(read_in).by_disclosure
    its = {
        unit.slug: [each for each in read_in.disclosures if each.unit == unit]
        for unit in read_in.units
    }
    entries = [unit_entry(unit, its[unit.slug], found) for unit in read_in.units]
    return entries, read_in.site.model_copy(update={"downloads": ("Excel",)})


def rows_of(table: Tag) -> Iterator[dict[str, str]]:
    """A table's rows by the headings; blank where the page says that nothing is known."""
    heads = [each.get_text(" ", strip=True) for each in table.select("thead th")]
    for row in table.select("tbody tr"):
        cells = [" ".join(each.get_text().split()) for each in row.select("th, td")]
        yield dict(zip(heads, cells, strict=True))


def same(row: Mapping[str, str], shown: Mapping[str, str]) -> None:
    """A row of a file tells what the page tells; what is computed stands in a column of its own."""
    for head, text in shown.items():
        told = row[head]
        if head == "自评得分" and row["复算得分"]:
            told += f" （复算 {row['复算得分']}）"
        assert told == text or (told, text in WRITTEN_OTHERWISE) == ("", True), (head, row, shown)


@pytest.mark.parametrize("name", ["seed", "synthetic", "cases"])
def test_a_list_and_its_files_tell_the_same(name: str, tmp_path: Path) -> None:
    entries, site = entries_of(copied(name, tmp_path))
    checked = 0
    for each in list_pages(entries, site):
        view = each.view()
        files = dict(beside_list(view, site, SITE_URL))
        url = view.head.url
        if not files:
            assert "下载数据" not in list_page(each).body
            continue
        assert set(files) == {f"{url}index.csv", f"{url}index.xlsx"}
        head, *rows = read(files[f"{url}index.csv"])
        told = [dict(zip(head, row, strict=True)) for row in rows]
        soup = BeautifulSoup(list_page(each).body, "html.parser")
        links = [link["href"] for link in soup.select(".gk-downloads a[download]")]
        assert links == ["index.csv", "index.xlsx"]
        tables = soup.select("table[data-gk-list]:not(#list-kinds)")
        shown = [row for table in tables for row in rows_of(table)]
        assert len(told) == len(shown) > 0
        for row, one in zip(told, shown, strict=True):
            same(row, one)
            assert row["网址"].startswith(f"{SITE_URL}units/")
        assert list(list_table(view, SITE_URL).table.titles) == head
        if url in TABLES:
            assert list_table(view, SITE_URL).table is TABLES[url]
        checked += len(told)
        book = load_workbook(io.BytesIO(files[f"{url}index.xlsx"]))
        assert book.sheetnames == ["数据", "说明"]
        texts = [[_text(value) for value in row] for row in book["数据"].values]
        assert texts == [[_plain(text) for text in row] for row in (head, *rows)]
    assert checked > 4


def _text(value: object) -> str:
    if isinstance(value, float):
        return _plain(f"{Decimal(repr(value)):f}")
    return "" if value is None else f"{value}"


def _plain(text: str) -> str:
    """A figure without the zeros at its end: in Excel they are the format's."""
    figure = text.replace(".", "", 1).isdigit() and "." in text
    return text.rstrip("0").rstrip(".") if figure else text


def test_pages_without_rows_of_their_own_have_no_files(tmp_path: Path) -> None:
    entries, site = entries_of(copied("seed", tmp_path))
    without = {
        each.kind.value for each in list_pages(entries, site) if not each.view().head.downloads
    }
    assert without == {
        *("home", "years", "shortfalls", "corrections", "compare", "search"),
        *("data", "dictionary"),
    }


def test_a_list_in_parts_has_its_files_beside_the_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries, site = entries_of(copied("cases", tmp_path))
    monkeypatch.setattr("gongkai.pages.pagination.shares.__defaults__", (5,))
    urls = {
        each.view().head.url: bool(each.view().head.downloads) for each in list_pages(entries, site)
    }
    parts = [url for url in urls if url.startswith("lists/units-")]
    assert len(parts) > 2
    assert not urls["units/"]
    assert all(urls[url] for url in parts)


def test_hostile_lines_are_read_back_to_the_character() -> None:
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
    head = Head("更正", "corrections/", "", downloads=list_downloads("corrections/", site))
    view = register_views.CorrectionsView(head, (), (), lines)
    files = dict(beside_list(view, site, ""))
    expected = [
        ["2023-07-01", text, "2022年度", text, text, text, text, "units/a/2022/"]
        for text in HOSTILE
    ]
    assert read(files["corrections/index.csv"])[1:] == expected
    sheet = load_workbook(io.BytesIO(files["corrections/index.xlsx"]))["数据"]
    rows = [["" if value is None else value for value in row] for row in sheet.values]
    assert rows[1:] == expected


def test_amounts_are_told_as_filed_and_as_exact_numbers() -> None:
    line = Line(Link("示例", "u/"), "88.50", "", "良", "", "292.30万元", "1,234,500元", "100%", 2)
    unit = overviews.UnitLine(Link("示例单位", "u/"), line, 2022, "", "县级", "", 0)
    view = overviews.ListView(Head("各单位", "units/", ""), (), "", (), (), (unit,))
    (row,) = list_table(view, "").rows
    told = dict(zip(UNITS.names, row, strict=True))
    assert (told["score"], told["budget"], told["spent"]) == ("88.50", "292.30万元", "1,234,500元")
    numbers = told["score_number"], told["budget_number"], told["spent_number"]
    assert [Decimal(f"{each}") for each in numbers] == [
        Decimal("88.5"),
        Decimal("292.3"),
        Decimal("123.45"),
    ]
    kinds = {each.name: each.type for each in UNITS.columns}
    assert {kinds[f"{name}_number"] for name in ("score", "budget", "spent")} == {Type.DECIMAL}
