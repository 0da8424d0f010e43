"""A guard against work that grows faster than its input."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def no_hang(seconds: int = 60) -> Iterator[None]:
    """Fail if the block uses so much CPU that its work cannot be linear in its input.

    The inputs are so long that linear work takes about a second and quadratic work many minutes.
    The limit lies far from both, as machines differ and are shared.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"more than {seconds} s of CPU time: this cannot be linear")

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
