"""Server of the editor: on this machine only, on the next free port if one is taken."""

import errno
import logging
import secrets
import socket
import threading
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.server import create_server

from gongkai.authoring.editor.guard import Guard
from gongkai.runtime.errors import UnavailableError
from gongkai.runtime.os_errors import explain_os_error

_PORTS = 20
"""How many ports to try."""
_THREADS = 4
_POLL_SECONDS = 0.2
"""How long a stop may take."""
_MAX_UPLOAD = 64 * 1024 * 1024


@dataclass(slots=True)
class EditorServer:
    """A server that listens; `run` answers requests until `stop` is called."""

    listener: socket.socket
    port: int
    taken: tuple[int, ...]
    """Ports that other programs use."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    _stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """The address of the start page, with the token."""
        return f"http://127.0.0.1:{self.port}/{self.token}/"

    def run(self, app: WSGIApplication) -> None:
        """Answer requests until `stop` is called."""
        logging.getLogger("waitress").setLevel(logging.ERROR)  # A queue is nothing to report.
        server: Any = create_server(
            Guard(app, self.token, self.port),
            sockets=[self.listener],
            threads=_THREADS,
            max_request_body_size=_MAX_UPLOAD,
            ident="",
        )
        try:
            while not self._stopping.is_set():
                server.asyncore.loop(timeout=_POLL_SECONDS, map=server._map, count=1)  # noqa: SLF001 - waitress' own run() knows no stop
        finally:
            server.task_dispatcher.shutdown()
            server.asyncore.close_all(server._map)  # noqa: SLF001

    def stop(self) -> None:
        """End `run` once the answer in progress has been sent."""
        threading.Timer(_POLL_SECONDS, self._stopping.set).start()


def listen(first_port: int) -> EditorServer:
    """Listen on the first free port of several, on any for 0; raise UnavailableError if all are taken."""
    taken: list[int] = []
    for port in range(first_port, first_port + _PORTS) if first_port else (0,):
        try:
            listener = _open_socket(port)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                words = explain_os_error(error)
                message = f"不能在 127.0.0.1:{port} 打开填报台：{words}"
                raise UnavailableError(message) from error
            taken.append(port)
        else:
            return EditorServer(listener, listener.getsockname()[1], tuple(taken))
    raise UnavailableError(
        f"端口 {first_port} 到 {taken[-1]} 都被别的程序占用；请关掉已经开着的填报台，或用 --port 换一个"
    )


def _open_socket(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    return listener
