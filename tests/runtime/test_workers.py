"""Who does the work: processes of this machine, a cluster's, whoever else."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from gongkai.runtime.workers import Workers
from tests.build.test_incremental import Publisher, made, publisher
from tests.build.test_mkdocs_site import hashes, run
from tests.folders import ROOT

__all__ = ["made", "publisher"]


def test_results_of_all_tasks_come_whoever_works() -> None:
    for workers in (Workers(1), Workers(3), Workers(2, "tests.executors:threads")):
        assert sorted(workers.results(abs, range(-20, 0))) == list(range(1, 21))
        assert list(workers.results(abs, [])) == []


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A Dask cluster of two workers, as it might run on two machines."""
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
    ) as made:
        yield made


def test_a_cluster_builds_the_same_site(publisher: Publisher, cluster: LocalCluster) -> None:
    _, expected = publisher.cold()
    _, files = publisher.cold(Workers(0, f"dask:{cluster.scheduler_address}"))
    assert files == expected


def slow(task: tuple[str, int]) -> tuple[int, int]:
    """A task that takes its time; who did it, and its number."""
    folder, number = task
    (Path(folder) / f"{number}-{os.getpid()}").touch()
    time.sleep(0.2)
    return os.getpid(), number


def test_a_worker_may_be_killed(cluster: LocalCluster, tmp_path: Path) -> None:
    """What it was at is done by another."""
    tasks = [(f"{tmp_path}", number) for number in range(20)]
    results = Workers(0, f"dask:{cluster.scheduler_address}").results(slow, tasks)
    first, number = next(results)
    os.kill(first, signal.SIGKILL)
    done = [number, *(number for _, number in results)]
    assert sorted(done) == list(range(20))
    tried = [int(path.name.split("-")[0]) for path in tmp_path.iterdir()]
    assert len(tried) >= len(set(tried)) == 20


def test_a_build_survives_the_death_of_a_worker(
    publisher: Publisher, cluster: LocalCluster
) -> None:
    """One of the two is killed as soon as it has begun to write pages."""
    _, expected = publisher.cold()
    with Client(cluster.scheduler_address) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(2, timeout=60)
        pids = sorted(client.run(os.getpid).values())
    pending = publisher.folder / ".gongkai" / "cold" / "pending"
    script = (
        "import os, signal, sys, time\n"
        "while not os.path.isdir(os.path.join(sys.argv[1], 'units')): time.sleep(0.01)\n"
        "os.kill(int(sys.argv[2]), signal.SIGKILL)\n"
    )
    words = [sys.executable, "-c", script, f"{pending}", f"{pids[0]}"]
    with subprocess.Popen(words) as killer:
        _, files = publisher.cold(Workers(0, f"dask:{cluster.scheduler_address}"))
        assert killer.wait(30) == 0
    assert files == expected


@pytest.mark.parametrize(
    ("executor", "told"),
    [
        ("tests.executors:mortal", "做事的进程意外停止了"),
        ("tests.executors:nothing", "给出的不是 concurrent.futures 的执行器"),
        ("tests.executors:nobody", "找不到执行器“tests.executors:nobody”"),
        ("nirgends:nobody", "找不到执行器“nirgends:nobody”"),
    ],
)
def test_executors_that_are_none(publisher: Publisher, executor: str, told: str) -> None:
    before = hashes(publisher.workspace.site)
    words = ("build", "--fresh", "--executor", executor)
    done = run("gongkai", *words, folder=publisher.folder, PYTHONPATH=str(ROOT))
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert hashes(publisher.workspace.site) == before
