"""Excel templates of forms: labels locked, answer cells open, with choices and hints."""

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import count

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.authoring.blank_forms import blank_context, layout_of_blank, skeleton_node
from gongkai.authoring.hints import field_hint
from gongkai.authoring.office.texts import TEMPLATE_INSTRUCTIONS
from gongkai.exports.office.excel_writer import SheetCell, workbook_bytes, write_sheet
from gongkai.exports.office.print_layout import AttachmentLayout
from gongkai.exports.office.styles import CellStyles
from gongkai.model.documents import Record, iter_shared_cells
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.model.specs import BLANK_LINE, FieldSpec
from gongkai.reading.document import load_document

_SPARE_ROWS = 4
"""Blank rows in a section with any number of rows."""
_TOKEN = re.compile(r"⟦(\d+)⟧")
"""Placeholder of an answer until its cell in the printed table is known."""
_UNLOCKED = Protection(locked=False)
_ANSWER_FILL = PatternFill("solid", fgColor="FFF9E5")
_MAX_LIST_LENGTH, _MAX_HINT_LENGTH = 250, 250
"""Excel's limits, in characters, for a list of choices and an input message."""


def render_excel_template(form: Form, year: int) -> bytes:
    """Return an Excel file to fill in."""
    record = _blank_record(form, year)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "填报"
    paper = layout_of_blank(record, TEMPLATE_INSTRUCTIONS)
    cells = write_sheet(sheet, paper, CellStyles())
    specs = {cell.filed: cell.spec for cell in record.cells if _TOKEN.fullmatch(cell.filed)}
    blanks = {cell.filed for shared in iter_shared_cells(record) for cell in shared}
    hints: dict[FieldSpec, list[Cell]] = defaultdict(list)
    for sheet_cell in cells:
        tokens = _TOKEN.findall(sheet_cell.cell.text)
        is_preset = "gk-num" in sheet_cell.cell.classes and bool(sheet_cell.cell.text)
        if tokens or (
            is_preset and not sheet_cell.cell.scope and "gk-na" not in sheet_cell.cell.classes
        ):
            _unlock_cell(sheet_cell, blanks)
        for token in tokens[:1] if not blanks.intersection(map("⟦{}⟧".format, tokens)) else ():
            hints[specs[f"⟦{token}⟧"]].append(sheet_cell.target)
    _unlock_lines(sheet, paper)
    _add_hints(sheet, hints, form)
    _protect_sheet(sheet)
    return workbook_bytes(book)


def _blank_record(form: Form, year: int) -> Record:
    """Return the form as a record with a token for every answer."""
    root = skeleton_node(form)
    tokens = map("⟦{}⟧".format, count())
    values = {key: _insert_tokens(value, tokens) for key, value in root.values.items()}
    record, _ = load_document(
        form, root._replace(values=values), blank_context(year), name=form.name
    )
    return record


def _insert_tokens(node: Node, tokens: Iterator[str]) -> Node:
    """Replace every blank with a token, and repeat every blank row _SPARE_ROWS times."""
    match node:
        case ScalarNode():
            return node if node.text else node._replace(text=next(tokens))
        case MappingNode():
            values = {key: _insert_tokens(value, tokens) for key, value in node.values.items()}
            return node._replace(values=values)
        case SequenceNode():
            rows = [
                copy
                for row in node.items
                for copy in [row] * (_SPARE_ROWS if _is_blank_row(row) else 1)
            ]
            return node._replace(items=tuple(_insert_tokens(row, tokens) for row in rows))


def _is_blank_row(row: Node) -> bool:
    """Return whether a row is blank, and so may be repeated."""
    if not isinstance(row, MappingNode):
        return False
    values = list(row.values.values())
    is_plain = all(isinstance(value, ScalarNode) for value in values)
    first_value = values[0] if values else None
    return is_plain and isinstance(first_value, ScalarNode) and not first_value.text


def _unlock_cell(sheet_cell: SheetCell, blanks: Container[str]) -> None:
    """Unlock a cell to fill in, and remove its token; a line stands for one of several blanks."""
    text = _TOKEN.sub(lambda token: BLANK_LINE if token[0] in blanks else "", sheet_cell.cell.text)
    text = "" if sheet_cell.cell.scope else text
    if _TOKEN.search(sheet_cell.cell.text):
        sheet_cell.target.value = text or None
        if "gk-num" in sheet_cell.cell.classes:
            sheet_cell.target.number_format = "General"
    sheet_cell.target.protection = _UNLOCKED
    sheet_cell.target.fill = _ANSWER_FILL


def _unlock_lines(sheet: Worksheet, paper: AttachmentLayout) -> None:
    """Unlock the opening and sign-off, which are filled in behind their labels."""
    lines = {"\u3000\u3000".join(parts) for parts in (paper.opening, paper.sign_off) if parts}
    for (cell,) in sheet.iter_rows(max_col=1):
        if cell.value in lines:
            cell.protection = _UNLOCKED
            cell.fill = _ANSWER_FILL


def _add_hints(sheet: Worksheet, hints: Mapping[FieldSpec, Sequence[Cell]], form: Form) -> None:
    """Add input hints and drop-down lists to the answer cells."""
    for spec, cells in hints.items():
        choices = ",".join(spec.choices)
        is_one = bool(spec.choices) and not spec.has_several
        has_list = is_one and len(choices) <= _MAX_LIST_LENGTH
        rule = DataValidation(
            type="list" if has_list else None,
            formula1=f'"{choices}"' if has_list else None,
            allow_blank=True,
            showErrorMessage=has_list,
            showInputMessage=True,
            promptTitle=spec.key[:30],
            prompt=field_hint(spec, form.money)[:_MAX_HINT_LENGTH],
            errorTitle="请从列表中选",
            error="请从列表中选一个",
        )
        sheet.add_data_validation(rule)
        for cell in cells:
            rule.add(cell)


def _protect_sheet(sheet: Worksheet) -> None:
    """Protect the locked cells, without a password; rows may be inserted."""
    sheet.protection.sheet = True
    sheet.protection.insertRows = False
    sheet.protection.deleteRows = False
    sheet.protection.formatRows = False
    sheet.protection.formatColumns = False
    sheet.protection.formatCells = False
