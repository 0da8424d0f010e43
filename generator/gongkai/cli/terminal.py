"""Progress on standard error: a bar on a terminal, otherwise a line per phase."""

import sys
from typing import Any

import click

_MIN_STEPS = 3
"""Phases with no more steps get no bar."""


class Terminal:
    """Shows the progress of phases on standard error."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._phase = ""

    def begin(self, phase: str, steps: int) -> None:
        """Start a phase: show a bar on a terminal, otherwise a line."""
        self._phase = phase
        if steps > _MIN_STEPS and sys.stderr.isatty():
            self._bar = click.progressbar(length=steps, label=phase, file=sys.stderr)
            self._bar.__enter__()
        elif steps > _MIN_STEPS:
            click.echo(f"{phase}：{steps} 个…", err=True)

    def step(self, count: int) -> None:
        """Advance the bar."""
        if self._bar:
            self._bar.update(count)

    def end(self) -> None:
        """End the phase; the bar stays as it is."""
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None
