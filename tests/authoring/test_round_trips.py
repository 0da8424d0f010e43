"""Exported forms, saved by LibreOffice in every format that is read, are imported with the same values.

What cannot come back is in the table: a space between Han characters at the end of a line of a web
page; in a PDF also an ideographic space, and a paragraph that ends with a full line.
"""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from gongkai.exports.office.libreoffice import find_libreoffice
from tests.folders import GOLDEN
from tests.office_data import copy_data, disclosure_texts, load_disclosure, run_cli

KINDS = {
    "word": ("docx", "doc", "odt", "rtf", "html", "pdf"),
    "excel": ("xlsx", "xls", "ods", "html", "pdf"),
}
"""Formats that LibreOffice saves, by the format of the export."""
CASES = (
    (("synthetic", "shili", 2022), "word"),
    (("synthetic", "shili", 2022), "excel"),
    (("cases", "huangshi-tushuguan", 2022), "word"),
    (("cases", "huangshi-tushuguan", 2022), "excel"),
    (("seed", "xintian-jsx", 2022), "word"),
)
TABLE = GOLDEN / "round_trips.txt"


def save_as(files: list[Path], folder: Path, kind: str) -> None:
    """Open files in LibreOffice and save them in another format, all at once."""
    program = find_libreoffice()
    assert program, "没有找到 LibreOffice：请运行 make test-long，它会安装，或者说明怎样安装"
    profile = f"-env:UserInstallation={(folder.parent / 'profile').as_uri()}"
    command = [program, "--headless", profile, "--convert-to", kind, "--outdir", f"{folder}"]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=600)


def count_texts(data: Path, unit: str, year: int) -> Counter[tuple[str, str, str]]:
    """Count the values of a disclosure by form, place and text."""
    documents = disclosure_texts(load_disclosure(data, unit, year))
    return Counter((form, where, text) for form, texts in documents for where, text in texts)


def round_trip(case: tuple[str, str, int], style: str, tmp_path: Path) -> list[str]:
    """Return a line for every format: how many values there are, and how many come back."""
    name, unit, year = case
    data = copy_data(name, tmp_path)
    paper = tmp_path / style
    code, _, err = run_cli("export", unit, year, "--to", paper, "--format", style, "--data", data)
    assert code == 0, err
    before = count_texts(data, unit, year)
    lines = []
    for kind in KINDS[style]:
        folder = tmp_path / f"{style}-{kind}"
        folder.mkdir()
        save_as(sorted(paper.iterdir()), folder, kind)
        shutil.rmtree(data / "units" / unit / f"{year}")
        options = ("--unit", unit, "--year", year, "--data", data, "--drafts")
        run_cli("import", folder, *options, "--report", tmp_path / f"{style}-{kind}.md", "--force")
        after = count_texts(data, unit, year)
        same, more = (before & after).total(), (after - before).total()
        lines.append(f"{unit} {style} {kind}: {same} / {before.total()}, {more} 处不同")
    return lines


@pytest.mark.nightly
@pytest.mark.parametrize(("case", "style"), CASES)
def test_values_come_back(
    case: tuple[str, str, int], style: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = round_trip(case, style, tmp_path)
    known = TABLE.read_text("utf-8").splitlines() if TABLE.exists() else []
    prefix = f"{case[1]} {style} "
    if request.config.getoption("--update-golden"):
        others = [line for line in known if not line.startswith(prefix)]
        TABLE.write_text("\n".join(sorted([*others, *lines])) + "\n", "utf-8")
        return
    assert sorted(lines) == [line for line in known if line.startswith(prefix)]
