"""Pagination of long lists: by 主管部门, else by region, else by number of rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby

from gongkai.pages.entries import UnitEntry

MAX_ROWS = 1_000
"""Number of rows that a page holds at most."""
_UNNAMED = "未注明"


@dataclass(frozen=True, slots=True)
class ListPart:
    """A part of a list, which has its own page."""

    title: str
    slug: str
    """Part of the page's address: a hash of the name of the department or region."""
    units: tuple[UnitEntry, ...]
    rows: int


def split_list(
    units: Sequence[UnitEntry], rows_of: Callable[[UnitEntry], int], longest: int = MAX_ROWS
) -> list[ListPart]:
    """Return the parts of a list; none if it fits on one page. `rows_of` counts a unit's rows."""
    if sum(map(rows_of, units)) <= longest:
        return []
    parts: list[ListPart] = []
    for name, group in _group_units(units):
        chunks = list(_split_group(group, rows_of, longest))
        for number, chunk in enumerate(chunks, start=1):
            title = f"{name}（{number}）" if len(chunks) > 1 else name
            slug = blake2b(name.encode(), digest_size=4).hexdigest()
            slug = f"{slug}-{number}" if number > 1 else slug
            parts.append(ListPart(title, slug, tuple(chunk), sum(map(rows_of, chunk))))
    return parts


def _group_units(units: Sequence[UnitEntry]) -> list[tuple[str, list[UnitEntry]]]:
    """Return the units of every department, else of every region, by name."""
    for key in (_department, _region):
        ordered = sorted(units, key=key)
        groups = [(name, list(group)) for name, group in groupby(ordered, key=key)]
        if len(groups) > 1:
            return groups
    return [("各单位", list(units))]


def _department(unit: UnitEntry) -> str:
    return unit.department or f"{_UNNAMED}主管部门"


def _region(unit: UnitEntry) -> str:
    return unit.region or f"{_UNNAMED}行政区划"


def _split_group(
    units: Sequence[UnitEntry], rows_of: Callable[[UnitEntry], int], longest: int
) -> Iterator[list[UnitEntry]]:
    """Yield the units of every page, in order; a unit with too many rows has its own page."""
    chunk: list[UnitEntry] = []
    room = longest
    for unit in units:
        rows = rows_of(unit)
        if chunk and rows > room:
            yield chunk
            chunk, room = [], longest
        chunk.append(unit)
        room -= rows
    if chunk:
        yield chunk
