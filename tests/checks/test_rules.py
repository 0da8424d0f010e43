"""Every rule with a fault and a fine case: tests/golden/checks/<rule>.yml.

A case changes the synthetic disclosure (tests/golden/data) and lists, whole, what is reported.
`pytest --update-golden` writes what is reported now; read the diff as prose.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.checks.registry import RULES, judged
from gongkai.reading.dataset import read_dataset
from tests.folders import GOLDEN, PERSONAL, ROOT, example

CASES = sorted((GOLDEN / "checks").glob("*.yml"))
TODAY = dt.date(2023, 12, 31)


def reported(data: Path) -> list[str]:
    """What is reported of a data folder, explained problems marked."""
    problems = judged(read_dataset(data, "data", TODAY)).problems
    return [
        worded(f"{'已说明 ' if each.explanation else ''}{each.level.value} {each}")
        for each in problems
    ]


def worded(text: str) -> str:
    """With the words that stand for numbers that look personal: golden files hold none."""
    for word, number in PERSONAL.items():
        text = text.replace(number, word)
    return text


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_rule(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    cases: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    for name, case in cases.items():
        data = example(tmp_path / name, case.get("change"), case.get("copy"))
        found = reported(data)
        if request.config.getoption("--update-golden"):
            case["problems"] = found
        else:
            assert found == case["problems"], f"{path.name}: {name}"
    if request.config.getoption("--update-golden"):
        text = yaml.safe_dump(cases, allow_unicode=True, sort_keys=False, width=10_000)
        path.write_text(text, "utf-8")


def test_examples_are_what_is_reported(request: pytest.FixtureRequest) -> None:
    """generator/gongkai/checks/examples.yml, shown in the handbook: the first fault of each rule."""
    kept = ROOT / "generator/gongkai/checks/examples.yml"
    found: dict[str, str] = {}
    for path in CASES:
        cases = yaml.safe_load(path.read_text("utf-8"))
        lines = [line for case in cases.values() for line in case["problems"]]
        told = next(line for line in lines if f"（{path.stem} " in line)
        found[path.stem] = told.split(": ", 1)[1].rpartition("（")[0]
    if request.config.getoption("--update-golden"):
        text = yaml.safe_dump(found, allow_unicode=True, sort_keys=True, width=10_000)
        kept.write_text(
            f"# What each rule reports in its first case (tests/golden/checks).\n{text}", "utf-8"
        )
    assert yaml.safe_load(kept.read_text("utf-8")) == found


def test_every_rule_tells_what_why_and_what_to_do() -> None:
    for rule in RULES:
        assert rule.text.strip(), rule.id
        assert "为什么：" in rule.text, rule.id
        assert "怎么改：" in rule.text, rule.id


def test_every_rule_has_a_fault_and_a_fine_case() -> None:
    cases = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in CASES}
    told_elsewhere = {"GK-05"}  # needs a repository: tests/test_releasing.py
    assert set(cases) == {rule.id for rule in RULES} - told_elsewhere
    for rule, named in cases.items():
        faults = [case for name, case in named.items() if name.startswith("fault")]
        fine = [case for name, case in named.items() if name.startswith("fine")]
        assert faults, rule
        assert fine, rule
        assert all(any(f"（{rule} " in line for line in case["problems"]) for case in faults)
        assert not any(f"（{rule} " in line for case in fine for line in case["problems"])


def test_ids_are_unique_and_told() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.name for rule in RULES)


def test_the_example_itself_is_clean(tmp_path: Path) -> None:
    assert reported(example(tmp_path)) == []
