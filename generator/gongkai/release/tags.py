"""Releases as git tags: what was published, and what has changed since."""

import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from gongkai.checks.unannounced import unannounced
from gongkai.history.git_log import RELEASED, SEAL, tags
from gongkai.model.problems import Problem, in_order
from gongkai.reading.dataset import Common, read_common, read_units, unit_names
from gongkai.runtime.clock import today
from gongkai.runtime.gc_pause import uncollected
from gongkai.runtime.git import GitProblem, export_revision, git, root


def newest(data: Path) -> str:
    """The newest release tag; empty where there is none."""
    every = tags(root(data), "--merged=HEAD")
    return f"{RELEASED}{every[-1][0]}" if every else ""


def commit(data: Path) -> str:
    """The present commit; GitProblem where the data folder differs from it."""
    top = root(data)
    if git("status", "--porcelain", "--", _under(data, top), folder=top).strip():
        raise GitProblem("数据有没有提交的改动；请先 git commit 再发布")
    return git("rev-parse", "HEAD", folder=top).strip()


def tagged(data: Path) -> dict[str, str]:
    """The commits of all releases that are tagged, by name: 2026-11-23, 2026-11-23-2 …"""
    return dict(tags(root(data)))


def is_shallow(data: Path) -> bool:
    """Whether the repository holds the last commits only."""
    told = git("rev-parse", "--is-shallow-repository", folder=root(data))
    return told.strip() == "true"


def free_name(day: dt.date, taken: Iterable[str]) -> str:
    """A name for one more release on a day: 2026-11-23, 2026-11-23-2 …"""
    known, number = set(taken), 1
    while (name := f"{day}" if number == 1 else f"{day}-{number}") in known:
        number += 1
    return name


def tag(data: Path, name: str, revision: str, manifest: str = "") -> str:
    """Tag a commit as released; the tag. `manifest` is the SHA-256 of the site's list of hashes.

    The tag's message holds it, so that git tells what stood there long after the site is gone.
    """
    top, seal = root(data), f"\n\n{SEAL}{manifest}" if manifest else ""
    words = ("tag", "--annotate", "--message", f"发布 {name}{seal}", f"{RELEASED}{name}", revision)
    git(*_signed(top), *words, folder=top)
    return f"{RELEASED}{name}"


def _signed(top: Path) -> tuple[str, ...]:
    """Who tags, where git has not been told."""
    try:
        git("var", "GIT_COMMITTER_IDENT", folder=top)
    except GitProblem:
        return ("-c", "user.name=gongkai", "-c", "user.email=gongkai@localhost")
    return ()


def unannounced_since(
    data: Path, named: str, revision: str, only: frozenset[str] = frozenset()
) -> list[Problem]:
    """What has changed since a revision without a 勘误; in these units, or in all.

    `named` is what the data folder is called in messages. Only the units that changed are read, one
    by one.
    """
    touched = _touched(data, revision)
    units = only if touched is None else touched & only if only else touched
    if touched is not None and not units:
        return []
    with tempfile.TemporaryDirectory() as name, uncollected():
        copy, top = Path(name), root(data)
        under = _under(data, top)
        folders = [f"units/{unit}" for unit in sorted(units)] or ["units"]
        wanted = ("site.yml", "words.yml", "forms", *folders)
        paths = [PurePosixPath(under, each).as_posix() for each in wanted]
        export_revision(top, revision, paths, copy)
        old = read_common(copy / under, under, today())
        new = read_common(data, named, today())
        names = [name for name in unit_names(copy / under) if not units or name in units]
        now = unit_names(data)
        gone = set(names) - set(now)
        heirs = _heirs(new, (each for each in now if not units or each in units)) if gone else {}
        pairs = (
            (read_units(old, [each]), read_units(new, [heirs.get(each, each)])) for each in names
        )
        return in_order([problem for pair in pairs for problem in unannounced(*pair)])


def _heirs(new: Common, units: Iterable[str]) -> dict[str, str]:
    """The units that other folders have become, by 曾用代号."""
    every = read_units(new, units).units
    return {former: unit.slug for unit in every for former in unit.facts.former_slugs}


def _touched(data: Path, revision: str) -> frozenset[str] | None:
    """The units whose files differ from a revision's; None where a form does, which concerns all."""
    top = root(data)
    under = _under(data, top)
    names = git(
        "diff", "--name-only", "--no-renames", "-z", revision, "--", under, folder=top
    ).split("\0")
    paths = [PurePosixPath(name).relative_to(under).parts for name in names if name]
    if any(parts[0] == "forms" for parts in paths):
        return None
    return frozenset(parts[1] for parts in paths if parts[0] == "units" and len(parts) > 1)


def _under(data: Path, top: Path) -> str:
    return data.resolve().relative_to(top.resolve()).as_posix()
