"""Views of units, disclosures and projects: one frozen object per page template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, Protocol

from markupsafe import Markup

from gongkai.history.changes import Change
from gongkai.model.figures import LISTED_FIGURES, Figure
from gongkai.model.recomputed import RecomputedFigure
from gongkai.model.shortfalls import Shortfall
from gongkai.model.terms import NOT_STATED
from gongkai.pages.narrative import Chapter
from gongkai.pages.tables.grid import Grid


class Link(NamedTuple):
    """A link to a page of the site."""

    title: str
    url: str
    """Path from the site's root, for instance units/xintian-jsx/2022/."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """A link to a part of a list that is too long for one page."""

    link: Link
    count: int
    """Number of the part's rows."""


class Download(NamedTuple):
    """A data file with the content of its page."""

    label: str
    """Kind of file, for readers."""
    media_type: str
    """Media type."""
    description: str
    """Description of the content."""
    file: str
    """File name, relative to the page."""
    download_name: str
    """Name under which browsers save the file; unique across pages."""


@dataclass(frozen=True, slots=True)
class PageHead:
    """Metadata of a page."""

    title: str
    url: str
    """Path from the site's root; empty for the home page."""
    description: str
    breadcrumbs: tuple[Link, ...] = ()
    updated: str = ""
    """Day of publication or of the last correction; empty if not filed."""
    published: str = ""
    """发布日期, as filed."""
    unit: str = ""
    """Name of the unit that is responsible for the content; empty if there are several."""
    year: int | None = None
    keywords: tuple[str, ...] = ()
    citation: str = ""
    """Citation (GB/T 7714) without the URL; empty if the page is not to be cited."""
    downloads: tuple[Download, ...] = ()
    """The page's data files."""
    has_feeds: bool = False
    """Whether the page has feeds (feed.xml, feed.json)."""
    structured_data: Mapping[str, object] = field(default_factory=dict)
    """The page's own schema.org object; empty if the default of its page kind applies."""


class View(Protocol):
    """What every template gets as `view`: an object with the metadata of its page."""

    @property
    def head(self) -> PageHead:
        """The page's metadata."""


class Note(NamedTuple):
    """核验说明: a remark on one figure."""

    number: int
    kind: str
    """差异说明, 勘误 or 提醒."""
    place: str
    """位置: key path in the form's words."""
    meaning: str
    """What it means, in one plain sentence."""
    text: str
    filed: str
    """填报的数; empty unless the text does not say it."""
    computed: str
    """复算的数."""
    reason: str
    attribution: str
    """Author and date, or the date alone."""
    has_ref: bool = True
    """Whether a figure links to the note; notes on a text or a whole document have no such link."""


class NoteSection(NamedTuple):
    """Notes that mean the same kind of thing."""

    title: str
    notes: tuple[Note, ...]


class SatisfactionRow(NamedTuple):
    """One indicator of satisfaction."""

    page: Link
    """Page of its evaluation."""
    name: str
    anchor: str
    target: str
    actual: str
    is_reached: bool | None
    """None if it cannot be judged."""
    recomputed_target: RecomputedFigure | None
    recomputed_actual: RecomputedFigure | None


class ContradictionRow(NamedTuple):
    """One figure that contradicts others."""

    page: Link
    """The page of its document: the disclosure or a project."""
    rule: str
    meaning: str
    """What contradicts what, in plain words."""
    place: str
    """The key path in the form's words, without the document."""
    filed: str
    computed: str
    """Both as readers see them, amounts with their unit."""
    difference: Decimal | None
    """Difference of two amounts in 万元; None if they are no amounts."""
    is_certain: bool
    """Whether it is an error; otherwise a doubt (W), which may have a good reason."""
    explanation: str
    """差异说明, with its author; empty if there is none."""


class SignLine(NamedTuple):
    """A line above or below the tables, for instance 填表人：…"""

    text: str
    note_refs: tuple[int, ...] = ()
    """Numbers of the notes on the values in the line."""


class PrintedDocument(NamedTuple):
    """A printed attachment."""

    anchor: str
    number: str
    """编号, for instance 附件1; empty if disclosure.yml gives none."""
    title: str
    opening: tuple[SignLine, ...]
    """Lines between title and tables."""
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]
    """Printed notes of the form itself (注)."""
    sign_off: tuple[SignLine, ...]
    """Lines below the tables (填报)."""


class Fact(NamedTuple):
    """A label and its value; 原件未载 if there is none."""

    label: str
    filed: str

    @property
    def is_absent(self) -> bool:
        """Whether the original has no value."""
        return not self.filed

    @property
    def text(self) -> str:
        """The displayed value."""
        return self.filed or NOT_STATED


class KeyFigure(NamedTuple):
    """A figure at the top of a page, with a link to the cell in which it was filed."""

    term: str
    """Term of the glossary."""
    text: str
    """As filed."""
    url: str = ""
    """Link to the figure's cell or list; empty if the figure was counted."""
    computed: str = ""
    """复算值 with its word (复算 90万元), if it differs."""
    note: str = ""
    """Over how many it is counted, or its change."""


class CaptionedChart(NamedTuple):
    """A chart and its caption."""

    caption: str
    chart: Markup
    anchor: str
    """Anchor of the chart on its page."""


class ScoreStrip(NamedTuple):
    """A unit's score among those of all units that use the same form."""

    title: str
    chart: Markup
    form: str
    all_scores: Link
    """Where the scores of the others are listed."""


class YearComparison(NamedTuple):
    """A figure of last year and of this year."""

    term: str
    before: str
    now: str
    change: str
    """By how much it changed; empty if it is no number."""


class EvaluationShortfalls(NamedTuple):
    """未达标与扣分 of one evaluation."""

    page: Link
    """The evaluation's title; its page, unless the table is on that page."""
    rows: tuple[Shortfall, ...]


class EvaluationLine(NamedTuple):
    """An evaluation in a list: its page and its figures as filed."""

    page: Link
    texts: tuple[str, ...] = ("",) * len(LISTED_FIGURES)
    """Texts of LISTED_FIGURES, empty if not filed."""
    numbers: tuple[str, ...] = ("",) * len(LISTED_FIGURES)
    """Numbers of LISTED_FIGURES, by which lists are sorted: amounts in 万元; empty if unknown."""
    computed: tuple[RecomputedFigure | None, ...] = (None,) * len(LISTED_FIGURES)
    """Recomputed values of LISTED_FIGURES; None unless they differ."""
    unscored: str = ""
    """Why there is no score; empty if there is one."""
    grade_class: str = ""
    """excellent, good, fair or poor."""
    projects: int = 0

    @property
    def figures(self) -> tuple[tuple[Figure, str, str, RecomputedFigure | None], ...]:
        """The figures of lists with their texts, numbers and recomputed values."""
        return tuple(zip(LISTED_FIGURES, self.texts, self.numbers, self.computed, strict=True))

    def text(self, figure: Figure) -> str:
        """Return the text of one of LISTED_FIGURES."""
        return self.texts[LISTED_FIGURES.index(figure)]

    def full_text(self, figure: Figure) -> str:
        """Return the text of one of LISTED_FIGURES, with the recomputed value if it differs."""
        computed = self.recomputed_value(figure)
        return f"{self.text(figure)}（{computed.label}）" if computed else self.text(figure)

    def recomputed_value(self, figure: Figure) -> RecomputedFigure | None:
        """Return the recomputed value of one of LISTED_FIGURES; None unless it differs."""
        return self.computed[LISTED_FIGURES.index(figure)]

    def number(self, figure: Figure) -> str:
        """Return the number of one of LISTED_FIGURES."""
        return self.numbers[LISTED_FIGURES.index(figure)]


class EventLine(NamedTuple):
    """An event in 公开与修改记录: a release or change, and its changes."""

    day: str
    release: str
    """The release's name, unless it equals the day."""
    summary: str
    """Summary of the event."""
    changes: tuple[Change, ...]
    omitted: int
    """Number of changes that are not listed."""


class HistorySection(NamedTuple):
    """公开与修改记录."""

    day: str
    """Day of the first publication on this site."""
    release: str
    events: tuple[EventLine, ...]
    """Newest first."""


class DisclosureView(NamedTuple):
    """units/<unit>/<year>/: a unit's disclosure of one year."""

    head: PageHead
    subject: str
    """绩效自评, or 绩效目标 if nothing is evaluated."""
    figures: tuple[KeyFigure, ...]
    summary: tuple[Markup, ...]
    year_comparison: tuple[YearComparison, ...]
    """Rows of 与上年相比; empty unless both years were filed in comparable forms."""
    years: tuple[int, int]
    """Last year and this year, the column heads of 与上年相比."""
    charts: tuple[CaptionedChart, ...]
    strip: ScoreStrip | None
    """None without a score, and in archived versions."""
    documents: tuple[PrintedDocument, ...]
    report: Link | None
    report_number: str
    projects: tuple[EvaluationLine, ...]
    shortfalls: tuple[EvaluationShortfalls, ...]
    notes: tuple[NoteSection, ...]
    catalogue: tuple[Fact, ...]
    history: HistorySection | None
    """None if the site shows no history."""


class ProjectView(NamedTuple):
    """units/<unit>/<year>/projects/<project>/: a project's report and table."""

    head: PageHead
    figures: tuple[KeyFigure, ...]
    summary: tuple[Markup, ...]
    charts: tuple[CaptionedChart, ...]
    documents: tuple[PrintedDocument, ...]
    shortfalls: tuple[EvaluationShortfalls, ...]
    notes: tuple[NoteSection, ...]
    history: HistorySection | None


class ReportView(NamedTuple):
    """units/<unit>/<year>/report/: a unit's narrative report."""

    head: PageHead
    summary: tuple[Markup, ...]
    number: str
    notes: tuple[NoteSection, ...]
    cover: tuple[SignLine, ...]
    chapters: tuple[Chapter, ...]


class UnitView(NamedTuple):
    """units/<unit>/: a unit with all its years."""

    head: PageHead
    summary: tuple[str, ...]
    charts: tuple[CaptionedChart, ...]
    facts: tuple[Fact, ...]
    years: tuple[EvaluationLine, ...]
    projects: tuple[tuple[int, tuple[EvaluationLine, ...]], ...]
    """(year, projects), newest year first."""
