"""The seed as a Word file laid out as the original was: merged cells, blank rows, padding."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import docx
from docx.document import Document
from docx.table import Table

from tests.seed.original import BELOW_A_TABLE, EDGES, INDICATOR_CELLS, INDICATORS, TOTAL

_EVEN = {
    "附件1": {2: (1, 6), 4: (1, 2, 2, 2), 7: (1,) * 7},
    "附件2": {2: (3, 6), 3: (1, 4, 4), 4: (6, 1, 1, 1), 8: (1, 2, *(1,) * 6), 9: (1,) * 9},
    "附件3": {2: (1, 2), 3: (1, 1, 1)},
    "附件4": {2: (2, 7), 3: (1, 4, 4), 4: (2, 3, 1, 3), 8: (1, 2, *(1,) * 6), 9: (1,) * 9},
}
"""Over how many columns the cells of a row go, by the attachment and the number of cells."""
_TOTALS = (6, 1, 1, 1)


def laid_out(text: str) -> bytes:
    """The original's text as a Word file."""
    document = docx.Document()
    number = ""
    for rows, line in _blocks(text.split("\n")):
        if rows:
            _table(document, _EVEN[number], list(rows))
        elif line.strip(EDGES):
            number = line.strip() if line.startswith("附件") and line.strip() in _EVEN else number
            document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _blocks(lines: Iterable[str]) -> Iterator[tuple[list[list[str]], str]]:
    """Tables, each as its rows, and lines."""
    tabled: list[str] = []
    for line in lines:
        over = line.startswith((*BELOW_A_TABLE, "附件"))
        if (tabled or line.startswith("\t")) and not over:
            tabled.append(line)
            continue
        if tabled:
            yield list(_rows(tabled)), ""
            tabled = []
        yield [], line


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a table, their cells with every blank and line break; see original.py."""
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
            after_blank = not line.strip(EDGES)
    row: list[str] = []
    inside = False
    for piece in pieces:
        plain = "".join(piece[0].split())
        inside = (inside or plain == INDICATORS) and plain != TOTAL
        row += piece
        if not inside or len(row) == INDICATOR_CELLS:
            yield row
            row = []


def _table(document: Document, even: Mapping[int, Sequence[int]], rows: list[list[str]]) -> None:
    width = max(map(sum, even.values()))
    table = document.add_table(len(rows), width)
    for number, row in enumerate(rows):
        spans = _TOTALS if row[0].strip() == TOTAL else even[len(row)]
        column = 0
        for place, (text, span) in enumerate(zip(row, spans, strict=True)):
            _fill(table, number, column, span, text)
            levels = 3 if len(row) == INDICATOR_CELLS else 1
            if number and place < levels and not text.strip("\n"):
                above = table.cell(number - 1, column)
                above.merge(table.cell(number, column + span - 1))
            column += span


def _fill(table: Table, row: int, column: int, span: int, text: str) -> None:
    cell = table.cell(row, column)
    if span > 1:
        cell = cell.merge(table.cell(row, column + span - 1))
    first, *others = text.rstrip("\n").split("\n")
    cell.paragraphs[0].text = first
    for line in others:
        cell.add_paragraph(line)
