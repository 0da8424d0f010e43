"""Page weight: transferred bytes, number of requests, and page sizes of a large site."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.benchmarks.corpus import write_small_units
from tests.commands import run_gongkai
from tests.folders import copy_publisher
from tests.serving import serve_site
from tests.site_pages import PAGE_TYPES, open_page

LARGEST = 500_000


def transferred_bytes(page: Page, url: str) -> dict[str, int]:
    """Return the URLs that a first visit requests, with their transferred bytes (headers included)."""
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def on_request(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def on_finished(event: dict[str, Any]) -> None:
        sizes[urls[event["requestId"]]] = int(event["encodedDataLength"])

    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.requestWillBeSent", on_request)
    network.on("Network.loadingFinished", on_finished)
    page.goto(url, wait_until="networkidle")
    return sizes


@pytest.mark.parametrize(
    ("name", "limit"), [("home", 30_000), ("disclosure", 45_000), ("project", 35_000)]
)
def test_a_first_visit_is_light(built_site: Path, chromium: Browser, name: str, limit: int) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, _):
        sizes = transferred_bytes(page, base + PAGE_TYPES[name])
        assert base + PAGE_TYPES[name] in sizes
        assert len(sizes) <= 12, sizes
        assert sum(sizes.values()) <= limit, sizes


@pytest.mark.parametrize("units", [80, pytest.param(1_000, marks=pytest.mark.long)])
def test_no_page_of_a_thousand_units_is_large(tmp_path: Path, units: int) -> None:
    folder = copy_publisher(tmp_path)
    write_small_units(folder, units)
    done = run_gongkai("build", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    site = folder / "site"
    sizes = {f"{path.relative_to(site)}": path.stat().st_size for path in site.rglob("*.html")}
    assert len(sizes) > 2 * units
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
