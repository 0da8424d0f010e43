"""Run git commands in a repository's folder."""

import os
import re
import signal
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self


class GitError(Exception):
    """Git is not installed, or a git command failed; the message is in Chinese."""

    said = ""
    """What git itself said, in English."""
    is_explained = True
    """Whether the message gives a reason in Chinese, and not only git's own words."""


class GitMissingError(GitError):
    """Git is not installed."""


class NoRepositoryError(GitError):
    """A folder is not in a git repository."""


class NoCommitError(GitError):
    """A repository has no commits yet."""


class RejectedPushError(GitError):
    """The remote repository has commits that the local one does not have yet."""


_REJECTED = "别人先上传了新的内容，git 没有接受这一次；请先取回合并"
_NO_COMMIT = "git 仓库里还没有提交；请先 git add data，再 git commit"
_FAILURES = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (
            r"dubious ownership in repository at '([^']+)'",
            "git 仓库 {1} 属于别的用户，git 不肯用；确认可信后，请运行 git config --global --add safe.directory {1}",
        ),
        (
            (
                r"(?i)please tell me who you are|auto-detect email address|empty ident|no (?:name|email) was given"
                r"|identity unknown"
            ),
            (
                "git 还不知道是谁在提交；请运行 git config --global user.name 姓名 和 "
                "git config --global user.email 邮箱，再试一次"
            ),
        ),
        (
            r"would be overwritten by (?:merge|checkout):\n((?:\t[^\n]+\n?)+)",
            "这些文件有没有提交的改动，合并会盖掉它们，没有合并：{1}；请先提交或移走",
        ),
        (
            r"remote rejected|pre-receive hook declined|protected branch",
            "远程仓库不准这样上传（例如分支受保护）；请照仓库的规定另开分支，或找管理员",
        ),
        (r"\[rejected\]|! *\t.*rejected|non-fast-forward|fetch first", _REJECTED),
        (
            (
                r"(?i)Permission denied \(|Authentication failed|could not read (?:Username|Password)"
                r"|terminal prompts disabled|invalid (?:username|credentials)|returned error: 40[13]"
            ),
            "远程仓库没有认出身份（用户名、密码或密钥不对）；请找管理员配好后再试",
        ),
        (
            r"Host key verification failed",
            "还没有确认过远程的主机；请在终端里运行一次 git fetch，照提示确认主机的指纹",
        ),
        (
            r"does not appear to be a git repository|(?i:repository .*not found)|returned error: 404",
            "远程的地址上没有这个仓库；请用 git remote -v 核对地址",
        ),
        (
            r"refusing to merge unrelated histories",
            "远程的仓库与本机的没有共同的来历；请核对远程的地址",
        ),
        (
            r"(?:Unable to create|cannot lock ref).*'([^']+\.lock)': File exists",
            "另一个 git 命令正在运行，或者上一个没有正常结束；请等它结束，确认没有别的 git 在运行后删去 {1}",
        ),
        (r"No space left on device", "磁盘满了，git 没有写成；请腾出空间再试"),
        (r"Disk quota exceeded", "磁盘配额用完了，git 没有写成；请腾出空间再试"),
        (r"Read-only file system", "git 仓库所在的磁盘是只读的；请换一个能写的目录"),
        (
            r"Permission denied|insufficient permission",
            "没有权限读写 git 仓库；请核对 .git 目录属于谁",
        ),
        (
            r"(?i)MERGE_HEAD exists|not concluded your merge|unmerged|needs merge|fix conflicts",
            "上一次合并还没有做完；请改好有冲突的文件，git add 后 git commit，或用 git merge --abort 放弃",
        ),
        (
            r"(?i)rebase in progress",
            "上一次变基还没有做完；请用 git rebase --continue 做完，或用 git rebase --abort 放弃",
        ),
        (r"nothing (?:added )?to commit|no changes added", "没有要提交的改动"),
        (
            r"(?i)not currently on a branch|HEAD detached|detached HEAD|HEAD is not a symbolic ref",
            "现在不在任何分支上；请用 git switch 分支名 切回分支",
        ),
        (
            r"does not have any commits yet|(?:argument|revision|name) '?HEAD'?|Needed a single revision",
            _NO_COMMIT,
        ),
        (
            (
                r"(?:ambiguous argument|bad revision|[Nn]ot a valid object name:?|invalid reference:?"
                r"|malformed object name|Failed to resolve) '?([^'\n:]+)"
            ),
            "git 里没有版本“{1}”；可以写提交编号、分支名，或发布的名称（git tag --list 列出）",
        ),
        (
            r"tag '([^']+)' already exists",
            "git 标签 {1} 已经有了；请换一个名称，或用 git tag -d {1} 删去",
        ),
        (
            r"pathspec '([^']+)' did not match",
            "git 里没有文件“{1}”；请核对文件名，新文件要先 git add",
        ),
        (
            r"must be run in a work tree|without a working tree|bare repository",
            "这个 git 仓库没有工作目录；请在 git clone 得到的目录里运行",
        ),
        (r"bad config line (\d+) in file (\S+)", "git 的配置文件 {2} 第 {1} 行写错了；请改正"),
        (
            r"bad (?:\w+ )*config|invalid (?:\w+ )*config|unable to parse",
            "git 的配置写错了；用 git config --list 查看",
        ),
        (
            (
                r"(?i)corrupt|is empty|bad object|unable to read|missing (?:blob|tree|commit)|invalid sha1|broken"
                r"|must point to a commit|could not parse"
            ),
            "git 仓库里有内容损坏或缺少；请运行 git fsck 检查，或重新 git clone",
        ),
        (
            r"repo version|repository extension",
            "这个 git 仓库要用更新的 git 才能读；请升级 git",
        ),
        (
            r"is not a git command|unknown (?:option|switch)|unrecognized argument|^usage: git",
            "这个版本的 git 太旧；请升级 git",
        ),
        (
            r"(?i)failed to sign|gpg|signing",
            "git 的签名没有成功；请核对签名的设置，或运行 git config tag.gpgSign false",
        ),
        (
            (
                r"(?i)could not resolve host|unable to access|could not read from remote|hung up|early EOF"
                r"|connection (?:refused|timed out|reset)|network is unreachable|no route to host"
            ),
            "连不上远程的 git 仓库；请核对网络和地址",
        ),
        (r"(?i)hook", "git 的钩子没有放行；请看钩子的提示"),
        (
            r"(?i)out of memory|cannot fork|unable to fork",
            "内存不够，git 没有做完；请关掉别的程序再试",
        ),
    )
)
"""What git says when it fails, and the message; digits in braces are the pattern's groups."""


def _failure(command: str, said: str, folder: Path) -> GitError:
    """Return the error of a failed git command; `said` is its standard error."""
    if "not a git repository" in said:
        return NoRepositoryError(f"{folder} 不在 git 仓库里；请先运行 git init")
    for pattern, message in _FAILURES:
        if match := pattern.search(said):
            kind = {_NO_COMMIT: NoCommitError, _REJECTED: RejectedPushError}.get(message, GitError)
            words = ("、".join(word.split("\n\t")).strip() for word in match.groups())
            return kind(message.format(match[0], *words))
    last = said.splitlines()[-1].removeprefix("fatal: ") if said else "没有说明原因"
    failure = GitError(f"git {command} 没有成功；git 的原话是：{last}")
    failure.is_explained = False
    return failure


def run_git(
    *args: str, folder: Path, stdin: str = "", environment: Mapping[str, str] | None = None
) -> str:
    """Run git in `folder` with `stdin` as its input, and return what it prints.

    File names that are not UTF-8 are decoded with surrogateescape. Raise GitError if git fails.
    """
    return _run(args, folder, stdin, environment or {})


def run_remote_git(*args: str, folder: Path, timeout: float) -> str:
    """Run a git command that talks to a remote repository, and return what it prints.

    It cannot ask anything on a terminal; credential helpers, ssh keys and agents are used as they
    are. Raise GitError if git fails, or does not end within `timeout` seconds.
    """
    return _run(args, folder, "", {"GIT_TERMINAL_PROMPT": "0"}, timeout)


def _run(
    args: Sequence[str],
    folder: Path,
    stdin: str,
    environment: Mapping[str, str],
    timeout: float | None = None,
) -> str:
    command = ["git", "-c", "core.quotepath=off", *args]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own arguments
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C", "LANGUAGE": "", **environment},
            start_new_session=timeout is not None,  # Without a terminal, and killed as a group.
        )
    except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
        if not os.access(folder, os.X_OK):
            raise GitError(f"没有目录 {folder}，或者没有进入它的权限；请核对") from error
        raise GitMissingError("没有找到 git；请先安装 git") from error
    with process:
        try:
            output, errors = process.communicate(stdin.encode(), timeout)
        except subprocess.TimeoutExpired as error:
            _kill_group(process)
            message = f"远程的 git 仓库等了 {timeout:g} 秒没有回应；请核对网络，过一会儿再试"
            raise GitError(message) from error
    if process.returncode:
        said = (errors.strip() or output.strip()).decode(errors="replace")
        failure = _failure(args[0], said, folder)
        failure.said = said
        raise failure
    return output.decode(errors="surrogateescape")


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that has a session of its own, and what it started: ssh, helpers."""
    if hasattr(os, "killpg"):  # Not on Windows.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


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
    return Path(run_git("rev-parse", "--show-toplevel", folder=folder).strip())


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
