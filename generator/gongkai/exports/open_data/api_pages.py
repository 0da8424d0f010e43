"""Paginated lists of the API: every page has a bounded size and is rendered only when it changed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TypeVar

from gongkai.exports.open_data.json_files import (
    API_ROOT,
    API_VERSION,
    json_text,
    path_to_root,
    schema_reference,
)
from gongkai.exports.open_data.list_shapes import (
    Change,
    ChangePage,
    Month,
    MonthPage,
    RecordLine,
    RecordPage,
    UnitLine,
    UnitPage,
    figure_fields,
)
from gongkai.exports.open_data.records import RECORD_FILE, resolve_url
from gongkai.pages.entries import Entry, UnitEntry
from gongkai.pages.lists import entries_of_year

PAGE_SIZE = 500
"""Maximum number of entries on a page."""
CORRECTION = "勘误"
_T = TypeVar("_T")
_UnitYear = tuple[UnitEntry, Entry]


@dataclass(frozen=True, slots=True)
class Asset:
    """A file above the units that is rendered only if its inputs have changed."""

    path: str
    """From the site's root."""
    render: Callable[[], bytes]
    """Renders the content."""
    key: str
    """Hash of all inputs, except those that shape every page of the site."""


def unit_list_assets(units: Sequence[UnitEntry], site_url: str) -> Iterator[Asset]:
    """Yield units/pages/1.json …, sorted as `units`."""

    def unit_line(path: str, unit: UnitEntry) -> UnitLine:
        return UnitLine(
            slug=unit.slug,
            name=unit.link.title,
            url=resolve_url(unit.link.url, site_url, path),
            data=f"{path_to_root(path)}{unit_path(unit.slug)}",
            years=tuple(entry.year for entry in unit.entries),
            department=unit.department,
            level=unit.level,
        )

    def unit_page(path: str, page_units: Sequence[UnitEntry], next_page: str) -> UnitPage:
        lines = tuple(unit_line(path, unit) for unit in page_units)
        return UnitPage(schema_reference("unit-page", path), API_VERSION, lines, next_page)

    for path, page_units, next_page in paginate("units", units):
        inputs = (
            f"{unit.shown_fields}{[entry.year for entry in unit.entries]}" for unit in page_units
        )
        render = partial(unit_page, path, page_units, next_page)
        yield lazy_asset(path, render, [next_page, *inputs])


def record_list_assets(year: int, units: Sequence[UnitEntry], site_url: str) -> Iterator[Asset]:
    """Yield years/2022/pages/1.json … of one year."""

    def record_page(path: str, records: Sequence[_UnitYear], next_page: str) -> RecordPage:
        lines = tuple(record_line(unit, entry, path, site_url) for unit, entry in records)
        schema = schema_reference("record-page", path)
        return RecordPage(schema, API_VERSION, year, lines, next_page)

    for path, records, next_page in paginate(f"years/{year}", entries_of_year(year, units)):
        inputs = (f"{unit.shown_fields}{entry.key}" for unit, entry in records)
        render = partial(record_page, path, records, next_page)
        yield lazy_asset(path, render, [next_page, *inputs])


def change_list_assets(units: Iterable[UnitEntry], site_url: str) -> Iterator[Asset]:
    """Yield changes/pages/1.json … (the months), then changes/2023-07/pages/1.json … per month."""
    changes = sorted(_changes(units), key=lambda change: (change.date, change.url, change.where))
    months = [
        (month, list(group)) for month, group in groupby(changes, lambda change: change.date[:7])
    ]
    for path, page_months, next_page in paginate("changes", months):
        lines = tuple(
            Month(month, len(group), f"{path_to_root(path)}{page_path(f'changes/{month}', 1)}")
            for month, group in page_months
        )
        schema = schema_reference("month-page", path)
        yield eager_asset(path, MonthPage(schema, API_VERSION, lines, next_page))
    for month, group in months:
        for path, page_changes, next_page in paginate(f"changes/{month}", group):
            resolved = tuple(_resolve_links(change, path, site_url) for change in page_changes)
            schema = schema_reference("change-page", path)
            yield eager_asset(path, ChangePage(schema, API_VERSION, month, resolved, next_page))


def record_line(unit: UnitEntry, entry: Entry, here: str, site_url: str) -> RecordLine:
    """Return the list entry of a disclosure; `here` is the path of the list file."""
    return RecordLine(
        unit=unit.slug,
        unit_name=unit.link.title,
        year=entry.year,
        url=resolve_url(entry.line.page.url, site_url, here),
        data=f"{path_to_root(here)}{entry.line.page.url}{RECORD_FILE}",
        projects=entry.line.projects,
        published=entry.published,
        **figure_fields(entry.exact_texts, entry.exact_computed),
    )


def unit_path(slug: str) -> str:
    """Return the path of a unit's JSON file."""
    return f"{API_ROOT}units/{slug}.json"


def page_path(folder: str, number: int) -> str:
    """Return the path of a page of a list; pages are numbered from 1."""
    return f"{API_ROOT}{folder}/pages/{number}.json"


def paginate(folder: str, entries: Sequence[_T]) -> Iterator[tuple[str, Sequence[_T], str]]:
    """Yield (path, entries, relative URL of the next page) per page; one page if there are none."""
    last = max(1, -(-len(entries) // PAGE_SIZE))
    for number in range(1, last + 1):
        chunk = entries[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        yield page_path(folder, number), chunk, f"{number + 1}.json" if number < last else ""


def eager_asset(path: str, content: object) -> Asset:
    """Return an asset that is serialised at once and keyed by the hash of its content."""
    data = f"{json_text(content)}\n".encode()
    return Asset(path, lambda: data, hashlib.sha256(data).hexdigest())


def lazy_asset(path: str, build: Callable[[], object], inputs: Iterable[str]) -> Asset:
    """Return an asset that is built on demand and keyed by the hash of its inputs."""

    def render() -> bytes:
        return f"{json_text(build())}\n".encode()

    return Asset(path, render, hashlib.sha256("\0".join(inputs).encode()).hexdigest())


def _changes(units: Iterable[UnitEntry]) -> Iterator[Change]:
    """Yield every change, with links from the site's root."""
    for unit in units:
        for entry in unit.entries:
            page = entry.line.page.url
            change_of_entry = partial(
                Change,
                unit=unit.slug,
                unit_name=unit.link.title,
                year=entry.year,
                url=page,
                data=f"{page}{RECORD_FILE}",
            )
            for correction in entry.corrections:
                yield change_of_entry(
                    date=correction.date,
                    kind=CORRECTION,
                    where=correction.place,
                    old=correction.old,
                    new=correction.new,
                    reason=correction.reason,
                )
            for event in entry.history.events if entry.history else ():
                for change in event.changes:
                    if not change.is_announced:
                        yield change_of_entry(
                            date=event.day,
                            kind=change.kind.value,
                            where=change.where,
                            old=change.old,
                            new=change.new,
                        )


def count_changes(entry: Entry) -> int:
    """Return how many changes of a disclosure are listed."""
    events = entry.history.events if entry.history else ()
    unannounced = sum(not change.is_announced for event in events for change in event.changes)
    return len(entry.corrections) + unannounced


def _resolve_links(change: Change, here: str, site_url: str) -> Change:
    """Return the change with links relative to the file `here`, or absolute ones."""
    url = resolve_url(change.url, site_url, here)
    return replace(change, url=url, data=f"{path_to_root(here)}{change.data}")
