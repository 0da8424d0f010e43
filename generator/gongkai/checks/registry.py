"""All checks, and how a data folder is judged by them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath as Path
from typing import Any

from gongkai.checks import (
    amounts,
    attachments,
    attainment,
    baseline,
    cross_document,
    cross_unit,
    cross_year,
    dates,
    explanations,
    indicators,
    points,
    privacy,
    report_figures,
    results,
    scores,
    structure,
    targets,
    wording,
)
from gongkai.checks.base import Check, Outcomes
from gongkai.checks.unannounced import UNANNOUNCED
from gongkai.checks.uniqueness import Register, marks_of
from gongkai.model.documents import Record
from gongkai.model.outcomes import outcomes
from gongkai.model.problems import (
    BROKEN_FORM,
    REQUIRED_BLANK,
    UNKNOWN_KEY,
    UNREADABLE,
    Level,
    Problem,
    Rule,
    in_order,
)
from gongkai.model.publication import Disclosure
from gongkai.reading.dataset import Dataset

CHECKS: tuple[Check[Any], ...] = tuple(
    each
    for module in (
        structure,
        attachments,
        amounts,
        baseline,
        indicators,
        targets,
        results,
        points,
        scores,
        attainment,
        cross_document,
        report_figures,
        wording,
        dates,
        privacy,
        explanations,
        cross_year,
        cross_unit,
    )
    for each in vars(module).values()
    if isinstance(each, Check)
)
"""Every check of the modules above, in the order in which they are written."""

_OF = {
    kind: tuple(each for each in CHECKS if each.subject is kind)
    for kind in {each.subject for each in CHECKS}
}
"""The checks by what they judge at a time."""
_EVERY_RULE = (
    *(UNREADABLE, UNKNOWN_KEY, REQUIRED_BLANK, BROKEN_FORM, explanations.STALE, UNANNOUNCED),
    *(each.rule for each in CHECKS),
)
RULES: tuple[Rule, ...] = tuple(
    sorted({rule.id: rule for rule in _EVERY_RULE}.values(), key=lambda rule: rule.id)
)
"""Every rule by its id: those of the reading, and those of the checks."""


DATED = frozenset({"RQ-02", "RQ-05"})
"""Rules that ask what day it is: what they found may be otherwise tomorrow."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a data folder."""

    problems: tuple[Problem, ...]
    """In the order of the files and lines."""
    by_disclosure: Mapping[str, tuple[Problem, ...]]
    """What the checks found in each disclosure, by the path of its disclosure.yml."""

    @property
    def blocks(self) -> bool:
        """Whether anything keeps the site from being published."""
        return any(problem.blocks for problem in self.problems)


def judged(dataset: Dataset) -> Judgement:
    """Everything that is wrong with a data folder."""
    units, register_ = judged_units(dataset), Register(tuple(marks_of(dataset)))
    problems = in_order([*units.problems, *judged_register(register_)])
    return Judgement(tuple(problems), units.by_disclosure)


def judged_register(register_: Register) -> list[Problem]:
    """What is wrong between units."""
    return list(_found(Register, register_))


def judged_units(dataset: Dataset) -> Judgement:
    """What is wrong within units, one by one."""
    general, of_folder = _by_folder(dataset, _found(Dataset, dataset))
    faulty = [Path(each.position.file) for each in dataset.problems if each.level is Level.E]
    partly_read = {folder for file in faulty for folder in file.parents}
    by_disclosure: dict[str, tuple[Problem, ...]] = {}
    for disclosure in dataset.disclosures:
        folder = Path(disclosure.file).parent
        whole = folder not in partly_read
        found = [*of_folder[folder], *_found(Disclosure, disclosure, whole=whole)]
        for record in disclosure.all_records:
            found.extend(_found(Record, record))
            found.extend(_found(Outcomes, Outcomes(record, outcomes(record))))
        explained = explanations.explained(disclosure, found, stale=whole)
        by_disclosure[disclosure.file] = tuple(explained)
    every = [
        *dataset.problems,
        *general,
        *(each for found in by_disclosure.values() for each in found),
    ]
    return Judgement(tuple(in_order(every)), by_disclosure)


def _by_folder(
    dataset: Dataset, problems: Iterable[Problem]
) -> tuple[list[Problem], Mapping[Path, list[Problem]]]:
    """What was found over all data: what belongs to no disclosure, and the rest by its folder."""
    folders = {Path(disclosure.file).parent for disclosure in dataset.disclosures}
    of_folder: dict[Path, list[Problem]] = {folder: [] for folder in folders}
    general: list[Problem] = []
    for problem in problems:
        owner = next(
            (each for each in Path(problem.position.file).parents if each in folders), None
        )
        (general if owner is None else of_folder[owner]).append(problem)
    return general, of_folder


def _found(
    kind: type,
    subject: Register | Dataset | Disclosure | Record | Outcomes,
    *,
    whole: bool = True,
) -> Iterator[Problem]:
    for check in _OF[kind]:
        if whole or not check.whole:
            for found in check.find(subject):
                yield check.problem(found)
