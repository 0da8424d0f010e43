"""The commands that work with git: hook, diff."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from gongkai.build.render import shown
from gongkai.cli import git_hook as hooks
from gongkai.cli import report as reports
from gongkai.cli.diff_report import STYLES
from gongkai.cli.options import common
from gongkai.history.review import review
from gongkai.model.problems import Problem
from gongkai.release.tags import newest, unannounced_since
from gongkai.runtime.git import GitProblem
from gongkai.runtime.settings import read_settings

Found = TypeVar("Found")


@click.group()
def hook() -> None:
    """提交前自动核对（git 钩子）：install 安装，remove 撤销。"""


@hook.command("install")
@common
def hook_install(config: Path) -> None:
    """安装钩子：以后每次 git commit，先核对要提交的数据，有错误就不提交。"""
    path = in_git(lambda: hooks.install(read_settings(config).data))
    click.echo(f"已安装：{shown(path)}；撤销用 gongkai hook remove", err=True)


@hook.command("remove")
@common
def hook_remove(config: Path) -> None:
    """撤销钩子。"""
    path = in_git(lambda: hooks.remove(read_settings(config).data))
    click.echo(f"已撤销：{shown(path)}" if path else "没有本程序安装的钩子", err=True)


@hook.command("run")
@common
@click.pass_context
def hook_run(context: click.Context, config: Path) -> None:
    """核对要提交的数据（由钩子调用）：看的是 git add 过的内容。"""
    found = in_git(lambda: hooks.check_staged(read_settings(config).data))
    if found is None:
        context.exit(0)
    problems = found.problems
    click.echo(reports.text(problems, found.sources, colours=sys.stdout.isatty()), nl=False)
    click.echo(reports.closing(problems, found.files), err=True)
    context.exit(1 if any(problem.blocks for problem in problems) else 0)


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
@common
@click.pass_context
def diff(  # noqa: PLR0913 - one parameter an option
    context: click.Context, old: str, new: str, style: str, config: Path, *, tells: bool
) -> None:
    """用文字说明两个版本的数据有哪些不同：哪份文件、哪一处、原值、新值、勘误的原因。

    版本是 git 的提交编号、分支、标签，或发布的名称（例如 2026-11-23）；不写版本2，就与现在的文件比较。
    """
    found = in_git(lambda: review(read_settings(config).data, old, new))
    click.echo(STYLES[style](found), nl=False)
    if tells and found:
        context.exit(1)


def in_git(do: Callable[[], Found]) -> Found:
    """Do something with git; what git says against it is told."""
    try:
        return do()
    except GitProblem as problem:
        raise click.ClickException(str(problem)) from problem


def since_release(
    folder: Path, released: str | None, only: frozenset[str] = frozenset()
) -> list[Problem]:
    """What has changed since the release without a 勘误; nothing where there is no git or release."""
    try:
        revision = released or newest(folder)
        if not revision and sys.stdout.isatty():
            click.echo("还没有发布过（gongkai release），没有与已公开的数据比较", err=True)
        return unannounced_since(folder, shown(folder), revision, only) if revision else []
    except GitProblem as problem:
        if released:
            raise click.ClickException(str(problem)) from problem
        return []
