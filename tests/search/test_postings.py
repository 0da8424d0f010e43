"""Posting files and merged shards, compared with the n-grams of the texts themselves."""

import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from gongkai.runtime.errors import UnavailableError
from gongkai.search.ngrams import HASH_BITS, hash_grams
from gongkai.search.normalize import normalize_text
from gongkai.search.postings import (
    BUCKET_BITS,
    BUCKET_COUNT,
    Piece,
    build_postings,
    find_changed_buckets,
    read_slices,
)
from gongkai.search.shards import build_shards

_CODE_POINT_COUNT = 0x110000
Gram = tuple[int, int]
"""First code point, and what follows it."""
Pages = set[tuple[int, int]]
"""Pairs of unit and page."""
Lists = tuple[Pages, Pages, Pages, list[list[int]]]
"""All pages with an n-gram, those with it in a name, in the title; its contexts, page by page."""
_AMOUNT_CHAR = 0x10FFFF
"""First code point of an amount."""


class ShardReader:
    """Reads a shard as the browser does."""

    def __init__(self, data: bytes, contexts: bytes, page_counts: Sequence[int]) -> None:
        self.data, self.position, self.page_counts = data, 0, page_counts
        self.contexts = contexts

    def read_number(self) -> int:
        """Return the next LEB128 number."""
        number, shift = 0, 0
        while True:
            byte = self.data[self.position]
            self.position += 1
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    def read_grams(self) -> Iterator[tuple[Gram, Lists]]:
        """Yield every n-gram and its lists."""
        contexts = ShardReader(self.contexts, b"", ())
        while self.position < len(self.data):
            gram = (self.read_number(), self.read_number())
            sizes = [self.read_number() for _ in range(3)]
            text, names, title = map(self.read_list, sizes)
            yield gram, (text, names, title, contexts.read_contexts())
        assert contexts.position == len(contexts.data)

    def read_contexts(self) -> list[list[int]]:
        """Return the next list of contexts, page by page."""
        end = self.read_number() + self.position
        pages, contexts = list[list[int]](), list[int]()
        for start in range(self.position, end, 2):
            context = int.from_bytes(self.data[start : start + 2], "little")
            contexts.append(context & 0x7FFF)
            if context < 0x8000:
                pages.append(contexts)
                contexts = []
        self.position = end
        assert not contexts
        return pages

    def read_list(self, size: int) -> set[tuple[int, int]]:
        """Return the next list."""
        pages, unit, end = set[tuple[int, int]](), -1, self.position + size
        while self.position < end:
            unit += self.read_number() + 1
            head = self.read_number()
            if head == 0:
                pages |= {(unit, page) for page in range(self.page_counts[unit])}
            elif head == 1:
                pages.add((unit, self.read_number()))
            else:
                data = self.data[self.position : self.position + head - 1]
                bits = int.from_bytes(data, "little")
                numbers = range(self.page_counts[unit])
                pages |= {(unit, page) for page in numbers if bits >> page & 1}
                self.position += head - 1
        assert self.position == end
        return pages


def _grams_of(text: str) -> set[Gram]:
    """Return the n-grams of a text, taken from its characters one by one."""
    grams = {(ord(char), 0) for char in text}
    grams |= {(ord(first), ord(second)) for first, second in itertools.pairwise(text)}
    for first, second, third in re.findall(r"(?=(.)([0-9.])(.))", text, re.DOTALL):
        grams.add((ord(first), _CODE_POINT_COUNT + (ord(second) << 21) + ord(third)))
    return grams


def _contexts_of(text: str) -> dict[Gram, list[int]]:
    """Return the contexts of pairs and trigrams, taken from the characters one by one."""
    contexts: dict[Gram, set[int]] = {}
    for position, (first, second) in enumerate(itertools.pairwise(text)):
        pair = (ord(first), ord(second))
        contexts.setdefault(pair, set()).add(_context(text[position + 2 :]))
    for match in re.finditer(r"(?=(.)([0-9.])(.))", text, re.DOTALL):
        first, second, third = match.groups()
        gram = (ord(first), _CODE_POINT_COUNT + (ord(second) << 21) + ord(third))
        contexts.setdefault(gram, set()).add(_context(text[match.start() + 3 :]))
    return {gram: sorted(numbers) for gram, numbers in contexts.items()}


def _context(following: str) -> int:
    """Return the hashes of the next character, of the next two, and of the next four."""
    context, mixed = 0, 0x811C9DC5
    for number, char in enumerate(following[:4], start=1):
        mixed = (mixed * 0x01000193 & 0xFFFFFFFF) ^ ord(char)
        bits, shift = {1: (4, 11), 2: (4, 7), 3: (0, 0), 4: (7, 0)}[number]
        context |= ((mixed * 0x9E3779B1 & 0xFFFFFFFF) >> 32 - bits) << shift if bits else 0
    return context


def _expected_lists(units: Sequence[Sequence[Piece]]) -> dict[Gram, Lists]:
    expected: dict[Gram, Lists] = {}
    for unit, pages in enumerate(units):
        for number, page in enumerate(pages):
            content = normalize_text(page.text)
            text, contexts = _grams_of(content), _contexts_of(content)
            names = set[Gram]().union(*map(_grams_of, map(normalize_text, page.names)))
            title = set[Gram]().union(*map(_grams_of, map(normalize_text, page.title)))
            amounts = {(_AMOUNT_CHAR, key) for key in page.amounts}
            for kind, grams in enumerate((text | amounts, names & text, title & text)):
                for gram in grams:
                    lists = expected.setdefault(gram, (set(), set(), set(), []))
                    lists[kind].add((unit, number))  # type: ignore[union-attr]
                    if not kind and gram in contexts:
                        lists[3].append(contexts[gram])
    return expected


def _random_units(random: Random, count: int, alphabet: str) -> list[list[Piece]]:
    def random_text(longest: int) -> str:
        return "".join(random.choices(alphabet, k=random.randint(0, longest)))

    def random_piece() -> Piece:
        text = random_text(60)
        amounts = [random.choice((0, 1, 2**31, 2**42 - 1)) for _ in range(random.randint(0, 2))]
        names, title = [random_text(6), text[3:9]], [text[:4], random_text(3)]
        return Piece(f"{text}万元", names, title, amounts)

    return [[random_piece() for _ in range(random.choice((1, 1, 2, 9, 40)))] for _ in range(count)]


def _write_posting_files(units: Sequence[Sequence[Piece]], folder: Path) -> list[Path]:
    paths = [folder / f"{number}.part" for number in range(len(units))]
    for path, pages in zip(paths, units, strict=True):
        path.write_bytes(build_postings(pages))
    return paths


@pytest.mark.parametrize(
    ("count", "bits"),
    [(1, 4), pytest.param(300, 4, marks=pytest.mark.long), (7, 10), (7, 13), (3, 16)],
)
def test_shards_list_the_pages_of_every_gram(count: int, bits: int, tmp_path: Path) -> None:
    random = Random(count * bits)  # noqa: S311 - chooses the texts
    units = [*_random_units(random, count, "预算绩效自评0123456789.(abC)（％ \n㎡…𠀀𠮷"), []]
    units[0][-1] = Piece("")
    page_counts = [len(pages) for pages in units]
    unit_slices = [
        read_slices(path, range(BUCKET_COUNT)) for path in _write_posting_files(units, tmp_path)
    ]
    lists_by_gram: dict[Gram, Lists] = {}
    for shard, content in enumerate(build_shards(unit_slices, range(1 << bits), bits)):
        data, contexts = map(zlib.decompress, content)
        for gram, lists in ShardReader(data, contexts, page_counts).read_grams():
            assert gram not in lists_by_gram
            assert _hash(gram) >> (HASH_BITS - bits) == shard
            lists_by_gram[gram] = lists
    assert lists_by_gram == _expected_lists(units)


def test_shards_of_some_buckets_equal_those_of_all(tmp_path: Path) -> None:
    units = _random_units(Random(5), 6, "公开部门整体支出项目2024")  # noqa: S311 - chooses the texts
    paths = _write_posting_files(units, tmp_path)
    all_slices = [read_slices(path, range(BUCKET_COUNT)) for path in paths]
    all_shards = list(build_shards(all_slices, range(8192), 13))
    buckets = [3, 500, 501, 1023]
    numbers = [shard for bucket in buckets for shard in range(bucket * 8, bucket * 8 + 8)]
    some_slices = [read_slices(path, buckets) for path in paths]
    some_shards = list(build_shards(some_slices, numbers, 13))
    assert some_shards == [all_shards[number] for number in numbers]


def test_changed_buckets_are_found(tmp_path: Path) -> None:
    pages = [Piece("年初预算数12.50万元"), Piece("全年执行数8万元")]
    changed_pages = [pages[0], Piece("全年执行数9万元")]
    for name, pieces in (("old", pages), ("new", changed_pages), ("same", pages)):
        (tmp_path / name).write_bytes(build_postings(pieces))
    changed_grams = _grams_of("数8万") ^ _grams_of("数9万")
    followed = ("全年", "年执", "执行", "行数")
    followed_grams = {(ord(pair[0]), ord(pair[1])) for pair in followed}
    changed_grams |= followed_grams  # Up to four characters before the change.
    buckets = {_hash(gram) >> (HASH_BITS - BUCKET_BITS) for gram in changed_grams}
    assert set(find_changed_buckets(tmp_path / "old", tmp_path / "new")) == buckets
    assert list(find_changed_buckets(tmp_path / "old", tmp_path / "same")) == []


@pytest.mark.parametrize("fraction", [0, 0.01, 0.5, 0.999])
def test_a_truncated_posting_file_is_refused(tmp_path: Path, fraction: float) -> None:
    path = tmp_path / "unit.part"
    path.write_bytes(build_postings([Piece("年初预算数12.50万元")]))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * fraction)])
    with pytest.raises(UnavailableError, match="不完整"):
        read_slices(path, range(BUCKET_COUNT))


def test_too_many_characters_for_the_number_of_pages_raise_overflow_error() -> None:
    text = "".join(map(chr, range(0x4E00, 0x4E00 + (1 << 14))))
    with pytest.raises(OverflowError):
        build_postings([Piece(text)] + [Piece("")] * (1 << 20))


def _hash(gram: Gram) -> int:
    return int(hash_grams(np.array([gram[0] << 43 | gram[1]], np.uint64))[0])
