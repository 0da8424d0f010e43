"""Progress on the terminal: a bar with the time that is left; elsewhere a line a phase."""

import sys
from typing import Any

import click

_FEW = 3
"""Up to how many steps a phase needs no bar."""


class Terminal:
    """Shows phases on standard error."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._phase = ""

    def begin(self, phase: str, steps: int) -> None:
        """A bar where there is somebody to see it."""
        self._phase = phase
        if steps > _FEW and sys.stderr.isatty():
            self._bar = click.progressbar(length=steps, label=phase, file=sys.stderr)
            self._bar.__enter__()
        elif steps > _FEW:
            click.echo(f"{phase}：{steps} 个…", err=True)

    def step(self, count: int) -> None:
        """Move the bar on."""
        if self._bar:
            self._bar.update(count)

    def end(self) -> None:
        """Leave the bar as it is, full or not."""
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None
