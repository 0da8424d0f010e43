"""Pages that load themselves again: MkDocs puts a script into what it serves on this machine."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.livereload import LiveReloadServer
from watchdog.observers.polling import PollingObserverVFS

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
_INTERVAL = 0.5
"""Seconds between two looks, as in MkDocs."""
_App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def let_reload(server: LiveReloadServer) -> None:
    """Leave out of served pages the policy that forbids scripts within them; the files keep it."""
    server.set_app(_without_policy(server.serve_request))


def _without_policy(app: _App) -> _App:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = app(environ, start_response)
        if not f"{environ['PATH_INFO']}".endswith(("/", ".html")):
            return given
        try:  # As long as it was, for its length has been told.
            return [_POLICY.sub(lambda found: b" " * len(found[0]), b"".join(given))]
        finally:
            if close := getattr(given, "close", None):
                close()

    return answer


def watch_data(server: LiveReloadServer, data: Path, only: frozenset[str]) -> None:
    """Let the server look at the data folder, of its units only at some (all if `only` is empty).

    A province has more files than can be looked at twice a second. A unit's folder may go away and
    come back, as it does where git changes branches. Comes before all else that is watched.
    """
    units = os.path.abspath(data / "units")  # noqa: PTH100 - as the server names what it watches
    look = partial(listed, units, only)
    server.observer = PollingObserverVFS(os.stat, look, polling_interval=_INTERVAL)  # type: ignore[assignment]
    server.watch(str(data))


def listed(units: str, only: frozenset[str], folder: str | None) -> Iterator["os.DirEntry[str]"]:
    """What lies in a folder; in that of the units only those that are asked for."""
    with os.scandir(folder) as found:
        yield from (each for each in found if not only or folder != units or each.name in only)
