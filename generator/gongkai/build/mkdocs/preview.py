"""The site on this machine while its data is being written."""

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer

from gongkai.build.mkdocs.live_reload import let_reload, watch_data
from gongkai.build.mkdocs.make import make
from gongkai.build.mkdocs.run import read_config
from gongkai.build.state import Outcome
from gongkai.build.workspace import Workspace
from gongkai.reading.dataset import unit_names
from gongkai.runtime.progress import Progress
from gongkai.runtime.settings import read_settings
from gongkai.runtime.workers import Workers

_LOG = logging.getLogger("mkdocs.plugins.gongkai")


def preview(
    config_file: Path,
    only: frozenset[str],
    workers: Workers,
    address: str | None,
    progress: Progress,
) -> None:
    """Serve the site on this machine, and bring it up to date whenever a file is saved."""
    config = read_config(config_file, dev_addr=address)
    settings = read_settings(config_file)
    site = Workspace(settings.site.resolve()).folder.with_name("preview")

    def strange() -> str:
        absent = sorted(only - set(unit_names(settings.data)))
        return f"没有代号为“{absent[0]}”的单位；代号是 units/ 下的目录名" if absent else ""

    def rebuild() -> Outcome:
        if told := strange():  # Its folder may come back.
            raise Abort(told)
        return make(config_file, site, workers, progress=progress, only=only, previewing=True)

    if told := strange():
        raise Abort(told)
    attempt = _patient(rebuild, site)
    attempt()
    host, port = config.dev_addr
    mount = urlsplit(config.site_url or "/").path
    server = LiveReloadServer(attempt, host, port, root=str(site), mount_path=mount)
    let_reload(server)
    watch_data(server, settings.data, only)
    for path in (config_file, settings.content, *settings.overrides):
        server.watch(str(path))
    try:
        server.serve(open_in_browser=False)
    except KeyboardInterrupt:
        _LOG.info("已结束")
    finally:
        server.shutdown()


def _patient(rebuild: Callable[[], Outcome], site: Path) -> Callable[[], None]:
    """A rebuild after which, if it fails, the pages stay as they were; it says what has come of it."""

    def attempt() -> None:
        try:
            done = not rebuild().blocked
        except Abort as error:  # It may be put right while we wait.
            _LOG.error(error.message)
            done = False
        if done:
            _LOG.info("网页已更新")
        elif site.is_dir():
            _LOG.warning("没有更新：请改正上面的错误并保存；现在看到的仍是原来的网页")
        else:
            _LOG.warning("还没有网页可看：请改正上面的错误并保存，网页会自动生成")

    return attempt
