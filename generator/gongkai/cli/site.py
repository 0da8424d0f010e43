"""Commands that generate the site: build, serve and render."""

import ipaddress
from pathlib import Path

import click

from gongkai.build.log import show_log
from gongkai.build.mkdocs.make import make_site
from gongkai.build.offline_copy import write_offline_copy
from gongkai.build.render import render_site
from gongkai.build.state import BuildRequest, BuildResult
from gongkai.checks.runner import CheckRequest, check_folder
from gongkai.cli.options import EXECUTOR, JOBS, CommonOptions, common_options
from gongkai.cli.report import problems_within, render_lines, summary_line
from gongkai.cli.terminal import Terminal
from gongkai.reading.dataset import read_site
from gongkai.runtime.paths import display_path
from gongkai.runtime.workers import Workers

_LAST_PORT = 65535
"""The last port number of TCP."""


@click.command()
@click.option(
    "-d",
    "--site-dir",
    metavar="目录",
    type=click.Path(file_okay=False),
    help="网站放在哪里，默认为 site。",
)
@click.option("--strict", is_flag=True, help="MkDocs 的警告（例如断链）也算失败。")
@click.option("--fresh", is_flag=True, help="不用上一次的结果，全部重新生成。")
@click.option(
    "--zip",
    "archive",
    metavar="文件",
    type=click.Path(path_type=Path, dir_okay=False),
    help="另存一个 zip 文件：解压后不用网页服务器，双击首页的文件就能看（不能搜索）。",
)
@JOBS
@EXECUTOR
@common_options
@click.pass_context
def build(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    site_dir: str | None,
    jobs: int,
    executor: str,
    options: CommonOptions,
    *,
    strict: bool,
    fresh: bool,
    archive: Path | None,
) -> None:
    """生成网站；只重新生成改动的部分。数据有阻断问题时不生成，原有网站不变。"""
    show_log()
    if archive and not archive.absolute().parent.is_dir():
        raise click.UsageError(
            f"没有目录 {archive.parent}，请先建好，或换一个地方存 {archive.name}"
        )
    config = options.require_config()
    site = Path(site_dir) if site_dir else options.settings.site
    request = BuildRequest(
        data=options.data,
        today=options.today,
        workers=Workers(jobs, executor),
        progress=Terminal(),
    )
    outcome = make_site(config, site, request, strict=strict, fresh=fresh)
    click.echo(_build_summary(outcome, display_path(site)), err=True)
    if outcome.blocked:
        context.exit(1)
    if archive:
        count = write_offline_copy(site, archive)
        click.echo(f"已存为 {archive}，共 {count} 个文件；解压后双击 index.html", err=True)


def _check_address(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> str | None:
    """Return an address of the form host:port; raise BadParameter if it is none."""
    if value is None:
        return None
    host, _, port = value.rpartition(":")
    if not (host and port.isdecimal() and 0 < int(port) <= _LAST_PORT):
        raise click.BadParameter(
            f"“{value}”不是“地址:端口”，例如 127.0.0.1:8000；端口是 1 到 {_LAST_PORT}"
        )
    if host != "localhost" and not _is_ip_address(host):
        raise click.BadParameter(
            f"“{host}”不是 IP 地址；只在本机看写 127.0.0.1:{port}，让别的电脑也能看写 0.0.0.0:{port}"
        )
    return value


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _build_summary(outcome: BuildResult, site: str) -> str:
    """Return the last line of a build; `site` is the shown path of the site."""
    files = f"{outcome.source_count} 个数据文件，用时 {outcome.seconds:.1f} 秒"
    others = outcome.tally.milder_count
    notices = f"，{others} 处警告和提示" if others else ""
    if outcome.blocked:
        count = len(outcome.tally.blocking)
        return (
            f"数据有 {count} 处错误，没有生成网站；原有的网站没有改动。能改的请改正；原表如此的，"
            f"用 gongkai explain 写差异说明。{files}。"
        )
    changes = f"改动 {outcome.changed} 个文件，删去 {outcome.deleted} 个"
    return f"网站共 {outcome.page_count} 个网页，{changes}；{files}{notices}：{site}"


@click.command()
@click.option(
    "-a",
    "--dev-addr",
    metavar="地址:端口",
    callback=_check_address,
    help="默认为 127.0.0.1:8000。",
)
@click.option("--unit", "only", metavar="单位代号", multiple=True, help="只预览这些单位，快得多。")
@JOBS
@common_options
def serve(dev_addr: str | None, only: tuple[str, ...], jobs: int, options: CommonOptions) -> None:
    """在本机预览网站；保存数据文件后自动更新。"""
    from gongkai.build.mkdocs.preview import preview

    show_log()
    config = options.require_config()
    request = BuildRequest(
        data=options.data,
        today=options.today,
        units=frozenset(only),
        preview=True,
        shows_errors=True,
        workers=Workers(jobs),
        progress=Terminal(),
    )
    preview(config, request, dev_addr, lambda: options.today)


@click.command()
@click.argument("out", metavar="目录", type=click.Path(path_type=Path, file_okay=False))
@common_options
@click.pass_context
def render(context: click.Context, out: Path, options: CommonOptions) -> None:
    """把页面写成 Markdown 文件，放到这个目录，供其他程序使用。"""
    settings, today = options.settings, options.today
    if refusal := settings.overwrite_error(out):
        raise click.UsageError(refusal)
    site = read_site(settings.data)
    site_url = settings.site_url or (site.default_url if site else "")
    result = render_site(BuildRequest(settings.data, today), out, settings.content, site_url)
    if result.blocked:
        shown = check_folder(CheckRequest(settings.data, display_path(settings.data), today))
        problems = problems_within(shown.problems, ())
        click.echo(render_lines(problems), nl=False, err=True)
        click.echo(summary_line(problems, shown.files), err=True)
        context.exit(1)
    click.echo(f"已写出 {result.page_count} 个页面到 {out}", err=True)
