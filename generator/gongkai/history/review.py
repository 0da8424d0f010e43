"""What differs between two versions of the data, for whoever reviews a change before it is merged."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gongkai.history.changes import Change
from gongkai.history.diff import changes, unit_changes
from gongkai.history.git_log import RELEASED, Touched, touched
from gongkai.history.versions import whole
from gongkai.model.publication import Disclosure, UnitFacts
from gongkai.reading.dataset import Common, Dataset, read_common, read_units
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import uncollected
from gongkai.runtime.git import GitProblem, export_revision, git, root

NEW, GONE, CHANGED, UNREADABLE = "新公开", "撤下", "修改", "读不出"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of one disclosure, or of what a unit says of itself (then there is no year)."""

    unit: str
    """Its folder, the present one where it has another one now."""
    name: str
    year: int | None
    what: str
    """新公开, 撤下, 修改, 读不出."""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """All differences."""

    disclosures: tuple[Reviewed, ...]
    others: tuple[str, ...]
    """Files of the data folder that belong to no unit and differ: forms, site.yml."""

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.disclosures or self.others)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two versions."""

    common: Common

    def read(self, unit: str) -> Dataset:
        return read_units(self.common, [unit] if self.has(unit, "unit.yml") else [])

    def has(self, unit: str, file: str) -> bool:
        return (self.common.folder / "units" / unit / file).is_file()


def review(data: Path, old: str, new: str = "") -> Review:
    """What differs between two revisions; the second is the working folder where it is empty.

    GitProblem where there is no such revision. Only the units that differ are read.
    """
    top = root(data)
    under = data.resolve().relative_to(top.resolve()).as_posix()
    first, second = _commit(top, old), _commit(top, new) if new else ""
    files = list(_touched(top, under, first, second))
    units = sorted(
        {unit for each in files for unit in (_unit(each.before), _unit(each.path)) if unit}
    )
    others = (
        path for each in files for path in (each.before, each.path) if path and not _unit(path)
    )
    with tempfile.TemporaryDirectory() as name, uncollected():
        here = data
        if second:
            here = _exported(top, under, second, units, Path(name) / "new")
        before = _Side(
            read_common(_exported(top, under, first, units, Path(name) / "old"), "", today())
        )
        now = _Side(read_common(here, "", today()))
        found = tuple(_reviewed(before, now, units, files))
    return Review(found, tuple(sorted(set(others))))


def _commit(top: Path, name: str) -> str:
    """The commit that a name stands for; a release may be named without released/."""
    for each in (name, f"{RELEASED}{name}"):
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{each}^{{commit}}")
        try:
            return git(*words, folder=top).strip()
        except GitProblem as problem:
            if "没有找到" in str(problem):
                raise
    message = f"没有名为“{name}”的版本；可以写提交编号、分支名，或发布的名称（git tag --list 列出）"
    raise GitProblem(message)


def _touched(top: Path, under: str, old: str, new: str) -> Iterator[Touched]:
    prefix = 0 if under == "." else len(under) + 1
    words = ("diff", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-ext-diff", old)
    told = git(*words, *([new] if new else []), "--", under, folder=top)
    yield from touched(told.split("\0"), prefix)
    if not new:
        asked = ("ls-files", "--others", "--exclude-standard", "-z", "--", under)
        for path in filter(None, git(*asked, folder=top).split("\0")):
            yield Touched(path[prefix:], "new")


def _exported(top: Path, under: str, revision: str, units: Sequence[str], target: Path) -> Path:
    """The data folder as a revision has it, with these units only."""
    target.mkdir()
    names = ("site.yml", "words.yml", "forms", *(f"units/{unit}" for unit in units))
    paths = [PurePosixPath(under, each).as_posix() for each in names]
    export_revision(top, revision, paths, target)
    (target / under).mkdir(parents=True, exist_ok=True)
    return target / under


def _unit(path: str) -> str:
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "units" else ""  # noqa: PLR2004


def _reviewed(
    before: _Side, now: _Side, units: Iterable[str], files: Sequence[Touched]
) -> Iterator[Reviewed]:
    renamed = dict(_renamed(before, now, files))
    for unit in units:
        if unit in renamed.values():
            continue
        old = renamed.get(unit, unit)
        yield from _of_unit(before, now, (old, unit), files)


def _renamed(before: _Side, now: _Side, files: Iterable[Touched]) -> Iterator[tuple[str, str]]:
    """New folders of units and the ones they had."""
    for each in files:
        old, new = _unit(each.before), _unit(each.path)
        moved = old and new and old != new and each.path.endswith("/unit.yml")
        if moved and not now.has(old, "unit.yml") and not before.has(new, "unit.yml"):
            yield new, old


def _of_unit(
    before: _Side, now: _Side, names: tuple[str, str], files: Sequence[Touched]
) -> Iterator[Reviewed]:
    old, new = before.read(names[0]), now.read(names[1])
    facts = _facts(new) or _facts(old)
    name = facts.name if facts else names[1]
    one, other = _facts(old), _facts(new)
    if one and other and (said := unit_changes(one, other)):
        yield Reviewed(names[1], name, None, CHANGED, said)
    years = {each.path.split("/")[2] for each in files if _unit(each.path) == names[1]}
    years |= {
        (each.before or each.path).split("/")[2]
        for each in files
        if _unit(each.before or each.path) == names[0]
    }
    for year in sorted(each for each in years if each.isdigit()):
        file = f"{year}/disclosure.yml"
        there = before.has(names[0], file), now.has(names[1], file)
        past, present = _of_year(old, int(year)), _of_year(new, int(year))
        what, found = _compared(there, past, present, dict(_moved(files)))
        if what:
            yield Reviewed(names[1], name, int(year), what, found)


def _compared(
    there: tuple[bool, bool],
    old: Disclosure | None,
    new: Disclosure | None,
    moved: dict[str, str],
) -> tuple[str, tuple[Change, ...]]:
    """What became of a disclosure; empty where nothing did."""
    if there[0] != there[1]:
        return (NEW if there[1] else GONE), ()
    if old is None or new is None:
        return (UNREADABLE if there[1] else ""), ()
    found = changes(old, new, moved, new.facts.corrections)
    return (CHANGED if found else ""), found


def _facts(dataset: Dataset) -> UnitFacts | None:
    return dataset.units[0].facts if dataset.units else None


def _of_year(dataset: Dataset, year: int) -> Disclosure | None:
    found = next((each for each in dataset.disclosures if each.year == year), None)
    return found if found and whole(dataset, found) else None


def _moved(files: Iterable[Touched]) -> Iterator[tuple[str, str]]:
    """Slugs of projects' files that have other ones now."""
    for each in files:
        if each.before and "/projects/" in each.path:
            yield PurePosixPath(each.before).stem, PurePosixPath(each.path).stem
