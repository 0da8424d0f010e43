"""Who does the work: this process, several on this machine, or a cluster's."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class NoExecutorError(ValueError):
    """What --executor names is not there; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Workers:
    """How many tasks run at a time, and where."""

    jobs: int = 0
    """Processes on this machine; 0 for as many as there are processors."""
    executor: str = ""
    """`dask`, `dask:tcp://…`, or `module:function`, which gives a concurrent.futures executor."""

    def results(self, work: Callable[[Asked], Given], tasks: Iterable[Asked]) -> Iterator[Given]:
        """What becomes of the tasks, in the order in which they are done.

        Only a few wait at a time, so that neither tasks nor results pile up.
        """
        waiting = deque(tasks)
        jobs = self.jobs or processors()
        if not self.executor and (jobs == 1 or len(waiting) == 1):
            yield from map(work, waiting)
            return
        if not waiting:
            return
        with ExitStack() as stack:
            executor, width = self._executor(stack, min(jobs, len(waiting)))
            running: set[Future[Given]] = set()
            while waiting or running:
                while waiting and len(running) < 2 * width:
                    running.add(executor.submit(work, waiting.popleft()))
                over, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in over)

    def _executor(self, stack: ExitStack, jobs: int) -> tuple[Executor, int]:
        """The executor, closed with the stack, and how many tasks it does at a time."""
        if not self.executor:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            way = "fork" if sys.platform == "linux" else None
            context = multiprocessing.get_context(way)
            pool = ProcessPoolExecutor(max_workers=jobs, mp_context=context)
            stack.callback(pool.shutdown, cancel_futures=True)
            return pool, jobs
        name, _, rest = self.executor.partition(":")
        return _dask(stack, rest) if name == "dask" else _named(stack, name, rest, jobs)


def _named(stack: ExitStack, module: str, function: str, jobs: int) -> tuple[Executor, int]:
    try:
        made = getattr(import_module(module), function)()
    except (ImportError, AttributeError) as error:
        raise NoExecutorError(f"找不到执行器“{module}:{function}”（{error}）") from None
    if not isinstance(made, Executor):
        raise NoExecutorError(f"“{module}:{function}”给出的不是 concurrent.futures 的执行器")
    return stack.enter_context(made), jobs


def _dask(stack: ExitStack, address: str) -> tuple[Executor, int]:
    """A Dask cluster's executor: of the scheduler at the address, else of one on this machine."""
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise NoExecutorError("没有安装 Dask；请运行 pip install 'gongkai[dask]'") from None
    client = stack.enter_context(distributed.Client(address or None))
    return client.get_executor(), sum(client.nthreads().values()) or 1


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
