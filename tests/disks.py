"""Disks that a test mounts for itself: disk images and tmpfs."""

import contextlib
import ctypes
import functools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import run_program

_CLONE_NEWNS = 0x00020000


@contextlib.contextmanager
def mount_or_skip(root: Path, *options: str) -> Iterator[Path]:
    """Mount a disk; skip the test, with the system's message, where that is not allowed."""
    root.mkdir(parents=True, exist_ok=True)
    try:
        _leave_system_mounts()
        mount(root, *options)
    except OSError as error:
        pytest.skip(f"disks cannot be mounted here: {error}")
    try:
        yield root
    finally:
        unmount(root)


def mount(root: Path, *options: str) -> None:
    """Mount a disk, or mount it again with other options."""
    done = run_program("mount", *options, f"{root}", folder=root.parent)
    if done.returncode:
        raise OSError(done.stderr.strip())


def unmount(root: Path) -> None:
    """Unmount a disk as soon as killed processes have left it."""
    for _ in range(100):
        done = run_program("umount", f"{root}", folder=root.parent)
        if done.returncode == 0:
            return
        time.sleep(0.05)
    raise OSError(done.stderr.strip())


@functools.cache
def _leave_system_mounts() -> None:
    """Give this thread, and the processes that it starts, a mount table of their own.

    Its mounts end with it: a test that is killed leaves no disk behind, which would stop pytest
    from deleting the folder later.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNS):
        raise OSError(os.strerror(ctypes.get_errno()))
    mount(Path("/"), "--make-rprivate")
