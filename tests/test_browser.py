"""The site in a real browser: nothing foreign, nothing blocked, nothing run, nothing cut off."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.serving import served
from tests.site_pages import PAGE_TYPES, WIDTHS, opened, visit
from tests.test_hostile import hostile_site

__all__ = ["hostile_site"]

_OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_clean(built_site: Path, chromium: Browser, width: int) -> None:
    with served(built_site) as base, opened(chromium, base, width) as (page, wrong):
        for name in PAGE_TYPES:
            visit(page, base, name)
            assert page.evaluate(_OVERHANG) <= 0, name
        assert wrong == []


def test_hostile_text_runs_nowhere(hostile_site: tuple[Path, set[str]], chromium: Browser) -> None:
    site, _ = hostile_site
    urls = [path.parent.relative_to(site).as_posix() for path in site.rglob("units/**/index.html")]
    with served(site) as base, opened(chromium, base) as (page, wrong):
        for url in urls:
            page.goto(f"{base}{url}/")
            page.wait_for_load_state("networkidle")
        assert [each for each in wrong if "dialog" in each or "foreign" in each] == []
