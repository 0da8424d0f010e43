"""A whole release on one screen: built beside the live site, verified, then switched in one step."""

from collections.abc import Iterator
from dataclasses import dataclass
from filecmp import cmp
from importlib.metadata import version
from pathlib import Path

from gongkai.build.mkdocs.make import make
from gongkai.build.render import shown
from gongkai.build.state import Outcome, last_state
from gongkai.build.workspace import Workspace
from gongkai.checks.tally import Tally
from gongkai.release.folder import NoReleaseError, Releases, fill
from gongkai.release.manifest import (
    SHA256,
    differences,
    knows_sm3,
    read_release,
    seal,
    sums_of,
    write_release,
    write_sums,
)
from gongkai.release.tags import (
    commit,
    free_name,
    is_shallow,
    newest,
    tag,
    tagged,
    unannounced_since,
)
from gongkai.release.verify import LARGEST_PAGE, Standard, faults
from gongkai.runtime.clock import today
from gongkai.runtime.git import GitProblem
from gongkai.runtime.progress import Progress, phase
from gongkai.runtime.settings import Settings, read_settings
from gongkai.runtime.workers import Workers

_PROGRAMS = ("gongkai", "mkdocs", "mkdocs-material")


@dataclass(frozen=True, slots=True)
class Wish:
    """How a release is to be made."""

    config: Path
    workers: Workers
    keep: int = 5
    largest_page: int = LARGEST_PAGE
    with_git: bool = True
    """Whether the commit is written down and tagged."""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """What has come of it."""

    name: str = ""
    """Its folder; empty where there is none."""
    tag: str = ""
    pages: int = 0
    removed: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    """Why there is none, in Chinese."""
    unchanged: bool = False
    """Whether the live site is the same already."""


def publish(releases: Releases, wish: Wish, progress: Progress) -> Release:
    """Release the data as it stands; the live site changes at the very end, or not at all."""
    settings = read_settings(wish.config)
    with releases.held():
        revision = _revision(releases, wish, settings)
        taken = [*releases.names(), *(tagged(settings.data) if revision else [])]
        name = free_name(today(), taken)
        outcome = make(
            *(wish.config, releases.work, wish.workers),
            progress=progress,
            fresh=wish.fresh,
            release=name if revision else "",
        )
        found = list(_faults(releases, wish, outcome, progress))
        if found:
            return Release(faults=tuple(found))
        live = releases.current()
        if live and cmp(releases.making / SHA256, releases.path(live) / SHA256, shallow=False):
            return Release(live, unchanged=True)
        facts = {
            "name": name,
            "day": today().isoformat(),
            "commit": revision,
            "pages": outcome.pages,
            "versions": {each: version(each) for each in _PROGRAMS},
        }
        write_release(releases.making, facts)
        releases.keep(name)
        releases.switch(name)
        made = _tagged(releases, settings.data, name, revision) if revision else ""
        removed = releases.prune(wish.keep)
        return Release(name, made, outcome.pages, tuple(removed))


def _revision(releases: Releases, wish: Wish, settings: Settings) -> str:
    """The commit to be released; empty where git is not asked for."""
    if not wish.with_git:
        return ""
    revision = commit(settings.data)
    _tag_live(releases, settings.data)
    last = newest(settings.data)
    data = settings.data
    unannounced = Tally.of(unannounced_since(data, shown(data), last) if last else ())
    if unannounced.blocking:
        lines = "\n".join(f"错误 {each}" for each in unannounced.blocking)
        raise NoReleaseError(f"{lines}\n公开过的值改了而没有勘误，没有发布；线上网站没有改动")
    return revision


def _tag_live(releases: Releases, data: Path) -> None:
    """Tag what is live and what was before, where a release was interrupted before it could.

    NoReleaseError where git no longer tells of the kept releases what they were made of: what was
    public would be forgotten.
    """
    commits = dict(_commits(releases))
    if commits and is_shallow(data):
        raise NoReleaseError(
            "这个 git 仓库是浅克隆，看不到以前公开过什么，没有发布；请先运行 git fetch --unshallow --tags"
        )
    names, tags = releases.names(), tagged(data)
    stood = names[: names.index(releases.current()) + 1] if releases.current() else []
    for name, revision in commits.items():
        now = tags.get(name, "")
        if not now and name in stood:
            _tag_again(releases, data, name, revision)
        elif not now:  # Interrupted before it was live.
            releases.remove(name)
        elif now and now != revision:
            raise NoReleaseError(
                f"git 标签 released/{name} 指向的提交与发布时的不同，看不出以前公开过什么，没有发布；"
                f"请取回标签：git fetch --tags --force；没有备份的，git tag -f released/{name} {revision}"
            )


def _commits(releases: Releases) -> Iterator[tuple[str, str]]:
    """Of what commits the kept releases were made."""
    for name in releases.names():
        told = read_release(releases.path(name))
        if told and told.get("commit"):
            yield name, f"{told['commit']}"


def _tag_again(releases: Releases, data: Path, name: str, revision: str) -> None:
    try:
        _tagged(releases, data, name, revision)
    except GitProblem as problem:
        raise NoReleaseError(
            f"线上的 {name} 是从提交 {revision} 发布的，这个 git 仓库里没有它，没有发布；"
            "请在原来的仓库里发布，或者发布到另一个目录，或者加 --no-git（不再核对改动）"
        ) from problem


def _tagged(releases: Releases, data: Path, name: str, revision: str) -> str:
    return tag(data, name, revision, seal(releases.path(name)))


def _faults(releases: Releases, wish: Wish, outcome: Outcome, progress: Progress) -> Iterator[str]:
    """Put the release together and look at it: why it must not be published."""
    if outcome.blocked:
        yield f"数据有 {len(outcome.tally.blocking)} 处错误"
        return
    state = last_state(Workspace(releases.work.resolve()))
    if state is None:
        yield "生成的网站读不出来；请加 --fresh 再试"
        return
    digests = {each.path: each.digest for each in state.files()}
    names, making = sorted(digests), releases.making
    with phase(progress, "放到线上网站旁边", 1):
        fill(releases.work, names, making)
    with phase(progress, "计算校验值", 1):
        sums = list(sums_of(making, names, wish.workers, with_sm3=knows_sm3()))
    if altered := sorted(each.path for each in sums if each.sha256 != digests[each.path]):
        yield f"{len(altered)} 个文件与生成时不同（例如 {altered[0]}）；请加 --fresh 重新生成"
        return
    write_sums(making, sums)
    standard = Standard(read_settings(wish.config).data, state.skin.site_url, wish.largest_page)
    with phase(progress, "核对网页、链接、个人信息", 1):
        yield from faults(making, standard, wish.workers)


def go_back(releases: Releases, name: str, workers: Workers) -> str:
    """Let an older release be live again, after a look at its manifest; its name.

    Without a name it is the one before the present one.
    """
    with releases.held():
        names, live = releases.names(), releases.current()
        if name and name not in names:
            known = "、".join(names) or "还没有发布过"
            raise NoReleaseError(f"没有名为“{name}”的发布；现有：{known}")
        older = names[: names.index(live)] if live else names
        if not name and not older:
            raise NoReleaseError("没有更早的发布可以换回")
        chosen = name or older[-1]
        if differences(releases.path(chosen), workers):
            raise NoReleaseError(
                f"“{chosen}”的文件与发布时不同，没有换；详见 gongkai verify {releases.path(chosen)}"
            )
        releases.switch(chosen)
        return chosen
