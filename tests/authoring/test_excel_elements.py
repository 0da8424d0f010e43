"""What a reader of an Excel file sees and does not see: fonts, pictures, comments, charts, views."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Color, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.authoring.importer import form_candidates, read_source_file
from gongkai.authoring.office.read import read_office_file
from tests.authoring.test_account import FORMS, unsettled_texts
from tests.authoring.test_hostile_files import change_part

SHEET = "xl/worksheets/sheet1.xml"
WHITE = Font(color="FFFFFFFF")


def write(path: Path, fill: Callable[[Worksheet], None]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    fill(sheet)
    book.save(path)
    return path


def change(path: Path, part: str, pattern: str, text: str) -> None:
    """Change a part of a file."""

    def new_text(xml: str) -> str:
        result = re.sub(pattern, text, xml, count=1, flags=re.DOTALL)
        assert result != xml
        return result

    path.write_bytes(change_part(path.read_bytes(), part, new_text))


def shown_and_named(path: Path) -> tuple[list[list[str]], list[tuple[str, str]], tuple[str, ...]]:
    """Return the rows, what is named, and the remarks; the account balances."""
    document = read_office_file(path)
    account = read_source_file(path, form_candidates(FORMS, None, 2022)).account
    assert account
    assert unsettled_texts(account) == []
    rows = [[slot.text if slot else "" for slot in line] for line in document.lines]
    named = [(slot.place.partition("”")[2], slot.text) for slot in document.outside_text]
    return rows, named, document.remarks


def rich(*pieces: str | tuple[str, InlineFont]) -> CellRichText:
    return CellRichText(
        *(piece if isinstance(piece, str) else TextBlock(piece[1], piece[0]) for piece in pieces)
    )


def fill_superscript(sheet: Worksheet) -> None:
    sheet["A1"] = rich("20m", ("2", InlineFont(vertAlign="superscript")))
    sheet["B1"] = rich("CO", ("2", InlineFont(vertAlign="subscript")), "减排")


def fill_boxes(sheet: Worksheet) -> None:
    sheet["A1"] = rich(("R", InlineFont(rFont="Wingdings 2")), "是")
    sheet["B1"] = "þ"
    sheet["B1"].font = Font(name="Wingdings")


def fill_white(sheet: Worksheet) -> None:
    sheet["A1"], sheet["B1"], sheet["C1"], sheet["D1"] = "甲", "藏", "乙", 5
    sheet["B1"].font = WHITE
    sheet["C1"].font = WHITE
    sheet["C1"].fill = PatternFill("solid", fgColor="FF1F4E79")
    sheet["D1"].font = Font(color=Color(theme=0))


def fill_white_piece(sheet: Worksheet) -> None:
    sheet["A1"] = rich("甲", ("藏", InlineFont(color=Color("FFFFFFFF"))))


def fill_white_format(sheet: Worksheet) -> None:
    sheet["A1"], sheet["B1"] = "甲", 7
    sheet["B1"].number_format = "[White]General"


def fill_picture_formula(sheet: Worksheet) -> None:
    sheet["A1"] = "甲"
    sheet["B1"] = '=_xlfn.DISPIMG("ID_0123ABCD",1)'


def fill_long_number(sheet: Worksheet) -> None:
    sheet["A1"], sheet["B1"] = 12345678901, 123456789012


def fill_center(sheet: Worksheet) -> None:
    sheet["A1"], sheet["B1"] = "标题", None
    sheet["A1"].alignment = sheet["B1"].alignment = Alignment(horizontal="centerContinuous")
    sheet["A2"], sheet["B2"] = "甲", "1"


def fill_errors(sheet: Worksheet) -> None:
    sheet["A1"], sheet["B1"] = "甲", "#DIV/0!"


FILLED: dict[str, tuple[Callable[[Worksheet], None], list[list[str]], list[tuple[str, str]]]] = {
    "superscript": (fill_superscript, [["20m²", "CO₂减排"]], []),
    "boxes typed in Wingdings": (fill_boxes, [["☑是", "☑"]], []),
    "white": (fill_white, [["甲", "", "乙", ""]], [("B1的白色文字", "藏"), ("D1的白色文字", "5")]),
    "white piece": (fill_white_piece, [["甲"]], [("A1的白色文字", "藏")]),
    "white by format": (fill_white_format, [["甲", ""]], [("B1的隐藏文字", "7")]),
    "long number": (fill_long_number, [["12345678901", "1.23457E+11"]], []),
    "centred over columns": (fill_center, [["标题", ""], ["甲", "1"]], []),
    "error": (fill_errors, [["甲", "#DIV/0!"]], []),
}


@pytest.mark.parametrize("case", FILLED)
def test_cells(case: str, tmp_path: Path) -> None:
    fill, shown, named = FILLED[case]
    path = write(tmp_path / "示例.xlsx", fill)
    assert shown_and_named(path)[:2] == (shown, named)


def test_picture_in_a_cell_is_named(tmp_path: Path) -> None:
    """WPS stores such a picture as a formula with its own text as the result."""
    path = write(tmp_path / "示例.xlsx", fill_picture_formula)
    result = '<c r="B1" t="str"><f>_xlfn.DISPIMG("ID_0123ABCD",1)</f><v>=DISPIMG("ID_0123ABCD",1)</v></c>'
    change(path, SHEET, r'<c r="B1".*?</c>', result)
    rows, named, _ = shown_and_named(path)
    assert (rows, named) == ([["甲", ""]], [("B1的图片", '=DISPIMG("ID_0123ABCD",1)')])


def fill_plain(sheet: Worksheet) -> None:
    sheet["A1"], sheet["B1"] = "甲", 0
    sheet["A2"], sheet["B2"] = "乙", 5


def test_zeros_that_a_sheet_does_not_show(tmp_path: Path) -> None:
    path = write(tmp_path / "示例.xlsx", fill_plain)
    change(path, SHEET, "<sheetView ", '<sheetView showZeros="0" ')
    rows, named, _ = shown_and_named(path)
    assert (rows, named) == ([["甲", ""], ["乙", "5"]], [("B1的隐藏文字", "0")])


def test_sheet_that_shows_formulas(tmp_path: Path) -> None:
    """What such a sheet shows is no value: it is read as it would be printed, with a remark."""
    path = write(tmp_path / "示例.xlsx", fill_plain)
    change(path, SHEET, "<sheetView ", '<sheetView showFormulas="1" ')
    rows, _, remarks = shown_and_named(path)
    assert rows == [["甲", "0"], ["乙", "5"]]
    assert [remark for remark in remarks if "公式" in remark] == [
        "工作表“表”设成了显示公式，读的是公式的结果"
    ]


def test_reading_of_characters_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "示例.xlsx", fill_plain)
    phonetic = '<c r="A1" t="inlineStr"><is><t>甲</t><rPh sb="0" eb="1"><t>jiǎ</t></rPh></is></c>'
    change(path, SHEET, r'<c r="A1".*?</c>', phonetic)
    rows, named, _ = shown_and_named(path)
    assert (rows[0], named) == (["甲", "0"], [("A1的注音", "jiǎ")])


def test_titles_of_a_chart_are_named(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        fill_plain(sheet)
        chart = BarChart()
        chart.title = "支出图"
        chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2))
        sheet.add_chart(chart, "D1")

    rows, named, remarks = shown_and_named(write(tmp_path / "示例.xlsx", fill))
    assert rows == [["甲", "0"], ["乙", "5"]]
    assert named == [("的图表", "支出图")]
    assert any("图表 1 个" in remark for remark in remarks)


def test_threaded_comments_are_named_once(tmp_path: Path) -> None:
    path = write(tmp_path / "示例.xlsx", fill_plain)
    add_part(
        path,
        "xl/threadedComments/threadedComment1.xml",
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/'
        'threadedcomments"><threadedComment ref="B2"><text>请核实</text></threadedComment>'
        "</ThreadedComments>",
        "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
    )
    assert shown_and_named(path)[:2] == (
        [["甲", "0"], ["乙", "5"]],
        [("B2的批注", "请核实")],
    )


def add_part(path: Path, name: str, xml: str, kind: str) -> None:
    """Add a part to a file, related to its sheet."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, xml)
        archive.writestr(
            "xl/worksheets/_rels/sheet1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}" Target="/{name}"/></Relationships>',
        )


def test_header_of_the_first_page_is_named(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        fill_plain(sheet)
        sheet.HeaderFooter.differentFirst = True
        sheet.firstHeader.center.text = "内部资料"  # type: ignore[union-attr]
        sheet.evenFooter.right.text = "第 &P 页"  # type: ignore[union-attr]

    _, named, _ = shown_and_named(write(tmp_path / "示例.xlsx", fill))
    assert named == [("的页脚", "第  页"), ("的页眉", "内部资料")]


def test_a_sheet_that_is_a_chart_is_named(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    fill_plain(sheet)
    chart = BarChart()
    chart.title = "支出图"
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2))
    book.create_chartsheet("图").add_chart(chart)
    path = tmp_path / "示例.xlsx"
    book.save(path)
    rows, named, remarks = shown_and_named(path)
    assert rows == [["甲", "0"], ["乙", "5"]]
    assert named == [("的图表", "支出图")]
    assert "工作表“图”是图表，没有导入" in remarks


def test_caption_of_a_check_box_is_named(tmp_path: Path) -> None:
    """It stands in a drawing of the old kind (VML)."""
    path = write(tmp_path / "示例.xlsx", fill_plain)
    add_part(
        path,
        "xl/drawings/vmlDrawing1.vml",
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:'
        'excel"><v:shape><v:textbox><div><font>已完成</font></div></v:textbox><x:ClientData '
        'ObjectType="Checkbox"><x:Checked>1</x:Checked></x:ClientData></v:shape></xml>',
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing",
    )
    _, named, _ = shown_and_named(path)
    assert named == [("的控件", "☑已完成")]
