"""History of a whole data folder, for a build; cached until the repository changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import yaml

from gongkai.history.git_log import (
    Commit,
    Repository,
    has_uncommitted_changes,
    read_commits,
    read_release_chain,
    read_repository,
    release_day,
)
from gongkai.history.lineage import DisclosureVersion, Lineages, UnitVersions, trace_lineages
from gongkai.history.versions import FormFiles
from gongkai.runtime.git import BlobReader, GitError
from gongkai.runtime.hashing import hash_texts

ALWAYS, NEVER = "是", "否"
"""Values of 修改记录 in site.yml; if it is blank, pages have a history once there is a release."""
_UNRELEASED = "还没有发布过（gongkai release），网页上没有修改记录"
_UNTRACKED = "数据没有提交到 git，网页上没有修改记录"
_UNCOMMITTED = "数据有没有提交的改动；修改记录只到最近一次提交"


class Release(NamedTuple):
    """A release as known to git."""

    name: str
    day: str
    """ISO date."""
    manifest_hash: str
    """Manifest hash from its tag; empty for the release at HEAD, since a site cannot contain its
    own hash."""


@dataclass(frozen=True, slots=True)
class DataHistory:
    """History of all units of a data folder."""

    key: str
    """Hash of the inputs, for caching; empty if there is no history."""
    note: str = ""
    """Message to the operator: why there is no history, or how far it goes."""
    top: Path = Path()
    """Top folder of the repository."""
    lineages: Lineages = field(default_factory=lambda: Lineages({}, {}, ""))
    releases: tuple[Release, ...] = ()
    """Oldest first."""

    def units_with_old_versions(self) -> list[str]:
        """Return the units that have older versions."""
        return [
            unit
            for unit, versions_by_year in self.lineages.units.items()
            if any(len(versions) > 1 for versions in versions_by_year.values())
        ]

    def unit_hash(self, unit: str) -> str:
        """Return the hash of a unit's history; empty if it has none."""
        unit_versions = self.lineages.units.get(unit)
        if not unit_versions:
            return ""
        return hash_texts([repr(unit_versions), repr(self.manifest_hashes(unit_versions))])

    def manifest_hashes(self, unit_versions: UnitVersions) -> dict[str, str]:
        """Return the manifest hashes, by name, of the releases that hold a unit's older versions."""
        names = {
            version.release for versions in unit_versions.values() for version in versions[:-1]
        }
        return {
            release.name: release.manifest_hash
            for release in self.releases
            if release.name in names and release.manifest_hash
        }


@dataclass(frozen=True, slots=True)
class HistoryInputs:
    """Inputs for the history of some units: all that a worker process needs."""

    units: Mapping[str, UnitVersions] = field(default_factory=dict)
    forms: Mapping[str, FormFiles] = field(default_factory=dict)
    """Old sets of form files, by hash."""
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    """File contents by blob id."""
    manifest_hashes: Mapping[str, str] = field(default_factory=dict)
    """Manifest hashes by release name."""


def read_history(data: Path, setting: str, release: str, cached: DataHistory | None) -> DataHistory:
    """Read the history of a data folder, or explain why there is none; reuse `cached` if current.

    `setting` is 修改记录 of site.yml; `release` is the name of the release that is being made.
    """
    if setting == NEVER:
        return DataHistory("")
    try:
        repo = read_repository(data)
        if not repo.tags and not release and setting != ALWAYS:
            return DataHistory("", _UNRELEASED)
        note = _UNCOMMITTED if has_uncommitted_changes(repo) else ""
        key = hash_texts([f"{repo}", release, setting])
        if cached and cached.key == key:
            return replace(cached, note=note)
        log, points = _read_log(repo), _release_points(repo, release)
        all_versions = _trace_versions(repo, log, points)
        note = note if all_versions.units else _UNTRACKED
        return DataHistory(
            key, note, repo.top, all_versions, tuple(_iter_releases(repo, log, points))
        )
    except GitError as error:
        return DataHistory("", f"网页上没有修改记录：{error}")


def _read_log(repo: Repository) -> list[Commit]:
    """Return the first-parent commits, or the chain of releases if some are not among them."""
    log = read_commits(repo)
    has_all_releases = {commit for _, commit in repo.tags} <= {commit.revision for commit in log}
    return log if has_all_releases else read_release_chain(repo)


def _release_points(repo: Repository, release: str) -> dict[str, str]:
    """Map commits to release names; `release` is going to be at HEAD."""
    points = {commit: name for name, commit in reversed(repo.tags)}
    if release:
        points.setdefault(repo.head, release)
    return points


def _iter_releases(
    repo: Repository, log: Iterable[Commit], points: Mapping[str, str]
) -> Iterator[Release]:
    hashes = dict(repo.manifest_hashes)
    for commit in log:
        if name := points.get(commit.revision):
            manifest_hash = "" if commit.revision == repo.head else hashes.get(name, "")
            yield Release(name, release_day(name, commit), manifest_hash)


def _trace_versions(repo: Repository, log: Sequence[Commit], points: Mapping[str, str]) -> Lineages:
    with BlobReader(repo.top) as blobs:
        return trace_lineages(log, points or None, lambda blob: _parse_former_slugs(blobs[blob]))


def _parse_former_slugs(data: bytes) -> Iterator[str]:
    """Yield 曾用代号 of a unit.yml."""
    try:
        facts = yaml.load(data, yaml.CBaseLoader)  # noqa: S506 - texts only
    except (yaml.YAMLError, UnicodeDecodeError):
        return
    slugs = facts.get("曾用代号") if isinstance(facts, dict) else None
    yield from (f"{slug}" for slug in (slugs if isinstance(slugs, list) else ()))


def collect_history_inputs(
    history: DataHistory, units: Iterable[str], blobs: BlobReader
) -> HistoryInputs:
    """Collect the inputs for the history of some units."""
    versions_by_unit = {
        unit: history.lineages.units[unit] for unit in units if unit in history.lineages.units
    }
    versions = [
        version
        for versions_by_year in versions_by_unit.values()
        for year_versions in versions_by_year.values()
        for version in year_versions
    ]
    return HistoryInputs(
        units=versions_by_unit,
        forms=dict(_read_old_forms(history, versions, blobs)),
        blobs={blob: blobs[blob] for version in versions for _, blob in version.files},
        manifest_hashes={
            name: manifest_hash
            for unit_versions in versions_by_unit.values()
            for name, manifest_hash in history.manifest_hashes(unit_versions).items()
        },
    )


def _read_old_forms(
    past: DataHistory, versions: Iterable[DisclosureVersion], blobs: BlobReader
) -> Iterator[tuple[str, FormFiles]]:
    """Yield the sets of form files that versions refer to, except the present one."""
    form_sets = {version.forms for version in versions if version.files}
    for form_set in sorted(form_sets - {past.lineages.present_forms}):
        files = past.lineages.forms[form_set]
        yield form_set, tuple((path, blobs[blob]) for path, blob in files)
