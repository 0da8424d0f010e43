"""Bring a site up to date; MkDocs runs only if its own output is stale."""

import logging
import shutil
from functools import partial
from pathlib import Path

from mkdocs.exceptions import Abort

from gongkai.build.log import log_problems
from gongkai.build.mkdocs.config import require_utf8
from gongkai.build.pipeline import build_site
from gongkai.build.plan import scan_data
from gongkai.build.state import (
    BuildRequest,
    BuildResult,
    BuildState,
    load_last_state,
    look_for_site_files,
    read_state,
)
from gongkai.build.theme.theme_output import ThemeOutput, theme_key
from gongkai.build.workspace import Workspace
from gongkai.runtime.gc_pause import pause_gc
from gongkai.runtime.locking import BusyError
from gongkai.runtime.paths import display_path
from gongkai.runtime.settings import read_settings
from gongkai.runtime.writing import has_files

_LOG = logging.getLogger("mkdocs.plugins.gongkai")


def make_site(
    config_file: Path,
    site: Path,
    request: BuildRequest,
    *,
    strict: bool = False,
    fresh: bool = False,
) -> BuildResult:
    """Bring a site up to date; `fresh` trusts nothing but the data, `strict` fails on warnings of MkDocs.

    Raise mkdocs.exceptions.Abort if MkDocs fails or another build is running.
    """
    require_utf8(config_file)
    if refusal := read_settings(config_file, request.data).overwrite_error(site):
        raise Abort(refusal)
    workspace = Workspace(site.resolve())
    try:
        with workspace.lock():
            result = _update_site(config_file, workspace, request, strict=strict, fresh=fresh)
            if result:
                log_problems(result.tally, result.note)
                return result
    except BusyError:
        raise Abort(f"另一个程序正在生成 {display_path(site)}；请等它结束") from None
    from gongkai.build.mkdocs.run import build_with_mkdocs

    return build_with_mkdocs(config_file, site, request, strict=strict)


@pause_gc()
def _update_site(
    config_file: Path, workspace: Workspace, request: BuildRequest, *, strict: bool, fresh: bool
) -> BuildResult | None:
    """Bring the site up to date with the cached output of MkDocs; return None if that is stale."""
    find_theme = partial(_find_theme, config_file, workspace, request, strict=strict)
    previous = None if fresh else read_state(workspace)
    if previous is None:
        workspace.clear()
    with look_for_site_files(previous, workspace) as has_all_files:
        theme = find_theme(previous)
        scan = scan_data(request, previous) if theme else None
        if previous and not has_all_files():
            workspace.clear()
            previous, scan, theme = None, None, find_theme(None)
    if theme is None:
        return None
    for warning in theme.unapplied:
        _LOG.warning(warning)
    return build_site(request, workspace, theme, previous, scan)


def _find_theme(
    config_file: Path,
    workspace: Workspace,
    request: BuildRequest,
    previous: BuildState | None,
    *,
    strict: bool,
) -> ThemeOutput | None:
    """Return the cached output of MkDocs, a preview's also from the site; None if it is stale."""
    settings = read_settings(config_file, request.data)
    key = theme_key(config_file, settings)
    theme = _cached_theme(previous, workspace, key, strict=strict)
    if request.preview and theme is None:
        return _copy_site_theme(Workspace(settings.site.resolve()), workspace, key)
    return theme


def _cached_theme(
    previous: BuildState | None, workspace: Workspace, key: str, *, strict: bool
) -> ThemeOutput | None:
    """Return the cached output of MkDocs; None if it is stale."""
    if (
        previous is None
        or not previous.theme.key == key != ""
        or not has_files(
            workspace.mkdocs_output, ((file.path, file.size) for file in previous.theme.files)
        )
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
