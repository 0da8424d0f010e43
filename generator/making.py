"""A site made and previewed: MkDocs is asked only where what it makes has changed."""

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer

from generator.building import build
from generator.dataset import unit_names
from generator.locking import BusyError
from generator.plugin import GongkaiPlugin, report
from generator.progress import Progress
from generator.settings import read_settings
from generator.site import shown
from generator.skins import skin_key
from generator.state import Outcome, Request, last_state
from generator.workers import Workers
from generator.workspace import Workspace

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_PREVIEW = "preview"


def make(  # noqa: PLR0913 - what can be asked of a build
    config_file: Path,
    site: Path,
    workers: Workers,
    *,
    progress: Progress,
    strict: bool = False,
    fresh: bool = False,
    only: frozenset[str] = frozenset(),
    previewing: bool = False,
) -> Outcome:
    """Bring a site up to date; `previewing` lets its pages be told when to load again.

    mkdocs.exceptions.Abort where MkDocs or another build is in the way.
    """
    settings = read_settings(config_file)
    workspace = Workspace(site.resolve())
    if fresh:
        workspace.state.unlink(missing_ok=True)
    key = skin_key(config_file, settings)
    try:
        with workspace.locked():
            old = last_state(workspace)
            strict_enough = old is not None and (old.skin.strict or not strict)
            if old and old.skin.key == key != "" and strict_enough and workspace.frame.is_dir():
                request = Request(settings.data, shown(settings.data), workers, only)
                outcome = build(request, workspace, old.skin, old, progress)
                report(outcome.tally)
                return outcome
    except BusyError:
        raise Abort(f"另一个程序正在生成 {shown(site)}；请等它结束") from None
    return _with_mkdocs(
        config_file, site, workers, progress, strict=strict, only=only, previewing=previewing
    )


def _with_mkdocs(  # noqa: PLR0913 - what can be asked of a build
    config_file: Path,
    site: Path,
    workers: Workers,
    progress: Progress,
    *,
    strict: bool,
    only: frozenset[str],
    previewing: bool,
) -> Outcome:
    """The same with MkDocs, which makes the hand-written pages and the theme anew."""
    config = load_config(str(config_file), site_dir=str(site), strict=strict or None)
    plugin = _plugin(config)
    plugin.workers, plugin.progress, plugin.only = workers, progress, only
    plugin.previewing = previewing
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(config)
    except Abort:
        if plugin.outcome is None or not plugin.outcome.blocked:
            raise
    finally:
        config.plugins.on_shutdown()
    if plugin.outcome is None:
        raise Abort("MkDocs 没有完成，网站没有改动")
    return plugin.outcome


def _plugin(config: MkDocsConfig) -> GongkaiPlugin:
    found = next(
        (each for each in config.plugins.values() if isinstance(each, GongkaiPlugin)), None
    )
    if found is None:
        raise Abort("mkdocs.yml 的 plugins 里没有 gongkai；请加上“- gongkai”")
    return found


def preview(
    config_file: Path,
    only: frozenset[str],
    workers: Workers,
    address: str | None,
    progress: Progress,
) -> None:
    """Serve the site on this machine, and bring it up to date whenever a file is saved."""
    config = load_config(str(config_file), dev_addr=address)
    settings = read_settings(config_file)
    site = Workspace(settings.site.resolve()).folder.with_name("preview")

    def rebuild() -> Outcome:
        return make(config_file, site, workers, progress=progress, only=only, previewing=True)

    if strange := sorted(only - set(unit_names(settings.data))):
        raise Abort(f"没有代号为“{strange[0]}”的单位；代号是 units/ 下的目录名")
    attempt = _patient(rebuild, site)
    attempt()
    host, port = config.dev_addr
    mount = urlsplit(config.site_url or "/").path
    server = LiveReloadServer(attempt, host, port, root=str(site), mount_path=mount)
    for path in (config_file, settings.data, settings.content, *settings.overrides):
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
        except Abort:  # What is wrong has been told; it may be put right while we wait.
            done = False
        if done:
            _LOG.info("网页已更新")
        elif site.is_dir():
            _LOG.warning("没有更新：请改正上面的错误并保存；现在看到的仍是原来的网页")
        else:
            _LOG.warning("还没有网页可看：请改正上面的错误并保存，网页会自动生成")

    return attempt
