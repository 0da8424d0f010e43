"""Facts of a page by which a search filters and sorts: kind, year, grade, score, amount, figures."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from posixpath import commonprefix
from typing import NamedTuple

from gongkai.model.anchors import indicator_anchor
from gongkai.model.documents import Record
from gongkai.model.figures import BUDGET, GRADE, RATE, SCORE, SPENT, figures_of
from gongkai.model.outcomes import IndicatorOutcome, indicator_outcomes
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure
from gongkai.model.recomputed import Contradictions, find_contradictions, recomputed_figures
from gongkai.model.terms import DocumentKind
from gongkai.model.values import format_decimal
from gongkai.pages.links import disclosure_link, main_evaluation, project_link
from gongkai.pages.page_types import Category

_FIGURES = (SCORE, BUDGET, SPENT, RATE)
"""Figures by which a search can filter; a result shows them with their labels, and the grade."""
SATISFACTION = "satisfaction"
"""Name of the actual values of indicators of satisfaction, which are no figure of the evaluation."""
VALUE_NAMES = (*(figure.name for figure in _FIGURES), SATISFACTION)
"""Names of a page's values (see PageValue)."""
_SATISFACTION_WORDS = ("满意度", "满意率")


class PageFacts(NamedTuple):
    """Facts of a page; unknown ones are empty."""

    kind: Category
    year: str = ""
    grade: str = ""
    score: str = ""
    """A number."""
    amount: str = ""
    """全年预算, a number in 万元."""
    values: str = ""
    """Figures as numbers, one a line (see PageValue)."""
    figures: tuple[str, ...] = ()
    """Labelled figures and the grade as filed, with what they should be: “自评得分 99（复算 89）”."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The facts by which a search filters and sorts: all but the labelled figures."""
        return (self.kind, self.year, self.grade, self.score, self.amount, self.values)


class PageValue(NamedTuple):
    """A figure of a page as a number, an amount in 万元, a share in percent."""

    name: str
    """Name of the figure, or SATISFACTION."""
    number: str
    """Empty if nothing or no number is filed."""
    computed: str = ""
    """What the number should be; empty unless it differs."""
    anchor: str = ""
    """Beginning of an indicator's anchor, as long as is needed to tell it from others on the page."""


def read_page_values(lines: str) -> Iterator[PageValue]:
    """Yield the figures of a page (see PageFacts.values)."""
    for line in lines.splitlines():
        yield PageValue(*line.split("\t"))


def unit_page_facts(
    disclosures: Iterable[Disclosure], problems: Mapping[str, Sequence[Problem]]
) -> Iterator[tuple[str, PageFacts]]:
    """Yield the address and facts of every page of a unit's disclosures."""
    for disclosure in disclosures:
        contradictions = find_contradictions(problems[disclosure.file])
        anchors = sorted(
            indicator_anchor(leaf) for record in disclosure.all_records for leaf in record.leaves
        )
        year = str(disclosure.year)
        url = disclosure_link(disclosure).url
        main = main_evaluation(disclosure)
        yield url, _evaluation_facts(Category.DISCLOSURE, year, main, contradictions, anchors)
        yield f"{url}report/", PageFacts(Category.REPORT, year)
        for project in disclosure.projects:
            record = project.record(DocumentKind.PROJECT)
            yield (
                project_link(disclosure, project).url,
                _evaluation_facts(Category.PROJECT, year, record, contradictions, anchors),
            )


def _evaluation_facts(
    kind: Category,
    year: str,
    record: Record | None,
    contradictions: Contradictions,
    anchors: Sequence[str],
) -> PageFacts:
    if record is None:
        return PageFacts(kind, year)
    figures, recomputed = figures_of(record), recomputed_figures(record, contradictions)
    texts, values = list[str](), list[PageValue]()
    for figure in _FIGURES:
        number, computed = figures.number(figure), recomputed.get(figure)
        should_be = computed.number if computed else None
        values.append(PageValue(figure.name, _number_text(number), _number_text(should_be)))
        if text := figures.filed_text(figure):
            texts.append(f"{figure.label} {text}" + (f"（{computed.label}）" if computed else ""))
    values += _satisfaction_values(record, anchors)
    if grade := figures.filed_text(GRADE):
        texts.append(grade + (f"（{recomputed[GRADE].label}）" if GRADE in recomputed else ""))
    return PageFacts(
        kind=kind,
        year=year,
        grade=figures.grade or "",
        score=_number_text(figures.number(SCORE)),
        amount=_number_text(figures.number(BUDGET)),
        values="\n".join(map("\t".join, values)),
        figures=tuple(texts),
    )


def _satisfaction_values(record: Record, anchors: Sequence[str]) -> Iterator[PageValue]:
    for outcome in indicator_outcomes(record):
        if any(
            word in "".join((*outcome.path, outcome.indicator.name.filed))
            for word in _SATISFACTION_WORDS
        ):
            number = _number_text(_percent(outcome))
            anchor = _shorten_anchor(indicator_anchor(outcome.indicator), anchors)
            yield PageValue(SATISFACTION, number, "", anchor)


def _shorten_anchor(anchor: str, anchors: Sequence[str]) -> str:
    """Return the shortest beginning that no other of the sorted anchors has."""
    position = bisect_left(anchors, anchor)
    neighbours = (*anchors[max(0, position - 1) : position], *anchors[position + 1 : position + 2])
    common = max((len(commonprefix((anchor, other))) for other in neighbours), default=0)
    return anchor[: max(common, len("i-")) + 1]


def _percent(outcome: IndicatorOutcome) -> Decimal | None:
    """Return the actual value in percent; a number without a measure is one."""
    value = outcome.actual_value
    return value.number if value.measure in {"%", ""} else None


def _number_text(number: Decimal | None) -> str:
    return "" if number is None else format_decimal(number)
