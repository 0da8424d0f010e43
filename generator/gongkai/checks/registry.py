"""Register of all checks, and the functions that run them over a data folder."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from gongkai.checks import (
    amounts,
    attachments,
    attainment,
    baseline,
    blanks,
    cross_unit,
    cross_year,
    dates,
    explanations,
    formulas,
    indicators,
    magnitudes,
    points,
    privacy,
    results,
    scores,
    structure,
    targets,
    unannounced,
    words_vs_scores,
)
from gongkai.checks.base import Assessment, Check
from gongkai.checks.explanations import ExplainedProblems, apply_explanations
from gongkai.checks.texts import (
    cross_document,
    date_order,
    empty_reasons,
    misnamed_units,
    money_units,
    report_figures,
    reporting_years,
    same_figures,
    self_scores,
    stated_amounts,
    stated_projects,
    stated_results,
    stated_verdicts,
    target_sizes,
    unexplained_budgets,
    wording,
)
from gongkai.checks.unannounced import Versions
from gongkai.checks.uniqueness import KeyRegister, iter_unique_keys
from gongkai.model.documents import Record
from gongkai.model.outcomes import indicator_outcomes
from gongkai.model.problems import RULES_OF_READING, Level, Problem, Rule, sort_problems
from gongkai.model.publication import Disclosure
from gongkai.reading.dataset import Dataset

CHECKS: tuple[Check[Any], ...] = tuple(
    member
    for module in (
        structure,
        attachments,
        stated_projects,
        amounts,
        unexplained_budgets,
        baseline,
        indicators,
        targets,
        results,
        empty_reasons,
        magnitudes,
        money_units,
        blanks,
        words_vs_scores,
        points,
        scores,
        attainment,
        cross_document,
        misnamed_units,
        same_figures,
        stated_amounts,
        stated_results,
        target_sizes,
        stated_verdicts,
        self_scores,
        report_figures,
        wording,
        dates,
        date_order,
        reporting_years,
        privacy,
        formulas,
        explanations,
        cross_year,
        cross_unit,
        unannounced,
    )
    for member in vars(module).values()
    if isinstance(member, Check)
)
"""Every check of the modules above, in the order of definition."""

_CHECKS_BY_SUBJECT = {
    subject: tuple(check for check in CHECKS if check.subject is subject)
    for subject in {check.subject for check in CHECKS}
}
RULES: tuple[Rule, ...] = tuple(
    sorted({*RULES_OF_READING, *(check.rule for check in CHECKS)}, key=lambda rule: rule.id)
)
"""Every rule, sorted by id: those of reading and those of the checks."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The problems of a data folder."""

    problems: tuple[Problem, ...]
    """Sorted by file and line."""
    by_disclosure: Mapping[str, tuple[Problem, ...]]
    """The problems that the checks found in a disclosure, by the path of its disclosure.yml."""

    @property
    def blocks(self) -> bool:
        """Whether any problem keeps the site from being published."""
        return any(problem.is_blocking for problem in self.problems)


def check_dataset(dataset: Dataset) -> Judgement:
    """Check a data folder, within and across its units."""
    judgement, register = check_units(dataset), KeyRegister(tuple(iter_unique_keys(dataset)))
    problems = sort_problems([*judgement.problems, *check_across_units(register)])
    return Judgement(tuple(problems), judgement.by_disclosure)


def check_across_units(register: KeyRegister) -> list[Problem]:
    """Check what two units must not have in common."""
    return list(_run_checks(KeyRegister, register))


def check_versions(versions: Versions) -> list[Problem]:
    """Check what has changed since a release."""
    return list(_run_checks(Versions, versions))


def check_units(dataset: Dataset) -> Judgement:
    """Check every unit by itself."""
    general, by_folder = _by_folder(dataset, _run_checks(Dataset, dataset))
    faulty_files = [
        PurePosixPath(problem.position.file)
        for problem in dataset.problems
        if problem.level is Level.E
    ]
    incomplete = {folder for file in faulty_files for folder in file.parents}
    by_disclosure: dict[str, tuple[Problem, ...]] = {}
    for disclosure in dataset.disclosures:
        folder = PurePosixPath(disclosure.file).parent
        complete = folder not in incomplete
        problems = [
            *by_folder[folder],
            *_run_checks(Disclosure, disclosure, complete=complete),
        ]
        for record in disclosure.all_records:
            problems.extend(_run_checks(Record, record, complete=complete))
            assessment = Assessment(record, indicator_outcomes(record))
            problems.extend(_run_checks(Assessment, assessment, complete=complete))
        explained = apply_explanations(disclosure, problems)
        stale = _run_checks(ExplainedProblems, explained, complete=complete)
        by_disclosure[disclosure.file] = (*explained.problems, *stale)
    all_problems = [
        *dataset.problems,
        *general,
        *(problem for problems in by_disclosure.values() for problem in problems),
    ]
    return Judgement(tuple(sort_problems(all_problems)), by_disclosure)


def _by_folder(
    dataset: Dataset, problems: Iterable[Problem]
) -> tuple[list[Problem], Mapping[PurePosixPath, list[Problem]]]:
    """Split problems into those outside any disclosure and those of every disclosure's folder."""
    folders = {PurePosixPath(disclosure.file).parent for disclosure in dataset.disclosures}
    by_folder: dict[PurePosixPath, list[Problem]] = {folder: [] for folder in folders}
    general: list[Problem] = []
    for problem in problems:
        owner = next(
            (
                folder
                for folder in PurePosixPath(problem.position.file).parents
                if folder in folders
            ),
            None,
        )
        (general if owner is None else by_folder[owner]).append(problem)
    return general, by_folder


def _run_checks(
    kind: type,
    subject: KeyRegister
    | Dataset
    | Disclosure
    | Record
    | Assessment
    | ExplainedProblems
    | Versions,
    *,
    complete: bool = True,
) -> Iterator[Problem]:
    for check in _CHECKS_BY_SUBJECT[kind]:
        if complete or not check.needs_complete:
            for finding in check.find(subject):
                yield check.to_problem(finding)
