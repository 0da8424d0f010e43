"""Build request, cached state and result."""

import datetime as dt
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from gongkai.build.theme.theme_output import ThemeOutput
from gongkai.build.unit import UnitResult
from gongkai.build.workspace import Workspace
from gongkai.checks.texts.tally import Tally
from gongkai.history.past import DataHistory
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.hashing import program_hash
from gongkai.runtime.packing import (
    UNPACKING_ERRORS,
    pack_object,
    pack_values,
    unpack_object,
    unpack_values,
)
from gongkai.runtime.paths import display_path
from gongkai.runtime.progress import NoProgress, Progress
from gongkai.runtime.side_process import run_beside
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import (
    BuildOutput,
    FileStamp,
    OutputFile,
    are_parts_intact,
    has_files,
    read_stamps,
    write_part,
)
from gongkai.search.documents import IndexedUnit
from gongkai.search.index_set import published_path

_MANY_PAGES = 5_000
"""Number of pages from which it pays to look for the site's files in a process of its own."""


class UnitSummary(NamedTuple):
    """What every build needs to know of a unit, so that most results need not be read."""

    key: str
    """Cache key: the hash of everything that shapes the unit's files."""
    result_part: str
    """Name of the part file with the result."""
    other_parts: frozenset[str]
    """Names of the unit's other part files."""
    is_date_dependent: bool
    """Whether any of its problems depends on today's date."""
    page_count: int
    """Number of its HTML pages."""


class CachedUnit:
    """The cached result of building a unit, in a part file that is read on first access."""

    __slots__ = ("_result", "folder", "summary")

    def __init__(
        self, summary: UnitSummary, folder: Path | None = None, result: UnitResult | None = None
    ) -> None:
        """Without `result`, it is read from the part file in `folder` on first access."""
        self.summary = summary
        self.folder = folder
        self._result = result

    @property
    def result(self) -> UnitResult:
        """The unit's build result."""
        if self._result is None:
            files, pickled = self._read_part()
            self._result = replace(unpack_object(pickled), packed_files=files)
        return self._result

    @property
    def output_files(self) -> Iterator[OutputFile]:
        """The unit's files, without the rest of its result."""
        return map(OutputFile._make, unpack_values(self._read_part()[0]))

    def _read_part(self) -> tuple[bytes, bytes]:
        """Return the packed files and the pickled result."""
        if self.folder is None:
            raise ValueError("the folder of the part files is not known")
        parts: tuple[bytes, bytes] = unpack_values(
            (self.folder / self.summary.result_part).read_bytes()
        )
        return parts

    def __reduce__(self) -> tuple[type["CachedUnit"], tuple[UnitSummary]]:
        """Pickle the summary alone: workspaces may be moved."""
        return CachedUnit, (self.summary,)


def cache_unit(key: str, result: UnitResult, output: BuildOutput) -> CachedUnit:
    """Write the result of a unit that has just been built into a part file; return its cache entry."""
    packed = pack_values((result.packed_files, pack_object(replace(result, packed_files=b""))))
    summary = UnitSummary(
        key=key,
        result_part=write_part(packed, result.name, ".unit", output),
        other_parts=result.part_names,
        is_date_dependent=result.tally.date_dependent,
        page_count=result.page_count,
    )
    return CachedUnit(summary, output.parts_folder, result)


class CachedPages(NamedTuple):
    """Cached search data of a group of site-level pages."""

    digest: str
    """Content hash of the pages."""
    search_entry: IndexedUnit
    text_files: tuple[OutputFile, ...]
    """The files with the pages' texts for the search."""


def search_inputs(
    units: Mapping[str, CachedUnit], page_groups: Mapping[str, CachedPages]
) -> dict[str, IndexedUnit]:
    """Return the entries of the search index in order: units, then groups of site-level pages."""
    unit_entries = ((name, cached.result.search_entry) for name, cached in units.items())
    entries = {name: entry for name, entry in unit_entries if entry}
    return entries | {name: group.search_entry for name, group in page_groups.items()}


class SiteLevelFiles(NamedTuple):
    """The files of a site that no single unit owns."""

    files: tuple[OutputFile, ...]
    """All but those of the search index and the bulk download."""
    bulk_files: tuple[OutputFile, ...]
    """The files of the bulk download."""
    page_groups: Mapping[str, CachedPages]
    """Search data of the pages among `files`, by group."""
    index_files: tuple[OutputFile, ...]
    """The files of the search index, texts excluded."""
    index_folder: str
    """Published folder of the search index (see search/index_set)."""


@dataclass(frozen=True, slots=True)
class BuildState:
    """The files of a built site and the inputs that they were built from."""

    program: str
    """Hash of the program that built it."""
    shared_hash: str
    """Hash of everything that shapes every page."""
    day: dt.date
    scanned_at: int
    """When the data files were scanned, in nanoseconds since 1970."""
    packed_prints: bytes
    """Fingerprints of the data files by path, packed (see pack_fingerprints)."""
    past: DataHistory
    """The data's git history."""
    theme: ThemeOutput
    units: Mapping[str, CachedUnit]
    site_level: SiteLevelFiles
    tally: Tally
    """Counts and excerpt of the problems found."""
    source_count: int
    """Number of data files read."""
    part_stamps: Mapping[str, FileStamp] = field(default_factory=dict)
    """Stamps of the workspace's part files that the state refers to, by name."""

    def search_inputs(self) -> dict[str, IndexedUnit]:
        """Return the entries of the search index in order."""
        return search_inputs(self.units, self.site_level.page_groups)

    def part_names(self) -> frozenset[str]:
        """Return the names of the workspace's part files that the state refers to."""
        summaries = [cached.summary for cached in self.units.values()]
        groups = self.site_level.page_groups.values()
        own_parts = {group.search_entry.posting_file for group in groups}
        own_parts.update(summary.result_part for summary in summaries)
        return frozenset(own_parts).union(*(summary.other_parts for summary in summaries))

    @property
    def page_count(self) -> int:
        """Number of HTML pages of the site."""
        site_level = sum(file.is_page for file in self.site_level.files)
        return site_level + sum(cached.summary.page_count for cached in self.units.values())

    def published_sizes(self) -> Iterator[tuple[str, int]]:
        """Yield the path under which it is published, and the size, of every file of the site."""
        folder = self.site_level.index_folder
        return ((published_path(file.path, folder), file.size) for file in self.files())

    def published_files(self) -> Iterator[OutputFile]:
        """Yield every file of the site with the path under which it is published."""
        folder = self.site_level.index_folder
        return (file._replace(path=published_path(file.path, folder)) for file in self.files())

    def files(self, skip_units: Container[str] = ()) -> Iterator[OutputFile]:
        """Yield every file of the site, except those of the units in `skip_units`.

        The files of the search index have their paths below INDEX_FOLDER.
        """
        yield from self.site_level.files
        yield from self.site_level.index_files
        yield from self.site_level.bulk_files
        for group in self.site_level.page_groups.values():
            yield from group.text_files
        for name, cached in self.units.items():
            if name not in skip_units:
                yield from cached.output_files


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build, with which workers, and where progress is shown."""

    data: Path
    today: dt.date
    """The date that counts as today."""
    units: frozenset[str] = frozenset()
    """Slugs of the units to build; empty for all."""
    release: str = ""
    """Name of the release that the build is for; the pages' history sections show it."""
    shows_errors: bool = False
    """Whether what blocks publication is shown on the pages, instead of leaving the site as it is."""
    preview: bool = False
    """Whether the site is for this machine only; a preview offers no bulk download."""
    workers: Workers = field(default_factory=Workers)
    progress: Progress = field(default_factory=NoProgress)

    @property
    def display_name(self) -> str:
        """How messages name the data folder."""
        return display_path(self.data)

    @property
    def allows_bulk_download(self) -> bool:
        """Whether the bulk download may be built: the site holds all units and is no preview."""
        return not (self.units or self.preview)


@dataclass(frozen=True, slots=True)
class BuildResult:
    """Problems and statistics of a build."""

    tally: Tally
    source_count: int
    """Number of data files read."""
    page_count: int = 0
    """Number of pages of the site; 0 if problems blocked publication."""
    changed: int = 0
    """Number of files that are new or differ from the previous site's."""
    deleted: int = 0
    seconds: float = 0.0
    note: str = ""
    """Remark on the git history for the operator, in Chinese."""

    @property
    def blocked(self) -> bool:
        """Whether problems blocked publication and the site is unchanged."""
        return bool(self.tally.blocking)


def read_state(workspace: Workspace) -> BuildState | None:
    """Return the cached state of the present site; None if it cannot be trusted.

    It can if this program version built it, and the part files are as it describes them. Whether the
    site is, too, has yet to be looked at (see has_site_files).
    """
    with pause_gc():
        state = workspace.read_state()
        if not isinstance(state, BuildState) or getattr(state, "program", "") != program_hash():
            return None
        if not are_parts_intact(workspace.index, state.part_stamps):
            return None
        for cached in state.units.values():
            cached.folder = workspace.index
        return state


def has_site_files(state: BuildState, workspace: Workspace) -> bool:
    """Tell whether the site has all files that the state describes."""
    try:
        return has_files(workspace.site, state.published_sizes())
    except UNPACKING_ERRORS:
        return False


@contextmanager
def look_for_site_files(
    state: BuildState | None, workspace: Workspace
) -> Iterator[Callable[[], bool]]:
    """Begin to look for the files of the site; yield a function that tells whether all are there."""
    if state is None:
        yield lambda: False
        return
    look = partial(has_site_files, state, workspace)
    if state.page_count < _MANY_PAGES:
        yield look
        return
    with run_beside(look) as wait:
        yield wait


def load_last_state(workspace: Workspace) -> BuildState | None:
    """Return the cached state of the present site; None if it or the site cannot be trusted."""
    state = read_state(workspace)
    return state if state and has_site_files(state, workspace) else None


def with_stamps(state: BuildState, workspace: Workspace) -> BuildState:
    """Return the state with the stamps of its part files, which have all been written."""
    return replace(state, part_stamps=read_stamps(workspace.index, state.part_names()))


def open_state(workspace: Workspace, *, fresh: bool = False) -> BuildState | None:
    """Return the cached state of the present site; if there is none to trust, clear the workspace.

    `fresh` trusts none.
    """
    state = None if fresh else load_last_state(workspace)
    if state is None:
        workspace.clear()
    return state
