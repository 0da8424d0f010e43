"""The commands that put a site on line: release, rollback, verify."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from gongkai.build.log import show_log
from gongkai.build.render import shown
from gongkai.checks.runner import Asked, findings
from gongkai.cli import report as reports
from gongkai.cli.git import in_git, since_release
from gongkai.cli.options import EXECUTOR, JOBS, common, existing
from gongkai.cli.terminal import Terminal
from gongkai.model.problems import in_order
from gongkai.release.folder import NoReleaseError, Releases
from gongkai.release.manifest import Differences, differences, files_of, read_release
from gongkai.release.tags import commit, free_name, tag, tagged
from gongkai.release.verify import LARGEST_PAGE
from gongkai.runtime.clock import today
from gongkai.runtime.locking import BusyError
from gongkai.runtime.settings import read_settings
from gongkai.runtime.workers import Workers

Done = TypeVar("Done")
_SHOWN = 10
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("folder", metavar="[DIR]", type=_FOLDER, required=False)
@click.option("--keep", metavar="N", type=click.IntRange(1), default=5, help="留几个发布，默认 5。")
@click.option(
    "--largest-page",
    metavar="KB",
    type=click.IntRange(1),
    default=LARGEST_PAGE // 1000,
    show_default=True,
    help="一个网页最多多大。",
)
@click.option("--no-git", is_flag=True, help="不记提交、不打标签（数据不在 git 里时用）。")
@click.option("--fresh", is_flag=True, help="不用上一次的结果，全部重新生成。")
@JOBS
@EXECUTOR
@common
@click.pass_context
def release(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    folder: Path | None,
    keep: int,
    *,
    largest_page: int,
    jobs: int,
    executor: str,
    config: Path,
    no_git: bool,
    fresh: bool,
) -> None:
    """发布网站到 DIR：在旁边生成、核对无误，再一步切换。

    网页服务器的根目录指向 DIR/current。数据须已提交；发布后打上 git 标签 released/日期，以后
    gongkai check 与它比较：公开过的值改了而没有勘误的，算作错误。核对的有：网页与数据是否一一对应、
    站内链接、网页大小、个人信息。任何一步不成，线上网站不变。

    不写 DIR，只核对并打标签，网站由别的办法上线。
    """
    if folder is None:
        _only_tag(context, config)
        return
    if spared := read_settings(existing(config)).spared(folder, around=False):
        raise click.UsageError(spared)
    from gongkai.release.publish import Wish, publish

    show_log()
    workers = Workers(jobs, executor)
    wish = Wish(
        existing(config), workers, keep, largest_page * 1000, with_git=not no_git, fresh=fresh
    )
    done = _held(folder, lambda releases: publish(releases, wish, Terminal()))
    for each in done.faults:
        click.echo(f"错误 {each}", err=True)
    if done.faults:
        click.echo("没有发布；线上网站没有改动", err=True)
        context.exit(1)
    if done.unchanged:
        click.echo(f"与线上的 {done.name} 完全相同，没有另外发布", err=True)
        return
    removed = f"；删去旧的 {'、'.join(done.removed)}" if done.removed else ""
    tagged_as = f"，git 标签 {done.tag}" if done.tag else ""
    click.echo(f"已发布 {done.name}：{done.pages} 个网页{tagged_as}{removed}", err=True)
    click.echo(
        f"网页服务器的根目录：{folder / 'current'}；换回上一个用 gongkai rollback {folder}",
        err=True,
    )


def _only_tag(context: click.Context, config: Path) -> None:
    data = read_settings(config).data
    found = findings(Asked(data, shown(data)), Terminal())
    problems = in_order([*found.problems, *since_release(data, None)])
    if any(problem.blocks for problem in problems):
        click.echo(reports.lines(problems), nl=False, err=True)
        click.echo(reports.closing(problems, found.files), err=True)
        context.exit(1)
    name = in_git(lambda: tag(data, free_name(today(), tagged(data)), commit(data)))
    click.echo(f"已标记为 {name}；撤销用 git tag -d {name}", err=True)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.argument("name", metavar="[发布]", required=False, default="")
@click.option("--list", "listed", is_flag=True, help="只列出有哪些发布，* 是线上的。")
@JOBS
def rollback(folder: Path, name: str, jobs: int, *, listed: bool) -> None:
    """换回上一个发布，或指定的发布（例如 2026-11-23-2）；一步切换，随时可以再换回来。"""
    from gongkai.release.publish import go_back

    if listed:
        releases = Releases(folder)
        for each in releases.names():
            pages = (read_release(releases.path(each)) or {}).get("pages", "?")
            mark = "*" if each == releases.current() else " "
            click.echo(f"{mark} {each}  {pages} 个网页")
        return
    chosen = _held(folder, lambda releases: go_back(releases, name, Workers(jobs)))
    click.echo(f"线上现在是 {chosen}", err=True)


@click.command()
@click.argument(
    "site", metavar="SITE", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@JOBS
@click.pass_context
def verify(context: click.Context, site: Path, jobs: int) -> None:
    """核对发布的网站有没有被改动：每个文件与发布时的校验值（SHA-256、国密 SM3）比较。

    SITE 是发布的一个版本，或 gongkai release 的目录（看线上的那一个）。
    """
    live = Releases(site)
    folder = live.link if live.link.is_symlink() else site
    found = differences(folder, Workers(jobs))
    told = read_release(folder) or {}
    if not found:
        facts = [f"{len(files_of(folder))} 个文件都与发布时相同"]
        facts += [f"发布 {told['name']}"] if told.get("name") else []
        facts += [f"提交 {told['commit'][:12]}"] if told.get("commit") else []
        click.echo("，".join(facts), err=True)
        return
    for line in _differences(found):
        click.echo(line)
    click.echo("网站与发布时不同", err=True)
    context.exit(1)


def _differences(found: Differences) -> list[str]:
    lines = [found.manifest] if found.manifest else []
    for paths, what in ((found.altered, "改动"), (found.missing, "缺少"), (found.added, "多出")):
        lines += [f"{what} {path}" for path in paths[:_SHOWN]]
        lines += [f"{what} …共 {len(paths)} 个文件"] if len(paths) > _SHOWN else []
    return lines


def _held(folder: Path, do: Callable[[Releases], Done]) -> Done:
    """Do something with the releases; what stands against it is told."""
    try:
        return in_git(lambda: do(Releases(folder)))
    except BusyError:
        raise click.ClickException(f"另一个程序正在发布到 {folder}；请等它结束") from None
    except NoReleaseError as error:
        raise click.ClickException(str(error)) from error
