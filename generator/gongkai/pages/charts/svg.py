"""Bars in SVG: text that fits, patterns beside colours, nothing that a strict policy would block."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from markupsafe import Markup

from gongkai.runtime.html import safe, safe_line

WIDTH = 340
"""Of the drawing; at this width in pixels (a phone of 375) its text is 13 pixels high."""
SIZE = 13
"""Of all text; the style sheet repeats it."""
BAR = 16
"""The height of a bar, and of a line of the legend."""
_HAN, _LATIN = 13.2, 7.7
"""How wide a character of text may be: Han and full-width ones, others."""
_FIRST_WIDE = "\u1100"
_WIDE = "—…“”"
_SWATCH = 22
_SPACE = 5
_EDGE = 2

_TILE = '<pattern id="{id}-p%d" width="6" height="6" patternUnits="userSpaceOnUse">%s</pattern>'
_PAPER = '<rect class="gk-chart-paper" width="6" height="6"/>'
_PATTERNS = (
    _TILE % (1, '<rect class="gk-chart-1" width="6" height="6"/>'),
    _TILE % (2, f'{_PAPER}<path class="gk-chart-2" d="M-1 1l2-2M0 6l6-6M5 7l2-2"/>'),
    _TILE % (3, f'{_PAPER}<circle class="gk-chart-3" cx="3" cy="3" r="1.7"/>'),
)
"""Solid, hatched, dotted: told apart in black and white."""


@lru_cache(maxsize=2_000)
def text_width(text: str) -> float:
    """How much room a text may need; rather too much than too little."""
    if text.isascii():
        return len(text) * _LATIN
    wide = sum(each >= _FIRST_WIDE or each in _WIDE for each in text)
    return wide * _HAN + (len(text) - wide) * _LATIN


def shortened(text: str, room: float) -> str:
    """A text in one line that fits its room; what does not ends in “…”."""
    line = " ".join(text.split())
    if text_width(line) <= room:
        return line
    ends = accumulate(map(text_width, line), initial=_HAN)
    kept = sum(end <= room for end in ends) - 1
    return f"{line[: max(kept, 0)]}…"


def number(value: Decimal | int) -> str:
    """A number to be read: no exponent, no trailing zeros, thousands apart."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


class Bar(NamedTuple):
    """One bar, or the room of one where nothing is known."""

    value: Decimal | None
    text: str
    """What stands at its end."""
    pattern: int = 1
    whole: Decimal | None = None
    """What could have been reached: an empty frame around the bar."""


class Group(NamedTuple):
    """Bars that stand together, with the label before them."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of bars that run from left to right."""

    id: str
    """Unique on its page; of ASCII letters, digits and hyphens."""
    title: str
    description: str
    """All figures, in a sentence."""
    groups: tuple[Group, ...]
    legend: tuple[str, ...] = ()
    """What each pattern means, in their order."""
    unit: str = ""
    """What the values are in, after the legend; empty where the texts say it."""
    label_room: float = 120
    """How wide a label before the bars may be."""


@dataclass(frozen=True, slots=True)
class _Scale:
    start: float
    """Where the zero line stands."""
    unit: float
    """How much room 1 takes."""

    def at(self, value: Decimal) -> float:
        return self.start + float(value) * self.unit


def drawn(drawing: Drawing) -> Markup:
    """The SVG, without an empty line; empty where there is no value to show."""
    bars = [bar for group in drawing.groups for bar in group.bars]
    if all(bar.value is None for bar in bars):
        return Markup()
    legend, top = _legend(drawing)
    labels = [shortened(group.label, drawing.label_room) for group in drawing.groups]
    left = _EDGE + max(map(text_width, labels)) + _SPACE
    scale = _scale(bars, left)
    body: list[str] = []
    bottom = top
    for label, group in zip(labels, drawing.groups, strict=True):
        body += _group(drawing.id, group, label, bottom, scale)
        bottom += BAR * len(group.bars) + _gap(drawing)
    body.append(
        f'<path class="gk-chart-axis" d="M{scale.start:.1f} {top - 2}V{bottom - _gap(drawing) + 2}"/>'
    )
    used = sorted({bar.pattern for bar in bars})
    parts = (_opening(drawing, bottom), _definitions(drawing.id, used), *legend, *body, "</svg>")
    return Markup("\n".join(parts))  # noqa: S704 - every text in it is escaped


def _gap(drawing: Drawing) -> int:
    return 10 if max(len(group.bars) for group in drawing.groups) > 1 else 6


def _opening(drawing: Drawing, height: int) -> str:
    name = drawing.id
    return (
        f'<svg class="gk-chart" role="img" aria-labelledby="{name}-t {name}-d" '
        f'viewBox="0 0 {WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">\n'
        f'<title id="{name}-t">{safe_line(drawing.title)}</title>\n'
        f'<desc id="{name}-d">{safe_line(drawing.description)}</desc>'
    )


def _definitions(name: str, used: Iterable[int]) -> str:
    patterns = "".join(_PATTERNS[each - 1].replace("{id}", name) for each in used)
    return f"<defs>{patterns}</defs>"


def _legend(drawing: Drawing) -> tuple[list[str], int]:
    """The legend, in as many lines as it needs, and where the bars begin."""
    parts: list[str] = []
    x, y = float(_EDGE), 4
    for index, name in enumerate(drawing.legend, 1):
        text = shortened(name, WIDTH - _SWATCH - 3 * _SPACE)
        wide = _SWATCH + _SPACE + text_width(text)
        if x > _EDGE and x + wide > WIDTH:
            x, y = float(_EDGE), y + BAR + 6
        parts.append(_rectangle(f"url(#{drawing.id}-p{index})", x, y + 2, _SWATCH, BAR - 4))
        parts.append(_text(text, x + _SWATCH + _SPACE, y + BAR - 4))
        x += wide + 3 * _SPACE
    if drawing.unit:
        unit = f"单位：{drawing.unit}"
        if x > _EDGE and x + text_width(unit) > WIDTH:
            x, y = float(_EDGE), y + BAR + 6
        parts.append(_text(unit, x, y + BAR - 4, quiet=True))
    return parts, y + BAR + 12 if parts else 6


def _scale(bars: list[Bar], left: float) -> _Scale:
    """So that the longest bar and the text at its end just fit."""
    values = [each for bar in bars for each in (bar.value, bar.whole) if each is not None]
    values.append(Decimal(0))
    lowest, highest = min(values), max(values)
    right = WIDTH - _EDGE - _SPACE - max(text_width(bar.text) for bar in bars)
    room = max(right - left, 20)
    unit = room / float(highest - lowest) if highest > lowest else 0
    return _Scale(left - float(lowest) * unit, unit)


def _group(name: str, group: Group, label: str, top: int, scale: _Scale) -> Iterator[str]:
    middle = top + BAR * len(group.bars) / 2
    yield _text(label, _EDGE, middle + 4.5)
    for index, bar in enumerate(group.bars):
        yield from _bar(name, bar, top + index * BAR, scale)


def _bar(name: str, bar: Bar, top: int, scale: _Scale) -> Iterator[str]:
    """A bar; the text stands at its right end, which of a negative one is the zero line."""
    zero = scale.start
    ends = [zero, *[scale.at(each) for each in (bar.value, bar.whole) if each is not None]]
    if bar.whole is not None:
        yield _rectangle("none", min(zero, ends[-1]), top + 1, abs(ends[-1] - zero), BAR - 2)
    if bar.value:
        left, wide = min(zero, ends[1]), abs(ends[1] - zero)
        yield _rectangle(f"url(#{name}-p{bar.pattern})", left, top + 1, wide, BAR - 2)
    yield _text(bar.text, max(ends) + _SPACE, top + BAR - 3.5, quiet=bar.value is None)


def _rectangle(fill: str, x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="gk-chart-bar" fill="{fill}" x="{x:.1f}" y="{y:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}"/>'
    )


def _text(text: str, x: float, y: float, *, quiet: bool = False) -> str:
    known = ' class="gk-chart-quiet"' if quiet else ""
    return f'<text{known} x="{x:.1f}" y="{y:.1f}">{safe(text)}</text>'
