"""The past of a whole data folder, for a build: worked out once, kept until git knows more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import yaml

from gongkai.history.git_log import (
    Commit,
    Repository,
    commits,
    day_of,
    leaps,
    repository,
    uncommitted,
)
from gongkai.history.lineage import Lineages, UnitPast, Version, lineages
from gongkai.history.versions import FormFiles
from gongkai.runtime.git import Blobs, GitProblem
from gongkai.runtime.hashing import combined

ALWAYS, NEVER = "是", "否"
"""What site.yml says of 修改记录; where it says nothing, a history is told once there is a release."""
_UNRELEASED = "还没有发布过（gongkai release），网页上没有修改记录"
_UNTRACKED = "数据没有提交到 git，网页上没有修改记录"
_UNCOMMITTED = "数据有没有提交的改动；修改记录只到最近一次提交"


class Release(NamedTuple):
    """What git knows of a release."""

    name: str
    day: str
    seal: str
    """The hash of its manifest, where its tag tells it; not of the commit that is the present one,
    for a site cannot hold its own hash."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of all units' past."""

    key: str
    """The hash of what it was worked out from; empty where it was not."""
    note: str = ""
    """What the operator is told: why there is no history, or how far it goes."""
    top: Path = Path()
    lineages: Lineages = field(default_factory=lambda: Lineages({}, {}, ""))
    releases: tuple[Release, ...] = ()
    """The oldest first."""

    def replaced(self) -> list[str]:
        """The units of which older versions are known."""
        known = self.lineages.units.items()
        return [name for name, years in known if any(len(each) > 1 for each in years.values())]

    def digest(self, unit: str) -> str:
        """The hash of a unit's past; empty where there is none."""
        past = self.lineages.units.get(unit)
        return combined([repr(past), repr(self.seals(past))]) if past else ""

    def seals(self, past: UnitPast) -> dict[str, str]:
        """The hashes of the releases of which a unit had versions that were replaced."""
        its = {version.release for versions in past.values() for version in versions[:-1]}
        return {each.name: each.seal for each in self.releases if each.name in its and each.seal}


@dataclass(frozen=True, slots=True)
class Needed:
    """What the history of some units is told from; a worker needs nothing else."""

    units: Mapping[str, UnitPast] = field(default_factory=dict)
    forms: Mapping[str, FormFiles] = field(default_factory=dict)
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    seals: Mapping[str, str] = field(default_factory=dict)
    """The hashes of releases by their names."""


def read_past(data: Path, wanted: str, release: str, old: Past | None) -> Past:
    """The past of a data folder, or why there is none; `old` is taken where git knows no more.

    `wanted` is what site.yml says; `release` names the release that is about to be made.
    """
    if wanted == NEVER:
        return Past("")
    try:
        here = repository(data)
        if not here.tags and not release and wanted != ALWAYS:
            return Past("", _UNRELEASED)
        note = _UNCOMMITTED if uncommitted(here) else ""
        key = combined([f"{here}", release, wanted])
        if old and old.key == key:
            return replace(old, note=note)
        log, points = _log(here), _points(here, release)
        found = _lineages(here, log, points)
        note = note if found.units else _UNTRACKED
        return Past(key, note, here.top, found, tuple(_releases(here, log, points)))
    except GitProblem as problem:
        return Past("", f"网页上没有修改记录：{problem}")


def _log(here: Repository) -> list[Commit]:
    """The commits of the line, where all releases are on it."""
    line = commits(here)
    on_it = {commit for _, commit in here.tags} <= {each.revision for each in line}
    return line if on_it else leaps(here)


def _points(here: Repository, release: str) -> dict[str, str]:
    """The releases by their commits."""
    points = {commit: name for name, commit in reversed(here.tags)}
    if release:
        points.setdefault(here.head, release)
    return points


def _releases(
    here: Repository, log: Iterable[Commit], points: Mapping[str, str]
) -> Iterator[Release]:
    seals = dict(here.seals)
    for commit in log:
        if name := points.get(commit.revision):
            seal = "" if commit.revision == here.head else seals.get(name, "")
            yield Release(name, day_of(name, commit), seal)


def _lineages(here: Repository, log: Sequence[Commit], points: Mapping[str, str]) -> Lineages:
    with Blobs(here.top) as known:
        return lineages(log, points or None, lambda blob: _formers(known[blob]))


def _formers(data: bytes) -> Iterator[str]:
    """曾用代号 of a unit.yml."""
    try:
        told = yaml.load(data, yaml.CBaseLoader)  # noqa: S506 - texts only
    except (yaml.YAMLError, UnicodeDecodeError):
        return
    named = told.get("曾用代号") if isinstance(told, dict) else None
    yield from (f"{each}" for each in (named if isinstance(named, list) else ()))


def needed(past: Past, units: Iterable[str], known: Blobs) -> Needed:
    """What the history of these units is told from."""
    its = {unit: past.lineages.units[unit] for unit in units if unit in past.lineages.units}
    versions = [version for years in its.values() for each in years.values() for version in each]
    return Needed(
        units=its,
        forms=dict(_forms(past, versions, known)),
        blobs={blob: known[blob] for version in versions for _, blob in version.files},
        seals={name: seal for each in its.values() for name, seal in past.seals(each).items()},
    )


def _forms(
    past: Past, versions: Iterable[Version], known: Blobs
) -> Iterator[tuple[str, FormFiles]]:
    """The forms that are asked for, but for those of now, which are known."""
    names = {version.forms for version in versions if version.files}
    for name in sorted(names - {past.lineages.present}):
        files = past.lineages.forms[name]
        yield name, tuple((path, known[blob]) for path, blob in files)
