"""A site brought up to date: MkDocs is asked only where what it makes has changed."""

import shutil
from pathlib import Path

from mkdocs.exceptions import Abort

from gongkai.build.log import report
from gongkai.build.pipeline import build
from gongkai.build.render import shown
from gongkai.build.state import Outcome, Request, State, last_state
from gongkai.build.theme.theme_output import Skin, skin_key
from gongkai.build.workspace import Workspace
from gongkai.runtime.locking import BusyError
from gongkai.runtime.progress import Progress
from gongkai.runtime.settings import read_settings
from gongkai.runtime.workers import Workers


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
    release: str = "",
) -> Outcome:
    """Bring a site up to date; `previewing` tells that it is for this machine only.

    `release` names the release that is about to be made of it.
    mkdocs.exceptions.Abort where MkDocs or another build is in the way.
    """
    settings = read_settings(config_file)
    if spared := settings.spared(site):
        raise Abort(spared)
    workspace = Workspace(site.resolve())
    if fresh:
        workspace.state.unlink(missing_ok=True)
    key = skin_key(config_file, settings)
    try:
        with workspace.locked():
            old = last_state(workspace)
            skin = _skin(old, workspace, key, strict=strict)
            if previewing and skin is None:
                skin = _borrowed(Workspace(settings.site.resolve()), workspace, key)
            if skin:
                request = Request(
                    settings.data, shown(settings.data), workers, only, release, previewing
                )
                outcome = build(request, workspace, skin, old, progress)
                report(outcome.tally, outcome.note)
                return outcome
    except BusyError:
        raise Abort(f"另一个程序正在生成 {shown(site)}；请等它结束") from None
    from gongkai.build.mkdocs.plugin import Asked
    from gongkai.build.mkdocs.run import make_with_mkdocs

    asked = Asked(workers, progress, only, release, previewing)
    return make_with_mkdocs(config_file, site, asked, strict=strict)


def _skin(old: State | None, workspace: Workspace, key: str, *, strict: bool) -> Skin | None:
    """What MkDocs made last time, if it would make the same again."""
    if old is None or not old.skin.key == key != "" or not workspace.frame.is_dir():
        return None
    return old.skin if old.skin.strict or not strict else None


def _borrowed(site: Workspace, own: Workspace, key: str) -> Skin | None:
    """What MkDocs made for the publisher's site, if it would make the same for a preview."""
    if not key or site.folder == own.folder or not site.state.is_file():
        return None
    try:
        with site.locked():
            its = _skin(last_state(site), site, key, strict=False)
            if its:
                for name in ("frame", "templates"):
                    shutil.rmtree(own.folder / name, ignore_errors=True)
                    shutil.copytree(site.folder / name, own.folder / name)
            return its
    except (BusyError, OSError):
        return None
