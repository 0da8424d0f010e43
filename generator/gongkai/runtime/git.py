"""What git knows of the folder that one works in."""

import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self


class GitProblem(Exception):  # noqa: N818 - told to the user as it is
    """Git is not there, or the folder is no repository; the message says so in Chinese."""


def git(*words: str, folder: Path, given: str = "") -> str:
    """What a git command prints, and what it is `given` to read.

    File names that are no UTF-8 are as Python writes those.
    """
    command = ["git", "-c", "core.quotepath=off", *words]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, cwd=folder, input=given.encode(), capture_output=True, check=False
        )
    except (FileNotFoundError, PermissionError) as error:
        raise GitProblem("没有找到 git；请先安装 git") from error
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip()
        raise GitProblem(f"git {words[0]} 没有成功：{told}")
    return done.stdout.decode(errors="surrogateescape")


class Blobs:
    """What files held, by the ids of their blobs; one process reads them all, once one is asked for."""

    def __init__(self, folder: Path) -> None:
        """Those of the repository that a folder lies in."""
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        if self._process:
            self._process.communicate()

    def __getitem__(self, blob: str) -> bytes:
        """A blob's bytes; GitProblem where the repository has it not."""
        if self._process is None:
            pipe = subprocess.PIPE
            command = ["git", "cat-file", "--batch"]
            self._process = subprocess.Popen(command, cwd=self._folder, stdin=pipe, stdout=pipe)  # noqa: S603 - our own words
        asked, told = self._process.stdin, self._process.stdout
        assert asked  # noqa: S101 - it has pipes
        assert told  # noqa: S101
        asked.write(f"{blob}\n".encode())
        asked.flush()
        head = told.readline().split()
        if len(head) != 3:  # noqa: PLR2004 - id, type, size; else “missing”
            raise GitProblem(f"git 仓库里缺少 {blob}；请运行 git fsck 检查仓库")
        data = told.read(int(head[2]))
        told.read(1)
        return data


def root(folder: Path) -> Path:
    """The top of the repository that a folder lies in."""
    try:
        return Path(git("rev-parse", "--show-toplevel", folder=folder).strip())
    except GitProblem as problem:
        if "git，" in str(problem) or "没有找到" in str(problem):
            raise
        raise GitProblem(f"{folder} 不在 git 仓库里；请先运行 git init") from problem


def hook_file(folder: Path, name: str) -> Path:
    """Where git looks for a hook, wherever core.hooksPath points."""
    return (
        folder / git("rev-parse", "--git-path", f"hooks/{name}", folder=folder).strip()
    ).absolute()


def staged(folder: Path, under: str) -> list[str]:
    """The files below a folder that the next commit adds or changes, from the repository's root."""
    words = ("diff", "--cached", "--name-only", "--diff-filter=ACMRD", "-z", "--", under)
    return [name for name in git(*words, folder=folder).split("\0") if name]


def export_index(folder: Path, under: str, target: Path) -> None:
    """Write the files below a folder as the next commit will have them."""
    names = git("ls-files", "-z", "--", under, folder=folder).split("\0")
    for start in range(0, len(names), 500):
        some = [name for name in names[start : start + 500] if name]
        if some:
            git("checkout-index", f"--prefix={target.as_posix()}/", "--", *some, folder=folder)


def export_revision(folder: Path, revision: str, paths: Sequence[str], target: Path) -> None:
    """Write these files and folders as a revision has them; those that it has not are left out."""
    known = git("ls-tree", "--name-only", "-z", revision, "--", *paths, folder=folder)
    there = [name for name in known.split("\0") if name]
    if not there:
        return
    archive = target / ".archive.tar"
    git("archive", "--format=tar", f"--output={archive}", revision, "--", *there, folder=folder)
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    archive.unlink()
