"""Facts of a page that a search can filter and sort by: kind, year, grade, score, amount."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gongkai.model.documents import Record
from gongkai.model.figures import figures_of
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, PageKind
from gongkai.model.values import MONEY_UNITS, format_decimal
from gongkai.pages.links import disclosure_link, main_evaluation, project_link
from gongkai.pages.sentences import format_amount

OTHER_KIND = "其他"
KIND_LABELS = {
    PageKind.UNIT: "单位",
    PageKind.DISCLOSURE: "年度自评",
    PageKind.PROJECT: "项目",
    PageKind.REPORT: "自评报告",
}
"""类别 by kind of page; all other kinds are OTHER_KIND."""


class PageFacts(NamedTuple):
    """Facts of a page; unknown ones are empty."""

    kind: str = OTHER_KIND
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
            _evaluation_facts(KIND_LABELS[PageKind.DISCLOSURE], year, main_evaluation(disclosure)),
        )
        yield f"{url}report/", PageFacts(KIND_LABELS[PageKind.REPORT], year)
        for project in disclosure.projects:
            record = project.record(DocumentKind.PROJECT)
            yield (
                project_link(disclosure, project).url,
                _evaluation_facts(KIND_LABELS[PageKind.PROJECT], year, record),
            )


def _evaluation_facts(kind: str, year: str, record: Record | None) -> PageFacts:
    if record is None:
        return PageFacts(kind, year)
    figures, factor = figures_of(record), MONEY_UNITS[record.form.money] / MONEY_UNITS["万元"]
    budget = figures.adjusted or figures.initial
    score = figures.score.value.number if figures.score else None
    labelled = (
        ("自评得分", figures.score.filed if figures.score else ""),
        ("全年预算", format_amount(budget, record.form)),
        ("全年支出", format_amount(figures.spent, record.form)),
    )
    has_number = budget is not None and budget.value.number is not None
    return PageFacts(
        kind=kind,
        year=year,
        grade=figures.grade or "",
        score="" if score is None else format_decimal(score),
        amount=format_decimal(budget.value.or_zero * factor) if budget and has_number else "",
        figures=tuple(f"{label} {text}" for label, text in labelled if text),
    )
