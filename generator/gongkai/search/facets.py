"""What a search may ask of a page besides its words: kind, year, grade, score, amount."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gongkai.model.documents import Record
from gongkai.model.figures import figures_of
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, PageKind
from gongkai.model.values import MONEY, plain
from gongkai.pages.links import disclosure_link, evaluation, project_link
from gongkai.pages.sentences import amount

OTHER = "其他"
KINDS = {
    PageKind.UNIT: "单位",
    PageKind.DISCLOSURE: "年度自评",
    PageKind.PROJECT: "项目",
    PageKind.REPORT: "自评报告",
}
"""类别 of pages; all the rest are OTHER."""


class Facts(NamedTuple):
    """What is known of a page; empty where nothing is."""

    kind: str = OTHER
    year: str = ""
    grade: str = ""
    score: str = ""
    """A number."""
    amount: str = ""
    """全年预算, a number in 万元."""
    told: tuple[str, ...] = ()
    """The figures as filed, for people."""


def unit_facts(disclosures: Iterable[Disclosure]) -> Iterator[tuple[str, Facts]]:
    """The facts of a unit's pages by their addresses."""
    for disclosure in disclosures:
        year = str(disclosure.year)
        here = disclosure_link(disclosure).url
        yield here, _facts(KINDS[PageKind.DISCLOSURE], year, evaluation(disclosure))
        yield f"{here}report/", Facts(KINDS[PageKind.REPORT], year)
        for project in disclosure.projects:
            record = project.record(DocumentKind.PROJECT)
            yield (
                project_link(disclosure, project).url,
                _facts(KINDS[PageKind.PROJECT], year, record),
            )


def _facts(kind: str, year: str, record: Record | None) -> Facts:
    if record is None:
        return Facts(kind, year)
    figures, worth = figures_of(record), MONEY[record.form.money] / MONEY["万元"]
    planned = figures.adjusted or figures.initial
    score = figures.score.value.number if figures.score else None
    worded = (
        ("自评得分", figures.score.filed if figures.score else ""),
        ("全年预算", amount(planned, record.form)),
        ("全年支出", amount(figures.spent, record.form)),
    )
    known = planned is not None and planned.value.number is not None
    return Facts(
        kind=kind,
        year=year,
        grade=figures.grade or "",
        score="" if score is None else plain(score),
        amount=plain(planned.value.or_zero * worth) if planned and known else "",
        told=tuple(f"{label} {text}" for label, text in worded if text),
    )
