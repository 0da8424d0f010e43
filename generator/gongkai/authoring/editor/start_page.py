"""Start page: the units and their years; what is filed, what is missing, what is wrong, when it is due."""

import datetime as dt
from dataclasses import dataclass

from gongkai.authoring.editor.new_years import project_slugs
from gongkai.authoring.editor.state import Editor
from gongkai.authoring.editor.unit_years import (
    UnitYear,
    blocking_count,
    warning_count,
)
from gongkai.model.terms import DocumentKind


@dataclass(frozen=True, slots=True)
class YearCard:
    """One year of a unit on the start page."""

    year: int
    errors: int
    warnings: int
    filed: tuple[str, ...]
    missing: tuple[str, ...]
    """Attachments that disclosure.yml lists and that have no file."""
    has_unsaved: bool
    due: str
    """When it is due, in words; empty if site.yml does not say."""
    is_late: bool


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One unit on the start page."""

    slug: str
    name: str
    years: tuple[YearCard, ...]
    next_year: int
    projects: tuple[tuple[str, str], ...]
    """Slug and name of the projects of the newest year."""
    fault: str = ""
    """What is wrong with unit.yml; empty if nothing is."""


def unit_card(editor: Editor, unit: str) -> UnitCard:
    """Return a unit with its years, the newest first."""
    filings = [editor.filing(unit, year) for year in editor.years(unit)]
    facts = next((filing.unit_facts.facts for filing in filings if filing.unit_facts), None)
    faults = [
        problem.sentence
        for filing in filings[:1]
        for problem in filing.problems
        if problem.position.file.endswith(f"/{unit}/unit.yml") and problem.is_blocking
    ]
    return UnitCard(
        unit,
        facts.name if facts else unit,
        tuple(_year_card(editor, filing) for filing in filings),
        filings[0].year + 1 if filings else editor.read_today().year - 1,
        tuple(project_slugs(filings[0])) if filings else (),
        "；".join(faults),
    )


def _year_card(editor: Editor, filing: UnitYear) -> YearCard:
    records = filing.disclosure.all_records if filing.disclosure else ()
    listed = (
        [attachment.kind for attachment in filing.disclosure.facts.attachments]
        if filing.disclosure
        else []
    )
    kinds = {record.form.kind for record in records}
    due, is_late = _due(editor, filing, is_complete=not blocking_count(filing.problems))
    return YearCard(
        filing.year,
        blocking_count(filing.problems),
        warning_count(filing.problems),
        tuple(
            _kind_words(kind, len(filing.disclosure.projects) if filing.disclosure else 0)
            for kind in DocumentKind
            if kind in kinds
        ),
        tuple(f"{kind}" for kind in listed if kind not in kinds),
        bool(editor.working_copy(filing.unit, filing.year).texts),
        due,
        is_late,
    )


def _kind_words(kind: DocumentKind, projects: int) -> str:
    return f"{kind}（{projects} 个项目）" if kind is DocumentKind.PROJECT else f"{kind}"


def _due(editor: Editor, filing: UnitYear, *, is_complete: bool) -> tuple[str, bool]:
    site = editor.common.site
    day = site.deadlines.get(filing.year) if site else None
    if day is None:
        return "", False
    left = (day - editor.read_today()).days
    published = filing.disclosure.facts.catalogue.published if filing.disclosure else None
    if published and is_complete:
        return f"{_words(day)}前公开；已于{_words(published)}公开", False
    if left < 0:
        return f"应在{_words(day)}前公开，已过 {-left} 天", True
    return f"应在{_words(day)}前公开，还有 {left} 天", False


def _words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
