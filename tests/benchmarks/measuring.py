"""What a command costs: processor time, wall time and memory of it and all that it starts."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.1
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command took."""

    cpu: float
    """Seconds of all its processes, user and system."""
    wall: float
    peak: float
    """MB of all its processes together; what they share counts once (PSS)."""
    said: str
    """Its standard error."""


def surroundings() -> dict[str, str]:
    """The environment of what is measured: with compiled modules kept, as on any machine."""
    kept = {name: word for name, word in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "NO_MKDOCS_2_WARNING": "1"}


def measured(*words: str, folder: Path, expected: int = 0) -> Usage:
    """Run a command to its end."""
    started = time.monotonic()
    with subprocess.Popen(
        words, cwd=folder, env=surroundings(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        peak = _Peak(process.pid)
        peak.start()
        assert process.stderr
        said = process.stderr.read().decode("utf-8", "replace")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    peak.over.set()
    peak.join()
    if process.returncode != expected:
        sys.exit(f"{' '.join(words)}: {process.returncode}\n{said[-2000:]}")
    return Usage(used.ru_utime + used.ru_stime, wall, peak.most / 1024, said)


class _Peak(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.over = pid, 0, threading.Event()

    def run(self) -> None:
        """Look at the memory until it is over."""
        while not self.over.wait(_EVERY):
            self.most = max(self.most, sum(_kilobytes(each) for each in _tree(self.pid)))


def _tree(pid: int) -> list[int]:
    """A process and all that it has started."""
    found, asked = [], [pid]
    while asked:
        found.append(asked.pop())
        for task in Path(f"/proc/{found[-1]}/task").glob("*/children"):
            asked += [int(each) for each in _text(task).split()]
    return found


def _kilobytes(pid: int) -> int:
    lines = _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # It has come to its end meanwhile.
        return ""
