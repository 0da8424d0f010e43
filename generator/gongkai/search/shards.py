"""Shards of the site's index, which browsers fetch: the posting lists of all units merged.

For every n-gram a shard holds its code points, the sizes of three lists and the lists: of all pages
that contain it, of those with it in a name, of those with it in the title. A list goes unit by unit:
the number of units skipped, then the pages within the unit, encoded as in its posting file.

A second file goes with every shard, which browsers need less often: what follows the n-grams in all
pages, in the same order, every list after its size.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongkai.search.ngrams import HASH_BITS, Grams, hash_grams, split_grams
from gongkai.search.postings import LIST_COUNT, PAGE_LIST_COUNT, Slice
from gongkai.search.ragged_arrays import (
    IntArray,
    RaggedArray,
    encode_leb128,
    hstack,
    row_offsets,
    run_starts,
    take_ranges,
)

_LISTS_LEVEL, _CONTEXTS_LEVEL = 6, 4
"""Levels of compression: contexts, mostly hashes, hardly become smaller at higher ones."""


class Shard(NamedTuple):
    """The two files of a shard, compressed with zlib."""

    lists: bytes
    contexts: bytes


def build_shards(units: Sequence[Slice], numbers: Sequence[int], bits: int) -> Iterator[Shard]:
    """Yield the shards with these numbers, of 2 ** `bits` in all; `units` must hold all their n-grams."""
    records = np.concatenate([unit_slice.records for unit_slice in units])
    lists = np.concatenate([unit_slice.lists for unit_slice in units])
    record_counts = [len(unit_slice.records) for unit_slice in units]
    unit = np.repeat(np.arange(len(units)), record_counts)
    order = np.lexsort((records["gram"], hash_grams(records["gram"])))  # Units stay in order.
    gram, unit = records["gram"][order], unit[order]
    sizes = records["sizes"].astype(np.int64)
    starts = row_offsets(sizes.ravel()).reshape(sizes.shape)[order]
    is_first = run_starts(gram)
    gram_index = np.cumsum(is_first) - 1
    columns = list[RaggedArray]()
    for kind in range(LIST_COUNT):
        list_sizes = sizes[order, kind]
        rows = RaggedArray(take_ranges(lists, starts[:, kind], list_sizes), list_sizes)
        merge = _merge_lists if kind < PAGE_LIST_COUNT else _join_lists
        columns.append(merge(gram_index, unit, rows, int(is_first.sum())))
    *page_lists, contexts = columns
    merged = hstack([_encode_heads(gram[is_first], page_lists), *page_lists])
    sized = hstack([encode_leb128(contexts.sizes.astype(np.uint64)), contexts])
    shard_of = hash_grams(gram[is_first]) >> np.uint16(HASH_BITS - bits)
    parts = [
        _split_rows(rows, shard_of, numbers, level)
        for rows, level in ((merged, _LISTS_LEVEL), (sized, _CONTEXTS_LEVEL))
    ]
    yield from map(Shard, *parts)


def _split_rows(
    rows: RaggedArray, shard_of: NDArray[np.uint16], numbers: Sequence[int], level: int
) -> Iterator[bytes]:
    """Yield the rows of every shard, compressed."""
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(rows.sizes)))
    data = rows.data.tobytes()
    for shard in numbers:
        first, end = ends[np.searchsorted(shard_of, [shard, shard + 1])]
        yield zlib.compress(data[first:end], level)


def _merge_lists(gram: IntArray, unit: IntArray, rows: RaggedArray, gram_count: int) -> RaggedArray:
    """Concatenate the units' lists of every n-gram, with the number of units skipped before them."""
    has_pages = rows.sizes > 0
    gram, unit, sizes = gram[has_pages], unit[has_pages], rows.sizes[has_pages]
    previous = np.where(run_starts(gram), -1, np.roll(unit, 1))
    skipped = encode_leb128((unit - previous - 1).astype(np.uint64))
    merged = hstack([skipped, RaggedArray(rows.data, sizes)])
    return RaggedArray(merged.data, np.bincount(gram, merged.sizes, gram_count).astype(np.int64))


def _join_lists(gram: IntArray, unit: IntArray, rows: RaggedArray, gram_count: int) -> RaggedArray:
    """Concatenate the units' lists of every n-gram."""
    del unit
    return RaggedArray(rows.data, np.bincount(gram, rows.sizes, gram_count).astype(np.int64))


def _encode_heads(grams: Grams, columns: Sequence[RaggedArray]) -> RaggedArray:
    """Encode what precedes the lists of an n-gram: its code points and the sizes of the lists."""
    fields = [*split_grams(grams), *(column.sizes.astype(np.uint64) for column in columns)]
    values = encode_leb128(np.stack(fields, axis=1).ravel())
    return RaggedArray(values.data, values.sizes.reshape(-1, len(fields)).sum(axis=1))
