"""Lists of the API, page by page: no file grows with the site, and what is the same stays."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TypeVar

from gongkai.exports.open_data.json_files import API, VERSION, json_text, schema_of, way_up
from gongkai.exports.open_data.list_shapes import (
    Change,
    ChangePage,
    Month,
    MonthPage,
    RecordLine,
    RecordPage,
    UnitLine,
    UnitPage,
)
from gongkai.exports.open_data.records import FILE, address
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.lists import of_year

LONGEST = 500
"""How many things a page of a list holds."""
CORRECTION = "勘误"
_Thing = TypeVar("_Thing")
_Of = tuple[UnitEntry, Entry]


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the site that is made only where what it is made of has changed."""

    path: str
    make: Callable[[], bytes]
    key: str
    """The hash of all that it is made of, but for what shapes every page of the site."""


def unit_list(units: Sequence[UnitEntry], site_url: str) -> Iterator[Asset]:
    """units/pages/1.json …"""

    def line(path: str, each: UnitEntry) -> UnitLine:
        return UnitLine(
            slug=each.slug,
            name=each.link.title,
            url=address(each.link.url, site_url, path),
            data=f"{way_up(path)}{unit_path(each.slug)}",
            years=tuple(entry.year for entry in each.entries),
            department=each.department,
            level=each.level,
        )

    def page(path: str, these: Sequence[UnitEntry], following: str) -> UnitPage:
        lines = tuple(line(path, each) for each in these)
        return UnitPage(schema_of("unit-page", path), VERSION, lines, following)

    for path, these, following in paged("units", units):
        told = (f"{each.told}{[entry.year for entry in each.entries]}" for each in these)
        yield asset_of(path, partial(page, path, these, following), [following, *told])


def record_list(year: int, units: Sequence[UnitEntry], site_url: str) -> Iterator[Asset]:
    """years/2022/pages/1.json …"""

    def page(path: str, these: Sequence[_Of], following: str) -> RecordPage:
        lines = tuple(record_line(unit, entry, path, site_url) for unit, entry in these)
        return RecordPage(schema_of("record-page", path), VERSION, year, lines, following)

    for path, these, following in paged(f"years/{year}", of_year(year, units)):
        told = (f"{unit.told}{entry.key}" for unit, entry in these)
        yield asset_of(path, partial(page, path, these, following), [following, *told])


def change_list(units: Iterable[UnitEntry], site_url: str) -> Iterator[Asset]:
    """changes/pages/1.json …: months; changes/2023-07/pages/1.json …: what was changed in them."""
    every = sorted(_changes(units), key=lambda each: (each.date, each.url, each.where))
    months = [(month, list(group)) for month, group in groupby(every, lambda each: each.date[:7])]
    for path, these, following in paged("changes", months):
        lines = tuple(
            Month(month, len(group), f"{way_up(path)}{page_path(f'changes/{month}', 1)}")
            for month, group in these
        )
        yield asset(path, MonthPage(schema_of("month-page", path), VERSION, lines, following))
    for month, group in months:
        for path, changes, following in paged(f"changes/{month}", group):
            found = tuple(_from(each, path, site_url) for each in changes)
            told = ChangePage(schema_of("change-page", path), VERSION, month, found, following)
            yield asset(path, told)


def record_line(unit: UnitEntry, entry: Entry, here: str, site_url: str) -> RecordLine:
    """A disclosure in a list."""
    return RecordLine(
        unit=unit.slug,
        unit_name=unit.link.title,
        year=entry.year,
        url=address(entry.line.page.url, site_url, here),
        data=f"{way_up(here)}{entry.line.page.url}{FILE}",
        projects=entry.line.projects,
        published=entry.published,
        **entry.headline._asdict(),
    )


def unit_path(slug: str) -> str:
    """Where the API tells of a unit."""
    return f"{API}units/{slug}.json"


def page_path(folder: str, number: int) -> str:
    """Where a page of a list lies."""
    return f"{API}{folder}/pages/{number}.json"


def paged(folder: str, these: Sequence[_Thing]) -> Iterator[tuple[str, Sequence[_Thing], str]]:
    """The pages of a list: path, what is on it, and the way to the next; one where it is empty."""
    last = max(1, -(-len(these) // LONGEST))
    for number in range(1, last + 1):
        chunk = these[(number - 1) * LONGEST : number * LONGEST]
        yield page_path(folder, number), chunk, f"{number + 1}.json" if number < last else ""


def asset(path: str, what: object) -> Asset:
    """A file that is made quickly: its key is the hash of what it holds."""
    text = f"{json_text(what)}\n".encode()
    return Asset(path, lambda: text, hashlib.sha256(text).hexdigest())


def asset_of(path: str, make: Callable[[], object], told: Iterable[str]) -> Asset:
    """A file that is made only where anything else is told."""

    def text() -> bytes:
        return f"{json_text(make())}\n".encode()

    return Asset(path, text, hashlib.sha256("\0".join(told).encode()).hexdigest())


def _changes(units: Iterable[UnitEntry]) -> Iterator[Change]:
    """Every change; its links lead from the site's root."""
    for unit in units:
        for entry in unit.entries:
            for each in entry.corrections:
                told = (each.place, each.old, each.new, each.reason)
                yield _change(unit, entry, each.date, CORRECTION, *told)
            for event in entry.history.events if entry.history else ():
                for found in event.changes:
                    if not found.announced:
                        told = (found.where, found.old, found.new, "")
                        yield _change(unit, entry, event.day, found.kind.value, *told)


def changes_of(entry: Entry) -> int:
    """How many changes of a disclosure are listed."""
    events = entry.history.events if entry.history else ()
    bare = sum(not each.announced for event in events for each in event.changes)
    return len(entry.corrections) + bare


def _change(unit: UnitEntry, entry: Entry, date: str, kind: str, *told: str) -> Change:
    page = entry.line.page.url
    names = (unit.slug, unit.link.title, entry.year)
    return Change(date, kind, *names, page, f"{page}{FILE}", *told)


def _from(change: Change, here: str, site_url: str) -> Change:
    """With links that lead from a file."""
    url, data = address(change.url, site_url, here), f"{way_up(here)}{change.data}"
    return replace(change, url=url, data=data)
