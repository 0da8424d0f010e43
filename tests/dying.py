"""Run gongkai and interrupt it at the N-th disk change: python -m tests.dying HOW N ARGUMENTS.

HOW is “kill” (kill the process at the N-th change) or “full” (from the N-th change on, the disk is
full). The last line of standard error is the number of changes.
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

_CHANGING_CALLS = ("link", "mkdir", "rename", "replace", "symlink", "unlink", "rmdir")
_GROWING_CALLS = ("link", "mkdir", "symlink")


def interrupt_disk_changes(how: str, limit: int) -> Callable[[], int]:
    """Patch the calls that change the disk; return a function that counts the changes so far."""
    count = 0

    def count_change(*, grows: bool) -> None:
        nonlocal count
        count += 1
        if count >= limit and how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if count >= limit and how == "full" and grows:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def with_count(function: Callable[..., Any], *, grows: bool) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            count_change(grows=grows)
            return function(*args, **kwargs)

        return call

    for name in _CHANGING_CALLS:
        setattr(os, name, with_count(getattr(os, name), grows=name in _GROWING_CALLS))
    shutil.copyfile = with_count(shutil.copyfile, grows=True)
    original_open = io.open

    def counted_open(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if set(mode) & set("wax+"):
            count_change(grows=True)
        return original_open(file, mode, *args, **kwargs)

    io.open = builtins.open = counted_open
    return lambda: count


if __name__ == "__main__":
    change_count = interrupt_disk_changes(sys.argv[1], int(sys.argv[2]))
    try:
        main(sys.argv[3:])
    finally:
        sys.stderr.write(f"{change_count()}\n")
