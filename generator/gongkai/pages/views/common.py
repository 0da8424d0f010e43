"""Views of units, disclosures and projects: one frozen object per page template."""

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
    """A link to a page of the site."""

    title: str
    url: str
    """Path from the site's root, for instance units/xintian-jsx/2022/."""


@dataclass(frozen=True, slots=True)
class Part:
    """A link to a part of a list that is too long for one page."""

    link: Link
    count: int
    """Number of the part's rows."""


class Download(NamedTuple):
    """A data file with the content of its page."""

    label: str
    """Kind of file, for readers."""
    type: str
    """Media type."""
    about: str
    """Description of the content."""
    file: str
    """File name, relative to the page."""
    saved_as: str
    """Name under which browsers save the file; unique across pages."""


@dataclass(frozen=True, slots=True)
class Head:
    """Metadata of a page."""

    title: str
    url: str
    """Path from the site's root; empty for the home page."""
    description: str
    crumbs: tuple[Link, ...] = ()
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
    feed: bool = False
    """Whether the page has feeds (feed.xml, feed.json)."""
    linked: Mapping[str, object] = field(default_factory=dict)
    """The page's own schema.org object; empty if the default of its page kind applies."""


class Note(NamedTuple):
    """核验说明: a remark on one figure."""

    number: int
    kind: str
    """差异说明, 勘误 or 提醒."""
    place: str
    """位置: key path in the form's words."""
    text: str
    filed: str
    """申报值; of a correction 原值."""
    computed: str
    """复算值; of a correction 新值."""
    reason: str
    by: str
    """Author and date, or the date alone."""
    marked: bool = True
    """Whether a figure links to the note; notes on a text or a whole document have no such link."""


class Said(NamedTuple):
    """A line above or below the tables, for instance 填表人：…"""

    text: str
    marks: tuple[int, ...] = ()
    """Numbers of the notes on the values in the line."""


class Document(NamedTuple):
    """A printed attachment."""

    anchor: str
    number: str
    """编号, for instance 附件1; empty if disclosure.yml gives none."""
    title: str
    opening: tuple[Said, ...]
    """Lines between title and tables."""
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]
    """Printed notes of the form itself (注)."""
    sign_off: tuple[Said, ...]
    """Lines below the tables (填报)."""


class Fact(NamedTuple):
    """A label and its value; 原件未载 if there is none."""

    label: str
    filed: str

    @property
    def absent(self) -> bool:
        """Whether the original has no value."""
        return not self.filed

    @property
    def text(self) -> str:
        """The displayed value."""
        return self.filed or ABSENT


class KeyFigure(NamedTuple):
    """A figure at the top of a page, with a link to the cell in which it was filed."""

    term: str
    """Term of the glossary."""
    text: str
    """As filed."""
    url: str
    """Link to the figure's cell; empty if the figure was counted."""
    computed: str = ""
    """复算值, if it differs."""


class Picture(NamedTuple):
    """A chart and its caption."""

    caption: str
    chart: Markup


class Beside(NamedTuple):
    """A figure of last year and of this year."""

    term: str
    before: str
    now: str


class Shortfalls(NamedTuple):
    """未达标与扣分 of one evaluation."""

    page: Link
    """The evaluation's title; its page, unless the table is on that page."""
    rows: tuple[Shortfall, ...]


class Line(NamedTuple):
    """An evaluation in a list: its page and its figures as filed."""

    page: Link
    score: str = ""
    computed: str = ""
    """复算值 of the total score, if it differs from the filed one."""
    grade: str = ""
    grade_class: str = ""
    """excellent, good, fair or poor."""
    budget: str = ""
    spent: str = ""
    rate: str = ""
    projects: int = 0


class EventLine(NamedTuple):
    """An event in 公开与修改记录: a release or change, and its changes."""

    day: str
    release: str
    """The release's name, unless it equals the day."""
    told: str
    """Summary of the event."""
    changes: tuple[Change, ...]
    left: int
    """Number of changes that are not listed."""


class History(NamedTuple):
    """公开与修改记录."""

    day: str
    """Day of the first publication on this site."""
    release: str
    events: tuple[EventLine, ...]
    """Newest first."""


class DisclosureView(NamedTuple):
    """units/<unit>/<year>/: a unit's disclosure of one year."""

    head: Head
    figures: tuple[KeyFigure, ...]
    summary: tuple[Markup, ...]
    beside: tuple[Beside, ...]
    """Rows of 与上年相比; empty unless both years were filed in comparable forms."""
    years: tuple[int, int]
    """Last year and this year, the column heads of 与上年相比."""
    charts: tuple[Picture, ...]
    documents: tuple[Document, ...]
    report: Link | None
    report_number: str
    projects: tuple[Line, ...]
    shortfalls: tuple[Shortfalls, ...]
    notes: tuple[Note, ...]
    catalogue: tuple[Fact, ...]
    history: History | None
    """None if the site shows no history."""


class ProjectView(NamedTuple):
    """units/<unit>/<year>/projects/<project>/: a project's report and table."""

    head: Head
    figures: tuple[KeyFigure, ...]
    summary: tuple[Markup, ...]
    charts: tuple[Picture, ...]
    documents: tuple[Document, ...]
    shortfalls: tuple[Shortfalls, ...]
    notes: tuple[Note, ...]
    history: History | None


class ReportView(NamedTuple):
    """units/<unit>/<year>/report/: a unit's narrative report."""

    head: Head
    summary: tuple[Markup, ...]
    number: str
    notes: tuple[Note, ...]
    cover: tuple[str, ...]
    chapters: tuple[Chapter, ...]


class UnitView(NamedTuple):
    """units/<unit>/: a unit with all its years."""

    head: Head
    summary: tuple[str, ...]
    charts: tuple[Picture, ...]
    facts: tuple[Fact, ...]
    years: tuple[Line, ...]
    projects: tuple[tuple[int, tuple[Line, ...]], ...]
    """(year, projects), newest year first."""
