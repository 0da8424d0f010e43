"""Git pre-commit hook that checks the staged data."""

import datetime as dt
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from gongkai.checks.runner import CheckRequest, CheckResult, check_folder
from gongkai.model.problems import Problem
from gongkai.runtime.git import (
    GitError,
    export_index,
    hook_path,
    list_staged_files,
    repository_root,
)

_NAME = "pre-commit"
_MARK = "# gongkai: 提交前核对数据；用 gongkai hook remove 撤销"
_SCRIPT = f"""#!/bin/sh
{_MARK}
for program in .venv/bin/gongkai .venv/Scripts/gongkai.exe; do
  if [ -x "$program" ]; then exec "$program" hook run; fi
done
exec gongkai hook run
"""


def install_hook(folder: Path) -> Path:
    """Write the hook and return its path; raise GitError if another hook is installed."""
    path = hook_path(repository_root(folder), _NAME)
    if path.exists() and _MARK not in path.read_text("utf-8", errors="replace"):
        raise GitError(
            f"已有别的 {_NAME} 钩子（{path}），没有改动；请在其中加一行 gongkai hook run"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_SCRIPT, "utf-8", newline="\n")
    path.chmod(0o755)
    return path


def remove_hook(folder: Path) -> Path | None:
    """Delete our hook and return its path; None if it is not installed."""
    path = hook_path(repository_root(folder), _NAME)
    if not path.exists() or _MARK not in path.read_text("utf-8", errors="replace"):
        return None
    path.unlink()
    return path


def check_staged(data: Path, today: dt.date) -> CheckResult | None:
    """Check the data folder as staged; None if nothing is staged there.

    The findings are limited to the unit years and forms that the commit touches; their paths are
    relative to the repository root.
    """
    top = repository_root(data)
    data_path = data.resolve().relative_to(top.resolve()).as_posix()
    staged_files = list_staged_files(top, data_path)
    if not staged_files:
        return None
    folders = {_owning_folder(file, data_path) for file in staged_files}
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary)
        export_index(top, data_path, copy)
        result = check_folder(CheckRequest(copy / data_path, data_path, today))
    return replace(result, problems=tuple(_problems_in(result.problems, folders)))


def _owning_folder(file: str, data_path: str) -> str:
    """Return the folder of the unit's year, of the forms etc. that a file belongs to."""
    parts = PurePosixPath(file).relative_to(data_path).parts
    depth = 3 if parts[0] == "units" and len(parts) > 3 else max(1, len(parts) - 1)  # noqa: PLR2004 - units/U/Y
    return "/".join((data_path, *parts[:depth]))


def _problems_in(problems: Iterable[Problem], folders: set[str]) -> Iterable[Problem]:
    for problem in problems:
        file = PurePosixPath(problem.position.file)
        if any(file.is_relative_to(folder) for folder in folders):
            yield problem
