"""Lists that are too long for one page: split by 主管部门, else by region, else by number."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby

from gongkai.pages.entries import UnitEntry

LONGEST = 1_000
"""How many rows a page may hold."""
_UNNAMED = "未注明"


@dataclass(frozen=True, slots=True)
class Share:
    """Some of the units, for a page of their own."""

    title: str
    slug: str
    """Part of its address: the same as long as what the units belong to is called the same."""
    units: tuple[UnitEntry, ...]
    rows: int


def shares(
    units: Sequence[UnitEntry], rows_of: Callable[[UnitEntry], int], longest: int = LONGEST
) -> list[Share]:
    """The parts of a list; none where it fits one page. `rows_of` counts a unit's rows."""
    if sum(map(rows_of, units)) <= longest:
        return []
    found: list[Share] = []
    for name, group in _groups(units):
        chunks = list(_chunks(group, rows_of, longest))
        for number, chunk in enumerate(chunks, start=1):
            title = f"{name}（{number}）" if len(chunks) > 1 else name
            slug = blake2b(name.encode(), digest_size=4).hexdigest()
            slug = f"{slug}-{number}" if number > 1 else slug
            found.append(Share(title, slug, tuple(chunk), sum(map(rows_of, chunk))))
    return found


def _groups(units: Sequence[UnitEntry]) -> list[tuple[str, list[UnitEntry]]]:
    """Units by what they belong to, in the order of its name."""
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


def _chunks(
    units: Sequence[UnitEntry], rows_of: Callable[[UnitEntry], int], longest: int
) -> Iterator[list[UnitEntry]]:
    """Units in order, as many as fit a page; one that does not fit stands alone."""
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
