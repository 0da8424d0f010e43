"""Bar charts as SVG: text that fits, patterns besides colours, no inline styles (strict CSP)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from markupsafe import Markup

from gongkai.runtime.html import escape_html, escape_line

WIDTH = 340
"""Width of a chart in its own units; on a phone 375 pixels wide one unit is one pixel."""
FONT_SIZE = 13
"""Size of all text; charts.css repeats it."""
BAR_HEIGHT = 16
"""Height of a bar, and of a line of the legend."""
_WIDE_ADVANCE, _NARROW_ADVANCE = 13.2, 7.7
"""Upper bounds of a character's width: Han and full-width characters, all others."""
_FIRST_WIDE = "\u1100"
_WIDE_PUNCTUATION = "—…“”"
_SWATCH_WIDTH = 22
_GAP = 5
_MARGIN = 2

_PATTERN = '<pattern id="{id}-p%d" width="6" height="6" patternUnits="userSpaceOnUse">%s</pattern>'
_BACKGROUND = '<rect class="gk-chart-paper" width="6" height="6"/>'
_PATTERNS = (
    _PATTERN % (1, '<rect class="gk-chart-1" width="6" height="6"/>'),
    _PATTERN % (2, f'{_BACKGROUND}<path class="gk-chart-2" d="M-1 1l2-2M0 6l6-6M5 7l2-2"/>'),
    _PATTERN % (3, f'{_BACKGROUND}<circle class="gk-chart-3" cx="3" cy="3" r="1.7"/>'),
)
"""Solid, hatched and dotted, which differ in black and white too."""


@lru_cache(maxsize=1024)
def text_width(text: str) -> float:
    """Estimate a text's width, rather too wide than too narrow."""
    if text.isascii():
        return len(text) * _NARROW_ADVANCE
    wide = sum(char >= _FIRST_WIDE or char in _WIDE_PUNCTUATION for char in text)
    return wide * _WIDE_ADVANCE + (len(text) - wide) * _NARROW_ADVANCE


def truncate(text: str, max_width: float) -> str:
    """Return a text on one line, cut and ended with “…” if it is wider than `max_width`."""
    line = " ".join(text.split())
    if text_width(line) <= max_width:
        return line
    ends = accumulate(map(text_width, line), initial=_WIDE_ADVANCE)
    length = sum(end <= max_width for end in ends) - 1
    return f"{line[: max(length, 0)]}…"


def format_number(value: Decimal | int) -> str:
    """Format a number with thousands separators, no exponent and no trailing zeros."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


class Bar(NamedTuple):
    """One bar; an empty place if there is no value."""

    value: Decimal | None
    text: str
    """Label at the bar's end."""
    pattern: int = 1
    maximum: Decimal | None = None
    """The highest possible value, drawn as an empty frame around the bar."""


class BarGroup(NamedTuple):
    """Adjacent bars with a common label before them."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """A chart of horizontal bars."""

    id: str
    """Unique on its page; ASCII letters, digits and hyphens."""
    title: str
    description: str
    """All figures in one sentence, for screen readers."""
    groups: tuple[BarGroup, ...]
    legend: tuple[str, ...] = ()
    """Meanings of the patterns, in their order."""
    unit: str = ""
    """Unit of the values, shown after the legend; empty if the bars' texts contain it."""
    label_width: float = 120
    """Maximal width of the labels before the bars."""


@dataclass(frozen=True, slots=True)
class _Scale:
    zero: float
    """Position of the zero line."""
    factor: float
    """Width of a bar whose value is 1."""

    def position(self, value: Decimal) -> float:
        return self.zero + float(value) * self.factor


def draw_chart(chart: BarChart) -> Markup:
    """Return the chart as SVG without blank lines; empty if it has no values."""
    bars = [bar for group in chart.groups for bar in group.bars]
    if all(bar.value is None for bar in bars):
        return Markup()
    legend, top = _legend(chart)
    labels = [truncate(group.label, chart.label_width) for group in chart.groups]
    left = _MARGIN + max(map(text_width, labels)) + _GAP
    scale = _scale(bars, left)
    body: list[str] = []
    bottom = top
    for label, group in zip(labels, chart.groups, strict=True):
        body += _group(chart.id, group, label, bottom, scale)
        bottom += BAR_HEIGHT * len(group.bars) + _group_gap(chart)
    axis_end = bottom - _group_gap(chart) + 2
    body.append(f'<path class="gk-chart-axis" d="M{scale.zero:.1f} {top - 2}V{axis_end}"/>')
    patterns = sorted({bar.pattern for bar in bars})
    parts = (_opening(chart, bottom), _definitions(chart.id, patterns), *legend, *body, "</svg>")
    return Markup("\n".join(parts))  # noqa: S704 - every text in it is escaped


def _group_gap(chart: BarChart) -> int:
    return 10 if max(len(group.bars) for group in chart.groups) > 1 else 6


def _opening(chart: BarChart, height: int) -> str:
    name = chart.id
    return (
        f'<svg class="gk-chart" role="img" aria-labelledby="{name}-t {name}-d" '
        f'viewBox="0 0 {WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">\n'
        f'<title id="{name}-t">{escape_line(chart.title)}</title>\n'
        f'<desc id="{name}-d">{escape_line(chart.description)}</desc>'
    )


def _definitions(name: str, numbers: Iterable[int]) -> str:
    patterns = "".join(_PATTERNS[number - 1].replace("{id}", name) for number in numbers)
    return f"<defs>{patterns}</defs>"


def _legend(chart: BarChart) -> tuple[list[str], int]:
    """Return the legend, wrapped into lines, and the height at which the bars begin."""
    parts: list[str] = []
    x, y = float(_MARGIN), 4
    for pattern, name in enumerate(chart.legend, 1):
        text = truncate(name, WIDTH - _SWATCH_WIDTH - 3 * _GAP)
        width = _SWATCH_WIDTH + _GAP + text_width(text)
        if x > _MARGIN and x + width > WIDTH:
            x, y = float(_MARGIN), y + BAR_HEIGHT + 6
        fill = f"url(#{chart.id}-p{pattern})"
        parts.append(_rectangle(fill, x, y + 2, _SWATCH_WIDTH, BAR_HEIGHT - 4))
        parts.append(_text(text, x + _SWATCH_WIDTH + _GAP, y + BAR_HEIGHT - 4))
        x += width + 3 * _GAP
    if chart.unit:
        unit = f"单位：{chart.unit}"
        if x > _MARGIN and x + text_width(unit) > WIDTH:
            x, y = float(_MARGIN), y + BAR_HEIGHT + 6
        parts.append(_text(unit, x, y + BAR_HEIGHT - 4, "gk-chart-quiet"))
    return parts, y + BAR_HEIGHT + 12 if parts else 6


def _scale(bars: list[Bar], left: float) -> _Scale:
    """Return the scale at which the longest bar and the text at its end just fit."""
    values = [value for bar in bars for value in (bar.value, bar.maximum) if value is not None]
    values.append(Decimal(0))
    lowest, highest = min(values), max(values)
    right = WIDTH - _MARGIN - _GAP - max(text_width(bar.text) for bar in bars)
    available_width = max(right - left, 20)
    factor = available_width / float(highest - lowest) if highest > lowest else 0
    return _Scale(left - float(lowest) * factor, factor)


def _group(name: str, group: BarGroup, label: str, top: int, scale: _Scale) -> Iterator[str]:
    middle = top + BAR_HEIGHT * len(group.bars) / 2
    yield _text(label, _MARGIN, middle + 4.5, "gk-chart-label")
    for index, bar in enumerate(group.bars):
        yield from _bar(name, bar, top + index * BAR_HEIGHT, scale)


def _bar(name: str, bar: Bar, top: int, scale: _Scale) -> Iterator[str]:
    """Yield frame, bar and text; the text follows the right end (zero line of a negative bar)."""
    zero, height = scale.zero, BAR_HEIGHT - 2
    values = [value for value in (bar.value, bar.maximum) if value is not None]
    ends = [zero, *map(scale.position, values)]
    if bar.maximum is not None:
        yield _rectangle("none", min(zero, ends[-1]), top + 1, abs(ends[-1] - zero), height)
    if bar.value:
        left, width = min(zero, ends[1]), abs(ends[1] - zero)
        yield _rectangle(f"url(#{name}-p{bar.pattern})", left, top + 1, width, height)
    yield _text(
        bar.text,
        max(ends) + _GAP,
        top + BAR_HEIGHT - 3.5,
        "gk-chart-quiet" if bar.value is None else "",
    )


def _rectangle(fill: str, x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="gk-chart-bar" fill="{fill}" x="{x:.1f}" y="{y:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}"/>'
    )


def _text(text: str, x: float, y: float, css_class: str = "") -> str:
    attribute = f' class="{css_class}"' if css_class else ""
    return f'<text{attribute} x="{x:.1f}" y="{y:.1f}">{escape_html(text)}</text>'
