"""Accessibility of every kind of page according to axe-core, at two widths and in every mode."""

from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.serving import POLICY, serve_site
from tests.site_pages import (
    MODES_AND_PAGES,
    PAGE_TYPES,
    WIDTHS,
    finish_animations,
    open_page,
    page_appearance,
    toggle_mode,
    visit_page,
)

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """async tags => {
    const options = {runOnly: tags, resultTypes: ["violations"], selectors: false};
    const {violations} = await axe.run(document, options);
    // The selectors of all that was looked at take a fifth of the time.
    return violations.length
        ? (await axe.run(document, {...options, selectors: true})).violations : [];
}"""


def violations(page: Page) -> list[str]:
    """Return axe-core's violations in the current state of a page: rule, element and reason."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)  # The content security policy does not apply to the debugger.
    finish_animations(page)
    return [
        f"{rule['id']} {node['target']} {_reason(node)}"
        for rule in page.evaluate(_RUN, list(_TAGS))
        for node in rule["nodes"]
    ]


def _reason(node: dict[str, Any]) -> str:
    """Return axe's messages."""
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(str(check["message"]) for check in checks)


def all_violations(page: Page, base: str, names: Iterable[str] = PAGE_TYPES) -> list[str]:
    """Return axe-core's violations in kinds of pages."""
    messages = []
    for name in names:
        visit_page(page, base, name)
        messages += [f"{name}: {violation}" for violation in violations(page)]
    return messages


@pytest.mark.parametrize(
    "width", [WIDTHS[-1], *(pytest.param(width, marks=pytest.mark.long) for width in WIDTHS[:-1])]
)
def test_every_kind_of_page_is_accessible(built_site: Path, chromium: Browser, width: int) -> None:
    with serve_site(built_site) as base, open_page(chromium, base, width) as (page, errors):
        assert all_violations(page, base) == []
        assert errors == []


@pytest.mark.parametrize(("mode", "width", "names"), MODES_AND_PAGES)
def test_every_mode_is_accessible(
    built_site: Path, chromium: Browser, width: int, mode: str, names: Sequence[str]
) -> None:
    with serve_site(built_site) as base, open_page(chromium, base, width) as (page, errors):
        visit_page(page, base, "home")
        toggle_mode(page, mode)
        appearance = page_appearance(page)
        assert all_violations(page, base, names) == []
        visit_page(page, base, "home")
        assert page_appearance(page) == appearance, "the mode is lost on the next page"
        assert errors == []


def test_axe_runs_under_the_policy_and_finds_faults(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        response = page.goto(base)
        assert response is not None
        assert response.header_value("Content-Security-Policy") == POLICY
        page.evaluate("document.querySelector('main').append(document.createElement('button'))")
        assert any(violation.startswith("button-name") for violation in violations(page))
        assert errors == []
        page.evaluate("document.body.append(document.createElement('script'))")
        page.evaluate("document.body.lastChild.textContent = 'window.ran = 1'")
        assert page.evaluate("window.ran") is None
        assert any("Content Security Policy" in error for error in errors)
