"""Files beside the pages: what is read back is what was filed, and what the pages show."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from gongkai.authoring.office.cells import squeezed
from gongkai.build.render import all_pages
from gongkai.build.side_files import values_csv
from gongkai.checks.registry import judged
from gongkai.exports.office.prose import Part, prose
from gongkai.exports.open_data.csv_files import MARK, csv_file
from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import TEXT_FIELD, ValueRow, documents
from gongkai.model.publication import Disclosure
from tests.folders import example
from tests.office_data import DISCLOSURES, copied, dataset, disclosure

MARKER = re.compile(r"^(?:·|\d+[.)]) ")
"""What stands before an item of a list, which the page's text does not hold."""
HOSTILE = (
    '引号"两个""',
    "逗号,和，",
    "两行\n第二行",
    "旧式\r\n换行\r单个",
    "=1+2",
    "+1",
    "@示例",
    "-",
    "292.30",
    "0012",
    "12345678901234567890",
    " 前后有空格 ",
    "\t制表",
    "原件如此",
    "",
    '"',
    ",",
    "'单引号",
    "<b>&amp;",
)


def read(data: bytes) -> list[list[str]]:
    """The rows of a file as any program reads them, that of the headings first."""
    text = data.decode("utf-8")
    assert text.startswith(MARK)
    assert not text.startswith(MARK, 1)
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), strict=True))


def files(each: Disclosure) -> dict[str, list[list[str]]]:
    """Its files by their paths, read back."""
    return {path: read(data) for path, data in values_csv(each, list(documents(each)))}


def told(rows: list[ValueRow]) -> list[list[str]]:
    """Rows as texts, below the headings."""
    return [list(VALUES.titles), *([f"{value}" for value in row] for row in rows)]


@pytest.mark.parametrize(("name", "unit", "year"), DISCLOSURES)
def test_csv_is_read_back_as_the_model(name: str, unit: str, year: int, tmp_path: Path) -> None:
    each = disclosure(copied(name, tmp_path), unit, year)
    every = list(documents(each))
    here = f"units/{unit}/{year}/"
    own = [row for one in every if not one.record.project for row in one.rows]
    expected = {f"{here}index.csv": told(own)}
    for project in each.projects:
        own = [row for one in every if one.record.project == project.slug for row in one.rows]
        expected[f"{here}projects/{project.slug}/index.csv"] = told(own)
    assert files(each) == expected
    filed = [cell.filed for record in each.all_records for cell in record.cells()]
    rows = [row for path in expected for row in files(each)[path][1:]]
    assert [row[12] for row in rows if row[9] != TEXT_FIELD] == filed


def test_the_columns_of_a_row_are_where_csv_takes_them_to_be() -> None:
    assert VALUES.names.index("item") == 8
    assert VALUES.names[17:] == ("sequence",)


def test_hostile_texts_are_read_back_to_the_character() -> None:
    rows = [[one, other, "尾"] for one in HOSTILE for other in HOSTILE]
    assert read(csv_file(("甲", '乙"', "丙,"), rows)) == [["甲", '乙"', "丙,"], *rows]


def test_hostile_values_of_a_disclosure_are_read_back(tmp_path: Path) -> None:
    texts = [each for each in HOSTILE if "\r" not in each and "\t" not in each]
    long = json.dumps("，".join(texts), ensure_ascii=False)
    changes = {
        "units/shili/2022/projects/shili-daolu.yml": {
            "项目主管部门: 示例交通局": f"项目主管部门: {long}"
        },
        "units/shili/unit.yml": {"名称: 示例单位": '名称: 示例,"单位"'},
    }
    each = disclosure(example(tmp_path, changes), "shili", 2022)
    rows = files(each)["units/shili/2022/projects/shili-daolu/index.csv"][1:]
    assert "，".join(texts) in [row[12] for row in rows]
    assert {row[1] for row in rows} == {'示例,"单位"'}


@pytest.mark.parametrize("name", ["seed", "synthetic"])
def test_files_tell_nothing_that_the_pages_do_not_show(name: str, tmp_path: Path) -> None:
    read_in = dataset(copied(name, tmp_path))
    assert read_in.site
    shown: dict[str, str] = {}
    for page in all_pages(read_in, judged(read_in), read_in.site):
        soup = BeautifulSoup(page.body, "html.parser")
        for mark in soup.select("sup"):
            mark.decompose()
        shown[page.head.url] = squeezed(soup.get_text())
    checked = 0
    for each in read_in.disclosures:
        for path, rows in files(each).items():
            url = path.removesuffix("index.csv")
            text = "".join(shown[page] for page in shown if page.startswith(url))
            for row in rows[1:]:
                for part in prose(row[12]) if row[9] == TEXT_FIELD else [Part(0, row[12])]:
                    assert squeezed(MARKER.sub("", part.text)) in text, (path, row)
                    checked += 1
    assert checked > 100
