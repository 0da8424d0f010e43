"""Compare gongkai with plain MkDocs, which renders every page: python -m tests.benchmarks.both_ways.

Prints a table of CPU times: of a cold build in one process, and of what a running preview does when the
file of a project is saved: `gongkai` makes the pages of its unit anew, MkDocs all pages.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.corpus import write_corpus
from tests.benchmarks.measuring import child_environment, measure_command
from tests.folders import ROOT, copy_publisher

_REPEATS = 3
_BUILDS = {
    "gongkai": ("build", "-j", "1", "-d", "by-gongkai"),
    "mkdocs": ("build", "-d", "by-mkdocs"),
}
_READY = {"gongkai": "网页已更新", "mkdocs": "Serving on"}
"""What a preview logs when it has built the site for the first time."""
_HEAD = """| pages | way | cold build, CPU ms a page | CPU s a save |
|---:|---|---:|---:|"""


def create_seed(folder: Path) -> Path:
    """Fill a folder with this repository's settings, content and data; return it."""
    shutil.copytree(ROOT / "data", copy_publisher(folder) / "data")
    return folder


def create_corpus(folder: Path) -> Path:
    """Fill a folder with a corpus of 300 pages; return it."""
    write_corpus(copy_publisher(folder), 300)
    return folder


def cold_build(folder: Path, program: str) -> float:
    """Return the CPU seconds of a cold build."""
    for name in (".gongkai", f"by-{program}"):
        shutil.rmtree(folder / name, ignore_errors=True)
    command = (sys.executable, "-m", program, *_BUILDS[program])
    return measure_command(*command, folder=folder).cpu


def saves(folder: Path, program: str) -> Iterator[float]:
    """Yield the CPU seconds between the save of a data file and the end of the rebuild."""
    with _serving(folder, program) as process:
        _wait_for(process, _READY[program])
        project = next(folder.glob("data/units/*/*/projects/*.yml"))
        for _ in range(_REPEATS):
            time.sleep(2)  # Until the server has seen all files as they are.
            before = _cpu_seconds(process.pid)
            project.write_text(f"{project.read_text('utf-8')}# 又存一次\n", "utf-8")
            _wait_for(process, "网页已更新")
            yield _cpu_seconds(process.pid) - before


@contextmanager
def _serving(folder: Path, program: str) -> Iterator["subprocess.Popen[str]"]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    jobs = ("-j", "1") if program == "gongkai" else ()
    command = [sys.executable, "-u", "-m", program, "serve", "-a", address, *jobs]
    with subprocess.Popen(
        command, cwd=folder, env=child_environment(), stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()


def _wait_for(process: "subprocess.Popen[str]", message: str) -> None:
    assert process.stderr
    for line in process.stderr:
        if message in line:
            return
    sys.exit(f"the preview ended without “{message}”")


def _cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of a process so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the table."""
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # Else previews inherit an ignored one.
    sys.stdout.write(f"{_HEAD}\n")
    for create in (create_seed, create_corpus):
        with tempfile.TemporaryDirectory() as name:
            folder = create(Path(name))
            builds = [[cold_build(folder, program) for program in _BUILDS] for _ in range(_REPEATS)]
            pages = len(list((folder / "by-mkdocs").rglob("*.html")))
            for program, cpu in zip(_BUILDS, map(min, zip(*builds, strict=True)), strict=True):
                save = sorted(saves(folder, program))[_REPEATS // 2]
                row = f"| {pages} | {program} | {cpu / pages * 1000:.1f} | {save:.2f} |"
                sys.stdout.write(f"{row}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
