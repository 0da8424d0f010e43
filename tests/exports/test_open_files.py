"""CSV files beside the pages contain exactly what was filed and what the pages show."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from gongkai.authoring.office.cells import remove_whitespace
from gongkai.build.side_files import disclosure_csv_files
from gongkai.exports.open_data.csv_files import BYTE_ORDER_MARK, csv_file, csv_lines
from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import TEXT_FIELD, ValueRow, iter_document_rows
from gongkai.model.publication import Disclosure
from gongkai.model.spreadsheet_formulas import is_formula, may_hold_formula
from tests.folders import example_data
from tests.office_data import (
    DISCLOSURES,
    copy_data,
    load_dataset,
    load_disclosure,
    prose_texts,
)
from tests.rendering import render_pages

LIST_MARKER = re.compile(r"^(?:·|\d+[.)]) ")
"""Marker of a list entry, which is not part of the page's text."""
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


FORMULAS = (
    '=HYPERLINK("https://gongkai.example/","示例")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-cmd|' /C calc'!A0",
    "+2+5+cmd|' /C calc'!A0",
    "=1+1+SUM(2)",
    " =A1",
    "\t-甲+WEBSERVICE(A1)",
    "＝SUM(A1)",
    "=$A$1",
    "+'示例'!A1",
)
"""Texts that Excel runs when it opens a CSV file."""
FORMULA_FILED = {
    "units/shili/2022/projects/shili-daolu.yml": {
        "项目主管部门: 示例交通局": f"项目主管部门: {json.dumps(FORMULAS[0], ensure_ascii=False)}"
    }
}
NO_FORMULAS = (
    *("=100", "=100%", "＝100个", "-5.2", "+3人", "--", "-/-", "@示例", "- 开展培训", "-完成！"),
    *(
        "-完成PPP(政府和社会资本合作)项目",
        "- PPP(一期)",
        "=5km",
        "≥95%",
        "甲=乙(丙)",
        "a|b",
        "-0.5%-1.2%",
    ),
)


def parse_csv(data: bytes) -> list[list[str]]:
    """Parse a CSV file; the first row holds the headings."""
    text = data.decode("utf-8")
    assert text.startswith(BYTE_ORDER_MARK)
    assert not text.startswith(BYTE_ORDER_MARK, 1)
    assert text.endswith("\r\n")
    return list(
        csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""), strict=True)
    )


def parsed_files(disclosure: Disclosure) -> dict[str, list[list[str]]]:
    """Return the parsed CSV files of a disclosure by path."""
    files = disclosure_csv_files(disclosure, list(iter_document_rows(disclosure)))
    return {path: parse_csv(data) for path, data in files}


def expected_rows(rows: list[ValueRow]) -> list[list[str]]:
    """Return the headings and the rows as text."""
    return [list(VALUES.headings), *([f"{value}" for value in row] for row in rows)]


@pytest.mark.parametrize(("name", "unit", "year"), DISCLOSURES)
def test_csv_equals_the_model(name: str, unit: str, year: int, tmp_path: Path) -> None:
    filed_disclosure = load_disclosure(copy_data(name, tmp_path, unit), unit, year)
    document_values = list(iter_document_rows(filed_disclosure))
    here = f"units/{unit}/{year}/"
    rows_by_project: dict[str, list[ValueRow]] = {}
    for document in document_values:
        rows_by_project.setdefault(document.record.project, []).extend(document.rows)
    expected = {f"{here}index.csv": expected_rows(rows_by_project.get("", []))}
    for project in filed_disclosure.projects:
        project_rows = rows_by_project.get(project.slug, [])
        expected[f"{here}projects/{project.slug}/index.csv"] = expected_rows(project_rows)
    files = parsed_files(filed_disclosure)
    assert files == expected
    filed = [cell.filed for record in filed_disclosure.all_records for cell in record.cells]
    rows = [row for path in expected for row in files[path][1:]]
    assert [row[12] for row in rows if row[9] != TEXT_FIELD] == filed


def test_csv_column_positions_match_the_table() -> None:
    assert VALUES.column_names.index("item") == 8
    assert VALUES.column_names[17:] == ("sequence", "computed")


def test_hostile_texts_survive_csv() -> None:
    rows = [[first, second, "尾"] for first in HOSTILE for second in HOSTILE]
    assert parse_csv(csv_file(("甲", '乙"', "丙,"), [csv_lines(rows)])) == [
        ["甲", '乙"', "丙,"],
        *rows,
    ]


def test_formulas_are_no_formulas_in_csv() -> None:
    assert [text for text in FORMULAS if not is_formula(text)] == []
    assert [text for text in NO_FORMULAS if is_formula(text)] == []
    assert all(may_hold_formula(text) for text in FORMULAS)
    rows = [["甲", *FORMULAS], *([text] for text in NO_FORMULAS)]
    written = parse_csv(csv_file(("甲",), [csv_lines(rows)]))[1:]
    assert written == [["甲", *(f"'{text}" for text in FORMULAS)], *rows[1:]]
    assert not any(is_formula(text) for row in written for text in row)


def test_formulas_of_a_disclosure_are_texts_in_csv(tmp_path: Path) -> None:
    files = parsed_files(load_disclosure(example_data(tmp_path, FORMULA_FILED), "shili", 2022))
    texts = [text for rows in files.values() for row in rows for text in row]
    assert f"'{FORMULAS[0]}" in texts
    assert not any(is_formula(text) for text in texts)


def test_hostile_values_of_a_disclosure_survive_csv(tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if "\r" not in text and "\t" not in text]
    joined = json.dumps("，".join(texts), ensure_ascii=False)
    changes = {
        "units/shili/2022/projects/shili-daolu.yml": {
            "项目主管部门: 示例交通局": f"项目主管部门: {joined}"
        },
        "units/shili/unit.yml": {"名称: 示例单位": '名称: 示例,"单位"'},
    }
    files = parsed_files(load_disclosure(example_data(tmp_path, changes), "shili", 2022))
    rows = files["units/shili/2022/projects/shili-daolu/index.csv"][1:]
    assert "，".join(texts) in [row[12] for row in rows]
    assert {row[1] for row in rows} == {'示例,"单位"'}


@pytest.mark.parametrize("name", ["seed", "synthetic"])
def test_files_contain_only_what_the_pages_show(name: str, tmp_path: Path) -> None:
    data = load_dataset(copy_data(name, tmp_path))
    page_texts: dict[str, str] = {}
    for page in render_pages(data):
        soup = BeautifulSoup(page.body, "html.parser")
        for note_number in soup.select("sup"):
            note_number.decompose()
        page_texts[page.head.url] = remove_whitespace(soup.get_text())
    checked = 0
    for filed_disclosure in data.disclosures:
        for path, rows in parsed_files(filed_disclosure).items():
            folder = path.removesuffix("index.csv")
            text = "".join(page_texts[url] for url in page_texts if url.startswith(folder))
            for row in rows[1:]:
                parts = prose_texts(row[12]) if row[9] == TEXT_FIELD else [("", row[12])]
                for _, part in parts:
                    assert remove_whitespace(LIST_MARKER.sub("", part)) in text, (path, row)
                    checked += 1
    assert checked > 100
