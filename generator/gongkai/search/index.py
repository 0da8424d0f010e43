"""The search index of the whole site: posting lists of all units merged into shards, and tables.

    search/data/pages.json.bin       units; kind, year and grade of every page; positions of texts
    search/data/figures.json.bin     scores and amounts, for sorting
    search/data/values/Y/F.json.bin  a figure of the pages of a year, for filters
    search/data/names.json.bin       names of units in pinyin
    search/data/names/I.json.bin     names of projects, by their initials
    search/data/grams/N.bin          posting lists: the pages that contain an n-gram
    search/data/contexts/N.bin       what follows it in these pages
    search/data/text/U/N.json.bin    texts of the pages; written where the pages are built

All files are compressed with zlib. Every web server knows .bin, and none decompresses it in transit.
The site publishes search/data/ under another name (see index_set).
"""

import json
import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from gongkai.model.terms import Grade
from gongkai.pages.page_types import Category
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import OutputFile, write_file
from gongkai.search.documents import INDEX_FOLDER, IndexedUnit, IndexLocation
from gongkai.search.facets import VALUE_NAMES, PageValue, read_page_values
from gongkai.search.postings import BUCKET_BITS, BUCKET_COUNT, find_changed_buckets, read_slices
from gongkai.search.shards import build_shards
from gongkai.search.suggestions import suggestion_files

_GRAMS, _CONTEXTS = f"{INDEX_FOLDER}grams/", f"{INDEX_FOLDER}contexts/"
_NAMES = f"{INDEX_FOLDER}names"
_PAGES_PER_SHARD = 2
"""Keeps a shard at about 1 KB."""
_KIND, _YEAR, _GRADE, _SCORE, _AMOUNT, _VALUES = range(6)
_ZERO = ord("0")
_MIN_BITS, _MAX_BITS = 4, 16
"""Number of leading hash bits that select a shard; a hash has 16."""
_BUCKETS_PER_JOB = 64
"""Number of buckets that a worker merges at a time."""


@dataclass(frozen=True, slots=True)
class MergeJob:
    """Shards to be built by one worker."""

    posting_files: tuple[Path, ...]
    """One per unit, in order of units."""
    groups: tuple[tuple[int, ...], ...]
    """Groups of buckets; a group becomes one shard, or a group of one bucket becomes several."""
    bits: int
    out: Path
    known_hashes: Mapping[str, str]


def build_site_index(
    units: Mapping[str, IndexedUnit], location: IndexLocation, workers: Workers
) -> Iterator[OutputFile]:
    """Write all files of the index except the texts; only those that change are built again."""
    bits = _shard_bits(units)
    groups = _bucket_groups(bits)
    if _has_same_layout(units, location.previous_units):
        changed = _changed_buckets(units, location)
        groups = [group for group in groups if not changed.isdisjoint(group)]
        rebuilt = {
            path
            for group in groups
            for shard in _shards_of(group, bits)
            for path in _shard_paths(shard)
        }
        for path, file in location.previous_files.items():
            if path.startswith((_GRAMS, _CONTEXTS)) and file.path not in rebuilt:
                yield file
    for files in workers.map_unordered(
        merge_shards, list(_merge_jobs(units, groups, bits, location))
    ):
        yield from files
    yield from _write_tables(units, bits, location)


def _write_tables(
    units: Mapping[str, IndexedUnit], bits: int, location: IndexLocation
) -> Iterator[OutputFile]:
    """Write the tables; those that would not change are taken from the previous index."""
    is_same = _has_same_layout(units, location.previous_units)
    previous = location.previous_units if is_same else {}
    keep_names = _is_unchanged(units, previous, lambda unit: (unit.names, unit.pinyin))
    keep_pages = keep_names and _is_unchanged(
        units, previous, lambda unit: (unit.page_facts, unit.block_counts)
    )
    for path, file in location.previous_files.items():
        if not path.startswith((_GRAMS, _CONTEXTS)) and (
            keep_names if path.startswith(_NAMES) else keep_pages
        ):
            yield file
    tables = (
        () if keep_names else name_tables(units),
        () if keep_pages else page_tables(units, bits),
    )
    for name, data in chain(*tables):
        yield write_file(f"{INDEX_FOLDER}{name}", data, location.out, location.known_hashes)


def _is_unchanged(
    units: Mapping[str, IndexedUnit],
    previous: Mapping[str, IndexedUnit],
    fields_of: Callable[[IndexedUnit], object],
) -> bool:
    """Whether these fields of all units are as in the previous index."""
    return bool(previous) and all(
        fields_of(unit) == fields_of(previous[name]) for name, unit in units.items()
    )


def merge_shards(job: MergeJob) -> list[OutputFile]:
    """Merge the units' posting lists into shards, and write these."""
    buckets = [bucket for group in job.groups for bucket in group]
    numbers = [shard for group in job.groups for shard in _shards_of(group, job.bits)]
    unit_slices = [read_slices(path, buckets) for path in job.posting_files]
    contents = build_shards(unit_slices, numbers, job.bits)
    return [
        write_file(path, data, job.out, job.known_hashes)
        for number, shard in zip(numbers, contents, strict=True)
        for path, data in zip(_shard_paths(number), shard, strict=True)
    ]


def _shard_bits(units: Mapping[str, IndexedUnit]) -> int:
    """Return the number of hash bits that select a shard."""
    pages = sum(len(unit.page_facts) for unit in units.values())
    return min(max(_MIN_BITS, round(math.log2(max(1, pages / _PAGES_PER_SHARD)))), _MAX_BITS)


def _has_same_layout(units: Mapping[str, IndexedUnit], previous: Mapping[str, IndexedUnit]) -> bool:
    """Whether two indexes have equally many shards, and the units in the same order."""
    return list(units) == list(previous) and _shard_bits(units) == _shard_bits(previous)


def _bucket_groups(bits: int) -> list[tuple[int, ...]]:
    size = 1 << max(0, BUCKET_BITS - bits)
    return [tuple(range(first, first + size)) for first in range(0, BUCKET_COUNT, size)]


def _shards_of(group: tuple[int, ...], bits: int) -> range:
    """Return the numbers of the shards that a group of buckets becomes."""
    if bits <= BUCKET_BITS:
        first = group[0] >> (BUCKET_BITS - bits)
        return range(first, first + 1)
    return range(group[0] << (bits - BUCKET_BITS), (group[0] + 1) << (bits - BUCKET_BITS))


def _shard_paths(shard: int) -> tuple[str, str]:
    """Return the paths of a shard's posting lists and of its contexts."""
    return f"{_GRAMS}{shard}.bin", f"{_CONTEXTS}{shard}.bin"


def _changed_buckets(units: Mapping[str, IndexedUnit], location: IndexLocation) -> set[int]:
    """Return the buckets in which any unit's postings have changed."""
    names = [
        (location.previous_units[slug].posting_file, unit.posting_file)
        for slug, unit in units.items()
    ]
    folder = location.posting_folder
    pairs = [(folder / old, folder / new) for old, new in names if old != new]
    return {bucket for old, new in pairs for bucket in find_changed_buckets(old, new)}


def _merge_jobs(
    units: Mapping[str, IndexedUnit],
    groups: Sequence[tuple[int, ...]],
    bits: int,
    location: IndexLocation,
) -> Iterator[MergeJob]:
    folder = location.posting_folder.absolute()
    posting_files = tuple(folder / unit.posting_file for unit in units.values())
    step = max(1, _BUCKETS_PER_JOB // max(1, len(groups[0]))) if groups else 1
    for start in range(0, len(groups), step):
        job_groups = tuple(groups[start : start + step])
        paths = [
            path
            for group in job_groups
            for shard in _shards_of(group, bits)
            for path in _shard_paths(shard)
        ]
        known_hashes = {
            path: location.known_hashes[path] for path in paths if path in location.known_hashes
        }
        yield MergeJob(posting_files, job_groups, bits, location.out.absolute(), known_hashes)


def page_tables(units: Mapping[str, IndexedUnit], bits: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the tables of pages: facts, figures for sorting, and for filters."""
    pages = [page for unit in units.values() for page in unit.page_facts]
    departments = sorted({unit.names.department for unit in units.values()} - {""})
    years = sorted({page[_YEAR] for page in pages} - {""})
    kinds, grades = [kind.value for kind in Category], [grade.value for grade in Grade]
    yield "pages.json.bin", _pack_json({
        "bits": bits,
        "units": [
            [
                slug,
                unit.names.unit,
                list(unit.names.other_names),
                _value_number(departments, unit.names.department),
                len(unit.page_facts),
            ]
            for slug, unit in units.items()
        ],
        "department": departments,
        "kind": kinds,
        "year": years,
        "grade": grades,
        "kinds": _encode_column(kinds, (page[_KIND] for page in pages)),
        "years": _encode_column(years, (page[_YEAR] for page in pages)),
        "grades": _encode_column(grades, (page[_GRADE] for page in pages)),
        "blocks": "".join(unit.block_counts for unit in units.values()),
    })  # fmt: skip
    figures = {"score": _SCORE, "amount": _AMOUNT}
    yield "figures.json.bin", _pack_json({
        name: [float(page[column]) if page[column] else None for page in pages]
        for name, column in figures.items()
    })  # fmt: skip
    for year in years:
        values = [
            (number, value)
            for number, page in enumerate(pages)
            if page[_YEAR] == year
            for value in read_page_values(page[_VALUES])
        ]
        for name in VALUE_NAMES:
            column = [pair for pair in values if pair[1].name == name]
            yield f"values/{year}/{name}.json.bin", _pack_json(_value_columns(column))


def _value_columns(values: Iterable[tuple[int, PageValue]]) -> Mapping[str, Sequence[object]]:
    """Return a figure of some pages as columns: page numbers (as distances), numbers, anchors.

    A number is null if none is filed; a pair if it should be another one.
    """
    pages, numbers, anchors, last = list[int](), list[object](), list[str](), 0
    for page, value in values:
        pages.append(page - last)
        last = page
        number = float(value.number) if value.number else None
        numbers.append([number, float(value.computed)] if value.computed else number)
        anchors += [value.anchor.removeprefix("i-")] if value.anchor else []
    return {"page": pages, "number": numbers, "anchor": anchors}


def name_tables(units: Mapping[str, IndexedUnit]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the tables of names, from which the browser makes suggestions."""
    for name, table in suggestion_files(units):
        yield f"{name}.json.bin", _pack_json(table)


def _encode_column(values: Sequence[str], cells: Iterable[str]) -> str:
    """Encode a column as one character per page: "0" if unknown, else the value's number from 1."""
    codes = {value: chr(_ZERO + number) for number, value in enumerate(values, start=1)}
    return "".join(codes.get(cell, chr(_ZERO)) for cell in cells)


def _value_number(values: Sequence[str], value: str) -> int:
    return values.index(value) + 1 if value in values else 0


def _pack_json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), 9)
