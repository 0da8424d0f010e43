"""Runs gongkai, and stops it where the disk is about to change: python -m tests.dying HOW N WORDS.

HOW is “kill” (the process is killed at the N-th change) or “full” (from the N-th change on the disk
takes nothing more). The changes that were met are counted on the last line of standard error.
"""

import builtins
import errno
import io
import os
import shutil
import signal
import sys
from collections.abc import Callable
from typing import Any

from gongkai.cli import main

_CHANGES = ("link", "mkdir", "rename", "replace", "symlink", "unlink", "rmdir")
_GROWING = ("link", "mkdir", "symlink")


def stop(how: str, at: int) -> Callable[[], int]:
    """Let the process meet its fate; how many changes there were."""
    met = 0

    def change(*, grows: bool) -> None:
        nonlocal met
        met += 1
        if met >= at and how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if met >= at and how == "full" and grows:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def watched(real: Callable[..., Any], *, grows: bool) -> Callable[..., Any]:
        def act(*words: Any, **options: Any) -> Any:
            change(grows=grows)
            return real(*words, **options)

        return act

    for name in _CHANGES:
        setattr(os, name, watched(getattr(os, name), grows=name in _GROWING))
    shutil.copyfile = watched(shutil.copyfile, grows=True)
    really_open = io.open

    def opened(file: Any, mode: str = "r", *words: Any, **options: Any) -> Any:
        if set(mode) & set("wax+"):
            change(grows=True)
        return really_open(file, mode, *words, **options)

    io.open = builtins.open = opened
    return lambda: met


if __name__ == "__main__":
    count = stop(sys.argv[1], int(sys.argv[2]))
    try:
        main(sys.argv[3:])
    finally:
        sys.stderr.write(f"{count()}\n")
