"""N-gram posting lists of a unit: build them, read slices of them, compare two versions.

Pages are numbered by piece: a long page counts as several. A posting file holds the n-grams in order
of their hashes, with the sizes of four lists, and then the lists: of all pages that contain the
n-gram, of those with it in a name, of those with it in the title; and of its contexts in all pages.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongkai.runtime.errors import UnavailableError
from gongkai.search.ngrams import (
    CONTEXT_BITS,
    HASH_BITS,
    Alphabet,
    Contexts,
    Grams,
    amount_grams,
    hash_grams,
    normalized_text,
)
from gongkai.search.ragged_arrays import (
    ByteArray,
    IntArray,
    RaggedArray,
    encode_leb128,
    expand_ranges,
    hstack,
    row_offsets,
    run_starts,
    take_ranges,
    vstack,
)

BUCKET_BITS = 10
BUCKET_COUNT = 1 << BUCKET_BITS
"""Number of buckets of a posting file, by leading hash bits; every bucket can be read by itself."""
PAGE_LIST_COUNT = 3
LIST_COUNT = PAGE_LIST_COUNT + 1
"""Number of lists per n-gram: three of pages, one of contexts."""
_MORE_CONTEXTS = 1 << CONTEXT_BITS
"""Set in a context that is followed by another one of the same page."""
_RECORD = np.dtype([("gram", "<u8"), ("sizes", "<u4", LIST_COUNT)])
_HEADER_SIZE = 2 * 4 * (BUCKET_COUNT + 1)
"""Bytes before the records: the offsets of every bucket's records and lists."""


class Piece(NamedTuple):
    """A page, or a piece of a long page."""

    text: str
    names: Sequence[str] = ()
    title: Sequence[str] = ()
    amounts: Sequence[int] = ()
    """Keys of the amounts in the text (see amounts)."""


class Slice(NamedTuple):
    """N-grams of some buckets, in order, and their lists."""

    records: NDArray[np.void]
    lists: ByteArray


def build_postings(pages: Sequence[Piece]) -> bytes:
    """Return the content of a unit's posting file; pages are numbered in the order given."""
    content = normalized_text([page.text for page in pages])
    alphabet = Alphabet.of_text(content, len(pages))
    occurrences = alphabet.extract_contexts(content)
    text = occurrences[0][run_starts(occurrences[0])]
    names = alphabet.extract_postings(
        (name, number) for number, page in enumerate(pages) for name in page.names
    )
    title = alphabet.extract_postings(
        (name, number) for number, page in enumerate(pages) for name in page.title
    )
    encoded = alphabet.split_postings(text)[0]
    encoded = encoded[run_starts(encoded)]
    grams = alphabet.decode(encoded)
    columns = list[RaggedArray]()
    for postings in (text, _intersect(names, text), _intersect(title, text)):
        gram_codes, page_numbers = alphabet.split_postings(postings)
        gram_indexes = np.searchsorted(encoded, gram_codes)
        columns.append(_encode_lists(gram_indexes, page_numbers, len(encoded), len(pages)))
    columns.append(_encode_contexts(alphabet, *occurrences, encoded))
    amounts, amount_lists = _list_amounts(pages)
    grams = np.concatenate((grams, amounts))
    empty = RaggedArray(np.zeros(0, np.uint8), np.zeros(len(amounts), np.int64))
    rest = (amount_lists, *[empty] * (LIST_COUNT - 1))
    columns = [vstack(*pair) for pair in zip(columns, rest, strict=True)]
    order = np.lexsort((grams, hash_grams(grams)))
    return _pack_postings(grams[order], columns, order)


def _list_amounts(pages: Sequence[Piece]) -> tuple[Grams, RaggedArray]:
    """Return the amounts as n-grams that no text contains, and the pages of every one."""
    pairs = sorted({(key, number) for number, page in enumerate(pages) for key in page.amounts})
    keys = np.array([key for key, _ in pairs], np.uint64)
    numbers = np.array([number for _, number in pairs], np.int64)
    is_first = run_starts(keys)
    gram_indexes = np.cumsum(is_first) - 1
    lists = _encode_lists(gram_indexes, numbers, int(is_first.sum()), len(pages))
    return amount_grams(keys[is_first]), lists


def _pack_postings(grams: Grams, columns: Sequence[RaggedArray], order: NDArray[np.int64]) -> bytes:
    """Return the bytes of a posting file: offsets, records, lists."""
    records = np.zeros(len(grams), _RECORD)
    records["gram"] = grams
    records["sizes"] = np.stack([column.sizes for column in columns], axis=1)[order]
    rows = hstack(columns)
    lists = take_ranges(rows.data, rows.starts[order], rows.sizes[order])
    buckets = hash_grams(grams) >> np.uint16(HASH_BITS - BUCKET_BITS)
    record_starts = np.searchsorted(buckets, np.arange(BUCKET_COUNT + 1))
    list_ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(rows.sizes[order])))
    header = np.concatenate((record_starts, list_ends[record_starts])).astype("<u4")
    return header.tobytes() + records.tobytes() + lists.tobytes()


def _intersect(postings: Grams, others: Grams) -> Grams:
    """Return the postings that are also in `others`; both are sorted."""
    if not len(others):
        return postings[:0]
    positions = np.minimum(np.searchsorted(others, postings), len(others) - 1)
    common: Grams = postings[others[positions] == postings]
    return common


def _encode_lists(
    gram: NDArray[np.int64], page: NDArray[np.int64], gram_count: int, page_count: int
) -> RaggedArray:
    """Encode the list of pages of every n-gram; a row is empty if no page has it.

    A list begins with 0 for all pages, with 1 for the single page that follows, or with n + 1 for a
    bit set of n bytes.
    """
    count = np.bincount(gram, minlength=gram_count)
    last = np.zeros(gram_count, np.int64)
    last[gram] = page  # In order: the last remains.
    is_single, is_full = count == 1, count == page_count
    length = np.where((count > 1) & ~is_full, last // 8 + 1, 0)
    bits = np.zeros(length.sum(), np.uint8)
    in_bit_set = length[gram] > 0
    gram, page = gram[in_bit_set], page[in_bit_set]
    np.add.at(bits, row_offsets(length)[gram] + page // 8, (1 << page % 8).astype(np.uint8))
    head = np.where(is_full, 0, np.where(is_single, 1, length + 1))
    return hstack([
        _mask_rows(encode_leb128(head.astype(np.uint64)), count > 0),
        _mask_rows(encode_leb128(last.astype(np.uint64)), is_single & ~is_full),
        RaggedArray(bits, length),
    ])  # fmt: skip


def _encode_contexts(
    alphabet: Alphabet, postings: Grams, contexts: Contexts, encoded: Grams
) -> RaggedArray:
    """Encode the contexts of every n-gram, page by page: two bytes for one; none of characters."""
    data = contexts.astype("<u2")
    data[:-1][postings[:-1] == postings[1:]] |= _MORE_CONTEXTS
    gram_codes = alphabet.split_postings(postings)[0]
    counts = np.diff(np.append(np.searchsorted(gram_codes, encoded), len(gram_codes)))
    is_longer = alphabet.is_longer_than_one(encoded)
    kept = data[np.repeat(is_longer, counts)]
    return RaggedArray(kept.view(np.uint8), np.where(is_longer, 2 * counts, 0))


def _mask_rows(rows: RaggedArray, mask: NDArray[np.bool_]) -> RaggedArray:
    """Keep the rows of the mask; the others become empty."""
    data = take_ranges(rows.data, rows.starts[mask], rows.sizes[mask])
    return RaggedArray(data, np.where(mask, rows.sizes, 0))


def read_slices(path: Path, buckets: Sequence[int]) -> Slice:
    """Read buckets of a posting file, in ascending order; raise UnavailableError if it is truncated."""
    first, end = buckets[0], buckets[-1] + 1
    with path.open("rb") as file:
        record_starts, list_starts = _read_offsets(path, file.read(_HEADER_SIZE))
        file.seek(int(_HEADER_SIZE + record_starts[first] * _RECORD.itemsize))
        records = np.fromfile(file, _RECORD, int(record_starts[end] - record_starts[first]))
        file.seek(int(_HEADER_SIZE + record_starts[-1] * _RECORD.itemsize + list_starts[first]))
        lists = np.fromfile(file, np.uint8, int(list_starts[end] - list_starts[first]))
    if end - first == len(buckets):
        return Slice(records, lists)
    chosen = np.array(buckets)
    record_ranges = expand_ranges(
        record_starts[chosen] - record_starts[first],
        record_starts[chosen + 1] - record_starts[chosen],
    )
    list_ranges = expand_ranges(
        list_starts[chosen] - list_starts[first], list_starts[chosen + 1] - list_starts[chosen]
    )
    return Slice(records[record_ranges], lists[list_ranges])


def _read_offsets(path: Path, header: bytes) -> tuple[IntArray, IntArray]:
    """Return the offsets of every bucket's records and lists, and of the end of the last one."""
    if len(header) == _HEADER_SIZE:
        offsets = np.frombuffer(header, "<u4").astype(np.int64)
        record_starts, list_starts = offsets[: BUCKET_COUNT + 1], offsets[BUCKET_COUNT + 1 :]
        size = _HEADER_SIZE + record_starts[-1] * _RECORD.itemsize + list_starts[-1]
        if size == path.stat().st_size:
            return record_starts, list_starts
    raise UnavailableError(f"索引的中间文件 {path.name} 不完整；请运行 gongkai build --fresh")


def find_changed_buckets(old: Path, new: Path) -> Iterator[int]:
    """Yield the buckets in which two posting files differ."""
    pairs = zip(_bucket_bytes(old), _bucket_bytes(new), strict=True)
    for bucket, (old_bytes, new_bytes) in enumerate(pairs):
        if old_bytes != new_bytes:
            yield bucket


def _bucket_bytes(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield the records and the lists of every bucket."""
    data = path.read_bytes()
    record_starts, list_starts = _read_offsets(path, data[:_HEADER_SIZE])
    records = (_HEADER_SIZE + record_starts * _RECORD.itemsize).tolist()
    lists = (records[-1] + list_starts).tolist()
    for bucket in range(BUCKET_COUNT):
        yield (
            data[records[bucket] : records[bucket + 1]],
            data[lists[bucket] : lists[bucket + 1]],
        )
