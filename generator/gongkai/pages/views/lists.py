"""Views of lists over many units, and of the handbook's rules."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from gongkai.model.shortfalls import Shortfall
from gongkai.model.values import format_decimal, round_half_up
from gongkai.pages.views.common import (
    CaptionedChart,
    EvaluationLine,
    KeyFigure,
    Link,
    PageHead,
    PartLink,
    SatisfactionRow,
)


class UnitLine(NamedTuple):
    """A unit in a list, with one of its evaluations."""

    unit: Link
    evaluation: EvaluationLine
    year: int | None
    """Year of the evaluation; None if the unit has disclosed none."""
    department: str
    level: str
    region: str
    missed: int | None
    """Number of missed targets, projects included; None if none can be judged."""
    unjudged: str = ""
    """Why no target can be judged."""


@dataclass(frozen=True, slots=True)
class BandShare:
    """Number and share of the units in one band of scores, rates or grades."""

    label: str
    count: int
    share: str
    """Formatted percentage."""
    recomputed: str = ""
    """Number and share by the recomputed values; empty unless they differ."""


class Distribution(NamedTuple):
    """Distribution of units over bands: a chart, and the same figures as a table."""

    title: str
    chart: Markup
    anchor: str
    bands: tuple[BandShare, ...]


class ScoreRange(NamedTuple):
    """Scores of the units that use one form, in percent of the points."""

    form: str
    anchor: str
    units: int
    lowest: str
    median: str
    highest: str
    title: str
    chart: Markup | None
    """None if there are too few."""


class YearLine(NamedTuple):
    """A year in the list of years."""

    page: Link
    units: int
    projects: int


class LatestDisclosure(NamedTuple):
    """A recently published disclosure (最近公开)."""

    page: Link
    unit: str
    published: str


class RankedUnit(NamedTuple):
    """A unit in a short list, and why it is there."""

    unit: Link
    text: str


class Ranking(NamedTuple):
    """A short list of units to look at first."""

    title: str
    note: str
    """What is compared with what."""
    units: tuple[RankedUnit, ...]
    total: int
    """Number of units that could be in it."""
    more: Link | None
    """The page of all, if there is one."""


class DepartmentLine(NamedTuple):
    """A department in the directory, with what its units filed for a year."""

    page: Link
    units: int
    evaluated: int
    """Number of units with an evaluation."""
    budget: Decimal
    """Sum in 万元, with recomputed amounts where they differ."""
    spent: Decimal
    budget_text: str
    """Empty if no unit filed a budget."""
    spent_text: str
    filed: int
    """Number of units that filed a budget."""
    missed: int | None
    """None if no target can be judged."""
    contradictions: int


class DepartmentsView(NamedTuple):
    """departments/: the directory of departments."""

    head: PageHead
    summary: tuple[str, ...]
    charts: tuple[CaptionedChart, ...]
    lines: tuple[DepartmentLine, ...]


class DepartmentView(NamedTuple):
    """departments/<department>/: a department with its units."""

    head: PageHead
    summary: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    rankings: tuple[Ranking, ...]
    charts: tuple[CaptionedChart, ...]
    caption: str
    lines: tuple[UnitLine, ...]


class HomeView(NamedTuple):
    """The generated part of the home page."""

    head: PageHead
    summary: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    rankings: tuple[Ranking, ...]
    charts: tuple[CaptionedChart, ...]
    departments: tuple[DepartmentLine, ...]
    """Empty if there is only one."""
    late: tuple[Link, ...]
    """Units that have not disclosed the newest year, or too late."""
    late_note: str
    late_page: Link
    years: tuple[YearLine, ...]
    latest: tuple[LatestDisclosure, ...]
    lines: tuple[UnitLine, ...]
    """The units of the newest year; empty if there are too many."""
    latest_year: Link | None


class YearsView(NamedTuple):
    """years/: all years."""

    head: PageHead
    summary: tuple[str, ...]
    years: tuple[YearLine, ...]


class ListView(NamedTuple):
    """units/, years/<year>/ and the parts of both: a table of units."""

    head: PageHead
    summary: tuple[str, ...]
    caption: str
    distributions: tuple[Distribution, ...]
    scores: tuple[ScoreRange, ...]
    """By form; empty on other pages than that of a year."""
    parts: tuple[PartLink, ...]
    """Parts of a list that is too long for one page; `lines` is empty then."""
    lines: tuple[UnitLine, ...]


class ShortfallLine(NamedTuple):
    """A shortfall in the list over many units."""

    unit: Link
    page: Link
    """Page of the evaluation."""
    shortfall: Shortfall


class DimensionLine(NamedTuple):
    """Shortfalls of one level-1 indicator (一级指标), summed over all units of a list."""

    dimension: str
    shortfall_count: int
    """Number of shortfalls."""
    lost: str
    """Points lost (扣分合计)."""
    lost_note: str
    """The points lost as recomputed, in brackets; empty unless they differ."""
    missed: int
    """Number of missed targets."""
    unexplained: int
    """Number of shortfalls without a reason."""


class ShortfallsView(NamedTuple):
    """shortfalls/<year>/: lost points and missed targets."""

    head: PageHead
    summary: tuple[str, ...]
    dimensions: tuple[DimensionLine, ...]
    parts: tuple[PartLink, ...]
    lines: tuple[ShortfallLine, ...]


class KindLine(NamedTuple):
    """Indicators of one kind, summed over units."""

    kind: str
    units: int
    """Number of units that have any."""
    indicators: int
    judged: int
    missed: int

    @property
    def share(self) -> str:
        """The share of missed targets among those that can be judged; empty if there are none."""
        if not self.judged:
            return ""
        share = Decimal(self.missed) / self.judged * 100
        return f"{format_decimal(round_half_up(share, 1))}%"


class RepeatedMiss(NamedTuple):
    """A target that one unit missed in several years."""

    unit: Link
    dimension: str
    """一级指标."""
    name: str
    years: tuple[Link, ...]
    """Its row in every year."""


class SatisfactionLine(NamedTuple):
    """An indicator of satisfaction in the list over many units."""

    unit: Link
    row: SatisfactionRow

    @property
    def reached(self) -> str:
        """Whether the target was reached."""
        return {True: "达到", False: "未达到", None: "无法判断"}[self.row.is_reached]


class IndicatorsView(NamedTuple):
    """indicators/ and indicators/<year>/: indicators by kind, and satisfaction one by one."""

    head: PageHead
    summary: tuple[str, ...]
    year: Link | None
    """The year of the kinds; None if there is none."""
    kinds: tuple[KindLine, ...]
    repeated: tuple[RepeatedMiss, ...]
    """Only on the page of all years."""
    parts: tuple[PartLink, ...]
    lines: tuple[SatisfactionLine, ...]
    """Only on the page of a year."""


class RuleLine(NamedTuple):
    """A rule in the list of all rules."""

    page: Link
    summary: str
    levels: str


class RulesView(NamedTuple):
    """guide/rules/: all rules, by subject."""

    head: PageHead
    summary: tuple[str, ...]
    groups: tuple[tuple[str, tuple[RuleLine, ...]], ...]


class RuleView(NamedTuple):
    """guide/rules/<id>/: a rule's check, its reason and its remedy."""

    head: PageHead
    levels: tuple[str, ...]
    paragraphs: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    """(heading, text) of 为什么, 来源, 容许的差 and 怎么改."""
    example: str
    """Message of the rule in a test case; empty if there is none."""
    previous: Link | None
    """The rule before it in the list of all; None for the first."""
    following: Link | None
