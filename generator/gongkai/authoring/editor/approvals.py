"""The reviewer's view: what a branch changes, which findings come and go, and its local merge."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gongkai.authoring.editor.git_merges import MergeSettings, merge_commits
from gongkai.authoring.editor.hand_in import (
    HandInResult,
    HandInStatus,
    Identity,
    check_can_commit,
    explain,
    fetch_all,
    merge_into_branch,
)
from gongkai.authoring.editor.merging import Choice
from gongkai.authoring.editor.saving import FileConflicts
from gongkai.checks.runner import check_data
from gongkai.history.review import Review, compare_revisions
from gongkai.model.forms import Form
from gongkai.model.problems import Problem
from gongkai.runtime.git import GitError, export_revision, repository_root, run_git

_LOCAL, _REMOTE = "refs/heads/", "refs/remotes/"
_FIELDS = "%(refname)%00%(objectname)%00%(committerdate:short)%00%(authorname)%00%(symref)"


@dataclass(frozen=True, slots=True)
class BranchSummary:
    """A branch whose commits are not in the present one."""

    name: str
    """As git has it: a local branch, or one of a remote repository (origin/…)."""
    revision: str
    """Full hash of its last commit."""
    day: str
    """ISO date of its last commit."""
    author: Identity
    """Of its last commit; without e-mail."""
    commits: int
    """How many commits it is ahead."""


@dataclass(frozen=True, slots=True)
class BranchReview:
    """What approving a branch would change."""

    branch: BranchSummary
    review: Review
    """All changes in words, from where the branch began."""
    new_problems: tuple[Problem, ...]
    """Findings that come with it, by file; files are named from the data folder."""
    solved_problems: tuple[Problem, ...]
    """Findings that go."""
    conflicts: tuple[FileConflicts, ...]
    """Where the present branch has changed the same values; then no findings are compared."""


def list_branches(data: Path, *, fetches: bool = False) -> list[BranchSummary]:
    """Return the branches with commits that the present one does not have, the latest first.

    A branch that is both here and in a remote repository at the same commit comes once. With
    `fetches` they are fetched from the remote repositories first. Raise GitError if git fails.
    """
    top = repository_root(data)
    if fetches:
        fetch_all(top)
    summaries: dict[str, BranchSummary] = {}
    args = ("for-each-ref", "--no-merged=HEAD", "--sort=-committerdate", f"--format={_FIELDS}")
    for line in run_git(*args, _LOCAL, _REMOTE, folder=top).splitlines():
        name, revision, day, author, symref = line.split("\0")
        if not symref:
            count = int(run_git("rev-list", "--count", f"HEAD..{revision}", folder=top))
            short = name.removeprefix(_LOCAL).removeprefix(_REMOTE)
            summary = BranchSummary(short, revision, day, Identity(author, ""), count)
            summaries.setdefault(revision, summary)
    return list(summaries.values())


def changes_of_branch(
    data: Path, today: dt.date, branch: str, choices: Mapping[str, Choice] | None = None
) -> BranchReview:
    """Return what a branch changes: values in words, and findings rule by rule.

    Raise GitError if there is no such branch, or it has nothing new.
    """
    top = repository_root(data)
    summary = _find_branch(data, branch)
    base = run_git("merge-base", "HEAD", summary.revision, folder=top).strip()
    review = compare_revisions(data, today, base, summary.revision)
    merge = merge_commits(top, "HEAD", summary.revision, MergeSettings({}, choices or {}))
    if merge.conflicts:
        return BranchReview(summary, review, (), (), merge.conflicts)
    units = {part.unit for part in review.disclosures}
    under = data.resolve().relative_to(top.resolve()).as_posix()
    before = _find_problems(top, under, "HEAD", units, today)
    after = _find_problems(top, under, merge.tree, units, today)
    new = tuple(problem for key, problem in after.items() if key not in before)
    solved = tuple(problem for key, problem in before.items() if key not in after)
    return BranchReview(summary, review, new, solved, ())


def approve(
    data: Path,
    branch: str,
    *,
    forms: Mapping[str, Form | None] | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> HandInResult:
    """Merge a branch into the present one by value, on this machine; nothing is pushed.

    For conflicts call again with `choices`. Whatever fails, files and commits stay as they were.
    Never raises GitError.
    """
    try:
        top = repository_root(data)
        if refusal := check_can_commit(top):
            return refusal
        summary = _find_branch(data, branch)
        message = f"同意公开：{summary.name}"
        settings = MergeSettings(forms or {}, choices or {})
        result = merge_into_branch(top, summary.revision, message, settings)
    except GitError as error:
        return explain(error)
    if result.status is HandInStatus.CONFLICTS:
        return result
    words = f"已合并“{summary.name}”到本机的分支；要上传的，请再交一次"
    return HandInResult(result.status, words, result.revision, merged_files=result.merged_files)


def _find_branch(data: Path, name: str) -> BranchSummary:
    for summary in list_branches(data):
        if name in {summary.name, summary.revision}:
            return summary
    raise GitError(f"没有名为“{name}”、还没有合并的分支；可能已经合并或删去，请回到列表")


_ProblemKey = tuple[str, str, str, str, str]


def _find_problems(
    top: Path, under: str, revision: str, units: Iterable[str], today: dt.date
) -> dict[_ProblemKey, Problem]:
    """Check some units of a revision; return the findings by what does not depend on their line."""
    names = ("site.yml", "words.yml", "forms", *(f"units/{unit}" for unit in units))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        paths = [PurePosixPath(under, name).as_posix() for name in names]
        export_revision(top, revision, paths, folder)
        (folder / under).mkdir(parents=True, exist_ok=True)
        problems = check_data(folder / under, today, display_name=under).judgement.problems
    return dict(_keyed(problems))


def _keyed(problems: Iterable[Problem]) -> Iterator[tuple[_ProblemKey, Problem]]:
    for problem in problems:
        explained = "explained" if problem.explanation else ""
        where = problem.where or problem.message
        file = problem.position.file
        yield (file, problem.rule.id, where, problem.message, explained + problem.level), problem
