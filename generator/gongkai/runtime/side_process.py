"""A function that runs in a process of its own while this one goes on.

A second core looks for the files of a site, 2 µs each, while the first one looks for changed data.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class _Sender(Protocol):
    def send(self, value: object, /) -> None: ...


@contextmanager
def run_beside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Start `work` in a forked process; yield a function that waits for its result.

    Where processes cannot be forked, or if the process dies, the function itself runs `work`.
    A process that nobody waits for is ended.
    """
    if sys.platform != "linux":
        yield work
        return
    import multiprocessing  # Seldom needed where little has changed.

    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_result, args=(work, sender), daemon=True)
    process.start()
    sender.close()

    def wait() -> Result:
        with suppress(EOFError, OSError):
            result: Result = receiver.recv()
            return result
        return work()

    try:
        yield wait
    finally:
        process.terminate()
        process.join()
        receiver.close()


def _send_result(work: Callable[[], Result], sender: _Sender) -> None:
    sender.send(work())
