"""Cases of faults and of right writings, applied to whole right disclosures, and what the checks say.

They were written by people who had not seen the rules: tests/golden/corpus/<topic>/cases.yml.
"""

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gongkai.model.problems import Level, Problem
from tests.checking import find_problems
from tests.folders import ROOT

_TODAY = dt.date(2026, 11, 30)


@dataclass(frozen=True, slots=True)
class Case:
    """A change of a base, which plants a fault or is a right writing."""

    name: str
    kind: str
    base: str
    """Name of the right disclosure that is changed; topic/name if it is another topic's."""
    change: Mapping[str, Mapping[str, str] | None]
    """New texts by old texts, by file; None removes the file, the old text "" makes one."""
    faults: tuple[Mapping[str, Any], ...]
    """file; lines: texts of the lines that a finding may point to; says: words of its message;
    says one of: words of which its message has one at least."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checks say of a case."""

    case: Case
    problems: tuple[Problem, ...]
    """Errors and warnings that its base does not have."""
    is_found: bool
    """Whether one of them points to the fault and names its values."""


def read_cases(path: Path) -> list[Case]:
    """Read a file of cases."""
    return [
        Case(
            name=fields["name"],
            kind=fields["kind"],
            base=fields["base"],
            change=fields["change"],
            faults=tuple(fields.get("faults", ())),
        )
        for fields in yaml.safe_load(path.read_text("utf-8"))
    ]


def judge_cases(cases: Iterable[Case], topic: Path, folder: Path) -> Iterator[Outcome]:
    """Apply every case of a topic to a copy of its base in `folder`, and check it."""
    base_problems: dict[str, Counter[tuple[str, str, str]]] = {}
    for number, case in enumerate(cases):
        if case.base not in base_problems:
            data = copy_base(_base_of(case, topic), folder / case.base)
            base_problems[case.base] = Counter(map(_key, errors_and_warnings(data)))
        data = copy_base(_base_of(case, topic), folder / f"{number}")
        apply_change(data, case)
        known, problems = Counter(base_problems[case.base]), []
        for problem in errors_and_warnings(data):
            known[_key(problem)] -= 1
            if known[_key(problem)] < 0:
                problems.append(problem)
        found = any(
            _points_to(problem, fault, data) for problem in problems for fault in case.faults
        )
        yield Outcome(case, tuple(problems), found)
        shutil.rmtree(data)


def _base_of(case: Case, topic: Path) -> Path:
    other_topic, _, name = case.base.rpartition("/")
    return (topic.parent / other_topic if other_topic else topic) / "bases" / name


def copy_base(base: Path, data: Path) -> Path:
    """Copy a right disclosure, with all forms, to a new data folder; return that folder."""
    shutil.copytree(base, data)
    (data / "forms").symlink_to(ROOT / "data/forms")
    shutil.copy(ROOT / "data/site.yml", data)
    return data


def errors_and_warnings(data: Path) -> list[Problem]:
    """Return the errors and warnings of a data folder."""
    problems = find_problems(data, _TODAY, drafts=True)
    return [problem for problem in problems if problem.level is not Level.I]


def apply_change(data: Path, case: Case) -> None:
    """Change, make and remove a case's files."""
    for name, replacements in case.change.items():
        path = data / name
        if replacements is None:
            path.unlink()
            continue
        for old, new in replacements.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text("utf-8") if old else ""
            assert not old or text.count(old) == 1, f"{case.name}: {old!r} in {name}"
            path.write_text(text.replace(old, new) if old else new, "utf-8")


def _key(problem: Problem) -> tuple[str, str, str]:
    return problem.rule.id, problem.position.file, problem.message


def _points_to(problem: Problem, fault: Mapping[str, Any], data: Path) -> bool:
    """Tell whether a problem is on one of the fault's lines and names its values."""
    path = data / fault["file"]
    if problem.position.file != f"data/{fault['file']}" or not path.exists():
        return False
    line = path.read_text("utf-8").splitlines()[problem.position.line - 1].strip()
    is_there = any(text.strip() in line or (line and line in text) for text in fault["lines"])
    said = [f"{word}" in f"{problem}" for word in fault.get("says one of", ())]
    says_all = all(f"{word}" in f"{problem}" for word in fault.get("says", ()))
    return is_there and says_all and (any(said) or not said)
