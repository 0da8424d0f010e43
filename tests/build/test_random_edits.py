"""Random edits of everything in a publisher's folder: gongkai build equals gongkai build --fresh."""

import datetime as dt
import shutil
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.benchmarks.corpus import write_corpus
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_gongkai, run_program
from tests.edits import DAYS, EDITS, FOLDER_EDITS
from tests.folders import copy_publisher

NO_INPUTS = frozenset({".git", ".gongkai", "site", "cold"})


def build(folder: Path, today: dt.date, *options: str) -> tuple[int, str]:
    """Run gongkai build; return its exit code, and the problems that it shows."""
    done = run_gongkai("build", "--today", today, "-j", "1", *options, folder=folder)
    lines = (done.stdout + done.stderr).splitlines()
    return done.returncode, "\n".join(line for line in lines if line.startswith(("错误", "警告")))


def git(folder: Path, *arguments: str) -> str:
    done = run_program("git", *arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def copy_inputs(source: Path, target: Path) -> None:
    """Make the inputs of a folder those of another."""
    target.mkdir(exist_ok=True)
    for path in target.iterdir():
        if path.is_dir() and path.name not in NO_INPUTS:
            shutil.rmtree(path)
    for path in source.iterdir():
        if path.is_dir() and path.name not in NO_INPUTS:
            shutil.copytree(path, target / path.name, symlinks=True)
        elif path.is_file():
            shutil.copy2(path, target)


def commit_or_tag(folder: Path, rnd: Random) -> None:
    """Commit everything or nothing; release, move or delete tags."""
    if rnd.random() < 0.5:
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "示例", "--allow-empty")
    if rnd.random() < 0.2:
        day = f"2026-10-{rnd.randint(1, 28):02}"
        git(folder, "tag", "-f", f"released/{day}")
    tags = git(folder, "tag").split()
    if tags and rnd.random() < 0.05:
        git(folder, "tag", "-d", rnd.choice(tags))


@pytest.mark.parametrize(
    ("seed", "edits"),
    [
        pytest.param(1, 8, id="short", marks=pytest.mark.long),
        *(pytest.param(seed, 100, id=f"{seed}", marks=pytest.mark.nightly) for seed in (2, 3, 4)),
    ],
)
def test_incremental_builds_equal_fresh_ones(tmp_path: Path, seed: int, edits: int) -> None:
    rnd, today = Random(seed), DAYS[0]  # noqa: S311 - which edits are made
    folder = copy_publisher(tmp_path / "publisher")
    write_corpus(folder, 40, seed=5)
    (folder / ".gitignore").write_text("site\ncold\n.gongkai\n", "utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "示例")
    git(folder, "tag", "released/2026-09-01")
    assert build(folder, today)[0] == 0
    good = tmp_path / "good"
    copy_inputs(folder, good)
    number, outcomes, history = 0, Counter[str](), list[str]()
    while number < edits:
        kinds = rnd.choice((EDITS, FOLDER_EDITS, FOLDER_EDITS))
        for edit in rnd.sample(kinds, rnd.choice((1, 1, 2))):
            history.append(edit.__name__)
            today = edit(folder / "data", rnd) or today
            number += 1
        commit_or_tag(folder, rnd)
        before = hashes(folder / "site")
        code, problems = build(folder, today)
        cold_code, cold_problems = build(folder, today, "-d", "cold", "--fresh")
        assert (code, problems) == (cold_code, cold_problems), history[-4:]
        outcomes["published" if code == 0 else "blocked"] += 1
        expected = hashes(folder / "cold") if code == 0 else before
        assert hashes(folder / "site") == expected, history[-4:]
        if code == 0:
            copy_inputs(folder, good)
        elif rnd.random() < 0.9:
            copy_inputs(good, folder)
    assert outcomes["published"] > outcomes.total() / 4
    print(f"| {number} edits, {outcomes.total()} builds | {outcomes} |")  # noqa: T201
