"""Commands import and export: existing files are kept, new units are started."""

from pathlib import Path

import pytest

from tests.folders import example_data
from tests.office_data import disclosure_texts, load_dataset, load_disclosure, run_cli


def test_existing_files_are_kept_without_force(tmp_path: Path) -> None:
    data, source = example_data(tmp_path), tmp_path / "source"
    before = disclosure_texts(load_disclosure(data, "shili", 2022))
    facts = (data / "units/shili/2022/disclosure.yml").read_bytes()
    run_cli(
        "export", "shili", 2022, "--to", source, "--format", "excel", "--together", "--data", data
    )
    baseline = data / "units/shili/2022/baseline.yml"
    baseline.write_text(baseline.read_text("utf-8") + "# 我的批注\n", "utf-8")
    arguments = ("import", source, "--unit", "shili", "--year", 2022, "--data", data)
    code, _, err = run_cli(*arguments)
    assert code == 2
    assert "已经有了，没有改动；要改写请加 --force" in err
    assert "# 我的批注" in baseline.read_text("utf-8")
    run_cli(*arguments, "--force")
    assert "# 我的批注" not in baseline.read_text("utf-8")
    assert (data / "units/shili/2022/disclosure.yml").read_bytes() == facts
    assert disclosure_texts(load_disclosure(data, "shili", 2022)) == before
    assert len(load_dataset(data).disclosures) == 1


def test_export_keeps_existing_files(tmp_path: Path) -> None:
    data, paper = example_data(tmp_path), tmp_path / "paper"
    arguments = ("export", "shili", 2022, "--to", paper, "--format", "word", "--data", data)
    assert run_cli(*arguments)[0] == 0
    signed = next(paper.glob("附件1*"))
    signed.write_bytes(b"signed")
    code, _, err = run_cli(*arguments)
    assert (code, "已经有了，没有改动" in err, signed.read_bytes()) == (2, True, b"signed")
    assert run_cli(*arguments, "--force")[0] == 0
    assert signed.read_bytes() != b"signed"


def test_pdf_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = example_data(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    arguments = ("export", "shili", 2022, "--to", tmp_path / "paper", "--format", "pdf")
    code, _, err = run_cli(*arguments, "--data", data)
    assert (code, "转换 .docx 需要 LibreOffice，本机没有安装" in err) == (1, True)
    assert not (tmp_path / "paper").exists()


def test_import_into_a_new_unit(tmp_path: Path) -> None:
    """unit.yml and disclosure.yml are created with the values from the documents."""
    data, source = example_data(tmp_path), tmp_path / "source"
    run_cli(
        "export", "shili", 2022, "--to", source, "--format", "excel", "--together", "--data", data
    )
    run_cli("import", source, "--unit", "xin", "--year", 2022, "--data", data)
    new = load_disclosure(data, "xin", 2022)
    assert new.unit.facts.name == new.facts.unit == "示例单位"
    assert [attachment.number for attachment in new.facts.attachments] == [
        f"附件{n}" for n in range(1, 6)
    ]
    assert new.facts.projects == ("xiangmu-1",)
    assert disclosure_texts(new) == disclosure_texts(load_disclosure(data, "shili", 2022))
