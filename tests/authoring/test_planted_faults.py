"""Faults that the readers once had, planted again one by one: the account of the file notices every one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from openpyxl import Workbook

from gongkai.authoring.importer import form_candidates, read_source_file
from gongkai.authoring.office import (
    excel_parts,
    excel_reader,
    narrative,
    read,
    word_reader,
    word_text,
)
from gongkai.authoring.office.account import Account
from gongkai.authoring.office.source_parts import Aside
from gongkai.authoring.office.word_styles import WORD_NS, Numbering
from gongkai.exports.office.prose import ProseTable
from tests.authoring.test_account import (
    CASES,
    FORMS,
    REPORT,
    SPACES,
    paragraphs,
    run,
    table,
    text_box,
    write_word,
)
from tests.authoring.test_excel_elements import add_part, change
from tests.authoring.test_office_reader import TABLE

Patch = pytest.MonkeyPatch


def write_paragraph(folder: Path, xml: str) -> Path:
    """Write a Word file with a paragraph and a cell that have this XML."""
    cells = "".join(f"<w:tc><w:p>{cell}</w:p></w:tc>" for cell in (run("左"), xml))
    return write_word(
        folder / "示例.docx", f"<w:p>{xml}</w:p>", f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    )


def write_report(folder: Path, *blocks: str) -> Path:
    return write_word(folder / "附件5.docx", paragraphs(*REPORT), *blocks)


# Files, by what they have.


def report_with_a_table(folder: Path) -> Path:
    rows = (("项目", "预算", "决算", "备注"), ("桥梁", "", "50", ""))
    return write_report(folder, paragraphs("支出见下表："), table(*rows))


def report_with_a_meeting_note(folder: Path) -> Path:
    return write_report(folder, paragraphs("支出已完成。", "示例局会议纪要", "会议研究了道路。"))


def report_with_a_list_of_names(folder: Path) -> Path:
    names = table(("姓名", "电话"), ("张某", "无"))
    return write_report(folder, paragraphs("支出已完成。"), names)


def box_in_a_cell(folder: Path) -> Path:
    return write_paragraph(folder, run("甲") + text_box("乙"))


def paragraph_of(case: str) -> Callable[[Path], Path]:
    return lambda folder: write_paragraph(folder, CASES[case][0])


def inserted_file(folder: Path) -> Path:
    return write_word(folder / "示例.docx", paragraphs("甲"), '<w:altChunk r:id="rId1"/>')


def numbered_style(folder: Path) -> Path:
    """Write a report whose chapters have the numbers of their style."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    definition = f'<w:abstractNum {SPACES} w:abstractNumId="77">{level}</w:abstractNum>'
    numbering.insert(0, parse_xml(definition))
    numbering.append(
        parse_xml(f'<w:num {SPACES} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {SPACES}><w:numId w:val="77"/></w:numPr>'))
    document.add_paragraph(REPORT[0])
    for chapter in REPORT[1::2]:
        document.add_paragraph(chapter[2:], "Heading 1")
        document.add_paragraph("示例单位编制5人。")
    path = folder / "附件5.docx"
    document.save(f"{path}")
    return path


def invisible_signs(folder: Path) -> Path:
    rows = (("项目\u00ad名称\u200e", "示例\u2060项目"), *TABLE[1:])
    return write_word(folder / "示例.docx", table(*rows))


def sheet_with(element: str) -> Callable[[Path], Path]:
    """Return the writer of an Excel file with one more element."""

    def write(folder: Path) -> Path:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet["A1"], sheet["B1"] = "甲", "乙"
        sheet.oddHeader.center.text = "内部资料"  # type: ignore[union-attr]
        sheet.oddFooter.center.text = "示例局"  # type: ignore[union-attr]
        path = folder / "示例.xlsx"
        book.save(path)
        if element == "box":
            add_part(path, "xl/drawings/drawing1.xml", BOX, f"{OFFICE}/drawing")
        elif element:
            change(path, "xl/worksheets/sheet1.xml", r'<c r="B1".*?</c>', element)
        return path

    return write


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOX = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:sp><xdr:txBody>'
    "<a:p><a:r><a:t>文本框</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>"
)
ARRAY = '<c r="B1"><f t="array" ref="B1">SUM(C1:C9*D1:D9)</f></c>'
CARRIAGE_RETURN = '<c r="B1" t="inlineStr"><is><t>乙_x000D_\n丙</t></is></c>'


# Faults, planted in the readers.


def drop_empty_cells(patch: Patch) -> None:
    """Write the filled cells of a row side by side: 桥梁　50."""

    def without_empty(rows: list[list[str]]) -> ProseTable:
        width = max(map(len, rows))
        filled = [[text for text in row if text] for row in rows]
        return ProseTable([[*row, *[""] * (width - len(row))] for row in filled])

    patch.setattr(narrative, "ProseTable", without_empty)


def read_alternatives(patch: Patch) -> None:
    """Read a text box for programs of today, and again for older ones."""
    patch.setattr(word_text, "is_alternative", lambda _: False)


def read_boxes_as_runs(patch: Patch) -> None:
    """Read the text of a box once as a box, and once more as text of its cell."""
    add = word_text._Collector._add  # noqa: SLF001 - the fault

    def add_twice(self: Any, element: Any, aside: Aside) -> None:
        add(self, element, aside)
        if element.tag == f"{WORD_NS}txbxContent":
            self.collect(element, aside)

    patch.setattr(word_text._Collector, "_add", add_twice)  # noqa: SLF001


def mix_in_readings(patch: Patch) -> None:
    add = word_text._Collector._add  # noqa: SLF001 - the fault

    def add_plain(self: Any, element: Any, aside: Aside) -> None:
        if element.tag == f"{WORD_NS}rt":
            self.collect(element, aside)
        else:
            add(self, element, aside)

    patch.setattr(word_text._Collector, "_add", add_plain)  # noqa: SLF001


def lose_equations(patch: Patch) -> None:
    patch.setattr(word_text, "math_text", lambda _: "")


def lose_form_fields(patch: Patch) -> None:
    patch.setattr(word_text, "_form_field", lambda _: "")


def read_names_of_form_fields(patch: Patch) -> None:
    """Read ticked and other boxes as the same text."""
    patch.setattr(word_text, "_form_field", lambda _: "FORMCHECKBOX")


def lose_inserted_files(patch: Patch) -> None:
    patch.setattr(word_reader, "_name_inserted_file", lambda *_: None)


def lose_objects(patch: Patch) -> None:
    patch.setattr(word_text._Collector, "_name_object", lambda *_: None)  # noqa: SLF001
    patch.setattr(word_text._Collector, "_name_embedded", lambda *_: None)  # noqa: SLF001


def lose_numbers(patch: Patch) -> None:
    patch.setattr(Numbering, "next_number", lambda *_: "")


def swallow_what_follows(patch: Patch) -> None:
    patch.setattr(narrative, "_report_end", lambda index, _: len(index.lines))


def read_unknown_symbols(patch: Patch) -> None:
    patch.setattr(word_text, "symbol_text", lambda *_, **__: "\ufffd")


def keep_invisible_signs(patch: Patch) -> None:
    patch.setattr(read, "remove_invisible", lambda text: text)


def lose_drawings(patch: Patch) -> None:
    patch.setattr(excel_reader, "drawn_texts", lambda *_: ())


def lose_page_texts(patch: Patch) -> None:
    patch.setattr(excel_parts, "_page_texts", lambda _: ())


def lose_formulas(patch: Patch) -> None:
    """Read a formula without a stored result as an empty cell."""
    shown = excel_reader._Grid._shown  # noqa: SLF001 - the fault

    def shown_blank(self: Any, cell: Any) -> Any:
        is_formula = cell.has_formula and not cell.value
        return excel_reader._Shown() if is_formula else shown(self, cell)  # noqa: SLF001

    patch.setattr(excel_reader._Grid, "_shown", shown_blank)  # noqa: SLF001


def keep_escapes(patch: Patch) -> None:
    patch.setattr(excel_parts, "_unescape", lambda text: text)


FAULTS: list[tuple[Callable[[Patch], None], Callable[[Path], Path]]] = [
    (drop_empty_cells, report_with_a_table),
    (read_alternatives, box_in_a_cell),
    (read_boxes_as_runs, box_in_a_cell),
    (mix_in_readings, paragraph_of("reading")),
    (lose_equations, paragraph_of("equation")),
    (lose_form_fields, paragraph_of("ticked")),
    (read_names_of_form_fields, paragraph_of("not ticked")),
    (lose_form_fields, paragraph_of("dropdown")),
    (lose_inserted_files, inserted_file),
    (lose_objects, paragraph_of("picture")),
    (lose_objects, paragraph_of("object")),
    (lose_objects, paragraph_of("word art")),
    (lose_numbers, numbered_style),
    (swallow_what_follows, report_with_a_meeting_note),
    (swallow_what_follows, report_with_a_list_of_names),
    (read_unknown_symbols, paragraph_of("symbol")),
    (keep_invisible_signs, invisible_signs),
    (lose_drawings, sheet_with("box")),
    (lose_page_texts, sheet_with("")),
    (lose_formulas, sheet_with(ARRAY)),
    (keep_escapes, sheet_with(CARRIAGE_RETURN)),
]
"""Faults, and files in which they show."""
COUNTED = {swallow_what_follows, keep_invisible_signs}
"""Faults after which every text still is somewhere: other texts become values or leftovers."""


def account_of(path: Path) -> Account:
    account = read_source_file(path, form_candidates(FORMS, None, 2022)).account
    assert account
    return account


def iter_ids() -> Iterator[str]:
    for number, (fault, _) in enumerate(FAULTS):
        yield f"{number}-{fault.__name__}"


@pytest.mark.parametrize(("plant", "write"), FAULTS, ids=iter_ids())
def test_the_account_notices_a_planted_fault(
    plant: Callable[[Patch], None],
    write: Callable[[Path], Path],
    tmp_path: Path,
    monkeypatch: Patch,
) -> None:
    path = write(tmp_path)
    before = account_of(path)
    assert (before.lost, before.foreign) == ([], [])
    plant(monkeypatch)
    after = account_of(path)
    assert after.is_balanced == (plant in COUNTED)
    assert (after.values, after.leftovers) != (before.values, before.leftovers) or (
        plant not in COUNTED
    )
