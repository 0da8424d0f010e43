"""Scores side by side: only those of one year and one form, as one shared image for all its units."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from gongkai.model.documents import Record
from gongkai.model.figures import SCORE, figures_of
from gongkai.model.publication import Disclosure
from gongkai.model.recomputed import Contradictions, recomputed_figures
from gongkai.model.values import format_decimal, round_half_up
from gongkai.pages import page_types
from gongkai.pages.charts.strip import (
    FEWEST,
    draw_dots,
    draw_strip,
    median_score,
    strip_anchor,
    strip_file,
)
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.totals import known_score
from gongkai.pages.views.common import Link, ScoreStrip
from gongkai.pages.views.lists import ScoreRange
from gongkai.runtime.hashing import hash_texts
from gongkai.runtime.urls import relative_url


class StripImage(NamedTuple):
    """The shared image of a year and form."""

    path: str
    scores: tuple[Decimal, ...]

    @property
    def key(self) -> str:
        """Hash of everything that it shows."""
        return hash_texts([self.path, *map(str, self.scores)])

    def draw(self) -> bytes:
        """Return the image."""
        return draw_dots(self.scores)


def strip_images(units: Iterable[UnitEntry]) -> Iterator[StripImage]:
    """Yield the images of all years and forms."""
    by_year: dict[int, list[Entry]] = defaultdict(list)
    for unit in units:
        for entry in unit.entries:
            by_year[entry.year].append(entry)
    for year, entries in sorted(by_year.items()):
        for form, scores in _scores_by_form(entries).items():
            yield StripImage(f"{_folder(year)}{strip_file(form)}", tuple(scores))


def score_ranges(year: int, entries: Sequence[Entry]) -> tuple[ScoreRange, ...]:
    """Return the scores of a year by form, the most used form first."""
    groups = _scores_by_form(entries)
    forms = sorted(groups, key=lambda form: (-len(groups[form]), form))
    return tuple(_score_range(year, form, groups[form]) for form in forms)


def _score_range(year: int, form: str, scores: Sequence[Decimal]) -> ScoreRange:
    anchor, middle = strip_anchor(form), median_score(scores)
    title = f"{year}年度用“{form}”自评的 {len(scores)} 个单位的得分（百分制）"
    return ScoreRange(
        form=form,
        anchor=anchor,
        units=len(scores),
        lowest=_percent_text(scores[0]),
        median=f"少于 {FEWEST} 个，不计" if middle is None else _percent_text(middle),
        highest=_percent_text(scores[-1]),
        title=title,
        chart=draw_strip(anchor, title, strip_file(form)) if len(scores) >= FEWEST else None,
    )


def disclosure_strip(
    disclosure: Disclosure, record: Record | None, contradictions: Contradictions, page_url: str
) -> ScoreStrip | None:
    """Return the strip on which a disclosure is marked; None without a score.

    What other units scored is in the shared image only, so that a page changes with its own data.
    """
    figures = figures_of(record) if record else None
    if record is None or figures is None or figures.score is None or not figures.score_percent:
        return None
    recomputed = recomputed_figures(record, contradictions).get(SCORE)
    score, note = figures.score_percent, ""
    if recomputed and recomputed.number is not None and figures.total_points:
        score, note = recomputed.number / figures.total_points * 100, f"（{recomputed.label}）"
    folder, form = _folder(disclosure.year), record.form.name
    image = f"{relative_url(folder, page_url)}{strip_file(form)}"
    title = f"在用同一张表的单位中的得分（{disclosure.year}年度，百分制）"
    text = f"本单位 {figures.score.filed} 分{note}"
    return ScoreStrip(
        title=title,
        chart=draw_strip("peers", title, image, (score, text)),
        form=form,
        all_scores=Link(f"{disclosure.year}年度各单位的得分", f"{folder}#{strip_anchor(form)}"),
    )


def _scores_by_form(entries: Iterable[Entry]) -> Mapping[str, list[Decimal]]:
    """Return the scores by form, the lowest first; recomputed, where they differ."""
    groups: dict[str, list[Decimal]] = defaultdict(list)
    for entry in entries:
        if entry.score and entry.evaluation_form:
            groups[entry.evaluation_form].append(known_score(entry))
    return {form: sorted(scores) for form, scores in groups.items()}


def _folder(year: int) -> str:
    return page_types.YEAR.url(year=year)


def _percent_text(score: Decimal) -> str:
    return format_decimal(round_half_up(score, 2))
