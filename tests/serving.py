"""A built site on loopback, as a careful web server gives it: packed, under a strict policy."""

import contextlib
import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_PACKED = frozenset({".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"})


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # As web servers have it; else a body waits 40 ms for its head.

    def __init__(self, *args: object, prefix: str, directory: str) -> None:
        self.prefix = prefix
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def send_head(self) -> BytesIO | BinaryIO | None:
        """A file as the server has it, packed where that helps; the site's own page for 404."""
        if not self.path.startswith(self.prefix):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        self.path = self.path[len(self.prefix) - 1 :]
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        if path.is_dir():
            return super().send_head()
        found = path.is_file()
        path = path if found else Path(self.directory) / "404.html"
        data = path.read_bytes()
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix in _PACKED:
            data = gzip.compress(data, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", f"{len(data)}")
        self.end_headers()
        return BytesIO(data)

    def do_GET(self) -> None:
        """A reader who has already gone on is no fault."""
        with contextlib.suppress(ConnectionError):
            super().do_GET()

    def end_headers(self) -> None:
        """Every answer carries the policy."""
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served(site: Path, prefix: str = "/") -> Iterator[str]:
    """The address of the site on loopback, under any path that begins and ends with a slash."""
    handler = functools.partial(_Handler, prefix=prefix, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
        server.shutdown()
