"""Units of money that a file states: amounts are converted exactly, with a word in the report."""

from pathlib import Path

import docx
import pytest
from openpyxl import Workbook, load_workbook

from gongkai.authoring.importer import SourceFile, form_candidates, read_source_file
from gongkai.authoring.office.documents import Draft
from gongkai.authoring.office.money_units import stated_unit
from tests.authoring.test_office_reader import FORMS, TABLE, add_table, import_document, yaml_of
from tests.folders import example_data
from tests.office_data import disclosure_texts, load_disclosure, run_cli


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("项目资金（元）", "元"),
        ("项目资金\n（万元）", "万元"),
        ("预算执行情况（万元）（20分）", "万元"),
        ("年初预算数(A,千元)", "千元"),
        ("单位：元", "元"),
        ("（金额单位：人民币万元）", "万元"),
        ("填报单位：示例局　　金额单位：亿元", "亿元"),
        ("注：本表金额单位为元", "元"),
        ("项目资金（美元）", "美元"),
        ("单 位: 元", "元"),
        ("实施单位：元谋县示例局", ""),
        ("实施单位：元", ""),
        ("单位：元/人", "元"),
        ("计量单位：元", ""),
        ("单价（元/人）", ""),
        ("项目资金", ""),
        ("全年支出300万元", ""),
        ("单位：元" + "，" * 100, ""),
    ],
)
def test_stated_unit(text: str, unit: str) -> None:
    assert stated_unit(text) == unit


def import_funds(
    folder: Path,
    caption: str = "项目资金\n（万元）",
    head: str = "年初\n预算数（A）",
    line: str = "",
) -> Draft:
    """Import the table with other amounts, and units stated at these places."""
    document = docx.Document()
    document.add_paragraph("项目支出绩效自评表")
    document.add_paragraph("（2022年度）")
    if line:
        document.add_paragraph(line)
    rows = [list(row) for row in TABLE]
    rows[2][0], rows[2][2] = caption, head
    rows[3][2:5] = ["3,000,000", "2923000", "2702500.5"]
    rows[4][2:5] = ["—", "292.3万元", "0"]
    add_table(document, rows)
    reading = import_document(document, folder, "mof-2020-project")
    assert reading.refusal == ""
    (draft,) = reading.drafts
    return draft


def amounts(draft: Draft) -> list[str]:
    lines = yaml_of(draft).split("年度资金总额:\n")[1].split("上年结转")[0].splitlines()
    return [
        line.strip().partition(": ")[2] for line in lines if line.strip()[:2] in {"年初", "全年"}
    ]


FILED = ["3,000,000", "2923000", "2702500.5", "—", "292.3万元", "0"]
CONVERTED = ["300", "292.3", "270.25005", "—", "292.3万元", "0"]


@pytest.mark.parametrize(
    ("caption", "head", "line", "shown"),
    [
        ("项目资金（万元）", "年初预算数（A）", "", FILED),
        ("项目资金（元）", "年初预算数（A）", "", CONVERTED),
        ("项目资金", "年初预算数（A）", "单位：元", CONVERTED),
        ("项目资金", "年初预算数（A）", "填报单位：示例局  单位：元", CONVERTED),
        ("项目资金（万元）", "年初预算数（A）", "单位：万元", FILED),
        (
            "项目资金（千元）",
            "年初预算数（A）",
            "单位：元",
            ["300000", "292300", "270250.05", *FILED[3:]],
        ),
        ("项目资金", "年初预算数（元）", "", ["300", *FILED[1:]]),
        ("项目资金（元）", "年初预算数（万元）(A)", "", [FILED[0], *CONVERTED[1:]]),
        ("项目资金（千元）", "年初预算数（A）", "", ["300000", "292300", "270250.05", *FILED[3:]]),
    ],
)
def test_amounts_in_another_unit_are_converted(
    caption: str, head: str, line: str, shown: list[str], tmp_path: Path
) -> None:
    draft = import_funds(tmp_path, caption, head, line)
    assert amounts(draft) == shown
    changed = [(old, new) for old, new in zip(FILED, shown, strict=True) if old != new]
    assert [(entry.filed, entry.written) for entry in draft.conversions] in (
        changed,
        [*changed, ("0", "0")],
    )
    assert not any("元" in slot.text for slot in draft.unused if "项目资金" in slot.text)


def test_foreign_money_is_refused(tmp_path: Path) -> None:
    document = docx.Document()
    add_table(document, [*TABLE[:2], ("项目资金（美元）", *TABLE[2][1:]), *TABLE[3:]])
    assert import_document(document, tmp_path, "mof-2020-project").refusal == (
        "第1个表第3行第1列写明金额以“美元”为单位，不能换算成万元，没有读取；请换算后再导入"
    )


def test_contradictory_units_are_refused(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("项目支出绩效自评表")
    document.add_paragraph("单位：元")
    add_table(document, TABLE)
    assert import_document(document, tmp_path, "mof-2020-project").refusal == (
        "第2段写明金额以“元”为单位，第1个表第3行第1列却是“项目资金（万元）”，不知道以哪个为准，"
        "没有读取；请改成一致后再导入"
    )


def test_conversions_are_reported(tmp_path: Path) -> None:
    """A form filled in 元 gives the same values as the original in 万元."""
    data, paper = example_data(tmp_path), tmp_path / "paper"
    before = disclosure_texts(load_disclosure(data, "shili", 2022))
    run_cli("export", "shili", 2022, "--to", paper, "--format", "excel", "--data", data)
    path = next(paper.glob("附件4*"))
    book = load_workbook(path)
    places: list[str] = []
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and "（万元）" in cell.value:
                cell.value = cell.value.replace("（万元）", "（元）")
                places.append(cell.coordinate)
    assert places == ["A5"]
    funds = [cell for row in book.worksheets[0]["B6:D10"] for cell in row]
    filed = [cell for cell in funds if isinstance(cell.value, int | float)]
    for cell in filed:
        cell.value = round(float(f"{cell.value}") * 10_000, 2)
        cell.number_format = "General"
    book.save(path)
    _, _, err = run_cli(
        "import", path, "--unit", "shili", "--year", 2022, "--data", data, "--force"
    )
    assert f"{len(filed)} 个金额换了单位（工作表“{book.worksheets[0].title}”B" in err
    report = (paper / "导入报告-shili-2022.md").read_text("utf-8")
    assert report.count("    - 已换算（") == len(filed)
    assert "    - 换算了单位：原文 900000，写成 90（" in report
    assert "；全部有下落" in report
    after = dict(disclosure_texts(load_disclosure(data, "shili", 2022)))
    assert after["hunan-2022-project"] == dict(before)["hunan-2022-project"]


def import_with_header(folder: Path, *headers: str, line: str = "") -> SourceFile:
    """Import the table from a Word file whose sections have these page headers."""
    document = docx.Document()
    document.add_paragraph("项目支出绩效自评表")
    if line:
        document.add_paragraph(line)
    rows = [list(row) for row in TABLE]
    rows[2][0] = "项目资金"
    rows[3][2:5] = ["3,000,000", "2923000", "2702500.5"]
    add_table(document, rows)
    for number, header in enumerate(headers):
        section = document.add_section() if number else document.sections[0]
        section.header.is_linked_to_previous = False
        section.header.paragraphs[0].text = header
    return import_document(document, folder, "mof-2020-project")


@pytest.mark.parametrize(
    ("header", "line", "converts"),
    [
        ("金额单位：元", "", True),
        ("示例局　　单位：万元", "", False),
        ("金额单位：元", "单位：万元", False),
        ("填报单位：元谋县示例局", "", False),
    ],
)
def test_unit_in_a_page_header(header: str, line: str, tmp_path: Path, *, converts: bool) -> None:
    reading = import_with_header(tmp_path, header, line=line)
    (draft,) = reading.drafts
    whole = ["300", "292.3", "270.25005"] if converts else ["3,000,000", "2923000", "2702500.5"]
    assert amounts(draft)[:3] == whole
    assert [slot.text for slot in reading.outside_text] == [header]
    assert reading.account
    assert reading.account.is_balanced


def test_page_headers_that_contradict_one_another(tmp_path: Path) -> None:
    assert import_with_header(tmp_path, "单位：元", "单位：千元").refusal == (
        "金额的单位前后不一：页眉写明“元”，页眉写明“千元”，没有读取；请改成一致，或者分成几个文件再导入"
    )


@pytest.mark.parametrize(("title", "shown"), [("表", "300"), ("另一张", "3000000")])
def test_unit_in_the_header_of_a_sheet(title: str, shown: str, tmp_path: Path) -> None:
    """The header of another sheet says nothing of this one."""
    book = Workbook()
    sheet, other = book.worksheets[0], book.create_sheet("另一张")
    sheet.title = "表"
    rows = [list(row) for row in TABLE]
    rows[2][0], rows[3][2] = "项目资金", "3000000"
    for row in (["项目支出绩效自评表"], *rows):
        sheet.append(row)
    other["A1"] = "无"
    book[title].oddHeader.right.text = "单位：元"  # type: ignore[union-attr]
    path = tmp_path / "示例.xlsx"
    book.save(path)
    forms = [FORMS["mof-2020-project"]]
    (draft,) = read_source_file(path, form_candidates(forms, None, 2022)).drafts
    assert amounts(draft)[0] == shown
