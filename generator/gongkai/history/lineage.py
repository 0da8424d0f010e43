"""Public versions of every disclosure: their files, followed through renames in git."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from gongkai.history.git_log import ChangedFile, Commit, release_day
from gongkai.runtime.hashing import hash_texts

UNIT_FILE, DISCLOSURE_FILE = "unit.yml", "disclosure.yml"
FileBlobs = tuple[tuple[str, str], ...]
"""Paths and blob ids, sorted."""
DisclosureKey = tuple[str, str]
"""A unit's folder name and a year."""
Entry = TypeVar("Entry")


class DisclosureVersion(NamedTuple):
    """A disclosure at a point in time at which it was public."""

    day: str
    release: str
    revision: str
    is_public: bool = True
    """False if the disclosure was withdrawn."""
    slug: str = ""
    """The unit's folder name at that time."""
    files: FileBlobs = ()
    """Paths from the unit's folder, with blob ids; empty for a disclosure that never changed."""
    forms: str = ""
    """Key in Lineages.forms of the forms at that time."""
    project_renames: tuple[tuple[str, str], ...] = ()
    """Projects renamed since the previous version: old slug, new slug."""


UnitVersions = Mapping[int, tuple[DisclosureVersion, ...]]
"""Versions of a unit's disclosures by year, oldest first."""


@dataclass(frozen=True, slots=True)
class Lineages:
    """The versions of all disclosures."""

    units: Mapping[str, UnitVersions]
    forms: Mapping[str, FileBlobs]
    """Sets of form files that versions refer to, by their hash."""
    present_forms: str
    """Hash of the newest set of form files."""


def trace_lineages(
    commits: Sequence[Commit],
    points: Mapping[str, str] | None,
    formers: Callable[[str], Iterable[str]],
) -> Lineages:
    """Return the versions of all disclosures at the given points in time.

    `points` maps commits to release names; None makes every commit a point. The last commit always
    is one. `formers` returns a unit's former folder names (曾用代号) by the blob id of its unit.yml.
    """
    tracker = _Tracker(formers)
    for commit in commits:
        tracker.apply(commit)
        if points is None or commit.revision in points:
            tracker.record_versions((points or {}).get(commit.revision, ""), commit)
    tracker.record_versions("", None)
    return tracker.build_lineages()


@dataclass(slots=True)
class _Tracker:
    """State of the data folder while the commits are replayed."""

    formers: Callable[[str], Iterable[str]]
    units: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    """By folder, by year (empty for unit.yml): paths from the unit's folder and blob ids."""
    forms: dict[str, str] = field(default_factory=dict)
    """Paths and blob ids of the form files."""
    versions: dict[DisclosureKey, list[DisclosureVersion]] = field(default_factory=dict)
    changed: dict[DisclosureKey, Commit] = field(default_factory=dict)
    """Disclosures changed since the last point, with the latest commit that did."""
    renamed: dict[DisclosureKey, dict[str, str]] = field(default_factory=dict)
    """Slugs of projects renamed since the last point: old to new."""
    form_sets: dict[str, FileBlobs] = field(default_factory=dict)
    form_set: str = ""
    """Hash of the current form files; empty if not yet computed."""

    def apply(self, commit: Commit) -> None:
        """Apply the changes of a commit."""
        known_units = self._known_units(commit)
        if any(file.path.startswith("forms/") for file in commit.changed_files):
            self.form_set = ""
        for file in commit.changed_files:
            self._set_blob(file.old_path, "", commit)
        for file in commit.changed_files:
            self._set_blob(file.path, file.blob, commit)
        self._follow_units(commit.changed_files, known_units)
        self._follow_projects(commit.changed_files)

    def _known_units(self, commit: Commit) -> set[str]:
        """Return the existing units if the commit may add one, else nothing."""
        if not any(_is_unit_file(file.path) for file in commit.changed_files):
            return set()
        return {name for name, folder in self.units.items() if "" in folder}

    def _set_blob(self, path: str, blob: str, commit: Commit) -> None:
        """Set the blob id of a file, or remove the file if the id is empty."""
        top, _, below = path.partition("/")
        if top == "forms" and blob:
            self.forms[path] = blob
        elif top == "forms":
            self.forms.pop(path, None)
        unit, _, inner_path = below.partition("/")
        year, slash, _ = inner_path.partition("/")
        if top != "units" or not (inner_path == UNIT_FILE or (slash and _is_year(year))):
            return
        folder = self.units.setdefault(unit, {})
        if not slash:
            year = ""
        files = folder.setdefault(year, {})
        if blob:
            files[inner_path] = blob
        else:
            files.pop(inner_path, None)
        if not files:
            del folder[year]
        if year:
            self.changed[unit, year] = commit

    def _follow_units(self, files: Iterable[ChangedFile], known_units: set[str]) -> None:
        """Move a unit's versions to its new folder: by git's renames, else by 曾用代号."""
        new_units = {
            file.path.split("/")[1]: file.blob
            for file in files
            if _is_unit_file(file.path) and file.blob and file.path.split("/")[1] not in known_units
        }
        if not new_units:
            return
        votes = Counter(
            (file.old_path.split("/")[1], file.path.split("/")[1])
            for file in files
            if file.old_path.startswith("units/") and file.path.startswith("units/")
        )
        pairs = [pair for pair, _ in votes.most_common()]
        if any("" not in folder for folder in self.units.values()):
            pairs += [(old, new) for new, blob in new_units.items() for old in self.formers(blob)]
        for old, new in pairs:
            if old != new and new in new_units and "" not in self.units.get(old, {}):
                _rename_unit(self.versions, old, new)
                _rename_unit(self.renamed, old, new)
                _rename_unit(self.changed, old, new)

    def _follow_projects(self, files: Iterable[ChangedFile]) -> None:
        for file in files:
            old, new = _parse_project_path(file.old_path), _parse_project_path(file.path)
            if old and new and old[1] == new[1]:
                slugs = self.renamed.setdefault((new[0], new[1]), {})
                origin = next((key for key, value in slugs.items() if value == old[2]), old[2])
                slugs[origin] = new[2]

    def record_versions(self, release: str, point: Commit | None) -> None:
        """Record the disclosures that differ from their last version."""
        for (unit, year), last_commit in self.changed.items():
            commit = point or last_commit
            versions = self.versions.setdefault((unit, year), [])
            day = release_day(release, commit)
            version = self._build_version(unit, year, day, release, commit.revision)
            if _is_new(versions[-1] if versions else None, version):
                versions.append(version)
        self.changed.clear()
        self.renamed.clear()

    def _build_version(
        self, unit: str, year: str, day: str, release: str, revision: str
    ) -> DisclosureVersion:
        folder = self.units.get(unit, {})
        files = folder.get(year, {})
        if f"{year}/{DISCLOSURE_FILE}" not in files or "" not in folder:
            return DisclosureVersion(day, release, revision, is_public=False)
        renames = self.renamed.get((unit, year), {})
        pairs = tuple(sorted((old, new) for old, new in renames.items() if old != new))
        all_files = tuple(sorted({**folder[""], **files}.items()))
        form_set = self._current_form_set()
        return DisclosureVersion(day, release, revision, True, unit, all_files, form_set, pairs)  # noqa: FBT003

    def _current_form_set(self) -> str:
        if not self.form_set:
            files = tuple(sorted(self.forms.items()))
            self.form_set = hash_texts(f"{path}={blob}" for path, blob in files)
            self.form_sets[self.form_set] = files
        return self.form_set

    def build_lineages(self) -> Lineages:
        """Return all versions by unit and year."""
        units: dict[str, dict[int, tuple[DisclosureVersion, ...]]] = defaultdict(dict)
        for (unit, year), versions in sorted(self.versions.items()):
            if len(versions) == 1:
                units[unit][int(year)] = (
                    versions[0]._replace(files=(), forms="", project_renames=()),
                )
            elif versions:
                units[unit][int(year)] = tuple(versions)
        return Lineages(dict(units), self.form_sets, self._current_form_set())


def _rename_unit(entries: dict[DisclosureKey, Entry], old: str, new: str) -> None:
    """Move a unit's entries to another folder name, keeping existing ones."""
    for key in [key for key in entries if key[0] == old]:
        entries.setdefault((new, key[1]), entries[key])
        del entries[key]


def _is_new(previous: DisclosureVersion | None, version: DisclosureVersion) -> bool:
    """Tell whether a version differs from the previous one; a changed unit.yml does not count."""
    if previous is None or not (previous.is_public and version.is_public):
        return version.is_public if previous is None else previous.is_public != version.is_public
    return list(_disclosure_files(previous)) != list(_disclosure_files(version))


def _disclosure_files(version: DisclosureVersion) -> Iterator[tuple[str, str]]:
    return (file for file in version.files if file[0] != UNIT_FILE)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit()  # noqa: PLR2004


def _is_unit_file(path: str) -> bool:
    parts = path.split("/")
    return len(parts) == 3 and parts[0] == "units" and parts[2] == UNIT_FILE  # noqa: PLR2004


def _parse_project_path(path: str) -> tuple[str, str, str] | None:
    """Return the unit, year and slug of a project's file, or None for other files."""
    parts = path.split("/")
    if len(parts) != 5 or parts[0] != "units" or parts[3] != "projects":  # noqa: PLR2004
        return None
    return parts[1], parts[2], parts[4].rpartition(".")[0]
