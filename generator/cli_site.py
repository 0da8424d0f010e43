"""The commands that make the site: build, serve, render."""

import logging
from pathlib import Path

import click

from generator import reports
from generator.options import common
from generator.settings import read_settings
from generator.showing import Terminal
from generator.site import examine, pages, shown, write_pages
from generator.workers import Workers

_JOBS = click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(0),
    default=0,
    help="同时用几个进程，默认与处理器数相同。",
)
_EXECUTOR = click.option(
    "--executor",
    metavar="名称",
    default="",
    help="交给别的执行器：dask（本机）、dask:tcp://调度器:端口，或“模块:函数”。",
)


@click.command()
@click.option(
    "-d", "--site-dir", metavar="DIR", type=click.Path(), help="网站放在哪里，默认为 site。"
)
@click.option("--strict", is_flag=True, help="MkDocs 的警告（例如断链）也算失败。")
@click.option("--fresh", is_flag=True, help="不用上一次的结果，全部重新生成。")
@_JOBS
@_EXECUTOR
@common
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
    from generator.making import make

    _show_log()
    settings = read_settings(_existing(config))
    site = Path(site_dir) if site_dir else settings.site
    workers = Workers(jobs, executor)
    outcome = make(config, site, workers, progress=Terminal(), strict=strict, fresh=fresh)
    click.echo(reports.built(outcome, shown(site)), err=True)
    if outcome.blocked:
        context.exit(1)


@click.command()
@click.option("-a", "--dev-addr", metavar="地址:端口", help="默认为 127.0.0.1:8000。")
@click.option("--unit", "only", metavar="单位代号", multiple=True, help="只预览这些单位，快得多。")
@_JOBS
@common
def serve(dev_addr: str | None, only: tuple[str, ...], jobs: int, config: Path) -> None:
    """在本机预览网站；保存数据文件后自动更新。"""
    from generator.making import preview

    _show_log()
    preview(_existing(config), frozenset(only), Workers(jobs), dev_addr, progress=Terminal())


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@common
@click.pass_context
def render(context: click.Context, out: Path, config: Path) -> None:
    """把页面写成 Markdown 文件，放到 OUT 目录，供其他程序使用。"""
    run = examine(read_settings(config).data)
    if not run.publishable:
        listed = reports.within(run.judgement.problems, ())
        click.echo(reports.lines(listed), nl=False, err=True)
        click.echo(reports.closing(listed, run), err=True)
        context.exit(1)
    count = write_pages(pages(run), read_settings(config).content, out)
    click.echo(f"已写出 {count} 个页面到 {out}", err=True)


def _existing(config: Path) -> Path:
    if not config.is_file():
        message = f"找不到 {config}；请在仓库根目录运行，或用 -f 指定"
        raise click.UsageError(message)
    return config


_GRAVE = {logging.ERROR: "错误 ", logging.WARNING: "警告 "}
_MKDOCS_SAYS = {
    "Building documentation": "正在生成网页…",
    "Serving on ": "请用浏览器打开 {rest} ，按 Ctrl+C 结束",
    "Detected file changes": "发现文件有改动",
    "Reloading browsers": "网页已更新",
    "Shutting down": "已结束",
    "An error happened during the rebuild": "网页暂时打不开；改正数据文件并保存后恢复",
}
"""What MkDocs says while it serves, and what that means to a clerk; the rest is as it is."""


class _Words(logging.Formatter):
    """What MkDocs and the plugin say, in Chinese as far as it is known."""

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage()
        for english, chinese in _MKDOCS_SAYS.items():
            _, found, rest = said.partition(english)
            if found:
                return chinese.format(rest=rest.strip())
        return _GRAVE.get(record.levelno, "") + said


def _show_log() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_Words())
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    for name in ("mkdocs.plugins.gongkai", "mkdocs.livereload", "mkdocs.commands.serve"):
        logging.getLogger(name).setLevel(logging.INFO)
    handler.addFilter(lambda record: "Watching paths" not in record.getMessage())
