"""Events in feeds: disclosures that were published, corrected, or changed without a correction."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest

from gongkai.history.changes import Change, Event, EventKind
from gongkai.model.figures import BUDGET, RATE, SCORE
from gongkai.pages.entries import CorrectionEntry, Entry, UnitEntry

MAX_ENTRIES = 50
"""Most entries in a feed."""


_MAX_CHANGES = 5
"""Most changes that an entry lists."""
_SHOWN_FIGURES = ((SCORE.label, SCORE), ("预算", BUDGET), (RATE.label, RATE))
"""Figures in the event of a publication, with their labels."""
_DISCLOSURE_CHANGES = {EventKind.WITHDRAWN: "撤下", EventKind.RESTORED: "重新公开"}
"""Changes to a whole disclosure, as opposed to values in it."""


class FeedEventKind(StrEnum):
    """What happened to the disclosure."""

    PUBLISHED = "公开"
    CORRECTED = "更正"
    CHANGED = "修改"
    """A change in the git history that no 勘误 announces."""


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """Something that happened to a disclosure."""

    day: str
    """Date, e.g. 2023-07-01."""
    url: str
    """Address of the disclosure's page, relative to the site root."""
    key: str
    """Identifier of the event within the disclosure; it never changes."""
    kind: FeedEventKind
    unit: str
    title: str
    text: str


def unit_events(unit: UnitEntry, year: int | None = None) -> Iterator[FeedEvent]:
    """Yield the events of a unit, or of its disclosure of one year; undated ones are left out.

    The day of publication is 发布日期, or else the first day in the git history.
    """
    for entry in unit.entries:
        if year in {None, entry.year}:
            if day := entry.published or (entry.history.first_day if entry.history else ""):
                yield _publication_event(unit, entry, day)
            yield from correction_events(unit, entry)


def correction_events(unit: UnitEntry, entry: Entry) -> Iterator[FeedEvent]:
    """Yield the corrections of a disclosure, and the changes without one."""
    for correction in dict.fromkeys(entry.corrections):
        yield _correction_event(unit, entry, correction)
    for event in entry.history.events if entry.history else ():
        changes = [change for change in event.changes if not change.is_announced]
        if changes or event.kind in _DISCLOSURE_CHANGES:
            yield _change_event(unit, entry, event, changes)


def newest_events(events: Iterable[FeedEvent]) -> tuple[FeedEvent, ...]:
    """Return the latest events, the newest first."""
    return tuple(nlargest(MAX_ENTRIES, events, key=lambda event: (event.day, event.url, event.key)))


def _publication_event(unit: UnitEntry, entry: Entry, day: str) -> FeedEvent:
    """Build the event of a disclosure's publication."""
    name, line = unit.link.title, entry.line
    sentence = f"{name}公开了{entry.year}年度预算{entry.subject}。"
    figures = ((label, line.full_text(figure)) for label, figure in _SHOWN_FIGURES)
    summary = "，".join(f"{label} {text}" for label, text in figures if text)
    projects = f"共 {line.projects} 个项目。" if line.projects else ""
    return FeedEvent(
        day=day,
        url=line.page.url,
        key="",
        kind=FeedEventKind.PUBLISHED,
        unit=name,
        title=f"{name}公开{entry.year}年度{entry.subject}",
        text=f"{sentence}{f'{summary}。' if summary else ''}{projects}",
    )


def _correction_event(unit: UnitEntry, entry: Entry, correction: CorrectionEntry) -> FeedEvent:
    """Build the event of a correction."""
    parts = (correction.date, correction.place, correction.old, correction.new, correction.reason)
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    old, new = (f"“{text}”" if text else "空" for text in (correction.old, correction.new))
    return FeedEvent(
        day=correction.date,
        url=entry.line.page.url,
        key=f"corrections/{digest[:12]}",
        kind=FeedEventKind.CORRECTED,
        unit=unit.link.title,
        title=f"{unit.link.title}更正{entry.year}年度{entry.subject}：{correction.place.rpartition('/')[2]}",
        text=f"“{correction.place}”由{old}更正为{new}。原因：{correction.reason}",
    )


def _change_event(
    unit: UnitEntry, entry: Entry, event: Event, changes: Sequence[Change]
) -> FeedEvent:
    """Build the event of a change that no correction announces."""
    name, year = unit.link.title, entry.year
    disclosure_change = _DISCLOSURE_CHANGES.get(event.kind, "")
    descriptions = [
        f"{change.document}{'：' if change.document else ''}{change.summary}" for change in changes
    ]
    remainder = [f"另有 {len(changes) - _MAX_CHANGES} 处"] if len(changes) > _MAX_CHANGES else []
    parts = [text for text in (disclosure_change, *descriptions[:_MAX_CHANGES], *remainder) if text]
    return FeedEvent(
        day=event.day,
        url=entry.line.page.url,
        key=f"changes/{event.release or event.revision[:12]}",
        kind=FeedEventKind.CHANGED,
        unit=name,
        title=f"{name}{disclosure_change or '修改'}{year}年度{entry.subject}{f' {len(changes)} 处' if changes else ''}",
        text=f"{'；'.join(parts)}。没有勘误说明。",
    )
