"""The units' parts put together: shards, which browsers fetch.

A shard holds for each gram its characters, the sizes of three lists and the lists: of all pages that
have it, of those that have it in a name, of those that have it in their title. A list goes unit by
unit: how many units are passed over, then the pages within the unit, as a part has them.
"""

import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from gongkai.search.ngrams import HASH_BITS, Numbers, codes, hashes
from gongkai.search.postings import LISTS, Slice
from gongkai.search.ragged_arrays import Rows, Sizes, before, beside, firsts, taken, varints


def shards(
    units: Sequence[Slice], wanted: Sequence[int], bits: int, opening: bytes
) -> Iterator[bytes]:
    """Some of the 2 ** `bits` shards, in order, from slices of all units that have all their grams."""
    records = np.concatenate([each.records for each in units])
    lists = np.concatenate([each.lists for each in units])
    unit = np.repeat(np.arange(len(units)), [len(each.records) for each in units])
    order = np.lexsort((records["gram"], hashes(records["gram"])))  # Units stay in order.
    gram, unit = records["gram"][order], unit[order]
    sizes = records["sizes"].astype(np.int64)
    starts = before(sizes.ravel()).reshape(sizes.shape)[order]
    new = firsts(gram)
    which = np.cumsum(new) - 1
    columns = list[Rows]()
    for kind in range(LISTS):
        its = sizes[order, kind]
        rows = Rows(taken(lists, starts[:, kind], its), its)
        columns.append(_list(which, unit, rows, int(new.sum())))
    whole = beside([_heads(gram[new], columns), *columns])
    shard_of = hashes(gram[new]) >> np.uint16(HASH_BITS - bits)
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(whole.sizes)))
    data = whole.data.tobytes()
    for shard in wanted:
        first, end = ends[np.searchsorted(shard_of, [shard, shard + 1])]
        yield zlib.compress(opening + data[first:end], 6)


def _list(gram: Sizes, unit: Sizes, rows: Rows, count: int) -> Rows:
    """Of each gram, by its number, the units that have it, and their pages."""
    there = rows.sizes > 0
    gram, unit, sizes = gram[there], unit[there], rows.sizes[there]
    last = np.where(firsts(gram), -1, np.roll(unit, 1))
    every = beside([varints((unit - last - 1).astype(np.uint64)), Rows(rows.data, sizes)])
    return Rows(every.data, np.bincount(gram, every.sizes, count).astype(np.int64))


def _heads(grams: Numbers, columns: Sequence[Rows]) -> Rows:
    """What stands before the lists of each gram."""
    its = [*codes(grams), *(each.sizes.astype(np.uint64) for each in columns)]
    every = varints(np.stack(its, axis=1).ravel())
    return Rows(every.data, every.sizes.reshape(-1, len(its)).sum(axis=1))
