"""公开与修改记录: when a disclosure or a project was first public, and what was changed since."""

from collections.abc import Iterator
from dataclasses import replace

from gongkai.history.changes import Change, ChangeKind, Event, EventKind, Told
from gongkai.history.diff import PROJECT
from gongkai.pages.views.common import EventLine, History

_SHOWN = 50
"""How many changes of one day a page tells."""
_TOLD = {
    EventKind.WITHDRAWN: "撤下",
    EventKind.RESTORED: "重新公开",
    EventKind.UNREADABLE: "这一版的文件读不出，其中的改动并入下一次",
}


def history_of(told: Told | None, project: str = "") -> History | None:
    """The past of a disclosure, or of one of its projects."""
    if told is None:
        return None
    its = _of_project(told, project) if project else told
    return History(
        day=its.first_day,
        release=_release(its.first_release, its.first_day),
        events=tuple(map(_line, reversed(its.events))),
    )


def _line(event: Event) -> EventLine:
    count = len(event.changes)
    words = [_TOLD[event.kind]] if event.kind in _TOLD else []
    words += [f"修改 {count} 处"] if count else []
    release = _release(event.release, event.day)
    shown = event.changes[:_SHOWN]
    return EventLine(event.day, release, "，".join(words), shown, count - len(shown))


def _release(name: str, day: str) -> str:
    """The release's name where it tells more than the day."""
    return "" if name == day else name


def _of_project(told: Told, slug: str) -> Told:
    """What concerns one project; it may have come later than the rest."""
    events = tuple(_narrowed(told, slug))
    for number, event in enumerate(events):
        if any(_appears(change) for change in event.changes):
            first = (event.day, event.release, event.revision)
            return Told(*first, events[number + 1 :])
    return replace(told, events=events)


def _narrowed(told: Told, slug: str) -> Iterator[Event]:
    for event in told.events:
        changes = tuple(each for each in event.changes if each.project == slug)
        if changes or event.kind is not EventKind.CHANGED:
            yield replace(event, changes=changes)


def _appears(change: Change) -> bool:
    """Whether it tells that the project itself is new."""
    return change.kind is ChangeKind.ADDED and change.where == PROJECT
