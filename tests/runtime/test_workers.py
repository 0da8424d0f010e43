"""Executors: in-process, process pool, custom, Dask cluster."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from gongkai.runtime import writing
from gongkai.runtime.workers import Workers
from tests.build.test_incremental import SiteFolder, publisher
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_gongkai
from tests.folders import ROOT

__all__ = ["publisher"]


def test_every_executor_yields_the_results_of_all_tasks() -> None:
    for workers in (Workers(1), Workers(3), Workers(2, "tests.executors:threads")):
        assert sorted(workers.map_unordered(abs, range(-20, 0))) == list(range(1, 21))
        assert list(workers.map_unordered(abs, [])) == []


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A Dask cluster of two worker processes."""
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
    ) as local_cluster:
        yield local_cluster


@pytest.mark.long
def test_cluster_builds_the_same_site(publisher: SiteFolder, cluster: LocalCluster) -> None:
    _, files = publisher.build_cold(Workers(0, f"dask:{cluster.scheduler_address}"))
    assert files == hashes(publisher.workspace.site)


def run_slow_task(task: tuple[str, int]) -> tuple[int, int]:
    """Sleep, and return the process id and the task's number."""
    folder, number = task
    (Path(folder) / f"{number}-{os.getpid()}").touch()
    time.sleep(0.2)
    return os.getpid(), number


@pytest.mark.long
def test_tasks_of_a_killed_worker_are_retried(cluster: LocalCluster, tmp_path: Path) -> None:
    tasks = [(f"{tmp_path}", number) for number in range(20)]
    results = Workers(0, f"dask:{cluster.scheduler_address}").map_unordered(run_slow_task, tasks)
    pid, number = next(results)
    os.kill(pid, signal.SIGKILL)
    numbers = [number, *(number for _, number in results)]
    assert sorted(numbers) == list(range(20))
    attempts = [int(path.name.split("-")[0]) for path in tmp_path.iterdir()]
    assert len(attempts) >= len(set(attempts)) == 20


@pytest.mark.long
def test_build_survives_a_killed_worker(publisher: SiteFolder, cluster: LocalCluster) -> None:
    """One of the two workers is killed as soon as the first pages are written."""
    with Client(cluster.scheduler_address) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(2, timeout=60)
        pids = sorted(client.run(os.getpid).values())
    pending = publisher.folder / ".gongkai" / "cold" / "pending"
    script = (
        "import os, signal, sys, time\n"
        "while not os.path.isdir(os.path.join(sys.argv[1], 'units')): time.sleep(0.01)\n"
        "os.kill(int(sys.argv[2]), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", script, f"{pending}", f"{pids[0]}"]
    with subprocess.Popen(command) as killer:
        _, files = publisher.build_cold(Workers(0, f"dask:{cluster.scheduler_address}"))
        assert killer.wait(30) == 0
    assert files == hashes(publisher.workspace.site)


def fill_disk() -> None:
    """Make the disk look full to what writes the site's files in this process."""

    def refuse(path: str, _mode: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    vars(writing)["open"] = refuse


@contextmanager
def start_dask_worker(address: str, scratch: Path) -> Iterator[None]:
    """Run a Dask worker, in another folder than the build, until it is no longer needed."""
    command = (
        *(sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard"),
        *("--nthreads", "1", "--no-nanny", "--local-directory", f"{scratch}"),
    )
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as worker:
        try:
            yield
        finally:
            worker.kill()


@pytest.mark.long
@pytest.mark.parametrize("is_full", [False, True], ids=["elsewhere", "full"])
def test_workers_that_were_started_elsewhere(
    publisher: SiteFolder, tmp_path: Path, *, is_full: bool
) -> None:
    """They build the same site; if the disk of one of them is full, the build says so."""
    before = hashes(publisher.workspace.site)
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as scheduler,  # type: ignore[no-untyped-call]
        start_dask_worker(scheduler.scheduler_address, tmp_path / "one"),
        start_dask_worker(scheduler.scheduler_address, tmp_path / "two"),
        Client(scheduler.scheduler_address) as client,  # type: ignore[no-untyped-call]
    ):
        client.wait_for_workers(2, timeout=120)
        if is_full:
            client.run(fill_disk, workers=[min(client.scheduler_info()["workers"])])
        executor = f"dask:{scheduler.scheduler_address}"
        arguments = ("--fresh", "--executor", executor, "--today", publisher.today)
        done = run_gongkai("build", *arguments, folder=publisher.folder)
    if is_full:
        assert (done.returncode, "磁盘满了" in done.stderr) == (1, True), done.stderr
        assert "原有的网站没有改动" in done.stderr
    else:
        assert done.returncode == 0, done.stderr
    assert hashes(publisher.workspace.site) == before


@pytest.mark.parametrize(
    ("executor", "message"),
    [
        ("tests.executors:mortal", "做事的进程意外停止了"),
        ("tests.executors:nothing", "给出的不是 concurrent.futures 的执行器"),
        ("tests.executors:nobody", "找不到执行器“tests.executors:nobody”"),
        ("nirgends:nobody", "找不到执行器“nirgends:nobody”"),
    ],
)
def test_invalid_executor(built_publisher: Path, executor: str, message: str) -> None:
    before = hashes(built_publisher / "site")
    arguments = ("build", "--fresh", "--executor", executor)
    done = run_gongkai(*arguments, folder=built_publisher)
    assert (done.returncode, message in done.stderr) == (1, True)
    assert hashes(built_publisher / "site") == before
