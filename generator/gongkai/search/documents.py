"""What the search needs of some pages: postings, texts, facts and names; a pure step."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.search.article_text import Article, Section, article
from gongkai.search.facets import Facts
from gongkai.search.normalize import folded
from gongkai.search.pinyin import spelt

DATA = "search/data/"
"""Where the site has the files of its index."""
_BLOCK = 4_000
"""About how many characters of text a browser fetches at a time."""
OVERLAP = 64
"""So many characters of a piece are also looked for in the one before."""


class Names(NamedTuple):
    """By what a unit and its projects are called."""

    unit: str
    others: tuple[str, ...] = ()
    """简称, 曾用名."""
    department: str = ""
    projects: tuple[tuple[str, str], ...] = ()
    """Names and addresses from the unit's own, newest first; of a name only the newest."""

    def all(self) -> Iterator[str]:
        """Every name that may be asked for in pinyin."""
        yield from (self.unit, *self.others)
        yield from (name for name, _ in self.projects)


class Source(NamedTuple):
    """A page to be found."""

    url: str
    html: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Indexed:
    """What must be remembered of pages when their texts lie on the disk."""

    part: str
    """The name of the file with their postings."""
    names: Names
    spelt: Mapping[str, str]
    """The names in pinyin."""
    pages: tuple[tuple[str, ...], ...]
    """Of each page, by its number: kind, year, grade, score, amount."""
    blocks: str
    """A sign for each page, from 0: how many blocks of texts begin with it.

    A long page has one for each of its pieces, which the postings know one by one.
    """


class PagesRead(NamedTuple):
    """Pages as they lie on the disk."""

    postings: bytes
    blocks: tuple[bytes, ...]
    starts: str
    """See Indexed.blocks."""
    pages: tuple[tuple[str, ...], ...]


def read_pages(sources: Iterable[Source], names: Names) -> PagesRead:
    """Read pages; those without an article are left out."""
    from gongkai.search.postings import Piece, part  # noqa: PLC0415 - numpy takes 0.1 s

    found = [(each, told) for each in sources if (told := article(each.html))]
    pieces = list[Piece]()
    texts = list[list[str]]()
    for source, told in found:
        runs = _runs(told.sections)
        plain = [_plain(run) for run in runs]
        follow = _follow(plain)
        its_names = _named(source, told, names)
        pieces += (
            Piece(f"{each}{then}", *its_names) for each, then in zip(plain, follow, strict=True)
        )
        texts.append(_pieces(source, told, runs, follow))
    starts, blocks = _blocks(texts)
    pages = tuple(tuple(each.facts[:5]) for each, _ in found)
    return PagesRead(part(pieces), blocks, starts, pages)


def indexed(found: PagesRead, part_name: str, names: Names, known: Mapping[str, str]) -> Indexed:
    """What is remembered of them; `known` are names already in pinyin."""
    return Indexed(part_name, names, spelt(names.all(), known), found.pages, found.starts)


def _named(source: Source, told: Article, names: Names) -> tuple[Sequence[str], Sequence[str]]:
    """A page's names, and its title."""
    unit = source.url.count("/") == 2  # noqa: PLR2004 - units/<unit>/
    return told.names, (told.title, *(names.others if unit else ()))


def _follow(pieces: Sequence[str]) -> list[str]:
    """What is looked for in each piece though it stands in the next, or in those after a short one."""
    found = [""]
    for each in reversed(pieces[1:]):
        found.append(f"{folded(each)}{found[-1]}"[:OVERLAP])
    return found[::-1]


def _plain(run: Sequence[Section]) -> str:
    return "".join(f"{each.heading}{each.text}" for each in run)


def _runs(sections: Iterable[Section]) -> list[list[Section]]:
    """A page's sections in pieces, if they are long."""
    runs: list[list[Section]] = [[]]
    size = 0
    for each in _short(sections):
        length = len(each.heading) + len(each.text)
        if size + length > _BLOCK and runs[-1]:
            runs.append([])
            size = 0
        runs[-1].append(each)
        size += length
    return runs


def _pieces(
    source: Source, told: Article, runs: Sequence[Sequence[Section]], follow: Sequence[str]
) -> list[str]:
    """The pieces as JSON: sections, how the next begins; the first says what the page is."""
    made = [_json([runs[0], follow[0], source.url, told.title, source.facts.told])]
    heading = ""
    for number, run in enumerate(runs[1:], start=1):
        before = reversed(runs[number - 1])
        heading = next((each.heading for each in before if each.heading), heading)
        made.append(_json([run, follow[number], heading]))
    return made


def _short(sections: Iterable[Section]) -> Iterator[Section]:
    """Sections, the long ones cut between lines."""
    for each in sections:
        if len(each.text) <= _BLOCK:
            yield each
            continue
        heading, lines, size = each.heading, list[str](), 0
        for line in each.text.split("\n"):
            if lines and size + len(line) > _BLOCK:
                yield Section(each.anchor, heading, "\n".join(lines))
                heading, lines, size = "", [], 0
            lines.append(line)
            size += len(line) + 1
        yield Section(each.anchor, heading, "\n".join(lines))


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _blocks(pages: Iterable[Sequence[str]]) -> tuple[str, tuple[bytes, ...]]:
    """How many blocks begin with each page, and the blocks: JSON, compressed."""
    starts, blocks, size = "", list[list[str]](), _BLOCK
    for pieces in pages:
        length = len(pieces[0])
        begins = len(pieces) > 1 or size + length > _BLOCK
        if begins:
            blocks += [[each] for each in pieces]
            size = length if len(pieces) == 1 else _BLOCK
        else:
            blocks[-1] += pieces
            size += length
        starts += chr(ord("0") + len(pieces)) if begins else "0"
    return starts, tuple(zlib.compress(f"[{','.join(each)}]".encode(), 6) for each in blocks)
