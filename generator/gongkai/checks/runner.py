"""Check a data folder without building the site: unit by unit in worker processes, or as a whole."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from gongkai.checks.cache import CheckCache, open_cache
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
from gongkai.reading.form_plan import FormPlans
from gongkai.reading.source import read_text
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
    cache: Path | None = None
    """Folder for the results of units (see cache); None to check everything anew."""
    with_texts: bool = True
    """Whether the texts of the files that have problems are returned."""


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
    common_result = _unit_result(common_dataset(common))
    results = [common_result, *_check_units(names, common, request, progress or NoProgress())]
    across_units = check_across_units(
        KeyRegister(tuple(key for result in results for key in result.keys))
    )
    problems = [problem for result in results for problem in result.problems] + across_units
    shown = sorted({problem.position.file for problem in problems}) if request.with_texts else ()
    return CheckResult(
        problems=tuple(sort_problems(problems)),
        sources=tuple(_read_texts(shown, request)),
        files=sum(result.files for result in results),
    )


class _UnitResult(NamedTuple):
    """Result of checking a unit, or the data that all units share."""

    problems: tuple[Problem, ...]
    keys: tuple[UniqueKey, ...]
    files: int


def _check_units(
    names: Sequence[str], common: CommonData, request: CheckRequest, progress: Progress
) -> list[_UnitResult]:
    """Return the results of units in order; those that still hold are taken from the cache."""
    cache = _open_cache(request) if names else None
    results: dict[str, _UnitResult] = {}
    if cache:
        cached = ((name, cache.load(name)) for name in names)
        results = {name: result for name, result in cached if isinstance(result, _UnitResult)}
    batches = list(_batches(name for name in names if name not in results))
    work = partial(_check_batch, replace(common, sources=(), problems=()))
    with report_phase(progress, "核对", len(names)):
        progress.step(len(results))
        for batch in request.workers.map_unordered(work, batches):
            results |= batch
            progress.step(len(batch))
            if cache:
                _store(batch, cache)
    if cache and not request.units:
        cache.delete_others()
    return [results[name] for name in names]


def _store(results: Mapping[str, _UnitResult], cache: CheckCache) -> None:
    for name, result in results.items():
        is_dated = any(problem.rule.is_dated for problem in result.problems)
        cache.store(name, result, is_date_dependent=is_dated)


def _open_cache(request: CheckRequest) -> CheckCache | None:
    if request.cache is None:
        return None
    settings = (request.display_name, f"{request.drafts}")
    return open_cache(request.cache, request.data, request.today, request.units, settings)


def _batches(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(names)
    while batch := tuple(islice(rest, _BATCH_SIZE)):
        yield batch


def _check_batch(common: CommonData, names: tuple[str, ...]) -> dict[str, _UnitResult]:
    plans = FormPlans()
    return {name: _unit_result(read_units(common, [name], plans)) for name in names}


def _unit_result(dataset: Dataset) -> _UnitResult:
    keys = tuple(iter_unique_keys(dataset))
    return _UnitResult(check_units(dataset).problems, keys, len(dataset.sources))


def _read_texts(names: Iterable[str], request: CheckRequest) -> Iterator[Source]:
    """Yield the texts of data files, without parsed nodes; names of folders have none."""
    for name in names:
        if Path(name).is_relative_to(request.display_name):
            path = request.data / Path(name).relative_to(request.display_name)
            if path.is_file():
                yield Source(name, read_text(path), None)
