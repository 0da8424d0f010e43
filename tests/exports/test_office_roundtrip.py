"""Word and Excel, out and in again: the same values, cell by cell."""

import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from gongkai.authoring.office.cells import squeezed
from gongkai.build.render import all_pages
from gongkai.checks.registry import judged
from gongkai.exports.office.excel_numbers import written
from gongkai.model.terms import PageKind
from tests.folders import PERSONAL
from tests.office_data import DISCLOSURES, copied, dataset, disclosure, ran, said
from tests.seed.laid_out import laid_out
from tests.seed.original import OMITTED, SEED

SEED_YEAR = ("xintian-jsx", 2022)
A4 = (210, 297)
MASKED = "138****3461"
UNUSED = set(OMITTED) - {"……"}
"""What of the original is neither in the YAML nor printed by the form."""


def millimetres(length: int | None) -> int:
    return round((length or 0) / 36_000)


def texts(folder: Path) -> dict[str, str]:
    return {f"{path}": path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("style", ["word", "excel"])
@pytest.mark.parametrize(("name", "unit", "year"), DISCLOSURES)
def test_what_is_exported_imports_as_the_same_values(
    name: str, unit: str, year: int, style: str, tmp_path: Path
) -> None:
    data, paper = copied(name, tmp_path), tmp_path / "paper"
    before = said(disclosure(data, unit, year))
    code, out, err = ran("export", unit, year, "--to", paper, "--format", style, "--data", data)
    assert (code, out.count("已写出")) == (0, len(before)), err
    shutil.rmtree(data / "units" / unit / f"{year}")
    ran("import", paper, "--unit", unit, "--year", year, "--drafts", "--data", data)
    report = (paper / f"导入报告-{unit}-{year}.md").read_text("utf-8")
    assert "没有" not in report.split("## 核对")[0]
    assert said(disclosure(data, unit, year)) == before


def test_seed_laid_out_as_the_original_imports_with_every_cell_in_place(tmp_path: Path) -> None:
    data = copied("seed", tmp_path)
    before = disclosure(data, *SEED_YEAR)
    report = (data / "units/xintian-jsx/2022/report.md").read_text("utf-8")
    shutil.rmtree(data / "units/xintian-jsx/2022")
    text = SEED.read_text("utf-8").replace(MASKED, PERSONAL["MOBILE"])
    (tmp_path / "original.docx").write_bytes(laid_out(text))
    source = tmp_path / "original.docx"
    ran("import", source, "--unit", "xintian-jsx", "--year", 2022, "--data", data)
    assert PERSONAL["MOBILE"] not in "".join(texts(data).values())
    for path in (data / "units/xintian-jsx/2022").rglob("*.yml"):
        covered = f"{PERSONAL['MOBILE'][:3]}****{PERSONAL['MOBILE'][-4:]}"
        path.write_text(path.read_text("utf-8").replace(covered, MASKED), "utf-8")
    assert said(disclosure(data, *SEED_YEAR)) == said(before)
    now = (data / "units/xintian-jsx/2022/report.md").read_text("utf-8")
    assert now.split("---\n")[2] == report.split("---\n")[2]
    told = (tmp_path / "导入报告-xintian-jsx-2022.md").read_text("utf-8").split("## 核对")[0]
    unused = [line.split("：", 1)[1] for line in told.splitlines() if "没有用上（" in line]
    assert set(unused) == UNUSED
    assert told.count("个人号码已遮盖：第") == 1


def test_word_tables_are_whole_and_ready_for_print(tmp_path: Path) -> None:
    data = copied("seed", tmp_path)
    ran("export", *SEED_YEAR, "--to", tmp_path, "--together", "--data", data)
    document = docx.Document(f"{next(tmp_path.glob('*.docx'))}")
    assert len(document.tables) == 18
    heads: set[str] = set()
    for table in document.tables:
        for row in table.rows:
            inside = row._tr  # noqa: SLF001 - what python-docx has no name for
            assert sum(cell.grid_span for cell in inside.tc_lst) == len(table.columns)
            heads |= {cell.text for cell in row.cells} if inside.xpath(".//w:tblHeader") else set()
    assert {"一级指标", "年初预算数"} <= heads
    for section in document.sections:
        assert (millimetres(section.page_width), millimetres(section.page_height)) == A4
    with zipfile.ZipFile(next(tmp_path.glob("*.docx"))) as archive:
        fonts = archive.read("word/fontTable.xml").decode()
    for font in ("方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"):
        assert f'<w:font w:name="{font}"><w:altName' in fonts


def test_word_and_excel_hold_what_the_page_shows(tmp_path: Path) -> None:
    """Every table of the pages, cell by cell, but for the marks of notes."""
    data = copied("seed", tmp_path)
    ran("export", *SEED_YEAR, "--to", tmp_path, "--together", "--data", data)
    read = dataset(data)
    assert read.site
    shown: Counter[tuple[str, ...]] = Counter()
    for page in all_pages(read, judged(read), read.site):
        if page.kind in {PageKind.DISCLOSURE, PageKind.PROJECT}:
            shown.update(rows_of(page.body))
    document = docx.Document(f"{next(tmp_path.glob('*.docx'))}")
    word = Counter(
        tuple(each for each in dict.fromkeys(squeezed(cell.text) for cell in row.cells) if each)
        for table in document.tables
        for row in table.rows
    )
    assert shown - word == Counter()
    sheets = load_workbook(next(tmp_path.glob("*.xlsx"))).worksheets
    texts = {
        squeezed(written(cell.value, cell.number_format))
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
    }
    assert {text for row in shown for text in row} <= texts


def rows_of(page: str) -> Iterator[tuple[str, ...]]:
    """The rows of the official tables that begin without a merged cell from above."""
    soup = BeautifulSoup(page, "html.parser")
    for mark in soup.select("sup"):
        mark.decompose()
    for table in soup.select(".gk-table:not(.gk-list)"):
        if table.select("[rowspan]"):
            continue
        for row in table.select("tr"):
            texts = (squeezed(cell.get_text()) for cell in row.select("th, td"))
            yield tuple(each for each in dict.fromkeys(texts) if each)
