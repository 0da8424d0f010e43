"""Command line of gongkai: check, new, forms, build and the other commands."""

import contextlib
import difflib
import errno
import gc
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor
from importlib import import_module
from pathlib import Path

import click

from gongkai.cli.chinese import translate_click, translate_usage
from gongkai.runtime.errors import UnavailableError
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.os_errors import explain_os_error
from gongkai.runtime.workers import ExecutorError

_COMMANDS: Mapping[str, str] = {
    "build": "site:build",
    "check": "data:check",
    "diff": "git:diff",
    "edit": "editor:edit",
    "explain": "data:explain",
    "export": "office:export",
    "forms": "forms:forms",
    "hook": "git:hook",
    "import": "office:import_",
    "import-all": "county:import_all",
    "init": "publisher:init",
    "new": "new_data:new",
    "release": "release:release",
    "render": "site:render",
    "reproduce": "release:reproduce",
    "rollback": "release:rollback",
    "rules": "rules:rules",
    "scan": "data:scan_site",
    "schemas": "new_data:schemas",
    "serve": "site:serve",
    "template": "office:template",
    "upgrade": "publisher:upgrade",
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
        if not isinstance(command, click.Command):
            return None
        translate_usage(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name; fail with the nearest name if there is none."""
        if args[0] not in _COMMANDS and not ctx.resilient_parsing:
            nearest = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            advice = f"是否应为“{nearest[0]}”？" if nearest else "全部命令用 gongkai -h 列出"
            ctx.fail(f"没有命令 {args[0]}；{advice}")
        return super().resolve_command(ctx, args)

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
    where = f"：{error.filename}" if error.filename else ""
    advice = _permission_advice(error) if isinstance(error, PermissionError) else ""
    return f"{explain_os_error(error)}{where}；没有做完，原有的网站没有改动{advice}"


def _permission_advice(error: PermissionError) -> str:
    """Return who may do what was refused, if the file or a folder above it exists."""
    path = Path(error.filename).absolute() if isinstance(error.filename, str) else None
    for existing in (path, *path.parents) if path else ():
        with contextlib.suppress(OSError, KeyError, NotImplementedError):
            return f"。它属于用户 {existing.owner()}，请用这个用户运行，或者请管理员改权限"
    return ""


translate_click()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai", message="gongkai %(version)s")
def main() -> None:
    """预算绩效自评公开：核对数据，生成网站。"""


translate_usage(main)
