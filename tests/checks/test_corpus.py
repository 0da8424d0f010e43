"""Planted faults are found, and right writings raise nothing: a corpus written without the rules.

tests/golden/corpus/<topic>/cases.yml has the cases (see tests.checks.corpus), bases/ the right
disclosures that they change, and outcome.yml what is missed, what is raised wrongly, and what is
raised on the bases. later, fresh-texts, fresh-first, fresh-second and clerks were written after one
another, to see what the rules of the day make of cases that nobody had read. `pytest --update-golden`
rewrites outcome.yml: its lists should only shrink.
"""

from pathlib import Path

import pytest
import yaml

from tests.checks.corpus import copy_base, errors_and_warnings, judge_cases, read_cases
from tests.folders import GOLDEN

CORPUS = GOLDEN / "corpus"
SHORT = ("indicators",)
LONG = sorted({path.name for path in CORPUS.iterdir()} - set(SHORT))
TOPICS = [*SHORT, *(pytest.param(topic, marks=pytest.mark.long) for topic in LONG)]


@pytest.mark.parametrize("topic", TOPICS)
def test_faults_are_found_and_right_writings_pass(
    topic: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = CORPUS / topic
    outcomes = list(judge_cases(read_cases(folder / "cases.yml"), folder, tmp_path))
    found = {
        "missed": [
            outcome.case.name
            for outcome in outcomes
            if outcome.case.faults and not outcome.is_found
        ],
        "raised wrongly": {
            outcome.case.name: [f"{problem}" for problem in outcome.problems]
            for outcome in outcomes
            if outcome.problems and not outcome.case.faults
        },
        "raised on right disclosures": {
            base.name: texts
            for base in sorted(folder.glob("bases/*"))
            if (texts := _problems_of_base(base, tmp_path / f"base {base.name}"))
        },
    }
    expected = folder / "outcome.yml"
    if request.config.getoption("--update-golden"):
        text = yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=10_000)
        expected.write_text(text, "utf-8")
    assert found == yaml.safe_load(expected.read_text("utf-8"))


def _problems_of_base(base: Path, data: Path) -> list[str]:
    return [f"{problem}" for problem in errors_and_warnings(copy_base(base, data))]
