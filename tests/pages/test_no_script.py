"""Without a script, and without a mouse."""

from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.serving import served
from tests.site_pages import INDICATOR, PAGE_TYPES, WIDTHS, opened, visit

_TEXTS = """() => [...document.querySelectorAll("main, footer")].flatMap(part => {
  // Controls, and the reader's own date.
  const scripted = "script, noscript, button, select, output, [data-gk-today], .gk-list-tools, #gk-compare, #gk-find";
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (holder.checkVisibility() && !holder.closest(scripted))
      found.push(walker.currentNode.data.trim());
  }
  return found.filter(Boolean);
})"""
_LINKS = """() => [...document.querySelectorAll("main a[href], footer a[href]")]
    .filter(each => each.checkVisibility()).map(each => each.href)"""
_HAS = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const style = getComputedStyle(document.activeElement);
  return [document.activeElement.href || "", box.width > 0 && box.height > 0
    && style.visibility === "visible" && document.activeElement.matches(":focus-visible")];
}"""


def test_every_figure_and_link_is_there_without_a_script(
    built_site: Path, chromium: Browser
) -> None:
    with (
        served(built_site) as base,
        opened(chromium, base) as (full, _),
        opened(chromium, base, script=False) as (bare, wrong),
    ):
        for name in PAGE_TYPES:
            visit(full, base, name)
            visit(bare, base, name)
            for told in (_TEXTS, _LINKS):
                shown = Counter(full.evaluate(told))
                assert shown, name
                assert shown - Counter(bare.evaluate(told)) == Counter(), name
        assert wrong == []


def follow(page: Page, address: str, most: int = 200) -> None:
    """Press Tab until the link is reached, then Enter; whatever takes the focus must be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        href, seen = page.evaluate(_HAS)
        assert seen, f"the focus is on something hidden: {focused(page)}"
        if href == address:
            page.keyboard.press("Enter")
            page.wait_for_url(address)
            return
    pytest.fail(f"no key leads to {address}")


def focused(page: Page) -> str:
    """What has the focus, as markup."""
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_leads_from_home_to_an_indicator(
    built_site: Path, chromium: Browser, width: int
) -> None:
    with served(built_site) as base, opened(chromium, base, width) as (page, wrong):
        visit(page, base, "home")
        for name in ("units", "unit", "disclosure"):
            follow(page, base + PAGE_TYPES[name])
        anchor = page.locator(INDICATOR).first.get_attribute("href")
        assert anchor is not None
        follow(page, base + PAGE_TYPES["disclosure"] + anchor)
        assert page.locator(anchor).bounding_box() is not None
        assert page.evaluate("document.querySelector(':target') !== null")
        assert wrong == []
