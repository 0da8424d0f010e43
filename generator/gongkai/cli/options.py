"""Command line options shared by several commands."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from gongkai.runtime.clock import set_today
from gongkai.runtime.settings import DATA_VARIABLE

Command = TypeVar("Command", bound=Callable[..., Any])


def _set_data(_context: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        os.environ[DATA_VARIABLE] = str(value.absolute())


def _set_today(
    _context: click.Context, _option: click.Parameter, value: dt.datetime | None
) -> None:
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
    callback=_set_today,
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
JOBS = click.option(
    "-j",
    "--jobs",
    metavar="N",
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
PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))


def common_options(command: Command) -> Command:
    """Add the options that all commands understand."""
    return _DATA_OPTION(_TODAY_OPTION(_CONFIG_OPTION(command)))


def require_config(config: Path) -> Path:
    """Return the path of the configuration file; raise UsageError if it does not exist."""
    if not config.is_file():
        message = f"找不到 {config}；请在仓库根目录运行，或用 -f 指定"
        raise click.UsageError(message)
    return config
