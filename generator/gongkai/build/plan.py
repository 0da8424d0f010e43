"""The plan of a build: what the data folder holds, and which units are stale."""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gongkai.build.state import BuildRequest, BuildState, CachedUnit
from gongkai.build.theme.theme_output import ThemeOutput
from gongkai.history.past import DataHistory, read_history
from gongkai.reading.dataset import read_site, unit_names
from gongkai.runtime.hashing import (
    Fingerprint,
    hash_texts,
    program_hash,
    read_fingerprints,
    unpack_fingerprints,
)
from gongkai.runtime.shipped import shipped_forms_hash
from gongkai.runtime.writing import OutputFile


@dataclass(frozen=True, slots=True)
class DataScan:
    """The data folder as a build finds it."""

    request: BuildRequest
    started: float
    """When the build began, in seconds of the monotonic clock."""
    scanned_at: int
    """When the files were scanned, in nanoseconds since 1970."""
    prints: Mapping[str, Fingerprint]
    """Fingerprints of the files by path."""
    is_unchanged: bool
    """Whether all files are as they were for the previous build."""
    past: DataHistory

    @property
    def seconds(self) -> float:
        """Seconds since the build began."""
        return time.monotonic() - self.started


def scan_data(request: BuildRequest, previous: BuildState | None = None) -> DataScan:
    """Fingerprint the data folder and read its git history, as far as site.yml enables it."""
    started, scanned_at = time.monotonic(), time.time_ns()
    old_prints = unpack_fingerprints(previous.packed_prints) if previous else {}
    old_scan = previous.scanned_at if previous else 0
    prints = read_fingerprints(request.data, old_prints, old_scan, _folder_filter(request))
    site = read_site(request.data)
    cached_past = previous.past if previous else None
    past = read_history(request.data, site.history if site else "", request.release, cached_past)
    return DataScan(
        request=request,
        started=started,
        scanned_at=scanned_at,
        prints=prints,
        is_unchanged=previous is not None and prints == old_prints,
        past=past,
    )


@dataclass(frozen=True)
class BuildPlan:
    """What a build starts from, and which results of the previous build are still good."""

    scan: DataScan
    theme: ThemeOutput
    previous: BuildState | None
    shared_hash: str
    """Hash of everything that shapes every page."""
    unit_keys: Mapping[str, str]
    """Cache keys of the units to publish, by name."""
    cached_units: Mapping[str, CachedUnit]
    """Cached units whose inputs are unchanged."""
    refilled_units: Mapping[str, CachedUnit] = field(default_factory=dict)
    """Cached units around whose pages only the theme has changed."""

    @property
    def stale_units(self) -> list[str]:
        """The units to build."""
        return [name for name in self.unit_keys if name not in self.cached_units]

    @property
    def is_current(self) -> bool:
        """Whether the build would reproduce the present site."""
        if self.previous is None or not self.scan.is_unchanged:
            return False
        if self.scan.past.releases != self.previous.past.releases:
            return False
        all_cached = len(self.cached_units) == len(self.unit_keys) == len(self.previous.units)
        return all_cached and self.theme.key == self.previous.theme.key != ""

    @property
    def old_units(self) -> Mapping[str, CachedUnit]:
        """The units of the present site."""
        return self.previous.units if self.previous else {}

    @cached_property
    def old_digests(self) -> Mapping[str, str]:
        """Content hashes of the present site's files by path, cached units left out."""
        if self.previous is None:
            return {}
        return {
            file.path: file.digest for file in self.previous.files(skip_units=self.cached_units)
        }

    @property
    def reusable_files(self) -> Mapping[str, OutputFile]:
        """The present site-level files by path, if the inputs shared by all pages are unchanged.

        A file whose cache key is the same need not be rendered again.
        """
        if self.previous and self.previous.shared_hash == self.shared_hash and self.theme.key:
            return {file.path: file for file in self.previous.site_level.files}
        return {}


def plan_build(scan: DataScan, theme: ThemeOutput, previous: BuildState | None) -> BuildPlan:
    """Find out which units are stale."""
    content_hash = _content_hash(scan, theme)
    unit_keys = _unit_keys(scan, content_hash)
    cached_units: dict[str, CachedUnit] = {}
    refilled_units: dict[str, CachedUnit] = {}
    if previous:
        fresh_units = dict(_fresh_units(unit_keys, previous, scan.request.today))
        if theme.has_unit_templates_of(previous.theme):
            cached_units = fresh_units
        elif theme.can_refill_pages_of(previous.theme):
            refilled_units = fresh_units
    return BuildPlan(
        scan=scan,
        theme=theme,
        previous=previous,
        shared_hash=hash_texts([content_hash, theme.template_hash]),
        unit_keys=unit_keys,
        cached_units=cached_units,
        refilled_units=refilled_units,
    )


def requested_units(request: BuildRequest) -> list[str]:
    """Return the names of the unit folders to build, sorted."""
    names = unit_names(request.data)
    return [name for name in names if not request.units or name in request.units]


def _folder_filter(request: BuildRequest) -> Callable[[str], bool]:
    """Return a predicate that skips folders of units outside `request.units`."""
    if not request.units:
        return lambda _: True
    included = {f"units/{name}/" for name in request.units}
    return lambda path: (
        path.count("/") != 2 or not path.startswith("units/") or path in included  # noqa: PLR2004
    )


def _content_hash(scan: DataScan, theme: ThemeOutput) -> str:
    """Return the hash of everything that shapes every page but the theme's templates."""
    shared = [f"{path}={file.digest}" for path, file in scan.prints.items() if _is_shared(path)]
    program = [program_hash(), shipped_forms_hash()]
    site = [theme.site_url, theme.data_path, scan.request.display_name]
    return hash_texts([*program, *site, *shared])


def _unit_keys(scan: DataScan, content_hash: str) -> dict[str, str]:
    """Return the cache key per unit to publish: the hash of everything that shapes its pages.

    Units that no longer exist are among them if they have old versions.
    """
    units, past = scan.request.units, scan.past
    old_names = [name for name in past.units_with_old_versions() if not units or name in units]
    parts: dict[str, list[str]] = {
        name: [content_hash, past.unit_hash(name)]
        for name in dict.fromkeys([*requested_units(scan.request), *old_names])
    }
    for path, file in scan.prints.items():
        top, _, below = path.partition("/")
        name, slash, _ = below.partition("/")
        if top == "units" and slash and name in parts:
            parts[name].append(f"{path}={file.digest}")
    return {name: hash_texts(unit_parts) for name, unit_parts in parts.items()}


def _is_shared(path: str) -> bool:
    """Whether a data file concerns all units."""
    return path in {"site.yml", "words.yml"} or path.startswith("forms/")


def _fresh_units(
    unit_keys: Mapping[str, str], previous: BuildState, day: dt.date
) -> Iterator[tuple[str, CachedUnit]]:
    """Yield cached units whose inputs are unchanged."""
    for name, cached in previous.units.items():
        if unit_keys.get(name) != cached.summary.key:
            continue
        dated = cached.summary.is_date_dependent
        same_day = day == previous.day or (day > previous.day and not dated)
        if same_day:
            yield name, cached
