"""Unit jobs: build many units in worker processes, in batches."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gongkai.build.plan import BuildPlan, DataScan
from gongkai.build.shared_context import BuildContext, write_context
from gongkai.build.state import CachedUnit
from gongkai.build.unit import UnitJob, UnitResult, build_units
from gongkai.build.workspace import Workspace
from gongkai.history.past import collect_history_inputs
from gongkai.runtime.git import BlobReader
from gongkai.runtime.progress import report_phase
from gongkai.runtime.writing import BuildOutput

_BATCH_SIZE = 100
"""Approximate number of data files per job."""


def run_unit_jobs(
    names: Sequence[str],
    scan: DataScan,
    context: BuildContext,
    workspace: Workspace,
    plan: BuildPlan | None = None,
) -> Iterator[UnitResult]:
    """Yield the results of building some units, in the order of completion.

    `plan` tells what the present site already has of them.
    """
    request = scan.request
    old_units = plan.old_units if plan else {}
    refilled_units = plan.refilled_units if plan else {}
    with (
        report_phase(request.progress, "读取、核对、生成", len(names)),
        BlobReader(request.data) as blobs,
    ):
        context_path = (workspace.folder / "shared").absolute()
        digest = write_context(context, context_path)
        jobs = (
            UnitJob(
                context_path=context_path,
                context_digest=digest,
                units=batch,
                output=unit_output(batch, workspace, old_units),
                present_results={
                    name: refilled_units[name].result for name in batch if name in refilled_units
                },
                past=collect_history_inputs(scan.past, batch, blobs),
            )
            for batch in _batches(names, scan)
        )
        for results in request.workers.map_unordered(build_units, jobs):
            yield from results
            request.progress.step(len(results))


def _batches(names: Sequence[str], scan: DataScan) -> Iterator[tuple[str, ...]]:
    """Yield batches of units with about `_BATCH_SIZE` data files."""
    paths = (path.split("/", 2) for path in scan.prints)
    file_counts = Counter(parts[1] for parts in paths if parts[0] == "units")
    batch: list[str] = []
    room = _BATCH_SIZE
    for name in names:
        batch.append(name)
        room -= file_counts.get(name, 1)
        if room <= 0:
            yield tuple(batch)
            batch, room = [], _BATCH_SIZE
    if batch:
        yield tuple(batch)


def unit_output(
    names: Sequence[str], workspace: Workspace, old_units: Mapping[str, CachedUnit]
) -> BuildOutput:
    """Return where the files of some units are written, and what the site already has of them."""
    results = [old_units[name].result for name in names if name in old_units]
    entries = (result.search_entry for result in results)
    return BuildOutput(
        site_folder=workspace.pending.absolute(),
        known_digests={
            file.path: file.digest for result in results for file in result.output_files
        },
        parts_folder=workspace.index.absolute(),
        known_pinyin={
            name: word for entry in entries if entry for name, word in entry.pinyin.items()
        },
    )
