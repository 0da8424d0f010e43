"""Preview the site on this machine while its data is being edited."""

import datetime as dt
import errno
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.livereload import LiveReloadServer

from gongkai.build.mkdocs.config import read_config
from gongkai.build.mkdocs.live_reload import ShownErrors, serve_with_errors, watch_data
from gongkai.build.mkdocs.make import make_site
from gongkai.build.mkdocs_messages import translate_mkdocs
from gongkai.build.state import BuildRequest, BuildResult
from gongkai.build.workspace import Workspace
from gongkai.reading.dataset import unit_names
from gongkai.runtime.os_errors import explain_os_error
from gongkai.runtime.settings import read_settings

_LOG = logging.getLogger("mkdocs.plugins.gongkai")


def preview(
    config_file: Path,
    request: BuildRequest,
    address: str | None,
    read_today: Callable[[], dt.date],
) -> None:
    """Serve the site on this machine and rebuild it whenever a file is saved.

    Every rebuild reads the date that counts as today again: a preview may run for days.
    """
    config = read_config(config_file, dev_addr=address)
    settings = read_settings(config_file, request.data)
    site = Workspace(settings.site.resolve()).folder.with_name("preview")
    _require_units(request)

    def rebuild() -> BuildResult:
        _require_units(request)  # A unit's folder may disappear and come back.
        return make_site(config_file, site, replace(request, today=read_today()))

    shown = ShownErrors()
    rebuild_and_log = _with_log(rebuild, shown)
    rebuild_and_log()
    host, port = config.dev_addr
    mount = urlsplit(config.site_url or "/").path
    server = LiveReloadServer(rebuild_and_log, host, port, root=str(site), mount_path=mount)
    serve_with_errors(server, shown)
    watch_data(server, request.data, request.units)
    for path in (config_file, settings.content, *settings.overrides):
        server.watch(str(path))
    try:
        server.serve(open_in_browser=False)
    except KeyboardInterrupt:
        _LOG.info("已结束")
    except OSError as error:
        raise Abort(address_message(error, host, port)) from None
    finally:
        server.shutdown()


def address_message(error: OSError, host: str, port: int) -> str:
    """Return in Chinese why the server could not listen, and what to do."""
    advice = {
        errno.EADDRINUSE: f"可能已经开着一个预览，请先把它结束，或用 -a {host}:{port + 1} 换一个端口",
        errno.EACCES: "1024 以下的端口要管理员权限，请用 -a 换一个，例如 -a 127.0.0.1:8000",
        errno.EPERM: "请用 -a 换一个地址和端口，例如 -a 127.0.0.1:8000",
    }.get(error.errno or 0, "请用 -a 写本机的地址，例如 -a 127.0.0.1:8000")
    return f"不能在 {host}:{port} 预览：{explain_os_error(error)}；{advice}"


def _require_units(request: BuildRequest) -> None:
    """Raise Abort if a requested unit does not exist."""
    missing = sorted(request.units - set(unit_names(request.data)))
    if missing:
        raise Abort(f"没有代号为“{missing[0]}”的单位；代号是 units/ 下的目录名")


def _with_log(rebuild: Callable[[], BuildResult], shown: ShownErrors) -> Callable[[], None]:
    """Wrap a rebuild: log its result and show its errors; keep serving the pages if it fails."""

    def rebuild_and_log() -> None:
        shown.problems, shown.failure = (), ""
        try:
            result = rebuild()
        except (
            MkDocsException
        ) as error:  # The author may correct it while the preview keeps running.
            shown.failure = translate_mkdocs(error.message)
            _LOG.error(shown.failure)
            _LOG.warning("没有更新：请改正上面的错误并保存；网页上方写着哪里有错")
            return
        shown.problems = result.tally.blocking
        if shown.problems:
            count = len(shown.problems)
            _LOG.warning("网页已更新，有 %d 处错误，标在网页上方；请改正并保存", count)
        else:
            _LOG.info("网页已更新")

    return rebuild_and_log
