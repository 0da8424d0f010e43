"""What the search needs of pages that belong to no unit: lists, registers, hand-written pages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.build.state import Own, State
from gongkai.build.unit import write_texts
from gongkai.build.workspace import Workspace
from gongkai.exports.open_data.data_page import DATA
from gongkai.exports.open_data.dictionary_page import DICTIONARY
from gongkai.pages.registers import SEARCH
from gongkai.pages.render import HANDBOOK
from gongkai.runtime.hashing import combined, program
from gongkai.runtime.writing import Store, Written
from gongkai.search.documents import Names, Source
from gongkai.search.facets import Facts
from gongkai.search.index import Place

LISTS, GUIDE = "各类列表", "指南与说明"
"""类别 of such pages."""
_GUIDE = "site.guide"
_HIDDEN = frozenset({f"{SEARCH.url}index.html", "404.html"})
"""Pages that nobody looks for."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Pages that are read together."""

    kind: str
    pages: tuple[Written, ...]

    @property
    def digest(self) -> str:
        """The hash of all that they hold, and of the program that reads them."""
        held = (part for page in self.pages for part in (page.path, page.digest))
        return combined([program(), *held])


def place_of(workspace: Workspace, old: State | None, known: Mapping[str, str]) -> Place:
    """Return where the index is made, and what the old one was made of."""
    written = {file.path: file for file in old.index} if old else {}
    found = old.found() if old else {}
    return Place(workspace.index, workspace.pending, known, found, written)


def own_pages(
    rest: Iterable[Written], by_hand: frozenset[str], workspace: Workspace, old: State | None
) -> dict[str, Own]:
    """What the search needs of a site's other pages; what is as before is not read again.

    `by_hand` are the files that MkDocs has made.
    """
    before, there = old.own if old else {}, workspace.parts()
    known = {each.path: each.digest for own in before.values() for each in own.written}
    store = Store(workspace.pending, known, workspace.index)
    made: dict[str, Own] = {}
    for name, group in _groups(rest, by_hand).items():
        last = before.get(name)
        if last and last.digest == group.digest and last.found.part in there:
            made[name] = last
        else:
            found, written = write_texts(name, _sources(group, workspace), Names("本站"), store)
            made[name] = Own(group.digest, found, tuple(written))
    return made


def _groups(rest: Iterable[Written], by_hand: frozenset[str]) -> Mapping[str, _Group]:
    """Each list by itself, all others together."""
    pages = sorted(each for each in rest if each.is_page and each.listed)
    pages = [each for each in pages if each.path not in _HIDDEN]
    fixed = (HANDBOOK, DICTIONARY.url)
    guide = [each for each in pages if each.path in by_hand or each.path.startswith(fixed)]
    lists = {f"site.{_short(each.path)}": each for each in pages if each not in guide}
    groups = {name: _Group(_kind(each.path), (each,)) for name, each in lists.items()}
    return {_GUIDE: _Group(GUIDE, tuple(guide)), **groups}


def _kind(path: str) -> str:
    """The page on the data, which changes with the data, is no list."""
    return GUIDE if path.startswith(DATA.url) else LISTS


def _short(path: str) -> str:
    """A page's name among its like: home, units, years-2022."""
    return path.removesuffix("index.html").strip("/").replace("/", "-") or "home"


def _sources(group: _Group, workspace: Workspace) -> Iterator[Source]:
    for page in group.pages:
        html = _there(page.path, workspace).read_text("utf-8")
        yield Source(page.path.removesuffix("index.html"), html, Facts(group.kind))


def _there(path: str, workspace: Workspace) -> Path:
    """Where a file of the site lies: among those that are to be moved into it, if it is new."""
    new = workspace.pending / path
    return new if new.is_file() else workspace.site / path
