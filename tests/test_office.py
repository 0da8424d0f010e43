"""Word and Excel, out and in again: the same values, cell by cell."""

import shutil
from pathlib import Path

import pytest

from tests.office_data import DISCLOSURES, copied, disclosure, ran, said


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
