"""Run git commands in a repository's folder."""

import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self


class GitError(Exception):
    """Git is not installed, or a git command failed; the message is in Chinese."""


def run_git(*args: str, folder: Path, stdin: str = "") -> str:
    """Run git in `folder` with `stdin` as its input, and return what it prints.

    File names that are not UTF-8 are decoded with surrogateescape. Raise GitError if git fails.
    """
    command = ["git", "-c", "core.quotepath=off", *args]
    try:
        process = subprocess.run(  # noqa: S603 - our own arguments
            command, cwd=folder, input=stdin.encode(), capture_output=True, check=False
        )
    except (FileNotFoundError, PermissionError) as error:
        raise GitError("没有找到 git；请先安装 git") from error
    if process.returncode:
        errors = process.stderr.decode(errors="replace").strip()
        raise GitError(f"git {args[0]} 没有成功：{errors}")
    return process.stdout.decode(errors="surrogateescape")


class BlobReader:
    """Blob contents by blob id, read by one `git cat-file --batch` process started on first use."""

    def __init__(self, folder: Path) -> None:
        """Read from the repository that contains `folder`."""
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Return self; the process starts with the first lookup."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        if self._process:
            self._process.communicate()

    def __getitem__(self, blob: str) -> bytes:
        """Return a blob's bytes. Raise GitError if the repository lacks it."""
        if self._process is None:
            pipe = subprocess.PIPE
            command = ["git", "cat-file", "--batch"]
            self._process = subprocess.Popen(command, cwd=self._folder, stdin=pipe, stdout=pipe)  # noqa: S603 - our own arguments
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin  # noqa: S101 - it has pipes
        assert stdout  # noqa: S101
        stdin.write(f"{blob}\n".encode())
        stdin.flush()
        header = stdout.readline().split()
        if len(header) != 3:  # noqa: PLR2004 - id, type, size; else “missing”
            raise GitError(f"git 仓库里缺少 {blob}；请运行 git fsck 检查仓库")
        data = stdout.read(int(header[2]))
        stdout.read(1)
        return data


def repository_root(folder: Path) -> Path:
    """Return the top folder of the repository that contains `folder`."""
    try:
        return Path(run_git("rev-parse", "--show-toplevel", folder=folder).strip())
    except GitError as problem:
        if "git，" in str(problem) or "没有找到" in str(problem):
            raise
        raise GitError(f"{folder} 不在 git 仓库里；请先运行 git init") from problem


def hook_path(folder: Path, name: str) -> Path:
    """Return the path where git looks for a hook, core.hooksPath included."""
    return (
        folder / run_git("rev-parse", "--git-path", f"hooks/{name}", folder=folder).strip()
    ).absolute()


def list_staged_files(folder: Path, under: str) -> list[str]:
    """List staged files below `under`, by their paths from the repository's root."""
    args = ("diff", "--cached", "--name-only", "--diff-filter=ACMRD", "-z", "--", under)
    return [path for path in run_git(*args, folder=folder).split("\0") if path]


def export_index(folder: Path, under: str, target: Path) -> None:
    """Write the files below `under` to `target` as they are in the index."""
    paths = run_git("ls-files", "-z", "--", under, folder=folder).split("\0")
    for start in range(0, len(paths), 500):
        batch = [path for path in paths[start : start + 500] if path]
        if batch:
            run_git("checkout-index", f"--prefix={target.as_posix()}/", "--", *batch, folder=folder)


def export_revision(folder: Path, revision: str, paths: Sequence[str], target: Path) -> None:
    """Write files and folders to `target` as they are in a revision, skipping missing ones."""
    listing = run_git("ls-tree", "--name-only", "-z", revision, "--", *paths, folder=folder)
    existing = [path for path in listing.split("\0") if path]
    if not existing:
        return
    archive = target / ".archive.tar"
    run_git(
        "archive", "--format=tar", f"--output={archive}", revision, "--", *existing, folder=folder
    )
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    archive.unlink()
