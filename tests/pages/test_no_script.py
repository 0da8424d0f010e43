"""The site without scripts, and without a mouse."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.serving import serve_site
from tests.site_pages import INDICATOR, NAMES, PAGE_TYPES, WIDTHS, open_page, visit_page

_TEXTS = """() => [...document.querySelectorAll("main, footer")].flatMap(part => {
  // Controls and today's date are added by scripts.
  const scripted = "script, noscript, button, select, output, [data-gk-today], .gk-list-tools, #gk-compare, #gk-find";
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (element.checkVisibility() && !element.closest(scripted))
      texts.push(walker.currentNode.data.trim());
  }
  return texts.filter(Boolean);
})"""
_LINKS = """() => [...document.querySelectorAll("main a[href], footer a[href]")]
    .filter(link => link.checkVisibility()).map(link => link.href)"""
_FOCUS = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const style = getComputedStyle(document.activeElement);
  return [document.activeElement.href || "", box.width > 0 && box.height > 0
    && style.visibility === "visible" && document.activeElement.matches(":focus-visible")];
}"""


@pytest.mark.parametrize("names", NAMES)
def test_all_texts_and_links_exist_without_scripts(
    built_site: Path, chromium: Browser, names: Sequence[str]
) -> None:
    with (
        serve_site(built_site) as base,
        open_page(chromium, base) as (full, _),
        open_page(chromium, base, script=False) as (bare, errors),
    ):
        for name in names:
            visit_page(full, base, name)
            visit_page(bare, base, name)
            for script in (_TEXTS, _LINKS):
                contents = Counter(full.evaluate(script))
                assert contents, name
                assert contents - Counter(bare.evaluate(script)) == Counter(), name
        assert errors == []


def follow(page: Page, url: str, limit: int = 200) -> None:
    """Press Tab until the link is reached, then Enter; everything focused must be visible."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        href, visible = page.evaluate(_FOCUS)
        assert visible, f"the focused element is hidden: {focused_element(page)}"
        if href == url:
            page.keyboard.press("Enter")
            page.wait_for_url(url)
            return
    pytest.fail(f"Tab does not reach {url}")


def focused_element(page: Page) -> str:
    """Return the markup of the focused element."""
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))


@pytest.mark.parametrize("width", WIDTHS)
def test_an_indicator_is_reached_by_keyboard(
    built_site: Path, chromium: Browser, width: int
) -> None:
    with serve_site(built_site) as base, open_page(chromium, base, width) as (page, errors):
        visit_page(page, base, "home")
        for name in ("units", "unit", "disclosure"):
            follow(page, base + PAGE_TYPES[name])
        anchor = page.locator(INDICATOR).first.get_attribute("href")
        assert anchor is not None
        follow(page, base + PAGE_TYPES["disclosure"] + anchor)
        assert page.locator(anchor).bounding_box() is not None
        assert page.evaluate("document.querySelector(':target') !== null")
        assert errors == []
