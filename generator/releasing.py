"""Releases as git tags: what was published, and what has changed since."""

import datetime as dt
import tempfile
from pathlib import Path, PurePosixPath

from generator.checks.catalogue import Judgement
from generator.checks.released import unannounced
from generator.clock import today
from generator.dataset import read_dataset
from generator.git import GitProblem, export_revision, git, root
from generator.memory import uncollected
from generator.problems import in_order
from generator.site import Run

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
    touched = _touched(data, revision)
    units = only if touched is None else touched & only if only else touched
    if touched is not None and not units:
        return run
    with tempfile.TemporaryDirectory() as name:
        copy, top = Path(name), root(data)
        under = _under(data, top)
        folders = [f"units/{unit}" for unit in sorted(units)] or ["units"]
        names = ("site.yml", "words.yml", "forms", *folders)
        paths = [PurePosixPath(under, each).as_posix() for each in names]
        export_revision(top, revision, paths, copy)
        with uncollected():
            old = read_dataset(copy / under, under, today(), only=units)
    found = list(unannounced(old, run.dataset))
    problems = in_order([*run.judgement.problems, *found])
    return Run(run.dataset, Judgement(tuple(problems), run.judgement.by_disclosure))


def _touched(data: Path, revision: str) -> frozenset[str] | None:
    """The units whose files differ from a revision's; None where a form does, which concerns all."""
    top = root(data)
    under = _under(data, top)
    names = git("diff", "--name-only", "-z", revision, "--", under, folder=top).split("\0")
    paths = [PurePosixPath(name).relative_to(under).parts for name in names if name]
    if any(parts[0] == "forms" for parts in paths):
        return None
    return frozenset(parts[1] for parts in paths if parts[0] == "units" and len(parts) > 1)


def _under(data: Path, top: Path) -> str:
    return data.resolve().relative_to(top.resolve()).as_posix()
