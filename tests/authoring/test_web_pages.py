"""Web pages and text files as sources: the same values as from Word, and nothing of the site around them."""

import email.message
import html
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gongkai.authoring.importer import SourceFile, form_candidates, read_source_file
from gongkai.authoring.office import html_reader, text_reader
from gongkai.authoring.office.cells import OfficeDocument
from gongkai.authoring.office.html_reader import MAX_ELEMENTS
from gongkai.authoring.office.read import read_office_file
from gongkai.runtime.errors import UnreadableFileError
from tests.authoring.test_office_reader import EXPECTED_YAML, FORMS, TABLE, yaml_of
from tests.hanging import no_hang

COLUMNS = max(map(len, TABLE))
FILLED_CELLS = sum(bool(text.strip()) for row in TABLE for text in row)


def cell_html(text: str) -> str:
    return html.escape(text).replace("\n", "<br>\n")


def table_html(rows: Sequence[Sequence[str]]) -> str:
    """Return an HTML table; the last cell of a short row spans the remaining columns."""
    lines = []
    for row in rows:
        *cells, last = (cell_html(text) for text in row)
        span = COLUMNS - len(cells)
        lines.append(
            "<tr>" + "".join(f"<td>{cell}" for cell in cells) + f"<td colspan={span}>{last}</tr>"
        )
    return f"<table border=1>{''.join(lines)}</table>"


SITE = """<!DOCTYPE html><html><head><meta http-equiv=Content-Type content="text/html; charset=gb2312">
<title>示例县人民政府</title><style>td {{color: red}}</style></head><body>
<div class="top-nav"><a href="/">首页</a> <a href="/gk">政务公开</a></div>
<table width=100%><tr><td width=200><ul>{links}</ul></td><td>
<h3>2022年度项目支出绩效自评</h3><p>发布时间：2023-08-01</p>
<p>附件4：</p><p align=center>项目支出绩效自评表</p><p align=center>（2022年度）</p>
{table}
<p style="display: none">访问统计</p>
<p><a href="/files/%E8%A1%A8.xls">附件：自评表.xls</a></p><img src="seal.png">
</td></tr></table><div id="footer">主办：示例县财政局</div><script>var a = "项目名称";</script></body></html>"""
LINKS = "".join(f"<li><a href=/{number}>栏目{number}</a></li>" for number in range(6))


def read_page(text: str, folder: Path, encoding: str = "utf-8") -> OfficeDocument:
    path = folder / "page.html"
    path.write_bytes(text.encode(encoding))
    return read_office_file(path)


def texts_of(document: OfficeDocument) -> list[list[str]]:
    """Return the texts of every line; a merged cell repeated."""
    return [[slot.text if slot else "" for slot in line] for line in document.lines]


def import_file(name: str, data: bytes, folder: Path) -> SourceFile:
    path = folder / name
    path.write_bytes(data)
    return read_source_file(path, form_candidates(FORMS.values(), None, 2022))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-16"])
def test_page_of_a_site(encoding: str, tmp_path: Path) -> None:
    """The table lies within a layout table, between navigation, dates and a footer."""
    page = SITE.format(links=LINKS, table=table_html(TABLE))
    reading = import_file("自评.htm", page.encode(encoding), tmp_path)
    (draft,) = reading.drafts
    assert (draft.form.id, draft.number) == ("mof-2020-project", "附件4")
    assert yaml_of(draft) == EXPECTED_YAML
    assert reading.account
    assert (reading.account.lost, reading.account.foreign) == ([], [])
    assert (
        reading.account.texts
        == FILLED_CELLS + len(("标题", "发布时间", "附件4", "表名", "年度", "附件")) + 4
    )
    assert [(slot.text, slot.place) for slot in reading.outside_text] == [
        ("首页 政务公开", "网页的导航和页脚"),
        ("栏目0栏目1栏目2栏目3栏目4栏目5", "网页的导航和页脚"),
        ("访问统计", "网页上不显示的文字"),
        ("主办：示例县财政局", "网页的导航和页脚"),
    ]
    assert reading.remarks == [
        "网页里有 1 张图片，里面的文字没有读",
        "网页上有附件，没有下载：附件：自评表.xls；里面有表的，请下载后一起导入",
    ]


def test_web_archive(tmp_path: Path) -> None:
    message = email.message.EmailMessage()
    message["Subject"] = "示例"
    message.set_content(f"<html><body>{table_html(TABLE)}</body></html>", "html", "gb18030")
    message.add_related(b"\x89PNG", "image", "png")
    (draft,) = import_file("page.mht", bytes(message), tmp_path).drafts
    assert yaml_of(draft) == EXPECTED_YAML


def test_page_under_the_name_of_an_excel_file(tmp_path: Path) -> None:
    """Many systems export HTML under the name .xls."""
    (draft,) = import_file("导出.xls", table_html(TABLE).encode("gbk"), tmp_path).drafts
    assert yaml_of(draft) == EXPECTED_YAML


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    ("name", "delimiter"), [("表.csv", ","), ("表.csv", ";"), ("表.xls", "\t")]
)
def test_rows_of_text(name: str, delimiter: str, encoding: str, tmp_path: Path) -> None:
    rows = [[f'"{text}"' if "\n" in text else text for text in row] for row in TABLE]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (draft,) = import_file(name, text.encode(encoding), tmp_path).drafts
    assert yaml_of(draft).replace(f"第{len(TABLE)}", "") == EXPECTED_YAML.replace(
        "第1个表第3行第3列", "第3行第3列"
    )


def test_csv_as_excel_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('sep=;\r\n="012";"a;b\r\nc"\r\n\r\n说明\r\n'.encode())
    document = read_office_file(path)
    assert texts_of(document) == [["012", "a;b\nc"], ["说明"]]
    assert [slot.place for line in document.lines for slot in line if slot] == [
        "第1行第1列",
        "第1行第2列",
        "第3行第1列",
    ]


FAULTS: dict[str, Callable[[list[str]], list[str]]] = {
    "lost": lambda lines: [line for line in lines if line != "示例局"],
    "altered": lambda lines: ["示例厅" if line == "示例局" else line for line in lines],
    "doubled": lambda lines: [line * 2 if line == "示例局" else line for line in lines],
    "swapped": lambda lines: [
        {"示例局": "示例单位", "示例单位": "示例局"}.get(line, line) for line in lines
    ],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_web_reader_with_a_fault_does_not_balance(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell_lines = html_reader._cell_lines  # noqa: SLF001 - the fault
    monkeypatch.setattr(
        html_reader,
        "_cell_lines",
        lambda reading, cell: FAULTS[fault](list(cell_lines(reading, cell))),
    )
    reading = import_file("表.html", table_html(TABLE).encode(), tmp_path)
    assert reading.account
    assert not reading.account.is_balanced
    assert reading.drafts[0].unsettled


def test_text_of_a_page_that_stands_nowhere_is_named(tmp_path: Path) -> None:
    table = table_html(TABLE).replace("<tr>", "夹在行间的字<tr>", 1)
    reading = import_file("表.html", table.encode(), tmp_path)
    assert reading.account
    assert [text for _, text in reading.account.lost] == ["夹在行间的字"]


def test_lists_to_choose_from_and_scripts_aside_balance(tmp_path: Path) -> None:
    page = (
        "<html><body><div class=footer><select><option>友情链接<option>省政府</select>"
        f"<script>var a = 1;</script></div>{table_html(TABLE)}<p hidden>甲<select><option>乙</select></p>"
    )
    reading = import_file("表.html", page.encode(), tmp_path)
    assert reading.account
    assert reading.account.is_balanced
    assert [slot.text for slot in reading.outside_text] == ["友情链接", "甲乙"]


@pytest.mark.parametrize("kept", [True, False])
def test_rows_of_text_balance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    if not kept:
        rows = text_reader._rows  # noqa: SLF001 - the fault
        monkeypatch.setattr(text_reader, "_rows", lambda *texts: list(rows(*texts))[:-1])
    rows_of_text = [[f'"{text}"' for text in row] for row in TABLE]
    text = "\n".join(",".join(row) for row in rows_of_text)
    reading = import_file("表.csv", text.encode(), tmp_path)
    assert reading.account
    assert reading.account.is_balanced == kept


def test_spans_fill_the_grid(tmp_path: Path) -> None:
    table = "<table><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>丙<td rowspan=0>丁<tr><td>戊<td>己</table>"
    assert texts_of(read_page(table, tmp_path)) == [
        ["甲", "乙", "乙"],
        ["甲", "丙", "丁"],
        ["戊", "己", "丁"],
    ]


def test_text_as_browsers_show_it(tmp_path: Path) -> None:
    page = (
        "<p>第一\n  行<br>第&nbsp;二行 a\nb<ruby>县<rt>xian</rt></ruby></p><table><tr>"
        "<td><p>甲</p><p>乙</p><td>旧<s>98</s>95<td><input type=checkbox checked>是<input type=radio>否"
        "<td><select><option>好<option selected>中</select><input value=12></table>"
    )
    document = read_page(page, tmp_path)
    assert texts_of(document) == [
        ["第一行\n第 二行 a b县"],
        ["甲\n乙", "旧95", "☑是□否", "中12"],
    ]
    assert [(slot.text, slot.place) for slot in document.outside_text] == [
        ("xian", "网页上的注音"),
        ("98", "网页上划去的文字"),
    ]


def test_headings_count_only_if_they_are_chapters(tmp_path: Path) -> None:
    report = "<h1>自评报告</h1><h2>一、基本情况</h2><p>一</p><h2>二、支出情况</h2>"
    site = "<h1>自评报告</h1><p>一、基本情况</p><h3>相关链接</h3>"
    levels = [
        [slot.level for line in read_page(page, tmp_path).lines for slot in line if slot]
        for page in (report, site)
    ]
    assert levels == [[1, 2, 0, 2], [0, 0, 0]]


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "frames.htm": ("<html><frameset><frame src=sheet001.htm></frameset></html>", "只是框架"),
    "deep.html": (f"<html>{'<div>' * 5000}文", "套得太深"),
    "wide.html": ("<table><tr><td colspan=900000>文<td>字</table>", "超过 200 列"),
    "many.html": (
        f"<table>{'<tr><td rowspan=9999>文<td>字' * 9999}</table>",
        "超过 200000 格",
    ),
    "large.html": (f"<html>{'<p>文' * MAX_ELEMENTS}", "网页太大"),
    "bytes.csv": (b"a,b\n\xff\xff\x80,\xff", "有无法识别的字节"),
    "many.csv": (",\n" * 100_001, "超过 200000 格"),
    "quotes.csv": (f'a,"{"b," * 100_000}', "引号不成对"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_pages_and_texts(name: str, tmp_path: Path) -> None:
    content, message = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with no_hang(), pytest.raises(UnreadableFileError, match=message):
        read_office_file(path)
