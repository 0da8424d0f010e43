"""Releases as git tags: what was published, and what has changed since."""

import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from gongkai.checks.registry import check_versions
from gongkai.checks.unannounced import Versions
from gongkai.history.git_log import MANIFEST_HASH_PREFIX, RELEASE_TAG_PREFIX, read_release_tags
from gongkai.model.problems import Problem, sort_problems
from gongkai.reading.dataset import CommonData, read_common_data, read_units, unit_names
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.git import GitError, export_revision, repository_root, run_git
from gongkai.runtime.paths import display_path


def newest_tag(data: Path) -> str:
    """Return the tag of the release that HEAD follows most closely; empty if there is none.

    Neither the names nor the dates of tags decide, as clocks may be wrong.
    """
    top = repository_root(data)
    if not read_release_tags(top, "--merged=HEAD"):
        return ""
    pattern = f"{RELEASE_TAG_PREFIX}*"
    return run_git("describe", "--tags", "--abbrev=0", "--match", pattern, folder=top).strip()


def clean_commit(data: Path) -> str:
    """Return the present commit; raise GitError if the data folder has uncommitted changes."""
    top = repository_root(data)
    inside = _path_in_repository(data, top)
    changes = run_git("status", "--porcelain", "-z", "--", inside, folder=top)
    if changes.strip("\0"):
        first = changes.split("\0")[0][3:]
        raise GitError(
            f"数据里还有改动没有提交（{first} 等）；请先 git add，再 git commit，然后发布"
        )
    commit = run_git("rev-parse", "--verify", "HEAD", folder=top).strip()
    if not run_git("ls-tree", "--name-only", commit, "--", f"{inside}/", folder=top).strip():
        raise GitError(
            "git 里没有这个数据目录的文件，多半是写进了 .gitignore；请把数据提交到 git，或用 --no-git 发布"
        )
    return commit


def release_commits(data: Path) -> dict[str, str]:
    """Return the commits of all release tags by release name: 2026-11-23, 2026-11-23-2 …"""
    return dict(read_release_tags(repository_root(data)))


def is_shallow(data: Path) -> bool:
    """Whether the repository is a shallow clone, which lacks older commits."""
    output = run_git("rev-parse", "--is-shallow-repository", folder=repository_root(data))
    return output.strip() == "true"


def free_name(day: dt.date, taken: Iterable[str]) -> str:
    """Return an unused name for a release of the day: 2026-11-23, 2026-11-23-2 …

    Raise GitError if there is a release of a later day, as names are in chronological order.
    """
    used, number = set(taken), 1
    last = max((name[:10] for name in used if _is_day(name[:10])), default="")
    if f"{day}" < last:
        raise GitError(
            f"今天是 {day}，而最近一次发布是 {last}，没有发布。请核对电脑的时钟；时钟不错的，加 --today {last}，照那一天发布"
        )
    while (name := f"{day}" if number == 1 else f"{day}-{number}") in used:
        number += 1
    return name


def _is_day(text: str) -> bool:
    try:
        return f"{dt.date.fromisoformat(text)}" == text
    except ValueError:
        return False


def tag_release(
    data: Path, name: str, revision: str, manifest_hash: str = "", key: Path | None = None
) -> str:
    """Tag a commit as released, signed with an SSH key if there is one; return the tag.

    The tag's message holds `manifest_hash`, the SHA-256 of the site's SHA256SUMS, so that git proves
    what was published long after the site is gone.
    """
    top, seal = (
        repository_root(data),
        f"\n\n{MANIFEST_HASH_PREFIX}{manifest_hash}" if manifest_hash else "",
    )
    arguments = (
        *("tag", "--annotate", "--message", f"发布 {name}{seal}"),
        *(f"{RELEASE_TAG_PREFIX}{name}", revision),
    )
    signing = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={key.absolute()}") if key else ()
    sign = ("--sign",) if key else ()
    run_git(*_identity_options(top), *signing, *arguments[:1], *sign, *arguments[1:], folder=top)
    return f"{RELEASE_TAG_PREFIX}{name}"


def _identity_options(top: Path) -> tuple[str, ...]:
    """Return git options that name a committer if git has none configured."""
    try:
        run_git("var", "GIT_COMMITTER_IDENT", folder=top)
    except GitError:
        return ("-c", "user.name=gongkai", "-c", "user.email=gongkai@localhost")
    return ()


def find_unannounced_since(
    data: Path, today: dt.date, revision: str, only: frozenset[str] = frozenset()
) -> list[Problem]:
    """Return the changes since a revision that have no 勘误, in the units `only` or in all.

    Changed units alone are read, one at a time.
    """
    changed = _changed_units(data, revision)
    units = only if changed is None else changed & only if only else changed
    if changed is not None and not units:
        return []
    with tempfile.TemporaryDirectory() as name, pause_gc():
        copy, top = Path(name), repository_root(data)
        inside = _path_in_repository(data, top)
        folders = [f"units/{unit}" for unit in sorted(units)] or ["units"]
        exported = ("site.yml", "words.yml", "forms", *folders)
        paths = [PurePosixPath(inside, path).as_posix() for path in exported]
        export_revision(top, revision, paths, copy)
        old_common = read_common_data(copy / inside, inside, today)
        new_common = read_common_data(data, display_path(data), today)
        old_names = [name for name in unit_names(copy / inside) if not units or name in units]
        new_names = unit_names(data)
        renamed = (
            _renamed_units(new_common, (name for name in new_names if not units or name in units))
            if set(old_names) - set(new_names)
            else {}
        )
        versions_of_units = (
            Versions(
                read_units(old_common, [name]), read_units(new_common, [renamed.get(name, name)])
            )
            for name in old_names
        )
        return sort_problems(
            [problem for versions in versions_of_units for problem in check_versions(versions)]
        )


def _renamed_units(new_common: CommonData, names: Iterable[str]) -> dict[str, str]:
    """Return the present slugs of renamed units by former slug (曾用代号)."""
    units = read_units(new_common, names).units
    return {former: unit.slug for unit in units for former in unit.facts.former_slugs}


def _changed_units(data: Path, revision: str) -> frozenset[str] | None:
    """Return the units whose files differ from a revision; None if a form does (it concerns all)."""
    top = repository_root(data)
    inside = _path_in_repository(data, top)
    names = run_git(
        "diff", "--name-only", "--no-renames", "-z", revision, "--", inside, folder=top
    ).split("\0")
    paths = [PurePosixPath(name).relative_to(inside).parts for name in names if name]
    if any(parts[0] == "forms" for parts in paths):
        return None
    return frozenset(parts[1] for parts in paths if parts[0] == "units" and len(parts) > 1)


def _path_in_repository(data: Path, top: Path) -> str:
    return data.resolve().relative_to(top.resolve()).as_posix()
