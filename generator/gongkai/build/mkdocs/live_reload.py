"""Live reload: MkDocs adds a reload script to the pages that it serves on this machine."""

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.exceptions import MkDocsException
from mkdocs.livereload import LiveReloadServer
from watchdog.observers.polling import PollingObserverVFS

from gongkai.build.mkdocs_messages import translate_mkdocs

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
_INTERVAL = 0.5
"""Seconds between two polls, as in MkDocs."""
_App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def allow_reload_script(server: LiveReloadServer) -> None:
    """Strip the content security policy, which forbids inline scripts, from served pages.

    The files on disk keep it.
    """
    server.set_app(_without_policy(server.serve_request))


def _without_policy(app: _App) -> _App:
    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = app(environ, start_response)
        if not f"{environ['PATH_INFO']}".endswith(("/", ".html")):
            return body
        try:  # Padded with spaces, because Content-Length has already been sent.
            return [_POLICY.sub(lambda match: b" " * len(match[0]), b"".join(body))]
        finally:
            if close := getattr(body, "close", None):
                close()

    return serve


def keep_serving(rebuild: Callable[[], bool], site: Path) -> Callable[[], None]:
    """Wrap a rebuild: log its result, and keep serving the present pages if it fails.

    `rebuild` returns whether it has brought the folder `site` up to date.
    """

    def rebuild_and_log() -> None:
        try:
            updated = rebuild()
        except (
            MkDocsException
        ) as error:  # The author may correct it while the server keeps running.
            _LOG.error(translate_mkdocs(error.message))
            updated = False
        if updated:
            _LOG.info("网页已更新")
        elif site.is_dir():
            _LOG.warning("没有更新：请改正上面的错误并保存；现在看到的仍是原来的网页")
        else:
            _LOG.warning("还没有网页可看：请改正上面的错误并保存，网页会自动生成")

    return rebuild_and_log


def watch_data(server: LiveReloadServer, data: Path, only: frozenset[str]) -> None:
    """Watch the data folder; of the units only those in `only`, all if it is empty.

    A province has more files than can be polled twice a second. A unit's folder may disappear and
    come back, as it does when git switches branches. Call this before any other `server.watch`.
    """
    units = os.path.abspath(data / "units")  # noqa: PTH100 - as the server spells watched paths
    scan = partial(scan_folder, units, only)
    server.observer = PollingObserverVFS(os.stat, scan, polling_interval=_INTERVAL)  # type: ignore[assignment]
    server.watch(str(data))


def scan_folder(
    units: str, only: frozenset[str], folder: str | None
) -> Iterator["os.DirEntry[str]"]:
    """Yield the entries of a folder; in the folder `units` only those named in `only`."""
    with os.scandir(folder) as entries:
        yield from (entry for entry in entries if not only or folder != units or entry.name in only)
