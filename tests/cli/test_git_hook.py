"""The git hook: what is staged is checked before it is committed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.folders import ROOT, change, example

OVERALL = "units/shili/2022/overall.yml"


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    who = {
        f"GIT_{role}_{what}": "shili@gongkai.example"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    return subprocess.run(
        words,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **who, "PATH": path},
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "示例 仓库"
    folder.mkdir()
    shutil.move(example(tmp_path), folder / "data")
    run("git", "init", "-q", folder=folder)
    run("git", "add", ".", folder=folder)
    assert run("git", "commit", "-qm", "示例", folder=folder).returncode == 0
    return folder


def test_what_blocks_is_not_committed(repository: Path) -> None:
    done = run("gongkai", "hook", "install", folder=repository)
    assert (done.returncode, "已安装" in done.stderr) == (0, True)
    change(repository / "data" / OVERALL, {"得分: 98}": "得分: 97}"})
    run("git", "add", ".", folder=repository)
    done = run("git", "commit", "-m", "改分", folder=repository)
    assert done.returncode == 1
    assert f"data/{OVERALL}\n  39:19 错误 总分填报 97" in done.stdout + done.stderr
    assert run("git", "log", "--oneline", folder=repository).stdout.count("\n") == 1


def test_it_looks_at_what_is_staged(repository: Path) -> None:
    run("gongkai", "hook", "install", folder=repository)
    path = repository / "data" / OVERALL
    change(path, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    run("git", "add", ".", folder=repository)
    change(path, {"得分: 98}": "得分: 97}"})
    done = run("git", "commit", "-m", "改字", folder=repository)
    assert done.returncode == 0, done.stdout + done.stderr


def test_other_files_are_none_of_its_business(repository: Path) -> None:
    run("gongkai", "hook", "install", folder=repository)
    change(repository / "data" / OVERALL, {"得分: 98}": "得分: 97}"})
    (repository / "说明.txt").write_text("示例", "utf-8")
    run("git", "add", "说明.txt", folder=repository)
    assert run("git", "commit", "-m", "说明", folder=repository).returncode == 0


def test_it_can_be_undone_and_overwrites_nothing(repository: Path) -> None:
    hook = repository / ".git/hooks/pre-commit"
    run("gongkai", "hook", "install", folder=repository)
    assert os.access(hook, os.X_OK)
    assert "已撤销" in run("gongkai", "hook", "remove", folder=repository).stderr
    assert not hook.exists()
    hook.write_text("#!/bin/sh\nexit 0\n", "utf-8")
    done = run("gongkai", "hook", "install", folder=repository)
    assert (done.returncode, "没有改动" in done.stderr) == (1, True)
    assert hook.read_text("utf-8") == "#!/bin/sh\nexit 0\n"
    assert "没有本程序安装的钩子" in run("gongkai", "hook", "remove", folder=repository).stderr


def test_without_git_it_says_so(tmp_path: Path) -> None:
    example(tmp_path)
    done = run("gongkai", "hook", "install", folder=tmp_path)
    assert done.returncode == 1
    assert "不在 git 仓库里" in done.stderr


@pytest.mark.parametrize("style", ["gitlab", "github"])
def test_the_examples_for_code_hosts_run(repository: Path, style: str) -> None:
    """The very commands of the handbook, in a repository with a fault."""
    page = (ROOT / "content/guide/ci.md").read_text("utf-8")
    command = next(line for line in page.splitlines() if f"--format {style}" in line)
    words = command.split(".venv/bin/")[1].split(" > ")[0].split()
    change(repository / "data" / OVERALL, {"得分: 98}": "得分: 97}"})
    done = run(*words, folder=repository)
    assert done.returncode == 1
    assert f"data/{OVERALL}" in done.stdout
    assert "DF-03" in done.stdout
