"""The git hook that checks what is about to be committed."""

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from gongkai.checks.runner import Asked, Findings, findings
from gongkai.model.problems import Problem
from gongkai.runtime.git import GitProblem, export_index, hook_file, root, staged

NAME = "pre-commit"
_MARK = "# gongkai: 提交前核对数据；用 gongkai hook remove 撤销"
_SCRIPT = f"""#!/bin/sh
{_MARK}
for each in .venv/bin/gongkai .venv/Scripts/gongkai.exe; do
  if [ -x "$each" ]; then exec "$each" hook run; fi
done
exec gongkai hook run
"""


def install(folder: Path) -> Path:
    """Write the hook; where it lies. A hook of somebody else's is left alone."""
    path = hook_file(root(folder), NAME)
    if path.exists() and _MARK not in path.read_text("utf-8", errors="replace"):
        raise GitProblem(
            f"已有别的 {NAME} 钩子（{path}），没有改动；请在其中加一行 gongkai hook run"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_SCRIPT, "utf-8", newline="\n")
    path.chmod(0o755)
    return path


def remove(folder: Path) -> Path | None:
    """Take our hook away; None where there is none of ours."""
    path = hook_file(root(folder), NAME)
    if not path.exists() or _MARK not in path.read_text("utf-8", errors="replace"):
        return None
    path.unlink()
    return path


def check_staged(data: Path) -> Findings | None:
    """The data folder judged as the next commit will have it; None where that changes nothing there.

    Only problems in the units and forms that it touches; paths as from the repository's root.
    """
    top = root(data)
    under = data.resolve().relative_to(top.resolve()).as_posix()
    names = staged(top, under)
    if not names:
        return None
    touched = {_owner(name, under) for name in names}
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        export_index(top, under, copy)
        found = findings(Asked(copy / under, under))
    return replace(found, problems=tuple(_touched(found.problems, touched)))


def _owner(name: str, under: str) -> str:
    """The folder of the unit's year (or of the forms …) that a file belongs to."""
    parts = PurePosixPath(name).relative_to(under).parts
    depth = 3 if parts[0] == "units" and len(parts) > 3 else max(1, len(parts) - 1)  # noqa: PLR2004 - units/U/Y
    return "/".join((under, *parts[:depth]))


def _touched(problems: Iterable[Problem], folders: set[str]) -> Iterable[Problem]:
    for problem in problems:
        file = PurePosixPath(problem.position.file)
        if any(file.is_relative_to(folder) for folder in folders):
            yield problem
