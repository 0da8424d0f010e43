"""In which pages a character or a sequence of two stands: a unit's part, and parts put together.

A page is here a page or, of long ones, a piece. A unit's part is a file: its grams in the order of
their hashes, of each the sizes of three lists, then the lists. They are of all pages that have it, of
those that have it in a name, of those that have it in their title.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongkai.runtime.errors import MissingError
from gongkai.search.ngrams import HASH_BITS, Alphabet, Numbers, hashes
from gongkai.search.ragged_arrays import (
    Bytes,
    Rows,
    Sizes,
    before,
    beside,
    firsts,
    spread,
    taken,
    varints,
)

BUCKET_BITS = 10
BUCKETS = 1 << BUCKET_BITS
"""In so many slices, by hash, a part can be read."""
LISTS = 3
"""How many a gram has."""
_RECORD = np.dtype([("gram", "<u8"), ("sizes", "<u4", LISTS)])
_HEAD = 2 * 4 * (BUCKETS + 1)
"""Bytes before the records: where each slice's records begin, and where its lists do."""


class Piece(NamedTuple):
    """A page, or a piece of a page."""

    text: str
    names: Sequence[str] = ()
    title: Sequence[str] = ()


class Slice(NamedTuple):
    """Some of a unit's grams, in order, and their lists."""

    records: NDArray[np.void]
    lists: Bytes


def part(pages: Sequence[Piece]) -> bytes:
    """The part of a unit, whose pages are numbered as they come."""
    alphabet = Alphabet.of([each.text for each in pages])
    text = alphabet.cut((each.text, page) for page, each in enumerate(pages))
    names = alphabet.cut((name, page) for page, each in enumerate(pages) for name in each.names)
    title = alphabet.cut((name, page) for page, each in enumerate(pages) for name in each.title)
    places = alphabet.apart(text)[0]
    places = places[firsts(places)]
    grams = alphabet.grams(places)
    columns = list[Rows]()
    for found in (text, _among(names, text), _among(title, text)):
        its, where = alphabet.apart(found)
        columns.append(_lists(np.searchsorted(places, its), where, len(places), len(pages)))
    order = np.lexsort((grams, hashes(grams)))
    return _packed(grams[order], columns, order)


def _packed(grams: Numbers, columns: Sequence[Rows], order: NDArray[np.int64]) -> bytes:
    """A part's bytes."""
    records = np.zeros(len(grams), _RECORD)
    records["gram"] = grams
    records["sizes"] = np.stack([each.sizes for each in columns], axis=1)[order]
    every = beside(columns)
    lists = taken(every.data, every.starts[order], every.sizes[order])
    slices = hashes(grams) >> np.uint16(HASH_BITS - BUCKET_BITS)
    begins = np.searchsorted(slices, np.arange(BUCKETS + 1))
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(every.sizes[order])))
    head = np.concatenate((begins, ends[begins])).astype("<u4")
    return head.tobytes() + records.tobytes() + lists.tobytes()


def _among(some: Numbers, all_: Numbers) -> Numbers:
    """Those of some numbers that are among others; all are in order."""
    if not len(all_):
        return some[:0]
    at = np.minimum(np.searchsorted(all_, some), len(all_) - 1)
    there: Numbers = some[all_[at] == some]
    return there


def _lists(gram: NDArray[np.int64], page: NDArray[np.int64], grams: int, pages: int) -> Rows:
    """Of each gram the pages that have it; a row is empty where none has.

    0 is all of them, 1 the one that follows, n + 1 so many bytes, of which each bit is a page.
    """
    count = np.bincount(gram, minlength=grams)
    last = np.zeros(grams, np.int64)
    last[gram] = page  # In order: the last remains.
    single, every = count == 1, count == pages
    length = np.where((count > 1) & ~every, last // 8 + 1, 0)
    bits = np.zeros(length.sum(), np.uint8)
    many = length[gram] > 0
    gram, page = gram[many], page[many]
    np.add.at(bits, before(length)[gram] + page // 8, (1 << page % 8).astype(np.uint8))
    first = np.where(every, 0, np.where(single, 1, length + 1))
    return beside([
        _where(varints(first.astype(np.uint64)), count > 0),
        _where(varints(last.astype(np.uint64)), single & ~every),
        Rows(bits, length),
    ])  # fmt: skip


def _where(rows: Rows, there: NDArray[np.bool_]) -> Rows:
    """Some rows; the others become empty."""
    data = taken(rows.data, rows.starts[there], rows.sizes[there])
    return Rows(data, np.where(there, rows.sizes, 0))


def slices(path: Path, buckets: Sequence[int]) -> Slice:
    """Some slices of a part, in order; MissingError where the disk has not kept the whole of it."""
    first, end = buckets[0], buckets[-1] + 1
    with path.open("rb") as file:
        starts, places = _places(path, file.read(_HEAD))
        file.seek(int(_HEAD + starts[first] * _RECORD.itemsize))
        records = np.fromfile(file, _RECORD, int(starts[end] - starts[first]))
        file.seek(int(_HEAD + starts[-1] * _RECORD.itemsize + places[first]))
        lists = np.fromfile(file, np.uint8, int(places[end] - places[first]))
    if end - first == len(buckets):
        return Slice(records, lists)
    its = np.array(buckets)
    begins, sizes = starts[its] - starts[first], starts[its + 1] - starts[its]
    some = records[spread(begins, sizes)]
    return Slice(some, lists[spread(places[its] - places[first], places[its + 1] - places[its])])


def _places(path: Path, head: bytes) -> tuple[Sizes, Sizes]:
    """Where each slice's records begin, and its lists; one more for the end."""
    if len(head) == _HEAD:
        every = np.frombuffer(head, "<u4").astype(np.int64)
        starts, places = every[: BUCKETS + 1], every[BUCKETS + 1 :]
        if _HEAD + starts[-1] * _RECORD.itemsize + places[-1] == path.stat().st_size:
            return starts, places
    raise MissingError(f"索引的中间文件 {path.name} 不完整；请运行 gongkai build --fresh")


def changed(old: Path, new: Path) -> Iterator[int]:
    """In which slices two parts of a unit differ; all where the disk has not kept the whole of one."""
    try:
        pairs = list(zip(_stretches(old), _stretches(new), strict=True))
    except MissingError:
        yield from range(BUCKETS)
    else:
        yield from (bucket for bucket, (here, there) in enumerate(pairs) if here != there)


def _stretches(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """The bytes of each slice: its records and its lists."""
    data = path.read_bytes()
    starts, places = _places(path, data[:_HEAD])
    records = (_HEAD + starts * _RECORD.itemsize).tolist()
    lists = (records[-1] + places).tolist()
    for bucket in range(BUCKETS):
        yield (
            data[records[bucket] : records[bucket + 1]],
            data[lists[bucket] : lists[bucket + 1]],
        )
