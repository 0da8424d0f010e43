"""Commands that generate the site: build, serve and render."""

from pathlib import Path

import click

from gongkai.build.log import show_log
from gongkai.build.mkdocs.make import make_site
from gongkai.build.render import (
    publishable_pages,
    read_histories,
    write_markdown_pages,
    write_side_files,
)
from gongkai.checks.runner import check_data
from gongkai.cli.options import EXECUTOR, JOBS, common_options, require_config
from gongkai.cli.report import build_summary, problems_within, render_lines, summary_line
from gongkai.cli.terminal import Terminal
from gongkai.exports.feeds.channels import FeedPublisher
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.paths import display_path
from gongkai.runtime.settings import read_settings
from gongkai.runtime.workers import Workers


@click.command()
@click.option(
    "-d", "--site-dir", metavar="DIR", type=click.Path(), help="网站放在哪里，默认为 site。"
)
@click.option("--strict", is_flag=True, help="MkDocs 的警告（例如断链）也算失败。")
@click.option("--fresh", is_flag=True, help="不用上一次的结果，全部重新生成。")
@JOBS
@EXECUTOR
@common_options
@click.pass_context
def build(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    site_dir: str | None,
    jobs: int,
    executor: str,
    config: Path,
    *,
    strict: bool,
    fresh: bool,
) -> None:
    """生成网站；只重新生成改动的部分。数据有阻断问题时不生成，原有网站不变。"""
    show_log()
    settings = read_settings(require_config(config))
    site = Path(site_dir) if site_dir else settings.site
    workers = Workers(jobs, executor)
    outcome = make_site(config, site, workers, progress=Terminal(), strict=strict, fresh=fresh)
    click.echo(build_summary(outcome, display_path(site)), err=True)
    if outcome.blocked:
        context.exit(1)


@click.command()
@click.option("-a", "--dev-addr", metavar="地址:端口", help="默认为 127.0.0.1:8000。")
@click.option("--unit", "only", metavar="单位代号", multiple=True, help="只预览这些单位，快得多。")
@JOBS
@common_options
def serve(dev_addr: str | None, only: tuple[str, ...], jobs: int, config: Path) -> None:
    """在本机预览网站；保存数据文件后自动更新。"""
    from gongkai.build.mkdocs.preview import preview

    show_log()
    preview(require_config(config), frozenset(only), Workers(jobs), dev_addr, progress=Terminal())


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@common_options
@click.pass_context
def render(context: click.Context, out: Path, config: Path) -> None:
    """把页面写成 Markdown 文件，放到 OUT 目录，供其他程序使用。"""
    settings = read_settings(config)
    if refusal := settings.overwrite_error(out):
        raise click.UsageError(refusal)
    run = check_data(settings.data)
    site = run.dataset.site
    if site is None or run.judgement.blocks:
        problems = problems_within(run.judgement.problems, ())
        click.echo(render_lines(problems), nl=False, err=True)
        click.echo(summary_line(problems, len(run.dataset.sources)), err=True)
        context.exit(1)
    past = read_histories(run.dataset, settings.data)
    with pause_gc():
        count = write_markdown_pages(
            publishable_pages(run, past), settings.content, out, site, settings.site_url
        )
        write_side_files(run, past, out, FeedPublisher(site, settings.site_url))
    click.echo(f"已写出 {count} 个页面到 {out}", err=True)
