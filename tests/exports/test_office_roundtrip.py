"""Round trip through Word and Excel: the same values, cell by cell."""

import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from gongkai.authoring.office.cells import remove_whitespace
from gongkai.authoring.office.read import read_office_file
from gongkai.exports.office.excel_numbers import parse_excel_number
from gongkai.pages import page_types
from tests.folders import PERSONAL_NUMBERS
from tests.office_data import (
    DISCLOSURE_CASES,
    DISCLOSURES,
    copy_data,
    disclosure_texts,
    load_dataset,
    load_disclosure,
    run_cli,
)
from tests.rendering import render_pages
from tests.seed.laid_out import build_word_file
from tests.seed.original import OMITTED, SEED

SEED_DISCLOSURE = ("xintian-jsx", 2022)
A4 = (210, 297)
MASKED = "138****3461"
UNUSED = set(OMITTED) - {"……"}
"""Texts of the original that are neither in the YAML nor printed by the form."""


def millimetres(length: int | None) -> int:
    return round((length or 0) / 36_000)


def read_texts(folder: Path) -> dict[str, str]:
    return {f"{path}": path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("style", ["word", "excel"])
@pytest.mark.parametrize(("name", "unit", "year"), DISCLOSURE_CASES)
def test_exported_files_import_as_the_same_values(
    name: str, unit: str, year: int, style: str, tmp_path: Path
) -> None:
    data, paper = copy_data(name, tmp_path, unit), tmp_path / "paper"
    before = disclosure_texts(load_disclosure(data, unit, year))
    code, out, err = run_cli("export", unit, year, "--to", paper, "--format", style, "--data", data)
    assert (code, out.count("已写出")) == (0, len(before)), err
    shutil.rmtree(data / "units" / unit / f"{year}")
    run_cli("import", paper, "--unit", unit, "--year", year, "--drafts", "--data", data)
    report = (paper / f"导入报告-{unit}-{year}.md").read_text("utf-8")
    assert "没有" not in report.split("## 核对")[0]
    assert disclosure_texts(load_disclosure(data, unit, year)) == before


TABLES = """
支出见下表：

| 项目 | 预算 | 决算 | 备注 |
| --- | --- | --- | --- |
| 桥梁 |  | 50.0 |  |
| 小计 |  |  |  |
|  |  |  | 见说明 |

| 名称 | 数\\|量 |
| --- | --- |
| 道路 |  |

以上为全部支出，明细见附表。

|  | 上半年 | 下半年 |
| --- | --- | --- |
| 合计 | 100 |  |
"""


@pytest.mark.parametrize("style", ["word", "excel"])
def test_tables_of_a_report_keep_their_empty_cells(style: str, tmp_path: Path) -> None:
    data, paper = copy_data("seed", tmp_path), tmp_path / "paper"
    report = data / "units" / SEED_DISCLOSURE[0] / f"{SEED_DISCLOSURE[1]}" / "report.md"
    report.write_text(report.read_text("utf-8") + TABLES, "utf-8")
    arguments = ("export", *SEED_DISCLOSURE, "--to", paper, "--format", style, "--data", data)
    code, _, err = run_cli(*arguments)
    assert code == 0, err
    report.unlink()
    options = ("--unit", SEED_DISCLOSURE[0], "--year", SEED_DISCLOSURE[1], "--data", data)
    run_cli("import", next(paper.glob("附件5*")), *options)
    assert report.read_text("utf-8").endswith(TABLES)


def test_seed_in_original_layout_imports_completely(tmp_path: Path) -> None:
    data = copy_data("seed", tmp_path)
    before = load_disclosure(data, *SEED_DISCLOSURE)
    report = (data / "units/xintian-jsx/2022/report.md").read_text("utf-8")
    shutil.rmtree(data / "units/xintian-jsx/2022")
    text = SEED.read_text("utf-8").replace(MASKED, PERSONAL_NUMBERS["MOBILE"])
    (tmp_path / "original.docx").write_bytes(build_word_file(text))
    source = tmp_path / "original.docx"
    run_cli("import", source, "--unit", "xintian-jsx", "--year", 2022, "--data", data)
    assert PERSONAL_NUMBERS["MOBILE"] not in "".join(read_texts(data).values())
    for path in (data / "units/xintian-jsx/2022").rglob("*.yml"):
        covered = f"{PERSONAL_NUMBERS['MOBILE'][:3]}****{PERSONAL_NUMBERS['MOBILE'][-4:]}"
        path.write_text(path.read_text("utf-8").replace(covered, MASKED), "utf-8")
    assert disclosure_texts(load_disclosure(data, *SEED_DISCLOSURE)) == disclosure_texts(before)
    imported_report = (data / "units/xintian-jsx/2022/report.md").read_text("utf-8")
    assert imported_report.split("---\n")[2] == report.split("---\n")[2]
    import_report = (
        (tmp_path / "导入报告-xintian-jsx-2022.md").read_text("utf-8").split("## 核对")[0]
    )
    unused = [line.split("：", 1)[1] for line in import_report.splitlines() if "没有用上（" in line]
    assert set(unused) == UNUSED
    assert import_report.count("个人号码已遮盖：第") == 1


def test_word_tables_are_complete_and_printable(tmp_path: Path) -> None:
    data = copy_data("seed", tmp_path)
    run_cli("export", *SEED_DISCLOSURE, "--to", tmp_path, "--together", "--data", data)
    document = docx.Document(f"{next(tmp_path.glob('*.docx'))}")
    assert len(document.tables) == 18
    heads: set[str] = set()
    for table in document.tables:
        for row in table.rows:
            row_element = row._tr  # noqa: SLF001 - what python-docx has no name for
            assert sum(cell.grid_span for cell in row_element.tc_lst) == len(table.columns)
            heads |= (
                {cell.text for cell in row.cells} if row_element.xpath(".//w:tblHeader") else set()
            )
    assert {"一级指标", "年初预算数"} <= heads
    for section in document.sections:
        assert (millimetres(section.page_width), millimetres(section.page_height)) == A4
    with zipfile.ZipFile(next(tmp_path.glob("*.docx"))) as archive:
        fonts = archive.read("word/fontTable.xml").decode()
    for font in ("方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"):
        assert f'<w:font w:name="{font}"><w:altName' in fonts


def test_no_word_file_ends_with_a_table(tmp_path: Path) -> None:
    """LibreOffice loses such a table when it saves the file as .doc."""
    for name, unit, year in DISCLOSURES:
        folder = tmp_path / unit / f"{year}"
        folder.mkdir(parents=True)
        data = copy_data(name, folder, unit)
        run_cli("export", unit, year, "--to", folder, "--format", "word", "--data", data)
        for path in folder.glob("*.docx"):
            blocks = docx.Document(f"{path}").element.body.xpath("w:p | w:tbl")
            assert blocks[-1].tag.endswith("}p")


def test_numbers_in_excel_show_whole(tmp_path: Path) -> None:
    """A number does not wrap: it shrinks, where its column is narrow, and is no power of ten."""
    data = copy_data("seed", tmp_path)
    run_cli("export", *SEED_DISCLOSURE, "--to", tmp_path, "--together", "--data", data)
    sheets = load_workbook(next(tmp_path.glob("*.xlsx"))).worksheets
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    numbers = [cell for cell in cells if cell.data_type == "n" and cell.value is not None]
    assert len(numbers) > 50
    assert all(cell.alignment.shrink_to_fit and not cell.alignment.wrap_text for cell in numbers)
    long_number = parse_excel_number("123456789012")
    assert long_number
    assert long_number.number_format == "0"


def test_word_and_excel_hold_every_row_of_the_pages(tmp_path: Path) -> None:
    """Every table row of the pages is in both files, apart from note marks."""
    data = copy_data("seed", tmp_path)
    run_cli("export", *SEED_DISCLOSURE, "--to", tmp_path, "--together", "--data", data)
    site_data = load_dataset(data)
    page_rows: Counter[tuple[str, ...]] = Counter()
    for page in render_pages(site_data):
        if page.type in {page_types.DISCLOSURE, page_types.PROJECT}:
            page_rows.update(iter_table_rows(page.body))
    document = docx.Document(f"{next(tmp_path.glob('*.docx'))}")
    word_rows = Counter(
        tuple(
            text
            for text in dict.fromkeys(remove_whitespace(cell.text) for cell in row.cells)
            if text
        )
        for table in document.tables
        for row in table.rows
    )
    assert page_rows - word_rows == Counter()
    excel_texts = {
        remove_whitespace(slot.text)
        for line in read_office_file(next(tmp_path.glob("*.xlsx"))).lines
        for slot in line
        if slot
    }
    assert {text for row in page_rows for text in row} <= excel_texts


def iter_table_rows(page: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of official tables without cells merged from above."""
    soup = BeautifulSoup(page, "html.parser")
    for mark in soup.select("sup"):
        mark.decompose()
    for table in soup.select(".gk-table:not(.gk-list)"):
        if table.select("[rowspan]"):
            continue
        for row in table.select("tr"):
            texts = (remove_whitespace(cell.get_text()) for cell in row.select("th, td"))
            yield tuple(text for text in dict.fromkeys(texts) if text)
