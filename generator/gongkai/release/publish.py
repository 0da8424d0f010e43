"""Publish a release: build it beside the live site, verify it, then switch in one step."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from filecmp import cmp
from importlib.metadata import version
from pathlib import Path

from gongkai.build.mkdocs.make import make_site
from gongkai.build.state import BuildRequest, BuildResult, load_last_state
from gongkai.build.workspace import Workspace
from gongkai.checks.texts.tally import Tally
from gongkai.release.folder import ReleaseError, ReleaseFolder, link_files
from gongkai.release.manifest import (
    SHA256,
    find_differences,
    has_sm3,
    hash_files,
    manifest_hash,
    read_release_json,
    write_hash_lists,
    write_release_json,
)
from gongkai.release.signatures import sign_release
from gongkai.release.tags import (
    clean_commit,
    find_unannounced_since,
    free_name,
    is_shallow,
    newest_tag,
    release_commits,
    tag_release,
)
from gongkai.release.verify import LARGEST_PAGE, ReleaseCriteria, find_faults
from gongkai.runtime.git import GitError
from gongkai.runtime.os_errors import explain_os_error
from gongkai.runtime.progress import Progress, report_phase
from gongkai.runtime.settings import Settings
from gongkai.runtime.workers import Workers

_PROGRAMS = ("gongkai", "mkdocs", "mkdocs-material")


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
    """Options of a release."""

    config: Path
    settings: Settings
    today: dt.date
    workers: Workers
    keep: int = 5
    """Number of releases to keep."""
    largest_page: int = LARGEST_PAGE
    """Limit of a page's HTML, in bytes."""
    with_git: bool = True
    """Whether the commit is recorded and tagged."""
    signing_key: Path | None = None
    """SSH key with which release and tag are signed; None to sign neither."""
    fresh: bool = False
    """Whether to ignore the cache and build everything anew."""


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """The result of publishing a release."""

    name: str = ""
    """Name of the release's folder; empty if there is none."""
    tag: str = ""
    pages: int = 0
    removed: tuple[str, ...] = ()
    """Names of the old releases that were removed."""
    faults: tuple[str, ...] = ()
    """Reasons why nothing was released, in Chinese."""
    unchanged: bool = False
    """Whether the live site is identical already."""
    unfinished: tuple[str, ...] = ()
    """What could not be done once the release was live, with reasons, in Chinese."""


def publish_release(
    releases: ReleaseFolder, options: ReleaseOptions, progress: Progress
) -> ReleaseResult:
    """Release the data as it stands; the live site changes at the very end, or not at all."""
    settings = options.settings
    with releases.lock():
        revision = _release_commit(releases, options)
        taken = [*releases.names(), *(release_commits(settings.data) if revision else [])]
        name = free_name(options.today, taken)
        request = BuildRequest(
            data=settings.data,
            today=options.today,
            release=name if revision else "",
            workers=options.workers,
            progress=progress,
        )
        result = make_site(options.config, releases.work, request, fresh=options.fresh)
        found_faults = list(_stage(releases, options, result, progress))
        if found_faults:
            return ReleaseResult(faults=tuple(found_faults))
        live = releases.current()
        if live and cmp(releases.staging / SHA256, releases.path(live) / SHA256, shallow=False):
            releases.gather_hashed_files(live)
            return ReleaseResult(live, unchanged=True)
        facts = {
            "name": name,
            "day": options.today.isoformat(),
            "commit": revision,
            "pages": result.page_count,
            "versions": {program: version(program) for program in _PROGRAMS},
        }
        write_release_json(releases.staging, facts)
        if options.signing_key:
            sign_release(releases.staging, options.signing_key)
        releases.store_staged(name)
        releases.switch(name, is_new=True)
        published = ReleaseResult(name, pages=result.page_count)
        return _finish(releases, options, published, revision, live)


def _finish(
    releases: ReleaseFolder,
    options: ReleaseOptions,
    result: ReleaseResult,
    revision: str,
    live_before: str,
) -> ReleaseResult:
    """Tag the release, which is live already, and remove old ones; what fails waits for the next."""
    tag, removed, unfinished = "", list[str](), list[str]()
    if revision:
        try:
            key, data = options.signing_key, options.settings.data
            tag = _tag(releases, data, result.name, revision, key)
        except GitError as error:
            unfinished.append(f"git 标签没有打成，下一次发布时补上：{error}")
    try:
        removed = releases.prune(options.keep, live_before=live_before)
    except OSError as error:
        unfinished.append(f"旧的发布没有删成，下一次发布时再删：{explain_os_error(error)}")
    return replace(result, tag=tag, removed=tuple(removed), unfinished=tuple(unfinished))


def _release_commit(releases: ReleaseFolder, options: ReleaseOptions) -> str:
    """Return the commit to release; empty if git is not used.

    Raise ReleaseError if a published value has changed without 勘误.
    """
    if not options.with_git:
        return ""
    data = options.settings.data
    revision = clean_commit(data)
    _restore_tags(releases, data)
    last_tag = newest_tag(data)
    unannounced = Tally.from_problems(
        find_unannounced_since(data, options.today, last_tag) if last_tag else ()
    )
    if unannounced.blocking:
        lines = "\n".join(f"错误 {problem}" for problem in unannounced.blocking)
        raise ReleaseError(f"{lines}\n公开过的值改了而没有勘误，没有发布；线上网站没有改动")
    return revision


def _restore_tags(releases: ReleaseFolder, data: Path) -> None:
    """Tag the live release and those before it if an interruption or a lost tag left them untagged.

    Raise ReleaseError if git no longer has the commits of the kept releases: the record of what was
    public would be lost.
    """
    commits = dict(_commits(releases))
    if commits and is_shallow(data):
        raise ReleaseError(
            "这个 git 仓库是浅克隆，看不到以前公开过什么，没有发布；请先运行 git fetch --unshallow --tags"
        )
    names, tags = releases.names(), release_commits(data)
    were_live = names[: names.index(releases.current()) + 1] if releases.current() else []
    for name, revision in commits.items():
        tagged_commit = tags.get(name, "")
        if not tagged_commit and name in were_live:
            _restore_tag(releases, data, name, revision)
        elif not tagged_commit:  # Interrupted before it was live.
            releases.remove(name)
        elif tagged_commit and tagged_commit != revision:
            raise ReleaseError(
                f"git 标签 released/{name} 指向的提交与发布时的不同，看不出以前公开过什么，没有发布；"
                f"请取回标签：git fetch --tags --force；没有备份的，git tag -f released/{name} {revision}"
            )


def _commits(releases: ReleaseFolder) -> Iterator[tuple[str, str]]:
    """Yield name and commit of the kept releases that were made with git."""
    for name in releases.names():
        facts = read_release_json(releases.path(name))
        if facts and facts.get("commit"):
            yield name, f"{facts['commit']}"


def _restore_tag(releases: ReleaseFolder, data: Path, name: str, revision: str) -> None:
    try:
        _tag(releases, data, name, revision)
    except GitError as problem:
        raise ReleaseError(
            f"线上的 {name} 是从提交 {revision} 发布的，这个 git 仓库里没有它，没有发布；"
            "请在原来的仓库里发布，或者发布到另一个目录，或者加 --no-git（不再核对改动）"
        ) from problem


def _tag(
    releases: ReleaseFolder, data: Path, name: str, revision: str, key: Path | None = None
) -> str:
    return tag_release(data, name, revision, manifest_hash(releases.path(name)), key)


def _stage(
    releases: ReleaseFolder, options: ReleaseOptions, result: BuildResult, progress: Progress
) -> Iterator[str]:
    """Fill the staging folder and verify it; yield the reasons why it must not be released."""
    if result.blocked:
        yield f"数据有 {len(result.tally.blocking)} 处错误"
        return
    state = load_last_state(Workspace(releases.work.resolve()))
    if state is None:
        yield "生成的网站读不出来；请加 --fresh 再试"
        return
    digests = {file.path: file.digest for file in state.published_files()}
    names, staging = sorted(digests), releases.staging
    with report_phase(progress, "放到线上网站旁边", 1):
        link_files(releases.work, names, staging)
    with report_phase(progress, "计算校验值", 1):
        hashes = list(hash_files(staging, names, options.workers, with_sm3=has_sm3()))
    if altered := sorted(file.path for file in hashes if file.sha256 != digests[file.path]):
        yield f"{len(altered)} 个文件与生成时不同（例如 {altered[0]}）；请加 --fresh 重新生成"
        return
    write_hash_lists(staging, hashes)
    criteria = ReleaseCriteria(options.settings.data, state.theme.site_url, options.largest_page)
    with report_phase(progress, "核对网页、链接、个人信息", 1):
        yield from find_faults(staging, criteria, options.workers)


def roll_back(releases: ReleaseFolder, name: str, workers: Workers) -> str:
    """Make an older release live again, after verifying its manifest; return its name.

    Without a name it is the release before the live one.
    """
    with releases.lock():
        names, live = releases.names(), releases.current()
        if name and name not in names:
            known = "、".join(names) or "还没有发布过"
            raise ReleaseError(f"没有名为“{name}”的发布；现有：{known}")
        older = names[: names.index(live)] if live else names
        if not name and not older:
            raise ReleaseError("没有更早的发布可以换回")
        chosen = name or older[-1]
        if find_differences(releases.path(chosen), workers):
            raise ReleaseError(
                f"“{chosen}”的文件与发布时不同，没有换；详见 gongkai verify {releases.path(chosen)}"
            )
        releases.switch(chosen)
        return chosen
