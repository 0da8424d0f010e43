"""Judging a data folder without building: unit by unit, in as many processes as there are."""

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

_BATCH = 8
"""How many units a worker is given at a time."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with a data folder."""

    problems: tuple[Problem, ...]
    """In the order of the files and lines."""
    sources: tuple[Source, ...]
    """The files that problems stand in, without what was read from them; in no order."""
    files: int
    """How many files were read."""

    @property
    def blocks(self) -> bool:
        """Whether anything keeps the site from being published."""
        return any(problem.blocks for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be judged, and by whom."""

    data: Path
    shown: str
    """What the folder is called in messages."""
    drafts: bool = False
    """Whether incomplete forms may be tried."""
    only: frozenset[str] = frozenset()
    """The units to be judged; all where it is empty."""
    workers: Workers = field(default_factory=Workers)


def findings(asked: Asked, progress: Progress | None = None) -> Findings:
    """Read and judge a data folder; of the units only what they found is kept."""
    names = [name for name in unit_names(asked.data) if not asked.only or name in asked.only]
    common = read_common(asked.data, asked.shown, today(), drafts=asked.drafts)
    shared = common_dataset(common)
    bare = replace(common, sources=(), problems=())
    batches, bar = list(_batches(names)), progress or Silent()
    done: dict[tuple[str, ...], _Judged] = {}
    with phase(bar, "核对", len(names)):
        for each in asked.workers.results(partial(_judge, bare), batches):
            done[each.units] = each
            bar.step(len(each.units))
    judged = [done[batch] for batch in batches]
    between = judged_register(Register(tuple(mark for each in judged for mark in each.marks)))
    found = [_findings(shared, judged_units(shared)), *(each.findings for each in judged)]
    problems = [*(problem for each in found for problem in each.problems), *between]
    sources = [source for each in found for source in each.sources]
    left = {each.position.file for each in between} - {source.file for source in sources}
    files = Files(asked.data, asked.shown)
    sources += (files.read(asked.data / Path(each).relative_to(asked.shown)) for each in left)
    return Findings(tuple(in_order(problems)), tuple(sources), sum(each.files for each in found))


class _Judged(NamedTuple):
    """What was found in some units."""

    units: tuple[str, ...]
    marks: tuple[Mark, ...]
    findings: Findings


def _batches(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(names)
    while batch := tuple(islice(rest, _BATCH)):
        yield batch


def _judge(common: Common, names: tuple[str, ...]) -> _Judged:
    with uncollected():
        dataset = read_units(common, names)
        marks = tuple(marks_of(dataset))
        return _Judged(names, marks, _findings(dataset, judged_units(dataset)))


def _findings(dataset: Dataset, judgement: Judgement) -> Findings:
    """Without what is below the files' texts: the texts alone are shown."""
    told = {each.position.file for each in judgement.problems}
    texts = (replace(each, root=None) for each in dataset.sources if each.file in told)
    return Findings(judgement.problems, tuple(texts), len(dataset.sources))
