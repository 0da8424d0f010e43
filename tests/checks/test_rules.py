"""Every rule has a fault and a fine case: tests/golden/checks/<rule>.yml.

A case changes the synthetic disclosure (tests/golden/data) and lists all problems then reported.
`pytest --update-golden` rewrites the lists; read the diff as prose.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.checks.registry import RULES
from tests.checking import find_problems
from tests.folders import GOLDEN, PERSONAL_NUMBERS, ROOT, example_data

CASES = sorted((GOLDEN / "checks").glob("*.yml"))
TODAY = dt.date(2023, 12, 31)


def reported_problems(data: Path) -> list[str]:
    """Return the problems of a data folder, explained ones marked."""
    problems = find_problems(data, TODAY)
    return [
        mask_personal_numbers(
            f"{'已说明 ' if problem.explanation else ''}{problem.level.value} {problem}"
        )
        for problem in problems
    ]


def mask_personal_numbers(text: str) -> str:
    """Replace numbers that look personal by their placeholders: golden files contain none."""
    for word, number in PERSONAL_NUMBERS.items():
        text = text.replace(number, word)
    return text


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_rule(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    cases: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    for name, case in cases.items():
        data = example_data(tmp_path / name, case.get("change"), case.get("copy"))
        problems = reported_problems(data)
        if request.config.getoption("--update-golden"):
            case["problems"] = problems
        else:
            assert problems == case["problems"], f"{path.name}: {name}"
    if request.config.getoption("--update-golden"):
        text = yaml.safe_dump(cases, allow_unicode=True, sort_keys=False, width=10_000)
        path.write_text(text, "utf-8")


def test_examples_are_what_is_reported(request: pytest.FixtureRequest) -> None:
    """generator/gongkai/checks/examples.yml shows the first fault of every rule in the handbook."""
    examples_file = ROOT / "generator/gongkai/checks/examples.yml"
    examples: dict[str, str] = {}
    for path in CASES:
        cases = yaml.safe_load(path.read_text("utf-8"))
        lines = [line for case in cases.values() for line in case["problems"]]
        example_line = next(line for line in lines if f"（{path.stem} " in line)
        examples[path.stem] = example_line.split(": ", 1)[1].rpartition("（")[0]
    if request.config.getoption("--update-golden"):
        text = yaml.safe_dump(examples, allow_unicode=True, sort_keys=True, width=10_000)
        examples_file.write_text(
            f"# The first problem of every rule in its test cases (tests/golden/checks).\n{text}",
            "utf-8",
        )
    assert yaml.safe_load(examples_file.read_text("utf-8")) == examples


def test_every_rule_explains_why_and_what_to_do() -> None:
    for rule in RULES:
        assert rule.text.strip(), rule.id
        assert "为什么：" in rule.text, rule.id
        assert "怎么改：" in rule.text, rule.id


def test_every_rule_has_a_fault_and_a_fine_case() -> None:
    cases = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in CASES}
    tested_elsewhere = {"GK-05"}  # Needs a repository: tests/release/test_tags.py.
    assert set(cases) == {rule.id for rule in RULES} - tested_elsewhere
    for rule, rule_cases in cases.items():
        faults = [case for name, case in rule_cases.items() if name.startswith("fault")]
        fine = [case for name, case in rule_cases.items() if name.startswith("fine")]
        assert faults, rule
        assert fine, rule
        assert all(any(f"（{rule} " in line for line in case["problems"]) for case in faults)
        assert not any(f"（{rule} " in line for case in fine for line in case["problems"])


def test_ids_are_unique_and_named() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.name for rule in RULES)


def test_the_example_itself_is_clean(tmp_path: Path) -> None:
    assert reported_problems(example_data(tmp_path)) == []
