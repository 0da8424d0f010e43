"""Checking unit by unit reports the same problems as checking everything at once."""

import shutil
from pathlib import Path

import pytest

from gongkai.checks.runner import CheckRequest, check_data, check_folder
from gongkai.model.problems import Level
from gongkai.runtime.workers import Workers
from tests.benchmarks.corpus import write_corpus
from tests.folders import ROOT, TODAY, replace_in_file


@pytest.fixture
def many_units(tmp_path: Path) -> Path:
    """Return a data folder of several batches; two units share a code, two a long text."""
    write_corpus(tmp_path, 120)
    units = sorted((tmp_path / "data" / "units").iterdir())
    shutil.copytree(units[0], units[0].with_name("zz-copy"))
    broken = units[1] / "unit.yml"
    broken.write_text(broken.read_text("utf-8") + "不认识: 1\n", "utf-8")
    return tmp_path / "data"


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_problems_in_the_same_order(many_units: Path, jobs: int) -> None:
    result = check_folder(CheckRequest(many_units, "data", TODAY, workers=Workers(jobs)))
    run = check_data(many_units, TODAY, display_name="data")
    assert result.problems == run.judgement.problems
    assert result.files == len(run.dataset.sources)
    assert {"GJ-09", "GK-04"} <= {problem.rule.id for problem in result.problems}


def test_result_includes_the_sources_of_problems(many_units: Path) -> None:
    result = check_folder(CheckRequest(many_units, "data", TODAY))
    texts = {source.file: source.text for source in result.sources}
    names = {problem.position.file for problem in result.problems if problem.position.line}
    assert names <= set(texts)
    assert len(names) > 1
    assert all(texts[name] for name in names)


def test_duplicate_project_is_reported(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    replace_in_file(
        data / "units" / "xintian-jsx" / "2022" / "disclosure.yml",
        {"  - liuchu-renkou\n": "  - liuchu-renkou\n  - liuchu-renkou\n"},
    )
    problems = check_data(data, TODAY).judgement.problems
    (duplicate,) = (problem for problem in problems if "不止一次" in problem.message)
    assert duplicate.level is Level.W
    assert "liuchu-renkou" in duplicate.message


def test_seed() -> None:
    result = check_folder(CheckRequest(ROOT / "data", "data", TODAY))
    run = check_data(ROOT / "data", TODAY, display_name="data")
    assert result.problems == run.judgement.problems != ()
