"""The command line: gongkai check, explain, build, serve, render."""

import datetime as dt
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from generator import form_words, hooks, reports
from generator.checks.catalogue import RULES
from generator.clock import set_today, today
from generator.explaining import in_words
from generator.files import is_address
from generator.fixing import fix
from generator.git import GitProblem
from generator.json_schemas import FOLDER as SCHEMAS
from generator.releasing import newest, since, tag
from generator.scanning import scan
from generator.schema import nearest
from generator.settings import DATA, read_settings
from generator.site import Run, examine, pages, shown, write_pages
from generator.starting import Request, Unclear, new_files, write_new, write_schemas

Command = TypeVar("Command", bound=Callable[..., Any])
Found = TypeVar("Found")


def _set_data(_context: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        os.environ[DATA] = str(value.absolute())


def _set_day(_context: click.Context, _option: click.Parameter, value: dt.datetime | None) -> None:
    if value is not None:
        set_today(value.date())


_DATA_OPTION = click.option(
    "--data",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    callback=_set_data,
    expose_value=False,
    help="数据目录，默认为 data。",
)
_TODAY_OPTION = click.option(
    "--today",
    metavar="日期",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_set_day,
    expose_value=False,
    help="把这一天（YYYY-MM-DD）当作今天；默认取环境变量 SOURCE_DATE_EPOCH，没有则取当前日期。",
)
_CONFIG_OPTION = click.option(
    "-f",
    "--config-file",
    "config",
    metavar="FILE",
    default=Path("mkdocs.yml"),
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="MkDocs 的配置文件，里面写着数据目录在哪里。",
)
_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))


def _common(command: Command) -> Command:
    """Options that every command understands."""
    return _DATA_OPTION(_TODAY_OPTION(_CONFIG_OPTION(command)))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai", message="gongkai %(version)s")
def main() -> None:
    """预算绩效自评公开：核对数据，生成网站。"""


@main.command()
@_PATHS
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", *reports.STYLES]),
    help="输出格式：text 按文件分组，指出位置（在终端里默认）；lines 每行一条（默认）；json 供其他程序使用；"
    "github、gitlab、sarif 供代码平台显示；html 是一个网页。",
)
@click.option(
    "--released",
    metavar="版本",
    help="与这个 git 版本比较，列出没有勘误的改动；默认为最近一次发布（标签 released/…）。",
)
@click.option(
    "--fix",
    "fixes",
    is_flag=True,
    help="改掉全角数字、BOM、换行符；数值一个也不改，改动用 git 可以撤销。",
)
@click.option("--drafts", is_flag=True, help="试填：也核对用不完整的表式（完整: 否）填的表。")
@_common
@click.pass_context
def check(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    paths: tuple[Path, ...],
    style: str | None,
    released: str | None,
    config: Path,
    *,
    fixes: bool,
    drafts: bool,
) -> None:
    """核对数据，列出每一处问题。

    PATHS 为要列出的文件或目录，不写则列出全部。没有阻断问题时退出码为 0，有则为 1，用法有误为 2。
    """
    folder = read_settings(config).data
    run = examine(folder, drafts=drafts)
    if fixes:
        for each in fix(reports.within(run.judgement.problems, paths), _files(run, folder, paths)):
            place = f"{each.position.file}:{each.position.line}:{each.position.column}"
            click.echo(f"已改 {place}: {each.what}", err=True)
        run = examine(folder, drafts=drafts)
    run = _since_release(run, folder, released)
    listed = reports.within(run.judgement.problems, paths)
    terminal = sys.stdout.isatty()
    style = style or ("text" if terminal else "lines")
    if style == "text":
        told = reports.text(listed, run.dataset.sources, colours=terminal)
    else:
        told = reports.STYLES[style](listed)
    click.echo(told, nl=False)
    if style in {"text", "lines"}:
        click.echo(reports.closing(listed, run), err=True)
    context.exit(1 if any(problem.blocks for problem in listed) else 0)


@main.command()
@click.argument("name", required=False)
@_common
@click.pass_context
def forms(context: click.Context, name: str | None, config: Path) -> None:
    """列出全部表式；写明 NAME 则说明这一张表要填什么。"""
    known = {form.id: form for form in examine(read_settings(config).data).dataset.forms}
    if name is None:
        click.echo(form_words.listed(known.values()), nl=False)
    elif name in known:
        click.echo(form_words.explained(known[name]), nl=False)
    else:
        click.echo(f"没有名为“{name}”的表式；{nearest(name, known)}", err=True)
        context.exit(2)


@main.command()
@click.argument("unit", metavar="单位代号")
@click.argument("year", metavar="年度", type=click.IntRange(1990, 2100))
@click.option("--form", "named", metavar="表式", multiple=True, help="用哪张表，可以写几次。")
@click.option("--project", metavar="项目代号", default="", help="新建一个项目的文件。")
@click.option("--name", metavar="项目名称", default="", help="项目的全称。")
@_common
@click.pass_context
def new(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context,
    unit: str,
    year: int,
    named: tuple[str, ...],
    project: str,
    name: str,
    config: Path,
) -> None:
    """新建一个单位一个年度的文件，每一行都注明要填什么；已有的文件不改动。

    单位代号、项目代号会成为网址的一部分，只用小写英文字母、数字和连字符。
    不写 --form 时，按 unit.yml 的地区、级别和年度选用表式。
    """
    folder = read_settings(config).data
    for slug in filter(None, (unit, project)):
        if not is_address(slug):
            click.echo(f"代号“{slug}”只能用小写英文字母、数字和连字符，例如 jsx-2", err=True)
            context.exit(2)
    dataset = examine(folder).dataset
    try:
        files = new_files(dataset, Request(unit, year, named, project, name))
    except Unclear as question:
        click.echo(str(question), err=True)
        context.exit(2)
    written, kept = write_new(files, folder)
    write_schemas(dataset.forms, folder)
    for path in written:
        click.echo(f"新建 {shown(path)}")
    for path in kept:
        click.echo(f"已有 {shown(path)}，没有改动")
    advice = "填好后运行 gongkai check 核对" if written else "没有新建文件"
    click.echo(advice, err=True)


@main.command()
@_common
def schemas(config: Path) -> None:
    """写出各表式的 JSON Schema，供编辑器补全和检查中文键。"""
    folder = read_settings(config).data
    count = write_schemas(examine(folder).dataset.forms, folder)
    click.echo(f"已写出 {count} 份到 {shown(folder / SCHEMAS)}", err=True)


def _files(run: Run, folder: Path, paths: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
    """The data files that were read, below these paths: the name in messages, and the path."""
    top = shown(folder)
    within = [path.absolute() for path in paths]
    for source in run.dataset.sources:
        path = folder / Path(source.file).relative_to(top)
        if not within or any(path.absolute().is_relative_to(each) for each in within):
            yield source.file, path


def _since_release(run: Run, folder: Path, released: str | None) -> Run:
    """With what changed since the release; where there is no git or no release, as it is."""
    try:
        revision = released or newest(folder)
        return since(run, folder, revision) if revision else run
    except GitProblem as problem:
        if released:
            raise click.ClickException(str(problem)) from problem
        return run


@main.command()
@_common
@click.pass_context
def release(context: click.Context, config: Path) -> None:
    """标记一次发布：核对通过、已提交的数据，打上 git 标签 released/日期。

    以后 gongkai check 与它比较：公开过的值改了而没有勘误的，算作错误。
    """
    folder = read_settings(config).data
    run = _since_release(examine(folder), folder, None)
    if run.judgement.blocks:
        click.echo(reports.lines(run.judgement.problems), nl=False, err=True)
        click.echo(reports.closing(run.judgement.problems, run), err=True)
        context.exit(1)
    name = _in_git(lambda: tag(folder, today()))
    click.echo(f"已标记为 {name}；撤销用 git tag -d {name}", err=True)


@main.command()
@click.argument("rule_id", metavar="规则", required=False)
@click.pass_context
def rules(context: click.Context, rule_id: str | None) -> None:
    """列出全部校验规则；写明规则（例如 DF-03）则说明这一条。"""
    known = {rule.id: rule for rule in RULES}
    if rule_id is None:
        for rule in RULES:
            first = rule.text.strip().split("\n")[0]
            click.echo(f"{rule.id} {''.join(rule.levels)} {rule.name}：{first}")
    elif rule_id.upper() in known:
        click.echo(in_words(known[rule_id.upper()]), nl=False)
    else:
        click.echo(f"没有规则“{rule_id}”；{nearest(rule_id, known)}", err=True)
        context.exit(2)


@main.group()
def hook() -> None:
    """提交前自动核对（git 钩子）：install 安装，remove 撤销。"""


@hook.command("install")
@_common
def hook_install(config: Path) -> None:
    """安装钩子：以后每次 git commit，先核对要提交的数据，有错误就不提交。"""
    path = _in_git(lambda: hooks.install(read_settings(config).data))
    click.echo(f"已安装：{shown(path)}；撤销用 gongkai hook remove", err=True)


@hook.command("remove")
@_common
def hook_remove(config: Path) -> None:
    """撤销钩子。"""
    path = _in_git(lambda: hooks.remove(read_settings(config).data))
    click.echo(f"已撤销：{shown(path)}" if path else "没有本程序安装的钩子", err=True)


@hook.command("run")
@_common
@click.pass_context
def hook_run(context: click.Context, config: Path) -> None:
    """核对要提交的数据（由钩子调用）：看的是 git add 过的内容。"""
    found = _in_git(lambda: hooks.check_staged(read_settings(config).data))
    if found.run is None:
        context.exit(0)
    problems = list(found.problems)
    told = reports.text(problems, found.run.dataset.sources, colours=sys.stdout.isatty())
    click.echo(told, nl=False)
    click.echo(reports.closing(problems, found.run), err=True)
    context.exit(1 if any(problem.blocks for problem in problems) else 0)


def _in_git(do: Callable[[], Found]) -> Found:
    try:
        return do()
    except GitProblem as problem:
        raise click.ClickException(str(problem)) from problem


@main.command("scan")
@click.argument(
    "site", metavar="SITE", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.pass_context
def scan_site(context: click.Context, site: Path) -> None:
    """在已生成的网站里查找手机号、身份证号、银行卡号；有则退出码为 1。

    看网页、JSON、CSV、搜索索引，以及 Word、Excel 文件的里面；图片、PDF 不看。
    """
    result = scan(site)
    for leak in result.leaks:
        click.echo(f"错误 {leak.file}:{leak.line}: 这里有{leak.found.kind}（{leak.found.masked}）")
    skipped = f"，{len(result.unread)} 个图片等文件没有看" if result.unread else ""
    closing = f"看了 {result.scanned} 个文件{skipped}："
    closing += f"{len(result.leaks)} 处个人信息" if result.leaks else "没有发现个人信息"
    click.echo(closing, err=True)
    context.exit(1 if result.leaks else 0)


@main.command()
@_PATHS
@_common
def explain(paths: tuple[Path, ...], config: Path) -> None:
    """为可以说明的差异写好“差异说明”的样子，填上说明后粘贴到 disclosure.yml。"""
    run = examine(read_settings(config).data)
    click.echo(reports.explanations(reports.within(run.judgement.problems, paths)), nl=False)


@main.command()
@click.option(
    "-d", "--site-dir", metavar="DIR", type=click.Path(), help="网站放在哪里，默认为 site。"
)
@click.option("--strict", is_flag=True, help="MkDocs 的警告（例如断链）也算失败。")
@_common
def build(site_dir: str | None, config: Path, *, strict: bool) -> None:
    """生成网站；数据有阻断问题时不生成，原有网站不变。"""
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config

    _show_log()
    started = time.monotonic()
    told = load_config(_existing(config), site_dir=site_dir, strict=strict or None)
    told.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(told)
    finally:
        told.plugins.on_shutdown()
    count = len(list(Path(told.site_dir).rglob("*.html")))
    seconds = time.monotonic() - started
    click.echo(
        f"已生成 {count} 个网页，用时 {seconds:.1f} 秒：{shown(Path(told.site_dir))}", err=True
    )


@main.command()
@click.option("-a", "--dev-addr", metavar="地址:端口", help="默认为 127.0.0.1:8000。")
@_common
def serve(dev_addr: str | None, config: Path) -> None:
    """在本机预览网站；保存数据文件后自动重新生成。"""
    from mkdocs.commands.serve import serve as mkdocs_serve

    _show_log()
    mkdocs_serve(_existing(config), livereload=True, dev_addr=dev_addr)


@main.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@_common
@click.pass_context
def render(context: click.Context, out: Path, config: Path) -> None:
    """把页面写成 Markdown 文件，放到 OUT 目录，供其他程序使用。"""
    run = examine(read_settings(config).data)
    if not run.publishable:
        listed = reports.within(run.judgement.problems, ())
        click.echo(reports.lines(listed), nl=False, err=True)
        click.echo(reports.closing(listed, run), err=True)
        context.exit(1)
    count = write_pages(pages(run, read_settings(config).content), out)
    click.echo(f"已写出 {count} 个页面到 {out}", err=True)


def _existing(config: Path) -> str:
    if not config.is_file():
        message = f"找不到 {config}；请在仓库根目录运行，或用 -f 指定"
        raise click.UsageError(message)
    return str(config)


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
