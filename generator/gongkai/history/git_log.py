"""Read a data folder's git log: commits, the files they changed, release tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.runtime.git import GitError, NoRepositoryError, run_git

RELEASE_TAG_PREFIX = "released/"
"""Prefix of release tags; the rest is the release's name."""
MANIFEST_HASH_PREFIX = "SHA256SUMS "
"""Prefix of the manifest hash in the message of a release tag."""
_MANIFEST_HASH = re.compile(rf"^{MANIFEST_HASH_PREFIX}([0-9a-f]{{64}})$", re.MULTILINE)
_COMMIT_MARK = "\x01"
_DATE_PREFIX = re.compile(r"\d{4}-\d{2}-\d{2}")
_TREE_PAIR = re.compile(r"(?:(?<=[\0\n])|^)[0-9a-f]{40,64} [0-9a-f]{40,64}\n")
"""The line that git diff-tree prints before the files of a pair of trees."""
_LOG = (
    *("log", "--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-color"),
    *("--no-ext-diff", "--no-show-signature", "--no-follow"),
    *("--reverse", "--sparse", f"--format={_COMMIT_MARK}%H %cs"),
)
"""All first-parent commits, including those without changes; merges against their first parent."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A data folder in its repository, at HEAD."""

    top: Path
    under: str
    """The data folder's path from the top; “.” if it is the top."""
    head: str
    """Commit hash of HEAD."""
    tags: tuple[tuple[str, str], ...]
    """Name and commit of the releases merged into HEAD, oldest first."""
    manifest_hashes: tuple[tuple[str, str], ...] = ()
    """Release name and manifest hash, for tags that hold one."""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that a commit changed."""

    path: str
    """From the data folder."""
    blob: str
    """Blob id; empty if deleted."""
    old_path: str = ""
    """Its former path, if it was renamed."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A first-parent commit."""

    revision: str
    """Full commit hash."""
    day: str
    """Committer date, ISO."""
    changed_files: tuple[ChangedFile, ...]


def read_repository(data: Path) -> Repository:
    """Read the repository of a data folder. Raise GitError, in Chinese, if it has no history."""
    top = _top(data)
    if run_git("rev-parse", "--is-shallow-repository", folder=top).strip() == "true":
        raise GitError("这个 git 仓库是浅克隆，历史不全；请运行 git fetch --unshallow --tags")
    try:
        head = run_git("rev-parse", "--verify", "HEAD", folder=top).strip()
    except GitError as problem:
        raise GitError("git 仓库里还没有提交") from problem
    under = data.resolve().relative_to(top.resolve()).as_posix()
    return Repository(
        top, under, head, read_release_tags(top, "--merged=HEAD"), tuple(_read_manifest_hashes(top))
    )


def _top(data: Path) -> Path:
    try:
        return Path(run_git("rev-parse", "--show-toplevel", folder=data).strip())
    except NoRepositoryError as problem:
        raise GitError("数据不在 git 仓库里") from problem


def read_release_tags(top: Path, *options: str) -> tuple[tuple[str, str], ...]:
    """Return name and commit of the tagged releases, oldest first; git filters them by `options`."""
    form = "--format=%(refname:strip=3) %(objectname) %(objecttype) %(*objectname) %(*objecttype)"
    output = run_git("for-each-ref", f"refs/tags/{RELEASE_TAG_PREFIX}", *options, form, folder=top)
    lines = (line.split() for line in output.splitlines())
    releases = [
        (name, _peel_tag(top, object_id) if kind == "tag" else object_id)
        for name, *_, object_id, kind in lines
        if kind in {"commit", "tag"}  # Tags of files and folders are no releases.
    ]
    return tuple(sorted(releases, key=lambda release: release_sort_key(release[0])))


def _peel_tag(top: Path, tag: str) -> str:
    """Return the commit of a tag object that another tag points to."""
    return run_git("rev-parse", "--verify", f"{tag}^{{commit}}", folder=top).strip()


def release_sort_key(release: str) -> tuple[str, int, str]:
    """Return a chronological sort key of a release's name: 2026-11-23-10 after 2026-11-23-9."""
    number = release[11:]
    return release[:10], int(number) if number.isdigit() else 1, release


def _read_manifest_hashes(top: Path) -> Iterator[tuple[str, str]]:
    """Yield release name and manifest hash."""
    form = "--format=%(refname:strip=3)%00%(contents:body)%00"
    parts = run_git("for-each-ref", f"refs/tags/{RELEASE_TAG_PREFIX}", form, folder=top).split("\0")
    for name, body in zip(parts[::2], parts[1::2], strict=False):
        if match := _MANIFEST_HASH.search(body):
            yield name.strip(), match[1]


def release_day(release: str, commit: Commit) -> str:
    """Return the ISO date in a release's name, else that of the commit."""
    match = _DATE_PREFIX.match(release)
    return match[0] if match else commit.day


def has_uncommitted_changes(repo: Repository) -> bool:
    """Tell whether tracked files of the data folder differ from HEAD."""
    return bool(run_git("diff", "--name-only", "HEAD", "--", repo.under, folder=repo.top).strip())


def read_commits(repo: Repository) -> list[Commit]:
    """Read the first-parent commits, oldest first, in one pass over the log."""
    output = run_git(*_LOG, repo.head, "--", repo.under, folder=repo.top)
    log: list[Commit] = []
    for part in output.split(_COMMIT_MARK)[1:]:
        header, *fields = part.split("\0")
        revision, day = header.split()
        log.append(Commit(revision, day, tuple(parse_raw_diff(fields, _prefix_length(repo)))))
    return log


def read_release_chain(repo: Repository) -> list[Commit]:
    """Read the releases and HEAD as a chain of commits, comparing every tree with the previous one.

    This is the best available history if releases are not on the first-parent line, which happens
    when the published branch was merged into another one instead of the reverse.
    """
    revisions = list(dict.fromkeys([*(commit for _, commit in repo.tags), repo.head]))
    output = run_git("log", "--no-walk=unsorted", "--format=%T %cs", *revisions, folder=repo.top)
    trees = [line.split(" ") for line in output.splitlines()]
    empty = run_git("hash-object", "-t", "tree", "--stdin", folder=repo.top).strip()
    pairs = zip([empty, *(tree for tree, _ in trees)], trees, strict=False)
    tree_pairs = "".join(f"{previous} {tree}\n" for previous, (tree, _) in pairs)
    args = ("diff-tree", "--stdin", "-r", "--raw", "-z", "--no-abbrev", "--find-renames")
    diffs = run_git(*args, "--", repo.under, folder=repo.top, stdin=tree_pairs)
    files_by_pair = [
        tuple(parse_raw_diff(diff.split("\0"), _prefix_length(repo)))
        for diff in _TREE_PAIR.split(diffs)[1:]
    ]
    return [
        Commit(revision, day, files)
        for revision, (_, day), files in zip(revisions, trees, files_by_pair, strict=True)
    ]


def _prefix_length(repo: Repository) -> int:
    """Return the length of the data folder's path from the top, including the slash."""
    return 0 if repo.under == "." else len(repo.under) + 1


def parse_raw_diff(fields: list[str], prefix_length: int) -> Iterator[ChangedFile]:
    """Parse the NUL-separated output of git diff --raw -z, cutting a prefix off the paths."""
    remaining = iter(fields)
    for field in remaining:
        metadata = field.strip().split(" ")
        if not field.strip().startswith(":"):
            continue
        blob, status, path = metadata[3], metadata[4], next(remaining)
        if status[0] in "RC":
            before, path = path[prefix_length:], next(remaining)
            yield ChangedFile(path[prefix_length:], blob, before if status[0] == "R" else "")
        else:
            yield ChangedFile(path[prefix_length:], "" if status[0] == "D" else blob)
