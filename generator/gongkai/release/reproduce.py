"""Build a release a second time from its commit, and compare every byte."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.build.mkdocs.make import make_site
from gongkai.build.state import BuildRequest
from gongkai.history.git_log import RELEASE_TAG_PREFIX, read_release_tags, release_sort_key
from gongkai.release.components import SBOM, list_components, read_versions
from gongkai.release.folder import ReleaseError
from gongkai.release.manifest import (
    SHA256,
    Differences,
    find_differences,
    hash_files,
    list_files,
    read_hash_list,
    read_release_json,
)
from gongkai.runtime.git import repository_root, run_git
from gongkai.runtime.progress import Progress
from gongkai.runtime.workers import Workers


@dataclass(frozen=True, slots=True)
class ReproduceRequest:
    """What to build a second time."""

    release: Path
    """Folder of the release."""
    config: Path
    """mkdocs.yml in the repository that has the release's commit."""
    data: Path
    workers: Workers


@dataclass(frozen=True, slots=True)
class Reproduction:
    """The result of the second build."""

    name: str
    """Name of the release."""
    commit: str
    file_count: int
    differences: Differences
    other_versions: tuple[str, ...]
    """Components whose version has changed since, in Chinese."""


def reproduce_release(request: ReproduceRequest, progress: Progress) -> Reproduction:
    """Build a release again in a clone of the repository, and compare it with the release.

    Raise ReleaseError if that is impossible, GitError if the commit is not in the repository.
    """
    facts = read_release_json(request.release)
    if facts is None:
        raise ReleaseError(f"{request.release} 不是 gongkai release 发布的网站")
    if not facts.get("commit"):
        raise ReleaseError("这个发布没有记提交（用 --no-git 发布的），不能再做一次")
    if find_differences(request.release, request.workers):
        raise ReleaseError(f"这个发布的文件改动过；详见 gongkai verify {request.release}")
    name, commit = f"{facts['name']}", f"{facts['commit']}"
    top = repository_root(request.data)
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        clone, site = Path(folder) / top.name, Path(folder) / "site"
        _clone(top, clone, name, commit)
        build = BuildRequest(
            data=clone / request.data.resolve().relative_to(top.resolve()),
            today=dt.date.fromisoformat(f"{facts['day']}"),
            release=name,
            workers=request.workers,
            progress=progress,
        )
        config = clone / request.config.resolve().relative_to(top.resolve())
        if not config.is_file():
            raise ReleaseError(f"提交 {commit[:12]} 里没有 {config.name}，不能再做一次")
        if make_site(config, site, build, fresh=True).blocked:
            raise ReleaseError(f"提交 {commit[:12]} 的数据现在有错误，没有做成")
        names = list_files(site)
        hashes = hash_files(site, names, request.workers, with_sm3=False)
        actual = {file.path: file.sha256 for file in hashes}
    expected = read_hash_list(request.release / SHA256)
    return Reproduction(
        name=name,
        commit=commit,
        file_count=len(expected),
        differences=Differences(
            altered=tuple(
                path
                for path in sorted(expected)
                if actual.get(path, "") not in {"", expected[path]}
            ),
            missing=tuple(sorted(expected.keys() - actual.keys())),
            added=tuple(sorted(actual.keys() - expected.keys())),
        ),
        other_versions=tuple(_other_versions(request.release)),
    )


def _clone(top: Path, clone: Path, name: str, commit: str) -> None:
    """Clone a repository as it was when a release was made: later releases are not tagged."""
    run_git("clone", "--quiet", "--shared", "--no-checkout", f"{top}", f"{clone}", folder=top)
    run_git("checkout", "--quiet", "--detach", commit, folder=clone)
    earlier = dict(read_release_tags(clone, f"--merged={commit}"))
    later = [
        f"{RELEASE_TAG_PREFIX}{tag}"
        for tag, tagged_commit in read_release_tags(clone)
        if tag not in earlier
        or (
            release_sort_key(tag) >= release_sort_key(name)
            and (tagged_commit == commit or tag[:1].isdigit())  # Others were named by hand.
        )
    ]
    if later:
        run_git("tag", "--delete", *later, folder=clone)


def _other_versions(release: Path) -> Iterator[str]:
    """Yield the components that were installed in another version when the release was made."""
    if not (release / SBOM).is_file():
        return
    present = {component.name: component.version for component in list_components()}
    for name, version in read_versions((release / SBOM).read_text("utf-8")).items():
        if (now := present.get(name, "没有安装")) != version:
            yield f"{name}：发布时是 {version}，现在是 {now}"
