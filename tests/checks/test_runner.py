"""The check unit by unit finds what the check of all at once finds, in bounded memory."""

import shutil
from pathlib import Path

import pytest

from gongkai.build.render import examine
from gongkai.checks.runner import Asked, findings
from gongkai.model.problems import Level
from gongkai.runtime.workers import Workers
from tests.benchmarks.corpus import corpus
from tests.folders import ROOT, change


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """More units than go to a worker at a time; two have the same code, one a long text twice."""
    corpus(tmp_path, 120)
    units = sorted((tmp_path / "data" / "units").iterdir())
    shutil.copytree(units[0], units[0].with_name("zz-copy"))
    broken = units[1] / "unit.yml"
    broken.write_text(broken.read_text("utf-8") + "不认识: 1\n", "utf-8")
    return tmp_path / "data"


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_problems_in_the_same_order(many: Path, jobs: int) -> None:
    found, run = findings(Asked(many, "data", workers=Workers(jobs))), examine(many, named="data")
    assert found.problems == run.judgement.problems
    assert found.files == len(run.dataset.sources)
    assert {"GJ-09", "GK-04"} <= {each.rule.id for each in found.problems}


def test_the_files_that_problems_stand_in_are_there(many: Path) -> None:
    found = findings(Asked(many, "data"))
    texts = {source.file: source.text for source in found.sources}
    named = {each.position.file for each in found.problems if each.position.line}
    assert named <= set(texts)
    assert len(named) > 1
    assert all(texts[name] for name in named)


def test_a_project_that_is_listed_twice_is_told(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    change(
        data / "units" / "xintian-jsx" / "2022" / "disclosure.yml",
        {"  - liuchu-renkou\n": "  - liuchu-renkou\n  - liuchu-renkou\n"},
    )
    (told,) = (each for each in examine(data).judgement.problems if "不止一次" in each.message)
    assert told.level is Level.W
    assert "liuchu-renkou" in told.message


def test_the_seed_alone() -> None:
    found, run = findings(Asked(ROOT / "data", "data")), examine(ROOT / "data", named="data")
    assert found.problems == run.judgement.problems != ()
