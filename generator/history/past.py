"""The past of a whole data folder, for a build: worked out once, kept until git knows more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from generator.fingerprints import combined
from generator.git import Blobs, GitProblem
from generator.history.lineage import Lineages, UnitPast, Version, lineages
from generator.history.log import Repository, commits, repository, uncommitted
from generator.history.reading import FormFiles

ALWAYS, NEVER = "是", "否"
"""What site.yml says of 修改记录; where it says nothing, a history is told once there is a release."""
_UNRELEASED = "还没有发布过（gongkai release），网页上没有修改记录"
_UNTRACKED = "数据没有提交到 git，网页上没有修改记录"
_UNCOMMITTED = "数据有没有提交的改动；修改记录只到最近一次提交"


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of all units' past."""

    key: str
    """The hash of what it was worked out from; empty where it was not."""
    note: str = ""
    """What the operator is told: why there is no history, or how far it goes."""
    top: Path = Path()
    lineages: Lineages = field(default_factory=lambda: Lineages({}, {}, ""))

    def digest(self, unit: str) -> str:
        """The hash of a unit's past; empty where there is none."""
        past = self.lineages.units.get(unit)
        return combined([repr(past)]) if past else ""


@dataclass(frozen=True, slots=True)
class Needed:
    """What the history of some units is told from; a worker needs nothing else."""

    units: Mapping[str, UnitPast] = field(default_factory=dict)
    forms: Mapping[str, FormFiles] = field(default_factory=dict)
    blobs: Mapping[str, bytes] = field(default_factory=dict)


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
        found = _lineages(here, release)
        return Past(key, note if found.units else _UNTRACKED, here.top, found)
    except GitProblem as problem:
        return Past("", f"网页上没有修改记录：{problem}")


def _lineages(here: Repository, release: str) -> Lineages:
    points = {commit: name for name, commit in reversed(here.tags)}
    if release:
        points.setdefault(here.head, release)
    with Blobs(here.top) as known:
        return lineages(commits(here), points or None, lambda blob: _formers(known[blob]))


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
    )


def _forms(
    past: Past, versions: Iterable[Version], known: Blobs
) -> Iterator[tuple[str, FormFiles]]:
    """The forms that are asked for, but for those of now, which are known."""
    names = {version.forms for version in versions if version.files}
    for name in sorted(names - {past.lineages.present}):
        files = past.lineages.forms[name]
        yield name, tuple((path, known[blob]) for path, blob in files)
