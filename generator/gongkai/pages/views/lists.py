"""What the pages above the units show: lists over many units; the rules of the handbook."""

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from gongkai.model.shortfalls import Shortfall
from gongkai.pages.views.common import (
    DisclosureView,
    Head,
    Line,
    Link,
    Part,
    ProjectView,
    ReportView,
    UnitView,
)
from gongkai.pages.views.open_data import DataView, DictionaryView, FormView
from gongkai.pages.views.registers import (
    AsOfReleaseView,
    AsOfView,
    CompareView,
    CorrectionsView,
    SearchView,
    StatusView,
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
