"""The commands that work with git: hook, release."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from generator import hooks, reports
from generator.clock import today
from generator.git import GitProblem
from generator.options import common
from generator.releasing import newest, since, tag
from generator.settings import read_settings
from generator.site import Run, examine, shown

Found = TypeVar("Found")


@click.group()
def hook() -> None:
    """提交前自动核对（git 钩子）：install 安装，remove 撤销。"""


@hook.command("install")
@common
def hook_install(config: Path) -> None:
    """安装钩子：以后每次 git commit，先核对要提交的数据，有错误就不提交。"""
    path = _in_git(lambda: hooks.install(read_settings(config).data))
    click.echo(f"已安装：{shown(path)}；撤销用 gongkai hook remove", err=True)


@hook.command("remove")
@common
def hook_remove(config: Path) -> None:
    """撤销钩子。"""
    path = _in_git(lambda: hooks.remove(read_settings(config).data))
    click.echo(f"已撤销：{shown(path)}" if path else "没有本程序安装的钩子", err=True)


@hook.command("run")
@common
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


@click.command()
@common
@click.pass_context
def release(context: click.Context, config: Path) -> None:
    """标记一次发布：核对通过、已提交的数据，打上 git 标签 released/日期。

    以后 gongkai check 与它比较：公开过的值改了而没有勘误的，算作错误。
    """
    folder = read_settings(config).data
    run = since_release(examine(folder), folder, None)
    if run.judgement.blocks:
        click.echo(reports.lines(run.judgement.problems), nl=False, err=True)
        click.echo(reports.closing(run.judgement.problems, run), err=True)
        context.exit(1)
    name = _in_git(lambda: tag(folder, today()))
    click.echo(f"已标记为 {name}；撤销用 git tag -d {name}", err=True)


def since_release(
    run: Run, folder: Path, released: str | None, only: frozenset[str] = frozenset()
) -> Run:
    """With what changed since the release; where there is no git or no release, as it is."""
    try:
        revision = released or newest(folder)
        if not revision and sys.stdout.isatty():
            click.echo("还没有发布过（gongkai release），没有与已公开的数据比较", err=True)
        return since(run, folder, revision, only) if revision else run
    except GitProblem as problem:
        if released:
            raise click.ClickException(str(problem)) from problem
        return run
