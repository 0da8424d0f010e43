"""Names that the browser suggests while somebody types: units in one file, projects by initials."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gongkai.search.documents import IndexedUnit

_MAX_NAMES = 300
"""Number of names per file, unless their initials are the same."""
_MAX_DEPTH = 8
"""Number of initials by which names are split at most."""
_END = "0"
"""Follows the initials of a name that has no further ones."""


class _Project(NamedTuple):
    """A project as files store it: the field order is the order of the JSON array."""

    name: str
    unit: str
    """Slug of the unit."""
    path: str
    """Address of the page relative to the unit's page."""
    syllables: str


def suggestion_files(units: Mapping[str, IndexedUnit]) -> Iterator[tuple[str, Any]]:
    """Yield name and content of every file."""
    projects = list(_iter_projects(units))
    shards = dict(
        _split_by_initials("", [(_initials(project.syllables), project) for project in projects])
    )
    unit_names = {
        slug: [[name, unit.pinyin[name]] for name in (unit.names.unit, *unit.names.other_names)]
        for slug, unit in units.items()
        if "." not in slug
    }
    signs, syllables = _pinyin_tables((project.name, project.syllables) for project in projects)
    yield (
        "names",
        {"units": unit_names, "shards": sorted(shards), "signs": signs, "syllables": syllables},
    )
    for initials, shard in shards.items():
        yield f"names/{initials}", shard


def _iter_projects(units: Mapping[str, IndexedUnit]) -> Iterator[_Project]:
    for slug, unit in units.items():
        for name, path in unit.names.projects:
            yield _Project(name, slug, path, unit.pinyin[name])


def _initials(syllables: str) -> str:
    """Return the first letters of Han and Latin syllables: sldw for 示例单位."""
    return "".join(syllable[0] for syllable in syllables.split() if "a" <= syllable[0] <= "z")


def _split_by_initials(
    prefix: str, projects: Sequence[tuple[str, _Project]]
) -> Iterator[tuple[str, list[_Project]]]:
    """Split projects, given with their initials, by as many initials as keep files small."""
    if prefix and (
        len(projects) <= _MAX_NAMES or len(prefix) >= _MAX_DEPTH or prefix.endswith(_END)
    ):
        yield prefix, [project for _, project in projects]
        return
    groups: defaultdict[str, list[tuple[str, _Project]]] = defaultdict(list)
    for initials, project in projects:
        groups[f"{initials}{_END}"[len(prefix)]].append((initials, project))
    for letter, group in sorted(groups.items()):
        if prefix or letter != _END:  # A name without any initial is found by its text only.
            yield from _split_by_initials(f"{prefix}{letter}", group)


def _pinyin_tables(names: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the Han characters of names, followed by their initials, and all syllables."""
    initials: dict[str, str] = {}
    all_syllables: set[str] = set()
    for name, spelling in names:
        syllables = spelling.split()
        all_syllables.update(syllable for syllable in syllables if len(syllable) > 1)
        chars = [char for char in name if not char.isspace()]
        if len(chars) == len(syllables):
            initials |= {char: syllable[0] for char, syllable in zip(chars, syllables, strict=True)}
    han = {char: letter for char, letter in initials.items() if not char.isascii()}
    signs = "".join(f"{char}{letter}" for char, letter in sorted(han.items()) if letter.isascii())
    return signs, " ".join(sorted(all_syllables))
