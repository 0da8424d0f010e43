"""The seed as it was published: five attachments read from plain text, cell by cell."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SEED = Path(__file__).parent / "seed.txt"
"""The text of the original; only the mobile number is masked, nothing else is changed."""

OMITTED = {
    "……": "表式里表示“可加行”的省略号，不是填报内容",
    "3.（一个项目一行）": "表式里的填写提示，不是第三个项目",
    "（此页为封面）": "表式里的排版提示",
    "年  月  日": "封面上没有填的日期",
}
"""What of the original's text is layout, and why; rows of blank cells are left out as well."""

INDICATORS, TOTAL = "绩效指标", "总分"
INDICATOR_CELLS = 9
"""The vertical label, three levels of indicators, five columns."""
BELOW_A_TABLE = ("说明：", "备注：", "填表人：")
SIGN_OFF = re.compile(r"(?=填表人：|填报日期：|联系电话|单位负责人签字：)")
EDGES = " \t\u3000"

Row = tuple[str, ...]


@dataclass(frozen=True)
class Attachment:
    """One attachment: the rows of its tables, and the lines outside of them."""

    number: str
    rows: tuple[Row, ...]
    """Blank cells are empty texts; a merged cell stands in its first row and is empty below."""
    lines: tuple[str, ...]
    """Title, notes, the sign-off piece by piece; of the narrative every paragraph."""


def read_original(text: str) -> list[Attachment]:
    """The attachments in the original's order."""
    starts = [each.start() for each in re.finditer(r"^附件\d$", text, re.MULTILINE)]
    ends = [*starts[1:], len(text)]
    return [_attachment(text[start:end]) for start, end in zip(starts, ends, strict=True)]


def _attachment(text: str) -> Attachment:
    number, *rest = text.split("\n")
    tabled, prose = _divided(rest)
    rows = _without_layout(_whole_rows(_pieces(tabled)))
    lines = [piece for line in prose for piece in _sign_off(line.strip(EDGES))]
    lines = _joined_title([line for line in lines if line and line not in OMITTED])
    return Attachment(number, tuple(rows), tuple(lines))


def _divided(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """A table begins with the first tab and ends where a line below it begins."""
    tabled: list[str] = []
    prose: list[str] = []
    inside = False
    for line in lines:
        inside = (inside or line.startswith("\t")) and not line.startswith(BELOW_A_TABLE)
        (tabled if inside else prose).append(line)
    return tabled, prose


def _pieces(lines: Iterable[str]) -> list[list[str]]:
    """Cells begin with a tab, one a line; a blank line before one begins another row.

    A line without a tab goes on with the cell above, whose label is printed on several lines.
    """
    pieces: list[list[str]] = []
    after_blank = True
    for line in lines:
        text = line.strip(EDGES)
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


def _whole_rows(pieces: Iterable[list[str]]) -> Iterator[list[str]]:
    """A blank line may also end a cell: between 绩效指标 and 总分 a row has nine cells."""
    row: list[str] = []
    inside = False
    for piece in pieces:
        inside = (inside or piece[0] == INDICATORS) and piece[0] != TOTAL
        row += piece
        if not inside or len(row) == INDICATOR_CELLS:
            yield row
            row = []


def _without_layout(rows: Iterable[Sequence[str]]) -> list[Row]:
    """The rows that say something.

    Where the first row below an indicator's name was left blank and the next one filled in,
    the name stands with the filled one.
    """
    kept: list[Row] = []
    for row in rows:
        cells = tuple("" if cell in OMITTED else cell for cell in row)
        if not any(cells):
            continue
        if kept and _names_only(kept[-1]) and len(cells) == INDICATOR_CELLS and not any(cells[:3]):
            cells = kept.pop()[:3] + cells[3:]
        kept.append(cells)
    return kept


def _names_only(row: Row) -> bool:
    return len(row) == INDICATOR_CELLS and not any(row[3:])


def _sign_off(line: str) -> list[str]:
    """填表人：… 填报日期：… in pieces, without the spaces that keep them apart; else the line."""
    if not line.startswith("填表人："):
        return [line]
    return [piece.replace(" ", "") for piece in SIGN_OFF.split(line) if piece]


def _joined_title(lines: list[str]) -> list[str]:
    """The title on the report's cover is printed on three lines, above 单位名称."""
    cover = next((n for n, line in enumerate(lines) if line.startswith("单位名称：")), 1)
    return ["".join(lines[:cover]), *lines[cover:]]
