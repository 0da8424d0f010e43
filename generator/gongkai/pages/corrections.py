"""更正: everything that was changed after it was public, with its 勘误 or without one."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from gongkai.history.changes import Change, ChangeKind, Event, EventKind
from gongkai.pages.entries import Amended, Entry, UnitEntry
from gongkai.pages.links import HOME
from gongkai.pages.pagination import LONGEST
from gongkai.pages.views.common import Head, Link, Part
from gongkai.pages.views.registers import CorrectionLine, CorrectionsView

CORRECTIONS = Link("更正", "corrections/")
_WHOLE = "整份公开件"
_WHOLES = {EventKind.WITHDRAWN: ("公开", "撤下"), EventKind.RESTORED: ("撤下", "重新公开")}
_ABOUT = "公开以后更正过的内容：原值、新值、原因、日期"


def corrections_view(units: Sequence[UnitEntry]) -> CorrectionsView:
    """What was changed after it was filed, newest first; where that is much, the years of it."""
    lines = _sorted(units)
    parts = _years(lines)
    return CorrectionsView(
        head=Head(CORRECTIONS.title, CORRECTIONS.url, _ABOUT, (HOME,), feed=True),
        summary=(_told(lines),),
        parts=tuple(parts),
        lines=() if parts else tuple(lines),
    )


def corrections_year_view(year: str, units: Sequence[UnitEntry]) -> CorrectionsView:
    """What was changed in a year."""
    lines = [each for each in _sorted(units) if each.date.startswith(year)]
    here = _link(year)
    left = f"这里只列最近的 {LONGEST} 处。" if len(lines) > LONGEST else ""
    return CorrectionsView(
        head=Head(here.title, here.url, f"{year}年：{_ABOUT}", (HOME, CORRECTIONS)),
        summary=(f"{year} 年：{_told(lines)}{left}",),
        parts=(),
        lines=tuple(lines[:LONGEST]),
    )


def correction_years(units: Sequence[UnitEntry]) -> list[str]:
    """The years that have pages of their own; none where one page holds all."""
    return [each.link.url.split("/")[1] for each in _years(_sorted(units))]


def corrections_key(units: Sequence[UnitEntry]) -> str:
    """The hash of all that the pages show."""
    digest = hashlib.sha256()
    for unit, entry in _amended(units):
        shown = (unit.link, entry.line.page, entry.corrections, entry.history)
        digest.update(f"{shown!r}\0".encode())
    for unit in units:
        digest.update(f"{unit.link}{unit.withdrawals!r}\0".encode() if unit.withdrawals else b"")
    return digest.hexdigest()


def _amended(units: Iterable[UnitEntry]) -> Iterator[tuple[UnitEntry, Entry]]:
    for unit in units:
        for entry in unit.entries:
            if entry.corrections or (entry.history and entry.history.events):
                yield unit, entry


def _sorted(units: Iterable[UnitEntry]) -> list[CorrectionLine]:
    lines = [line for unit, entry in _amended(units) for line in _lines(unit, entry)]
    lines += [_line(unit, unit.link, each) for unit in units for each in unit.withdrawals]
    lines.sort(key=lambda each: (each.date, each.unit.url, each.place), reverse=True)
    return lines


def _lines(unit: UnitEntry, entry: Entry) -> Iterator[CorrectionLine]:
    page = entry.line.page
    for each in entry.corrections:
        yield _line(unit, page, each)
    for event in entry.history.events if entry.history else ():
        for place, old, new in _unannounced(event):
            yield CorrectionLine(event.day, unit.link, page, place, old, new, "", announced=False)


def _line(unit: UnitEntry, page: Link, each: Amended) -> CorrectionLine:
    told = (each.place, each.old, each.new, each.reason)
    return CorrectionLine(each.date, unit.link, page, *told, announced=True)


def _unannounced(event: Event) -> Iterator[tuple[str, str, str]]:
    """Place, old and new value of what no 勘误 tells of."""
    if event.kind in _WHOLES:
        yield (_WHOLE, *_WHOLES[event.kind])
    for each in event.changes:
        if not each.announced:
            yield _place(each), each.old, each.new


def _place(change: Change) -> str:
    what = "" if change.kind is ChangeKind.CHANGED else change.kind
    return f"{change.document}{'：' if change.document else ''}{what}{change.place}"


def _told(lines: Sequence[CorrectionLine]) -> str:
    bare = sum(not each.announced for each in lines)
    if not lines:
        return "公开以来没有更正过任何内容。"
    if not bare:
        return f"公开后共更正 {len(lines)} 处；原值、新值、原因和日期都保留在这里，也写在有关的页面上。"
    return (
        f"公开后共改动 {len(lines)} 处：{len(lines) - bare} 处写有勘误，{bare} 处是从数据的版本记录"
        "（git）里看出来的，单位未作勘误说明。"
    )


def _years(lines: Sequence[CorrectionLine]) -> list[Part]:
    """The years, newest first, where one page would be too long."""
    if len(lines) <= LONGEST:
        return []
    years = [each.date[:4] for each in lines]
    return [Part(_link(year), years.count(year)) for year in dict.fromkeys(years)]


def _link(year: str) -> Link:
    return Link(f"{year}年的更正", f"{CORRECTIONS.url}{year}/")
