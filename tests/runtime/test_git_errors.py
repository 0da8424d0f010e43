"""Failures of git, as messages in Chinese."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.runtime.git import (
    GitError,
    GitMissingError,
    NoRepositoryError,
    repository_root,
    run_git,
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, and no settings of the machine."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", f"{tmp_path}")
    monkeypatch.setenv("XDG_CONFIG_HOME", f"{tmp_path}")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = tmp_path / "repository"
    folder.mkdir()
    run_git("init", "--initial-branch=main", folder=folder)
    for key, value in (("user.name", "示例员"), ("user.email", "shili@example.org")):
        run_git("config", key, value, folder=folder)
    commit(folder, "一", "1")
    return folder


def commit(folder: Path, message: str, text: str) -> None:
    (folder / "甲.yml").write_text(text, "utf-8")
    run_git("add", "--all", folder=folder)
    run_git("commit", "--message", message, folder=folder)


def without_identity(folder: Path) -> None:
    run_git("config", "--unset", "user.name", folder=folder)
    run_git("config", "--unset", "user.email", folder=folder)
    run_git("config", "user.useConfigOnly", "true", folder=folder)


def with_lock(folder: Path) -> None:
    (folder / ".git" / "index.lock").touch()
    (folder / "乙.yml").touch()


def with_conflict(folder: Path) -> None:
    run_git("switch", "--create", "other", folder=folder)
    commit(folder, "二", "2")
    run_git("switch", "main", folder=folder)
    commit(folder, "三", "3")
    with pytest.raises(GitError):
        run_git("merge", "other", folder=folder)


def with_a_tag(folder: Path) -> None:
    run_git("tag", "released/2026-11-23", folder=folder)


def with_a_bad_setting(folder: Path) -> None:
    with (folder / ".git" / "config").open("a", encoding="utf-8") as file:
        file.write("[core\n")


def with_a_lost_object(folder: Path) -> None:
    for path in (folder / ".git" / "objects").glob("??/*"):
        path.chmod(0o644)
        path.write_bytes(b"")


def of_someone_else(_folder: Path) -> None:
    os.environ["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1"


def with_signatures(folder: Path) -> None:
    run_git("config", "gpg.program", "/bin/false", folder=folder)


def with_detached_head(folder: Path) -> None:
    run_git("switch", "--detach", folder=folder)


def of_the_future(folder: Path) -> None:
    run_git("config", "core.repositoryFormatVersion", "99", folder=folder)


def nothing(_folder: Path) -> None:
    pass


Case = tuple[Callable[[Path], None], tuple[str, ...], str]
CASES: dict[str, Case] = {
    "no identity": (
        without_identity,
        ("tag", "--annotate", "--message", "发布", "甲"),
        "git 还不知道是谁在提交；请运行 git config --global user.name 姓名 和 git config --global user.email 邮箱，再试一次",
    ),
    "no identity for a commit": (
        without_identity,
        ("commit", "--allow-empty", "--message", "二"),
        "git 还不知道是谁在提交；请运行 git config --global user.name 姓名 和 git config --global user.email 邮箱，再试一次",
    ),
    "another git at work": (
        with_lock,
        ("add", "--all"),
        "另一个 git 命令正在运行，或者上一个没有正常结束；请等它结束，确认没有别的 git 在运行后删去 FOLDER/.git/index.lock",
    ),
    "merge not finished": (
        with_conflict,
        ("commit", "--message", "四"),
        "上一次合并还没有做完；请改好有冲突的文件，git add 后 git commit，或用 git merge --abort 放弃",
    ),
    "unmerged files, another branch": (
        with_conflict,
        ("merge", "other"),
        "上一次合并还没有做完；请改好有冲突的文件，git add 后 git commit，或用 git merge --abort 放弃",
    ),
    "tag exists": (
        with_a_tag,
        ("tag", "released/2026-11-23"),
        "git 标签 released/2026-11-23 已经有了；请换一个名称，或用 git tag -d released/2026-11-23 删去",
    ),
    "no such revision": (
        nothing,
        ("diff", "没有", "--"),
        "git 里没有版本“没有”；可以写提交编号、分支名，或发布的名称（git tag --list 列出）",
    ),
    "no such object": (
        nothing,
        ("ls-tree", "没有"),
        "git 里没有版本“没有”；可以写提交编号、分支名，或发布的名称（git tag --list 列出）",
    ),
    "no such revision to tag": (
        nothing,
        ("tag", "甲", "没有"),
        "git 里没有版本“没有”；可以写提交编号、分支名，或发布的名称（git tag --list 列出）",
    ),
    "no such file": (nothing, ("add", "没有.yml"), "git 里没有文件“没有.yml”；请核对文件名，新文件要先 git add"),
    "bad setting": (with_a_bad_setting, ("status",), "git 的配置文件 FILE 第 LINE 行写错了；请改正"),
    "lost object": (with_a_lost_object, ("log",), "git 仓库里有内容损坏或缺少；请运行 git fsck 检查，或重新 git clone"),
    "someone else's": (
        of_someone_else,
        ("status",),
        "git 仓库 FOLDER 属于别的用户，git 不肯用；确认可信后，请运行 git config --global --add safe.directory FOLDER",
    ),
    "signature": (
        with_signatures,
        ("tag", "--sign", "--message", "发布", "甲"),
        "git 的签名没有成功；请核对签名的设置，或运行 git config tag.gpgSign false",
    ),
    "detached": (with_detached_head, ("symbolic-ref", "HEAD"), "现在不在任何分支上；请用 git switch 分支名 切回分支"),
    "newer repository": (of_the_future, ("status",), "这个 git 仓库要用更新的 git 才能读；请升级 git"),
    "old git": (nothing, ("status", "--of-the-future"), "这个版本的 git 太旧；请升级 git"),
    "old git without a command": (nothing, ("future",), "这个版本的 git 太旧；请升级 git"),
    "no remote": (
        nothing,
        ("fetch", "/nowhere/at/all"),
        "远程的地址上没有这个仓库；请用 git remote -v 核对地址",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_failure(name: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare, arguments, message = CASES[name]
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "0")
    prepare(repository)
    with pytest.raises(GitError) as caught:
        run_git(*arguments, folder=repository)
    shown = f"{caught.value}".replace(f"{repository}", "FOLDER")
    assert re.sub(r"文件 \S+ 第 \d+ 行", "文件 FILE 第 LINE 行", shown) == message


def test_nothing_to_commit(repository: Path) -> None:
    """Git says so on standard output."""
    with pytest.raises(GitError) as caught:
        run_git("commit", "--message", "二", folder=repository)
    assert str(caught.value) == "没有要提交的改动"


@pytest.mark.usefixtures("repository")
def test_repository_without_commits(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    run_git("init", folder=empty)
    for arguments in (("rev-parse", "--verify", "HEAD"), ("log",), ("diff", "HEAD", "--")):
        with pytest.raises(GitError) as caught:
            run_git(*arguments, folder=empty)
        assert str(caught.value) == "git 仓库里还没有提交；请先 git add data，再 git commit"


@pytest.mark.usefixtures("repository")
def test_repository_without_files(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    run_git("init", "--bare", folder=bare)
    with pytest.raises(GitError) as caught:
        run_git("status", folder=bare)
    assert str(caught.value) == "这个 git 仓库没有工作目录；请在 git clone 得到的目录里运行"


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(NoRepositoryError) as caught:
        repository_root(tmp_path)
    assert str(caught.value) == f"{tmp_path} 不在 git 仓库里；请先运行 git init"


def test_git_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}")
    with pytest.raises(GitMissingError) as caught:
        repository_root(tmp_path)
    assert str(caught.value) == "没有找到 git；请先安装 git"


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(GitError) as caught:
        run_git("status", folder=tmp_path / "没有")
    assert str(caught.value) == f"没有目录 {tmp_path / '没有'}，或者没有进入它的权限；请核对"


def test_unknown_failure_quotes_git(repository: Path) -> None:
    with pytest.raises(GitError) as caught:
        run_git("merge-base", "main", folder=repository)
    assert str(caught.value).startswith(
        ("git merge-base 没有成功；git 的原话是：", "这个版本的 git 太旧")
    )
