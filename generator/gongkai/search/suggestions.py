"""Names for suggestions while somebody types: units' in one file, projects' by their initials."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gongkai.search.documents import Indexed

_MOST = 300
"""How many names one file may hold, unless their initials are the same."""
_DEEPEST = 8
"""By how many initials names are told apart at most."""
_END = "0"
"""Stands after initials to which none is added."""


class _Project(NamedTuple):
    name: str
    unit: str
    """Its folder."""
    path: str
    """The page, from the unit's own."""
    syllables: str


def name_files(units: Mapping[str, Indexed]) -> Iterator[tuple[str, Any]]:
    """Names and contents of the files."""
    projects = list(_projects(units))
    shards = dict(_shards("", [(_initials(each.syllables), each) for each in projects]))
    told = {
        slug: [[name, each.spelt[name]] for name in (each.names.unit, *each.names.others)]
        for slug, each in units.items()
        if "." not in slug
    }
    signs, syllables = _sounds((each.name, each.syllables) for each in projects)
    yield (
        "names",
        {"units": told, "shards": sorted(shards), "signs": signs, "syllables": syllables},
    )
    for initials, found in shards.items():
        yield f"names/{initials}", found


def _projects(units: Mapping[str, Indexed]) -> Iterator[_Project]:
    for slug, each in units.items():
        for name, path in each.names.projects:
            yield _Project(name, slug, path, each.spelt[name])


def _initials(syllables: str) -> str:
    """The letters by which Han and Latin begin: sldw for 示例单位."""
    return "".join(each[0] for each in syllables.split() if "a" <= each[0] <= "z")


def _shards(
    before: str, named: Sequence[tuple[str, _Project]]
) -> Iterator[tuple[str, list[_Project]]]:
    """Names by as many initials as it takes for no file to be large."""
    if before and (len(named) <= _MOST or len(before) >= _DEEPEST or before.endswith(_END)):
        yield before, [each for _, each in named]
        return
    further: defaultdict[str, list[tuple[str, _Project]]] = defaultdict(list)
    for initials, each in named:
        further[f"{initials}{_END}"[len(before)]].append((initials, each))
    for letter, found in sorted(further.items()):
        if before or letter != _END:  # A name without any initial is found by its text only.
            yield from _shards(f"{before}{letter}", found)


def _sounds(named: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Han and the initial of each, one after the other; all syllables."""
    signs: dict[str, str] = {}
    syllables: set[str] = set()
    for name, spelling in named:
        parts = spelling.split()
        syllables.update(part for part in parts if len(part) > 1)
        letters = [sign for sign in name if not sign.isspace()]
        if len(letters) == len(parts):
            signs |= {sign: part[0] for sign, part in zip(letters, parts, strict=True)}
    han = {sign: letter for sign, letter in signs.items() if not sign.isascii()}
    told = "".join(f"{sign}{letter}" for sign, letter in sorted(han.items()) if letter.isascii())
    return told, " ".join(sorted(syllables))
