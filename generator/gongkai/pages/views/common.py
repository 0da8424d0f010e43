"""What each page shows: one frozen object a template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from gongkai.history.changes import Change
from gongkai.model.shortfalls import Shortfall
from gongkai.model.terms import ABSENT
from gongkai.pages.narrative import Chapter
from gongkai.pages.tables.grid import Grid


class Link(NamedTuple):
    """A link to another page of the site."""

    title: str
    url: str
    """From the site's root, for instance units/xintian-jsx/2022/."""


@dataclass(frozen=True, slots=True)
class Part:
    """A link to a part of a list that is too long for one page."""

    link: Link
    count: int


class Download(NamedTuple):
    """A file that holds what its page shows."""

    label: str
    """What kind of file it is, for people."""
    type: str
    """The same for programs."""
    about: str
    """What is in it."""
    file: str
    """Its name; it lies beside the page."""
    saved_as: str
    """What it is called where it is kept, told apart from those of other pages."""


@dataclass(frozen=True, slots=True)
class Head:
    """What every page says of itself."""

    title: str
    url: str
    """From the site's root; empty for the home page."""
    description: str
    crumbs: tuple[Link, ...] = ()
    updated: str = ""
    """The day of publication or of the last correction, as the data says; empty if it does not."""
    published: str = ""
    """发布日期, as the data says."""
    unit: str = ""
    """The unit that answers for what the page holds; empty where many do."""
    year: int | None = None
    keywords: tuple[str, ...] = ()
    citation: str = ""
    """How the page is cited (GB/T 7714), without its address; empty where it is no source."""
    downloads: tuple[Download, ...] = ()
    """The files that are offered beside it."""
    feed: bool = False
    """Whether feeds lie beside the page (see feeds)."""
    linked: Mapping[str, object] = field(default_factory=dict)
    """What search engines are told of it, where that is more than of its like (schema.org)."""


class Note(NamedTuple):
    """核验说明: what a reader must know about one figure."""

    number: int
    kind: str
    """差异说明, 勘误 or 提醒."""
    place: str
    """The key path in the form's words."""
    text: str
    filed: str
    """申报值, or 原值 of a correction."""
    computed: str
    """复算值, or 新值 of a correction."""
    reason: str
    by: str
    """Who says so, and when."""
    marked: bool = True
    """Whether a mark stands at the figure; not where the note is on a text or a whole document."""


class Said(NamedTuple):
    """A line above or below the tables: 填表人：… and the like."""

    text: str
    marks: tuple[int, ...] = ()
    """Numbers of the notes on what is filled in."""


class Document(NamedTuple):
    """One attachment as printed."""

    anchor: str
    number: str
    """附件1 …; empty where disclosure.yml gives none."""
    title: str
    opening: tuple[Said, ...]
    """What stands between title and tables."""
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]
    """Sentences that the form itself prints."""
    sign_off: tuple[Said, ...]


class Fact(NamedTuple):
    """A label and what is known; 原件未载 where nothing is."""

    label: str
    filed: str

    @property
    def absent(self) -> bool:
        """Whether the original says nothing."""
        return not self.filed

    @property
    def text(self) -> str:
        """What is shown."""
        return self.filed or ABSENT


class KeyFigure(NamedTuple):
    """One figure at the top of a page, with the way to where it was filed."""

    term: str
    """What it is called; explained in the glossary."""
    text: str
    """As filed."""
    url: str
    """The anchor of its cell; empty where it was counted."""
    computed: str = ""
    """The recomputed value, where it differs."""


class Picture(NamedTuple):
    """A chart and its caption."""

    caption: str
    chart: Markup


class Beside(NamedTuple):
    """One figure of this year beside last year's."""

    term: str
    before: str
    now: str


class Shortfalls(NamedTuple):
    """What one evaluation fell short of."""

    page: Link
    """Its title, and its page where that is another one."""
    rows: tuple[Shortfall, ...]


class Line(NamedTuple):
    """One evaluation in a list: its page and its figures as filed."""

    page: Link
    score: str = ""
    computed: str = ""
    """The recomputed total, where it differs from the filed one."""
    grade: str = ""
    grade_class: str = ""
    """excellent, good, fair or poor."""
    budget: str = ""
    spent: str = ""
    rate: str = ""
    projects: int = 0


class EventLine(NamedTuple):
    """What was changed when."""

    day: str
    release: str
    """Its name, where that tells more than the day."""
    told: str
    """What happened, in a few words."""
    changes: tuple[Change, ...]
    left: int
    """How many more changes there are."""


class History(NamedTuple):
    """公开与修改记录."""

    day: str
    """When it was first public on this site."""
    release: str
    events: tuple[EventLine, ...]
    """The newest first."""


class DisclosureView(NamedTuple):
    """units/<unit>/<year>/: what one unit discloses of one year."""

    head: Head
    figures: tuple[KeyFigure, ...]
    summary: tuple[Markup, ...]
    beside: tuple[Beside, ...]
    """This year beside last year, where both were filed in a like form."""
    years: tuple[int, int]
    """Last year and this year, for the heads of that table."""
    charts: tuple[Picture, ...]
    documents: tuple[Document, ...]
    report: Link | None
    report_number: str
    projects: tuple[Line, ...]
    shortfalls: tuple[Shortfalls, ...]
    notes: tuple[Note, ...]
    catalogue: tuple[Fact, ...]
    history: History | None
    """None where the site tells none."""


class ProjectView(NamedTuple):
    """units/<unit>/<year>/projects/<project>/: one project's report and table."""

    head: Head
    figures: tuple[KeyFigure, ...]
    summary: tuple[Markup, ...]
    charts: tuple[Picture, ...]
    documents: tuple[Document, ...]
    shortfalls: tuple[Shortfalls, ...]
    notes: tuple[Note, ...]
    history: History | None


class ReportView(NamedTuple):
    """units/<unit>/<year>/report/: the narrative of a unit."""

    head: Head
    summary: tuple[Markup, ...]
    number: str
    notes: tuple[Note, ...]
    cover: tuple[str, ...]
    chapters: tuple[Chapter, ...]


class UnitView(NamedTuple):
    """units/<unit>/: a unit over the years."""

    head: Head
    summary: tuple[str, ...]
    charts: tuple[Picture, ...]
    facts: tuple[Fact, ...]
    years: tuple[Line, ...]
    projects: tuple[tuple[int, tuple[Line, ...]], ...]
    """For each year, newest first, its projects."""
