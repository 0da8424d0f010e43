"""The index of the whole site: the units' parts put together, and the tables that browsers fetch.

    search/data/pages.json.bin       units, and of each page kind, year, grade; where texts lie
    search/data/figures.json.bin     scores and amounts, for sorting
    search/data/names.json.bin       units' names in pinyin
    search/data/names/I.json.bin     those of projects, by their initials
    search/data/grams/N.bin          which pages have which characters and sequences of two
    search/data/text/U/N.json.bin    the texts of pages; written where the pages are made

All are compressed with zlib. Every web server knows .bin, and none unpacks it on the way.
"""

import hashlib
import json
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from pathlib import Path

from gongkai.model.terms import Grade
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import Written, write
from gongkai.search.documents import DATA, Indexed
from gongkai.search.facets import KINDS
from gongkai.search.postings import BUCKET_BITS, BUCKETS, changed, slices
from gongkai.search.shards import shards
from gongkai.search.suggestions import name_files

_GRAMS, _NAMES = f"{DATA}grams/", f"{DATA}names"
_SHARD = 2
"""For about how many pages there is a shard: so few that it has hardly a KB."""
_KIND, _YEAR, _GRADE, _SCORE, _AMOUNT = range(5)
_ZERO = ord("0")
_LEAST, _MOST = 4, 16
"""Bits that tell a shard; a hash has 16."""
_SLICES = 64
"""How many slices a worker is given at a time."""


@dataclass(frozen=True, slots=True)
class Merging:
    """Some shards to be made."""

    parts: tuple[Path, ...]
    """Of all units, in order."""
    cells: tuple[tuple[int, ...], ...]
    """Slices; those of one cell become one shard, or one becomes several."""
    bits: int
    opening: bytes
    out: Path
    known: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where things lie, and what lies there."""

    parts: Path
    out: Path
    known: Mapping[str, str]
    """Digests of the old site's files."""
    old: Mapping[str, Indexed]
    """What the old site was made of; empty where there was none."""
    written: Mapping[str, Written]
    """The old site's files of the index."""


def site_index(units: Mapping[str, Indexed], place: Place, workers: Workers) -> Iterator[Written]:
    """All files of the index but the texts; only what is not as before is made again."""
    bits, key = _shape(units)
    cells = _cells(bits)
    if place.old and _shape(place.old) == (bits, key):
        touched = _touched(units, place)
        cells = [each for each in cells if not touched.isdisjoint(each)]
        made = {_path(shard) for cell in cells for shard in _shards(cell, bits)}
        kept = (each for path, each in place.written.items() if path.startswith(_GRAMS))
        yield from (each for each in kept if each.path not in made)
    for written in workers.results(merge, list(_orders(units, cells, bits, key, place))):
        yield from written
    yield from _tables(units, bits, key, place)


def _tables(units: Mapping[str, Indexed], bits: int, key: bytes, place: Place) -> Iterator[Written]:
    """The tables; those that would become the same again are not made."""
    old = place.old if _shape(place.old) == (bits, key) else {}
    names = _alike(units, old, "names", "spelt")
    pages = names and _alike(units, old, "pages", "blocks")
    for path, each in place.written.items():
        if not path.startswith(_GRAMS) and (names if path.startswith(_NAMES) else pages):
            yield each
    made = (() if names else name_tables(units), () if pages else page_tables(units, bits, key))
    for name, data in chain(*made):
        yield write(f"{DATA}{name}", data, place.out, place.known)


def _alike(units: Mapping[str, Indexed], old: Mapping[str, Indexed], *fields: str) -> bool:
    """Whether the units have not changed in these fields."""
    asked = attrgetter(*fields)
    return bool(old) and all(asked(each) == asked(old[name]) for name, each in units.items())


def merge(order: Merging) -> list[Written]:
    """Make shards of slices."""
    buckets = [bucket for cell in order.cells for bucket in cell]
    wanted = [shard for cell in order.cells for shard in _shards(cell, order.bits)]
    units = [slices(path, buckets) for path in order.parts]
    made = zip(wanted, shards(units, wanted, order.bits, order.opening), strict=True)
    return [write(_path(shard), data, order.out, order.known) for shard, data in made]


def _shape(units: Mapping[str, Indexed]) -> tuple[int, bytes]:
    """How many bits of its hash tell a gram's shard; the hash of the units' order."""
    pages = sum(len(each.pages) for each in units.values())
    bits = min(max(_LEAST, round(math.log2(max(1, pages / _SHARD)))), _MOST)
    return bits, hashlib.sha256("\n".join(units).encode()).digest()[:8]


def _cells(bits: int) -> list[tuple[int, ...]]:
    size = 1 << max(0, BUCKET_BITS - bits)
    return [tuple(range(first, first + size)) for first in range(0, BUCKETS, size)]


def _shards(cell: tuple[int, ...], bits: int) -> range:
    """The numbers of the shards that come of a cell."""
    if bits <= BUCKET_BITS:
        first = cell[0] >> (BUCKET_BITS - bits)
        return range(first, first + 1)
    return range(cell[0] << (bits - BUCKET_BITS), (cell[0] + 1) << (bits - BUCKET_BITS))


def _path(shard: int) -> str:
    return f"{_GRAMS}{shard}.bin"


def _touched(units: Mapping[str, Indexed], place: Place) -> set[int]:
    """The slices in which anything has changed."""
    parts = [(place.old[name].part, each.part) for name, each in units.items()]
    pairs = [(place.parts / old, place.parts / new) for old, new in parts if old != new]
    if not all(old.is_file() for old, _ in pairs):
        return set(range(BUCKETS))
    return {bucket for old, new in pairs for bucket in changed(old, new)}


def _orders(
    units: Mapping[str, Indexed],
    cells: Sequence[tuple[int, ...]],
    bits: int,
    key: bytes,
    place: Place,
) -> Iterator[Merging]:
    folder = place.parts.absolute()
    parts = tuple(folder / each.part for each in units.values())
    step = max(1, _SLICES // max(1, len(cells[0]))) if cells else 1
    for start in range(0, len(cells), step):
        some = tuple(cells[start : start + step])
        paths = [_path(shard) for cell in some for shard in _shards(cell, bits)]
        known = {path: place.known[path] for path in paths if path in place.known}
        yield Merging(parts, some, bits, key, place.out.absolute(), known)


def page_tables(units: Mapping[str, Indexed], bits: int, key: bytes) -> Iterator[tuple[str, bytes]]:
    """What is known of the pages: names and contents of the files."""
    every = list(units.items())
    pages = [page for _, each in every for page in each.pages]
    departments = sorted({each.names.department for _, each in every} - {""})
    years = sorted({page[_YEAR] for page in pages} - {""})
    others = sorted({page[_KIND] for page in pages} - set(KINDS.values()))
    kinds, grades = [*KINDS.values(), *others], [each.value for each in Grade]
    yield "pages.json.bin", _packed({
        "key": key.hex(),
        "bits": bits,
        "units": [
            [
                slug,
                each.names.unit,
                list(each.names.others),
                _number(departments, each.names.department),
                len(each.pages),
            ]
            for slug, each in every
        ],
        "department": departments,
        "kind": kinds,
        "year": years,
        "grade": grades,
        "kinds": _column(kinds, (page[_KIND] for page in pages)),
        "years": _column(years, (page[_YEAR] for page in pages)),
        "grades": _column(grades, (page[_GRADE] for page in pages)),
        "blocks": "".join(each.blocks for _, each in every),
    })  # fmt: skip
    figures = {"score": _SCORE, "amount": _AMOUNT}
    yield "figures.json.bin", _packed({
        name: [float(page[at]) if page[at] else None for page in pages]
        for name, at in figures.items()
    })  # fmt: skip


def name_tables(units: Mapping[str, Indexed]) -> Iterator[tuple[str, bytes]]:
    """What is suggested while somebody types: names and contents of the files."""
    for name, told in name_files(units):
        yield f"{name}.json.bin", _packed(told)


def _column(values: Sequence[str], filled: Iterable[str]) -> str:
    """A sign for each page: 0 where nothing is known, else the value's place in the list, from 1."""
    signs = {value: chr(_ZERO + number) for number, value in enumerate(values, start=1)}
    return "".join(signs.get(each, chr(_ZERO)) for each in filled)


def _number(values: Sequence[str], value: str) -> int:
    return values.index(value) + 1 if value in values else 0


def _packed(told: object) -> bytes:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), 9)
