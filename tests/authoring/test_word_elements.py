"""What a reader of a Word file sees and does not see: fields, fonts, tracked rows, controls, lists."""

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from gongkai.authoring.importer import form_candidates, read_source_file
from gongkai.authoring.office.cells import OfficeDocument
from gongkai.authoring.office.read import read_office_file
from tests.authoring.test_account import (
    FORMS,
    SPACES,
    run,
    table,
    text_box,
    unsettled_texts,
    write_word,
)


def field(instruction: str, result: str) -> str:
    """Return a field as Word stores it: its instruction, and the result that shows."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{instruction}'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


def script(kind: str) -> str:
    return f'<w:vertAlign w:val="{kind}"/>'


WHITE = '<w:color w:val="FFFFFF"/>'
CASES: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "tag of an old Word": (
        f'<w:smartTag w:uri="urn:x" w:element="d">{run("12月")}</w:smartTag>{run("31日")}',
        "12月31日",
        [],
    ),
    "simple field": (
        f'<w:fldSimple w:instr=" DOCPROPERTY x ">{run("示例局")}</w:fldSimple>',
        "示例局",
        [],
    ),
    "calculated field": (
        field(instruction("=SUM(ABOVE)"), run("300")) + run("万元"),
        "300万元",
        [],
    ),
    "field in a field's instruction": (
        field(
            instruction("IF ") + field(instruction("PAGE"), run("7")) + instruction("=1"),
            run("示例"),
        ),
        "示例",
        [],
    ),
    "link": (f'<w:hyperlink w:anchor="x">{run("见附表")}</w:hyperlink>', "见附表", []),
    "hidden on the web only": (run("甲", "<w:webHidden/>"), "甲", []),
    "mark of a hidden paragraph": (
        f"<w:pPr><w:rPr><w:vanish/><w:strike/></w:rPr></w:pPr>{run('甲')}",
        "甲",
        [],
    ),
    "inserted, then deleted": (
        "<w:ins><w:del><w:r><w:delText>乙</w:delText></w:r></w:del></w:ins>" + run("甲"),
        "甲",
        [],
    ),
    "moved": (f"<w:moveFrom>{run('乙')}</w:moveFrom><w:moveTo>{run('甲')}</w:moveTo>", "甲", []),
    "direction": (f'<w:dir w:val="ltr"><w:bdo w:val="ltr">{run("甲")}</w:bdo></w:dir>', "甲", []),
    "square metre": (run("20m") + run("2", script("superscript")), "20m²", []),
    "power of ten": (run("10") + run("3", script("superscript")) + run("元"), "10³元", []),
    "subscript": (run("CO") + run("2", script("subscript")) + run("减排"), "CO₂减排", []),
    "superscript text": (run("示例") + run("注", script("superscript")), "示例注", []),
    "box typed in Wingdings 2": (
        run("R", font("Wingdings 2")) + run("是") + run("£", font("Wingdings 2")) + run("否"),
        "☑是□否",
        [],
    ),
    "box typed in Wingdings": (run("þ", font("Wingdings")) + run("是"), "☑是", []),
    "Greek typed in Symbol": (run("m", font("Symbol")) + run("g"), "μg", []),
    "Han in Wingdings": (run("示例", font("Wingdings")), "示例", []),
    "white": (run("甲") + run("藏", WHITE), "甲", [("的白色文字", "藏")]),
    "white on dark": (run("甲", WHITE + '<w:shd w:val="clear" w:fill="1F4E79"/>'), "甲", []),
    "white, highlighted": (run("甲", WHITE + '<w:highlight w:val="darkBlue"/>'), "甲", []),
    "capitals": (run("abc", "<w:caps/>"), "ABC", []),
    "control": (
        '<w:r><w:object><w:control r:id="rId9" w:name="CheckBox1"/></w:object></w:r>' + run("是"),
        "是",
        [("的嵌入对象", "CheckBox1")],
    ),
    "content control that is ticked": (
        "<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>" + run("是"),
        "☒是",
        [],
    ),
    "old text box": (
        run("甲")
        + "<w:r><w:pict><v:rect><v:textbox><w:txbxContent>"
        + f"<w:p>{run('乙')}</w:p><w:p>{run('丙')}</w:p></w:txbxContent></v:textbox></v:rect></w:pict></w:r>",
        "甲\n乙\n丙",
        [],
    ),
    "old text boxes in a group": (
        "<w:r><w:pict><v:group>"
        + "".join(
            f"<v:shape><v:textbox><w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent></v:textbox></v:shape>"
            for text in "乙丙"
        )
        + "</v:group></w:pict></w:r>",
        "乙\n丙",
        [],
    ),
    "text box with a struck text": (
        text_box("乙").replace("<w:rPr></w:rPr>", "<w:rPr><w:strike/></w:rPr>") + run("甲"),
        "甲",
        [("的删除线文字", "乙")],
    ),
    "signs of a run": ("<w:r><w:t>甲</w:t><w:softHyphen/><w:t>乙</w:t></w:r>", "甲乙", []),
}
"""XML within a paragraph: what is read, and what is named."""


@pytest.mark.parametrize("case", CASES)
def test_elements_of_a_paragraph(case: str, tmp_path: Path) -> None:
    xml, text, named = CASES[case]
    row = "".join(f"<w:tc><w:p>{cell}</w:p></w:tc>" for cell in (run("左"), xml))
    path = write_word(
        tmp_path / "示例.docx", f"<w:p>{xml}</w:p>", f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"
    )
    document = read_office_file(path)
    lines = [line[0].text for line in document.lines if len(line) == 1 and line[0]]
    assert "\n".join(lines) == text
    assert [slot.text for slot in document.lines[-1] if slot] == ["左", text]
    asides = [(slot.place[slot.place.rindex("的") :], slot.text) for slot in document.outside_text]
    assert asides == named * 2
    check_account(path)


def check_account(path: Path) -> None:
    account = read_source_file(path, form_candidates(FORMS, None, 2022)).account
    assert account
    assert unsettled_texts(account) == []


def rows_of(document: OfficeDocument) -> list[list[str]]:
    """Return the texts of the rows; a merged cell is repeated."""
    return [[slot.text if slot else "" for slot in line] for line in document.lines]


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{content}</w:p></w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def deletion(text: str) -> str:
    return f'<w:del w:id="1"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


DELETION = '<w:del w:id="2" w:author="示例"/>'
TABLES: dict[str, tuple[Sequence[str], list[list[str]], list[str]]] = {
    "deleted row": (
        (
            row(cell(run("甲")), cell(run("1"))),
            row(cell(deletion("乙")), cell(deletion("2")), properties=DELETION),
            row(cell(run("丙")), cell(run("3"))),
        ),
        [["甲", "1"], ["丙", "3"]],
        [],
    ),
    "deleted cell": (
        (
            row(
                cell(run("甲")),
                cell(deletion("2"), '<w:cellDel w:id="3" w:author="示例"/>'),
                cell(run("3")),
            ),
        ),
        [["甲", "3"]],
        [],
    ),
    "hidden row": (
        (
            row(cell(run("甲")), cell(run("1"))),
            row(
                cell(run("乙", "<w:vanish/>")),
                cell(run("2", "<w:vanish/>")),
                properties="<w:hidden/>",
            ),
        ),
        [["甲", "1"]],
        ["乙", "2"],
    ),
    "old merged cells": (
        (
            row(
                cell(run("甲"), '<w:hMerge w:val="restart"/>'),
                cell("", "<w:hMerge/>"),
                cell(run("1")),
            ),
        ),
        [["甲", "甲", "1"]],
        [],
    ),
    "row that begins later": (
        (
            row(cell(run("甲")), cell(run("乙")), cell(run("丙"))),
            row(cell(run("1")), properties='<w:gridBefore w:val="2"/>'),
        ),
        [["甲", "乙", "丙"], ["", "", "1"]],
        [],
    ),
    "table in a cell": (
        (row(cell(run("甲")), f"<w:tc>{table(('乙', '1'), ('丙', '2'))}<w:p/></w:tc>"),),
        [["甲", "乙\n1\n丙\n2"]],
        [],
    ),
    "white on a dark cell": (
        (row(cell(run("甲", WHITE), '<w:shd w:val="clear" w:fill="4472C4"/>'), cell(run("1"))),),
        [["甲", "1"]],
        [],
    ),
}
"""Rows of a table, the texts that show, and those that are named."""


@pytest.mark.parametrize("case", TABLES)
def test_rows_of_a_table(case: str, tmp_path: Path) -> None:
    rows, shown, named = TABLES[case]
    path = write_word(tmp_path / "示例.docx", f"<w:tbl>{''.join(rows)}</w:tbl>")
    document = read_office_file(path)
    assert rows_of(document) == shown
    assert [slot.text for slot in document.outside_text] == named
    check_account(path)


@pytest.mark.parametrize(
    ("style", "template", "numbers"),
    [
        ("lowerLetter", "%1)", ["a)", "b)"]),
        ("upperLetter", "%1.", ["A.", "B."]),
        ("upperRoman", "%1、", ["I、", "II、"]),
        ("lowerRoman", "(%1)", ["(i)", "(ii)"]),
        ("decimalZero", "%1", ["01", "02"]),
        ("decimalFullWidth", "%1．", ["１．", "２．"]),
        ("chineseLegalSimplified", "%1、", ["壹、", "贰、"]),
        ("ideographDigital", "%1、", ["一、", "二、"]),
        ("ideographTraditional", "%1、", ["甲、", "乙、"]),
        ("ideographZodiac", "%1、", ["子、", "丑、"]),
        ("decimalEnclosedParen", "%1", ["⑴", "⑵"]),
        ("decimalEnclosedFullstop", "%1", ["⒈", "⒉"]),
        ("ordinal", "%1", ["1st", "2nd"]),
        ("bullet", "●", ["", ""]),
        ("none", "", ["", ""]),
    ],
)
def test_numbers_of_lists(style: str, template: str, numbers: list[str], tmp_path: Path) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    level = (
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{template}"/></w:lvl>'
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {SPACES} w:abstractNumId="77">{level}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {SPACES} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    for text in ("甲", "乙"):
        properties = document.add_paragraph(text)._p.get_or_add_pPr()  # noqa: SLF001 - numbers
        properties.append(
            parse_xml(f'<w:numPr {SPACES}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>')
        )
    path = tmp_path / "示例.docx"
    document.save(f"{path}")
    shown = [f"{number}{text}" for number, text in zip(numbers, "甲乙", strict=True)]
    assert rows_of(read_office_file(path)) == [[text] for text in shown]
    check_account(path)


def test_watermark_in_a_page_header_is_named(tmp_path: Path) -> None:
    document = docx.Document()
    header = document.sections[0].header.paragraphs[0]
    header.text = "内部资料"
    header._p.append(  # noqa: SLF001 - a watermark
        parse_xml(
            f'<w:r {SPACES}><w:pict><v:shape><v:textpath string="样稿"/></v:shape></w:pict></w:r>'
        )
    )
    document.add_paragraph("甲")
    path = tmp_path / "示例.docx"
    document.save(f"{path}")
    outside = read_office_file(path).outside_text
    assert [(slot.place, slot.text) for slot in outside] == [
        ("页眉", "内部资料"),
        ("页眉的艺术字", "样稿"),
    ]
    check_account(path)


def test_white_by_a_style_is_not_seen(tmp_path: Path) -> None:
    document = docx.Document()
    style = document.styles.add_style("Secret", 2)
    style.element.get_or_add_rPr().append(parse_xml(f'<w:color {SPACES} w:val="FFFFFF"/>'))
    document.add_paragraph("甲").add_run("藏", style)
    path = tmp_path / "示例.docx"
    document.save(f"{path}")
    read = read_office_file(path)
    assert rows_of(read) == [["甲"]]
    assert [slot.text for slot in read.outside_text] == ["藏"]
    check_account(path)
