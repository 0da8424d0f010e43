"""A form as an empty Excel sheet: labels locked, answers open, choices to pick, hints at each cell."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as Target
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.authoring.hints import wanted
from gongkai.authoring.office.texts import HOW
from gongkai.authoring.skeletons import document_skeleton
from gongkai.exports.office.excel_writer import Written, saved, write_sheet
from gongkai.exports.office.print_layout import Paper
from gongkai.exports.office.styles import Wardrobe
from gongkai.model.documents import Record
from gongkai.model.forms import Form, filled
from gongkai.model.nodes import Mapping as MappingNode
from gongkai.model.nodes import Node, Scalar
from gongkai.model.nodes import Sequence as Items
from gongkai.model.specs import FieldSpec
from gongkai.pages.tables.sections import grids
from gongkai.reading.cells import Wording
from gongkai.reading.document import load
from gongkai.reading.source import parse_source

_ROWS = 4
"""How many rows are left free where any number may be filled in."""
_MARK = re.compile(r"⟦(\d+)⟧")
"""Stands for the answers until it is known in which cell each is printed."""
_OPEN = Protection(locked=False)
_ANSWER = PatternFill("solid", fgColor="FFF9E5")
_LONGEST_LIST, _LONGEST_HINT = 250, 250
"""What Excel takes."""


def template(form: Form, year: int) -> bytes:
    """An Excel file to be filled in."""
    record = _blank_record(form, year)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "填报"
    paper = _paper(record)
    cells = write_sheet(sheet, paper, Wardrobe())
    specs = {cell.filed: cell.spec for cell in record.cells() if _MARK.fullmatch(cell.filed)}
    hints: dict[FieldSpec, list[Target]] = defaultdict(list)
    for each in cells:
        marks = _MARK.findall(each.cell.text)
        filled_in = "gk-num" in each.cell.classes and bool(each.cell.text)
        if marks or (filled_in and not each.cell.scope and "gk-na" not in each.cell.classes):
            _open(each)
        for mark in marks[:1]:
            hints[specs[f"⟦{mark}⟧"]].append(each.target)
    _open_lines(sheet, paper)
    _hint(sheet, hints, form)
    _lock(sheet)
    return saved(book)


def _blank_record(form: Form, year: int) -> Record:
    """The form with a mark for each answer."""
    root = parse_source(document_skeleton(form).encode(), "").root
    if not isinstance(root, MappingNode):
        raise TypeError("a skeleton that is no mapping")
    wording = Wording({"年度": f"{year}", "上年": f"{year - 1}", "单位": "", "级别": ""})
    marks = map("⟦{}⟧".format, count())
    values = {key: _marked(value, marks) for key, value in root.values.items()}
    record, _ = load(form, root._replace(values=values), wording, name=form.name)
    return record


def _marked(node: Node, marks: Iterator[str]) -> Node:
    """The same with a mark in place of each blank; a lone blank row several times."""
    match node:
        case Scalar():
            return node if node.text else node._replace(text=next(marks))
        case MappingNode():
            values = {key: _marked(value, marks) for key, value in node.values.items()}
            return node._replace(values=values)
        case Items():
            rows = [row for item in node.items for row in [item] * (_ROWS if _free(item) else 1)]
            return node._replace(items=tuple(_marked(row, marks) for row in rows))


def _free(item: Node) -> bool:
    """Whether a row is all blank, so that it is there to be copied."""
    if not isinstance(item, MappingNode):
        return False
    values = list(item.values.values())
    plain = all(isinstance(value, Scalar) for value in values)
    first = values[0] if values else None
    return plain and isinstance(first, Scalar) and not first.text


def _paper(record: Record) -> Paper:
    blank = dict.fromkeys(record.form.sign_off_keys, "")
    words = dict(record.words) | blank
    return Paper(
        number="",
        title=record.title,
        name=record.title,
        opening=tuple(text for each in record.form.opening if (text := filled(each, words))),
        grids=tuple(grids(record, {})),
        notes=(*(record.label(note) for note in record.form.notes), HOW),
        sign_off=tuple(filled(each, words) for each in record.form.sign_off),
    )


def _open(each: Written) -> None:
    """A cell that is to be filled in, without its mark."""
    text = "" if each.cell.scope else _MARK.sub("", each.cell.text)
    if _MARK.search(each.cell.text):
        each.target.value = text or None
        if "gk-num" in each.cell.classes:
            each.target.number_format = "General"
    each.target.protection = _OPEN
    each.target.fill = _ANSWER


def _open_lines(sheet: Worksheet, paper: Paper) -> None:
    """Opening and sign-off: what is to be filled in stands behind each label."""
    lines = {"\u3000\u3000".join(each) for each in (paper.opening, paper.sign_off) if each}
    for (cell,) in sheet.iter_rows(max_col=1):
        if cell.value in lines:
            cell.protection = _OPEN
            cell.fill = _ANSWER


def _hint(sheet: Worksheet, hints: Mapping[FieldSpec, Sequence[Target]], form: Form) -> None:
    """What each cell wants, shown where it is selected; choices to pick from."""
    for spec, targets in hints.items():
        listed = ",".join(spec.choices)
        pick = bool(spec.choices) and len(listed) <= _LONGEST_LIST
        rule = DataValidation(
            type="list" if pick else None,
            formula1=f'"{listed}"' if pick else None,
            allow_blank=True,
            showErrorMessage=pick,
            showInputMessage=True,
            promptTitle=spec.key[:30],
            prompt=wanted(spec, form.money)[:_LONGEST_HINT],
            errorTitle="请从列表中选",
            error="请从列表中选一个",
        )
        sheet.add_data_validation(rule)
        for target in targets:
            rule.add(target)


def _lock(sheet: Worksheet) -> None:
    """Protect what is not open, without a password; rows may be inserted."""
    sheet.protection.sheet = True
    sheet.protection.insertRows = False
    sheet.protection.deleteRows = False
    sheet.protection.formatRows = False
    sheet.protection.formatColumns = False
    sheet.protection.formatCells = False
