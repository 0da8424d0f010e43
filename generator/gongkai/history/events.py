"""The versions of a disclosure become what a reader is told of its past."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gongkai.history.changes import Change, ChangeKind, Event, EventKind, Told
from gongkai.history.diff import PROJECT, changes
from gongkai.history.lineage import UnitPast, Version
from gongkai.history.versions import Library, read_version
from gongkai.model.publication import Disclosure


def told(past: UnitPast, library: Library) -> dict[int, Told]:
    """The history of a unit's disclosures, by year."""
    return {year: _told(year, versions, library) for year, versions in past.items()}


def _told(year: int, versions: Sequence[Version], library: Library) -> Told:
    first = versions[0]
    events = list(_events(year, versions, library)) if len(versions) > 1 else []
    return Told(first.day, first.release, first.revision, tuple(_at_present(events)))


def _at_present(events: Sequence[Event]) -> list[Event]:
    """The same with projects called by the slugs that they have now."""
    now: dict[str, str] = {}
    found: list[Event] = []
    for event in reversed(events):
        changes = [
            replace(each, project=now.get(each.project, each.project)) for each in event.changes
        ]
        found.insert(0, replace(event, changes=tuple(changes)))
        for each in event.changes:
            if each.kind is ChangeKind.CHANGED and each.where == PROJECT:
                now[each.old] = now.get(each.new, each.new)
    return found


def _events(year: int, versions: Sequence[Version], library: Library) -> Iterator[Event]:
    read = [read_version(each, year, library) if each.there else None for each in versions]
    last = next((each for each in reversed(read) if each), None)
    moved: dict[str, str] = {}
    known, there = read[0], True
    for version, now in zip(versions[1:], read[1:], strict=True):
        moved = _followed(moved, dict(version.moved))
        kind = EventKind.CHANGED if there else EventKind.RESTORED
        if not version.there:
            yield _event(version, EventKind.WITHDRAWN)
        elif now is None:
            yield _event(version, EventKind.UNREADABLE)
        else:
            event = _event(version, kind, known, now, last, moved)
            known, moved = now, {}
            if event.changes or kind is EventKind.RESTORED:
                yield event
        there = version.there


def _event(  # noqa: PLR0913, PLR0917 - a version, and what it is compared with
    version: Version,
    kind: EventKind,
    old: Disclosure | None = None,
    new: Disclosure | None = None,
    last: Disclosure | None = None,
    moved: dict[str, str] | None = None,
) -> Event:
    found = tuple[Change, ...]()
    if old and new and last:
        corrections = (*last.facts.corrections, *new.facts.corrections)
        found = changes(old, new, moved or {}, corrections)
    return Event(version.day, version.release, version.revision, kind, found)


def _followed(moved: dict[str, str], further: dict[str, str]) -> dict[str, str]:
    """Slugs by those of the last version that could be read."""
    known = {old: further.get(now, now) for old, now in moved.items()}
    new = {old: now for old, now in further.items() if old not in moved.values()}
    return new | known
