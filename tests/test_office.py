"""Word and Excel, out and in again: the same values, cell by cell."""

import shutil
from pathlib import Path

import pytest

from tests.folders import PERSONAL
from tests.office_data import DISCLOSURES, copied, disclosure, ran, said
from tests.seed.laid_out import laid_out
from tests.seed.original import OMITTED, SEED

SEED_YEAR = ("xintian-jsx", 2022)
MASKED = "138****3461"
UNUSED = set(OMITTED) - {"……"}
"""What of the original is neither in the YAML nor printed by the form."""


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
