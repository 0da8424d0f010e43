"""Conversion with LibreOffice: PDF of the exported files, import of old Word and Excel files."""

import io
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from openpyxl import Workbook
from pypdf import PdfReader

from gongkai.authoring.office.cells import remove_whitespace
from gongkai.authoring.office.number_formats import is_date_format
from gongkai.authoring.office.read import read_office_file
from gongkai.exports.office.libreoffice import convert_file, find_libreoffice
from tests.authoring.test_number_formats import SHOWN
from tests.folders import example_data
from tests.office_data import disclosure_texts, load_disclosure, run_cli
from tests.printing import comparable_text

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("libreoffice")]


@pytest.fixture
def libreoffice() -> None:
    """Fail the test if LibreOffice is not installed."""
    if find_libreoffice() is None:
        pytest.fail(
            "没有找到 LibreOffice：请运行 make test-long，它会安装，或者说明怎样安装", pytrace=False
        )


def pdf_text(data: bytes) -> str:
    """Return the text of a PDF without spaces."""
    return comparable_text(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    )


def export(data: Path, folder: Path, style: str) -> list[Path]:
    """Export the attachments of the synthetic unit; return the files."""
    code, _, err = run_cli(
        "export", "shili", 2022, "--to", folder, "--format", style, "--data", data
    )
    assert code == 0, err
    return sorted(folder.iterdir())


def cell_texts(data: Path) -> list[str]:
    """Return the texts of all cells of the synthetic disclosure."""
    documents = disclosure_texts(load_disclosure(data, "shili", 2022))
    return [text for _, texts in documents for _, text in texts]


def test_the_pdf_of_an_export_shows_the_documents(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    text = "".join(pdf_text(path.read_bytes()) for path in export(data, tmp_path / "pdf", "pdf"))
    cells = cell_texts(data)
    assert len(cells) > 100
    assert [cell for cell in cells if comparable_text(cell) not in text] == []


def test_exported_workbooks_convert_to_pdf(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    files = export(data, tmp_path / "excel", "excel")
    text = "".join(pdf_text(convert_file(path.read_bytes(), ".xlsx", ".pdf")) for path in files)
    words = [cell for cell in cell_texts(data) if not re.search(r"\d", cell)]
    assert len(words) > 20
    assert [word for word in words if comparable_text(word) not in text] == []


@pytest.mark.parametrize(
    ("style", "new", "old"), [("word", ".docx", ".doc"), ("excel", ".xlsx", ".xls")]
)
def test_old_files_are_imported_with_the_same_texts(
    tmp_path: Path, style: str, new: str, old: str
) -> None:
    data, source = example_data(tmp_path), tmp_path / "old"
    before = disclosure_texts(load_disclosure(data, "shili", 2022))
    source.mkdir()
    for path in export(data, tmp_path / "new", style):
        old_file = (source / path.name).with_suffix(old)
        old_file.write_bytes(convert_file(path.read_bytes(), new, old))
        assert old_file.read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    shutil.rmtree(data / "units/shili/2022")
    run_cli("import", source, "--unit", "shili", "--year", 2022, "--data", data)
    assert disclosure_texts(load_disclosure(data, "shili", 2022)) == before


def test_files_saved_by_libreoffice_are_imported_with_the_same_texts(tmp_path: Path) -> None:
    data, source = example_data(tmp_path), tmp_path / "saved"
    before = disclosure_texts(load_disclosure(data, "shili", 2022))
    source.mkdir()
    for path in export(data, tmp_path / "new", "excel"):
        saved = convert_file(convert_file(path.read_bytes(), ".xlsx", ".ods"), ".ods", ".xlsx")
        (source / path.name).write_bytes(saved)
    shutil.rmtree(data / "units/shili/2022")
    run_cli("import", source, "--unit", "shili", "--year", 2022, "--data", data)
    assert disclosure_texts(load_disclosure(data, "shili", 2022)) == before


OTHERWISE = frozenset(
    {
        "aaa",  # in the language of the computer
        "0!.0,",  # “!” is known to the Chinese Excel only
        "0!.0000",
        "G/通用格式",
        "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",  # the date format of the computer
        "[$-F400]h:mm:ss AM/PM",
        "yyyy/m/d",  # a built-in format, shown as the computer's country does
        '上午/下午h"时"mm"分"',  # unknown to LibreOffice
    }
)
"""Formats that LibreOffice shows otherwise than Excel."""


def test_cells_are_shown_as_libreoffice_shows_them(tmp_path: Path) -> None:
    """Every format with every number: LibreOffice's web page of a sheet against the reader."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    codes = sorted({code for code, _, _ in SHOWN} - OTHERWISE)
    for row, code in enumerate(codes, start=1):
        is_date = is_date_format(code, Decimal(44625))
        for column, value in enumerate(DATES if is_date else NUMBERS, start=1):
            cell = sheet.cell(row, column, value)
            cell.number_format = code
    book.save(out)
    path = tmp_path / "formats.xlsx"
    path.write_bytes(out.getvalue())
    page = BeautifulSoup(convert_file(out.getvalue(), ".xlsx", ".html"), "html.parser")
    rows = [[cell.get_text() for cell in row("td")] for row in page("tr")]
    document = read_office_file(path)
    unknown = {remark.partition("的")[0] for remark in document.remarks if "没有认出" in remark}
    differences = [
        (code, slot.text, theirs)
        for code, line, row in zip(codes, document.lines, rows, strict=True)
        for slot, theirs in zip(line, row, strict=True)
        if slot and slot.place not in unknown
        if remove_whitespace(slot.text) != remove_whitespace(theirs)
    ]
    assert differences == []
    assert len(codes) > 40


DATES = (44625, 45291, 44927.5, 44928.75, 44927.5208333333)
NUMBERS = (0, 1, -1, 5, 12.345, 0.8766, 0.005, -0.001, 292.3, 2923000, 1234567.891, -12.5, 2.675)


def test_old_files_with_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "old.doc"
    path.write_bytes(b"{\\rtf1 text}")
    assert read_office_file(path).lines
