"""Excel templates: locked labels, open answers, and import of filled templates."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.authoring.excel_template import render_excel_template
from gongkai.authoring.importer import form_candidates, read_source_file
from gongkai.checks.runner import check_data
from gongkai.model.forms import Form
from gongkai.model.terms import DocumentKind
from tests.folders import ROOT, TODAY, example_data
from tests.office_data import run_cli

FORMS = check_data(ROOT / "data", TODAY).dataset.forms
TABLES = [form for form in FORMS if form.kind is not DocumentKind.REPORT]


def sheet_of(data: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def open_cells(sheet: Worksheet) -> dict[str, str]:
    """Return the values of unlocked cells by coordinate."""
    return {
        cell.coordinate: f"{cell.value or ''}"
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.id)
def test_empty_template_is_recognized_and_blank(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.write_bytes(render_excel_template(form, 2022))
    (draft,) = read_source_file(path, form_candidates(FORMS, None, 2022, drafts=True)).drafts
    assert draft.form.id == form.id
    assert (draft.unused, draft.missing) == ([], [])
    assert "⟦" not in "".join(
        f"{cell.value}" for row in sheet_of(path.read_bytes()) for cell in row
    )


def test_labels_are_locked_and_answers_unlocked() -> None:
    form = next(form for form in FORMS if form.id == "hubei-2022-project")
    sheet = sheet_of(render_excel_template(form, 2022))
    assert sheet.protection.sheet
    answers = open_cells(sheet)
    assert "C3" in answers
    assert {"A3", "A11", "B12", "D11"} & set(answers) == set()
    choices = {f"{rule.sqref}": rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert choices["C5"] == '"部门预算项目,市直专项"'
    hints = {rule.promptTitle: rule.prompt for rule in sheet.data_validations.dataValidation}
    assert hints["预算数"] == "金额，万元"


def test_filled_template_imports_and_problems_name_the_cell(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    path = tmp_path / "filled.xlsx"
    run_cli("template", "mof-2020-project", "--year", 2023, "--to", path, "--data", data)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    cells = {f"{cell.value}": cell for row in sheet.iter_rows() for cell in row if cell.value}
    name_cell = sheet.cell(cells["项目名称"].row, 3)
    assert name_cell.coordinate in open_cells(sheet)
    name_cell.value = "示例桥梁"
    total_row = cells["年度资金总额"].row
    sheet[f"B{total_row}"], sheet[f"C{total_row}"], sheet[f"D{total_row}"] = 40, "约五十", 45.5
    rate_cell = sheet.cell(total_row, cells["执行率"].column)
    rate_cell.value, rate_cell.number_format = 0.91, "0.00%"
    book.save(path)
    command = ("import", path, "--unit", "shili", "--year", 2023, "--project", "qiao-liang")
    code, out, err = run_cli(*command, "--data", data)
    assert (code, "qiao-liang.yml" in out) == (1, True)
    text = (data / "units/shili/2023/projects/qiao-liang.yml").read_text("utf-8")
    assert "项目名称: 示例桥梁\n" in text
    assert "年初预算数: 40\n      全年预算数: 约五十\n      全年执行数: 45.5\n" in text
    assert "执行率: 91.00%\n" in text
    line = next(line for line in err.splitlines() if "约五十" in line)
    assert line.endswith(f"（原文件：filled.xlsx 工作表“填报”C{total_row}）")


def test_narrative_form_has_no_template(tmp_path: Path) -> None:
    code, _, err = run_cli("template", "hunan-2022-report", "--data", example_data(tmp_path))
    assert (code, "这是文字报告，请用 Word 写" in err) == (2, True)
