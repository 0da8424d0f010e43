"""Pages that load themselves again: MkDocs puts a script into what it serves on this machine."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.livereload import LiveReloadServer

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
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


def watched(data: Path, only: Iterable[str]) -> Iterator[tuple[Path, bool]]:
    """What of the data folder to look at, and whether at all that is below it."""
    names = sorted(only)
    if not names:
        yield data, True
        return
    yield data, False
    for path in sorted(data.iterdir()):
        if path.is_dir() and path.name != "units" and not path.name.startswith("."):
            yield path, True
    yield from ((data / "units" / name, True) for name in names)
