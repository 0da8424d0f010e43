"""Releases as git tags: what was published, and what has changed since."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.checks.catalogue import Judgement
from generator.checks.released import unannounced
from generator.git import GitProblem, export_revision, git, root
from generator.problems import in_order
from generator.site import Run, examine

_PREFIX = "released/"


def newest(data: Path) -> str:
    """The newest release tag; empty where there is none."""
    words = ("tag", "--list", f"{_PREFIX}*", "--sort=-creatordate", "--merged", "HEAD")
    tags = git(*words, folder=root(data)).split()
    return tags[0] if tags else ""


def tag(data: Path, day: dt.date) -> str:
    """Tag the present commit as released; the tag's name."""
    top = root(data)
    under = _under(data, top)
    if git("status", "--porcelain", "--", under, folder=top).strip():
        raise GitProblem("数据有没有提交的改动；请先 git commit 再发布")
    taken = set(git("tag", "--list", f"{_PREFIX}{day}*", folder=top).split())
    names = (f"{_PREFIX}{day}{'' if n == 1 else f'-{n}'}" for n in range(1, len(taken) + 2))
    name = next(each for each in names if each not in taken)
    git("tag", name, folder=top)
    return name


def since(run: Run, data: Path, revision: str, only: frozenset[str] = frozenset()) -> Run:
    """The run with what has changed since a revision without a 勘误; in these units, or in all."""
    with _released(data, revision, only) as old:
        found = list(unannounced(old.dataset, run.dataset))
    problems = in_order([*run.judgement.problems, *found])
    return Run(run.dataset, Judgement(tuple(problems), run.judgement.by_disclosure))


@contextmanager
def _released(data: Path, revision: str, only: frozenset[str]) -> Iterator[Run]:
    top = root(data)
    under = _under(data, top)
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        export_revision(top, revision, under, copy)
        yield examine(copy / under, named=under, only=only)


def _under(data: Path, top: Path) -> str:
    return data.resolve().relative_to(top.resolve()).as_posix()
