"""Check a data folder without building the site: unit by unit, in worker processes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from gongkai.checks.registry import Judgement, judged_register, judged_units
from gongkai.checks.uniqueness import Mark, Register, marks_of
from gongkai.model.nodes import Source
from gongkai.model.problems import Problem, in_order
from gongkai.reading.dataset import (
    Common,
    Dataset,
    common_dataset,
    read_common,
    read_units,
    unit_names,
)
from gongkai.reading.files import Files
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import uncollected
from gongkai.runtime.progress import Progress, Silent, phase
from gongkai.runtime.workers import Workers

_BATCH_SIZE = 8
"""How many units a worker checks at a time."""


@dataclass(frozen=True, slots=True)
class Findings:
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
        return any(problem.blocks for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Asked:
    """Request to check a data folder."""

    data: Path
    shown: str
    """The name of the folder in messages."""
    drafts: bool = False
    """Whether draft forms may be used."""
    only: frozenset[str] = frozenset()
    """Names of the units to check; empty for all units."""
    workers: Workers = field(default_factory=Workers)


def findings(request: Asked, progress: Progress | None = None) -> Findings:
    """Read and check a data folder; of a unit only its problems and unique keys stay in memory."""
    names = [name for name in unit_names(request.data) if not request.only or name in request.only]
    common = read_common(request.data, request.shown, today(), drafts=request.drafts)
    common_part = common_dataset(common)
    worker_common = replace(common, sources=(), problems=())
    batches, bar = list(_batches(names)), progress or Silent()
    results: dict[tuple[str, ...], _BatchResult] = {}
    with phase(bar, "核对", len(names)):
        for result in request.workers.results(partial(_check_batch, worker_common), batches):
            results[result.units] = result
            bar.step(len(result.units))
    ordered = [results[batch] for batch in batches]
    keys = tuple(key for result in ordered for key in result.keys)
    across_units = judged_register(Register(keys))
    parts = [
        _result_of(common_part, judged_units(common_part)),
        *(result.result for result in ordered),
    ]
    problems = [*(problem for part in parts for problem in part.problems), *across_units]
    sources = [source for part in parts for source in part.sources]
    unread = {problem.position.file for problem in across_units}
    unread -= {source.file for source in sources}
    files = Files(request.data, request.shown)
    sources += (files.read(request.data / Path(name).relative_to(request.shown)) for name in unread)
    return Findings(tuple(in_order(problems)), tuple(sources), sum(part.files for part in parts))


class _BatchResult(NamedTuple):
    """Result of checking a batch of units."""

    units: tuple[str, ...]
    keys: tuple[Mark, ...]
    result: Findings


def _batches(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(names)
    while batch := tuple(islice(rest, _BATCH_SIZE)):
        yield batch


def _check_batch(common: Common, names: tuple[str, ...]) -> _BatchResult:
    with uncollected():
        dataset = read_units(common, names)
        keys = tuple(marks_of(dataset))
        return _BatchResult(names, keys, _result_of(dataset, judged_units(dataset)))


def _result_of(dataset: Dataset, judgement: Judgement) -> Findings:
    """Return the problems and the texts of their files, without parsed nodes."""
    faulty_files = {problem.position.file for problem in judgement.problems}
    texts = (
        replace(source, root=None) for source in dataset.sources if source.file in faulty_files
    )
    return Findings(judgement.problems, tuple(texts), len(dataset.sources))
