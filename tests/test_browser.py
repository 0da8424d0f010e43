"""The site in a real browser: nothing foreign, nothing blocked, nothing run, nothing cut off."""

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, sync_playwright

from tests.test_hostile import hostile_site

__all__ = ["hostile_site"]

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'"
)
PAGES = (
    "",
    "years/2022/",
    "units/",
    "units/xintian-jsx/",
    "units/xintian-jsx/2022/",
    "units/xintian-jsx/2022/report/",
    "units/xintian-jsx/2022/projects/liuchu-renkou/",
    "guide/",
)

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="没有 Chromium")


class _Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    """The site on loopback, under a strict content security policy."""
    handler = functools.partial(_Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextlib.contextmanager
def browsing(width: int, base: str) -> Iterator[tuple[Page, list[str]]]:
    """A page of that width, and what goes wrong in it."""
    wrong: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(message.text)

    def on_dialog(dialog: Dialog) -> None:
        wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def on_request(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            wrong.append(f"foreign {request.url}")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("console", on_console)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", on_dialog)
        page.on("request", on_request)
        yield page, wrong
        browser.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_are_clean(built_site: Path, width: int) -> None:
    with served(built_site) as base, browsing(width, base) as (page, wrong):
        for url in PAGES:
            page.goto(base + url)
            script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(script) <= 0, url
        assert wrong == []


def test_hostile_text_runs_nowhere(hostile_site: tuple[Path, set[str]]) -> None:
    site, _ = hostile_site
    urls = [path.parent.relative_to(site).as_posix() for path in site.rglob("units/**/index.html")]
    with served(site) as base, browsing(1280, base) as (page, wrong):
        for url in urls:
            page.goto(f"{base}{url}/")
            page.wait_for_load_state("networkidle")
        assert [each for each in wrong if "dialog" in each or "foreign" in each] == []
