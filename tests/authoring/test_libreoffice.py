"""Conversion with LibreOffice: PDF of the exported files, import of old Word and Excel files."""

import io
import re
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from gongkai.authoring.office.read import read_office_file
from gongkai.exports.office.libreoffice import convert_file, find_libreoffice
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


def test_old_files_with_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "old.doc"
    path.write_bytes(b"{\\rtf1 text}")
    assert read_office_file(path).lines
