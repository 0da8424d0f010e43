"""Commands on the data: check, explain and scan."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from gongkai.build.workspace import Workspace
from gongkai.checks.runner import CheckedData, CheckRequest, check_data, check_folder
from gongkai.cli.git import problems_since_release
from gongkai.cli.options import (
    JOBS,
    PATHS,
    CommonOptions,
    common_options,
    require_data_paths,
)
from gongkai.cli.report import (
    STYLES,
    problems_within,
    render_explanations,
    render_text,
    summary_line,
    units_of,
)
from gongkai.cli.terminal import Terminal
from gongkai.model.problems import sort_problems
from gongkai.reading.autofix import apply_fixes
from gongkai.reading.dataset import has_disclosures
from gongkai.release.privacy_scan import scan_for_personal_data
from gongkai.runtime.paths import display_path
from gongkai.runtime.workers import Workers


@click.command()
@PATHS
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", *STYLES]),
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
@JOBS
@common_options
@click.pass_context
def check(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context,
    paths: tuple[Path, ...],
    style: str | None,
    released: str | None,
    jobs: int,
    options: CommonOptions,
    *,
    fixes: bool,
    drafts: bool,
) -> None:
    """核对数据，列出每一处问题。

    不写文件或目录则列出全部。没有阻断问题时退出码为 0，有则为 1，用法有误为 2。
    """
    folder, today = options.data, options.today
    terminal = sys.stdout.isatty()
    style = style or ("text" if terminal else "lines")
    require_data_paths(paths, folder)
    units = units_of(paths, folder)
    if fixes:
        _apply_fixes(check_data(folder, today, drafts=drafts, only=units), folder, paths)
    request = CheckRequest(
        data=folder,
        display_name=display_path(folder),
        today=today,
        drafts=drafts,
        units=units,
        workers=Workers(jobs),
        cache=_check_cache(options),
        with_texts=style == "text",
    )
    result = check_folder(request, Terminal())
    unannounced = problems_since_release(folder, today, released, units)
    problems = problems_within(sort_problems([*result.problems, *unannounced]), paths)
    if style == "text":
        report = render_text(problems, result.sources, colours=terminal)
    else:
        report = STYLES[style](problems)
    click.echo(report, nl=False)
    if style in {"text", "lines"}:
        is_empty = not has_disclosures(folder)
        click.echo(summary_line(problems, result.files, is_empty=is_empty), err=True)
        if units:
            click.echo("只核对了这些文件所在的单位；单位之间的核对，请不写文件名再运行", err=True)
    context.exit(1 if any(problem.is_blocking for problem in problems) else 0)


def _check_cache(options: CommonOptions) -> Path | None:
    """Return the folder for results of checks; None if the site has no workspace yet."""
    workspace = Workspace(options.settings.site.resolve())
    return workspace.check_cache if workspace.folder.is_dir() else None


def _apply_fixes(run: CheckedData, folder: Path, paths: tuple[Path, ...]) -> None:
    problems = problems_within(run.judgement.problems, paths)
    for fix in apply_fixes(problems, _data_files(run, folder, paths)):
        position = f"{fix.position.file}:{fix.position.line}:{fix.position.column}"
        click.echo(f"已改 {position}: {fix.description}", err=True)


def _data_files(
    run: CheckedData, folder: Path, paths: tuple[Path, ...]
) -> Iterator[tuple[str, Path]]:
    """Yield the data files below `paths` (all if empty): name in messages, and path."""
    top = display_path(folder)
    folders = [path.absolute() for path in paths]
    for source in run.dataset.sources:
        path = folder / Path(source.file).relative_to(top)
        if not folders or any(path.absolute().is_relative_to(parent) for parent in folders):
            yield source.file, path


@click.command("scan")
@click.argument(
    "site", metavar="网站目录", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.pass_context
def scan_site(context: click.Context, site: Path) -> None:
    """在已生成的网站里查找手机号、身份证号、银行卡号、个人邮箱等；有则退出码为 1。

    认法与核对数据时相同。看文件名、网页、JSON、CSV、搜索索引，Word、Excel、压缩包（包里的包也看）、SQLite、Parquet 的里面，PDF 的正文、文档属性、批注和附件，图片附带的信息（拍摄地点、作者、说明等）；图片的画面不看，读不了的列出来。
    """
    result = scan_for_personal_data(site)
    if not (result.scanned_count or result.pictures or result.unread):
        raise click.ClickException(f"{site} 里没有文件；请写 gongkai build 生成的网站目录")
    for leak in result.leaks:
        click.echo(
            f"错误 {leak.file}:{leak.line}: 这里有{leak.personal_data.kind}（{leak.personal_data.masked}）"
        )
    for name in result.unread:
        click.echo(f"提示 {name}: 读不了，里面没有看；请自己核对")
    pictures = f"，{len(result.pictures)} 个图片等文件只看了附带的信息" if result.pictures else ""
    unread = f"，{len(result.unread)} 个读不了" if result.unread else ""
    summary = f"看了 {result.scanned_count} 个文件{pictures}{unread}："
    summary += f"{len(result.leaks)} 处个人信息" if result.leaks else "没有发现个人信息"
    click.echo(summary, err=True)
    context.exit(1 if result.leaks else 0)


@click.command()
@PATHS
@common_options
def explain(paths: tuple[Path, ...], options: CommonOptions) -> None:
    """写好“差异说明”和“勘误”的样子，填上说明、原因和日期后粘贴到 disclosure.yml。

    差异说明是给原件就对不上的数的；勘误是给公开以后改过的数的，与最近一次发布比较得出。
    """
    data, today = options.data, options.today
    require_data_paths(paths, data)
    problems = [
        *check_folder(CheckRequest(data, display_path(data), today)).problems,
        *problems_since_release(data, today, None, units_of(paths, data)),
    ]
    problems = problems_within(problems, paths)
    click.echo(render_explanations(problems), nl=False)
