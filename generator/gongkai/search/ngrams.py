"""N-grams of normalized text: characters, pairs, and around every digit a trigram.

Ten digits make too few different pairs, hence the trigrams. The browser does the same
(overrides/assets/search/words.js); change both together.

An n-gram is a 64-bit number: its first code point, and in the low 43 bits what follows: 0, one code
point, or two, which are encoded together as a number above all code points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongkai.search.normalize import normalize_text
from gongkai.search.ragged_arrays import run_starts

HASH_BITS = 16
CONTEXT_BITS = 15
_CONTEXT_PARTS = ((1, 4, 11), (2, 4, 7), (4, 7, 0))
"""Of every part of a context: number of following characters, bits of their hash, and its shift."""
_FOLLOWING_BITS = 43
"""Bits for what follows the first code point."""
_CODE_POINT_COUNT = 0x110000
_CODE_POINT_BITS = 21
_MASK = 0xFFFFFFFF
_SEED, _PRIME, _SPREAD = 0x811C9DC5, 0x01000193, 0x9E3779B1
_WORD_BITS = 64

_UNKNOWN, _DROPPED, _SEVERAL, _OFFSET = range(4)
_NORMALIZED = np.zeros(_CODE_POINT_COUNT, np.uint32)
"""Normalized form by code point: a code point plus _OFFSET, or _DROPPED, or _SEVERAL characters."""

Grams = NDArray[np.uint64]
CodePoints = NDArray[np.uint32]
Contexts = NDArray[np.uint16]
"""What follows n-grams: hashes of the next character, the next two and the next four.

Whatever does not fit to a text rules out most pages that contain its n-grams elsewhere. A change
of a page changes only the contexts next to it, unlike positions.
"""


def split_grams(grams: Grams) -> tuple[Grams, Grams]:
    """Return the first code point of every n-gram, and what follows it."""
    return grams >> np.uint64(_FOLLOWING_BITS), grams & np.uint64((1 << _FOLLOWING_BITS) - 1)


def amount_grams(keys: Grams) -> Grams:
    """Return amounts, given by their keys, as n-grams that begin with a code point of no text."""
    grams: Grams = np.uint64(_CODE_POINT_COUNT - 1 << _FOLLOWING_BITS) | keys
    return grams


def hash_grams(grams: Grams) -> NDArray[np.uint16]:
    """Return the evenly distributed 16-bit hash of every n-gram."""
    first, following = split_grams(grams)
    mask, half = np.uint64(_MASK), np.uint64(15)
    mixed = (first * np.uint64(0x9E3779B1) + following * np.uint64(0x85EBCA6B)) & mask
    mixed = ((mixed ^ (mixed >> half)) * np.uint64(0x2C1B3C6D)) & mask
    return ((mixed ^ (mixed >> np.uint64(13))) >> np.uint64(16)).astype(np.uint16)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The code points of some pages, numbered from 1: three and a page fit in 64 bits.

    An encoded n-gram is three such numbers, 0 at the end of shorter n-grams. A posting is an
    encoded n-gram with the number of a page in the low bits.
    """

    code_points: Grams
    """In ascending order."""
    numbers: NDArray[np.uint32]
    """Number by code point; 0 if the pages do not contain it."""
    bits: int
    """Width of a number."""
    page_bits: int
    """Width of a page number."""

    @classmethod
    def of_pages(cls, pages: Sequence[str]) -> "Alphabet":
        """Return the alphabet of pages; raise OverflowError if they have too many characters."""
        return cls.of_text(normalized_text(pages), len(pages))

    @classmethod
    def of_text(cls, text: "NormalizedText", page_count: int) -> "Alphabet":
        """Return the alphabet of pages whose text is normalized; raise OverflowError as well."""
        code_points = np.flatnonzero(np.bincount(text.code_points))
        numbers = np.zeros(_CODE_POINT_COUNT, np.uint32)
        numbers[code_points] = np.arange(1, len(code_points) + 1, dtype=np.uint32)
        bits, page_bits = len(code_points).bit_length(), page_count.bit_length()
        if 3 * bits + page_bits > _WORD_BITS:
            raise OverflowError(f"{page_count} pages with {len(code_points)} different characters")
        return cls(code_points.astype(np.uint64), numbers, bits, page_bits)

    def extract_postings(self, texts: Iterable[tuple[str, int]]) -> Grams:
        """Return the sorted, unique postings of texts, given with the pages that contain them."""
        pairs = list(texts)
        text = normalized_text([text for text, _ in pairs])
        pages = np.array([page for _, page in pairs], np.uint64)[text.indexes]
        postings, _ = self._list_postings(text, pages)
        postings.sort()
        unique: Grams = postings[run_starts(postings)]
        return unique

    def extract_contexts(self, text: "NormalizedText") -> tuple[Grams, Contexts]:
        """Return the postings of pages, every one as often as it has contexts, and these in order."""
        postings, ends = self._list_postings(text, text.indexes.astype(np.uint64))
        contexts = _contexts(*text)[ends]
        shift = np.uint64(CONTEXT_BITS)
        if 3 * self.bits + self.page_bits + CONTEXT_BITS <= _WORD_BITS:
            both = postings << shift | contexts
            both.sort()
            both = both[run_starts(both)]
            return both >> shift, (both & np.uint64((1 << CONTEXT_BITS) - 1)).astype(np.uint16)
        order = np.lexsort((contexts, postings))
        postings, contexts = postings[order], contexts[order]
        is_first = run_starts(postings) | run_starts(contexts)
        return postings[is_first], contexts[is_first]

    def _list_postings(
        self, text: "NormalizedText", pages: Grams
    ) -> tuple[Grams, NDArray[np.int64]]:
        """Return the posting of every n-gram of texts, and the position of what follows it.

        That is the position after all texts for characters and at the end of a text. `pages` are
        those of the characters.
        """
        code_points, text_indexes = text
        numbers = self.numbers[code_points].astype(np.uint64)
        width, page_width = np.uint64(self.bits), np.uint64(self.page_bits)
        known = numbers > 0
        is_pair = (text_indexes[1:] == text_indexes[:-1]) & known[1:] & known[:-1]
        is_middle = np.zeros(len(code_points), bool)
        is_middle[1:-1] = is_pair[1:] & is_pair[:-1] & _is_figure(code_points[1:-1])
        middles = np.flatnonzero(is_middle)
        single = numbers << width << width
        double = single[:-1] | numbers[1:] << width
        triple = double[middles - 1] | numbers[middles + 1]
        postings = np.concatenate((
            (single << page_width | pages)[known],
            (double << page_width | pages[1:])[is_pair],
            triple << page_width | pages[middles],
        ))  # fmt: skip
        count = len(code_points)
        pair_ends = np.flatnonzero(is_pair) + 2
        ends = np.concatenate((np.full(int(known.sum()), count), pair_ends, middles + 2))
        goes_on = np.append(text_indexes, -1)[ends] == text_indexes[ends - 1]
        return postings, np.where(goes_on, ends, count)

    def split_postings(self, postings: Grams) -> tuple[Grams, NDArray[np.int64]]:
        """Return the encoded n-grams of postings, and their pages."""
        page_width = np.uint64(self.page_bits)
        return postings >> page_width, (postings & ~(~np.uint64(0) << page_width)).astype(np.int64)

    def is_longer_than_one(self, encoded: Grams) -> NDArray[np.bool_]:
        """Return a mask of the encoded n-grams that are pairs or trigrams."""
        mask: NDArray[np.bool_] = encoded << np.uint64(_WORD_BITS - 2 * self.bits) != 0
        return mask

    def decode(self, encoded: Grams) -> Grams:
        """Return the n-grams that are encoded by this alphabet."""
        width = np.uint64(self.bits)
        mask = ~(~np.uint64(0) << width)
        code_points = np.concatenate((np.zeros(1, np.uint64), self.code_points))
        first, second, third = (
            code_points[encoded >> width >> width],
            code_points[encoded >> width & mask],
            encoded & mask,
        )
        two = (
            np.uint64(_CODE_POINT_COUNT)
            + (second << np.uint64(_CODE_POINT_BITS))
            + code_points[third]
        )
        grams: Grams = first << np.uint64(_FOLLOWING_BITS) | np.where(third > 0, two, second)
        return grams


class NormalizedText(NamedTuple):
    """The characters of several texts in one array."""

    code_points: CodePoints
    indexes: NDArray[np.int64]
    """Of every character, the index of its text."""


def normalized_text(texts: Sequence[str]) -> NormalizedText:
    """Return texts normalized (see normalize)."""
    code_points = np.frombuffer("".join(texts).encode("utf-32-le"), "<u4")
    normalized = _NORMALIZED[code_points]
    for code_point in map(int, set(code_points[normalized == _UNKNOWN])):
        plain = normalize_text(chr(code_point))
        _NORMALIZED[code_point] = (
            ord(plain) + _OFFSET if len(plain) == 1 else _SEVERAL if plain else _DROPPED
        )
    normalized = _NORMALIZED[code_points]
    if expanding := [chr(code_point) for code_point in set(code_points[normalized == _SEVERAL])]:
        for char in expanding:
            texts = [text.replace(char, normalize_text(char)) for text in texts]
        return normalized_text(texts)
    kept = normalized != _DROPPED
    lengths = np.array([len(text) for text in texts], np.int64)
    text_indexes = np.repeat(np.arange(len(texts)), lengths)
    return NormalizedText(normalized[kept] - np.uint32(_OFFSET), text_indexes[kept])


def _contexts(code_points: CodePoints, text_indexes: NDArray[np.int64]) -> Contexts:
    """Return the context that begins at every code point, and one after the last."""
    count = len(code_points)
    contexts = np.zeros(count + 1, np.uint16)
    mixed = np.full(count, _SEED, np.uint32)
    for length, bits, shift in _CONTEXT_PARTS:
        for offset in range(length // 2, length):
            rest = code_points[offset:]
            mixed[: len(rest)] *= np.uint32(_PRIME)
            mixed[: len(rest)] ^= rest
        ends = text_indexes[length - 1 :]
        part = (mixed * np.uint32(_SPREAD)) >> np.uint32(32 - bits) << np.uint32(shift)
        is_whole = ends == text_indexes[: len(ends)]
        contexts[: len(ends)] |= np.where(is_whole, part[: len(ends)], 0).astype(np.uint16)
    return contexts


def _is_figure(code_points: CodePoints) -> NDArray[np.bool_]:
    """Return a mask of the characters that occur in figures: digits and the point."""
    is_digit = (code_points >= ord("0")) & (code_points <= ord("9"))
    mask: NDArray[np.bool_] = is_digit | (code_points == ord("."))
    return mask
