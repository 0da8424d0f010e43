"""Strip of the scores of all units that use one form; one shared image per year and form."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from statistics import median

from markupsafe import Markup

from gongkai.pages.charts.svg import FONT_SIZE, WIDTH
from gongkai.runtime.html import escape_line

FEWEST = 4
"""Number of scores from the same form below which there is no median."""
_LOWEST, _FULL = 60, 100
"""Ends of the scale, in percent of the points; lower scores stand together to the left of it."""
_LEFT, _RIGHT, _BELOW = 74, 326, 24
_TOP, _BASE = 8, 92
_DOT, _STEP = 5, 6
_TICKS = (60, 70, 80, 90, 100)
_HEIGHT = _BASE + 44
_DOTS, _MEDIAN = "#5f8fc9", "#d0692a"
"""Colours that stand out from white and from black: an image knows no reading mode."""


@lru_cache(maxsize=256)
def strip_anchor(form: str) -> str:
    """Return the anchor of a form's scores on the page of their year."""
    return f"scores-{blake2b(form.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"


def strip_file(form: str) -> str:
    """Return the file name of the shared image of a form, beside the page of its year."""
    return f"{strip_anchor(form)}.svg"


def median_score(scores: Sequence[Decimal]) -> Decimal | None:
    """Return the median; None for so few scores that it would say nothing."""
    return median(scores) if len(scores) >= FEWEST else None


def _position(score: Decimal) -> int:
    """Return where a score stands, at full percents."""
    if score < _LOWEST:
        return _BELOW
    share = (min(int(score), _FULL) - _LOWEST) / (_FULL - _LOWEST)
    return round(_LEFT + share * (_RIGHT - _LEFT))


def draw_dots(scores: Sequence[Decimal]) -> bytes:
    """Return the shared image: a dot per unit, and a line at the median."""
    columns = Counter(map(_position, scores))
    tallest = max(columns.values(), default=1)
    step = min(_STEP, (_BASE - _TOP) / tallest)
    size = min(_DOT, step)
    dots = "".join(
        f"M{x - _DOT / 2:g} {_BASE - (number + 1) * step:g}h{_DOT}v{size:g}h-{_DOT}z"
        for x, count in sorted(columns.items())
        for number in range(count)
    )
    middle = median_score(scores)
    line = (
        ""
        if middle is None
        else f'<path stroke="{_MEDIAN}" stroke-width="2" d="M{_position(middle)} {_TOP - 6}V{_BASE}"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {_BASE}" '
        f'width="{WIDTH}" height="{_BASE}"><path fill="{_DOTS}" d="{dots}"/>{line}</svg>\n'
    ).encode()


def draw_strip(name: str, title: str, image: str, own: tuple[Decimal, str] | None = None) -> Markup:
    """Draw the scale below the shared image at the address `image`, and a unit's own score.

    `own` is the score in percent of the points, and its text.
    """
    ticks = "".join(f'<path d="M{_position(Decimal(tick))} {_BASE}v5"/>' for tick in _TICKS)
    labels = "".join(_label(_position(Decimal(tick)), f"{tick}") for tick in _TICKS)
    description = "点是各单位的得分（百分制），竖线是中位数"
    marker = ""
    if own:
        score, text = own
        x = _position(score)
        description += f"；三角：{text}"
        side = "end" if x > WIDTH / 2 else "start"
        marker = (
            f'<path class="gk-chart-own" d="M{x} {_BASE + 1}l-6 11h12z"/>'
            f'<text text-anchor="{side}" x="{x + (-9 if side == "end" else 9)}" '
            f'y="{_BASE + 40}">{escape_line(text)}</text>'
        )
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="gk-chart gk-strip" role="img" aria-labelledby="{name}-t {name}-d" '
        f'viewBox="0 0 {WIDTH} {_HEIGHT}" xmlns="http://www.w3.org/2000/svg">\n'
        f'<title id="{name}-t">{escape_line(title)}</title>\n'
        f'<desc id="{name}-d">{escape_line(description)}。</desc>\n'
        f'<image href="{escape_line(image)}" x="0" y="0" width="{WIDTH}" height="{_BASE}"/>\n'
        f'<g class="gk-chart-axis"><path d="M4 {_BASE}H{WIDTH - 4}"/>{ticks}</g>\n'
        f"{_label(_BELOW, '60以下')}{labels}{marker}\n</svg>"
    )


def _label(x: int, text: str) -> str:
    return (
        f'<text class="gk-chart-quiet" text-anchor="middle" x="{x}" '
        f'y="{_BASE + 10 + FONT_SIZE}">{text}</text>'
    )
