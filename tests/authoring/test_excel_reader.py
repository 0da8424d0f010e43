"""Excel files: what a reader of the sheet sees is read, and nothing else."""

import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.authoring.importer import form_candidates, read_source_file
from gongkai.authoring.office.cells import OfficeDocument
from gongkai.authoring.office.excel_reader import MAX_TEXT
from gongkai.authoring.office.read import read_office_file
from gongkai.runtime.errors import UnreadableFileError
from tests.authoring.test_hostile_files import change_part, rename_parts, to_strict
from tests.authoring.test_office_reader import FORMS, TABLE
from tests.hanging import no_hang

SHEET = "xl/worksheets/sheet1.xml"


def make(change: Callable[[Worksheet], object]) -> bytes:
    """Return the bytes of an Excel file whose only sheet is 附件2."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.title = "附件2"
    change(sheet)
    book.save(out)
    return out.getvalue()


def share_texts(data: bytes) -> bytes:
    """Return a file with the texts of its cells in the part of shared texts, as Excel writes them."""
    shared: list[str] = []

    def refer(match: re.Match[str]) -> str:
        shared.append(match[1]) if match[1] not in shared else None
        return f't="s"><v>{shared.index(match[1])}</v>'

    relation = (
        '<Relationship Id="rId9" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org'
        '/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    data = change_part(
        data, SHEET, lambda text: re.sub(r't="inlineStr"><is>(.*?)</is>', refer, text)
    )
    data = change_part(
        data,
        "xl/_rels/workbook.xml.rels",
        lambda text: text.replace("</Relationships>", relation),
    )
    entries = "".join(f"<si>{text}</si>" for text in shared)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return change_part(
        data, "xl/sharedStrings.xml", lambda _: f'<sst xmlns="{namespace}">{entries}</sst>'
    )


def read(data: bytes, folder: Path) -> OfficeDocument:
    path = folder / "示例.xlsx"
    path.write_bytes(data)
    return read_office_file(path)


def texts(document: OfficeDocument) -> list[list[str]]:
    return [[slot.text if slot else "" for slot in line] for line in document.lines]


def aside(document: OfficeDocument) -> list[tuple[str, str]]:
    return [(slot.text, slot.place) for slot in document.outside_text]


def fill(value: Any, number_format: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet["B3"] = value
        sheet["B3"].number_format = number_format

    return change


@pytest.mark.parametrize(
    ("value", "number_format", "shown", "remarks"),
    [
        (0.8766, "0%", "88%", ("显示“88%”，存的是 0.8766；照显示的读",)),
        (0.88, "0%", "88%", ()),
        (292.306, "0.00", "292.31", ("显示“292.31”，存的是 292.306；照显示的读",)),
        (0.1 + 0.2, "0.00", "0.30", ()),
        (2923000, "0!.0,", "292.3", ("显示“292.3”，存的是 2923000；照显示的读",)),
        (-12, "0.00;[Red]0.00", "12.00", ("显示“12.00”，存的是 -12；照显示的读",)),
        (-12, "0.00_);(0.00)", "(12.00)", ()),
        (
            0,
            '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
            "-",
            ("显示“-”，存的是 0；照显示的读",),
        ),
        (123, "000000", "000123", ()),
        (292.31, '0.00"万元"', "292.31万元", ()),
        (dt.date(2023, 12, 31), 'yyyy"年"m"月"d"日"', "2023年12月31日", ()),
        (dt.date(2023, 12, 31), "yyyy/m/d;@", "2023/12/31", ()),
        (0.5, "[h]:mm", "12:00", ()),
        (True, "General", "TRUE", ()),
        ("文", "General", "文", ()),
        (
            5,
            "[DBNum1]0",
            "5",
            ("的数字格式“[DBNum1]0”没有认出，照所存的 5 读；请对照原件看它显示什么",),
        ),
    ],
)
def test_cell_is_what_it_shows(
    value: Any, number_format: str, shown: str, remarks: tuple[str, ...], tmp_path: Path
) -> None:
    document = read(make(fill(value, number_format)), tmp_path)
    assert texts(document)[2][1] == shown
    assert document.remarks == tuple(f"工作表“附件2”B3{remark}" for remark in remarks)
    assert document.questions == {}


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [('m"月"d"日"', "3月5日"), ("d-mmm", "5-Mar"), ('yyyy"年"m"月"', "2022年3月")],
)
def test_part_of_a_date_raises_a_question(number_format: str, shown: str, tmp_path: Path) -> None:
    document = read(make(fill(dt.date(2022, 3, 5), number_format)), tmp_path)
    assert texts(document)[2][1] == shown
    assert document.questions == {
        "工作表“附件2”B3": f"显示“{shown}”，存的是日期 2022年3月5日；"
        "原来填的如果是“3-5”一类的范围或编号，请照原意改"
    }


def test_cell_that_shows_nothing_is_named(tmp_path: Path) -> None:
    document = read(make(fill(5, ";;;")), tmp_path)
    assert texts(document)[2][1] == ""
    assert aside(document) == [("5", "工作表“附件2”B3的隐藏文字")]


def test_struck_text_is_named_and_not_taken(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        struck = InlineFont(strike=True)
        sheet["A1"] = CellRichText("≥", TextBlock(struck, "90%"), TextBlock(InlineFont(), "95%"))
        sheet["B1"], sheet["B1"].font = "旧值", Font(strike=True)
        sheet["C1"], sheet["C1"].font = 12, Font(strike=True)
        sheet["C1"].number_format = "0.0"
        sheet["D1"] = "新值"

    document = read(share_texts(make(change)), tmp_path)
    assert texts(document) == [["≥95%", "", "", "新值"]]
    assert aside(document) == [
        ("90%", "工作表“附件2”A1的删除线文字"),
        ("旧值", "工作表“附件2”B1的删除线文字"),
        ("12.0", "工作表“附件2”C1的删除线文字"),
    ]


def test_hidden_rows_and_columns_are_named_and_not_taken(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.append(["指标", "实际完成值", "实际完成值", "得分"])
        sheet.append(["示例", "旧", "新", 5])
        sheet.append(["作废", "8", "8", 8])
        sheet.append(["", "", "宽", ""])
        sheet.merge_cells("B4:D4")
        sheet["B4"] = "跨列"
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[3].height = 12

    document = read(make(change), tmp_path)
    assert texts(document) == [
        ["指标", "实际完成值", "得分"],
        ["示例", "新", "5"],
        ["", "跨列", "跨列"],
    ]
    assert aside(document) == [
        ("实际完成值", "工作表“附件2”B1的隐藏文字"),
        ("旧", "工作表“附件2”B2的隐藏文字"),
        ("作废", "工作表“附件2”A3的隐藏文字"),
        ("8", "工作表“附件2”B3的隐藏文字"),
        ("8", "工作表“附件2”C3的隐藏文字"),
        ("8", "工作表“附件2”D3的隐藏文字"),
    ]
    assert document.remarks == (
        "工作表“附件2”的第 3 行、B 列是隐藏的，没有导入；要导入的，请取消隐藏",
    )


def test_rows_and_columns_of_no_size_are_hidden(tmp_path: Path) -> None:
    def content(sheet: Worksheet) -> None:
        sheet.append([1, 2])
        sheet.append([2, 3])

    data = change_part(
        make(content),
        SHEET,
        lambda text: text.replace('<row r="2"', '<row r="2" ht="0" customHeight="1"').replace(
            "<sheetData>", '<cols><col min="2" max="2" width="0"/></cols><sheetData>'
        ),
    )
    assert texts(read(data, tmp_path)) == [["1"]]


def test_visible_sheets_come_first(tmp_path: Path) -> None:
    book, out = Workbook(), io.BytesIO()
    book.worksheets[0].append(["旧稿"])
    book.worksheets[0].sheet_state = "veryHidden"
    book.create_sheet("附件2").append(["定稿"])
    book.active = 1
    book.save(out)
    document = read(out.getvalue(), tmp_path)
    assert texts(document) == [["定稿"], ["旧稿"]]
    assert document.remarks == ("工作表“Sheet”是隐藏的，也读了",)


def test_texts_beside_the_cells_are_named(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"] = "第一行_x000D_\n第二行"
        sheet["A1"].comment = Comment("请核实", "甲")

    page = "<oddHeader>&amp;C&amp;16内部资料</oddHeader><oddFooter>&amp;R第&amp;P页</oddFooter>"
    data = change_part(
        make(change),
        SHEET,
        lambda text: text.replace(
            "<legacyDrawing", f"<headerFooter>{page}</headerFooter><legacyDrawing"
        ),
    )
    document = read(data, tmp_path)
    assert texts(document) == [["第一行\n第二行"]]
    assert aside(document) == [
        ("内部资料", "工作表“附件2”的页眉"),
        ("第页", "工作表“附件2”的页脚"),
        ("请核实", "工作表“附件2”A1的批注"),
    ]


DRAWING = """<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><xdr:twoCellAnchor>
<mc:AlternateContent><mc:Choice Requires="a14">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>
</mc:AlternateContent><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="公章"/></xdr:nvPicPr></xdr:pic>
</xdr:twoCellAnchor></xdr:wsDr>"""
BOX = "<xdr:sp><xdr:txBody><a:p><a:r><a:t>另有说明</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="../drawings/drawing1.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"/>
<Relationship Id="rId2" Target="../embeddings/old.xlsx"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package"/>
</Relationships>"""


def test_text_boxes_pictures_and_objects_are_named(tmp_path: Path) -> None:
    data = make(lambda sheet: sheet.append(["文"]))
    data = change_part(data, "xl/drawings/drawing1.xml", lambda _: DRAWING.format(box=BOX))
    data = change_part(data, "xl/worksheets/_rels/sheet1.xml.rels", lambda _: RELATIONS)
    document = read(data, tmp_path)
    assert aside(document) == [
        ("另有说明", "工作表“附件2”的图形"),
        ("公章", "工作表“附件2”的图形"),
    ]
    assert document.remarks == ("工作表“附件2”里有嵌入的文件 1 个，没有导入",)


def test_formulas_without_a_result_are_named(tmp_path: Path) -> None:
    cells = '<c r="A1"><f t="array" ref="A1">1+1</f></c><c r="B1"><f>1</f><v>5</v></c><c r="C1" t="str"><f>""</f><v></v></c>'
    data = make(lambda sheet: sheet.append(["文"]))
    data = change_part(
        data, SHEET, lambda text: re.sub(r"(<row[^>]*>).*</row>", rf"\1{cells}</row>", text)
    )
    document = read(data, tmp_path)
    assert texts(document) == [["", "5"]]
    assert document.remarks == (
        "工作表“附件2”A1是公式，文件里没有存结果；请在 Excel 里打开、保存后再导入",
    )


@pytest.mark.parametrize(
    "change",
    [
        to_strict,
        lambda data: rename_parts(
            data,
            {
                "workbook.xml": "workbook2.xml",
                "sheet1.xml": "blatt7.xml",
                "styles.xml": "styles2.xml",
                "sharedStrings.xml": "texts.xml",
            },
        ),
        lambda data: rename_parts(data, {"xl/": "XL/"}),
        lambda data: change_part(data, SHEET, lambda text: re.sub(r' r="[A-Z]*\d+"', "", text)),
    ],
)
def test_parts_under_other_names_namespaces_and_without_references(
    change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    def content(sheet: Worksheet) -> None:
        sheet.append(["文", 0.5])
        sheet["B1"].number_format = "0.0%"

    assert texts(read(change(share_texts(make(content))), tmp_path)) == [["文", "50.0%"]]


def test_date_stored_as_text(tmp_path: Path) -> None:
    data = change_part(
        make(fill(dt.date(2022, 3, 5), "yyyy/m/d")),
        SHEET,
        lambda text: re.sub(
            r'(<c r="B3" s="\d+")[^>]*><v>[^<]*', r'\1 t="d"><v>2023-12-31T00:00:00', text
        ),
    )
    assert texts(read(data, tmp_path))[2][1] == "2023/12/31"


def test_border_far_below_is_no_content(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.append(["文"])
        sheet.cell(65_536, 256).border = Border(bottom=Side("thin"))
        sheet.row_dimensions[1_048_576].hidden = True

    assert texts(read(make(change), tmp_path)) == [["文"]]


def test_area_merged_over_the_whole_sheet_is_no_content(tmp_path: Path) -> None:
    data = make(lambda sheet: sheet.append(["文", "字"]))
    merged = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells><pageMargins'
    data = change_part(data, SHEET, lambda text: text.replace("<pageMargins", merged))
    document = read(data, tmp_path)
    assert texts(document) == [["文", "文"]]
    assert aside(document) == [("字", "工作表“附件2”B1的合并后看不见的文字")]


def assert_refused(data: bytes, folder: Path, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=re.escape(message)), no_hang():
        read(data, folder)


def test_many_merged_areas_over_each_other_are_refused(tmp_path: Path) -> None:
    data = make(lambda sheet: sheet.append(["文"]))
    areas = '<mergeCell ref="A1:CV1000"/>' * 10_000
    data = change_part(
        data,
        SHEET,
        lambda text: text.replace("<pageMargins", f"<mergeCells>{areas}</mergeCells><pageMargins"),
    )
    assert_refused(data, tmp_path, "工作表占的格子超过")


def test_many_cells_with_one_long_text_are_refused(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for row in range(1, 3_001):
            sheet.cell(row, 1, "占位")

    data = change_part(
        share_texts(make(change)),
        "xl/sharedStrings.xml",
        lambda text: text.replace("&#21344;&#20301;", "文字" * 500_000),
    )
    assert_refused(data, tmp_path, f"文字加起来超过 {MAX_TEXT // 10_000} 万字")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('r="A1"', 'r="A9999999"'),
        lambda text: text.replace('r="A1"', 'r="1A"'),
        lambda text: text.replace("<v>0</v>", "<v>7</v>"),
        lambda text: text.replace('r="A1"', 'r="A1" s="99"'),
    ],
)
def test_damaged_cells_are_refused(change: Callable[[str], str], tmp_path: Path) -> None:
    data = change_part(share_texts(make(lambda sheet: sheet.append(["文"]))), SHEET, change)
    assert_refused(data, tmp_path, "文件已经损坏")


def test_style_without_a_name(tmp_path: Path) -> None:
    """A named style that is missing is no style, whatever the number of the others."""
    data = change_part(
        make(lambda sheet: sheet.append(["文"])),
        "xl/styles.xml",
        lambda text: re.sub(r"<cellStyles.*</cellStyles>", "", text).replace(
            'xfId="0"', 'xfId="9"'
        ),
    )
    assert texts(read(data, tmp_path)) == [["文"]]


def test_account_knows_what_a_sheet_shows_and_hides(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for row in TABLE:
            sheet.append(list(row))
        cells: tuple[tuple[str, Any, str], ...] = (
            ("D7", 0.8766, "0%"),
            ("E7", dt.date(2022, 3, 5), 'm"月"d"日"'),
            ("H7", True, "General"),
            ("K3", 0.25, "0%"),
            ("H12", 12, "0.00"),
            ("H13", 5, ";;;"),
        )
        for place, value, number_format in cells:
            sheet[place] = value
            sheet[place].number_format = number_format
        sheet["H12"].font = Font(strike=True)
        sheet.column_dimensions["K"].hidden = True

    path = tmp_path / "示例.xlsx"
    path.write_bytes(make(change))
    reading = read_source_file(path, form_candidates(FORMS.values(), None, 2022))
    assert reading.account
    assert (reading.account.lost, reading.account.foreign) == ([], [])
    shown = [entry for entry in reading.account.changes if entry.reason == "按格式显示"]
    assert [(entry.source, entry.written) for entry in shown] == [
        ("0.8766", "88%"),
        ("44625", "3月5日"),
    ]
    assert [(slot.text, slot.place) for slot in reading.outside_text] == [
        ("25%", "工作表“附件2”K3的隐藏文字"),
        ("12.00", "工作表“附件2”H12的删除线文字"),
        ("5", "工作表“附件2”H13的隐藏文字"),
    ]
