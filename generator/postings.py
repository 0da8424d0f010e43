"""In which pages a character or a sequence of two stands: a unit's part, and parts put together.

A page is here a page or, of long ones, a piece. A unit's part is a file of 1,024 slices by hash, so that a slice can be read without the rest.
A shard, which browsers fetch, holds for each gram three lists: of all pages that have it, of those
that have it in a name, of those that have it in their title. A list goes unit by unit: how many
units are passed over, then the pages within the unit, as _pages() writes them.
"""

import marshal
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from generator.grams import HASH_BITS, gram_hash

BUCKET_BITS = 10
BUCKETS = 1 << BUCKET_BITS
"""How many slices a part has."""
_FORMAT = 2
"""Of marshal: the newest that writes equal things equally, whoever else refers to them."""
_HEAD = 4 * (BUCKETS + 1)
Slice = list[tuple[int, bytes, bytes, bytes]]
"""Grams in order, each with the unit's pages: all, those with it in a name, in the title."""


class Occurrences(NamedTuple):
    """The grams of one page, or piece of a page."""

    text: AbstractSet[int]
    names: AbstractSet[int]
    title: AbstractSet[int]


def part(pages: Sequence[Occurrences]) -> bytes:
    """The part of a unit, whose pages are numbered as they come."""
    text = _inverted(each.text for each in pages)
    names = _inverted(each.names for each in pages)
    title = _inverted(each.title for each in pages)
    slices: list[Slice] = [[] for _ in range(BUCKETS)]
    count = len(pages)
    for gram in sorted(text):
        there = _pages(text[gram], count)
        named = _pages(names[gram], count) if gram in names else b""
        titled = _pages(title[gram], count) if gram in title else b""
        slices[gram_hash(gram) >> (HASH_BITS - BUCKET_BITS)].append((gram, there, named, titled))
    data = [marshal.dumps(each, _FORMAT) if each else b"" for each in slices]
    offsets = array("I", [_HEAD])
    for each in data:
        offsets.append(offsets[-1] + len(each))
    return offsets.tobytes() + b"".join(data)


def _inverted(pages: Iterable[AbstractSet[int]]) -> dict[int, int]:
    """For each gram the pages that have it, as the bits of a number."""
    found: defaultdict[int, int] = defaultdict(int)
    for number, each in enumerate(pages):
        bit = 1 << number
        for gram in each:
            found[gram] |= bit
    return found


@lru_cache(maxsize=1 << 14)
def _pages(bits: int, count: int) -> bytes:
    """Pages of a unit that has `count`: 0 all of them, 1 the one that follows, n + 1 so many bytes."""
    if bits == (1 << count) - 1:
        return b"\0"
    if bits.bit_count() == 1:
        return b"\1" + varint(bits.bit_length() - 1)
    length = (bits.bit_length() + 7) // 8
    return varint(length + 1) + bits.to_bytes(length, "little")


@lru_cache(maxsize=1 << 14)
def varint(number: int) -> bytes:
    """A number in as few bytes as it takes: seven bits each, the lowest first."""
    made = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


def changed(old: Path, new: Path) -> Iterator[int]:
    """In which slices two parts of a unit differ."""
    ours, theirs = old.read_bytes(), new.read_bytes()
    places, others = _offsets(ours), _offsets(theirs)
    for bucket in range(BUCKETS):
        here = ours[places[bucket] : places[bucket + 1]]
        if here != theirs[others[bucket] : others[bucket + 1]]:
            yield bucket


def _offsets(data: bytes) -> "array[int]":
    offsets = array("I")
    offsets.frombytes(data[:_HEAD])
    return offsets


def slices(path: Path, buckets: Sequence[int]) -> list[bytes]:
    """Some slices of a part, as bytes."""
    with path.open("rb") as file:
        places = _offsets(file.read(_HEAD))
        found: list[bytes] = []
        for bucket in buckets:
            if file.tell() != places[bucket]:
                file.seek(places[bucket])
            found.append(file.read(places[bucket + 1] - places[bucket]))
    return found


@dataclass(slots=True)
class _List:
    """The pages of a gram, unit by unit."""

    data: bytearray = field(default_factory=bytearray)
    last: int = -1

    def add(self, unit: int, pages: bytes) -> None:
        """Go on with it; units come in order."""
        self.data += varint(unit - self.last - 1) + pages
        self.last = unit


Lists = dict[int, _List]
_NONE = _List()


def shards(units: Iterable[Iterable[bytes]], bits: int, opening: bytes) -> Iterator[bytes]:
    """Some of the 2 ** `bits` shards, from all units' slices: one that is cut, or some put together."""
    text, names, title = Lists(), Lists(), Lists()
    for unit, found in enumerate(units):
        for gram, there, named, titled in _records(found):
            _add(text, gram, unit, there)
            if named:
                _add(names, gram, unit, named)
            if titled:
                _add(title, gram, unit, titled)
    per = 1 << max(0, bits - BUCKET_BITS)
    made = [bytearray(opening) for _ in range(per)]
    for gram in sorted(text):
        shard = gram_hash(gram) >> (HASH_BITS - bits) & (per - 1)
        lists = (text[gram].data, names.get(gram, _NONE).data, title.get(gram, _NONE).data)
        codes = (gram & 0xFFFFFFFF, gram >> 32)
        made[shard] += b"".join(map(varint, (*codes, *map(len, lists)))) + b"".join(lists)
    yield from (zlib.compress(each, 6) for each in made)


def _records(found: Iterable[bytes]) -> Iterator[tuple[int, bytes, bytes, bytes]]:
    for each in found:
        if each:
            yield from marshal.loads(each)  # noqa: S302 - we wrote it ourselves


def _add(lists: Lists, gram: int, unit: int, pages: bytes) -> None:
    known = lists.get(gram)
    if known is None:
        known = lists[gram] = _List()
    known.add(unit, pages)
