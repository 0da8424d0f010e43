"""A site brought up to date: MkDocs is asked only where what it makes has changed."""

from pathlib import Path

from mkdocs.exceptions import Abort

from generator.building import build
from generator.locking import BusyError
from generator.progress import Progress
from generator.settings import read_settings
from generator.showing import report
from generator.site import shown
from generator.skins import skin_key
from generator.state import Outcome, Request, last_state
from generator.workers import Workers
from generator.workspace import Workspace


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
    """Bring a site up to date; `previewing` lets its pages be told when to load again.

    `release` names the release that is about to be made of it.
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
                request = Request(
                    settings.data, shown(settings.data), workers, only, release, previewing
                )
                outcome = build(request, workspace, old.skin, old, progress)
                report(outcome.tally, outcome.note)
                return outcome
    except BusyError:
        raise Abort(f"另一个程序正在生成 {shown(site)}；请等它结束") from None
    from generator.framing import make_with_mkdocs
    from generator.plugin import Asked

    asked = Asked(workers, progress, only, release, previewing)
    return make_with_mkdocs(config_file, site, asked, strict=strict)
