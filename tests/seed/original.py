"""The seed as published: five attachments parsed from plain text, cell by cell."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SEED = Path(__file__).parent / "seed.txt"
"""The text of the original, unchanged except for a masked mobile number."""

OMITTED = {
    "……": "表式里表示“可加行”的省略号，不是填报内容",
    "3.（一个项目一行）": "表式里的填写提示，不是第三个项目",
    "（此页为封面）": "表式里的排版提示",
    "年  月  日": "封面上没有填的日期",
}
"""Texts of the original that are layout, with the reason; blank rows are left out too."""

INDICATORS, TOTAL = "绩效指标", "总分"
INDICATOR_CELLS = 9
"""Cells of an indicator row: vertical label, three levels, five columns."""
LINES_BELOW_TABLES = ("说明：", "备注：", "填表人：")
SIGN_OFF = re.compile(r"(?=填表人：|填报日期：|联系电话|单位负责人签字：)")
WHITESPACE = " \t\u3000"

Row = tuple[str, ...]


@dataclass(frozen=True)
class OriginalAttachment:
    """One attachment: the rows of its tables and the lines outside them."""

    number: str
    rows: tuple[Row, ...]
    """Blank cells are empty; a merged cell has its text in the first row and is empty below."""
    lines: tuple[str, ...]
    """Title, notes, the parts of the sign-off; the paragraphs of a narrative."""


def parse_original(text: str) -> list[OriginalAttachment]:
    """Parse the attachments, in the original's order."""
    starts = [match.start() for match in re.finditer(r"^附件\d$", text, re.MULTILINE)]
    ends = [*starts[1:], len(text)]
    return [_parse_attachment(text[start:end]) for start, end in zip(starts, ends, strict=True)]


def _parse_attachment(text: str) -> OriginalAttachment:
    number, *rest = text.split("\n")
    table_lines, prose = _separate_tables(rest)
    rows = _without_layout(_join_rows(_split_cells(table_lines)))
    lines = [piece for line in prose for piece in _split_sign_off(line.strip(WHITESPACE))]
    lines = _join_title([line for line in lines if line and line not in OMITTED])
    return OriginalAttachment(number, tuple(rows), tuple(lines))


def _separate_tables(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """Separate the lines of tables from prose.

    A table starts at the first tab and ends before a line of `LINES_BELOW_TABLES`.
    """
    table_lines: list[str] = []
    prose: list[str] = []
    inside = False
    for line in lines:
        inside = (inside or line.startswith("\t")) and not line.startswith(LINES_BELOW_TABLES)
        (table_lines if inside else prose).append(line)
    return table_lines, prose


def _split_cells(lines: Iterable[str]) -> list[list[str]]:
    """Split table lines into rows of cells.

    A cell is a line that starts with a tab; after a blank line it starts a new row. A line without
    a tab continues the cell above, whose label is printed on several lines.
    """
    pieces: list[list[str]] = []
    after_blank = True
    for line in lines:
        text = line.strip(WHITESPACE)
        if line.startswith("\t"):
            if after_blank:
                pieces.append([])
            pieces[-1].append(text)
            after_blank = False
        elif text:
            pieces[-1][-1] += text
            after_blank = False
        else:
            after_blank = True
    return pieces


def _join_rows(pieces: Iterable[list[str]]) -> Iterator[list[str]]:
    """Join rows split by a blank line after a cell: between 绩效指标 and 总分 a row has nine cells."""
    row: list[str] = []
    inside = False
    for piece in pieces:
        inside = (inside or piece[0] == INDICATORS) and piece[0] != TOTAL
        row += piece
        if not inside or len(row) == INDICATOR_CELLS:
            yield row
            row = []


def _without_layout(rows: Iterable[Sequence[str]]) -> list[Row]:
    """Return the rows that have content.

    If the first row of an indicator's name was left blank and the next one filled in, the name
    moves to the filled row.
    """
    content_rows: list[Row] = []
    for row in rows:
        cells = tuple("" if cell in OMITTED else cell for cell in row)
        if not any(cells):
            continue
        if (
            content_rows
            and _has_only_names(content_rows[-1])
            and len(cells) == INDICATOR_CELLS
            and not any(cells[:3])
        ):
            cells = content_rows.pop()[:3] + cells[3:]
        content_rows.append(cells)
    return content_rows


def _has_only_names(row: Row) -> bool:
    return len(row) == INDICATOR_CELLS and not any(row[3:])


def _split_sign_off(line: str) -> list[str]:
    """Split “填表人：… 填报日期：…” into its parts without spaces; return other lines whole."""
    if not line.startswith("填表人："):
        return [line]
    return [piece.replace(" ", "") for piece in SIGN_OFF.split(line) if piece]


def _join_title(lines: list[str]) -> list[str]:
    """Join the title of the report's cover, printed on three lines above 单位名称."""
    cover = next((index for index, line in enumerate(lines) if line.startswith("单位名称：")), 1)
    return ["".join(lines[:cover]), *lines[cover:]]
