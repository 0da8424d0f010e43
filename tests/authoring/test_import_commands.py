"""Commands import and export: existing files are kept, new units are started."""

from pathlib import Path

import docx
import pytest

from gongkai.authoring.project_list import add_projects
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


def export_project(data: Path, folder: Path) -> Path:
    """Export the project's table of the synthetic unit as a Word file; return the file."""
    run_cli("export", "shili", 2022, "--to", folder, "--format", "word", "--data", data)
    return next(folder.glob("附件4*"))


def with_project_name(path: Path, name: str) -> Path:
    """Return a copy of an exported project with another name."""
    document = docx.Document(f"{path}")
    for row in document.tables[0].rows:
        for cell in row.cells:
            if cell.text == "示例道路维护":
                cell.text = name
    new = path.with_name(f"{name}.docx")
    document.save(f"{new}")
    return new


LISTS = {
    "项目:\n  - shili-daolu\n": "项目:\n  - shili-daolu\n  - shili-qiao\n",
    "项目:\n- 'shili-daolu'  # 一\n# 二\n": "项目:\n- 'shili-daolu'  # 一\n- shili-qiao\n# 二\n",
    "项目: [shili-daolu]\n": "项目: [shili-daolu, shili-qiao]\n",
    "项目: ['shili-daolu', ]\n": "项目: ['shili-daolu', shili-qiao, ]\n",
    "项目:\n": "项目:\n",
    "项目:\n  - shili-qiao\n": "项目:\n  - shili-qiao\n",
}
"""Lists of projects before and after shili-qiao is added; a file that lists none shows all."""


@pytest.mark.parametrize("listed", LISTS)
def test_project_is_added_to_a_list(listed: str) -> None:
    text = "年度: 2022\n{}填报:\n  填表人: 示例员\n"
    assert add_projects(text.format(listed), ["shili-qiao"]) == text.format(LISTS[listed])


def test_second_project_is_listed_and_reports_stand_beside_each_other(tmp_path: Path) -> None:
    data, source = example_data(tmp_path), tmp_path / "source"
    original = export_project(data, source)
    second = with_project_name(original, "示例桥梁维护")
    arguments = ("--unit", "shili", "--year", 2022, "--data", data)
    before = (data / "units/shili/2022/disclosure.yml").read_text("utf-8")
    run_cli("import", second, *arguments, "--project", "shili-qiao")
    projects = [project.name for project in load_disclosure(data, "shili", 2022).projects]
    assert projects == ["示例道路维护", "示例桥梁维护"]
    after = (data / "units/shili/2022/disclosure.yml").read_text("utf-8")
    assert after == before.replace("  - shili-daolu\n", "  - shili-daolu\n  - shili-qiao\n")
    third = with_project_name(original, "示例水渠维护")
    run_cli("import", third, *arguments, "--project", "shili-shui")
    reports = sorted(path.name for path in source.glob("导入报告*"))
    assert reports == ["导入报告-shili-2022-2.md", "导入报告-shili-2022.md"]
    assert "示例桥梁维护.docx" in (source / reports[1]).read_text("utf-8")
