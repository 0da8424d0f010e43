"""Measure CPU time, wall time and memory of a command and its child processes."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_INTERVAL = 0.1
"""Seconds between memory samples."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Resources that a command used."""

    cpu: float
    """Seconds of all processes, user and system."""
    wall: float
    """Seconds."""
    peak: float
    """MB of all processes together; shared memory counts once (PSS)."""
    stderr: str


def child_environment() -> dict[str, str]:
    """Return the environment of measured commands, in which Python may write bytecode."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**environment, "NO_MKDOCS_2_WARNING": "1"}


def measure_command(*command: str, folder: Path, expected_code: int = 0) -> Usage:
    """Run a command to its end; exit if its exit code is not the expected one."""
    start = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=child_environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as process:
        sampler = _MemorySampler(process.pid)
        sampler.start()
        assert process.stderr
        stderr = process.stderr.read().decode("utf-8", "replace")
        _, status, resources = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    sampler.stop.set()
    sampler.join()
    if process.returncode != expected_code:
        sys.exit(f"{' '.join(command)}: {process.returncode}\n{stderr[-2000:]}")
    return Usage(resources.ru_utime + resources.ru_stime, wall, sampler.peak / 1024, stderr)


class _MemorySampler(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.stop = pid, 0, threading.Event()

    def run(self) -> None:
        """Record the peak memory in KB until `stop` is set."""
        while not self.stop.wait(_INTERVAL):
            self.peak = max(self.peak, sum(_kilobytes(pid) for pid in _process_tree(self.pid)))


def _process_tree(pid: int) -> list[int]:
    """Return the ids of a process and all its descendants."""
    pids, pending = [], [pid]
    while pending:
        pids.append(pending.pop())
        for children in Path(f"/proc/{pids[-1]}/task").glob("*/children"):
            pending += [int(child) for child in _read_text(children).split()]
    return pids


def _kilobytes(pid: int) -> int:
    """Return the proportional set size of a process."""
    lines = _read_text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _read_text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # The process has ended meanwhile.
        return ""
