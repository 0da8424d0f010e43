"""Which versions of a disclosure were public: its files, followed through renames."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from gongkai.history.git_log import Commit, Touched, day_of
from gongkai.runtime.hashing import combined

UNIT_FILE, DISCLOSURE_FILE = "unit.yml", "disclosure.yml"
Files = tuple[tuple[str, str], ...]
"""Paths and the ids of their blobs, sorted."""
Key = tuple[str, str]
"""A unit's folder and a year."""
Kept = TypeVar("Kept")


class Version(NamedTuple):
    """What a disclosure was at a point in time at which it was public."""

    day: str
    release: str
    revision: str
    there: bool = True
    """Not where the disclosure was withdrawn."""
    slug: str = ""
    """The unit's folder then."""
    files: Files = ()
    """By their paths from the unit's folder; those of a disclosure that never changed are left out."""
    forms: str = ""
    """Which forms there were (see Lineages)."""
    moved: tuple[tuple[str, str], ...] = ()
    """Projects that have another slug than in the version before: the old one, the new one."""


UnitPast = Mapping[int, tuple[Version, ...]]
"""By year; the oldest first."""


@dataclass(frozen=True, slots=True)
class Lineages:
    """The versions of all disclosures."""

    units: Mapping[str, UnitPast]
    forms: Mapping[str, Files]
    """The forms' files, by a hash of them; those of which a version asks for."""
    present: str
    """The forms of the newest version."""


def lineages(
    commits: Sequence[Commit],
    points: Mapping[str, str] | None,
    formers: Callable[[str], Iterable[str]],
) -> Lineages:
    """The versions of all disclosures at some points in time.

    `points` are commits and the release each was; None means every commit. The last commit is one
    at any rate. `formers` tells the former folders of a unit by the blob of its unit.yml.
    """
    walk = _Walk(formers)
    for commit in commits:
        walk.apply(commit)
        if points is None or commit.revision in points:
            walk.keep((points or {}).get(commit.revision, ""), commit)
    walk.keep("", None)
    return walk.found()


@dataclass(slots=True)
class _Walk:
    """The data folder while the commits are gone through."""

    formers: Callable[[str], Iterable[str]]
    units: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    """By folder, by year (empty for unit.yml): paths from the unit's folder and blobs."""
    forms: dict[str, str] = field(default_factory=dict)
    kept: dict[Key, list[Version]] = field(default_factory=dict)
    since: dict[Key, Commit] = field(default_factory=dict)
    """What was touched since the last point, and by which commit at last."""
    moved: dict[Key, dict[str, str]] = field(default_factory=dict)
    states: dict[str, Files] = field(default_factory=dict)
    state: str = ""

    def apply(self, commit: Commit) -> None:
        """Do what a commit did."""
        known = self._known(commit)
        if any(each.path.startswith("forms/") for each in commit.touched):
            self.state = ""
        for each in commit.touched:
            self._file(each.before, "", commit)
        for each in commit.touched:
            self._file(each.path, each.blob, commit)
        self._units_moved(commit.touched, known)
        self._projects_moved(commit.touched)

    def _known(self, commit: Commit) -> set[str]:
        """The units that there are, where one may be new."""
        if not any(_is_unit_file(each.path) for each in commit.touched):
            return set()
        return {name for name, folder in self.units.items() if "" in folder}

    def _file(self, path: str, blob: str, commit: Commit) -> None:
        top, _, below = path.partition("/")
        if top == "forms" and blob:
            self.forms[path] = blob
        elif top == "forms":
            self.forms.pop(path, None)
        unit, _, inside = below.partition("/")
        year, slash, _ = inside.partition("/")
        if top != "units" or not (inside == UNIT_FILE or (slash and _is_year(year))):
            return
        folder = self.units.setdefault(unit, {})
        if not slash:
            year = ""
        files = folder.setdefault(year, {})
        if blob:
            files[inside] = blob
        else:
            files.pop(inside, None)
        if not files:
            del folder[year]
        if year:
            self.since[unit, year] = commit

    def _units_moved(self, these: Iterable[Touched], known: set[str]) -> None:
        """Let a unit's past follow its folder."""
        new = {
            each.path.split("/")[1]: each.blob
            for each in these
            if _is_unit_file(each.path) and each.blob and each.path.split("/")[1] not in known
        }
        if not new:
            return
        votes = Counter(
            (each.before.split("/")[1], each.path.split("/")[1])
            for each in these
            if each.before.startswith("units/") and each.path.startswith("units/")
        )
        pairs = [pair for pair, _ in votes.most_common()]
        if any("" not in folder for folder in self.units.values()):
            pairs += [(old, now) for now, blob in new.items() for old in self.formers(blob)]
        for old, now in pairs:
            if old != now and now in new and "" not in self.units.get(old, {}):
                _rekeyed(self.kept, old, now)
                _rekeyed(self.moved, old, now)
                _rekeyed(self.since, old, now)

    def _projects_moved(self, these: Iterable[Touched]) -> None:
        for each in these:
            old, now = _project(each.before), _project(each.path)
            if old and now and old[1] == now[1]:
                slugs = self.moved.setdefault((now[0], now[1]), {})
                origin = next((key for key, value in slugs.items() if value == old[2]), old[2])
                slugs[origin] = now[2]

    def keep(self, release: str, point: Commit | None) -> None:
        """Remember what stands now, where it is another than at the last point."""
        for (unit, year), last in self.since.items():
            at = point or last
            versions = self.kept.setdefault((unit, year), [])
            version = self._version(unit, year, day_of(release, at), release, at.revision)
            if _is_new(versions[-1] if versions else None, version):
                versions.append(version)
        self.since.clear()
        self.moved.clear()

    def _version(self, unit: str, year: str, day: str, release: str, revision: str) -> Version:
        folder = self.units.get(unit, {})
        files = folder.get(year, {})
        if f"{year}/{DISCLOSURE_FILE}" not in files or "" not in folder:
            return Version(day, release, revision, there=False)
        moved = self.moved.get((unit, year), {})
        pairs = tuple(sorted((old, now) for old, now in moved.items() if old != now))
        every = tuple(sorted({**folder[""], **files}.items()))
        return Version(day, release, revision, True, unit, every, self._forms(), pairs)  # noqa: FBT003

    def _forms(self) -> str:
        if not self.state:
            files = tuple(sorted(self.forms.items()))
            self.state = combined(f"{path}={blob}" for path, blob in files)
            self.states[self.state] = files
        return self.state

    def found(self) -> Lineages:
        """All versions, by unit and year."""
        units: dict[str, dict[int, tuple[Version, ...]]] = defaultdict(dict)
        for (unit, year), versions in sorted(self.kept.items()):
            if len(versions) == 1:
                units[unit][int(year)] = (versions[0]._replace(files=(), forms="", moved=()),)
            elif versions:
                units[unit][int(year)] = tuple(versions)
        return Lineages(dict(units), self.states, self._forms())


def _rekeyed(found: dict[Key, Kept], old: str, now: str) -> None:
    """Let what is known of a folder be known of another one."""
    for key in [key for key in found if key[0] == old]:
        found.setdefault((now, key[1]), found[key])
        del found[key]


def _is_new(before: Version | None, now: Version) -> bool:
    """Whether it is another version; unit.yml alone changes no disclosure."""
    if before is None or not (before.there and now.there):
        return now.there if before is None else before.there != now.there
    return list(_own(before)) != list(_own(now))


def _own(version: Version) -> Iterator[tuple[str, str]]:
    return (each for each in version.files if each[0] != UNIT_FILE)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit()  # noqa: PLR2004


def _is_unit_file(path: str) -> bool:
    parts = path.split("/")
    return len(parts) == 3 and parts[0] == "units" and parts[2] == UNIT_FILE  # noqa: PLR2004


def _project(path: str) -> tuple[str, str, str] | None:
    """The unit, year and slug of a project's file."""
    parts = path.split("/")
    if len(parts) != 5 or parts[0] != "units" or parts[3] != "projects":  # noqa: PLR2004
        return None
    return parts[1], parts[2], parts[4].rpartition(".")[0]
