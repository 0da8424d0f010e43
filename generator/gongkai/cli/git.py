"""Commands that work with git: hook and diff."""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from gongkai.cli.diff_report import STYLES
from gongkai.cli.git_hook import check_staged, install_hook, remove_hook
from gongkai.cli.options import CommonOptions, common_options
from gongkai.cli.report import render_text, summary_line
from gongkai.history.review import compare_revisions
from gongkai.model.problems import Problem
from gongkai.release.tags import find_unannounced_since, newest_tag
from gongkai.runtime.git import GitError, GitMissingError, NoCommitError, NoRepositoryError
from gongkai.runtime.paths import display_path

Result = TypeVar("Result")


@click.group()
def hook() -> None:
    """提交前自动核对（git 钩子）：install 安装，remove 撤销。"""


@hook.command("install")
@common_options
def hook_install(options: CommonOptions) -> None:
    """安装钩子：以后每次 git commit，先核对要提交的数据，有错误就不提交。"""
    path = report_git_problems(lambda: install_hook(options.data))
    click.echo(f"已安装：{display_path(path)}；撤销用 gongkai hook remove", err=True)


@hook.command("remove")
@common_options
def hook_remove(options: CommonOptions) -> None:
    """撤销钩子。"""
    path = report_git_problems(lambda: remove_hook(options.data))
    click.echo(f"已撤销：{display_path(path)}" if path else "没有本程序安装的钩子", err=True)


@hook.command("run")
@common_options
@click.pass_context
def hook_run(context: click.Context, options: CommonOptions) -> None:
    """核对要提交的数据（由钩子调用）：看的是 git add 过的内容。"""
    result = report_git_problems(lambda: check_staged(options.data, options.today))
    if result is None:
        context.exit(0)
    problems = result.problems
    click.echo(render_text(problems, result.sources, colours=sys.stdout.isatty()), nl=False)
    click.echo(summary_line(problems, result.files), err=True)
    context.exit(1 if any(problem.is_blocking for problem in problems) else 0)


@click.command()
@click.argument("old", metavar="版本1")
@click.argument("new", metavar="[版本2]", required=False, default="")
@click.option(
    "--format",
    "style",
    type=click.Choice(list(STYLES)),
    default="text",
    show_default=True,
    help="text 给人看；markdown 可以贴到合并请求里；json 供其他程序使用。",
)
@click.option("--exit-code", "tells", is_flag=True, help="有改动时退出码为 1。")
@common_options
@click.pass_context
def diff(  # noqa: PLR0913 - one parameter an option
    context: click.Context, old: str, new: str, style: str, options: CommonOptions, *, tells: bool
) -> None:
    """用文字说明两个版本的数据有哪些不同：哪份文件、哪一处、原值、新值、勘误的原因。

    版本是 git 的提交编号、分支、标签，或发布的名称（例如 2026-11-23）；不写版本2，就与现在的文件比较。
    """
    changes = report_git_problems(lambda: compare_revisions(options.data, options.today, old, new))
    click.echo(STYLES[style](changes), nl=False)
    if tells and changes:
        context.exit(1)


def report_git_problems(action: Callable[[], Result]) -> Result:
    """Call `action`; turn a GitError into a message of the command line."""
    try:
        return action()
    except GitError as problem:
        raise click.ClickException(str(problem)) from problem


def problems_since_release(
    folder: Path, today: dt.date, released: str | None, only: frozenset[str] = frozenset()
) -> list[Problem]:
    """Return changes since the release that have no 勘误; none without git or a release."""
    try:
        revision = released or newest_tag(folder)
        if not revision and sys.stdout.isatty():
            click.echo("还没有发布过（gongkai release），没有与已公开的数据比较", err=True)
        return find_unannounced_since(folder, today, revision, only) if revision else []
    except GitError as problem:
        if released:
            raise click.ClickException(str(problem)) from problem
        is_usual = isinstance(problem, GitMissingError | NoRepositoryError | NoCommitError)
        if folder.is_dir() and not is_usual:
            click.echo(f"没有与已公开的数据比较：{problem}", err=True)
        return []
