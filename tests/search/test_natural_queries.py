"""Queries as people type them lead to the page that a person would have picked (natural_queries.yml)."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser

from tests.commands import run_gongkai
from tests.serving import serve_site
from tests.shared import share_folder
from tests.site_pages import find_asset, open_page

_JUDGED: Mapping[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("natural_queries.yml").read_text("utf-8")
)
_SEARCH = """async ([script, words]) => {
    const { search } = await import(script);
    return (await search(words, {})).results.map(({ url }) => url);
}"""
_FIRST_SHARE = 0.75
"""Share of the queries whose page has to come first."""


@pytest.fixture(scope="module")
def county_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the made-up county."""

    def build(folder: Path) -> None:
        done = run_gongkai("init", folder / "county", "--demo")
        assert done.returncode == 0, done.stderr
        done = run_gongkai("build", "--strict", "--today", "2025-10-01", folder=folder / "county")
        assert done.returncode == 0, done.stdout + done.stderr

    return share_folder(tmp_path_factory, "county", build) / "county" / "site"


@pytest.mark.parametrize(
    ("fixture", "name"),
    [("built_site", "seed"), pytest.param("county_site", "demo", marks=pytest.mark.long)],
)
def test_the_page_that_a_person_would_pick_comes_first(
    request: pytest.FixtureRequest, fixture: str, name: str, chromium: Browser
) -> None:
    site = Path(request.getfixturevalue(fixture))
    later = {query: int(place) for query, place in _JUDGED["later"].items()}
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        page.goto(f"{base}search/")
        script = base + find_asset(site, "assets/search/search.js").relative_to(site).as_posix()
        for query, pick in _JUDGED[name].items():
            assert (site / pick / "index.html").is_file(), pick
            urls = page.evaluate(_SEARCH, [script, query])
            place = urls.index(pick) + 1 if pick in urls else 0
            expected = later.get(query, 1)
            assert place <= expected if place else not expected, (query, place, urls[:3])
        assert errors == []


def test_most_pages_come_first() -> None:
    queries = {*_JUDGED["seed"], *_JUDGED["demo"]}
    assert len(queries) >= 60
    assert _JUDGED["later"].keys() <= queries
    assert 1 - len(_JUDGED["later"]) / len(queries) >= _FIRST_SHARE
