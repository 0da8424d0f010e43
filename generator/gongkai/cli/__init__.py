"""Command line of gongkai: check, new, forms, build and the other commands."""

import errno
import gc
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor
from importlib import import_module

import click

from gongkai.runtime.errors import UnavailableError
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.workers import ExecutorError

_COMMANDS: Mapping[str, str] = {
    "build": "site:build",
    "check": "data:check",
    "diff": "git:diff",
    "explain": "data:explain",
    "export": "office:export",
    "forms": "data:forms",
    "hook": "git:hook",
    "import": "office:import_",
    "new": "data:new",
    "release": "release:release",
    "render": "site:render",
    "rollback": "release:rollback",
    "rules": "data:rules",
    "scan": "data:scan_site",
    "schemas": "data:schemas",
    "serve": "site:serve",
    "template": "office:template",
    "verify": "release:verify",
}
"""Module and function of every command; imported on use, so that a build skips the Office code."""


class _Commands(click.Group):
    """Group that imports commands on use and turns errors outside the data into messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        """Return the command names, sorted."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command; None if there is none of this name."""
        module, _, name = _COMMANDS.get(cmd_name, "").partition(":")
        if not name:
            return None
        with pause_gc():
            command = getattr(import_module(f"gongkai.cli.{module}"), name)
        gc.freeze()  # Imported modules stay, so the collector need not traverse them again.
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; raise ClickException for environment, process and disk errors."""
        try:
            return super().invoke(ctx)
        except (ExecutorError, UnavailableError) as error:
            raise click.ClickException(str(error)) from error
        except BrokenExecutor:
            message = "做事的进程意外停止了（可能是内存不够）；网站没有改动，请用 -j 1 再试"
            raise click.ClickException(message) from None
        except OSError as error:
            if error.errno == errno.EPIPE or isinstance(error, click.ClickException):
                raise
            raise click.ClickException(_disk_message(error)) from error
        finally:
            gc.freeze()  # The program ends; a final collection would only cost time.


def _disk_message(error: OSError) -> str:
    """Return the Chinese message for a file system error."""
    reasons = {
        errno.ENOSPC: "磁盘满了",
        errno.EDQUOT: "磁盘配额用完了",
        errno.EFBIG: "文件超过了系统允许的大小",
        errno.EROFS: "磁盘是只读的",
        errno.EACCES: "没有权限",
        errno.EPERM: "没有权限",
    }
    reason = reasons.get(error.errno or 0, error.strerror or str(error))
    where = f"：{error.filename}" if error.filename else ""
    return f"{reason}{where}；没有做完，原有的网站没有改动"


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai", message="gongkai %(version)s")
def main() -> None:
    """预算绩效自评公开：核对数据，生成网站。"""
