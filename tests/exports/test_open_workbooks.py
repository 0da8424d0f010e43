"""Excel files beside the pages contain the forms, the exact data and their source."""

import hashlib
import io
import shutil
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.build.side_files import unit_side_files
from gongkai.exports.office.data_sheets import (
    ABOUT_TITLE,
    DATA_TITLE,
    MAX_CELL_LENGTH,
    TRUNCATION_NOTE,
    WorkbookSource,
    about_sheet,
    data_sheet,
)
from gongkai.exports.office.excel_writer import render_excel
from gongkai.exports.open_data.tables import VALUES, Column, ColumnType, DataTable
from gongkai.exports.open_data.values import iter_document_rows
from gongkai.model.publication import Disclosure, Site
from tests.exports.test_open_files import FORMULA_FILED, FORMULAS, HOSTILE
from tests.folders import example_data
from tests.office_data import (
    DISCLOSURE_CASES,
    copy_data,
    disclosure_texts,
    load_dataset,
    load_disclosure,
    run_cli,
)

TEXTS = DataTable("t", "示例", "示例", tuple(Column(f"c{n}", f"列{n}", "") for n in range(3)), ())
FIGURES = DataTable("f", "示例", "示例", (Column("n", "数", "", ColumnType.DECIMAL),), ())
SITE_URL = "https://gongkai.example/jixiao/"


def sheets(data: bytes) -> dict[str, Worksheet]:
    return {sheet.title: sheet for sheet in load_workbook(io.BytesIO(data)).worksheets}


def rows_of(sheet: Worksheet) -> list[list[object]]:
    return [["" if value is None else value for value in row] for row in sheet.values]


def side_files(data: Path, filed: Disclosure) -> dict[str, bytes]:
    """Return the files beside the pages of a disclosure, including Excel."""
    site = load_dataset(data).site
    assert site
    with_excel = site.model_copy(update={"attachment_formats": ("Excel",)})
    return dict(unit_side_files(filed.unit, [filed], {filed.file: ()}, with_excel, SITE_URL))


def cell_texts(row: Sequence[object]) -> Iterator[str]:
    """Yield the cells of a row as text, numbers with all their digits."""
    for value in row:
        yield f"{Decimal(repr(value)):f}" if isinstance(value, float) else f"{value}"


@pytest.mark.parametrize(("name", "unit", "year"), DISCLOSURE_CASES)
def test_a_workbook_contains_the_data_and_imports_as_the_same_values(
    name: str, unit: str, year: int, tmp_path: Path
) -> None:
    data = copy_data(name, tmp_path, unit)
    filed = load_disclosure(data, unit, year)
    before, files = disclosure_texts(filed), side_files(data, filed)
    here = f"units/{unit}/{year}/"
    book = sheets(files[f"{here}index.xlsx"])
    assert list(book)[-2:] == [DATA_TITLE, ABOUT_TITLE]
    expected = [row for document in iter_document_rows(filed) for row in document.rows]
    headings, *rows = rows_of(book[DATA_TITLE])
    assert headings == list(VALUES.headings)
    for row, value_row in zip(rows, expected, strict=True):
        texts = [f"{value}" for value in value_row]
        number = value_row.number
        assert [*cell_texts(row[:14]), *row[15:]] == [
            *texts[:14],
            *texts[15:17],
            value_row.sequence,
            value_row.computed,
        ]
        assert (Decimal(next(cell_texts(row[14:15]))) if row[14] != "" else "") == (
            Decimal(number) if number else ""
        )
    shutil.rmtree(data / "units" / unit / f"{year}")
    source = tmp_path / "index.xlsx"
    source.write_bytes(files[f"{here}index.xlsx"])
    run_cli("import", source, "--unit", unit, "--year", year, "--drafts", "--data", data)
    report = (tmp_path / f"导入报告-{unit}-{year}.md").read_text("utf-8")
    assert "没有" not in report.split("## 核对")[0]
    assert disclosure_texts(load_disclosure(data, unit, year)) == before


def test_the_workbook_of_a_project_contains_only_the_project(tmp_path: Path) -> None:
    data = copy_data("seed", tmp_path)
    filed = load_disclosure(data, "xintian-jsx", 2022)
    files = side_files(data, filed)
    for project in filed.projects:
        book = sheets(files[f"units/xintian-jsx/2022/projects/{project.slug}/index.xlsx"])
        assert list(book) == ["附件3", "附件4", DATA_TITLE, ABOUT_TITLE]
        assert {row[6] for row in rows_of(book[DATA_TITLE])[1:]} == {project.slug}


def test_the_workbook_states_its_source(tmp_path: Path) -> None:
    data = copy_data("seed", tmp_path)
    files = side_files(data, load_disclosure(data, "xintian-jsx", 2022))
    here = "units/xintian-jsx/2022/"
    about = {row[0]: row[1] for row in rows_of(sheets(files[f"{here}index.xlsx"])[ABOUT_TITLE])}
    digest = hashlib.sha256(files[f"{here}index.csv"]).hexdigest()
    assert about == {
        "关于这份文件": "新田县计划生育协会2022年度绩效自评",
        "网站": "预算绩效自评公开（示例）",
        "主办单位": "示例县财政局（演示站点，数据仅供演示）",
        "网页": f"{SITE_URL}{here}",
        "许可": "演示数据，仅供演示",
        "公开单位": "新田县计划生育协会",
        "年度": "2022",
        "发布机构": "原件未载",
        "索引号": "原件未载",
        "发布日期": "原件未载",
        "最后更改": "原件未载",
        "金额单位": "万元",
        "数据的校验码": f"SHA-256 {digest}（同一网页的 index.csv）",
        "“数据”工作表": f"{VALUES.title}：{VALUES.description}",
        **{f"“{column.title}”列": column.description for column in VALUES.columns},
    }


def test_hostile_texts_survive_excel_and_are_no_formulas() -> None:
    rows = [[first, second, "尾"] for first in HOSTILE for second in HOSTILE]
    sheet = sheets(render_excel((), [data_sheet(TEXTS, rows)]))[DATA_TITLE]
    assert rows_of(sheet) == [["列0", "列1", "列2"], *rows]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    assert all(
        cell.value is None for row in sheet.iter_rows() for cell in row if cell.data_type == "n"
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("292.31", 292.31),
        ("292.30", 292.3),
        ("0", 0),
        ("-5.5", -5.5),
        ("123456789012.345", 123456789012.345),
        ("1234567890123.456", "1234567890123.456"),
        ("0012", "0012"),
        ("1E5", "1E5"),
        ("１２", "１２"),
        ("100%", "100%"),
        ("—", "—"),
    ],
)
def test_only_exactly_representable_numbers_become_numbers(text: str, value: object) -> None:
    sheet = sheets(render_excel((), [data_sheet(FIGURES, [[text]])]))[DATA_TITLE]
    assert rows_of(sheet) == [["数"], [value]]


def test_texts_longer_than_a_cell_are_marked_as_cut() -> None:
    rows = [["长" * MAX_CELL_LENGTH, "长" * (MAX_CELL_LENGTH + 1), ""]]
    _, (whole, cut, _) = rows_of(sheets(render_excel((), [data_sheet(TEXTS, rows)]))[DATA_TITLE])
    assert whole == "长" * MAX_CELL_LENGTH
    assert cut == "长" * (MAX_CELL_LENGTH - len(TRUNCATION_NOTE)) + TRUNCATION_NOTE


def test_a_sheet_of_the_same_name_with_other_content_is_imported(tmp_path: Path) -> None:
    """The import skips only the sheets that the site itself adds."""
    data = copy_data("synthetic", tmp_path)
    book = load_workbook(
        io.BytesIO(
            side_files(data, load_disclosure(data, "shili", 2022))["units/shili/2022/index.xlsx"]
        )
    )
    book[ABOUT_TITLE]["A1"] = "示例说明"
    book.save(tmp_path / "changed.xlsx")
    shutil.rmtree(data / "units/shili/2022")
    run_cli("import", tmp_path / "changed.xlsx", "--unit", "shili", "--year", 2022, "--data", data)
    report = (tmp_path / "导入报告-shili-2022.md").read_text("utf-8")
    assert "示例说明" in report
    assert "逐项数据" in report


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    data = copy_data("synthetic", tmp_path)
    assert side_files(data, load_disclosure(data, "shili", 2022)) == side_files(
        data, load_disclosure(data, "shili", 2022)
    )


def test_the_page_url_is_relative_without_a_site_url() -> None:
    site = Site.model_validate({"站点名称": "示例", "主办单位": "示例局"})
    sheet = about_sheet(WorkbookSource(site, "", "示例", "units/", (), "00"), TEXTS)
    assert sheet.rows[3:5] == [("网页", "units/"), ("许可", "未注明")]


def test_formulas_are_texts_in_every_workbook(tmp_path: Path) -> None:
    data = example_data(tmp_path, FORMULA_FILED)
    files = side_files(data, load_disclosure(data, "shili", 2022))
    workbooks = [content for path, content in files.items() if path.endswith(".xlsx")]
    found = [
        cell
        for workbook in workbooks
        for sheet in sheets(workbook).values()
        for row in sheet.iter_rows()
        for cell in row
        if FORMULAS[0] in f"{cell.value}"
    ]
    assert len(found) > 1
    assert {cell.data_type for cell in found} <= {"s", "inlineStr"}
