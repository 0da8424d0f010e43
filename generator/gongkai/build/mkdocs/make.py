"""Bring a site up to date; MkDocs runs only if its own output is stale."""

import shutil
from pathlib import Path

from mkdocs.exceptions import Abort

from gongkai.build.log import log_problems
from gongkai.build.pipeline import build_site
from gongkai.build.state import BuildRequest, BuildResult, BuildState, load_last_state
from gongkai.build.theme.theme_output import ThemeOutput, theme_key
from gongkai.build.workspace import Workspace
from gongkai.runtime.locking import BusyError
from gongkai.runtime.paths import display_path
from gongkai.runtime.progress import Progress
from gongkai.runtime.settings import read_settings
from gongkai.runtime.workers import Workers


def make_site(  # noqa: PLR0913 - the options of a build
    config_file: Path,
    site: Path,
    workers: Workers,
    *,
    progress: Progress,
    strict: bool = False,
    fresh: bool = False,
    only: frozenset[str] = frozenset(),
    preview: bool = False,
    release: str = "",
) -> BuildResult:
    """Bring a site up to date; `preview` means that it is for this machine only.

    `release` names the release that the site will become. Raise mkdocs.exceptions.Abort if MkDocs
    fails or another build is running.
    """
    settings = read_settings(config_file)
    if refusal := settings.overwrite_error(site):
        raise Abort(refusal)
    workspace = Workspace(site.resolve())
    if fresh:
        workspace.state_file.unlink(missing_ok=True)
    key = theme_key(config_file, settings)
    try:
        with workspace.lock():
            previous = load_last_state(workspace)
            theme = _cached_theme(previous, workspace, key, strict=strict)
            if preview and theme is None:
                theme = _copy_site_theme(Workspace(settings.site.resolve()), workspace, key)
            if theme:
                request = BuildRequest(
                    settings.data, display_path(settings.data), workers, only, release, preview
                )
                result = build_site(request, workspace, theme, previous, progress)
                log_problems(result.tally, result.note)
                return result
    except BusyError:
        raise Abort(f"另一个程序正在生成 {display_path(site)}；请等它结束") from None
    from gongkai.build.mkdocs.plugin import BuildOptions
    from gongkai.build.mkdocs.run import build_with_mkdocs

    options = BuildOptions(workers, progress, only, release, preview)
    return build_with_mkdocs(config_file, site, options, strict=strict)


def _cached_theme(
    previous: BuildState | None, workspace: Workspace, key: str, *, strict: bool
) -> ThemeOutput | None:
    """Return the cached output of MkDocs; None if it is stale."""
    if (
        previous is None
        or not previous.theme.key == key != ""
        or not workspace.mkdocs_output.is_dir()
    ):
        return None
    return previous.theme if previous.theme.strict or not strict else None


def _copy_site_theme(site: Workspace, preview: Workspace, key: str) -> ThemeOutput | None:
    """Copy the published site's MkDocs output into the preview's workspace; None if it is stale."""
    if not key or site.folder == preview.folder or not site.state_file.is_file():
        return None
    try:
        with site.lock():
            theme = _cached_theme(load_last_state(site), site, key, strict=False)
            if theme:
                for name in ("frame", "templates"):
                    shutil.rmtree(preview.folder / name, ignore_errors=True)
                    shutil.copytree(site.folder / name, preview.folder / name)
            return theme
    except (BusyError, OSError):
        return None
