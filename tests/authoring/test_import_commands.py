"""Commands import and export: existing files are kept, new units are started."""

from pathlib import Path

import pytest

from tests.folders import example
from tests.office_data import dataset, disclosure, ran, said


def test_existing_files_are_kept_without_force(tmp_path: Path) -> None:
    data, source = example(tmp_path), tmp_path / "source"
    before = said(disclosure(data, "shili", 2022))
    facts = (data / "units/shili/2022/disclosure.yml").read_bytes()
    ran("export", "shili", 2022, "--to", source, "--format", "excel", "--together", "--data", data)
    baseline = data / "units/shili/2022/baseline.yml"
    baseline.write_text(baseline.read_text("utf-8") + "# 我的批注\n", "utf-8")
    arguments = ("import", source, "--unit", "shili", "--year", 2022, "--data", data)
    code, _, err = ran(*arguments)
    assert code == 2
    assert "已经有了，没有改动；要改写请加 --force" in err
    assert "# 我的批注" in baseline.read_text("utf-8")
    ran(*arguments, "--force")
    assert "# 我的批注" not in baseline.read_text("utf-8")
    assert (data / "units/shili/2022/disclosure.yml").read_bytes() == facts
    assert said(disclosure(data, "shili", 2022)) == before
    assert len(dataset(data).disclosures) == 1


def test_export_keeps_existing_files(tmp_path: Path) -> None:
    data, paper = example(tmp_path), tmp_path / "paper"
    arguments = ("export", "shili", 2022, "--to", paper, "--format", "word", "--data", data)
    assert ran(*arguments)[0] == 0
    signed = next(paper.glob("附件1*"))
    signed.write_bytes(b"signed")
    code, _, err = ran(*arguments)
    assert (code, "已经有了，没有改动" in err, signed.read_bytes()) == (2, True, b"signed")
    assert ran(*arguments, "--force")[0] == 0
    assert signed.read_bytes() != b"signed"


def test_pdf_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = example(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    arguments = ("export", "shili", 2022, "--to", tmp_path / "paper", "--format", "pdf")
    code, _, err = ran(*arguments, "--data", data)
    assert (code, "转换 .docx 需要 LibreOffice，本机没有安装" in err) == (1, True)
    assert not (tmp_path / "paper").exists()


def test_import_into_a_new_unit(tmp_path: Path) -> None:
    """unit.yml and disclosure.yml are created with the values from the documents."""
    data, source = example(tmp_path), tmp_path / "source"
    ran("export", "shili", 2022, "--to", source, "--format", "excel", "--together", "--data", data)
    ran("import", source, "--unit", "xin", "--year", 2022, "--data", data)
    new = disclosure(data, "xin", 2022)
    assert new.unit.facts.name == new.facts.unit == "示例单位"
    assert [attachment.number for attachment in new.facts.attachments] == [
        f"附件{n}" for n in range(1, 6)
    ]
    assert new.facts.projects == ("xiangmu-1",)
    assert said(new) == said(disclosure(data, "shili", 2022))
