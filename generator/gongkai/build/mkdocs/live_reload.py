"""Live reload: MkDocs adds a reload script to the pages that it serves on this machine."""

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.exceptions import MkDocsException
from mkdocs.livereload import LiveReloadServer
from watchdog.observers.polling import PollingObserverVFS

from gongkai.build.mkdocs_messages import translate_mkdocs
from gongkai.model.problems import Problem
from gongkai.runtime.html import escape_html

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
_BODY = re.compile(rb"<body[^>]*>")
_HEADING = "这样还不能公开，请改正（只在预览里显示）"
_STYLE = "margin:0;padding:1em 2em;background:#fff4f4;color:#8a0000;border-bottom:3px solid #c00"
_ERROR_PAGE = (
    "<!doctype html><html lang=zh-CN><head><meta charset=utf-8><title>还没有网页可看</title>"
    '<meta http-equiv="refresh" content="3"></head><body><p>还没有网页可看；改正并保存后自动生成。</p>'
    "</body></html>"
)
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


@dataclass(slots=True)
class ShownErrors:
    """What the preview's pages say above their content; every rebuild changes it."""

    problems: tuple[Problem, ...] = ()
    """The problems that would keep the site from being published."""
    failure: str = ""
    """Why nothing could be built, in Chinese; empty if something was."""

    def banner(self, url: str) -> str:
        """Return the HTML of the errors that concern a page, then of how many there are elsewhere."""
        own = [problem for problem in self.problems if _concerns(problem, url)]
        lines = [self.failure] if self.failure else [f"{problem}" for problem in own]
        others = len(self.problems) - len(own)
        if not lines and not others:
            return ""
        more = [f"别处还有 {others} 处错误，见命令窗口"] if others else []
        entries = "".join(f"<li>{escape_html(line)}</li>" for line in (*lines, *more))
        return f'<div role="alert" style="{_STYLE}"><strong>{_HEADING}</strong><ul>{entries}</ul></div>'


def serve_with_errors(server: LiveReloadServer, shown: ShownErrors) -> None:
    """Serve pages with their errors above them, and a page of errors where there is no page."""
    server.set_app(_with_banner(_without_policy(server.serve_request), shown))


def _concerns(problem: Problem, url: str) -> bool:
    """Whether a problem's file is one of those that a page is made of; above the units, all are."""
    unit, _, rest = url.strip("/").removeprefix("units/").partition("/")
    if "units/" not in url or not unit:
        return True
    year, _, project = rest.partition("/")
    folder = f"/units/{unit}/{year}" if year else f"/units/{unit}/"
    name = project.removeprefix("projects/").strip("/")
    return folder in problem.position.file and (
        not project.startswith("projects/") or problem.position.file.endswith(f"/{name}.yml")
    )


def _with_banner(app: _App, shown: ShownErrors) -> _App:
    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        url = f"{environ['PATH_INFO']}"
        banner = shown.banner(url)
        if not banner or not url.endswith(("/", ".html")):
            return app(environ, start_response)
        response: list[Any] = []
        parts = app(environ, lambda *arguments: response.extend(arguments))
        body, (status, headers) = b"".join(parts), response[:2]
        if close := getattr(parts, "close", None):
            close()
        if not body.lstrip().lower().startswith(b"<!doctype"):
            status, body = "200 OK", _ERROR_PAGE.encode()
            headers = [("Content-Type", "text/html; charset=utf-8")]
        body = _BODY.sub(lambda match: match[0] + banner.encode(), body, count=1)
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*kept, ("Content-Length", f"{len(body)}")])
        return [body]

    return serve


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
