"""Commands that publish a site: release, rollback and verify."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from gongkai.build.log import show_log
from gongkai.checks.runner import CheckRequest, check_folder
from gongkai.cli.git import problems_since_release, report_git_problems
from gongkai.cli.options import EXECUTOR, JOBS, CommonOptions, common_options
from gongkai.cli.report import render_lines, summary_line
from gongkai.cli.terminal import Terminal
from gongkai.model.problems import sort_problems
from gongkai.release.demo_texts import find_demo_texts
from gongkai.release.folder import ReleaseError, ReleaseFolder
from gongkai.release.manifest import Differences, find_differences, list_files, read_release_json
from gongkai.release.signatures import SignatureError, verify_signature
from gongkai.release.tags import clean_commit, free_name, release_commits, tag_release
from gongkai.release.verify import LARGEST_PAGE
from gongkai.runtime.locking import BusyError
from gongkai.runtime.paths import display_path
from gongkai.runtime.workers import Workers

Result = TypeVar("Result")
_MAX_PATHS = 10
"""Most paths listed per kind of difference."""
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("folder", metavar="[目录]", type=_FOLDER, required=False)
@click.option(
    "--keep", metavar="个数", type=click.IntRange(1), default=5, help="留几个发布，默认 5。"
)
@click.option(
    "--largest-page",
    metavar="千字节",
    type=click.IntRange(1),
    default=LARGEST_PAGE // 1000,
    show_default=True,
    help="一个网页最多多大。",
)
@click.option(
    "--sign",
    "signing_key",
    metavar="密钥",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="用这个 SSH 密钥给发布和 git 标签签名（git 签名用的那种；密钥由代理程序保管的，写公钥文件）。",
)
@click.option("--no-git", is_flag=True, help="不记提交、不打标签（数据不在 git 里时用）。")
@click.option("--fresh", is_flag=True, help="不用上一次的结果，全部重新生成。")
@click.option("--demo", is_flag=True, help="这是演示：site.yml 里演示用的文字也照样发布。")
@JOBS
@EXECUTOR
@common_options
@click.pass_context
def release(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    folder: Path | None,
    keep: int,
    *,
    largest_page: int,
    jobs: int,
    executor: str,
    options: CommonOptions,
    signing_key: Path | None,
    no_git: bool,
    fresh: bool,
    demo: bool,
) -> None:
    """发布网站到这个目录：在旁边生成、核对无误，再一步切换。

    网页服务器的根目录指向其中的 current。数据须已提交；发布后打上 git 标签 released/日期，以后
    gongkai check 与它比较：公开过的值改了而没有勘误的，算作错误。核对的有：网页与数据是否一一对应、
    站内链接、网页大小、个人信息。任何一步不成，线上网站不变。

    不写目录，只核对并打标签，网站由别的办法上线。
    """
    if not demo:
        _require_real_texts(options.data)
    if folder is None:
        _tag_only(context, options)
        return
    config = options.require_config()
    if refusal := options.settings.overwrite_error(folder, include_parents=False):
        raise click.UsageError(refusal)
    from gongkai.release.publish import ReleaseOptions, publish_release

    show_log()
    request = ReleaseOptions(
        config=config,
        settings=options.settings,
        today=options.today,
        workers=Workers(jobs, executor),
        keep=keep,
        largest_page=largest_page * 1000,
        with_git=not no_git,
        signing_key=signing_key,
        fresh=fresh,
    )
    result = _with_releases(folder, lambda releases: publish_release(releases, request, Terminal()))
    for fault in result.faults:
        click.echo(f"错误 {fault}", err=True)
    if result.faults:
        click.echo("没有发布；线上网站没有改动", err=True)
        context.exit(1)
    if result.unchanged:
        click.echo(f"与线上的 {result.name} 完全相同，没有另外发布", err=True)
        return
    removed = f"；删去旧的 {'、'.join(result.removed)}" if result.removed else ""
    git_tag = f"，git 标签 {result.tag}" if result.tag else ""
    click.echo(f"已发布 {result.name}：{result.pages} 个网页{git_tag}{removed}", err=True)
    for message in result.unfinished:
        click.echo(f"错误 网站已经换上，{message}", err=True)
    click.echo(
        f"网页服务器的根目录：{folder / 'current'}；换回上一个用 gongkai rollback {folder}",
        err=True,
    )
    if result.unfinished:
        context.exit(1)


def _require_real_texts(data: Path) -> None:
    """Raise ClickException if site.yml still has a demonstration's texts."""
    if demo_texts := list(find_demo_texts(data)):
        lines = "\n".join(f"  {text}" for text in demo_texts)
        raise click.ClickException(
            f"{display_path(data / 'site.yml')} 里还有演示用的文字，没有发布；线上网站没有改动\n{lines}\n"
            "请换成真实的；只是演示的，加 --demo"
        )


def _tag_only(context: click.Context, options: CommonOptions) -> None:
    """Check the data and tag the commit, without publishing a site."""
    data, today = options.data, options.today
    result = check_folder(CheckRequest(data, display_path(data), today), Terminal())
    problems = sort_problems([*result.problems, *problems_since_release(data, today, None)])
    if any(problem.is_blocking for problem in problems):
        click.echo(render_lines(problems), nl=False, err=True)
        click.echo(summary_line(problems, result.files), err=True)
        context.exit(1)
    name = report_git_problems(
        lambda: tag_release(data, free_name(today, release_commits(data)), clean_commit(data))
    )
    click.echo(f"已标记为 {name}；撤销用 git tag -d {name}", err=True)


@click.command()
@click.argument(
    "folder", metavar="目录", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.argument("name", metavar="[发布]", required=False, default="")
@click.option("--list", "listed", is_flag=True, help="只列出有哪些发布，* 是线上的。")
@JOBS
def rollback(folder: Path, name: str, jobs: int, *, listed: bool) -> None:
    """换回上一个发布，或指定的发布（例如 2026-11-23-2）；一步切换，随时可以再换回来。"""
    from gongkai.release.publish import roll_back

    if not ReleaseFolder(folder).names():
        message = f"{folder} 里还没有发布；请写 gongkai release 发布到的目录"
        raise click.ClickException(message)
    if listed:
        releases = ReleaseFolder(folder)
        for release_name in releases.names():
            pages = (read_release_json(releases.path(release_name)) or {}).get("pages", "?")
            mark = "*" if release_name == releases.current() else " "
            click.echo(f"{mark} {release_name}  {pages} 个网页")
        return
    current = _with_releases(folder, lambda releases: roll_back(releases, name, Workers(jobs)))
    click.echo(f"线上现在是 {current}", err=True)


@click.command()
@click.argument(
    "site", metavar="网站目录", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.option(
    "--signers",
    metavar="文件",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="同时核对签名：须是这个名单（一行一人，与 git 核对签名用的相同）里的人签的。",
)
@JOBS
@click.pass_context
def verify(context: click.Context, site: Path, signers: Path | None, jobs: int) -> None:
    """核对发布的网站有没有被改动：每个文件与发布时的校验值（SHA-256、国密 SM3）比较。

    网站目录是发布的一个版本，或 gongkai release 的目录（看线上的那一个，以及各版名称带校验码的文件）。
    """
    folder, workers = _release_folder(site), Workers(jobs)
    changes = find_differences(folder, workers)
    releases = ReleaseFolder(site) if folder != site else None
    pool_changes = releases.find_pool_differences(workers) if releases else Differences()
    if not changes and not pool_changes:
        _report_intact(folder, releases, signers)
        return
    for line in _difference_lines(changes) + _difference_lines(pool_changes):
        click.echo(line)
    if changes and not changes.manifest:
        click.echo(
            "网站与发布时不同；请从原件重新发布，或用 gongkai rollback 换回没有改动的发布", err=True
        )
    elif releases and not changes:
        click.echo(
            f"线上的版本与发布时相同，{releases.hashed.name} 里的不同；"
            f"请用 gongkai rollback {site} {releases.current()} 重新做好",
            err=True,
        )
    context.exit(1)


def _report_intact(folder: Path, releases: ReleaseFolder | None, signers: Path | None) -> None:
    facts = read_release_json(folder) or {}
    lines = [f"{len(list_files(folder))} 个文件都与发布时相同"]
    if releases:
        pool = releases.hashed
        lines += [f"{pool.name} 里的 {len(list_files(pool))} 个也相同"]
    lines += [f"发布 {facts['name']}"] if facts.get("name") else []
    lines += [f"提交 {facts['commit'][:12]}"] if facts.get("commit") else []
    lines += [f"签名的是 {_signer(folder, signers)}"] if signers else []
    click.echo("，".join(lines), err=True)


def _release_folder(site: Path) -> Path:
    """Return the live release of a release folder; any other folder as it is."""
    releases = ReleaseFolder(site)
    return releases.live_link if releases.live_link.is_symlink() else site


def _signer(folder: Path, signers: Path) -> str:
    try:
        return verify_signature(folder, signers)
    except SignatureError as error:
        raise click.ClickException(f"{error}") from error


@click.command()
@click.argument(
    "site", metavar="网站目录", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@JOBS
@EXECUTOR
@common_options
@click.pass_context
def reproduce(
    context: click.Context, site: Path, jobs: int, executor: str, options: CommonOptions
) -> None:
    """用同一个提交再做一次，看与发布的是不是一个字节也不差；线上网站和数据都不动。

    网站目录是发布的一个版本，或 gongkai release 的目录（看线上的那一个）。在有那次提交的 git 仓库里
    运行，程序和软件包的版本要与发布时的相同（发布里的 sbom.cdx.json 列着）。
    """
    from gongkai.release.reproduce import ReproduceRequest, reproduce_release

    config, folder = options.require_config(), _release_folder(site)
    show_log()
    request = ReproduceRequest(folder, config, options.data, Workers(jobs, executor))
    try:
        result = report_git_problems(lambda: reproduce_release(request, Terminal()))
    except ReleaseError as error:
        raise click.ClickException(f"{error}") from error
    if not result.differences:
        click.echo(
            f"再做一次，{result.file_count} 个文件一个字节也不差，发布 {result.name}，"
            f"提交 {result.commit[:12]}",
            err=True,
        )
        return
    for line in _difference_lines(result.differences):
        click.echo(line)
    for line in result.other_versions:
        click.echo(f"提示 {line}")
    click.echo(
        "再做一次，结果与发布的不同；版本不同的，请照 sbom.cdx.json 装好再试，"
        "版本都相同的，请看发布时有没有没提交的 mkdocs.yml、content、overrides",
        err=True,
    )
    context.exit(1)


def _difference_lines(changes: Differences) -> list[str]:
    lines = [changes.manifest] if changes.manifest else []
    kinds = ((changes.altered, "改动"), (changes.missing, "缺少"), (changes.added, "多出"))
    for paths, kind in kinds:
        lines += [f"{kind} {path}" for path in paths[:_MAX_PATHS]]
        lines += [f"{kind} …共 {len(paths)} 个文件"] if len(paths) > _MAX_PATHS else []
    return lines


def _with_releases(folder: Path, action: Callable[[ReleaseFolder], Result]) -> Result:
    """Call `action` with the releases of a folder; turn its errors into messages."""
    try:
        return report_git_problems(lambda: action(ReleaseFolder(folder)))
    except BusyError:
        raise click.ClickException(f"另一个程序正在发布到 {folder}；请等它结束") from None
    except (ReleaseError, SignatureError) as error:
        raise click.ClickException(str(error)) from error
