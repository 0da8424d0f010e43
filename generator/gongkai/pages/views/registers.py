"""Views of the registers (status, corrections, releases) and of the pages filled in by scripts."""

from typing import NamedTuple

from gongkai.pages.views.common import ContradictionRow, Link, PageHead, PartLink


class StatusLine(NamedTuple):
    """State of a unit's disclosure of a year."""

    unit: Link
    state: str
    """已公开, 逾期公开, 尚未公开, 免予公开."""
    published: str
    page: Link | None
    reason: str
    """Legal basis of an exemption (公开义务), as filed."""
    department: str


class StatusYear(NamedTuple):
    """State of disclosure of one year."""

    year: int
    anchor: str
    due: str
    """公开期限; empty if the site sets none."""
    counts: tuple[tuple[str, int], ...]
    """(state, number of units)."""
    lines: tuple[StatusLine, ...]
    """All units; if there are too many, only those that have not published in time."""
    omitted: int
    """Number of units that are not listed."""


class StatusView(NamedTuple):
    """status/: state of disclosure by year and unit."""

    head: PageHead
    summary: tuple[str, ...]
    years: tuple[StatusYear, ...]


class ContradictionLine(NamedTuple):
    """A figure that contradicts others, in the list over all units."""

    unit: Link
    department: str
    year: int
    row: ContradictionRow


class ContradictionGroup(NamedTuple):
    """Contradictions of one kind, or of one department's units."""

    name: str
    places: int
    units: int
    difference: str
    """The largest difference of amounts, in 万元: parts and sums over them may both differ."""


class ContradictionsView(NamedTuple):
    """contradictions/ and its pages by year: figures that contradict each other."""

    head: PageHead
    summary: tuple[str, ...]
    groups: tuple[tuple[str, tuple[ContradictionGroup, ...]], ...]
    """By kind and by department."""
    parts: tuple[PartLink, ...]
    lines: tuple[ContradictionLine, ...]


class CorrectionLine(NamedTuple):
    """A 勘误, or a change without one."""

    date: str
    unit: Link
    page: Link
    place: str
    old: str
    new: str
    reason: str
    announced: bool
    """Whether a 勘误 announces the change; otherwise it was found in git."""

    @property
    def displayed_reason(self) -> str:
        """The reason, or a text that none was given."""
        return self.reason if self.announced else "未作勘误说明"


class CorrectionsView(NamedTuple):
    """corrections/ and corrections/<year>/: changes after filing."""

    head: PageHead
    summary: tuple[str, ...]
    parts: tuple[PartLink, ...]
    """The years, if all changes are too many for one page; `lines` is empty then."""
    lines: tuple[CorrectionLine, ...]


class ReleaseLine(NamedTuple):
    """A release in the list of all releases."""

    page: Link
    day: str
    manifest_hash: str
    """SHA-256 of the release's manifest SHA256SUMS; empty if unknown."""
    archived_pages: int
    """Number of the release's pages that were replaced later and are archived."""
    replaced_pages: int
    """Number of older pages that the release replaced."""


class ReleasesView(NamedTuple):
    """as-of/: all releases."""

    head: PageHead
    summary: tuple[str, ...]
    lines: tuple[ReleaseLine, ...]
    """Newest first."""


class ArchivedPageLine(NamedTuple):
    """An archived page in the list of its release."""

    page: Link
    replaced_on: str
    """Day on which the page was replaced."""


class ReleaseView(NamedTuple):
    """as-of/<release>/: the pages of a release that were replaced later."""

    head: PageHead
    summary: tuple[str, ...]
    manifest_hash: str
    """SHA-256 of the release's manifest SHA256SUMS; empty if unknown."""
    lines: tuple[ArchivedPageLine, ...]
    omitted: int
    """Number of pages that are not listed."""


class CompareView(NamedTuple):
    """compare/: units or years side by side; compare.js fills the page in."""

    head: PageHead
    summary: tuple[str, ...]


class SearchView(NamedTuple):
    """search/: search results; a script fills the page in."""

    head: PageHead
