"""Conservation: every text of a file ends as a value, as a leftover or as a printed text."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment

from gongkai.authoring.importer import form_candidates, read_source_file
from gongkai.authoring.office import read
from gongkai.authoring.office.account import Account, PlacedText
from gongkai.authoring.office.cells import OfficeDocument
from gongkai.authoring.office.read import read_office_file
from gongkai.authoring.office.safety import OfficePackage
from gongkai.authoring.office.word_reader import read_word
from tests.authoring.test_hostile_files import change_part
from tests.authoring.test_office_reader import FUNDS_HEAD, INDICATOR_HEAD, TABLE, add_table, yaml_of
from tests.folders import GOLDEN, ROOT, example_data
from tests.office_data import (
    DISCLOSURE_CASES,
    copy_data,
    disclosure_texts,
    load_dataset,
    load_disclosure,
    run_cli,
)

COUNTS = GOLDEN / "accounts" / "counts.txt"
"""Texts, values, leftovers and printed texts of every exported golden case."""


def unsettled_texts(account: Account) -> list[PlacedText]:
    return [*account.lost, *account.foreign]


def counts_line(name: str, account: Account) -> str:
    settled = (account.texts, account.values, account.leftovers, account.printed)
    assert sum(settled[1:]) == settled[0]
    return f"{name}: {settled[0]} = {' + '.join(map(str, settled[1:]))}"


@pytest.mark.parametrize("style", ["word", "excel"])
@pytest.mark.parametrize(("name", "unit", "year"), DISCLOSURE_CASES)
def test_every_text_of_an_export_is_accounted_for(  # noqa: PLR0913, PLR0917 - the case and two fixtures
    name: str, unit: str, year: int, style: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    data, paper = copy_data(name, tmp_path, unit), tmp_path / "paper"
    run_cli("export", unit, year, "--to", paper, "--format", style, "--data", data)
    dataset = load_dataset(data)
    facts = next(folder.facts for folder in dataset.units if folder.slug == unit)
    candidates = form_candidates(dataset.forms, facts, year, drafts=True)
    total = Account()
    for path in sorted(paper.iterdir()):
        account = read_source_file(path, candidates).account
        assert account
        assert unsettled_texts(account) == []
        total.texts += account.texts
        total.values += account.values
        total.leftovers += account.leftovers
        total.printed += account.printed
    case = f"{name}/{unit}/{year} {style}"
    lines = {line.split(": ")[0]: line for line in COUNTS.read_text("utf-8").splitlines()}
    if request.config.getoption("--update-golden"):
        lines[case] = counts_line(case, total)
        COUNTS.write_text("".join(f"{line}\n" for _, line in sorted(lines.items())), "utf-8")
    assert lines[case] == counts_line(case, total)


FORMS = load_dataset(ROOT / "data").forms
SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def text_box(text: str) -> str:
    """Return a text box as Word writes it: for programs of today, and again for older ones."""
    content = f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic>"
        f"<a:graphicData><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData>"
        "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
        f"<v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def form_field(content: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{content}</w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText> FORM </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def picture(name: str) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="{name}"/><a:graphic><a:graphicData>'
        "<pic:pic/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def prompt(text: str) -> str:
    return f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run(text)}</w:sdtContent></w:sdt>"


CASES: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "plain": (run("甲"), "甲", []),
    "text box": (run("甲") + text_box("乙"), "甲\n乙", []),
    "text box alone": (text_box("乙"), "乙", []),
    "reading": (
        (
            "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>jiǎ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>甲</w:t>"
            "</w:r></w:rubyBase></w:ruby></w:r>"
        ),
        "甲",
        [("的注音", "jiǎ")],
    ),
    "equation": ("<m:oMath><m:r><m:t>≥12公里</m:t></m:r></m:oMath>", "≥12公里", []),
    "fraction": (
        (
            "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den>"
            "</m:f></m:oMath>"
        ),
        "1/2",
        [],
    ),
    "power": (
        (
            "<m:oMath><m:sSup><m:e><m:r><m:t>m</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup>"
            "</m:sSup></m:oMath>"
        ),
        "m^2",
        [],
    ),
    "ticked": (form_field("<w:checkBox><w:checked/></w:checkBox>") + run("是"), "☑是", []),
    "not ticked": (
        form_field('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>'),
        "□",
        [],
    ),
    "dropdown": (
        form_field(
            '<w:ddList><w:result w:val="1"/><w:listEntry w:val="优"/><w:listEntry w:val="良"/></w:ddList>'
        ),
        "良",
        [],
    ),
    "symbol": ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run("5"), "≥5", []),
    "symbol in a text": (
        run("\uf0a3", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>') + run("5"),
        "≤5",
        [],
    ),
    "box of Wingdings 2": ('<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>', "□", []),
    "struck": (run("甲") + run("旧", "<w:strike/>"), "甲", [("的删除线文字", "旧")]),
    "struck twice": (run("旧", "<w:dstrike/>") + run("甲"), "甲", [("的删除线文字", "旧")]),
    "not struck": (run("甲", '<w:strike w:val="0"/>'), "甲", []),
    "hidden": (run("甲") + run("藏", "<w:vanish/>"), "甲", [("的隐藏文字", "藏")]),
    "prompt": (prompt("单击此处输入文字"), "", [("的填写提示", "单击此处输入文字")]),
    "picture": (picture("公章") + run("甲"), "甲", [("的图片", "公章")]),
    "object": (
        (
            '<w:r><w:object><v:shape><v:imagedata/></v:shape><o:OLEObject ProgID="Excel.Sheet.12"/>'
            "</w:object></w:r>"
        ),
        "",
        [("的嵌入对象", "Excel.Sheet.12")],
    ),
    "word art": (
        '<w:r><w:pict><v:shape><v:textpath string="样张"/></v:shape></w:pict></w:r>',
        "",
        [("的艺术字", "样张")],
    ),
    "inserted": (
        f"<w:ins>{run('甲')}</w:ins><w:del><w:r><w:delText>乙</w:delText></w:r></w:del>",
        "甲",
        [],
    ),
    "no break": ("<w:r><w:t>3</w:t><w:noBreakHyphen/><w:t>5</w:t></w:r>", "3-5", []),
    "invisible signs": (run("示\u00ad例\u2060\u200e"), "示例", []),
}
"""XML within a paragraph: what is read, and what is named."""


def write_word(path: Path, *blocks: str) -> Path:
    """Write a Word file whose body has these blocks."""
    document = docx.Document()
    body = document.element.body
    for block in blocks:
        element = parse_xml(f"<w:body {SPACES}>{block}</w:body>")
        for child in list(element):
            body.insert(len(body) - 1, child)
    document.save(f"{path}")
    return path


@pytest.mark.parametrize("case", CASES)
def test_what_word_shows_is_read_once(case: str, tmp_path: Path) -> None:
    xml, text, named = CASES[case]
    row = "".join(f"<w:tc><w:p>{cell}</w:p></w:tc>" for cell in (run("左"), xml))
    path = write_word(
        tmp_path / "示例.docx", f"<w:p>{xml}</w:p>", f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"
    )
    document = read_office_file(path)
    paragraphs = [line[0].text for line in document.lines if len(line) == 1 and line[0]]
    assert "\n".join(paragraphs) == text
    assert [slot.text for slot in document.lines[-1] if slot] == ["左", text]
    places = ("第1段", "第1个表第1行第2列")
    assert [(slot.place, slot.text) for slot in document.outside_text] == [
        (f"{place}{aside}", name) for place in places for aside, name in named
    ]
    account = read_source_file(path, form_candidates(FORMS, None, 2022)).account
    assert account
    assert unsettled_texts(account) == []


REPORT = (
    "2022年度示例单位部门整体支出绩效自评报告",
    "一、部门（单位）基本情况",
    "示例单位编制5人。",
    "二、一般公共预算支出情况",
)


def table(*rows: Sequence[str]) -> str:
    cells = ("".join(f"<w:tc><w:p>{run(text)}</w:p></w:tc>" for text in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def paragraphs(*texts: str) -> str:
    return "".join(f"<w:p>{run(text)}</w:p>" for text in texts)


def read_report(folder: Path, *blocks: str) -> tuple[str, list[str], Account]:
    """Return the Markdown of a report with these blocks at its end, what is left out, and its account."""
    path = write_word(folder / "附件5.docx", paragraphs(*REPORT), *blocks)
    reading = read_source_file(path, form_candidates(FORMS, None, 2022))
    (draft,) = reading.drafts
    assert reading.account
    return draft.body, [slot.text for slot in draft.unused], reading.account


def test_a_table_in_a_report_keeps_its_empty_cells(tmp_path: Path) -> None:
    rows = (("项目", "预算", "决算", "备注"), ("桥梁", "", "50", ""), ("道|路", "20", "", "一\n二"))
    body, left_out, account = read_report(
        tmp_path, paragraphs("支出见下表："), table(*rows), paragraphs("以上为全部支出。")
    )
    assert body.split("\n\n")[-2:] == [
        (
            "| 项目 | 预算 | 决算 | 备注 |\n| --- | --- | --- | --- |\n| 桥梁 |  | 50 |  |\n"
            "| 道\\|路 | 20 |  | 一二 |"
        ),
        "以上为全部支出。",
    ]
    assert (left_out, unsettled_texts(account)) == ([], [])


@pytest.mark.parametrize(
    ("blocks", "left_out"),
    [
        (
            (paragraphs("示例局会议纪要", "会议研究了道路。"),),
            ["示例局会议纪要", "会议研究了道路。"],
        ),
        ((paragraphs("2023年3月1日", "无关的一段。"),), ["无关的一段。"]),
        ((table(("姓名", "电话"), ("张某", "无")),), ["姓名", "电话", "张某", "无"]),
        ((paragraphs("明细见附表。"), table(("道路", "10"))), []),
        ((paragraphs("2023年3月1日", "三、政府性基金预算支出情况", "无。"),), []),
    ],
)
def test_what_follows_a_report_is_named_and_left_out(
    blocks: tuple[str, ...], left_out: list[str], tmp_path: Path
) -> None:
    body, unused, account = read_report(tmp_path, paragraphs("支出已经完成。"), *blocks)
    assert unused == left_out
    assert "支出已经完成。" in body
    assert not any(text in body for text in left_out)
    assert unsettled_texts(account) == []


def test_numbers_of_a_paragraph_style_are_written_out(tmp_path: Path) -> None:
    """Heading 1 has the list, as in files made with Word's multilevel headings."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        '<w:pStyle w:val="Heading1"/><w:lvlText w:val="%1、"/></w:lvl>'
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {SPACES} w:abstractNumId="77">{level}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {SPACES} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {SPACES}><w:numId w:val="77"/></w:numPr>'))
    document.add_paragraph(REPORT[0])
    for chapter in REPORT[1::2]:
        document.add_paragraph(chapter[2:], "Heading 1")
        document.add_paragraph("示例单位编制5人。")
    path = tmp_path / "附件5.docx"
    document.save(f"{path}")
    reading = read_source_file(path, form_candidates(FORMS, None, 2022))
    assert [line for line in reading.drafts[0].body.split("\n") if line.startswith("#")] == [
        "## 一、部门（单位）基本情况",
        "## 二、一般公共预算支出情况",
    ]
    assert reading.account
    assert unsettled_texts(reading.account) == []


def test_an_inserted_file_is_named(tmp_path: Path) -> None:
    path = write_word(
        tmp_path / "示例.docx", paragraphs("甲"), '<w:altChunk r:id="rId901"/>', paragraphs("乙")
    )
    relation = (
        '<Relationship Id="rId901" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/aFChunk" Target="afchunk.html"/></Relationships>'
    )
    path.write_bytes(
        change_part(
            path.read_bytes(),
            "word/_rels/document.xml.rels",
            lambda text: text.replace("</Relationships>", relation),
        )
    )
    reading = read_source_file(path, form_candidates(FORMS, None, 2022))
    assert [(slot.place, slot.text) for slot in reading.outside_text] == [
        ("第1段的插入的文件", "word/afchunk.html")
    ]
    assert reading.account
    assert unsettled_texts(reading.account) == []


def test_invisible_signs_in_a_label_do_not_hide_it(tmp_path: Path) -> None:
    rows = (
        ("项目\u00ad名称\u200e", "示例\u2060项目"),
        ("主管\u2060部门", "示例局", "实施单位", "示例单位"),
    )
    draft_rows = (*rows, *TABLE[2:])
    path = write_word(tmp_path / "示例.docx", table(*draft_rows))
    reading = read_source_file(path, form_candidates(FORMS, None, 2022))
    assert yaml_of(reading.drafts[0]).startswith("项目名称: 示例项目\n主管部门: 示例局\n")
    assert reading.account
    assert unsettled_texts(reading.account) == []


def shift_cells(document: OfficeDocument) -> OfficeDocument:
    """Move the text of every cell to the next one of its row."""
    lines = [
        tuple(
            slot and replace(slot, text=before.text if before else "")
            for before, slot in zip((None, *line), line, strict=False)
        )
        for line in document.lines
    ]
    return replace(document, lines=tuple(lines))


def drop_a_cell(document: OfficeDocument) -> OfficeDocument:
    """Lose the text of one cell."""
    return change_cells(document, {"9.5": ""})


def double_a_cell(document: OfficeDocument) -> OfficeDocument:
    return change_cells(document, {"示例项目": "示例项目示例项目"})


def alter_a_cell(document: OfficeDocument) -> OfficeDocument:
    return change_cells(document, {"95%": "96%"})


def join_into_neighbour(document: OfficeDocument) -> OfficeDocument:
    """Put the text of one cell into the next."""
    return change_cells(document, {"示例局": "", "实施单位（盖章）": "示例局实施单位（盖章）"})


def forget_what_stands_aside(document: OfficeDocument) -> OfficeDocument:
    return replace(document, outside_text=())


def take_what_is_struck(document: OfficeDocument) -> OfficeDocument:
    """Read struck texts as values."""
    return change_cells(document, {"示例单位": "示例单位旧名"})


def change_cells(document: OfficeDocument, texts: Mapping[str, str]) -> OfficeDocument:
    """Change the texts of cells; a text that is there several times changes once."""
    left = dict(texts)
    lines = [
        tuple(slot and replace(slot, text=left.pop(slot.text, slot.text)) for slot in line)
        for line in document.lines
    ]
    return replace(document, lines=tuple(lines))


FAULTS = [
    shift_cells,
    drop_a_cell,
    double_a_cell,
    alter_a_cell,
    join_into_neighbour,
    forget_what_stands_aside,
    take_what_is_struck,
]


def write_table_file(folder: Path) -> Path:
    """Write TABLE, with a struck text and a page header."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    add_table(document, TABLE)
    cell = document.tables[0].cell(1, 3)
    cell.paragraphs[0].add_run("旧名").font.strike = True
    path = folder / "示例.docx"
    document.save(f"{path}")
    return path


@pytest.mark.parametrize("fault", FAULTS)
def test_a_reader_with_a_fault_does_not_balance(
    fault: Callable[[OfficeDocument], OfficeDocument],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write_table_file(tmp_path)
    candidates = form_candidates(FORMS, None, 2022)
    before = read_source_file(path, candidates).account
    assert before
    assert unsettled_texts(before) == []
    monkeypatch.setattr(read, "read_word", lambda package: fault(read_word(package)))
    after = read_source_file(path, candidates).account
    assert after
    assert not after.is_balanced


def test_a_document_without_account_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = example_data(tmp_path)
    paper = tmp_path / "paper"
    run_cli("export", "shili", 2022, "--to", paper, "--format", "word", "--data", data)
    arguments = ("import", paper, "--unit", "shili", "--year", 2022, "--force", "--data", data)
    assert "对账有" not in run_cli(*arguments)[2]
    assert "可以公开" in run_cli("check", "--data", data)[2]

    def without_last_line(package: OfficePackage) -> OfficeDocument:
        document = read_word(package)
        return replace(document, lines=document.lines[:-1])

    monkeypatch.setattr(read, "read_word", without_last_line)
    code, _, err = run_cli(*arguments)
    assert (code, "查清以前不能公开" in err, "没有下落 附件" in err) == (1, True, True)
    code, out, err = run_cli("check", "--data", data)
    assert (code, "可以公开" in err) == (1, False)
    assert "“待核对”下面列着导入时没有弄清的地方：没有下落的文字，要问填表人的数" in out + err


SIGNS = "示例项目甲乙一二三0123456789.%≥<>&|*_#-—（）()：:，。；、“”" + " \u3000\u00ad\u200e\n\t"
TEXTS = st.text(st.sampled_from(SIGNS), max_size=12)
LABELS = {text for row in TABLE[:6] for text in row[::2]} | set(INDICATOR_HEAD) | set(FUNDS_HEAD)


@st.composite
def filled_tables(draw: st.DrawFn) -> list[list[str]]:
    """Draw TABLE with any texts in place of its values, and rows and columns around it."""
    rows = [[text if text in LABELS else draw(TEXTS) for text in row] for row in TABLE]
    for _ in range(draw(st.integers(0, 3))):
        position = draw(st.integers(0, len(rows)))
        rows.insert(position, draw(st.lists(TEXTS, min_size=1, max_size=9)))
    return rows


def fill_word(path: Path, rows: Sequence[Sequence[str]], texts: Sequence[str]) -> None:
    """Write a Word file with a table, and texts before and after it, in its header and in boxes."""
    document = docx.Document()
    before, after, header, boxed = texts
    document.sections[0].header.paragraphs[0].text = header
    document.add_paragraph(before)
    add_table(document, rows)
    document.add_paragraph(after)
    document.paragraphs[-1].add_run("旧" + after).font.strike = True
    document.paragraphs[0]._p.append(  # noqa: SLF001 - text boxes
        parse_xml(text_box(escape(boxed)).replace("<w:r>", f"<w:r {SPACES}>", 1))
    )
    document.save(f"{path}")


def fill_excel(path: Path, rows: Sequence[Sequence[str]], texts: Sequence[str]) -> None:
    """Write an Excel file with a table, and texts above and below it, in its header and a comment."""
    book = Workbook()
    sheet = book.worksheets[0]
    before, after, header, boxed = texts
    for row in ([before], *rows, [after]):
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", text) for text in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value:
                cell.data_type = "s"
    sheet.oddHeader.center.text = header.replace("&", "") or None  # type: ignore[union-attr]
    if boxed.strip():
        sheet["A1"].comment = Comment(boxed, "示例员")
    book.save(path)


def check_generated(rows: Sequence[Sequence[str]], texts: Sequence[str], folder: Path) -> None:
    candidates = form_candidates(FORMS, None, 2022)
    for path, fill in ((folder / "示例.docx", fill_word), (folder / "示例.xlsx", fill_excel)):
        fill(path, rows, texts)
        reading = read_source_file(path, candidates)
        assert reading.account, reading.refusal
        assert unsettled_texts(reading.account) == []


GENERATED = (filled_tables(), st.lists(TEXTS, min_size=4, max_size=4))


@settings(max_examples=15)
@given(*GENERATED)
def test_any_texts_are_accounted_for(rows: list[list[str]], texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        check_generated(rows, texts, Path(folder))


@pytest.mark.nightly
@settings(max_examples=1500)
@given(*GENERATED)
def test_very_many_texts_are_accounted_for(rows: list[list[str]], texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        check_generated(rows, texts, Path(folder))


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_files_that_libreoffice_saved_balance(suffix: str, tmp_path: Path) -> None:
    """The synthetic unit's attachments as LibreOffice saves what gongkai exports: the same values."""
    data = example_data(tmp_path)
    before = disclosure_texts(load_disclosure(data, "shili", 2022))
    source = tmp_path / f"示例.{suffix}"
    shutil.copy(GOLDEN / "accounts" / f"libreoffice.{suffix}", source)
    account = read_source_file(source, form_candidates(FORMS, None, 2022)).account
    assert account
    assert unsettled_texts(account) == []
    counts = COUNTS.read_text("utf-8").splitlines()
    style = {"docx": "word", "xlsx": "excel"}[suffix]
    assert counts_line(f"synthetic/shili/2022 {style}", account) in counts
    arguments = ("import", source, "--unit", "shili", "--year", 2022, "--force", "--data", data)
    run_cli(*arguments)
    assert disclosure_texts(load_disclosure(data, "shili", 2022)) == before
