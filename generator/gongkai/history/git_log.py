"""What git knows of a data folder's past: its commits, the files they changed, its releases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.runtime.git import GitProblem, git

RELEASED = "released/"
"""How the tags of releases begin; what follows is the release's name."""
SEAL = "SHA256SUMS "
"""What stands before the hash of a release's manifest in the message of its tag."""
_SEAL = re.compile(rf"^{SEAL}([0-9a-f]{{64}})$", re.MULTILINE)
_HEAD = "\x01"
_NAMED_BY_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PAIR = re.compile(r"(?:(?<=[\0\n])|^)[0-9a-f]{40,64} [0-9a-f]{40,64}\n")
"""What git diff-tree prints before the files of a pair of trees."""
_LOG = (
    *("log", "--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-color"),
    *("--no-ext-diff", "--no-show-signature", "--no-follow"),
    *("--reverse", "--sparse", f"--format={_HEAD}%H %cs"),
)
"""All commits of the line, those that changed none of the files, too; merges as against the line."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A data folder in its repository, as it stands."""

    top: Path
    under: str
    """The data folder's path in it; “.” where it is the whole."""
    head: str
    tags: tuple[tuple[str, str], ...]
    """The releases that led here: name and commit, the oldest first."""
    seals: tuple[tuple[str, str], ...] = ()
    """The hashes of releases' manifests by the releases' names, where their tags tell them."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A file that a commit changed."""

    path: str
    """From the data folder."""
    blob: str
    """Empty where it was deleted."""
    before: str = ""
    """Its path before, where it was renamed."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the line."""

    revision: str
    day: str
    touched: tuple[Touched, ...]


def repository(data: Path) -> Repository:
    """The repository of a data folder; GitProblem, in Chinese, where there is no history to tell."""
    top = _top(data)
    if git("rev-parse", "--is-shallow-repository", folder=top).strip() == "true":
        raise GitProblem("这个 git 仓库是浅克隆，历史不全；请运行 git fetch --unshallow --tags")
    try:
        head = git("rev-parse", "--verify", "HEAD", folder=top).strip()
    except GitProblem as problem:
        raise GitProblem("git 仓库里还没有提交") from problem
    under = data.resolve().relative_to(top.resolve()).as_posix()
    return Repository(top, under, head, tags(top, "--merged=HEAD"), tuple(_seals(top)))


def _top(data: Path) -> Path:
    try:
        return Path(git("rev-parse", "--show-toplevel", folder=data).strip())
    except GitProblem as problem:
        if "not a git repository" in str(problem):
            raise GitProblem("数据不在 git 仓库里") from problem
        raise


def tags(top: Path, *asked: str) -> tuple[tuple[str, str], ...]:
    """The releases that are tagged, each with its commit, the oldest first; `asked` narrows it for git."""
    form = "--format=%(refname:strip=3) %(objectname) %(*objectname)"
    told = git("for-each-ref", f"refs/tags/{RELEASED}", *asked, form, folder=top)
    found = [(name, ids[-1]) for name, *ids in (line.split() for line in told.splitlines())]
    return tuple(sorted(found, key=lambda each: age(each[0])))


def age(release: str) -> tuple[str, int, str]:
    """The key by which releases' names are in order of their time: 2026-11-23-10 after -9."""
    number = release[11:]
    return release[:10], int(number) if number.isdigit() else 1, release


def _seals(top: Path) -> Iterator[tuple[str, str]]:
    form = "--format=%(refname:strip=3)%00%(contents:body)%00"
    told = git("for-each-ref", f"refs/tags/{RELEASED}", form, folder=top).split("\0")
    for name, body in zip(told[::2], told[1::2], strict=False):
        if match := _SEAL.search(body):
            yield name.strip(), match[1]


def day_of(release: str, commit: Commit) -> str:
    """The day of a release, which its name tells; else that of the commit."""
    match = _NAMED_BY_DAY.match(release)
    return match[0] if match else commit.day


def uncommitted(here: Repository) -> bool:
    """Whether files of the data folder are other ones than in the last commit."""
    return bool(git("diff", "--name-only", "HEAD", "--", here.under, folder=here.top).strip())


def commits(here: Repository) -> list[Commit]:
    """The commits of the line, the oldest first: one pass over the log."""
    told = git(*_LOG, here.head, "--", here.under, folder=here.top)
    prefix = 0 if here.under == "." else len(here.under) + 1
    found: list[Commit] = []
    for part in told.split(_HEAD)[1:]:
        head, *words = part.split("\0")
        revision, day = head.split()
        found.append(Commit(revision, day, tuple(touched(words, prefix))))
    return found


def leaps(here: Repository) -> list[Commit]:
    """The releases and the last commit as if each had been made upon the one before.

    That is how far it can be known where a merge has put releases off the line: whoever merged the
    published branch into his own made his own the line.
    """
    revisions = list(dict.fromkeys([*(commit for _, commit in here.tags), here.head]))
    told = git("log", "--no-walk=unsorted", "--format=%T %cs", *revisions, folder=here.top)
    trees = [line.split(" ") for line in told.splitlines()]
    empty = git("hash-object", "-t", "tree", "--stdin", folder=here.top).strip()
    pairs = zip([empty, *(tree for tree, _ in trees)], trees, strict=False)
    asked = "".join(f"{before} {tree}\n" for before, (tree, _) in pairs)
    words = ("diff-tree", "--stdin", "-r", "--raw", "-z", "--no-abbrev", "--find-renames")
    printed = git(*words, "--", here.under, folder=here.top, given=asked)
    prefix = 0 if here.under == "." else len(here.under) + 1
    found = [tuple(touched(part.split("\0"), prefix)) for part in _PAIR.split(printed)[1:]]
    return [
        Commit(revision, day, files)
        for revision, (_, day), files in zip(revisions, trees, found, strict=True)
    ]


def touched(words: list[str], prefix: int) -> Iterator[Touched]:
    """Changed files from what git prints with --raw -z; `prefix` is what to leave off of paths."""
    each = iter(words)
    for word in each:
        fields = word.strip().split(" ")
        if not word.strip().startswith(":"):
            continue
        blob, status, path = fields[3], fields[4], next(each)
        if status[0] in "RC":
            before, path = path[prefix:], next(each)
            yield Touched(path[prefix:], blob, before if status[0] == "R" else "")
        else:
            yield Touched(path[prefix:], "" if status[0] == "D" else blob)
