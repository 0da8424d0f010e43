"""A unit's part and the shards put together, against what stands in the texts themselves."""

import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from gongkai.runtime.errors import MissingError
from gongkai.search.ngrams import HASH_BITS, hashes
from gongkai.search.normalize import folded
from gongkai.search.postings import BUCKET_BITS, BUCKETS, Piece, changed, part, slices
from gongkai.search.shards import shards

_OPENING = b"12345678"
_BEYOND = 0x110000
Lists = tuple[set[tuple[int, int]], set[tuple[int, int]], set[tuple[int, int]]]
"""Units and their pages: all with a gram, those with it in a name, in the title."""


class Reading:
    """A shard read as a browser reads it."""

    def __init__(self, data: bytes, pages: Sequence[int]) -> None:
        self.data, self.at, self.pages = data, 0, pages

    def number(self) -> int:
        """The next number."""
        made, shift = 0, 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            made |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return made

    def grams(self) -> Iterator[tuple[tuple[int, int], Lists]]:
        """Every gram and its lists."""
        while self.at < len(self.data):
            gram = (self.number(), self.number())
            sizes = [self.number() for _ in range(3)]
            yield gram, (self.list(sizes[0]), self.list(sizes[1]), self.list(sizes[2]))

    def list(self, size: int) -> set[tuple[int, int]]:
        """The next list."""
        found, unit, end = set[tuple[int, int]](), -1, self.at + size
        while self.at < end:
            unit += self.number() + 1
            head = self.number()
            if head == 0:
                found |= {(unit, page) for page in range(self.pages[unit])}
            elif head == 1:
                found.add((unit, self.number()))
            else:
                bits = int.from_bytes(self.data[self.at : self.at + head - 1], "little")
                found |= {(unit, page) for page in range(self.pages[unit]) if bits >> page & 1}
                self.at += head - 1
        assert self.at == end
        return found


def _cut(text: str) -> set[tuple[int, int]]:
    """The grams of a text, by its characters."""
    found = {(ord(sign), 0) for sign in text}
    found |= {(ord(one), ord(two)) for one, two in itertools.pairwise(text)}
    for one, two, three in re.findall(r"(?=(.)([0-9.])(.))", text, re.DOTALL):
        found.add((ord(one), _BEYOND + (ord(two) << 21) + ord(three)))
    return found


def _right(units: Sequence[Sequence[Piece]]) -> dict[tuple[int, int], Lists]:
    right: dict[tuple[int, int], Lists] = {}
    for unit, pages in enumerate(units):
        for page, each in enumerate(pages):
            text = _cut(folded(each.text))
            names = set[tuple[int, int]]().union(*map(_cut, map(folded, each.names)))
            title = set[tuple[int, int]]().union(*map(_cut, map(folded, each.title)))
            for kind, grams in enumerate((text, names & text, title & text)):
                for gram in grams:
                    right.setdefault(gram, (set(), set(), set()))[kind].add((unit, page))
    return right


def _units(rnd: Random, count: int, signs: str) -> list[list[Piece]]:
    def words(most: int) -> str:
        return "".join(rnd.choices(signs, k=rnd.randint(0, most)))

    def piece() -> Piece:
        text = words(60)
        return Piece(f"{text}万元", [words(6), text[3:9]], [text[:4], words(3)])

    return [[piece() for _ in range(rnd.choice((1, 1, 2, 9, 40)))] for _ in range(count)]


def _parts(units: Sequence[Sequence[Piece]], folder: Path) -> list[Path]:
    paths = [folder / f"{number}.part" for number in range(len(units))]
    for path, pages in zip(paths, units, strict=True):
        path.write_bytes(part(pages))
    return paths


@pytest.mark.parametrize(("count", "bits"), [(1, 4), (300, 4), (7, 10), (7, 13), (3, 16)])
def test_the_shards_have_what_stands_in_the_texts(count: int, bits: int, tmp_path: Path) -> None:
    rnd = Random(count * bits)  # noqa: S311 - which texts there are
    units = [*_units(rnd, count, "预算绩效自评0123456789.(abC)（％ \n㎡…𠀀𠮷"), []]
    units[0][-1] = Piece("")
    found = [slices(path, range(BUCKETS)) for path in _parts(units, tmp_path)]
    made = list(shards(found, range(1 << bits), bits, _OPENING))
    read: dict[tuple[int, int], Lists] = {}
    for shard, each in enumerate(made):
        data = zlib.decompress(each)
        assert data.startswith(_OPENING)
        for gram, its in Reading(data[len(_OPENING) :], [len(pages) for pages in units]).grams():
            assert gram not in read
            assert _hash(gram) >> (HASH_BITS - bits) == shard
            read[gram] = its
    assert read == _right(units)


def test_only_some_shards_are_the_same_as_of_all(tmp_path: Path) -> None:
    units = _units(Random(5), 6, "公开部门整体支出项目2024")  # noqa: S311 - which texts there are
    paths = _parts(units, tmp_path)
    every = list(
        shards([slices(path, range(BUCKETS)) for path in paths], range(8192), 13, _OPENING)
    )
    some = [3, 500, 501, 1023]
    wanted = [shard for bucket in some for shard in range(bucket * 8, bucket * 8 + 8)]
    found = [slices(path, some) for path in paths]
    assert list(shards(found, wanted, 13, _OPENING)) == [every[shard] for shard in wanted]


def test_what_has_changed_in_a_part_is_found(tmp_path: Path) -> None:
    pages = [Piece("年初预算数12.50万元"), Piece("全年执行数8万元")]
    other = [pages[0], Piece("全年执行数9万元")]
    for name, each in (("old", pages), ("new", other), ("same", pages)):
        (tmp_path / name).write_bytes(part(each))
    touched = {_hash(gram) >> (HASH_BITS - BUCKET_BITS) for gram in _cut("数8万") ^ _cut("数9万")}
    assert set(changed(tmp_path / "old", tmp_path / "new")) == touched
    assert list(changed(tmp_path / "old", tmp_path / "same")) == []


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.999])
def test_half_a_part_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "unit.part"
    path.write_bytes(part([Piece("年初预算数12.50万元")]))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(MissingError, match="不完整"):
        slices(path, range(BUCKETS))
    (tmp_path / "new").write_bytes(part([Piece("年初预算数12.51万元")]))
    assert list(changed(path, tmp_path / "new")) == list(range(BUCKETS))


def test_too_many_characters_for_so_many_pages_are_refused() -> None:
    every = "".join(map(chr, range(0x4E00, 0x4E00 + (1 << 14))))
    with pytest.raises(OverflowError):
        part([Piece(every)] + [Piece("")] * (1 << 20))


def _hash(gram: tuple[int, int]) -> int:
    return int(hashes(np.array([gram[0] << 43 | gram[1]], np.uint64))[0])
