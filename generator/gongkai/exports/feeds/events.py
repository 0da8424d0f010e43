"""What feeds tell: that a disclosure was published, corrected, or changed without a word."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest

from gongkai.history.changes import Change
from gongkai.history.changes import Event as PastEvent
from gongkai.history.changes import EventKind as Past
from gongkai.pages.entries import Amended, Entry, UnitEntry

NEWEST = 50
"""How many entries a feed holds at most."""


_SHOWN = 5
"""How many changes an entry tells in words."""
_WHOLES = {Past.WITHDRAWN: "撤下", Past.RESTORED: "重新公开"}


class EventKind(StrEnum):
    """What has happened."""

    PUBLISHED = "公开"
    CORRECTED = "更正"
    CHANGED = "修改"
    """As git tells; no 勘误 announces it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a disclosure."""

    day: str
    """As the data says: 2023-07-01."""
    url: str
    """The disclosure's page, from the site's root."""
    mark: str
    """What tells it from all else that happened to this disclosure; never changes."""
    kind: EventKind
    unit: str
    title: str
    text: str


def events_of(unit: UnitEntry, year: int | None = None) -> Iterator[Event]:
    """All that happened at a unit, or to its disclosure of one year; days not known are left out.

    发布日期 is when it was published; where the data does not say, what git knows.
    """
    for entry in unit.entries:
        if year in {None, entry.year}:
            if day := entry.published or (entry.history.first_day if entry.history else ""):
                yield _published(unit, entry, day)
            yield from corrections_of(unit, entry)


def corrections_of(unit: UnitEntry, entry: Entry) -> Iterator[Event]:
    """What was corrected or changed in a disclosure."""
    for amended in dict.fromkeys(entry.corrections):
        yield _corrected(unit, entry, amended)
    for event in entry.history.events if entry.history else ():
        told = [each for each in event.changes if not each.announced]
        if told or event.kind in _WHOLES:
            yield _changed(unit, entry, event, told)


def newest(events: Iterable[Event]) -> tuple[Event, ...]:
    """The last events, the newest first."""
    return tuple(nlargest(NEWEST, events, key=lambda each: (each.day, each.url, each.mark)))


def _published(unit: UnitEntry, entry: Entry, day: str) -> Event:
    name, line = unit.link.title, entry.line
    told = f"{name}公开了{entry.year}年度预算绩效自评。"
    figures = (("自评得分", line.score), ("预算", line.budget), ("执行率", line.rate))
    filed = "，".join(f"{label} {text}" for label, text in figures if text)
    projects = f"共 {line.projects} 个项目。" if line.projects else ""
    return Event(
        day=day,
        url=line.page.url,
        mark="",
        kind=EventKind.PUBLISHED,
        unit=name,
        title=f"{name}公开{entry.year}年度绩效自评",
        text=f"{told}{f'{filed}。' if filed else ''}{projects}",
    )


def _corrected(unit: UnitEntry, entry: Entry, told: Amended) -> Event:
    parts = (told.date, told.place, told.old, told.new, told.reason)
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    old, new = (f"“{text}”" if text else "空" for text in (told.old, told.new))
    return Event(
        day=told.date,
        url=entry.line.page.url,
        mark=f"corrections/{digest[:12]}",
        kind=EventKind.CORRECTED,
        unit=unit.link.title,
        title=f"{unit.link.title}更正{entry.year}年度绩效自评：{told.place.rpartition('/')[2]}",
        text=f"“{told.place}”由{old}更正为{new}。原因：{told.reason}",
    )


def _changed(unit: UnitEntry, entry: Entry, event: PastEvent, told: Sequence[Change]) -> Event:
    name, year = unit.link.title, entry.year
    whole = _WHOLES.get(event.kind, "")
    words = [f"{each.document}{'：' if each.document else ''}{each.words}" for each in told]
    more = [f"另有 {len(told) - _SHOWN} 处"] if len(told) > _SHOWN else []
    parts = [each for each in (whole, *words[:_SHOWN], *more) if each]
    return Event(
        day=event.day,
        url=entry.line.page.url,
        mark=f"changes/{event.release or event.revision[:12]}",
        kind=EventKind.CHANGED,
        unit=name,
        title=f"{name}{whole or '修改'}{year}年度绩效自评{f' {len(told)} 处' if told else ''}",
        text=f"{'；'.join(parts)}。没有勘误说明。",
    )
