"""The kinds of pages of this repository's own site, and how tests look at them in Chromium."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
    sync_playwright,
)

PAGE_TYPES = {
    "home": "",
    "years": "years/",
    "year": "years/2022/",
    "units": "units/",
    "unit": "units/xintian-jsx/",
    "disclosure": "units/xintian-jsx/2022/",
    "report": "units/xintian-jsx/2022/report/",
    "project": "units/xintian-jsx/2022/projects/liuchu-renkou/",
    "shortfalls": "shortfalls/",
    "shortfalls-year": "shortfalls/2022/",
    "status": "status/",
    "corrections": "corrections/",
    "compare": "compare/",
    "search": "search/",
    "guide": "guide/",
    "rules": "guide/rules/",
    "rule": "guide/rules/df-03/",
    "data": "data/",
    "dictionary": "data/dictionary/",
    "form": "data/dictionary/hunan-2022-project/",
    "api": "data/api/",
    "glossary": "glossary/",
    "accessibility": "accessibility/",
    "about": "about/",
    "site-map": "site-map/",
    "404": "units/nobody/nowhere/",
}
"""Where one page of each kind lies."""

WIDTHS = (1280, 375)
"""A desktop screen and a phone."""
MODES = (("large", 1280), ("large", 375), ("contrast", 1280), ("dark", 375))
"""What a reader can switch on, by the name in the button's data-gk-toggle, and at what width."""
INDICATOR = 'main a[href^="#i-"]'
"""The links of a disclosure that lead to one of its indicators."""
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_LOOK = """["body", "main p", "main a"].map(each => document.querySelector(each))
    .map(each => each ? getComputedStyle(each) : {})
    .map(({color, backgroundColor, fontSize}) => [color, backgroundColor, fontSize]).join()"""
_FINISH = "document.getAnimations().forEach(each => each.finish())"


def chromium_program() -> str:
    """The Chromium of this machine; a test that needs it fails where there is none."""
    named = os.environ.get("CHROMIUM", "")
    found = (
        named if os.access(named, os.X_OK) else next(filter(None, map(shutil.which, _NAMES)), "")
    )
    if not found:
        pytest.fail(
            "没有找到 Chromium：请运行 make browser，它会安装，或者告诉您怎样安装", pytrace=False
        )
    return found


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=_OPTIONS)
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(
    browser: Browser,
    base: str,
    width: int = 1280,
    *,
    script: bool = True,
    media: Literal["screen", "print"] = "screen",
) -> Iterator[tuple[Page, list[str]]]:
    """A window of its own of that width, and what goes wrong in it."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.emulate_media(media=media)
    yield page, _watched(page, base)
    context.close()


def _watched(page: Page, base: str) -> list[str]:
    """What goes wrong in a page, as it happens: errors, dialogs, foreign and failed requests."""
    wrong: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # Chromium also reports the 404 of a page that is meant to be none.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            wrong.append(message.text)

    def on_dialog(dialog: Dialog) -> None:
        wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def on_request(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            wrong.append(f"foreign {request.url}")

    def on_response(answer: Response) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            wrong.append(f"{answer.status} {answer.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", on_dialog)
    page.on("request", on_request)
    page.on("response", on_response)
    return wrong


def visit(page: Page, base: str, name: str) -> None:
    """Go to the page of a kind; it must be there."""
    answer = page.goto(base + PAGE_TYPES[name])
    assert answer is not None, name
    assert answer.status == (404 if name == "404" else 200), name


def look(page: Page) -> str:
    """How the page looks as far as its modes change it: letters and colours."""
    return str(page.evaluate(_LOOK))


def toggle(page: Page, mode: str) -> None:
    """Press one of the reader's buttons, which may lie in a drawer; the page must change by it."""
    before = look(page)
    button = page.locator(f'button[data-gk-toggle="{mode}"]').first
    button.evaluate("button => button.click()", timeout=2_000)
    assert look(page) != before, f"the button {mode} changes nothing"
    settle(page)


def settle(page: Page) -> None:
    """Let everything that moves arrive."""
    page.evaluate(_FINISH)
