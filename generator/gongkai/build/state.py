"""What a build is asked for, what it leaves behind, and what has come of it."""

import datetime as dt
import pickle
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gongkai.build.theme.theme_output import Skin
from gongkai.build.unit import UnitResult
from gongkai.build.workspace import Workspace
from gongkai.checks.tally import Tally
from gongkai.history.past import Past
from gongkai.runtime.gc_pause import uncollected
from gongkai.runtime.hashing import program
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import Written
from gongkai.search.documents import Indexed


class Done:
    """A unit, what it was made of, and what has become of it.

    It is kept as it lies on the disk, so that to remember a province takes no longer than to write it.
    """

    __slots__ = ("_result", "key", "packed")

    def __init__(self, key: str, packed: bytes, result: UnitResult | None = None) -> None:
        """`packed` is the result, pickled; it is read when it is asked for and not given."""
        self.key = key
        self.packed = packed
        self._result = result

    @property
    def result(self) -> UnitResult:
        """What has become of it."""
        if self._result is None:
            self._result = pickle.loads(self.packed)  # noqa: S301 - our own
        return self._result

    def __reduce__(self) -> tuple[type["Done"], tuple[str, bytes]]:
        """What is remembered of it."""
        return Done, (self.key, self.packed)


def remembered(key: str, result: UnitResult) -> Done:
    """A unit that has just been made."""
    return Done(key, pickle.dumps(result, pickle.HIGHEST_PROTOCOL), result)


class Own(NamedTuple):
    """Some pages that belong to no unit."""

    digest: str
    """The hash of what they hold."""
    found: Indexed
    written: tuple[Written, ...]
    """Their texts for the search."""


def together(units: Mapping[str, Done], own: Mapping[str, Own]) -> dict[str, Indexed]:
    """What the search is made of, in order."""
    results = ((name, each.result.found) for name, each in units.items())
    found = {name: each for name, each in results if each}
    return found | {name: each.found for name, each in own.items()}


@dataclass(frozen=True, slots=True)
class State:
    """What a site holds, and what it was made of."""

    program: str
    """The hash of the program that made it."""
    base: str
    """The hash of all that shapes every page."""
    day: dt.date
    seen: int
    """When its data files were looked at, in nanoseconds since 1970."""
    prints: bytes
    """Its data files by their paths, packed (see fingerprints)."""
    units: Mapping[str, Done]
    rest: tuple[Written, ...]
    """All files but those of the units."""
    own: Mapping[str, Own]
    """What the search needs of pages that belong to no unit, by what they are."""
    index: tuple[Written, ...]
    """The files of the whole site's index."""
    whole: tuple[Written, ...]
    """The files of the download of the whole."""
    skin: Skin
    sources: int
    """How many data files it was made of."""
    tally: Tally
    """What was said of them."""
    past: Past
    """What git told of the data's past."""

    def found(self) -> dict[str, Indexed]:
        """What the search is made of, in order."""
        return together(self.units, self.own)

    def parts(self) -> frozenset[str]:
        """What the workspace keeps for it."""
        kept = (each.result.parts for each in self.units.values())
        return frozenset({each.found.part for each in self.own.values()}).union(*kept)

    @property
    def pages(self) -> int:
        """How many pages the site has."""
        own = sum(each.is_page for each in self.rest)
        return own + sum(each.result.pages for each in self.units.values())

    def files(self, without: Container[str] = ()) -> Iterator[Written]:
        """Every file of the site but for those of some units."""
        yield from self.rest
        yield from self.index
        yield from self.whole
        for own in self.own.values():
            yield from own.written
        for name, each in self.units.items():
            if name not in without:
                yield from each.result.written


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be built."""

    data: Path
    shown: str
    """What the data folder is called in messages."""
    workers: Workers = field(default_factory=Workers)
    only: frozenset[str] = frozenset()
    """The units to be built; all where it is empty."""
    release: str = ""
    """The release that is about to be made of it; pages tell of it as they will be read."""
    previewing: bool = False
    """Whether the site is for this machine only: the whole of the data is not offered there."""

    @property
    def whole(self) -> bool:
        """Whether the whole of the data may be offered."""
        return not (self.only or self.previewing)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has come of a build."""

    tally: Tally
    files: int
    """How many data files the site is made of."""
    pages: int
    changed: int
    """Files that are new or other ones than before."""
    gone: int
    seconds: float
    note: str = ""
    """What the operator may want to know of the history."""

    @property
    def blocked(self) -> bool:
        """Whether problems kept the site from being changed."""
        return bool(self.tally.blocking)


def last_state(workspace: Workspace) -> State | None:
    """What is known of the site as it stands; nothing where another program made it."""
    with uncollected():
        state = workspace.read_state()
    ours = isinstance(state, State) and getattr(state, "program", "") == program()
    return state if isinstance(state, State) and ours else None
