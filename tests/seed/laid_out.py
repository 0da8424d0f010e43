"""The seed as a Word file with the layout of the original: merged cells, blank rows, padding."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import docx
from docx.document import Document
from docx.table import _Cell

from tests.seed.original import INDICATOR_CELLS, INDICATORS, LINES_BELOW_TABLES, TOTAL, WHITESPACE

_SPANS = {
    "附件1": {2: (1, 6), 4: (1, 2, 2, 2), 7: (1,) * 7},
    "附件2": {2: (3, 6), 3: (1, 4, 4), 4: (6, 1, 1, 1), 8: (1, 2, *(1,) * 6), 9: (1,) * 9},
    "附件3": {2: (1, 2), 3: (1, 1, 1)},
    "附件4": {2: (2, 7), 3: (1, 4, 4), 4: (2, 3, 1, 3), 8: (1, 2, *(1,) * 6), 9: (1,) * 9},
}
"""Column spans of a row's cells, by attachment and number of cells."""
_TOTAL_SPANS = (6, 1, 1, 1)


def build_word_file(text: str) -> bytes:
    """Build a Word file of the original's text."""
    document = docx.Document()
    number = ""
    for rows, line in _blocks(text.split("\n")):
        if rows:
            _add_table(document, _SPANS[number], list(rows))
        elif line.strip(WHITESPACE):
            number = line.strip() if line.startswith("附件") and line.strip() in _SPANS else number
            document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _blocks(lines: Iterable[str]) -> Iterator[tuple[list[list[str]], str]]:
    """Yield (rows, "") for every table and ([], line) for every other line."""
    table_lines: list[str] = []
    for line in lines:
        is_below = line.startswith((*LINES_BELOW_TABLES, "附件"))
        if (table_lines or line.startswith("\t")) and not is_below:
            table_lines.append(line)
            continue
        if table_lines:
            yield list(_rows(table_lines)), ""
            table_lines = []
        yield [], line


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield the rows of a table, their cells with all spaces and line breaks; see original.py."""
    pieces: list[list[str]] = []
    after_blank = True
    for line in lines:
        if line.startswith("\t"):
            if after_blank:
                pieces.append([])
            pieces[-1].append(line[1:])
            after_blank = False
        else:
            pieces[-1][-1] += f"\n{line}"
            after_blank = not line.strip(WHITESPACE)
    row: list[str] = []
    inside = False
    for piece in pieces:
        label = "".join(piece[0].split())
        inside = (inside or label == INDICATORS) and label != TOTAL
        row += piece
        if not inside or len(row) == INDICATOR_CELLS:
            yield row
            row = []


def _add_table(
    document: Document, spans_by_count: Mapping[int, Sequence[int]], rows: list[list[str]]
) -> None:
    width = max(map(sum, spans_by_count.values()))
    table = document.add_table(len(rows), width)
    cells = [list(row.cells) for row in table.rows]  # Table.cell looks through the whole table.
    for number, row in enumerate(rows):
        spans = _TOTAL_SPANS if row[0].strip() == TOTAL else spans_by_count[len(row)]
        column = 0
        for place, (text, span) in enumerate(zip(row, spans, strict=True)):
            end = column + span
            cell = _fill_cell(cells[number][column:end], text)
            levels = 3 if len(row) == INDICATOR_CELLS else 1
            if number and place < levels and not text.strip("\n"):
                cell = cells[number - 1][column].merge(cell)
            cells[number][column:end] = [cell] * span
            column = end


def _fill_cell(cells: Sequence[_Cell], text: str) -> _Cell:
    """Fill a cell that covers columns; return it."""
    cell = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
    first, *others = text.rstrip("\n").split("\n")
    cell.paragraphs[0].text = first
    for line in others:
        cell.add_paragraph(line)
    return cell
