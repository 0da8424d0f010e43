"""公开与修改记录: the history section of a page, from first publication to the last change."""

from collections.abc import Iterator
from dataclasses import replace

from gongkai.history.changes import Change, ChangeKind, DisclosureHistory, Event, EventKind
from gongkai.history.diff import PROJECT_PATH
from gongkai.pages.views.common import EventLine, HistorySection

_MAX_CHANGES = 50
"""Number of changes per event that a page lists."""
_LABELS = {
    EventKind.WITHDRAWN: "撤下",
    EventKind.RESTORED: "重新公开",
    EventKind.UNREADABLE: "这一版的文件读不出，其中的改动并入下一次",
}


def history_section(history: DisclosureHistory | None, project: str = "") -> HistorySection | None:
    """Return the history section of a disclosure, or of the project with this slug."""
    if history is None:
        return None
    shown = _project_history(history, project) if project else history
    return HistorySection(
        day=shown.first_day,
        release=_release_name(shown.first_release, shown.first_day),
        events=tuple(map(_event_line, reversed(shown.events))),
    )


def _event_line(event: Event) -> EventLine:
    count = len(event.changes)
    phrases = [_LABELS[event.kind]] if event.kind in _LABELS else []
    phrases += [f"修改 {count} 处"] if count else []
    release = _release_name(event.release, event.day)
    shown = event.changes[:_MAX_CHANGES]
    return EventLine(event.day, release, "，".join(phrases), shown, count - len(shown))


def _release_name(name: str, day: str) -> str:
    """Return the name of a release; empty if it is merely the day."""
    return "" if name == day else name


def _project_history(history: DisclosureHistory, slug: str) -> DisclosureHistory:
    """Return the history of one project, which may have been added after the disclosure."""
    events = tuple(_project_events(history, slug))
    for number, event in enumerate(events):
        if any(_adds_project(change) for change in event.changes):
            return DisclosureHistory(
                first_day=event.day,
                first_release=event.release,
                first_revision=event.revision,
                events=events[number + 1 :],
            )
    return replace(history, events=events)


def _project_events(history: DisclosureHistory, slug: str) -> Iterator[Event]:
    for event in history.events:
        changes = tuple(change for change in event.changes if change.project == slug)
        if changes or event.kind is not EventKind.CHANGED:
            yield replace(event, changes=changes)


def _adds_project(change: Change) -> bool:
    """Whether the change adds the project itself."""
    return change.kind is ChangeKind.ADDED and change.where == PROJECT_PATH
