"""Ragged arrays of bytes: rows of different lengths in one buffer, processed all at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

ByteArray = NDArray[np.uint8]
IntArray = NDArray[np.int64]


class RaggedArray(NamedTuple):
    """Rows of bytes in one buffer, and the size of every row."""

    data: ByteArray
    sizes: IntArray

    @property
    def starts(self) -> IntArray:
        """Offset of every row."""
        return row_offsets(self.sizes)


def run_starts(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Return a mask of the values that differ from the one before."""
    return np.concatenate((np.ones(min(1, len(ordered)), bool), ordered[1:] != ordered[:-1]))


def row_offsets(sizes: IntArray) -> IntArray:
    """Return the exclusive prefix sum: the offset of every row."""
    return np.cumsum(sizes) - sizes


def encode_leb128(values: NDArray[np.uint64]) -> RaggedArray:
    """Encode numbers as unsigned LEB128, one row per number."""
    sizes = np.ones(len(values), np.int64)
    for bits in range(7, 64, 7):
        more = values >= np.uint64(1) << np.uint64(bits)
        if not more.any():
            break
        sizes += more
    if len(values) and sizes.max() == 1:
        return RaggedArray(values.astype(np.uint8), sizes)
    rows = np.repeat(np.arange(len(values)), sizes)
    position = np.arange(len(rows)) - row_offsets(sizes)[rows]
    data = (values[rows] >> (7 * position).astype(np.uint64) & np.uint64(127)).astype(np.uint8)
    data[position < sizes[rows] - 1] |= 128
    return RaggedArray(data, sizes)


def hstack(columns: Sequence[RaggedArray]) -> RaggedArray:
    """Concatenate columns row by row; all must have the same number of rows."""
    starts, offset = list[IntArray](), 0
    for column in columns:
        starts.append(column.starts + offset)
        offset += len(column.data)
    data = np.concatenate([column.data for column in columns])
    sizes = np.stack([column.sizes for column in columns], axis=1)
    rows = take_ranges(data, np.stack(starts, axis=1).ravel(), sizes.ravel())
    return RaggedArray(rows, sizes.sum(axis=1))


def vstack(first: RaggedArray, second: RaggedArray) -> RaggedArray:
    """Concatenate the rows of two arrays."""
    data = np.concatenate((first.data, second.data))
    return RaggedArray(data, np.concatenate((first.sizes, second.sizes)))


def take_ranges(data: ByteArray, starts: IntArray, sizes: IntArray) -> ByteArray:
    """Return the concatenation of ranges of `data`."""
    return data[expand_ranges(starts, sizes)]


def expand_ranges(starts: IntArray, sizes: IntArray) -> IntArray:
    """Return the concatenation of `arange(start, start + size)` for all ranges."""
    shifts = np.repeat(starts - row_offsets(sizes), sizes)
    return shifts + np.arange(len(shifts))
