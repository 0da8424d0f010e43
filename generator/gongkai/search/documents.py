"""Search data of a unit's pages: postings, text blocks, facts and names; no files are written.

Importing this module does not import numpy, which takes 0.1 s.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gongkai.runtime.writing import OutputFile
from gongkai.search.amounts import amount_keys
from gongkai.search.article_text import Article, Section, parse_article
from gongkai.search.facets import PageFacts
from gongkai.search.normalize import normalize_text
from gongkai.search.pinyin import names_to_pinyin

INDEX_FOLDER = "search/data/"
"""Folder of the index files within the site, which publishes it under another name (see index_set)."""
_BLOCK_SIZE = 4_000
"""Approximate size, in characters, of a block of text, which browsers fetch as one file."""
OVERLAP = 64
"""Number of characters of a piece that are also indexed with the piece before it."""


class UnitNames(NamedTuple):
    """Names of a unit and of its projects."""

    unit: str
    other_names: tuple[str, ...] = ()
    """简称, 曾用名."""
    department: str = ""
    projects: tuple[tuple[str, str], ...] = ()
    """Project names and page addresses relative to the unit's page; of equal names the newest only."""

    def iter_names(self) -> Iterator[str]:
        """Yield every name that can be searched for in pinyin."""
        yield from (self.unit, *self.other_names)
        yield from (name for name, _ in self.projects)


class SourcePage(NamedTuple):
    """A page to be indexed."""

    url: str
    html: str
    facts: PageFacts


@dataclass(frozen=True, slots=True)
class IndexedUnit:
    """What the build state keeps of a unit's indexed pages; their texts and postings are on disk."""

    posting_file: str
    """Name of the posting file."""
    names: UnitNames
    pinyin: Mapping[str, str]
    """Pinyin by name."""
    page_facts: tuple[tuple[str, ...], ...]
    """Facts of every page, by page number (see PageFacts.cells)."""
    block_counts: str
    """One character per page, counted from "0": the number of text blocks that begin with it.

    A long page has one block per piece; postings number the pieces, not the page.
    """
    text_hash: str
    """Hash of the text blocks."""


@dataclass(frozen=True, slots=True)
class IndexLocation:
    """Folders of the index, and the previous build's index."""

    posting_folder: Path
    out: Path
    known_hashes: Mapping[str, str]
    """Content hashes of the previous site's files."""
    previous_units: Mapping[str, IndexedUnit]
    """Units of the previous index; empty if there was none."""
    previous_files: Mapping[str, OutputFile]
    """Files of the previous index."""


class UnitIndex(NamedTuple):
    """Search data of a unit's pages, ready to be written."""

    postings: bytes
    text_blocks: tuple[bytes, ...]
    block_counts: str
    """See IndexedUnit.block_counts."""
    page_facts: tuple[tuple[str, ...], ...]


def index_pages(sources: Iterable[SourcePage], names: UnitNames) -> UnitIndex:
    """Index pages; those without an article are left out."""
    from gongkai.search.postings import (  # noqa: PLC0415 - numpy takes 0.1 s
        Piece,
        build_postings,
    )

    pages = [(source, article) for source in sources if (article := parse_article(source.html))]
    pieces = list[Piece]()
    texts = list[list[str]]()
    for source, article in pages:
        runs = _split_sections(article.sections)
        plain_texts = [_plain_text(run) for run in runs]
        overlaps = _overlaps(plain_texts)
        page_names, titles = _names_and_title(source, article, names)
        pieces += (
            Piece(f"{text}{overlap}", page_names, titles, _amounts_of(run))
            for run, text, overlap in zip(runs, plain_texts, overlaps, strict=True)
        )
        texts.append(_encode_pieces(source, article, runs, overlaps))
    block_counts, blocks = _pack_blocks(texts)
    page_facts = tuple(source.facts.cells for source, _ in pages)
    return UnitIndex(build_postings(pieces), blocks, block_counts, page_facts)


def indexed_unit(
    data: UnitIndex, posting_file: str, names: UnitNames, known: Mapping[str, str]
) -> IndexedUnit:
    """Return what the build state keeps of `data`; `known` is the pinyin of earlier names."""
    pinyin = names_to_pinyin(names.iter_names(), known)
    text_hash = hashlib.sha256(b"".join(data.text_blocks)).hexdigest()
    return IndexedUnit(posting_file, names, pinyin, data.page_facts, data.block_counts, text_hash)


def _names_and_title(
    source: SourcePage, article: Article, names: UnitNames
) -> tuple[Sequence[str], Sequence[str]]:
    """Return the names on a page, and its titles: a unit's page also answers to its other names."""
    is_unit = source.url.count("/") == 2  # noqa: PLR2004 - units/<unit>/
    return article.names, (article.title, *(names.other_names if is_unit else ()))


def _overlaps(texts: Sequence[str]) -> list[str]:
    """For every piece, the first OVERLAP characters of what follows it on the page."""
    overlaps = [""]
    for text in reversed(texts[1:]):
        overlaps.append(f"{normalize_text(text)}{overlaps[-1]}"[:OVERLAP])
    return overlaps[::-1]


def _amounts_of(run: Sequence[Section]) -> Sequence[int]:
    return list(amount_keys("\n".join(section.text for section in run)))


def _plain_text(run: Sequence[Section]) -> str:
    return "".join(f"{section.heading}{section.text}" for section in run)


def _split_sections(sections: Iterable[Section]) -> list[list[Section]]:
    """Group a page's sections into pieces of about the size of a block."""
    runs: list[list[Section]] = [[]]
    size = 0
    for section in _split_long_sections(sections):
        length = len(section.heading) + len(section.text)
        if size + length > _BLOCK_SIZE and runs[-1]:
            runs.append([])
            size = 0
        runs[-1].append(section)
        size += length
    return runs


def _encode_pieces(
    source: SourcePage, article: Article, runs: Sequence[Sequence[Section]], overlaps: Sequence[str]
) -> list[str]:
    """Return a page's pieces as JSON arrays.

    All begin with sections and overlap; then the first has the page's address, title and figures,
    the others the heading in force above their sections.
    """
    facts = source.facts
    pieces = [_to_json([runs[0], overlaps[0], source.url, article.title, facts.figures])]
    heading = ""
    for number, run in enumerate(runs[1:], start=1):
        before = reversed(runs[number - 1])
        heading = next((section.heading for section in before if section.heading), heading)
        pieces.append(_to_json([run, overlaps[number], heading]))
    return pieces


def _split_long_sections(sections: Iterable[Section]) -> Iterator[Section]:
    """Yield sections, splitting those longer than a block between two lines."""
    for section in sections:
        if len(section.text) <= _BLOCK_SIZE:
            yield section
            continue
        heading, lines, size = section.heading, list[str](), 0
        for line in section.text.split("\n"):
            if lines and size + len(line) > _BLOCK_SIZE:
                yield Section(section.anchor, heading, "\n".join(lines))
                heading, lines, size = "", [], 0
            lines.append(line)
            size += len(line) + 1
        yield Section(section.anchor, heading, "\n".join(lines))


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pack_blocks(pages: Iterable[Sequence[str]]) -> tuple[str, tuple[bytes, ...]]:
    """Return the block counts (see IndexedUnit.block_counts) and the blocks: JSON, compressed."""
    counts, blocks, size = "", list[list[str]](), _BLOCK_SIZE
    for pieces in pages:
        length = len(pieces[0])
        starts_block = len(pieces) > 1 or size + length > _BLOCK_SIZE
        if starts_block:
            blocks += [[piece] for piece in pieces]
            size = length if len(pieces) == 1 else _BLOCK_SIZE
        else:
            blocks[-1] += pieces
            size += length
        counts += chr(ord("0") + len(pieces)) if starts_block else "0"
    return counts, tuple(zlib.compress(f"[{','.join(block)}]".encode(), 6) for block in blocks)
