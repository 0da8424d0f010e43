"""The site in a real browser: no foreign requests, blocked resources, injected scripts or overflow."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.commands import run_gongkai
from tests.folders import ROOT, copy_publisher, replace_in_file
from tests.pages.test_hostile import hostile_site
from tests.serving import serve_site
from tests.site_pages import (
    MODES_AND_PAGES,
    NAMES,
    PAGE_TYPES,
    WIDTHS,
    open_page,
    toggle_mode,
    visit_page,
)

__all__ = ["hostile_site"]

_AT_REST = "new Promise(done => requestIdleCallback(done, {timeout: 2000}))"
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_pages_are_clean_while_the_window_narrows(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        for name in PAGE_TYPES:
            page.set_viewport_size({"width": WIDTHS[0], "height": 800})
            visit_page(page, base, name)
            for width in (*WIDTHS, 320):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate(_OVERFLOW) <= 0, f"{name} {width}"
        assert page.context.cookies() == []
        assert errors == []


@pytest.mark.long
@pytest.mark.parametrize("width", [*WIDTHS, 320], ids=["desktop", "phone", "zoom 400 %"])
def test_pages_are_clean(built_site: Path, chromium: Browser, width: int) -> None:
    with serve_site(built_site) as base, open_page(chromium, base, width) as (page, errors):
        for name in PAGE_TYPES:
            visit_page(page, base, name)
            assert page.evaluate(_OVERFLOW) <= 0, name
        assert errors == []


@pytest.mark.parametrize(("mode", "width", "names"), MODES_AND_PAGES)
def test_pages_are_clean_in_every_mode(
    built_site: Path, chromium: Browser, mode: str, width: int, names: Sequence[str]
) -> None:
    with serve_site(built_site) as base, open_page(chromium, base, width) as (page, errors):
        visit_page(page, base, "home")
        toggle_mode(page, mode)
        for name in names:
            visit_page(page, base, name)
            assert page.evaluate(_OVERFLOW) <= 0, name
        assert errors == []


def test_pages_work_under_any_path(tmp_path: Path, chromium: Browser) -> None:
    shutil.copytree(ROOT / "data", copy_publisher(tmp_path) / "data")
    replace_in_file(
        tmp_path / "mkdocs.yml", {"https://gongkai.example/\n": "https://gongkai.example/a/b/\n"}
    )
    assert run_gongkai("build", folder=tmp_path).returncode == 0
    with (
        serve_site(tmp_path / "site", "/a/b/") as base,
        open_page(chromium, base) as (page, errors),
    ):
        for name in PAGE_TYPES:
            visit_page(page, base, name)
        assert errors == []


def test_hostile_text_is_never_executed(
    hostile_site: tuple[Path, set[str]], chromium: Browser
) -> None:
    site, _ = hostile_site
    urls = [path.parent.relative_to(site).as_posix() for path in site.rglob("units/**/index.html")]
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        for url in urls:
            page.goto(f"{base}{url}/")
            page.evaluate(_AT_REST)
        assert [error for error in errors if "dialog" in error or "foreign" in error] == []


@pytest.mark.parametrize("names", NAMES)
def test_no_page_sets_a_cookie(built_site: Path, chromium: Browser, names: Sequence[str]) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, _):
        for name in names:
            visit_page(page, base, name)
        toggle_mode(page, "dark")
        assert page.context.cookies() == []
    scripts = [path.read_text("utf-8") for path in built_site.rglob("*.js")]
    assert scripts
    assert not any("document.cookie" in script for script in scripts)
