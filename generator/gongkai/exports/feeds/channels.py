"""Feeds of the site and the identifiers of their entries."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urljoin, urlsplit

from gongkai.exports.feeds.events import FeedEvent, correction_events, newest_events, unit_events
from gongkai.model.publication import Site
from gongkai.pages.corrections import CORRECTIONS
from gongkai.pages.entries import UnitEntry
from gongkai.pages.lists import disclosed_years, entries_of_year, year_link
from gongkai.runtime.urls import relative_url

_HOST = re.compile(r"[A-Za-z0-9.-]+")
_SINCE = "2026"
"""Year in tag URIs (RFC 4151) in which a publisher owned its domain; it must never change."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that are not allowed in XML (XML 1.0, section 2.2)."""


@dataclass(frozen=True)
class Feed:
    """A feed; its files are beside the page that shows the same content."""

    url: str
    """Address of that page, relative to the site root."""
    title: str
    subtitle: str
    """The subtitle of the feed."""
    events: tuple[FeedEvent, ...]
    """Events, the newest first."""

    @property
    def updated(self) -> str:
        """Day of the newest event; empty if there is none."""
        return self.events[0].day if self.events else ""

    @property
    def key(self) -> str:
        """Content hash of the feed."""
        content = repr((self.url, self.title, self.subtitle, self.events))
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class FeedPublisher:
    """The organiser of the site, and the site's address."""

    site: Site
    site_url: str
    """Absolute address of the site; empty if unknown."""

    def link(self, url: str, here: str) -> str:
        """Return the address of a page or file; relative to `here` if the site's address is unknown."""
        if self.site_url:
            return urljoin(self.site_url, url)
        folder, slash, file = url.rpartition("/")
        path = relative_url(f"{folder}{slash}", here)
        return f"{path}{file}".removeprefix("./") or path

    def identity(self, what: str) -> str:
        """Return a permanent identifier: a tag URI (RFC 4151), or a URN if the site has no domain."""
        return f"{self._authority}{quote(what, safe='/')}"

    @cached_property
    def _authority(self) -> str:
        """The prefix of all identifiers."""
        parts = urlsplit(self.site_url)
        host = (parts.hostname or self.site.domain).strip("/").lower()
        if not _HOST.fullmatch(host):
            return "urn:x-gongkai:"
        path = quote(f"{parts.path.strip('/')}/".lstrip("/"), safe="/%")
        return f"tag:{host},{_SINCE}:{path}"


def unit_feed(unit: UnitEntry) -> Feed:
    """Return the feed of a unit."""
    name = unit.link.title
    about = f"{name}预算绩效自评的公开和更正"
    return Feed(unit.link.url, f"{name}绩效自评", about, newest_events(unit_events(unit)))


def iter_site_feeds(units: Sequence[UnitEntry], site: Site) -> Iterator[Feed]:
    """Yield the feeds of the site, of the corrections and of every year."""
    all_events = (event for unit in units for event in unit_events(unit))
    yield Feed("", site.name, f"{site.name}：公开和更正", newest_events(all_events))
    corrections = (
        event
        for unit in units
        for entry in unit.entries
        for event in correction_events(unit, entry)
    )
    name = f"{site.name}：{CORRECTIONS.title}"
    yield Feed(CORRECTIONS.url, name, "公开以后更正过的内容", newest_events(corrections))
    for year in disclosed_years(units):
        link = year_link(year)
        year_events = (
            event for unit, _ in entries_of_year(year, units) for event in unit_events(unit, year)
        )
        about = f"{year}年度预算绩效自评的公开和更正"
        yield Feed(link.url, f"{site.name}：{link.title}", about, newest_events(year_events))


def xml_text(text: str) -> str:
    """Return the text in one line, without characters that XML does not allow."""
    return _NOT_XML.sub("\ufffd", " ".join(text.split()))
