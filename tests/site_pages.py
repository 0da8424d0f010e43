"""Page types of this repository's own site, and how tests open them in Chromium."""

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
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

from gongkai.pages import page_types

EXAMPLE_NAMES = {
    "unit": "xintian-jsx",
    "year": "2022",
    "project": "liuchu-renkou",
    "department": "2024a40c",
    "rule": "df-03",
    "form": "hunan-2022-project",
}
"""Names in the addresses of the example pages."""
_SHORT, _UNRELEASED = "all lists fit on one page", "the site has no releases"
NOT_IN_OWN_SITE = {
    "year-part": _SHORT,
    "units-part": _SHORT,
    "shortfalls-part": _SHORT,
    "contradictions-part": _SHORT,
    "corrections-year": _SHORT,
    "releases": _UNRELEASED,
    "release": _UNRELEASED,
    "old-disclosure": _UNRELEASED,
    "old-report": _UNRELEASED,
    "old-project": _UNRELEASED,
}
"""Page types without a page in this repository's own site, and why."""
PAGE_TYPES = {
    page_type.name: page_type.url(**EXAMPLE_NAMES)
    for page_type in page_types.PAGE_TYPES
    if page_type.name not in NOT_IN_OWN_SITE
    and EXAMPLE_NAMES.keys() >= set(re.findall(r"\{(\w+)\}", page_type.path))
} | {
    "guide": "guide/",
    "api": "data/api/",
    "glossary": "glossary/",
    "accessibility": "accessibility/",
    "guarantees": "guarantees/",
    "about": "about/",
    "site-map": "site-map/",
    "404": "units/nobody/nowhere/",
}
"""Path of one page per page type, and of hand-written pages."""

WIDTHS = (1280, 375)
"""Viewport widths of a desktop screen and a phone."""
MODES = (
    ("dark", 375),
    *(
        pytest.param(mode, width, marks=pytest.mark.long)
        for mode, width in (("large", 1280), ("large", 375), ("contrast", 1280))
    ),
)
"""(mode, width) of the display modes to test; the mode is the button's data-gk-toggle."""
SOME_PAGES = (
    "home",
    "unit",
    "disclosure",
    "report",
    "shortfalls-year",
    "compare",
    "search",
    "guide",
)
"""Pages that show together what the others do, for what takes long on all."""
MODES_AND_PAGES = (
    pytest.param("dark", 375, SOME_PAGES, id="dark-375-some"),
    *(
        pytest.param(mode, width, tuple(PAGE_TYPES), marks=pytest.mark.long, id=f"{mode}-{width}")
        for mode, width in (("dark", 375), ("large", 1280), ("large", 375), ("contrast", 1280))
    ),
)
"""(mode, width, page types) to test."""
NAMES = (
    pytest.param(SOME_PAGES, id="some"),
    pytest.param(tuple(PAGE_TYPES), marks=pytest.mark.long, id="all"),
)
"""Page types to test."""
INDICATOR = 'main a[href^="#i-"]'
"""Selector of the links in a disclosure that lead to its indicators."""
_PROGRAM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_APPEARANCE_JS = """["body", "main p", "main a"].map(selector => document.querySelector(selector))
    .map(element => element ? getComputedStyle(element) : {})
    .map(({color, backgroundColor, fontSize}) => [color, backgroundColor, fontSize]).join()"""
_FINISH_ANIMATIONS_JS = "document.getAnimations().forEach(animation => animation.finish())"


def find_chromium() -> str:
    """Return the path of Chromium on this machine; fail the test if there is none."""
    configured = os.environ.get("CHROMIUM", "")
    installed = next(filter(None, map(shutil.which, _PROGRAM_NAMES)), "")
    program = configured if os.access(configured, os.X_OK) else installed
    if not program:
        pytest.fail(
            "没有找到 Chromium：请运行 make browser，它会安装，或者告诉您怎样安装", pytrace=False
        )
    return program


def index_folder(site: Path) -> Path:
    """Return the folder of a site's search index, whose name changes with its content."""
    pointer = json.loads((site / "search" / "data.json").read_text("utf-8"))
    return site / "search" / f"{pointer['folder']}"


def find_asset(site: Path, path: str) -> Path:
    """Return a script or style sheet of a site, by its path without the content hash."""
    [asset] = site.glob(re.sub(r"\.(\w+)$", r".????????.\1", path))
    return asset


@contextlib.contextmanager
def launch_chromium() -> Iterator[Browser]:
    """Run Chromium; yield the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=_CHROMIUM_OPTIONS
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def open_page(
    browser: Browser,
    base: str,
    width: int = 1280,
    *,
    script: bool = True,
    media: Literal["screen", "print"] = "screen",
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a new browser context; yield it with a list of the errors that occur in it."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.emulate_media(media=media)
    yield page, _watch_errors(page, base)
    context.close()


def _watch_errors(page: Page, base: str) -> list[str]:
    """Return a list that grows with errors, dialogs, foreign and failed requests of a page."""
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # Chromium also logs the intended 404 of a missing page.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            errors.append(message.text)

    def on_dialog(dialog: Dialog) -> None:
        errors.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def on_request(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            errors.append(f"foreign {request.url}")

    def on_response(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            errors.append(f"{response.status} {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", on_dialog)
    page.on("request", on_request)
    page.on("response", on_response)
    return errors


def visit_page(page: Page, base: str, name: str) -> None:
    """Go to the page of a type and check its HTTP status."""
    response = page.goto(base + PAGE_TYPES[name])
    assert response is not None, name
    assert response.status == (404 if name == "404" else 200), name


def page_appearance(page: Page) -> str:
    """Return the colours and font sizes that display modes change."""
    return str(page.evaluate(_APPEARANCE_JS))


def toggle_mode(page: Page, mode: str) -> None:
    """Press a display mode's button, which may be in a drawer, and check that the page changes."""
    before = page_appearance(page)
    button = page.locator(f'button[data-gk-toggle="{mode}"]').first
    button.evaluate("button => button.click()", timeout=2_000)
    assert page_appearance(page) != before, f"the button {mode} changes nothing"
    finish_animations(page)


def finish_animations(page: Page) -> None:
    """Finish all animations of a page."""
    page.evaluate(_FINISH_ANIMATIONS_JS)
