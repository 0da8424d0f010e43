"""On phones, WeChat's browser included: what a thumb is to hit is large enough, and pages do not scroll sideways."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import serve_site
from tests.site_pages import open_page

WIDTHS = (320, 360, 414)
"""Of the smallest phone, and of WeChat's browser on small and large ones."""
_TARGETS = """[...document.querySelectorAll(
        "header a, header button, header input, main button, main input, main select, main summary,"
        + ".gk-found a, .gk-list a, .gk-compare a, .gk-compare label, .gk-all label")]
    .filter(element => element.getClientRects().length
        && !element.matches("[type=checkbox], .headerlink, .gk-suggestions *, thead *, .gk-all input"))
    .map(element => {
        const { width, height } = element.getBoundingClientRect();
        return [element.tagName + " " + element.textContent.trim().slice(0, 12), width, height];
    })"""
_LEAST = 43.9
"""Pixels, short of 44 by what browsers round."""
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def visit_search(page: Page, base: str) -> None:
    page.goto(f"{base}search/?q=%E5%BE%97%E5%88%86")
    expect(page.locator(".gk-results > li")).to_have_count(10)
    expect(page.locator(".gk-facets section")).not_to_have_count(0)


def visit_empty_search(page: Page, base: str) -> None:
    page.goto(f"{base}search/?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA%E8%AF%8D")
    expect(page.locator(".gk-nothing")).to_be_visible()


def visit_list(page: Page, base: str) -> None:
    page.goto(f"{base}shortfalls/")
    page.locator('main a[href^="20"]').first.click()
    expect(page.locator(".gk-list-tools")).not_to_have_count(0)


def visit_comparison(page: Page, base: str) -> None:
    page.goto(f"{base}units/")
    links = page.locator("main tbody a").evaluate_all("links => links.map(({ href }) => href)")
    names = [link.rstrip("/").rpartition("/")[2] for link in links if "/units/" in link]
    first, second = list(dict.fromkeys(names))[:2]
    page.goto(f"{base}compare/?u={first}&u={second}")
    expect(page.locator(".gk-compare table")).to_be_visible()


def open_menu(page: Page, base: str) -> None:
    page.goto(base)
    page.locator(".gk-menu").click()
    expect(page.locator("#gk-nav")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "visit", [visit_search, visit_empty_search, visit_list, visit_comparison, open_menu]
)
def test_targets_are_large_enough(
    corpus_folder: Path, chromium: Browser, visit: object, width: int
) -> None:
    assert callable(visit)
    with (
        serve_site(corpus_folder / "site") as base,
        open_page(chromium, base, width) as (page, errors),
    ):
        visit(page, base)
        targets = page.evaluate(_TARGETS)
        assert len(targets) > 10
        assert [target for target in targets if min(target[1:]) < _LEAST] == []
        assert page.evaluate(_OVERFLOW) <= 0
        assert errors == []
