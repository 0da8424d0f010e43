"""Commands on the data: check, explain, forms, new, schemas, rules and scan."""

import sys
import unicodedata
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from gongkai.authoring.json_schemas import SCHEMA_FOLDER
from gongkai.authoring.new_files import (
    UNIT_FILE,
    NewFilesRequest,
    UnclearRequest,
    build_new_files,
    write_new_files,
    write_schemas,
)
from gongkai.build.workspace import Workspace
from gongkai.checks.registry import RULES
from gongkai.checks.runner import CheckedData, CheckRequest, check_data, check_folder
from gongkai.cli.form_choice import can_ask, choose_form
from gongkai.cli.form_help import (
    no_forms_message,
)
from gongkai.cli.git import problems_since_release
from gongkai.cli.options import (
    JOBS,
    PATHS,
    CommonOptions,
    common_options,
    require_data_paths,
    slug_message,
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
from gongkai.model.schema import find_nearest
from gongkai.pages.rules import render_rule_text
from gongkai.reading.autofix import apply_fixes
from gongkai.reading.files import is_slug
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
        click.echo(summary_line(problems, result.files), err=True)
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


@click.command()
@click.argument("unit", metavar="单位代号")
@click.argument("year", metavar="年度", type=click.IntRange(1990, 2100))
@click.option("--form", "named", metavar="表式", multiple=True, help="用哪张表，可以写几次。")
@click.option("--project", metavar="项目代号", default="", help="新建一个项目的文件。")
@click.option("--name", metavar="项目名称", default="", help="项目的全称。")
@click.option("--unit-name", metavar="单位名称", default="", help="新单位的全称。")
@common_options
@click.pass_context
def new(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context,
    unit: str,
    year: int,
    named: tuple[str, ...],
    project: str,
    name: str,
    unit_name: str,
    options: CommonOptions,
) -> None:
    """新建一个单位一个年度的文件，每一行都注明要填什么；已有的文件不改动。

    单位代号、项目代号会成为网址的一部分，只用小写英文字母、数字和连字符。
    不写 --form 时，按 unit.yml 的地区、级别和年度选用表式；几张都适用的，在终端里看着本地的表回答
    几句。还没有 unit.yml 的，先新建它，填好以后再运行一次。新单位写明 --unit-name，site.yml 又写了级别和行政区划的，一次就都新建好。
    """
    folder = options.data
    for slug in filter(None, (unit, project)):
        if not is_slug(slug):
            click.echo(slug_message(slug), err=True)
            context.exit(2)
    dataset = check_data(folder, options.today).dataset
    request = NewFilesRequest(unit, year, named, project, name, unit_name)
    unit_file = folder / "units" / unit / UNIT_FILE
    words = {"年度": f"{year}", "上年": f"{year - 1}"}
    choose = partial(choose_form, words=words) if can_ask() else None
    try:
        files = build_new_files(dataset, request, has_unit_file=unit_file.exists(), choose=choose)
    except UnclearRequest as error:
        click.echo(str(error), err=True)
        context.exit(2)
    written, existing = write_new_files(files, folder)
    write_schemas(dataset.forms, folder)
    for path in written:
        click.echo(f"新建 {display_path(path)}")
    for path in existing:
        click.echo(f"已有 {display_path(path)}，没有改动")
    click.echo(_new_files_advice(written, unit_file, request), err=True)


def _new_files_advice(written: list[Path], unit_file: Path, request: NewFilesRequest) -> str:
    """Return what to do after gongkai new."""
    if not written:
        return "没有新建文件"
    if written != [unit_file]:
        return "填好后运行 gongkai check 核对"
    return (
        f"请先在 {display_path(unit_file)} 里填写名称、级别、行政区划（选表式要用），"
        f"再运行一次 gongkai new {request.unit} {request.year}，就会新建各张表"
    )


@click.command()
@common_options
def schemas(options: CommonOptions) -> None:
    """写出各表式的 JSON Schema，供编辑器补全和检查中文键。"""
    folder = options.data
    known_forms = check_data(folder, options.today).dataset.forms
    if not known_forms:
        raise click.ClickException(no_forms_message())
    count = write_schemas(known_forms, folder)
    click.echo(f"已写出 {count} 份到 {display_path(folder / SCHEMA_FOLDER)}", err=True)


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


@click.command()
@click.argument("rule_id", metavar="[规则]", required=False)
@click.pass_context
def rules(context: click.Context, rule_id: str | None) -> None:
    """列出全部校验规则；写明规则（例如 DF-03，或它的名称）则说明这一条。"""
    name = unicodedata.normalize("NFKC", rule_id or "").upper()
    named = next((rule for rule in RULES if name in {rule.id, rule.name}), None)
    listed = [rule for rule in RULES if rule.id.startswith(name)]
    if named:
        click.echo(render_rule_text(named), nl=False)
        return
    for rule in listed:
        first_line = rule.text.strip().split("\n")[0]
        click.echo(f"{rule.id} {''.join(rule.levels)} {rule.name}：{first_line}")
    if not listed:
        nearest = find_nearest(name, [word for rule in RULES for word in (rule.id, rule.name)])
        hint = f"是否应为“{nearest}”？" if nearest else "全部规则用 gongkai rules 列出"
        click.echo(f"没有规则“{rule_id}”；{hint}", err=True)
        context.exit(2)


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
