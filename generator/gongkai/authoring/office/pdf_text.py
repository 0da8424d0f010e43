"""Text of a PDF page: characters become lines, lines become paragraphs."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

_RADICALS = {
    "⺟": "母", "⺠": "民", "⻁": "虎", "⻄": "西", "⻅": "见", "⻆": "角", "⻉": "贝", "⻋": "车",
    "⻓": "长", "⻔": "门", "⻘": "青", "⻙": "韦", "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食",
    "⻢": "马", "⻣": "骨", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻧": "卤", "⻨": "麦", "⻩": "黄",
    "⻪": "黾", "⻬": "齐", "⻮": "齿", "⻰": "龙", "⻳": "龟",
}  # fmt: skip
"""Radicals that look like a character; PDF files name the one for the other."""
_KANGXI = re.compile("[\u2f00-\u2fd5]")
_WIDE = re.compile(r"[\u2014-\u201d\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_WORD = re.compile(r"[!-~]+")
_WORD_GAP, _WIDE_GAP, SEGMENT_GAP = 0.3, 0.9, 1.8
"""Gaps in character sizes: a space in Latin text, one beside Han characters, a new column."""
_MARGIN = 1.5
"""Characters that a full line may be short of, as punctuation never begins a line."""


class Glyph(NamedTuple):
    """A character and its box, in points from the top left."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Vertical middle."""
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        """Height."""
        return max(1.0, self.bottom - self.top)


def glyph(char: Any) -> Glyph:  # noqa: ANN401 - pdfplumber has no types
    """Return a character as pdfplumber gives it; radicals are the characters that they look like."""
    text = "".join(_RADICALS.get(sign, sign) for sign in char["text"])
    text = _KANGXI.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return Glyph(text, char["x0"], char["x1"], char["top"], char["bottom"])


class TextLine(NamedTuple):
    """A line of text and its box."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    first_width: float
    """Width of its first word or Han character, which decides whether it fits the line above."""
    spaced: bool = False
    """Whether a space ends the line."""

    @property
    def size(self) -> float:
        """Height."""
        return max(1.0, self.bottom - self.top)


def text_lines(glyphs: Iterable[Glyph]) -> list[list[TextLine]]:
    """Return the lines from top to bottom; a line with wide gaps consists of several parts."""
    rows: list[list[Glyph]] = []
    for mark in sorted(glyphs, key=lambda mark: (mark.middle, mark.x0)):
        last = rows[-1] if rows else []
        if last and abs(mark.middle - last[0].middle) <= 0.5 * max(mark.size, last[0].size):
            last.append(mark)
        else:
            rows.append([mark])
    return [parts for row in rows if (parts := _parts(sorted(row, key=lambda mark: mark.x0)))]


def _parts(row: Sequence[Glyph]) -> list[TextLine]:
    """Return the parts of a line, split where the gap is wide."""
    parts: list[list[Glyph]] = [[]]
    previous: Glyph | None = None
    for mark in row:
        if previous and not mark.text.isspace():
            gap = (mark.x0 - previous.x1) / max(previous.size, mark.size)
            if gap > SEGMENT_GAP:
                parts.append([])
        parts[-1].append(mark)
        previous = previous if mark.text.isspace() and previous else mark
    return [line for part in parts if (line := _text_line(part))]


def _text_line(marks: Sequence[Glyph]) -> TextLine | None:
    """Return the line of these characters; None if they are blank."""
    visible = [mark for mark in marks if not mark.text.isspace()]
    if not visible:
        return None
    start = marks.index(visible[0])
    text = visible[0].text
    for previous, mark in pairwise(marks[start:]):
        gap = (mark.x0 - previous.x1) / max(previous.size, mark.size)
        is_wide = _WIDE.match(previous.text) or _WIDE.match(mark.text)
        is_gap = gap > (_WIDE_GAP if is_wide else _WORD_GAP)
        if is_gap and not previous.text.isspace() and not mark.text.isspace():
            text += " "
        text += mark.text
    word = _WORD.match(text)
    last = visible[min(len(word[0]) if word else 1, len(visible)) - 1]
    return TextLine(
        text.strip(),
        visible[0].x0,
        visible[-1].x1,
        min(mark.top for mark in visible),
        max(mark.bottom for mark in visible),
        max(0.0, last.x1 - visible[0].x0),
        text[-1:].isspace(),
    )


def is_line_end(line: TextLine, following: TextLine, width: float) -> bool:
    """Return whether a line ends before its space of this width does, so that a paragraph ends."""
    size = max(line.size, following.size)
    return line.x1 - line.x0 + following.first_width + _MARGIN * size < width


def join_wrapped(above: str, below: str, *, spaced: bool) -> str:
    """Join two lines of one paragraph."""
    sides = above[-1:], below[:1]
    is_latin = all(side.isascii() and side.isalpha() for side in sides)
    has_space = (spaced and not any(map(_WIDE.match, sides))) or is_latin
    return f"{above} {below}" if has_space else f"{above}{below}"


def cell_text(glyphs: Iterable[Glyph], width: float) -> tuple[str, list[TextLine]]:
    """Return the text of a cell of this width, lines that only fit it joined; and its lines."""
    lines = [_joined(parts) for parts in text_lines(glyphs)]
    if not lines:
        return "", []
    indent = min(line.x0 for line in lines) + 1.2 * median(line.size for line in lines)
    is_indented = lines[0].x0 > indent
    text = lines[0].text
    for line, following in pairwise(lines):
        starts = is_indented and following.x0 > indent
        if starts or is_line_end(line, following, width):
            text += f"\n{following.text}"
        else:
            text = join_wrapped(text, following.text, spaced=line.spaced)
    return text, lines


def _joined(parts: Sequence[TextLine]) -> TextLine:
    """Join the parts of a line."""
    return parts[0]._replace(
        text=" ".join(part.text for part in parts),
        x1=parts[-1].x1,
        top=min(part.top for part in parts),
        bottom=max(part.bottom for part in parts),
        spaced=parts[-1].spaced,
    )
