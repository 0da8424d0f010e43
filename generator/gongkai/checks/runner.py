"""Check a data folder without building the site: unit by unit in worker processes, or as a whole."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from gongkai.checks.registry import Judgement, check_across_units, check_dataset, check_units
from gongkai.checks.uniqueness import KeyRegister, UniqueKey, iter_unique_keys
from gongkai.model.nodes import Source
from gongkai.model.problems import Problem, sort_problems
from gongkai.reading.dataset import (
    CommonData,
    Dataset,
    common_dataset,
    read_common_data,
    read_dataset,
    read_units,
    unit_names,
)
from gongkai.reading.files import DataFiles
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.paths import display_path
from gongkai.runtime.progress import NoProgress, Progress, report_phase
from gongkai.runtime.workers import Workers

_BATCH_SIZE = 8
"""How many units a worker checks at a time."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Result of checking a data folder."""

    problems: tuple[Problem, ...]
    """Sorted by file and line."""
    sources: tuple[Source, ...]
    """The files that have problems, text only (without parsed nodes); unordered."""
    files: int
    """How many files were read."""

    @property
    def blocks(self) -> bool:
        """Whether any problem keeps the site from being published."""
        return any(problem.is_blocking for problem in self.problems)


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Request to check a data folder."""

    data: Path
    display_name: str
    """The name of the folder in messages."""
    today: dt.date
    drafts: bool = False
    """Whether draft forms may be used."""
    units: frozenset[str] = frozenset()
    """Names of the units to check; empty for all units."""
    workers: Workers = field(default_factory=Workers)


@dataclass(frozen=True, slots=True)
class CheckedData:
    """A data folder in memory, with the problems found in it."""

    dataset: Dataset
    judgement: Judgement


def check_data(
    data: Path,
    today: dt.date,
    *,
    drafts: bool = False,
    display_name: str = "",
    only: frozenset[str] = frozenset(),
) -> CheckedData:
    """Read a data folder into memory and check it; `drafts` admits incomplete forms.

    Messages name the folder by its path, or by the given display name. `only` holds the slugs of the
    units to read, all if it is empty.
    """
    with pause_gc():
        dataset = read_dataset(
            data, display_name or display_path(data), today, drafts=drafts, only=only
        )
        return CheckedData(dataset, check_dataset(dataset))


@pause_gc()
def check_folder(request: CheckRequest, progress: Progress | None = None) -> CheckResult:
    """Read and check a data folder; of a unit only its problems and unique keys stay in memory."""
    names = [
        name for name in unit_names(request.data) if not request.units or name in request.units
    ]
    common = read_common_data(
        request.data, request.display_name, request.today, drafts=request.drafts
    )
    common_part = common_dataset(common)
    worker_common = replace(common, sources=(), problems=())
    batches, bar = list(_batches(names)), progress or NoProgress()
    results: dict[tuple[str, ...], _BatchResult] = {}
    with report_phase(bar, "核对", len(names)):
        for result in request.workers.map_unordered(partial(_check_batch, worker_common), batches):
            results[result.units] = result
            bar.step(len(result.units))
    ordered = [results[batch] for batch in batches]
    keys = tuple(key for result in ordered for key in result.keys)
    across_units = check_across_units(KeyRegister(keys))
    parts = [
        _result_of(common_part, check_units(common_part)),
        *(result.result for result in ordered),
    ]
    problems = [*(problem for part in parts for problem in part.problems), *across_units]
    sources = [source for part in parts for source in part.sources]
    unread = {problem.position.file for problem in across_units}
    unread -= {source.file for source in sources}
    files = DataFiles(request.data, request.display_name)
    sources += (
        files.read(request.data / Path(name).relative_to(request.display_name)) for name in unread
    )
    return CheckResult(
        tuple(sort_problems(problems)), tuple(sources), sum(part.files for part in parts)
    )


class _BatchResult(NamedTuple):
    """Result of checking a batch of units."""

    units: tuple[str, ...]
    keys: tuple[UniqueKey, ...]
    result: CheckResult


def _batches(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(names)
    while batch := tuple(islice(rest, _BATCH_SIZE)):
        yield batch


def _check_batch(common: CommonData, names: tuple[str, ...]) -> _BatchResult:
    dataset = read_units(common, names)
    keys = tuple(iter_unique_keys(dataset))
    return _BatchResult(names, keys, _result_of(dataset, check_units(dataset)))


def _result_of(dataset: Dataset, judgement: Judgement) -> CheckResult:
    """Return the problems and the texts of their files, without parsed nodes."""
    faulty_files = {problem.position.file for problem in judgement.problems}
    texts = (
        replace(source, root=None) for source in dataset.sources if source.file in faulty_files
    )
    return CheckResult(judgement.problems, tuple(texts), len(dataset.sources))
