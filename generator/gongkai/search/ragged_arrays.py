"""Rows of bytes, each of its own length, one after another: made and put together all at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Sizes = NDArray[np.int64]


class Rows(NamedTuple):
    """Bytes, and how many of them each row has."""

    data: Bytes
    sizes: Sizes

    @property
    def starts(self) -> Sizes:
        """Where each row begins."""
        return before(self.sizes)


def firsts(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Which numbers are not as the one before."""
    return np.concatenate((np.ones(min(1, len(ordered)), bool), ordered[1:] != ordered[:-1]))


def before(sizes: Sizes) -> Sizes:
    """What all rows before each one have together."""
    return np.cumsum(sizes) - sizes


def varints(values: NDArray[np.uint64]) -> Rows:
    """Numbers in as few bytes as they take: seven bits each, the lowest first, 128 where more follow."""
    sizes = np.ones(len(values), np.int64)
    for bits in range(7, 64, 7):
        more = values >= np.uint64(1) << np.uint64(bits)
        if not more.any():
            break
        sizes += more
    if len(values) and sizes.max() == 1:
        return Rows(values.astype(np.uint8), sizes)
    which = np.repeat(np.arange(len(values)), sizes)
    nth = np.arange(len(which)) - before(sizes)[which]
    data = (values[which] >> (7 * nth).astype(np.uint64) & np.uint64(127)).astype(np.uint8)
    data[nth < sizes[which] - 1] |= 128
    return Rows(data, sizes)


def beside(columns: Sequence[Rows]) -> Rows:
    """Columns that have as many rows, side by side; each row's bytes one after another."""
    starts, offset = list[Sizes](), 0
    for each in columns:
        starts.append(each.starts + offset)
        offset += len(each.data)
    data = np.concatenate([each.data for each in columns])
    sizes = np.stack([each.sizes for each in columns], axis=1)
    return Rows(taken(data, np.stack(starts, axis=1).ravel(), sizes.ravel()), sizes.sum(axis=1))


def taken(data: Bytes, starts: Sizes, sizes: Sizes) -> Bytes:
    """Some stretches of bytes, one after another."""
    return data[spread(starts, sizes)]


def spread(starts: Sizes, sizes: Sizes) -> Sizes:
    """All numbers of some stretches of numbers, one after another."""
    moved = np.repeat(starts - before(sizes), sizes)
    return moved + np.arange(len(moved))
