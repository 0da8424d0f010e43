"""Facts of a page that a search can filter and sort by: kind, year, grade, score, amount."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gongkai.model.documents import Record
from gongkai.model.figures import BUDGET, SCORE, SPENT, figures_of
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.model.values import format_decimal
from gongkai.pages.links import disclosure_link, main_evaluation, project_link
from gongkai.pages.page_types import Category

_SHOWN_FIGURES = (SCORE, BUDGET, SPENT)
"""Figures that a search result shows."""


class PageFacts(NamedTuple):
    """Facts of a page; unknown ones are empty."""

    kind: Category
    year: str = ""
    grade: str = ""
    score: str = ""
    """A number."""
    amount: str = ""
    """全年预算, a number in 万元."""
    figures: tuple[str, ...] = ()
    """Labelled figures as filed, e.g. “自评得分 92.5”."""


def unit_page_facts(disclosures: Iterable[Disclosure]) -> Iterator[tuple[str, PageFacts]]:
    """Yield the address and facts of every page of a unit's disclosures."""
    for disclosure in disclosures:
        year = str(disclosure.year)
        url = disclosure_link(disclosure).url
        yield (
            url,
            _evaluation_facts(Category.DISCLOSURE, year, main_evaluation(disclosure)),
        )
        yield f"{url}report/", PageFacts(Category.REPORT, year)
        for project in disclosure.projects:
            record = project.record(DocumentKind.PROJECT)
            yield (
                project_link(disclosure, project).url,
                _evaluation_facts(Category.PROJECT, year, record),
            )


def _evaluation_facts(kind: Category, year: str, record: Record | None) -> PageFacts:
    if record is None:
        return PageFacts(kind, year)
    figures = figures_of(record)
    score = figures.score.value.number if figures.score else None
    budget = figures.amount(figures.budget)
    return PageFacts(
        kind=kind,
        year=year,
        grade=figures.grade or "",
        score="" if score is None else format_decimal(score),
        amount="" if budget is None else format_decimal(budget),
        figures=tuple(
            f"{figure.label} {text}"
            for figure in _SHOWN_FIGURES
            if (text := figures.filed_text(figure))
        ),
    )
