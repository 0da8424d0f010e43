"""Build request, cached state and result."""

import datetime as dt
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gongkai.build.theme.theme_output import ThemeOutput
from gongkai.build.unit import UnitResult
from gongkai.build.workspace import Workspace
from gongkai.checks.texts.tally import Tally
from gongkai.history.past import DataHistory
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.hashing import program_hash
from gongkai.runtime.packing import UNPACKING_ERRORS, pack_object, unpack_object
from gongkai.runtime.paths import display_path
from gongkai.runtime.progress import NoProgress, Progress
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import OutputFile, has_files, is_part_intact
from gongkai.search.documents import IndexedUnit
from gongkai.search.index_set import published_path


class CachedUnit:
    """The cached result of building a unit, with its cache key.

    The result stays pickled until it is read, so that loading the state of a province is fast.
    """

    __slots__ = ("_result", "key", "pickled")

    def __init__(self, key: str, pickled: bytes, result: UnitResult | None = None) -> None:
        """Without `result`, `pickled` is loaded on first access."""
        self.key = key
        self.pickled = pickled
        self._result = result

    @property
    def result(self) -> UnitResult:
        """The unit's build result."""
        if self._result is None:
            self._result = unpack_object(self.pickled)
        return self._result

    def __reduce__(self) -> tuple[type["CachedUnit"], tuple[str, bytes]]:
        """Pickle the key and the bytes, without the loaded result."""
        return CachedUnit, (self.key, self.pickled)


def cache_unit(key: str, result: UnitResult) -> CachedUnit:
    """Return the cache entry of a unit that has just been built."""
    return CachedUnit(key, pack_object(result), result)


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

    def search_inputs(self) -> dict[str, IndexedUnit]:
        """Return the entries of the search index in order."""
        return search_inputs(self.units, self.site_level.page_groups)

    def part_names(self) -> frozenset[str]:
        """Return the names of the workspace's part files that the state refers to."""
        unit_parts = (cached.result.part_names for cached in self.units.values())
        groups = self.site_level.page_groups.values()
        group_parts = {group.search_entry.posting_file for group in groups}
        return frozenset(group_parts).union(*unit_parts)

    @property
    def page_count(self) -> int:
        """Number of HTML pages of the site."""
        site_level = sum(file.is_page for file in self.site_level.files)
        return site_level + sum(cached.result.page_count for cached in self.units.values())

    def published_files(self) -> Iterator[OutputFile]:
        """Yield every file of the site with the path under which it is published."""
        folder = self.site_level.index_folder
        for file in self.files():
            path = published_path(file.path, folder)
            yield file if path == file.path else file._replace(path=path)

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
                yield from cached.result.output_files


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


def load_last_state(workspace: Workspace) -> BuildState | None:
    """Return the cached state of the present site; None if it cannot be trusted.

    It can if this program version built it, and the site and the part files are as it describes them.
    """
    with pause_gc():
        state = workspace.read_state()
        if not isinstance(state, BuildState) or getattr(state, "program", "") != program_hash():
            return None
        try:
            return state if _is_intact(state, workspace) else None
        except UNPACKING_ERRORS:
            return None


def _is_intact(state: BuildState, workspace: Workspace) -> bool:
    """Tell whether the site has all its files, and the workspace the parts that they were made of."""
    return has_files(workspace.site, state.published_files()) and all(
        is_part_intact(workspace.index / name) for name in state.part_names()
    )


def open_state(workspace: Workspace, *, fresh: bool = False) -> BuildState | None:
    """Return the cached state of the present site; if there is none to trust, clear the workspace.

    `fresh` trusts none.
    """
    state = None if fresh else load_last_state(workspace)
    if state is None:
        workspace.clear()
    return state
