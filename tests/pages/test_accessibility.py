"""Accessibility of every kind of page, as axe-core judges it: at two widths, in every mode."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.serving import POLICY, served
from tests.site_pages import MODES, PAGE_TYPES, WIDTHS, look, opened, settle, toggle, visit

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """tags => axe.run(document, {runOnly: tags, resultTypes: ["violations"]})
    .then(found => found.violations)"""


def violations(page: Page) -> list[str]:
    """What axe-core finds in a page as it stands: the rule, and where."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)  # By the debugger, which no content security policy stops.
    settle(page)
    return [
        f"{rule['id']} {node['target']} {_reason(node)}"
        for rule in page.evaluate(_RUN, list(_TAGS))
        for node in rule["nodes"]
    ]


def _reason(node: dict[str, Any]) -> str:
    """Why, in axe's words."""
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(str(check["message"]) for check in checks)


def found_in(page: Page, base: str) -> list[str]:
    """What axe-core finds in all kinds of pages."""
    found = []
    for name in PAGE_TYPES:
        visit(page, base, name)
        found += [f"{name}: {each}" for each in violations(page)]
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_every_kind_of_page_is_accessible(built_site: Path, chromium: Browser, width: int) -> None:
    with served(built_site) as base, opened(chromium, base, width) as (page, wrong):
        assert found_in(page, base) == []
        assert wrong == []


@pytest.mark.parametrize(("mode", "width"), MODES)
def test_every_mode_is_accessible(
    built_site: Path, chromium: Browser, width: int, mode: str
) -> None:
    with served(built_site) as base, opened(chromium, base, width) as (page, wrong):
        visit(page, base, "home")
        toggle(page, mode)
        chosen = look(page)
        assert found_in(page, base) == []
        visit(page, base, "home")
        assert look(page) == chosen, "the choice is not kept from page to page"
        assert wrong == []


def test_axe_runs_under_the_policy_and_finds_faults(built_site: Path, chromium: Browser) -> None:
    with served(built_site) as base, opened(chromium, base) as (page, wrong):
        answer = page.goto(base)
        assert answer is not None
        assert answer.header_value("Content-Security-Policy") == POLICY
        page.evaluate("document.querySelector('main').append(document.createElement('button'))")
        assert any(each.startswith("button-name") for each in violations(page))
        assert wrong == []
        page.evaluate("document.body.append(document.createElement('script'))")
        page.evaluate("document.body.lastChild.textContent = 'window.ran = 1'")
        assert page.evaluate("window.ran") is None
        assert any("Content Security Policy" in each for each in wrong)
