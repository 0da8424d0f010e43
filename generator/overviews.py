"""What the pages above the units show: lists over many units; the rules of the handbook."""

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from generator.open_views import DataView, DictionaryView, FormView
from generator.shortfalls import Shortfall
from generator.views import (
    DisclosureView,
    Head,
    Line,
    Link,
    ProjectView,
    ReportView,
    UnitView,
)


class UnitLine(NamedTuple):
    """One unit in a list, with the evaluation that the list is about."""

    unit: Link
    line: Line
    year: int | None
    """Of the evaluation; None where the unit has disclosed none."""
    department: str
    level: str
    region: str
    missed: int
    """How many targets were missed, those of the projects included."""


@dataclass(frozen=True, slots=True)
class Band:
    """How many units lie in one band of scores, rates or grades."""

    label: str
    count: int
    share: str
    """In percent."""


class Distribution(NamedTuple):
    """How units are distributed over bands: a chart, and its figures as a table."""

    title: str
    chart: Markup
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A link to a part of a list that is too long for one page."""

    link: Link
    count: int


class YearLine(NamedTuple):
    """A year in the list of years."""

    year: Link
    units: int
    projects: int


class Newest(NamedTuple):
    """A disclosure among the newest."""

    page: Link
    unit: str
    published: str


class HomeView(NamedTuple):
    """The home page, below its hand-written opening."""

    head: Head
    summary: tuple[str, ...]
    years: tuple[YearLine, ...]
    newest: tuple[Newest, ...]
    lines: tuple[UnitLine, ...]
    """The units of the newest year, where they are few."""
    newest_year: Link | None
    departments: tuple[Part, ...]
    """Where units are found by what they belong to."""


class YearsView(NamedTuple):
    """years/: the years."""

    head: Head
    summary: tuple[str, ...]
    years: tuple[YearLine, ...]


class ListView(NamedTuple):
    """units/, years/<year>/, and the parts of both: units in one table."""

    head: Head
    summary: tuple[str, ...]
    caption: str
    distributions: tuple[Distribution, ...]
    parts: tuple[Part, ...]
    """Where the list is too long for one page; then there are no lines."""
    lines: tuple[UnitLine, ...]


class ShortfallLine(NamedTuple):
    """An indicator that fell short, in the list over many units."""

    unit: Link
    page: Link
    """The evaluation's page."""
    row: Shortfall


class DimensionLine(NamedTuple):
    """One kind of indicator over all units of a list."""

    dimension: str
    rows: int
    lost: str
    missed: int
    unexplained: int


class ShortfallsView(NamedTuple):
    """shortfalls/<year>/: points lost and targets missed."""

    head: Head
    summary: tuple[str, ...]
    dimensions: tuple[DimensionLine, ...]
    parts: tuple[Part, ...]
    lines: tuple[ShortfallLine, ...]


class StatusLine(NamedTuple):
    """Whether a unit has disclosed a year."""

    unit: Link
    state: str
    """已公开, 逾期公开, 尚未公开, 免予公开."""
    published: str
    page: Link | None
    reason: str
    """The legal reason of an exemption, as filed."""
    department: str


class StatusYear(NamedTuple):
    """One year's state of disclosure."""

    year: int
    anchor: str
    due: str
    """公开期限; empty where the site sets none."""
    counts: tuple[tuple[str, int], ...]
    lines: tuple[StatusLine, ...]
    """All units; where they are many, those that have not published in time."""
    left: int
    """How many units are not listed."""


class StatusView(NamedTuple):
    """status/: who has published what is due."""

    head: Head
    summary: tuple[str, ...]
    years: tuple[StatusYear, ...]


class CorrectionLine(NamedTuple):
    """One 勘误, or a change without one."""

    date: str
    unit: Link
    page: Link
    place: str
    old: str
    new: str
    reason: str
    announced: bool
    """Whether a 勘误 tells of it; otherwise it was found in git."""

    @property
    def why(self) -> str:
        """The reason, or that none was told."""
        return self.reason if self.announced else "未作勘误说明"


class CorrectionsView(NamedTuple):
    """corrections/ and corrections/<year>/: what was changed after it was filed."""

    head: Head
    summary: tuple[str, ...]
    parts: tuple[Part, ...]
    """The years, where all is too much for one page; then there are no lines."""
    lines: tuple[CorrectionLine, ...]


class ReleaseLine(NamedTuple):
    """One release in the list of all."""

    page: Link
    day: str
    seal: str
    """The hash of its manifest; empty where nothing tells it."""
    kept: int
    """How many of its pages were replaced since, and are kept."""
    replaced: int
    """How many older pages it replaced."""


class AsOfView(NamedTuple):
    """as-of/: the releases."""

    head: Head
    summary: tuple[str, ...]
    lines: tuple[ReleaseLine, ...]
    """The newest first."""


class CopyLine(NamedTuple):
    """A page that was replaced."""

    page: Link
    until: str


class AsOfReleaseView(NamedTuple):
    """as-of/<release>/: the pages of a release that were replaced since."""

    head: Head
    summary: tuple[str, ...]
    seal: str
    lines: tuple[CopyLine, ...]
    left: int
    """How many are not listed."""


class CompareView(NamedTuple):
    """compare/: units or years side by side, filled in by the browser."""

    head: Head
    summary: tuple[str, ...]


class SearchView(NamedTuple):
    """search/: what is found, filled in by the browser."""

    head: Head


class RuleLine(NamedTuple):
    """A rule in the list of all."""

    page: Link
    what: str
    levels: str


class RulesView(NamedTuple):
    """guide/rules/: all rules, by what they judge."""

    head: Head
    summary: tuple[str, ...]
    groups: tuple[tuple[str, tuple[RuleLine, ...]], ...]


class RuleView(NamedTuple):
    """guide/rules/<id>/: what a rule checks, why, and what to do."""

    head: Head
    levels: tuple[str, ...]
    what: tuple[str, ...]
    told: tuple[tuple[str, str], ...]
    """为什么, 来源, 容许的差, 怎么改: label and text."""
    example: str
    """What it reports in a test case; empty if there is none."""


View = (
    DisclosureView
    | ProjectView
    | ReportView
    | UnitView
    | HomeView
    | YearsView
    | ListView
    | ShortfallsView
    | StatusView
    | CorrectionsView
    | AsOfView
    | AsOfReleaseView
    | CompareView
    | SearchView
    | RulesView
    | RuleView
    | DataView
    | DictionaryView
    | FormView
)
"""What a page's template is given."""
