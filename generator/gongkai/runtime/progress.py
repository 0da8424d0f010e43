"""Progress reporting: the protocol between long-running work and whatever displays it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Displays the progress of phases, which consist of steps."""

    def begin(self, phase: str, steps: int) -> None:
        """Start a phase of `steps` steps."""

    def step(self, count: int) -> None:
        """Advance by `count` steps."""

    def end(self) -> None:
        """End the phase."""


class NoProgress:
    """Progress that displays nothing."""

    def begin(self, phase: str, steps: int) -> None:
        """Do nothing."""

    def step(self, count: int) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""


@contextmanager
def report_phase(progress: Progress, name: str, steps: int) -> Iterator[None]:
    """Report a phase, ending it also on failure."""
    progress.begin(name, steps)
    try:
        yield
    finally:
        progress.end()
