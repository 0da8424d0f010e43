"""How far a long run is: what the pipeline tells, whoever shows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Shows phases; each has a number of steps."""

    def begin(self, phase: str, steps: int) -> None:
        """A phase of so many steps begins."""

    def step(self, count: int) -> None:
        """So many more steps are done."""

    def end(self) -> None:
        """The phase is over."""


class Silent:
    """Shows nothing."""

    def begin(self, phase: str, steps: int) -> None:
        """Nothing."""

    def step(self, count: int) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


@contextmanager
def phase(progress: Progress, name: str, steps: int) -> Iterator[None]:
    """A phase, ended also where it fails."""
    progress.begin(name, steps)
    try:
        yield
    finally:
        progress.end()
