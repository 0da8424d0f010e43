"""Which feeds there are, and what identifies them for ever."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urljoin, urlsplit

from gongkai.exports.feeds.events import Event, corrections_of, events_of, newest
from gongkai.model.publication import Site
from gongkai.pages.corrections import CORRECTIONS
from gongkai.pages.entries import UnitEntry
from gongkai.pages.lists import of_year, year_link, years_of
from gongkai.runtime.urls import relative_url

_HOST = re.compile(r"[A-Za-z0-9.-]+")
_SINCE = "2026"
"""The year in which a publisher had its domain for certain: that of the first sites made so."""
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may hold (XML 1.0, section 2.2)."""


@dataclass(frozen=True)
class Channel:
    """One feed; it lies beside the page that shows the same."""

    url: str
    """Of that page, from the site's root."""
    title: str
    about: str
    events: tuple[Event, ...]
    """The newest first."""

    @property
    def updated(self) -> str:
        """The day of the newest event; empty where there is none."""
        return self.events[0].day if self.events else ""

    @property
    def key(self) -> str:
        """The hash of all that it says."""
        told = repr((self.url, self.title, self.about, self.events))
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Publisher:
    """Whose feeds they are, and under what address."""

    site: Site
    site_url: str

    def link(self, url: str, here: str) -> str:
        """The address of a page or file; where the site's own is not known, the way from `here`."""
        if self.site_url:
            return urljoin(self.site_url, url)
        folder, slash, file = url.rpartition("/")
        way = relative_url(f"{folder}{slash}", here)
        return f"{way}{file}".removeprefix("./") or way

    def identity(self, what: str) -> str:
        """A name that never changes: a tag (RFC 4151), or a urn where the site has no domain."""
        return f"{self._authority}{quote(what, safe='/')}"

    @cached_property
    def _authority(self) -> str:
        parts = urlsplit(self.site_url)
        host = (parts.hostname or self.site.domain).strip("/").lower()
        if not _HOST.fullmatch(host):
            return "urn:x-gongkai:"
        path = quote(f"{parts.path.strip('/')}/".lstrip("/"), safe="/%")
        return f"tag:{host},{_SINCE}:{path}"


def unit_channel(unit: UnitEntry) -> Channel:
    """The feed of a unit."""
    name = unit.link.title
    about = f"{name}预算绩效自评的公开和更正"
    return Channel(unit.link.url, f"{name}绩效自评", about, newest(events_of(unit)))


def list_channels(units: Sequence[UnitEntry], site: Site) -> Iterator[Channel]:
    """The feeds above the units: of the site, of the corrections, of each year."""
    every = (event for unit in units for event in events_of(unit))
    yield Channel("", site.name, f"{site.name}：公开和更正", newest(every))
    corrected = (
        event for unit in units for entry in unit.entries for event in corrections_of(unit, entry)
    )
    name = f"{site.name}：{CORRECTIONS.title}"
    yield Channel(CORRECTIONS.url, name, "公开以后更正过的内容", newest(corrected))
    for year in years_of(units):
        link = year_link(year)
        these = (event for unit, _ in of_year(year, units) for event in events_of(unit, year))
        about = f"{year}年度预算绩效自评的公开和更正"
        yield Channel(link.url, f"{site.name}：{link.title}", about, newest(these))


def fit(text: str) -> str:
    """A text that XML can hold, in one line."""
    return _UNFIT.sub("\ufffd", " ".join(text.split()))
