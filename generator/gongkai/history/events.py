"""Build the history of disclosures from their versions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gongkai.history.changes import Change, ChangeKind, DisclosureHistory, Event, EventKind
from gongkai.history.diff import PROJECT_PATH, diff_disclosures
from gongkai.history.lineage import DisclosureVersion, UnitVersions
from gongkai.history.versions import VersionLibrary, read_version
from gongkai.model.publication import Disclosure


def build_histories(
    unit_versions: UnitVersions, library: VersionLibrary
) -> dict[int, DisclosureHistory]:
    """Return the histories of a unit's disclosures by year."""
    return {
        year: _build_history(year, versions, library) for year, versions in unit_versions.items()
    }


def _build_history(
    year: int, versions: Sequence[DisclosureVersion], library: VersionLibrary
) -> DisclosureHistory:
    first = versions[0]
    events = list(_iter_events(year, versions, library)) if len(versions) > 1 else []
    return DisclosureHistory(
        first.day, first.release, first.revision, tuple(_with_present_slugs(events))
    )


def _with_present_slugs(events: Sequence[Event]) -> list[Event]:
    """Replace the projects' slugs in all events by their present ones."""
    present_slugs: dict[str, str] = {}
    updated: list[Event] = []
    for event in reversed(events):
        event_changes = tuple(
            replace(change, project=present_slugs.get(change.project, change.project))
            for change in event.changes
        )
        updated.insert(0, replace(event, changes=event_changes))
        for change in event.changes:
            if change.kind is ChangeKind.CHANGED and change.where == PROJECT_PATH:
                present_slugs[change.old] = present_slugs.get(change.new, change.new)
    return updated


def _iter_events(
    year: int, versions: Sequence[DisclosureVersion], library: VersionLibrary
) -> Iterator[Event]:
    """Yield an event per version after the first, unless nothing changed."""
    disclosures = [
        read_version(version, year, library) if version.is_public else None for version in versions
    ]
    latest = next((disclosure for disclosure in reversed(disclosures) if disclosure), None)
    renames: dict[str, str] = {}
    previous, was_public = disclosures[0], True
    for version, disclosure in zip(versions[1:], disclosures[1:], strict=True):
        renames = _compose_renames(renames, dict(version.project_renames))
        kind = EventKind.CHANGED if was_public else EventKind.RESTORED
        if not version.is_public:
            yield _build_event(version, EventKind.WITHDRAWN)
        elif disclosure is None:
            yield _build_event(version, EventKind.UNREADABLE)
        else:
            event = _build_event(version, kind, previous, disclosure, latest, renames)
            previous, renames = disclosure, {}
            if event.changes or kind is EventKind.RESTORED:
                yield event
        was_public = version.is_public


def _build_event(  # noqa: PLR0913, PLR0917 - a version, and what it is compared with
    version: DisclosureVersion,
    kind: EventKind,
    old: Disclosure | None = None,
    new: Disclosure | None = None,
    latest: Disclosure | None = None,
    renames: dict[str, str] | None = None,
) -> Event:
    event_changes = tuple[Change, ...]()
    if old and new and latest:
        corrections = (*latest.facts.corrections, *new.facts.corrections)
        event_changes = diff_disclosures(old, new, renames or {}, corrections)
    return Event(version.day, version.release, version.revision, kind, event_changes)


def _compose_renames(renames: dict[str, str], later: dict[str, str]) -> dict[str, str]:
    """Chain slug renames since the last readable version with those of the next version."""
    extended = {old: later.get(new, new) for old, new in renames.items()}
    added = {old: new for old, new in later.items() if old not in renames.values()}
    return added | extended
