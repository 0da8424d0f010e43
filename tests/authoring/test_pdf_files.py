"""PDF files as sources: tables with and without ruling lines, over page breaks, on turned pages; scans."""

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import EncodedStreamObject, NameObject

from gongkai.authoring.importer import SourceFile, form_candidates, read_source_file
from gongkai.authoring.office import pdf_tables
from gongkai.authoring.office.cells import OfficeDocument
from gongkai.authoring.office.pdf_pages import MAX_PAGES, read_pdf
from gongkai.authoring.office.pdf_text import glyph
from gongkai.authoring.office.read import read_office_file
from gongkai.authoring.office.source_runs import UNREAD_PLACE
from gongkai.runtime.errors import UnreadableFileError
from tests.authoring.test_office_reader import EXPECTED_YAML, FORMS, TABLE, yaml_of
from tests.authoring.test_web_pages import table_html

STYLE = """<meta charset=utf-8><style>
body { font: 14px 'Noto Sans CJK SC'; margin: 0 } table { border-collapse: collapse }
td { border: 1px solid; padding: 4px } .plain td { border: 0; padding: 8px 20px } p { margin: 8px 0 }
</style>"""
TITLE = "<p>附件4：<p style='text-align: center'>项目支出绩效自评表<p style='text-align: center'>（2022年度）"
PLAIN: tuple[Sequence[str], ...] = (
    ("项目名称", "示例项目"),
    ("项目资金", "年初预算数", "全年预算数", "全年执行数", "得分"),
    ("年度资金总额", "10", "10", "9.5", "9.5"),
    ("其他资金", "", "", "0", ""),
)


TURNS = {
    90: (0.0, 1.0, -1.0, 0.0, 0.0, 0.0),
    180: (-1.0, 0.0, 0.0, -1.0, 0.0, 0.0),
    270: (0.0, -1.0, 1.0, 0.0, 0.0, 0.0),
}
"""Matrices that turn a page counter-clockwise, exactly."""
SHIFTS = {90: (1, 0), 180: (1, 1), 270: (0, 1)}
"""Sizes of the page by which a turned page has to be moved back."""


def print_page(browser: Browser, body: str, height: int = 1100, footer: str = "") -> bytes:
    """Print a page as PDF."""
    page = browser.new_page()
    page.set_content(STYLE + body)
    data = page.pdf(
        width="800px",
        height=f"{height}px",
        margin={"top": "40px", "bottom": "60px", "left": "40px", "right": "40px"},
        display_header_footer=bool(footer),
        header_template="<span></span>",
        footer_template=footer or "<span></span>",
    )
    page.close()
    return data


def import_pdf(data: bytes, folder: Path) -> SourceFile:
    path = folder / "自评表.pdf"
    path.write_bytes(data)
    return read_source_file(path, form_candidates(FORMS.values(), None, 2022))


def texts_of(document: OfficeDocument) -> list[list[str]]:
    return [[slot.text if slot else "" for slot in line] for line in document.lines]


@pytest.mark.parametrize("height", [1100, 520, 420])
def test_table_between_ruling_lines(chromium: Browser, height: int, tmp_path: Path) -> None:
    """On short pages, the table goes on over several page breaks, which also cut rows."""
    footer = "<span style='font-size: 10px; margin: auto'>— <span class=pageNumber></span> —</span>"
    data = print_page(chromium, TITLE + table_html(TABLE), height, footer)
    reading = import_pdf(data, tmp_path)
    (draft,) = reading.drafts
    assert (draft.form.id, draft.number) == ("mof-2020-project", "附件4")
    assert draft.title == "项目支出绩效自评表（2022年度）"
    assert yaml_of(draft) == EXPECTED_YAML
    pages = len(PdfReader(io.BytesIO(data)).pages)
    numbers = "、".join(f"— {number} —" for number in range(1, pages + 1))
    assert [(slot.text, slot.place) for slot in reading.outside_text] == [(numbers, "页码")]
    assert (pages > 1) == (height < 1000)
    assert reading.account
    assert (reading.account.lost, reading.account.foreign) == ([], [])


@pytest.mark.parametrize(("change", "kind"), [("", "lost"), ("示例局局", "foreign")])
def test_a_pdf_reader_with_a_fault_does_not_balance(
    chromium: Browser, change: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = pdf_tables.PdfCell.read

    def read_with_fault(cell: pdf_tables.PdfCell) -> None:
        read(cell)
        cell.text = change if cell.text == "示例局" else cell.text

    monkeypatch.setattr(pdf_tables.PdfCell, "read", read_with_fault)
    document = read_pdf(print_page(chromium, TITLE + table_html(TABLE)))
    assert document.sources
    unread = [source.text for source in document.sources if source.place == UNREAD_PLACE]
    places = {source.place for source in document.sources}
    foreign = [
        slot.text
        for line in document.lines
        for slot in line
        if slot and slot.text and slot.place not in places
    ]
    assert (unread, foreign) == ((["示例局"], []) if kind == "lost" else ([], [change]))


@pytest.mark.parametrize(
    ("marks_page", "angle"),
    [
        (True, 90),
        (False, 270),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in ((True, 180), (True, 270), (False, 90), (False, 180))
        ),
    ],
)
def test_turned_pages(chromium: Browser, angle: int, *, marks_page: bool, tmp_path: Path) -> None:
    """A page is turned as its /Rotate says, and where only its content is turned, as the text is."""
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(print_page(chromium, table_html(TABLE)))).pages:
        added = writer.add_page(page)
        if marks_page:
            added.rotate(angle)
        else:
            size = max(added.mediabox.width, added.mediabox.height)
            added.add_transformation(Transformation(TURNS[angle]))
            added.add_transformation(
                Transformation().translate(*(side * size for side in SHIFTS[angle]))
            )
            added.mediabox.upper_right = (size, size)
            added.cropbox.upper_right = (size, size)
    out = io.BytesIO()
    writer.write(out)
    (draft,) = import_pdf(out.getvalue(), tmp_path).drafts
    assert yaml_of(draft) == EXPECTED_YAML


def test_columns_without_ruling_lines(chromium: Browser) -> None:
    table = table_html(PLAIN).replace("border=1", "class=plain").replace(" colspan", " data-span")
    assert texts_of(read_pdf(print_page(chromium, f"<p>自评表{table}"))) == [
        ["自评表"],
        *([*row, *[""] * (5 - len(row))] for row in PLAIN),
    ]


def test_lines_of_a_paragraph_and_a_cell_are_joined(chromium: Browser) -> None:
    paragraph = "示例单位编制12人，在职12人，负责示例道路的日常维护和管理工作。" * 6
    short = "第一句。"
    body = f"<p>{paragraph}<p style='text-indent: 2em'>{paragraph}<p>{short}"
    table = f"<table><tr><td width=300>{paragraph}<td width=100>甲<br>乙</table>"
    assert texts_of(read_pdf(print_page(chromium, body + table))) == [
        [paragraph],
        [paragraph],
        [short],
        [paragraph, "甲\n乙"],
    ]


def test_row_that_a_page_break_cuts(chromium: Browser) -> None:
    paragraph = "示例单位编制12人，在职12人，负责示例道路的日常维护和管理工作。" * 12
    table = (
        f"<table><tr><td>甲<td>乙<tr><td>目标<td width=300 style='orphans: 1'>{paragraph}</table>"
    )
    assert texts_of(read_pdf(print_page(chromium, table, 400))) == [
        ["甲", "乙"],
        ["目标", paragraph],
    ]


def break_table(chromium: Browser, upper: str, lower: str) -> list[list[str]]:
    """Return the rows of a table whose parts stand on two pages, as Word and LibreOffice draw them."""
    widths = "<col width=80><col width=80><col width=80><col width=80>"
    parts = (
        f"<table style='width: 340px; table-layout: fixed'>{widths}{rows}</table>"
        for rows in (upper, lower)
    )
    page_break = "<div style='break-after: page'></div>"
    return texts_of(read_pdf(print_page(chromium, page_break.join(parts))))


def table_rows(*rows: str) -> str:
    """Return rows of cells; “2×50” is a cell over two rows."""
    cells = (
        "".join(
            f"<td rowspan={cell.partition('×')[0]}>{cell.partition('×')[2]}"
            if "×" in cell
            else f"<td>{cell}"
            for cell in row.split("|")
        )
        for row in rows
    )
    return "".join(f"<tr>{row}" for row in cells)


SCORES = [["甲", "1", "50", "45"], ["乙", "2", "50", "45"], ["丙", "3", "50", "45"]]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (("甲|1|2×50|2×45", "乙|2"), ("丙|3||",)),
        (("甲|1|2×|2×", "乙|2"), ("丙|3|50|45",)),
        (("甲|1|50|45",), ("乙|2|2×|2×", "丙|3")),
        (("甲|1||",), ("乙|2|2×50|2×45", "丙|3")),
    ],
)
def test_merged_scores_that_a_page_break_cuts(
    chromium: Browser, upper: Sequence[str], lower: Sequence[str]
) -> None:
    assert break_table(chromium, table_rows(*upper), table_rows(*lower)) == SCORES


def test_rows_after_a_page_break_are_their_own(chromium: Browser) -> None:
    """A blank cell below a filled one is blank, where neither extends over several rows."""
    upper, lower = table_rows("甲|1|50|45"), table_rows("乙|2||45")
    assert break_table(chromium, upper, lower) == [["甲", "1", "50", "45"], ["乙", "2", "", "45"]]


def test_head_that_a_page_break_cuts(chromium: Browser) -> None:
    upper = "<tr><td colspan=2>绩效指标<td>偏差原因<td>得分"
    lower = table_rows("一级指标|二级指标|分析|", "产出|数量|无|5")
    assert break_table(chromium, upper, lower) == [
        ["绩效指标", "绩效指标", "偏差原因分析", "得分"],
        ["一级指标", "二级指标", "偏差原因分析", "得分"],
        ["产出", "数量", "无", "5"],
    ]


def test_head_within_a_table_is_repeated(chromium: Browser) -> None:
    """On a sheet, the rows that every page repeats need not be the first ones."""
    head = "<tr><td>一级指标<td>二级指标<td>三级指标<td>得分"
    upper = "<tr><td>项目<td colspan=3>示例项目" + head + table_rows("产出|数量|甲|5")
    assert break_table(chromium, upper, head + table_rows("效益|社会|乙|5")) == [
        ["项目", "示例项目", "示例项目", "示例项目"],
        ["一级指标", "二级指标", "三级指标", "得分"],
        ["产出", "数量", "甲", "5"],
        ["效益", "社会", "乙", "5"],
    ]


def test_cell_without_a_line_below_it(chromium: Browser) -> None:
    """LibreOffice leaves a merged cell open at the end of a page, and closes those beside it."""
    open_cell = table_rows("2×产出|甲", "乙").replace(
        "<td rowspan=2>", "<td rowspan=2 style='border-bottom: 0'>"
    )
    assert break_table(chromium, open_cell, table_rows("|丙", "效益|丁")) == [
        ["产出", "甲"],
        ["产出", "乙"],
        ["产出", "丙"],
        ["效益", "丁"],
    ]


def test_parts_of_a_line_are_a_paragraph(chromium: Browser) -> None:
    body = "<p>自评表<p>填报单位：示例局<span style='padding-left: 90px'>单位：万元</span>"
    assert texts_of(read_pdf(print_page(chromium, body + table_html(TABLE))))[1] == [
        "填报单位：示例局　　单位：万元"
    ]


def test_characters_that_fonts_name_otherwise() -> None:
    char = {"x0": 0, "x1": 1, "top": 0, "bottom": 1}
    assert "".join(glyph({"text": sign, **char}).text for sign in "⾸⻚⽬⽰甲") == "首页目示甲"


def test_scans_are_named(chromium: Browser, tmp_path: Path) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='800' height='1100'><rect width='800' height='1100'/></svg>"
    page = chromium.new_page()
    page.set_viewport_size({"width": 800, "height": 1100})
    page.set_content(svg)
    picture = page.screenshot(path=tmp_path / "scan.png") and (tmp_path / "scan.png").as_uri()
    (tmp_path / "scan.html").write_text(
        f"<img src='{picture}' style='width: 780px; height: 1000px'>"
    )
    page.goto((tmp_path / "scan.html").as_uri())
    scan = page.pdf(width="800px", height="1100px")
    page.close()
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan)
    with pytest.raises(UnreadableFileError, match="PDF 是扫描的图片，没有文字，读不了"):
        read_office_file(path)
    writer = PdfWriter()
    for data in (print_page(chromium, "<p>文字"), scan):
        writer.append(io.BytesIO(data))
    writer.write(path)
    document = read_office_file(path)
    assert texts_of(document) == [["文字"]]
    assert document.remarks == ("第2页是扫描的图片，没有读；请把这几页另外填报",)


def test_unusable_pdf_files(chromium: Browser, tmp_path: Path) -> None:
    data = print_page(chromium, "<p>文字")
    encrypted, long = PdfWriter(clone_from=io.BytesIO(data)), PdfWriter()
    encrypted.encrypt("示例口令")
    for _ in range(MAX_PAGES + 1):
        long.add_blank_page(10, 10)
    files: dict[str, tuple[bytes | PdfWriter, str]] = {
        "encrypted": (encrypted, "PDF 加了密码"),
        "long": (long, f"超过 {MAX_PAGES} 页"),
        "damaged": (b"%PDF-1.7\n" + data[2000:3000], "PDF 已经损坏"),
        "empty": (print_page(chromium, "<p>"), "PDF 里没有文字"),
    }
    for name, (content, message) in files.items():
        path = tmp_path / f"{name}.pdf"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content.write(path)
        with pytest.raises(UnreadableFileError, match=message):
            read_office_file(path)


@pytest.mark.nightly
def test_pdf_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    """The reader's process ends at its limit of memory; this one goes on."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    packed = zlib.compress(b" " * (1 << 30), 9)
    stream = EncodedStreamObject()
    stream.update({NameObject("/Filter"): NameObject("/FlateDecode")})
    stream._data = packed  # noqa: SLF001 - set_data() unpacks it
    page[NameObject("/Contents")] = writer._add_object(stream)  # noqa: SLF001 - no public way
    path = tmp_path / "bomb.pdf"
    writer.write(path)
    with pytest.raises(UnreadableFileError, match="PDF"):
        read_office_file(path)


def test_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.authoring.office.pdf_reader.find_spec", lambda _: None)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(UnreadableFileError, match="读 PDF 需要 pdfplumber，没有安装"):
        read_office_file(path)
