"""How text is cut for the search: folded, then single characters and sequences of two.

Around each digit also the sequence of three, for ten digits make too few sequences of two.
The browser does the same (overrides/assets/search/words.js): a change here is a change there.

A gram is a number of 64 bits: its first character, and 43 bits lower what follows. That is nothing,
one character, or two, which together are one beyond all characters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gongkai.search.normalize import folded
from gongkai.search.ragged_arrays import firsts

HASH_BITS = 16
_FOLLOWING = 43
"""Bits for what follows the first character."""
_BEYOND = 0x110000
_SECOND_OF_TWO = 21
_MASK = 0xFFFFFFFF
_ROOM = 64

_UNKNOWN, _DROPPED, _SEVERAL, _FROM = range(4)
_FOLDED = np.zeros(_BEYOND, np.uint32)
"""What becomes of each character: one, as its number and _FROM, none, or several."""

Numbers = NDArray[np.uint64]
Signs = NDArray[np.uint32]


def codes(grams: Numbers) -> tuple[Numbers, Numbers]:
    """Of each gram the first character, and what follows it."""
    return grams >> np.uint64(_FOLLOWING), grams & np.uint64((1 << _FOLLOWING) - 1)


def hashes(grams: Numbers) -> NDArray[np.uint16]:
    """A number of 16 bits for each, evenly spread."""
    first, following = codes(grams)
    mask, half = np.uint64(_MASK), np.uint64(15)
    mixed = (first * np.uint64(0x9E3779B1) + following * np.uint64(0x85EBCA6B)) & mask
    mixed = ((mixed ^ (mixed >> half)) * np.uint64(0x2C1B3C6D)) & mask
    return ((mixed ^ (mixed >> np.uint64(13))) >> np.uint64(16)).astype(np.uint16)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters of some pages, numbered from 1, so that three and a page are 64 bits together."""

    signs: Numbers
    """In order."""
    places: NDArray[np.uint32]
    """The number of each character there is; 0 where the pages do not have it."""
    bits: int
    """How many a number takes."""
    page_bits: int
    """How many a page takes."""

    @classmethod
    def of(cls, pages: Sequence[str]) -> "Alphabet":
        """That of pages; OverflowError where they have too many characters for so many pages."""
        signs = np.flatnonzero(np.bincount(_read(pages)[0]))
        places = np.zeros(_BEYOND, np.uint32)
        places[signs] = np.arange(1, len(signs) + 1, dtype=np.uint32)
        bits, page_bits = len(signs).bit_length(), len(pages).bit_length()
        if 3 * bits + page_bits > _ROOM:
            raise OverflowError(f"{len(pages)} pages with {len(signs)} different characters")
        return cls(signs.astype(np.uint64), places, bits, page_bits)

    def cut(self, texts: Iterable[tuple[str, int]]) -> Numbers:
        """What stands where: in order, each once; of texts and the pages that they belong to.

        A number is three places in the alphabet, 0 where the gram is shorter, and the page.
        """
        pairs = list(texts)
        signs, whose = _read([text for text, _ in pairs])
        if not len(signs):
            return np.zeros(0, np.uint64)
        pages = np.array([page for _, page in pairs], np.uint64)[whose]
        places = self.places[signs].astype(np.uint64)
        width, room = np.uint64(self.bits), np.uint64(self.page_bits)
        known = places > 0
        two = (whose[1:] == whose[:-1]) & known[1:] & known[:-1]
        figure = np.zeros(len(signs), bool)
        figure[1:-1] = two[1:] & two[:-1] & _figures(signs[1:-1])
        at = np.flatnonzero(figure)
        single = places << width << width
        double = single[:-1] | places[1:] << width
        triple = double[at - 1] | places[at + 1]
        found = np.concatenate((
            (single << room | pages)[known],
            (double << room | pages[1:])[two],
            triple << room | pages[at],
        ))  # fmt: skip
        found.sort()
        once: Numbers = found[firsts(found)]
        return once

    def apart(self, found: Numbers) -> tuple[Numbers, NDArray[np.int64]]:
        """Of what cut() gives the grams' places, and the pages."""
        room = np.uint64(self.page_bits)
        return found >> room, (found & ~(~np.uint64(0) << room)).astype(np.int64)

    def grams(self, places: Numbers) -> Numbers:
        """The grams that have these places."""
        width = np.uint64(self.bits)
        mask = ~(~np.uint64(0) << width)
        signs = np.concatenate((np.zeros(1, np.uint64), self.signs))
        first, second, third = (
            signs[places >> width >> width],
            signs[places >> width & mask],
            places & mask,
        )
        two = np.uint64(_BEYOND) + (second << np.uint64(_SECOND_OF_TWO)) + signs[third]
        whole: Numbers = first << np.uint64(_FOLLOWING) | np.where(third > 0, two, second)
        return whole


def _read(texts: Sequence[str]) -> tuple[Signs, NDArray[np.int64]]:
    """The characters of texts, folded, one after another; of which text each is."""
    signs = np.frombuffer("".join(texts).encode("utf-32-le"), "<u4")
    found = _FOLDED[signs]
    for code in map(int, set(signs[found == _UNKNOWN])):
        plain = folded(chr(code))
        _FOLDED[code] = ord(plain) + _FROM if len(plain) == 1 else _SEVERAL if plain else _DROPPED
    found = _FOLDED[signs]
    if several := [chr(code) for code in set(signs[found == _SEVERAL])]:
        for sign in several:
            texts = [each.replace(sign, folded(sign)) for each in texts]
        return _read(texts)
    there = found != _DROPPED
    whose = np.repeat(np.arange(len(texts)), np.array([len(each) for each in texts], np.int64))
    return found[there] - np.uint32(_FROM), whose[there]


def _figures(signs: Signs) -> NDArray[np.bool_]:
    """Which characters are part of a figure: digits and the point."""
    found: NDArray[np.bool_] = ((signs >= ord("0")) & (signs <= ord("9"))) | (signs == ord("."))
    return found
