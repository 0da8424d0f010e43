"""Commands for a publisher's repository: init and upgrade."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import click

from gongkai.authoring.demo.history import DEMO, write_demo
from gongkai.authoring.migrations import MIGRATIONS, FileChange, apply_change, render_diff
from gongkai.authoring.new_files import write_schemas
from gongkai.authoring.publisher_files import (
    TO_FILL_IN,
    Platform,
    Publisher,
    publisher_files,
    write_publisher,
)
from gongkai.cli.git_hook import install_hook
from gongkai.cli.options import CommonOptions, common_options
from gongkai.model.terms import UNIT_LEVELS
from gongkai.reading.dataset import read_common_data
from gongkai.release.upgrade import (
    UpgradeError,
    VersionChanges,
    compare_versions,
    pinned_versions,
)
from gongkai.runtime.clock import today
from gongkai.runtime.git import GitError, NoRepositoryError, repository_root, run_git
from gongkai.runtime.paths import display_path
from gongkai.runtime.settings import Settings

_MOST_ENTRIES = 20
"""Most entries listed under one heading."""
_DEFAULTS = Publisher()
_QUESTIONS = {
    "name": f"站点名称（直接按回车：{_DEFAULTS.name}）",
    "organiser": "主办单位，例如 某某县财政局",
    "domain": "域名，例如 jixiao.某某.gov.cn（还没有的按回车）",
    "region": "行政区划，例如 某某省某某市某某县",
    "level": f"单位的级别：{'、'.join(UNIT_LEVELS)}（直接按回车：{_DEFAULTS.level}）",
}
"""Questions by field of the publisher."""


@click.command()
@click.argument("folder", metavar="目录", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", metavar="站点名称", help="网站的名称。")
@click.option("--organiser", metavar="主办单位", help="由谁公开。")
@click.option("--domain", metavar="域名", help="网站的域名，不带协议和斜线。")
@click.option("--region", metavar="行政区划", help="例如 某某省某某市某某县。")
@click.option("--level", metavar="级别", type=click.Choice(UNIT_LEVELS), help="单位的级别。")
@click.option(
    "--platform",
    type=click.Choice([platform.value for platform in Platform]),
    default=Platform.NONE.value,
    help="用哪个代码平台；没有的不写。",
)
@click.option(
    "--wheel",
    metavar="文件",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="安装程序用的文件，写明了，锁定的版本就带校验值。",
)
@click.option("--demo", is_flag=True, help="新建一个虚构的示例县：40 个单位，四个年度，五次发布。")
def init(
    folder: Path, wheel: Path | None, platform: str, *, demo: bool, **answers: str | None
) -> None:
    """新建一个公开单位自己的目录：只有本地的数据、文字和设置，表式、样子、手册都由程序提供。

    没有用选项写明的，逐项询问；已有的文件不改动。
    """
    if demo:
        _init_demo(folder, Platform(platform))
        return
    publisher = Publisher(platform=Platform(platform), **_ask_for(answers))
    _require_answers(publisher)
    files = publisher_files(publisher, wheel)
    existing = [name for name in files if (folder / name).exists()]
    if existing:
        raise click.ClickException(f"{folder / existing[0]} 已经有了，没有改动；请换一个目录")
    write_publisher(folder, files)
    write_schemas(
        filter(None, read_common_data(folder / "data", "data", today()).forms.values()),
        folder / "data",
    )
    for name in files:
        click.echo(f"新建 {display_path(folder / name)}")
    for line in (*_prepare_git(folder), *_next_steps(folder, publisher)):
        click.echo(line, err=True)


def _init_demo(folder: Path, platform: Platform) -> None:
    """Make the repository of the made-up county."""
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} 里已经有文件，没有改动；请换一个目录")
    folder.mkdir(parents=True, exist_ok=True)
    click.echo("正在写示例县的数据和五次发布，约半分钟", err=True)
    try:
        write_demo(folder, publisher_files(replace(DEMO, platform=platform)))
    except GitError as error:
        raise click.ClickException(f"示例县要用 git 才能建：{error}") from error
    click.echo(f"已新建示例县：cd {folder}，再运行 gongkai serve 或 gongkai build", err=True)


def _ask_for(answers: Mapping[str, str | None]) -> dict[str, str]:
    """Return the answers; ask on the terminal for those that no option gives."""
    complete: dict[str, str] = {}
    for field, question in _QUESTIONS.items():
        answer = answers[field]
        if answer is None:
            click.echo(f"{question}：", nl=False, err=True)
            line = sys.stdin.readline()
            answer = line.strip()
            if not line:
                click.echo(err=True)
        complete[field] = answer or f"{getattr(_DEFAULTS, field)}"
    return complete


def _require_answers(publisher: Publisher) -> None:
    """Raise UsageError if an answer cannot be used."""
    domain = publisher.domain
    if "/" in domain or ":" in domain or " " in domain:
        raise click.UsageError(f"域名只写域名，不写 https:// 和斜线，这里写的是“{domain}”")
    if publisher.level not in UNIT_LEVELS:
        levels = "、".join(UNIT_LEVELS)
        raise click.UsageError(f"级别应从{levels}中选一个，这里写的是“{publisher.level}”")


def _prepare_git(folder: Path) -> list[str]:
    """Make a git repository with our hook, unless there is one; return what could not be done."""
    try:
        try:
            repository_root(folder)
        except NoRepositoryError:
            run_git("init", "--quiet", folder=folder)
        install_hook(folder)
    except GitError as error:
        return [f"没有建成 git 仓库，网站照样能生成：{error}"]
    return []


def _next_steps(folder: Path, publisher: Publisher) -> list[str]:
    blank = [
        label
        for label, value in (("域名", publisher.domain), ("行政区划", publisher.region))
        if not value
    ]
    blank += ["主办单位"] if publisher.organiser == TO_FILL_IN else []
    lines = [f"还没有写：{'、'.join(blank)}；请填在 {display_path(folder / 'data/site.yml')}"]
    return [
        *(lines if blank else []),
        f"下一步：cd {folder}，再运行 gongkai new 单位代号 年度 新建第一个单位，gongkai serve 看网页",
    ]


@click.command()
@click.argument(
    "wheel",
    metavar="[新版本]",
    required=False,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
)
@click.option("--check", "only_check", is_flag=True, help="只看会有哪些变化，什么也不改。")
@click.option("--write", is_flag=True, help="照列出的改动写文件。")
@common_options
def upgrade(wheel: Path | None, options: CommonOptions, *, only_check: bool, write: bool) -> None:
    """升级程序之前看会有哪些变化，升级之后改数据。

    写明新版本的安装文件的：拿它和现在的版本各核对、各生成一次，列出表式、键、核对结果、网页有哪些不同；
    加 --write 把新的版本号和校验值写进锁定版本的文件。不写的：列出照现在的版本应改的文件，加 --write 才改。
    """
    config = options.require_config()
    if wheel and write and not only_check:
        _pin(config.parent / "requirements.txt", wheel)
    elif wheel:
        try:
            click.echo(
                render_comparison(compare_versions(wheel, options.settings, config)), nl=False
            )
        except UpgradeError as error:
            raise click.ClickException(f"{error}") from error
    else:
        _migrate(options.settings, config.parent.absolute(), write=write and not only_check)


def _pin(path: Path, wheel: Path) -> None:
    """Write requirements.txt for a new version, and print what changes."""
    try:
        change = FileChange(path.absolute(), pinned_versions(wheel))
    except UpgradeError as error:
        raise click.ClickException(f"{error}") from error
    if path.is_file():
        click.echo(render_diff(change, path.absolute().parent), nl=False)
    apply_change(change)
    click.echo(f"已改写 {path}；请用它安装新版本，再运行一次 gongkai upgrade", err=True)


def _migrate(settings: Settings, top: Path, *, write: bool) -> None:
    """Print the changes that this version calls for; make them if `write`."""
    count = 0
    for migration in MIGRATIONS:
        changes = list(migration.find_changes(settings))
        if changes:
            click.echo(f"# {migration.name}")
        for change in changes:
            count += 1
            absolute = replace(change, path=change.path.absolute())
            click.echo(render_diff(absolute, top), nl=False)
            if write:
                apply_change(absolute)
    if not count:
        click.echo("没有要改的文件", err=True)
    elif write:
        click.echo(f"改了 {count} 个文件；请用 git diff 看一遍，再运行 gongkai build", err=True)
    else:
        click.echo(f"有 {count} 个文件可以改，现在没有改；要改请加 --write", err=True)


def render_comparison(comparison: VersionChanges) -> str:
    """Return what another version changes, in Chinese."""
    sections = (
        ("表式", comparison.forms),
        ("site.yml、unit.yml、disclosure.yml 的键", comparison.keys),
        ("自己的网页和模板", comparison.own_copies),
        ("核对结果", comparison.problems),
        ("网页", comparison.pages),
    )
    lines = [f"从 {version('gongkai')} 到 {comparison.version}"]
    lines += [comparison.news.rstrip()] if comparison.news else []
    for title, entries in sections:
        lines.append(f"{title}：{f'{len(entries)} 处不同' if entries else '没有不同'}")
        lines += [f"  {entry}" for entry in entries[:_MOST_ENTRIES]]
        lines += [f"  …共 {len(entries)} 处"] if len(entries) > _MOST_ENTRIES else []
    return "\n".join(lines) + "\n"
