"""Executors: in-process, process pool, Dask."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class ExecutorError(ValueError):
    """The executor that --executor names is not available; the message is in Chinese."""


@dataclass(frozen=True, slots=True)
class Workers:
    """How many tasks run at a time, and where."""

    jobs: int = 0
    """Processes on this machine; 0 for as many as there are processors."""
    executor: str = ""
    """`dask`, `dask:tcp://…`, or `module:function`, which returns a concurrent.futures executor."""

    def map_unordered(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        """Yield work(task) for every task, in the order of completion.

        Only a few tasks are submitted at a time, so that neither tasks nor results pile up.
        """
        waiting = deque(tasks)
        jobs = self.jobs or processor_count()
        if not self.executor and (jobs == 1 or len(waiting) == 1):
            yield from map(work, waiting)
            return
        if not waiting:
            return
        with ExitStack() as stack:
            executor, width = self._executor(stack, min(jobs, len(waiting)))
            running: set[Future[Result]] = set()
            while waiting or running:
                while waiting and len(running) < 2 * width:
                    running.add(executor.submit(work, waiting.popleft()))
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)

    def _executor(self, stack: ExitStack, jobs: int) -> tuple[Executor, int]:
        """Return an executor, closed with the stack, and how many tasks it runs at a time."""
        if not self.executor:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            start_method = "fork" if sys.platform == "linux" else None
            context = multiprocessing.get_context(start_method)
            pool = ProcessPoolExecutor(max_workers=jobs, mp_context=context)
            stack.callback(pool.shutdown, cancel_futures=True)
            return pool, jobs
        name, _, rest = self.executor.partition(":")
        if name == "dask":
            return _dask_executor(stack, rest)
        return _custom_executor(stack, name, rest, jobs)


def _custom_executor(
    stack: ExitStack, module: str, function: str, jobs: int
) -> tuple[Executor, int]:
    """Return the executor that a function of some module creates."""
    try:
        executor = getattr(import_module(module), function)()
    except (ImportError, AttributeError) as error:
        message = f"找不到执行器“{module}:{function}”：没有这个模块，或者其中没有这个函数"
        raise ExecutorError(f"{message}；可用的有 dask、dask:tcp://地址:端口、模块:函数") from error
    if not isinstance(executor, Executor):
        raise ExecutorError(f"“{module}:{function}”给出的不是 concurrent.futures 的执行器")
    return stack.enter_context(executor), jobs


def _dask_executor(stack: ExitStack, address: str) -> tuple[Executor, int]:
    """Return the executor of the Dask scheduler at `address`, or of a new local cluster."""
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise ExecutorError("没有安装 Dask；请运行 pip install 'gongkai[dask]'") from None
    try:
        client = stack.enter_context(distributed.Client(address or None))
    except ValueError as error:
        message = f"“dask:{address}”里的地址不对；应写成 dask:tcp://192.0.2.1:8786 的样子"
        raise ExecutorError(message) from error
    except OSError as error:
        message = f"连不上 Dask 的调度器 {address}；请核对地址和端口，以及它是否开着"
        raise ExecutorError(message) from error
    return client.get_executor(), sum(client.nthreads().values()) or 1


def processor_count() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
