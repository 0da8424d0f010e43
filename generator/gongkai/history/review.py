"""Compare two revisions of the data folder, for the review of a change before merging."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gongkai.history.changes import Change
from gongkai.history.diff import diff_disclosures, diff_units
from gongkai.history.git_log import RELEASE_TAG_PREFIX, ChangedFile, parse_raw_diff
from gongkai.history.versions import is_fully_read
from gongkai.model.publication import Disclosure, UnitFacts
from gongkai.reading.dataset import CommonData, Dataset, read_common_data, read_units
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.git import GitError, GitMissingError, export_revision, repository_root, run_git

NEW, GONE, CHANGED, UNREADABLE = "新公开", "撤下", "修改", "读不出"


@dataclass(frozen=True, slots=True)
class DisclosureReview:
    """Differences of one disclosure, or of a unit's facts (then year is None)."""

    unit: str
    """Slug of the unit; the new one if it was renamed."""
    name: str
    """Name of the unit."""
    year: int | None
    status: str
    """新公开, 撤下, 修改 or 读不出."""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """All differences between two revisions."""

    disclosures: tuple[DisclosureReview, ...]
    other_files: tuple[str, ...]
    """Changed files of the data folder that belong to no unit: forms, site.yml."""

    def __bool__(self) -> bool:
        """Whether there are differences."""
        return bool(self.disclosures or self.other_files)


@dataclass(frozen=True, slots=True)
class _Revision:
    """The data folder at one of the two revisions."""

    common: CommonData

    def read(self, unit: str) -> Dataset:
        return read_units(self.common, [unit] if self.has(unit, "unit.yml") else [])

    def has(self, unit: str, path: str) -> bool:
        return (self.common.folder / "units" / unit / path).is_file()


def compare_revisions(data: Path, today: dt.date, old: str, new: str = "") -> Review:
    """Compare two revisions; an empty `new` stands for the working folder.

    Only units with changed files are read. Raise GitError if a revision does not exist.
    """
    top = repository_root(data)
    under = data.resolve().relative_to(top.resolve()).as_posix()
    old_commit, new_commit = _resolve_commit(top, old), _resolve_commit(top, new) if new else ""
    files = list(_iter_changed_files(top, under, old_commit, new_commit))
    units = sorted(
        {slug for file in files for slug in (_unit_of(file.old_path), _unit_of(file.path)) if slug}
    )
    others = (
        path for file in files for path in (file.old_path, file.path) if path and not _unit_of(path)
    )
    with tempfile.TemporaryDirectory() as name, pause_gc():
        new_folder = data
        if new_commit:
            new_folder = _export_data(top, under, new_commit, units, Path(name) / "new")
        old_folder = _export_data(top, under, old_commit, units, Path(name) / "old")
        before = _Revision(read_common_data(old_folder, "", today))
        after = _Revision(read_common_data(new_folder, "", today))
        disclosures = tuple(_review_units(before, after, units, files))
    return Review(disclosures, tuple(sorted(set(others))))


def _resolve_commit(top: Path, name: str) -> str:
    """Return the hash of a commit by revision or release name. Raise GitError if there is none."""
    for revision in (name, f"{RELEASE_TAG_PREFIX}{name}"):
        args = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        try:
            return run_git(*args, folder=top).strip()
        except GitMissingError:
            raise
        except GitError:
            continue
    run_git("rev-list", "--max-count=1", "HEAD", folder=top)  # Fails without commits, or damaged.
    if ".." in name:
        raise GitError(
            f"“{name}”是两个版本；请分开写：gongkai diff {name.replace('...', ' ').replace('..', ' ')}"
        )
    message = f"没有名为“{name}”的版本；可以写提交编号、分支名，或发布的名称（git tag --list 列出）"
    raise GitError(message)


def _iter_changed_files(top: Path, under: str, old: str, new: str) -> Iterator[ChangedFile]:
    prefix_length = 0 if under == "." else len(under) + 1
    args = ("diff", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-ext-diff", old)
    output = run_git(*args, *([new] if new else []), "--", under, folder=top)
    yield from parse_raw_diff(output.split("\0"), prefix_length)
    if not new:
        untracked = run_git(
            "ls-files", "--others", "--exclude-standard", "-z", "--", under, folder=top
        )
        for path in filter(None, untracked.split("\0")):
            yield ChangedFile(path[prefix_length:], "new")


def _export_data(top: Path, under: str, revision: str, units: Sequence[str], target: Path) -> Path:
    """Export the data folder at a revision, with only the given units, and return its path."""
    target.mkdir()
    names = ("site.yml", "words.yml", "forms", *(f"units/{unit}" for unit in units))
    paths = [PurePosixPath(under, name).as_posix() for name in names]
    export_revision(top, revision, paths, target)
    (target / under).mkdir(parents=True, exist_ok=True)
    return target / under


def _unit_of(path: str) -> str:
    """Return the slug of the unit that a file belongs to; empty if it belongs to none."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "units" else ""  # noqa: PLR2004


def _review_units(
    before: _Revision, after: _Revision, units: Iterable[str], files: Sequence[ChangedFile]
) -> Iterator[DisclosureReview]:
    old_slugs = dict(_find_renamed_units(before, after, files))
    for unit in units:
        if unit in old_slugs.values():
            continue
        old_slug = old_slugs.get(unit, unit)
        yield from _review_unit(before, after, (old_slug, unit), files)


def _find_renamed_units(
    before: _Revision, after: _Revision, files: Iterable[ChangedFile]
) -> Iterator[tuple[str, str]]:
    """Yield new and old slugs of renamed units."""
    for file in files:
        old, new = _unit_of(file.old_path), _unit_of(file.path)
        is_moved = old and new and old != new and file.path.endswith("/unit.yml")
        if is_moved and not after.has(old, "unit.yml") and not before.has(new, "unit.yml"):
            yield new, old


def _review_unit(
    before: _Revision, after: _Revision, slugs: tuple[str, str], files: Sequence[ChangedFile]
) -> Iterator[DisclosureReview]:
    """Yield the differences of a unit, given its old and its new slug."""
    old_slug, new_slug = slugs
    old, new = before.read(old_slug), after.read(new_slug)
    old_facts, new_facts = _unit_facts(old), _unit_facts(new)
    facts = new_facts or old_facts
    name = facts.name if facts else new_slug
    if old_facts and new_facts and (fact_changes := diff_units(old_facts, new_facts)):
        yield DisclosureReview(new_slug, name, None, CHANGED, fact_changes)
    years = {file.path.split("/")[2] for file in files if _unit_of(file.path) == new_slug}
    years |= {
        (file.old_path or file.path).split("/")[2]
        for file in files
        if _unit_of(file.old_path or file.path) == old_slug
    }
    for year in sorted(filter(str.isdigit, years)):
        path = f"{year}/disclosure.yml"
        what, differences = _compare(
            exists=(before.has(old_slug, path), after.has(new_slug, path)),
            old=_find_disclosure(old, int(year)),
            new=_find_disclosure(new, int(year)),
            renames=dict(_renamed_projects(files)),
        )
        if what:
            yield DisclosureReview(new_slug, name, int(year), what, differences)


def _compare(
    exists: tuple[bool, bool],
    old: Disclosure | None,
    new: Disclosure | None,
    renames: dict[str, str],
) -> tuple[str, tuple[Change, ...]]:
    """Return what happened to a disclosure (empty if nothing did) and its changes."""
    if exists[0] != exists[1]:
        return (NEW if exists[1] else GONE), ()
    if old is None or new is None:
        return (UNREADABLE if exists[1] else ""), ()
    differences = diff_disclosures(old, new, renames, new.facts.corrections)
    return (CHANGED if differences else ""), differences


def _unit_facts(dataset: Dataset) -> UnitFacts | None:
    return dataset.units[0].facts if dataset.units else None


def _find_disclosure(dataset: Dataset, year: int) -> Disclosure | None:
    """Return the disclosure of a year; None if it is missing or not entirely readable."""
    disclosures = (disclosure for disclosure in dataset.disclosures if disclosure.year == year)
    disclosure = next(disclosures, None)
    return disclosure if disclosure and is_fully_read(dataset, disclosure) else None


def _renamed_projects(files: Iterable[ChangedFile]) -> Iterator[tuple[str, str]]:
    """Yield old and new slugs of renamed project files."""
    for file in files:
        if file.old_path and "/projects/" in file.path:
            yield PurePosixPath(file.old_path).stem, PurePosixPath(file.path).stem
