"""Guard of the local server: only the browser that was given the address gets in."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content security policy of every screen: nothing inline, nothing from elsewhere."""
_HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_OWN_FETCHES = frozenset({"", "same-origin", "none"})
"""Values of Sec-Fetch-Site: absent in old browsers, this server's own pages, an address typed in."""
_REFUSED = (
    "请从运行 gongkai edit 的窗口里打开填报台的地址；这个地址不完整，或者请求来自别的网页。\n"
)


@dataclass(frozen=True, slots=True)
class Guard:
    """WSGI application that refuses what its own pages did not send, and strips the token.

    The token is the first part of every address. Another site can neither read nor guess it; names
    that lead to this machine (DNS rebinding) are refused by the Host header, and requests sent by
    other sites (CSRF) by Origin and by the type of their content.
    """

    app: WSGIApplication
    token: str
    port: int

    @property
    def hosts(self) -> tuple[str, ...]:
        """The values of Host under which the server is reached."""
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if not self._admits(environ):
            headers = [("Content-Type", "text/plain; charset=utf-8"), *_HEADERS]
            start_response("403 Forbidden", headers)
            return [_REFUSED.encode()]
        environ["SCRIPT_NAME"] = f"/{self.token}"
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(f"/{self.token}") or "/"
        return self.app(environ, _with_headers(start_response))

    def _admits(self, environ: WSGIEnvironment) -> bool:
        host = environ.get("HTTP_HOST", "")
        first = environ.get("PATH_INFO", "").split("/")[1:2]
        if host not in self.hosts or environ.get("HTTP_SEC_FETCH_SITE", "") not in _OWN_FETCHES:
            return False
        if not first or not hmac.compare_digest(first[0].encode(), self.token.encode()):
            return False
        if environ["REQUEST_METHOD"] in _SAFE_METHODS:
            return True
        content_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        is_own = environ.get("HTTP_ORIGIN") == f"http://{host}"
        return is_own and content_type in {"application/json", "application/octet-stream"}


def _with_headers(start_response: StartResponse) -> Any:  # noqa: ANN401 - WSGI's own callable
    """Add the security headers to whatever the application answers."""

    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:  # noqa: ANN401
        return start_response(status, [*headers, *_HEADERS], *error)

    return start
