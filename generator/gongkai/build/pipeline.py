"""The build pipeline: read, check and render what changed, then publish the site."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from gongkai.build.bulk_download import (
    DownloadInputs,
    bulk_download_view,
    bulk_metadata,
    require_formats,
    write_bulk_files,
)
from gongkai.build.shared_context import BuildContext, write_context
from gongkai.build.site_pages import PreviousBuild, write_site_files
from gongkai.build.site_search import index_location, index_site_pages
from gongkai.build.state import (
    BuildRequest,
    BuildResult,
    BuildState,
    CachedUnit,
    cache_unit,
    search_inputs,
)
from gongkai.build.theme.theme_output import ThemeOutput
from gongkai.build.unit import UnitJob, UnitResult, build_units
from gongkai.build.workspace import PublishPlan, Workspace
from gongkai.checks.registry import check_across_units, check_units
from gongkai.checks.tally import Tally
from gongkai.checks.uniqueness import KeyRegister
from gongkai.exports.open_data.about import DatasetMetadata
from gongkai.history.past import DataHistory, collect_history_inputs, read_history
from gongkai.model.publication import Site
from gongkai.pages.render import cache_templates
from gongkai.reading.dataset import common_dataset, read_common_data, read_site, unit_names
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.git import BlobReader
from gongkai.runtime.hashing import (
    Fingerprint,
    hash_texts,
    pack_fingerprints,
    program_hash,
    read_fingerprints,
    unpack_fingerprints,
)
from gongkai.runtime.progress import Progress, report_phase
from gongkai.runtime.writing import OutputFile, UnitOutput

_BATCH_SIZE = 100
"""Approximate number of data files per job."""


@pause_gc()
def build_site(
    request: BuildRequest,
    workspace: Workspace,
    theme: ThemeOutput,
    previous: BuildState | None,
    progress: Progress,
) -> BuildResult:
    """Bring the site up to date; leave it untouched if any problem blocks publication."""
    started, day, scanned_at = time.monotonic(), today(), time.time_ns()
    old_prints = unpack_fingerprints(previous.packed_prints) if previous else {}
    prints = read_fingerprints(
        request.data, old_prints, previous.scanned_at if previous else 0, _folder_filter(request)
    )
    shared_hash, past = _shared_hash(request, prints, theme), _read_past(request, previous)
    unit_keys = _unit_keys(request, prints, shared_hash, past)
    cached_units = dict(_fresh_units(unit_keys, previous, day, workspace.part_names()))
    if previous and prints == old_prints and _is_current(previous, unit_keys, cached_units, theme):
        seconds = time.monotonic() - started
        return BuildResult(
            previous.tally, previous.source_count, previous.page_count, 0, 0, seconds, past.note
        )
    from gongkai.search import index as indexing  # noqa: PLC0415 - numpy takes 0.1 s, but once for all workers

    cache_templates(
        workspace.template_cache(program_hash(), fresh=previous is None and not request.preview)
    )
    old_digests = (
        {file.path: file.digest for file in previous.files(skip_units=cached_units)}
        if previous
        else {}
    )
    common = read_common_data(request.data, request.display_name, day)
    common_tally = Tally.from_problems(check_units(common_dataset(common)).problems)
    job_common = replace(common, sources=(), problems=())
    with_bulk_download = _with_bulk_download(request, common.site)
    context = BuildContext(
        job_common, theme.templates, theme.data_path, theme.site_url, store_rows=with_bulk_download
    )
    stale_units = [name for name in unit_keys if name not in cached_units]
    built_units = dict(cached_units)
    with (
        report_phase(progress, "读取、核对、生成", len(stale_units)),
        BlobReader(request.data) as blobs,
    ):
        batches = _iter_jobs(stale_units, prints, previous, workspace, context)
        jobs = (
            replace(job, past=collect_history_inputs(past, job.units, blobs)) for job in batches
        )
        for batch_results in request.workers.map_unordered(build_units, jobs):
            built_units |= {
                result.name: cache_unit(unit_keys[result.name], result) for result in batch_results
            }
            progress.step(len(batch_results))
    results = [built_units[name].result for name in unit_keys]
    register = KeyRegister(tuple(key for result in results for key in result.unique_keys))
    cross_unit_tally = Tally.from_problems(check_across_units(register))
    tally = Tally.merge([common_tally, *(result.tally for result in results), cross_unit_tally])
    source_count = len(common.sources) + sum(result.source_count for result in results)
    if common.site is None or tally.blocking:
        workspace.discard_pending()
        return BuildResult(tally, source_count, 0, 0, 0, time.monotonic() - started, past.note)
    with report_phase(progress, "生成整体下载、各列表" if with_bulk_download else "生成各列表", 1):
        metadata = bulk_metadata(context.site, context.site_url, results)
        bulk_files = _write_bulk_download(
            context,
            metadata,
            _download_inputs(results, workspace, previous, old_digests),
            request,
        )
        reusable = (
            previous.site_files
            if previous and previous.shared_hash == shared_hash and theme.key
            else ()
        )
        previous_build = PreviousBuild(
            old_digests,
            {file.path: file for file in reusable},
            past.releases,
            bulk_download_view(metadata, bulk_files),
        )
        site_files = tuple(write_site_files(context, theme, results, workspace, previous_build))
    units = {name: built_units[name] for name in unit_keys}
    with report_phase(progress, "生成搜索索引", 1):
        theme_paths = frozenset(file.path for file in theme.files)
        page_groups = index_site_pages(site_files, theme_paths, workspace, previous)
        index_files = tuple(
            indexing.build_site_index(
                search_inputs(units, page_groups),
                index_location(workspace, previous, old_digests),
                request.workers,
            )
        )
    state = BuildState(
        program=program_hash(),
        shared_hash=shared_hash,
        day=day,
        scanned_at=scanned_at,
        packed_prints=pack_fingerprints(prints),
        units=units,
        site_files=site_files,
        page_groups=page_groups,
        index_files=index_files,
        bulk_files=bulk_files,
        theme=theme,
        source_count=source_count,
        tally=tally,
        past=past,
    )
    new_digests = {file.path: file.digest for file in state.files(skip_units=cached_units)}
    deleted = tuple(path for path in old_digests if path not in new_digests)
    changed = sum(old_digests.get(path) != digest for path, digest in new_digests.items())
    with report_phase(progress, "更新网站", 1):
        workspace.publish(PublishPlan(state, replaces_site=previous is None, deleted=deleted))
        workspace.delete_unused_parts(state.part_names())
    seconds = time.monotonic() - started
    return BuildResult(
        tally, source_count, state.page_count, changed, len(deleted), seconds, past.note
    )


def _read_past(request: BuildRequest, previous: BuildState | None) -> DataHistory:
    """Return the data's git history, as far as site.yml enables it."""
    site = read_site(request.data)
    setting = site.history if site else ""
    return read_history(request.data, setting, request.release, previous.past if previous else None)


def _with_bulk_download(request: BuildRequest, site: Site | None) -> bool:
    """Whether the bulk download is built; raise UnavailableError if a format lacks its library."""
    enabled = request.allows_bulk_download and site is not None and bool(site.bulk_formats)
    if site and enabled:
        require_formats(site)
    return enabled


def _write_bulk_download(
    context: BuildContext, metadata: DatasetMetadata, inputs: DownloadInputs, request: BuildRequest
) -> tuple[OutputFile, ...]:
    """Return the files of the bulk download; none if it is not enabled."""
    if not context.store_rows:
        return ()
    return tuple(write_bulk_files(context.site.bulk_formats, metadata, inputs, request.workers))


def _download_inputs(
    results: Sequence[UnitResult],
    workspace: Workspace,
    previous: BuildState | None,
    old_digests: Mapping[str, str],
) -> DownloadInputs:
    """Return the row files and the previous output of the bulk download."""
    row_files = tuple(workspace.index / result.rows_part for result in results if result.rows_part)
    old_files = previous.bulk_files if previous else ()
    return DownloadInputs(row_files, workspace.pending, old_digests, old_files)


def _is_current(
    previous: BuildState,
    unit_keys: Mapping[str, str],
    cached_units: Mapping[str, CachedUnit],
    theme: ThemeOutput,
) -> bool:
    """Whether a build would reproduce the present site, provided that the data files are unchanged."""
    all_cached = len(cached_units) == len(unit_keys) == len(previous.units)
    return all_cached and theme.key == previous.theme.key != ""


def _folder_filter(request: BuildRequest) -> Callable[[str], bool]:
    """Return a predicate that skips folders of units outside `request.units`."""
    if not request.units:
        return lambda _: True
    included = {f"units/{name}/" for name in request.units}
    return lambda path: (
        path.count("/") != 2 or not path.startswith("units/") or path in included  # noqa: PLR2004
    )


def _shared_hash(
    request: BuildRequest, prints: Mapping[str, Fingerprint], theme: ThemeOutput
) -> str:
    """Return the hash of everything that shapes every page."""
    shared = [f"{path}={file.digest}" for path, file in prints.items() if _is_shared(path)]
    return hash_texts([program_hash(), theme.key, request.display_name, *shared])


def _unit_keys(
    request: BuildRequest, prints: Mapping[str, Fingerprint], shared_hash: str, past: DataHistory
) -> dict[str, str]:
    """Return the cache key per requested unit: the hash of everything that shapes its pages."""
    parts: dict[str, list[str]] = {
        name: [shared_hash, past.unit_hash(name)]
        for name in dict.fromkeys([*unit_names(request.data), *past.units_with_old_versions()])
        if not request.units or name in request.units
    }
    for path, file in prints.items():
        top, _, below = path.partition("/")
        name, slash, _ = below.partition("/")
        if top == "units" and slash and name in parts:
            parts[name].append(f"{path}={file.digest}")
    return {name: hash_texts(unit_parts) for name, unit_parts in parts.items()}


def _is_shared(path: str) -> bool:
    """Whether a data file concerns all units."""
    return path in {"site.yml", "words.yml"} or path.startswith("forms/")


def _fresh_units(
    unit_keys: Mapping[str, str],
    previous: BuildState | None,
    day: dt.date,
    part_names: AbstractSet[str],
) -> Iterator[tuple[str, CachedUnit]]:
    """Yield cached units whose inputs are unchanged."""
    for name, cached in previous.units.items() if previous else ():
        dated = cached.result.tally.date_dependent
        same_day = previous is not None and (
            day == previous.day or (day > previous.day and not dated)
        )
        has_parts = cached.result.part_names <= part_names
        if unit_keys.get(name) == cached.key and same_day and has_parts:
            yield name, cached


def _iter_jobs(
    names: Iterable[str],
    prints: Mapping[str, Fingerprint],
    previous: BuildState | None,
    workspace: Workspace,
    context: BuildContext,
) -> Iterator[UnitJob]:
    """Yield jobs of about `_BATCH_SIZE` data files."""
    digest = write_context(context, workspace.folder / "shared")
    file_counts: dict[str, int] = {}
    for path in prints:
        top, _, below = path.partition("/")
        if top == "units":
            name = below.partition("/")[0]
            file_counts[name] = file_counts.get(name, 0) + 1
    cached_units = previous.units if previous else {}
    batch: list[str] = []
    room = _BATCH_SIZE
    for name in names:
        batch.append(name)
        room -= file_counts.get(name, 1)
        if room <= 0:
            yield _unit_job(batch, cached_units, workspace, digest)
            batch, room = [], _BATCH_SIZE
    if batch:
        yield _unit_job(batch, cached_units, workspace, digest)


def _unit_job(
    batch: Sequence[str], cached_units: Mapping[str, CachedUnit], workspace: Workspace, digest: str
) -> UnitJob:
    results = [cached_units[name].result for name in batch if name in cached_units]
    old_digests = {file.path: file.digest for result in results for file in result.output_files}
    pinyin = {
        name: word
        for result in results
        if result.search_entry
        for name, word in result.search_entry.pinyin.items()
    }
    store = UnitOutput(
        workspace.pending.absolute(), old_digests, workspace.index.absolute(), pinyin
    )
    context_path = (workspace.folder / "shared").absolute()
    return UnitJob(context_path, digest, tuple(batch), store)
