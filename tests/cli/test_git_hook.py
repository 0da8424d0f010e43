"""Git hook: checks the staged data before a commit."""

import os
import shutil
from pathlib import Path

import pytest

from tests.commands import run_program
from tests.folders import ROOT, example_data, replace_in_file

OVERALL = "units/shili/2022/overall.yml"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "示例 仓库"
    folder.mkdir()
    shutil.move(example_data(tmp_path), folder / "data")
    run_program("git", "init", "-q", folder=folder)
    run_program("git", "add", ".", folder=folder)
    assert run_program("git", "commit", "-qm", "示例", folder=folder).returncode == 0
    return folder


def test_commit_with_errors_is_refused(repository: Path) -> None:
    result = run_program("gongkai", "hook", "install", folder=repository)
    assert (result.returncode, "已安装" in result.stderr) == (0, True)
    replace_in_file(repository / "data" / OVERALL, {"得分: 98}": "得分: 97}"})
    run_program("git", "add", ".", folder=repository)
    result = run_program("git", "commit", "-m", "改分", folder=repository)
    assert result.returncode == 1
    assert f"data/{OVERALL}\n  39:19 错误 总分填报 97" in result.stdout + result.stderr
    assert run_program("git", "log", "--oneline", folder=repository).stdout.count("\n") == 1


def test_only_staged_content_is_checked(repository: Path) -> None:
    run_program("gongkai", "hook", "install", folder=repository)
    path = repository / "data" / OVERALL
    replace_in_file(path, {"预期目标: 示例道路畅通": "预期目标: 示例公路畅通"})
    run_program("git", "add", ".", folder=repository)
    replace_in_file(path, {"得分: 98}": "得分: 97}"})
    result = run_program("git", "commit", "-m", "改字", folder=repository)
    assert result.returncode == 0, result.stdout + result.stderr


def test_commit_of_other_files_is_not_checked(repository: Path) -> None:
    run_program("gongkai", "hook", "install", folder=repository)
    replace_in_file(repository / "data" / OVERALL, {"得分: 98}": "得分: 97}"})
    (repository / "说明.txt").write_text("示例", "utf-8")
    run_program("git", "add", "说明.txt", folder=repository)
    assert run_program("git", "commit", "-m", "说明", folder=repository).returncode == 0


def test_remove_and_foreign_hooks(repository: Path) -> None:
    hook = repository / ".git/hooks/pre-commit"
    run_program("gongkai", "hook", "install", folder=repository)
    assert os.access(hook, os.X_OK)
    assert "已撤销" in run_program("gongkai", "hook", "remove", folder=repository).stderr
    assert not hook.exists()
    hook.write_text("#!/bin/sh\nexit 0\n", "utf-8")
    result = run_program("gongkai", "hook", "install", folder=repository)
    assert (result.returncode, "没有改动" in result.stderr) == (1, True)
    assert hook.read_text("utf-8") == "#!/bin/sh\nexit 0\n"
    assert (
        "没有本程序安装的钩子" in run_program("gongkai", "hook", "remove", folder=repository).stderr
    )


def test_install_outside_a_git_repository(tmp_path: Path) -> None:
    example_data(tmp_path)
    result = run_program("gongkai", "hook", "install", folder=tmp_path)
    assert result.returncode == 1
    assert "不在 git 仓库里" in result.stderr


@pytest.mark.parametrize("style", ["gitlab", "github"])
def test_ci_examples_of_the_handbook_run(repository: Path, style: str) -> None:
    """Run the commands of the handbook page on CI in a repository with an error."""
    page = (ROOT / "content/guide/ci.md").read_text("utf-8")
    command = next(line for line in page.splitlines() if f"--format {style}" in line)
    arguments = command.split(".venv/bin/")[1].split(" > ")[0].split()
    replace_in_file(repository / "data" / OVERALL, {"得分: 98}": "得分: 97}"})
    result = run_program(*arguments, folder=repository)
    assert result.returncode == 1
    assert f"data/{OVERALL}" in result.stdout
    assert "DF-03" in result.stdout
