"""Folders that one test worker fills for all workers; tests read them or copy them."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def share_folder(
    factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]
) -> Path:
    """Return a folder that the first worker to get here fills, while the others wait."""
    base = factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    root.mkdir(exist_ok=True)
    folder, is_filled = root / name, root / f"{name}.filled"
    with (root / f"{name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_filled.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            fill(folder)
            is_filled.touch()
    return folder
