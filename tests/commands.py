"""Running gongkai in this process, and programs in their own."""

import contextlib
import gc
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

from click.testing import CliRunner

from gongkai.cli import main
from tests.folders import ROOT

_LOGGERS = ("mkdocs", "mkdocs.plugins.gongkai", "mkdocs.livereload", "mkdocs.commands.serve")


def run_gongkai(*arguments: object, folder: Path = ROOT) -> CompletedProcess[str]:
    """Run a gongkai command in this process, which saves the imports: a second."""
    words = [f"{argument}" for argument in arguments]
    with contextlib.chdir(folder), _own_log():
        result = CliRunner().invoke(main, words, prog_name="gongkai", catch_exceptions=False)
    gc.unfreeze()  # A command freezes all objects, as its process usually ends with it.
    return CompletedProcess(words, result.exit_code, result.stdout, result.stderr)


@contextlib.contextmanager
def _own_log() -> Iterator[None]:
    """Undo what a command changes in the log's settings."""
    settings = [
        (logger, logger.level, logger.handlers[:]) for logger in map(logging.getLogger, _LOGGERS)
    ]
    try:
        yield
    finally:
        for logger, level, handlers in settings:
            logger.setLevel(level)
            logger.handlers[:] = handlers


def run_module(
    *arguments: str, folder: Path = ROOT, import_path: str = ""
) -> CompletedProcess[str]:
    """Run a Python module in its own process, as a user runs our commands.

    Modules are imported from `import_path` first, if it is set.
    """
    paths = filter(None, (import_path, os.environ.get("PYTHONPATH")))
    inherited = {key: value for key, value in os.environ.items() if key != "NO_MKDOCS_2_WARNING"}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=inherited | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )


def run_dying(how: str, change: int, *arguments: str, folder: Path) -> CompletedProcess[str]:
    """Run gongkai in its own process, and interrupt it at a change of the disk (see tests.dying)."""
    command = ("tests.dying", how, f"{change}", *arguments)
    return run_module(*command, folder=folder, import_path=f"{ROOT}")


def run_program(*command: str, folder: Path) -> CompletedProcess[str]:
    """Run a program; git commits as 示例, and finds gongkai for its hook."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    identity = {
        f"GIT_{role}_{field}": "shili@gongkai.example"
        for role in ("AUTHOR", "COMMITTER")
        for field in ("NAME", "EMAIL")
    }
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **identity, "PATH": path},
    )
