"""Commands import and export: existing files are kept, new units are started."""

import datetime as dt
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

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


@pytest.mark.parametrize("command", ["import", "import-all"])
def test_a_folder_without_data(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be recognized, which is no fault of the files; no report is written."""
    (tmp_path / "表").mkdir()
    monkeypatch.chdir(tmp_path)
    unit = ["--unit", "shili"] if command == "import" else []
    code, _, err = run_cli(command, tmp_path / "表", *unit, "--year", 2022)
    assert (code, "找不到数据目录；请在仓库根目录运行" in err) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["表"]


def test_a_date_on_a_cover_page_is_not_that_of_the_form(tmp_path: Path) -> None:
    data, paper = example_data(tmp_path), tmp_path / "paper"
    before = disclosure_texts(load_disclosure(data, "shili", 2022))
    run_cli("export", "shili", 2022, "--to", paper, "--format", "word", "--data", data)
    path = next(paper.glob("附件2*"))
    document = docx.Document(f"{path}")
    for line in ("示例单位", "2022年度绩效自评材料", "填报日期：2023年3月10日"):
        document.paragraphs[0].insert_paragraph_before(line)
    document.save(f"{path}")
    arguments = ("import", paper, "--unit", "shili", "--year", 2022, "--force", "--data", data)
    assert "第1段：填报日期：2023年3月10日" in run_cli(*arguments)[2]
    assert disclosure_texts(load_disclosure(data, "shili", 2022)) == before


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


def project_sheet(data: Path, folder: Path) -> tuple[Path, Workbook, Worksheet, int, int]:
    """Export the project's table as an Excel file; return it with the first row and column of targets."""
    run_cli("export", "shili", 2022, "--to", folder, "--format", "excel", "--data", data)
    path = next(folder.glob("附件4*"))
    book = load_workbook(path)
    sheet = book.worksheets[0]
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "年度指标值")
    return path, book, sheet, head.row + 1, head.column


def test_what_excel_made_of_a_text_raises_a_question(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    path, book, sheet, row, column = project_sheet(data, tmp_path / "paper")
    cell = sheet.cell(row, column)
    cell.value, cell.number_format = dt.date(2022, 3, 5), 'm"月"d"日"'
    book.save(path)
    code, _, err = run_cli(
        "import", path, "--unit", "shili", "--year", 2022, "--data", data, "--force"
    )
    question = (
        "显示“3月5日”，存的是日期 2022年3月5日；原来填的如果是“3-5”一类的范围或编号，请照原意改"
    )
    place = f"工作表“{sheet.title}”{cell.coordinate}"
    assert code == 1
    assert f"请核对 {path.name} {place}：{question}\n" in err
    assert "1 处请对照原件核对" in err
    report = (path.parent / "导入报告-shili-2022.md").read_text("utf-8")
    assert f"- 请核对（{place}）：{question}\n" in report
    written = (data / "units/shili/2022/projects/shili-daolu.yml").read_text("utf-8")
    assert f"  待核对:\n    - {place}{question}\n" in written
    assert "“待核对”下面列着导入时没有弄清的地方" in err
    filed = dict(disclosure_texts(load_disclosure(data, "shili", 2022)))["hunan-2022-project"]
    assert [where[-5:] for where, text in filed if text == "3月5日"] == ["年度指标值"]


def test_hidden_column_does_not_win_over_the_shown_one(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    before = disclosure_texts(load_disclosure(data, "shili", 2022))
    path, book, sheet, row, column = project_sheet(data, tmp_path / "paper")
    areas = [f"{area}" for area in sheet.merged_cells.ranges]
    for area in areas:
        sheet.unmerge_cells(area)
    sheet.insert_cols(column + 1)
    for area in areas:
        moved = CellRange(area)
        if moved.min_col > column:
            moved.shift(col_shift=1)
        elif moved.max_col > column:
            moved.expand(right=1)
        sheet.merge_cells(moved.coord)
    sheet.cell(row - 1, column + 1, "实际完成值")
    sheet.cell(row, column + 1, "作废")
    sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
    book.save(path)
    _, _, err = run_cli(
        "import", path, "--unit", "shili", "--year", 2022, "--data", data, "--force"
    )
    letter = get_column_letter(column + 1)
    assert f"{letter} 列是隐藏的，没有导入；要导入的，请取消隐藏" in err
    assert f"没有用上 {path.name} 工作表“{sheet.title}”{letter}{row}的隐藏文字：作废" in err
    after = dict(disclosure_texts(load_disclosure(data, "shili", 2022)))
    assert after["hunan-2022-project"] == dict(before)["hunan-2022-project"]


@pytest.mark.parametrize("style", ["word", "excel"])
@pytest.mark.parametrize("second", ["得分: 13\n            得分组: 甲", "得分组: 甲"])
def test_shared_points_come_back_from_office_files(second: str, style: str, tmp_path: Path) -> None:
    first = "            分值: 25\n            得分: 25"
    change = {
        first: first.replace("分值: 25", "分值: 40") + "\n            得分组: 甲",
        "            分值: 15\n            得分: 13": f"            {second}",
    }
    data = example_data(tmp_path, {"units/shili/2022/overall.yml": change})
    before = disclosure_texts(load_disclosure(data, "shili", 2022))
    paper = tmp_path / "paper"
    run_cli("export", "shili", 2022, "--to", paper, "--format", style, "--data", data)
    run_cli("import", paper, "--unit", "shili", "--year", 2022, "--data", data, "--force")
    assert disclosure_texts(load_disclosure(data, "shili", 2022)) == before
