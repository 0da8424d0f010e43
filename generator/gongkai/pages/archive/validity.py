"""From which release to which each page of a disclosure stood as it did."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gongkai.history.lineage import Version
from gongkai.pages.render import Page


class Standing(NamedTuple):
    """The pages of one version of a disclosure."""

    version: Version
    pages: Mapping[str, Page] | None
    """By their addresses from the unit's; none where it was withdrawn, None where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Run:
    """One page over the versions in which it was the same."""

    inner: str
    """Its address from the unit's, for instance 2022/projects/shili/."""
    version: Version
    """The first of them."""
    page: Page | None
    """None where it cannot be read any more."""
    first: int
    """The number of that version."""
    end: int | None = None
    """That of the version which replaced it; None where it stands still."""
    by: Version | None = None
    """That version."""

    @property
    def kept(self) -> bool:
        """Whether it was released, and is not what stands now."""
        return self.end is not None and bool(self.version.release)

    @property
    def until(self) -> str:
        """The day on which it was replaced; empty where it stands still."""
        return self.by.day if self.by else ""

    def covers(self, number: int) -> bool:
        """Whether it stood in a version."""
        return self.first <= number and (self.end is None or number < self.end)


def runs(year: int, standings: Sequence[Standing]) -> tuple[Run, ...]:
    """All runs of all pages, in the order in which they began."""
    found: list[Run] = []
    current: dict[str, Run] = {}
    main = f"{year}/"
    for number, (version, pages) in enumerate(standings):
        before = current if pages is not None else {main: current[main]} if main in current else {}
        now: Mapping[str, Page | None] = {main: None} if pages is None else pages
        for inner, run in list(before.items()):
            if inner not in now or _text(now[inner]) != _text(run.page):
                found.append(replace(run, end=number, by=version))
                del current[inner]
        for inner, page in now.items():
            if inner not in current:
                current[inner] = Run(inner, version, page, number)
    return tuple(sorted([*found, *current.values()], key=lambda each: (each.first, each.inner)))


def _text(page: Page | None) -> str | None:
    return page.body if page else None


def standing_at(these: Iterable[Run], number: int) -> Mapping[str, Run]:
    """The runs of a version by their pages."""
    return {each.inner: each for each in these if each.covers(number)}


def kept(these: Iterable[Run]) -> Iterator[Run]:
    """Those of which a copy is kept."""
    return (each for each in these if each.kept)
