"""更正: the register of all changes to published content, with a 勘误 or without."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from gongkai.history.changes import Change, ChangeKind, Event, EventKind
from gongkai.pages import page_types
from gongkai.pages.entries import CorrectionEntry, Entry, UnitEntry
from gongkai.pages.links import HOME
from gongkai.pages.list_page import ListPage
from gongkai.pages.pagination import MAX_ROWS
from gongkai.pages.views.common import Link, PageHead, PartLink
from gongkai.pages.views.registers import CorrectionLine, CorrectionsView

CORRECTIONS = Link("更正", page_types.CORRECTIONS.url())
_WHOLE_DISCLOSURE = "整份公开件"
_STATES = {EventKind.WITHDRAWN: ("公开", "撤下"), EventKind.RESTORED: ("撤下", "重新公开")}
"""State of a whole disclosure before and after an event."""
_DESCRIPTION = "公开以后更正过的内容：原值、新值、原因、日期"


def correction_pages(units: Sequence[UnitEntry]) -> Iterator[ListPage]:
    """Yield the page of all changes, and a page per year if that is too short for them."""
    key = _corrections_hash(units)
    view = partial(corrections_view, units)
    yield ListPage(page_types.CORRECTIONS, CORRECTIONS.url, view, key)
    for year in _year_counts(_sorted_lines(units)):
        year_view = partial(corrections_year_view, year, units)
        yield ListPage(page_types.CORRECTIONS_YEAR, _year_link(year).url, year_view, key)


def corrections_view(units: Sequence[UnitEntry]) -> CorrectionsView:
    """Return the page of all changes, newest first; only links to years if one page is too short."""
    lines = _sorted_lines(units)
    counts = _year_counts(lines)
    parts = tuple(PartLink(_year_link(year), count) for year, count in counts.items())
    return CorrectionsView(
        head=PageHead(CORRECTIONS.title, CORRECTIONS.url, _DESCRIPTION, (HOME,), has_feeds=True),
        summary=(_count_sentence(lines),),
        parts=parts,
        lines=() if parts else tuple(lines),
    )


def corrections_year_view(year: str, units: Sequence[UnitEntry]) -> CorrectionsView:
    """Return the page of a year's changes."""
    lines = [line for line in _sorted_lines(units) if line.date.startswith(year)]
    page = _year_link(year)
    limit_note = f"这里只列最近的 {MAX_ROWS} 处。" if len(lines) > MAX_ROWS else ""
    return CorrectionsView(
        head=PageHead(page.title, page.url, f"{year}年：{_DESCRIPTION}", (HOME, CORRECTIONS)),
        summary=(f"{year} 年：{_count_sentence(lines)}{limit_note}",),
        parts=(),
        lines=tuple(lines[:MAX_ROWS]),
    )


def _corrections_hash(units: Sequence[UnitEntry]) -> str:
    """Return the hash of everything that the pages of this register show."""
    digest = hashlib.sha256()
    for unit, entry in _changed_entries(units):
        shown = (unit.link, entry.line.page, entry.corrections, entry.history)
        digest.update(f"{shown!r}\0".encode())
    for unit in units:
        digest.update(f"{unit.link}{unit.withdrawals!r}\0".encode() if unit.withdrawals else b"")
    return digest.hexdigest()


def _changed_entries(units: Iterable[UnitEntry]) -> Iterator[tuple[UnitEntry, Entry]]:
    for unit in units:
        for entry in unit.entries:
            if entry.corrections or (entry.history and entry.history.events):
                yield unit, entry


def _sorted_lines(units: Iterable[UnitEntry]) -> list[CorrectionLine]:
    lines = [line for unit, entry in _changed_entries(units) for line in _entry_lines(unit, entry)]
    lines += [
        _announced_line(unit, unit.link, withdrawal)
        for unit in units
        for withdrawal in unit.withdrawals
    ]
    lines.sort(key=lambda line: (line.date, line.unit.url, line.place), reverse=True)
    return lines


def _entry_lines(unit: UnitEntry, entry: Entry) -> Iterator[CorrectionLine]:
    page = entry.line.page
    for correction in entry.corrections:
        yield _announced_line(unit, page, correction)
    for event in entry.history.events if entry.history else ():
        for place, old, new in _unannounced_changes(event):
            yield CorrectionLine(event.day, unit.link, page, place, old, new, "", announced=False)


def _announced_line(unit: UnitEntry, page: Link, correction: CorrectionEntry) -> CorrectionLine:
    return CorrectionLine(
        correction.date,
        unit.link,
        page,
        correction.place,
        correction.old,
        correction.new,
        correction.reason,
        announced=True,
    )


def _unannounced_changes(event: Event) -> Iterator[tuple[str, str, str]]:
    """Yield place, old and new value of changes that no 勘误 announces."""
    if event.kind in _STATES:
        yield (_WHOLE_DISCLOSURE, *_STATES[event.kind])
    for change in event.changes:
        if not change.is_announced:
            yield _change_place(change), change.old, change.new


def _change_place(change: Change) -> str:
    kind = "" if change.kind is ChangeKind.CHANGED else change.kind
    return f"{change.document}{'：' if change.document else ''}{kind}{change.place}"


def _count_sentence(lines: Sequence[CorrectionLine]) -> str:
    unannounced = sum(not line.announced for line in lines)
    if not lines:
        return "公开以来没有更正过任何内容。"
    if not unannounced:
        return f"公开后共更正 {len(lines)} 处；原值、新值、原因和日期都保留在这里，也写在有关的页面上。"
    return (
        f"公开后共改动 {len(lines)} 处：{len(lines) - unannounced} 处写有勘误，"
        f"{unannounced} 处是从数据的版本记录（git）里看出来的，单位未作勘误说明。"
    )


def _year_counts(lines: Sequence[CorrectionLine]) -> Mapping[str, int]:
    """Return the number of lines by year, newest first; none if all lines fit on one page."""
    return Counter(line.date[:4] for line in lines) if len(lines) > MAX_ROWS else {}


def _year_link(year: str) -> Link:
    return Link(f"{year}年的更正", page_types.CORRECTIONS_YEAR.url(year=year))
