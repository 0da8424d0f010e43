"""Command line options shared by several commands."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from gongkai.build.workspace import Workspace
from gongkai.runtime.clock import today
from gongkai.runtime.paths import display_path
from gongkai.runtime.settings import Settings, read_settings

Result = TypeVar("Result")

_DATA_OPTION = click.option(
    "--data",
    "data_folder",
    metavar="目录",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="数据目录，默认为 data。",
)
_TODAY_OPTION = click.option(
    "--today",
    "day",
    metavar="日期",
    type=click.DateTime(["%Y-%m-%d"]),
    help="把这一天（YYYY-MM-DD）当作今天；默认取环境变量 SOURCE_DATE_EPOCH，没有则取当前日期。",
)


def _require_named_file(context: click.Context, option: click.Parameter, config: Path) -> Path:
    """Return the configuration file; raise BadParameter if it is named and does not exist."""
    is_named = context.get_parameter_source(f"{option.name}") is ParameterSource.COMMANDLINE
    if is_named and not config.is_file():
        raise click.BadParameter(f"文件“{config}”不存在；请核对名称和所在的目录")
    return config


_CONFIG_OPTION = click.option(
    "-f",
    "--config-file",
    "config",
    metavar="文件",
    default=Path("mkdocs.yml"),
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_require_named_file,
    help="MkDocs 的配置文件，里面写着数据目录在哪里。",
)
JOBS = click.option(
    "-j",
    "--jobs",
    metavar="个数",
    type=click.IntRange(0),
    default=0,
    help="同时用几个进程，默认与处理器数相同。",
)
EXECUTOR = click.option(
    "--executor",
    metavar="名称",
    default="",
    help="交给别的执行器：dask（本机）、dask:tcp://调度器:端口，或“模块:函数”。",
)
PATHS = click.argument(
    "paths", metavar="[文件或目录]…", nargs=-1, type=click.Path(path_type=Path, exists=True)
)


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """Options that all commands understand."""

    config: Path
    """The publisher's mkdocs.yml, which may be missing."""
    settings: Settings
    given_day: dt.date | None
    """The day of --today."""

    @property
    def today(self) -> dt.date:
        """The day of --today, else that of SOURCE_DATE_EPOCH or of the clock."""
        return self.given_day or today()

    @property
    def data(self) -> Path:
        """The data folder: that of --data, else that of mkdocs.yml."""
        return self.settings.data

    def require_config(self) -> Path:
        """Return the path of mkdocs.yml; raise UsageError if it does not exist."""
        if not self.config.is_file():
            message = f"找不到 {self.config}；请在仓库根目录运行，或用 -f 指定"
            raise click.UsageError(message)
        return self.config


def slug_message(slug: str) -> str:
    """Return the message that the id of a unit or project is not a slug."""
    return (
        f"代号“{slug}”会成为网址的一部分，只能用小写英文字母、数字和连字符（例如 jsx-2），"
        "且不能是 index、readme"
    )


def refuse_overwriting(paths: Sequence[Path], *, force: bool) -> None:
    """Raise UsageError if a file exists, unless `force` is set."""
    existing = [path for path in paths if path.exists()]
    if existing and not force:
        names = "\n".join(f"  {display_path(path)}" for path in existing)
        raise click.UsageError(f"这些文件已经有了，没有改动；要改写请加 --force：\n{names}")


def require_data_paths(paths: Iterable[Path], data: Path) -> None:
    """Raise UsageError if a path neither is within the data folder nor contains it."""
    folder = data.resolve()
    for path in paths:
        target = path.resolve()
        if not (target.is_relative_to(folder) or folder.is_relative_to(target)):
            message = f"“{path}”不在数据目录 {display_path(data)} 里；请写数据目录里的文件或目录，或用 --data 指定"
            raise click.UsageError(message)


def common_options(command: Callable[..., Result]) -> Callable[..., Result]:
    """Add the options that all commands understand; the command takes them as `options`."""

    @wraps(command)
    def run(
        *args: Any,  # noqa: ANN401 - the options of any command
        config: Path,
        data_folder: Path | None,
        day: dt.datetime | None,
        **own_options: Any,  # noqa: ANN401
    ) -> Result:
        options = CommonOptions(
            config=config,
            settings=read_settings(config, data_folder and data_folder.absolute()),
            given_day=day.date() if day else None,
        )
        if Workspace(options.settings.site.resolve()).complete_publication():
            click.echo("上次更新网站时被打断，现在已经换完", err=True)
        return command(*args, options=options, **own_options)

    return _DATA_OPTION(_TODAY_OPTION(_CONFIG_OPTION(run)))
