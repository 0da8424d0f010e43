"""What the registers show: what was disclosed, corrected, released; and the pages that browsers fill in."""

from typing import NamedTuple

from gongkai.pages.views.common import Head, Link, Part


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
