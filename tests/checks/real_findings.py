"""Findings on the real disclosures: the published data and those of other provinces."""

import datetime as dt
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai.checks.runner import check_data
from gongkai.model.problems import Problem
from tests.folders import GOLDEN, ROOT

_TODAY = dt.date(2026, 12, 1)
_EXPLANATIONS = "差异说明:"


SETS = {
    "seed": ROOT / "data/units",
    "cases": GOLDEN / "cases/units",
    "unseen": GOLDEN / "unseen/units",
}
"""Folders of units, by the name of their verdicts: tests/golden/verdicts/<name>.yml."""


@cache
def real_problems(name: str) -> tuple[Problem, ...]:
    """Return the problems of a set of disclosures without their 差异说明."""
    units = SETS[name]
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(units, data / "units")
        forms = units.parent / "forms"
        shutil.copytree(forms if forms.exists() else ROOT / "data/forms", data / "forms")
        shutil.copy(units.parent / "site.yml", data)
        for path in data.glob("units/*/*/disclosure.yml"):
            text = path.read_text("utf-8")
            path.write_text(text.partition(_EXPLANATIONS)[0], "utf-8")
        return check_data(data, _TODAY, drafts=True, display_name="data").judgement.problems


def findings_of(name: str) -> list[tuple[str, str]]:
    """Return (file, finding) of a set: the level, the rule and what is wrong, without the line."""
    return [
        (
            problem.position.file.removeprefix("data/"),
            f"{problem.level.value} {problem.rule.id} {problem.message}",
        )
        for problem in real_problems(name)
    ]
