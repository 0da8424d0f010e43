"""Hand in a unit's files: commit exactly these, push where there is a remote, merge by value."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from gongkai.authoring.editor.edit_state import DATA_SUFFIXES
from gongkai.authoring.editor.git_merges import MergeSettings, merge_commits
from gongkai.authoring.editor.merging import Choice
from gongkai.authoring.editor.saving import FileConflicts
from gongkai.authoring.editor.value_trees import EditError
from gongkai.history.review import Review, compare_revisions
from gongkai.model.forms import Form
from gongkai.runtime.git import (
    GitError,
    GitMissingError,
    NoCommitError,
    NoRepositoryError,
    RejectedPushError,
    hook_path,
    repository_root,
    run_git,
    run_remote_git,
)

_TIMEOUT = 120
"""Seconds to wait for a remote repository."""
_MOST_TRIES = 3
"""How often a push is tried again after others have pushed meanwhile."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")
_UNFINISHED = {
    "MERGE_HEAD": "上一次合并还没有做完，现在不能交；填的内容都已保存，请管理员先做完或放弃那次合并",
    "rebase-merge": "上一次变基还没有做完，现在不能交；填的内容都已保存，请管理员先做完或放弃它",
    "rebase-apply": "上一次变基还没有做完，现在不能交；填的内容都已保存，请管理员先做完或放弃它",
    "CHERRY_PICK_HEAD": "上一次挑选提交还没有做完，现在不能交；填的内容都已保存，请管理员先做完",
}
"""Files of a repository in the middle of something, and what to say of it."""
_DETACHED = (
    "现在看的是一个旧版本，不在任何分支上，不能交；填的内容都已保存，"
    "请管理员用 git switch 分支名 切回分支，再交一次"
)
_UNEXPLAINED = "git 没有做成这一步；填的内容都已保存在本机，请把“详情”里的话给管理员看"


class HandInStatus(StrEnum):
    """What came of handing in."""

    SAVED_ONLY = "只保存在本机"
    """Without git: the files are saved, and that is all."""
    NOTHING = "没有改动"
    COMMITTED = "已提交"
    """In the repository on this machine; there is no remote one."""
    PUSHED = "已上传"
    NOT_PUSHED = "已提交，没有上传"
    """The message says why; the next time it is tried again."""
    CONFLICTS = "有冲突"
    """Others have changed the same values; call again with choices."""
    NO_IDENTITY = "还没有写姓名"
    """Ask for name and e-mail, call set_identity(), and again."""
    REFUSED = "没有提交"
    """The message says why."""


@dataclass(frozen=True, slots=True)
class HandInResult:
    """The outcome of handing in or approving."""

    status: HandInStatus
    message: str
    """What happened and what to do, in Chinese."""
    revision: str = ""
    """The commit's full hash."""
    conflicts: tuple[FileConflicts, ...] = ()
    """Paths are from the repository's top."""
    merged_files: tuple[str, ...] = ()
    """Files that others had changed as well, and that were merged value by value."""
    detail: str = ""
    """What git itself said, for the administrator."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who commits."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class HandInState:
    """What can be handed in, and where it goes."""

    has_git: bool
    branch: str = ""
    remote: str = ""
    """Name of the remote repository; empty if there is none."""
    identity: Identity | None = None
    files: tuple[str, ...] = ()
    """Changed files of the unit, from the repository's top."""
    other_files: tuple[str, ...] = ()
    """Changed files that are not handed in: of others, and what is no data, such as Word files."""
    unpushed: int = 0
    """Commits that are not in the remote repository yet, as far as known without asking it."""
    message: str = ""
    """Why nothing can be handed in now; empty if it can."""


def hand_in_state(data: Path, unit: str) -> HandInState:
    """Return what can be handed in of a unit, without asking the remote repository."""
    try:
        top = repository_root(data)
    except (GitMissingError, NoRepositoryError):
        return HandInState(has_git=False)
    except GitError as error:
        return HandInState(has_git=True, message=explain(error).message)
    try:
        prefix = _unit_prefix(top, data, unit)
        changed = _changed_files(top, ".")
        branch = _branch(top)
        remote = _Remote.find(top, branch)
        return HandInState(
            has_git=True,
            branch=branch,
            remote=remote.name if remote else "",
            identity=read_identity(data),
            files=tuple(path for path in changed if _is_handed_in(path, prefix)),
            other_files=tuple(path for path in changed if not _is_handed_in(path, prefix)),
            unpushed=remote.count_ahead(top) if remote else 0,
            message=_hindrance(top, branch),
        )
    except GitError as error:
        return HandInState(has_git=True, message=explain(error).message)


def describe_changes(data: Path, unit: str, today: dt.date) -> Review:
    """Return in words what differs between a unit's files and the last commit, as gongkai diff does.

    Raise GitError without git, or without any commit.
    """
    review = compare_revisions(data, today, "HEAD")
    return Review(tuple(part for part in review.disclosures if part.unit == unit), ())


def read_identity(data: Path) -> Identity | None:
    """Return who commits, by git's settings; None if they do not say."""
    name, email = _setting(data, "user.name"), _setting(data, "user.email")
    return Identity(name, email) if name and email else None


def set_identity(data: Path, identity: Identity) -> None:
    """Set who commits, in this repository only. Raise EditError if a part cannot be used."""
    name, email = identity.name.strip(), identity.email.strip()
    if not name or set(name) & set("<>\n\r\0"):
        raise EditError("请写姓名，不带尖括号")
    if not _EMAIL.fullmatch(email):
        raise EditError("邮箱写得不对；例如 zhangsan@example.com")
    run_git("config", "--local", "user.name", name, folder=data)
    run_git("config", "--local", "user.email", email, folder=data)


def hand_in(
    data: Path,
    unit: str,
    message: str,
    *,
    forms: Mapping[str, Form | None] | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> HandInResult:
    """Commit the changed data files of a unit, and only those, and push them where there is a remote.

    Others' commits in the remote repository are merged value by value; for conflicts call again
    with `choices`. Whatever fails, the files and commits stay. Never raises GitError.
    """
    settings = MergeSettings(forms or {}, choices or {})
    try:
        top = repository_root(data)
        committed = _commit_unit(top, _unit_prefix(top, data, unit), message)
    except (NoRepositoryError, GitMissingError) as error:
        reason = (
            "这个目录没有用 git" if isinstance(error, NoRepositoryError) else "这台电脑没有装 git"
        )
        words = f"文件已保存在本机；{reason}，请照本单位的办法上交（例如把目录拷给财政部门）"
        return HandInResult(HandInStatus.SAVED_ONLY, words)
    except GitError as error:
        return explain(error)
    if committed.status in {HandInStatus.NO_IDENTITY, HandInStatus.REFUSED}:
        return committed
    try:
        return _push(top, committed, settings)
    except GitError as error:
        return _not_pushed(top, committed, explain(error))


def _not_pushed(top: Path, committed: HandInResult, failure: HandInResult) -> HandInResult:
    """Return a failure to push; what was committed stays."""
    words = f"已提交在本机，没有上传：{failure.message}；下次再交会一并上传"
    if committed.status is HandInStatus.NOTHING:
        words = f"没有上传：{failure.message}；以前的提交都在本机，下次再交会一并上传"
    return replace(failure, status=HandInStatus.NOT_PUSHED, message=words, revision=_head(top))


def explain(error: GitError) -> HandInResult:
    """Return a failure of git in words for a clerk, without git's English."""
    message = f"{error}" if error.is_explained else _UNEXPLAINED
    return HandInResult(HandInStatus.REFUSED, message, detail=error.said)


def check_can_commit(top: Path) -> HandInResult | None:
    """Return why nothing can be committed in a repository now; None if it can."""
    if hindrance := _hindrance(top, _branch(top)):
        return HandInResult(HandInStatus.REFUSED, hindrance)
    if read_identity(top) is None:
        words = "提交要写明是谁；请填姓名和邮箱，只记在这个目录里，问一次就够"
        return HandInResult(HandInStatus.NO_IDENTITY, words)
    return None


def _commit_unit(top: Path, prefix: str, message: str) -> HandInResult:
    """Commit the changed files below a folder of a repository."""
    refusal = check_can_commit(top)
    if refusal and refusal.status is HandInStatus.REFUSED:
        return refusal
    files = [path for path in _changed_files(top, prefix) if _is_handed_in(path, prefix)]
    if not files:
        return HandInResult(HandInStatus.NOTHING, "没有要交的改动")
    if refusal:
        return refusal
    try:
        _run_with_paths(top, files, "add", "--all")
        _run_with_paths(top, files, "commit", "--quiet", "--only", "-m", message)
    except GitError as error:
        lines = [line for line in error.said.splitlines() if _CHINESE.search(line)]
        if not lines or not hook_path(top, "pre-commit").is_file():
            raise
        words = "\n".join(
            ["提交前的核对没有放行，没有提交；文件都已保存，请照提示改正再交", *lines]
        )
        return HandInResult(HandInStatus.REFUSED, words, detail=error.said)
    return HandInResult(HandInStatus.COMMITTED, "已提交在本机", _head(top))


def _push(top: Path, committed: HandInResult, settings: MergeSettings) -> HandInResult:
    """Push the present branch; merge what others have pushed meanwhile."""
    remote = _Remote.find(top, _branch(top)) if _head(top) else None
    if remote is None:
        if committed.status is HandInStatus.NOTHING:
            return committed
        return replace(committed, message="已提交在本机；没有设远程仓库，不用上传")
    is_idle = committed.status is HandInStatus.NOTHING and remote.is_known(top)
    if is_idle and not remote.count_ahead(top):
        return committed
    merged: tuple[str, ...] = ()
    for _ in range(_MOST_TRIES):
        try:
            remote.push(top)
        except RejectedPushError:
            remote.fetch(top)
            outcome = _merge_remote(top, remote, settings)
            if outcome.status is not HandInStatus.COMMITTED:
                return outcome
            merged += outcome.merged_files
        else:
            words = "已提交并上传到远程仓库"
            words += "；别人同时改过的文件，已逐项合并" if merged else ""
            return HandInResult(HandInStatus.PUSHED, words, _head(top), merged_files=merged)
    raise RejectedPushError("别人正在接连上传，几次都没有赶上；请过一会儿再交")


def _merge_remote(top: Path, remote: "_Remote", settings: MergeSettings) -> HandInResult:
    result = merge_into_branch(top, remote.tracking, f"合并 {remote.name} 上别人的改动", settings)
    if result.status is HandInStatus.CONFLICTS:
        words = "已提交在本机，还没有上传：别人改过同样的地方；请逐项选定，再交一次"
        return replace(result, message=words)
    return result


def merge_into_branch(
    top: Path, revision: str, message: str, settings: MergeSettings
) -> HandInResult:
    """Merge a revision into the present branch by value; the working folder follows.

    Raise GitError if that would overwrite changes that are not committed.
    """
    merge = merge_commits(top, "HEAD", revision, settings)
    if merge.conflicts:
        words = "两边改了同样的地方；请逐项选定，再试一次"
        return HandInResult(HandInStatus.CONFLICTS, words, _head(top), merge.conflicts)
    parents = ("-p", "HEAD", "-p", revision)
    commit = run_git("commit-tree", merge.tree, *parents, "-m", message, folder=top).strip()
    run_git("merge", "--ff-only", "--quiet", commit, folder=top)
    return HandInResult(HandInStatus.COMMITTED, "已合并", commit, merged_files=merge.merged_files)


def fetch_all(top: Path) -> None:
    """Fetch the branches of all remote repositories."""
    run_remote_git("fetch", "--all", "--no-tags", "--quiet", folder=top, timeout=_TIMEOUT)


@dataclass(frozen=True, slots=True)
class _Remote:
    """Where a branch is pushed to."""

    name: str
    branch: str
    """The branch there."""
    has_upstream: bool

    @property
    def tracking(self) -> str:
        """The ref that holds what was last fetched."""
        return f"refs/remotes/{self.name}/{self.branch}"

    @classmethod
    def find(cls, top: Path, branch: str) -> "_Remote | None":
        """Return the remote of a branch: its upstream, origin, or the only one; None without any."""
        names = run_git("remote", folder=top).split()
        upstream = _setting(top, f"branch.{branch}.remote")
        merge = _setting(top, f"branch.{branch}.merge").removeprefix("refs/heads/")
        if upstream in names and merge:
            return cls(upstream, merge, has_upstream=True)
        if "origin" in names:
            return cls("origin", branch, has_upstream=False)
        return cls(names[0], branch, has_upstream=False) if len(names) == 1 else None

    def push(self, top: Path) -> None:
        """Push the present branch. Raise RejectedPushError if others have pushed."""
        options = () if self.has_upstream else ("--set-upstream",)
        target = f"HEAD:refs/heads/{self.branch}"
        run_remote_git("push", *options, self.name, target, folder=top, timeout=_TIMEOUT)

    def fetch(self, top: Path) -> None:
        """Fetch what others have pushed to the branch."""
        refs = f"+refs/heads/{self.branch}:{self.tracking}"
        run_remote_git("fetch", "--no-tags", self.name, refs, folder=top, timeout=_TIMEOUT)

    def is_known(self, top: Path) -> bool:
        """Tell whether the branch was pushed or fetched before."""
        return bool(run_git("for-each-ref", self.tracking, folder=top).strip())

    def count_ahead(self, top: Path) -> int:
        """Count the commits that are not in the remote repository, as far as known."""
        try:
            excluded = [f"^{self.tracking}"] if self.is_known(top) else []
            return int(run_git("rev-list", "--count", "HEAD", *excluded, folder=top))
        except NoCommitError:
            return 0


def _branch(top: Path) -> str:
    """Return the present branch; empty if HEAD is detached."""
    try:
        return run_git("symbolic-ref", "--quiet", "--short", "HEAD", folder=top).strip()
    except GitError as error:
        if error.said:
            raise
        return ""


def _hindrance(top: Path, branch: str) -> str:
    """Return why nothing can be committed now; empty if it can."""
    for name, message in _UNFINISHED.items():
        path = run_git("rev-parse", "--git-path", name, folder=top).strip()
        if (top / path).exists():
            return message
    return "" if branch else _DETACHED


def _changed_files(top: Path, under: str) -> list[str]:
    """Return the paths of files that differ from the last commit, new and deleted ones included."""
    args = ("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", under)
    output = run_git(*args, folder=top)
    return [entry[3:] for entry in output.split("\0") if entry]


def _is_handed_in(path: str, prefix: str) -> bool:
    """Tell whether a file is data of the unit whose folder is `prefix`."""
    return path.startswith(f"{prefix}/") and path.endswith(DATA_SUFFIXES)


def _run_with_paths(top: Path, paths: Iterable[str], *args: str) -> None:
    """Run git for exactly these files, however many there are and whatever their names."""
    options = ("--pathspec-from-file=-", "--pathspec-file-nul")
    environment = {"GIT_LITERAL_PATHSPECS": "1"}
    run_git(*args, *options, folder=top, stdin="\0".join(paths), environment=environment)


def _unit_prefix(top: Path, data: Path, unit: str) -> str:
    """Return the path of a unit's folder from the repository's top."""
    return (data / "units" / unit).resolve().relative_to(top.resolve()).as_posix()


def _setting(folder: Path, key: str) -> str:
    """Return a setting of git; empty if it is not set."""
    try:
        return run_git("config", "--get", key, folder=folder).strip()
    except GitError as error:
        if error.said:
            raise
        return ""


def _head(top: Path) -> str:
    """Return the hash of the last commit; empty if there is none yet."""
    try:
        return run_git("rev-parse", "--verify", "HEAD", folder=top).strip()
    except NoCommitError:
        return ""
