"""Page types: table, templates, assets, tests and the sites that are built agree."""

import contextlib
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from bs4 import BeautifulSoup

from gongkai.build.list_pages import list_pages
from gongkai.build.theme.page_shells import placeholder_url
from gongkai.checks.runner import check_data
from gongkai.pages import corrections, page_types, pagination
from gongkai.pages.headings import split_headings
from gongkai.pages.page_types import ARCHIVED, PAGE_TYPES
from tests.exports.test_open_lists import entries_of
from tests.folders import ROOT, TODAY
from tests.histories import FACTS, OVERALL, PROJECT, REPORT, create_publisher
from tests.office_data import run_cli
from tests.rendering import render_pages
from tests.site_pages import NOT_IN_OWN_SITE, find_asset
from tests.site_pages import PAGE_TYPES as EXAMPLES

TEMPLATES = ROOT / "generator/gongkai/pages/templates"
_ORIGIN = "https://gongkai.example/"
_EXPLANATION = """差异说明:
  - {规则: DF-03, 位置: 部门整体自评表/总分/得分, 申报值: "99", 复算值: "98", 说明: 原件如此, 说明人: 示例员, 日期: 2023-06-30}
"""
UNSORTED = {page_types.HOME, page_types.RELEASES, page_types.RELEASE, *ARCHIVED.values()}
"""Types whose tables cannot be sorted and filtered."""


def urls_of(folder: Path) -> list[str]:
    """Return the addresses of the generated pages of a built site."""
    hand_written = {
        path.relative_to(ROOT / "content").with_suffix("").as_posix().removesuffix("index")
        for path in ROOT.glob("content/**/*.md")
    } - {""}
    urls = sorted(
        path.relative_to(folder).as_posix().removesuffix("index.html")
        for path in folder.rglob("index.html")
    )
    return [url for url in urls if not {url, url.removesuffix("/")} & hand_written]


def types_of(url: str) -> list[str]:
    return [page_type.name for page_type in PAGE_TYPES if page_type.matches(url)]


@pytest.fixture(scope="module")
def archive_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a site with all types of pages: every list is split, every page has been replaced."""
    repository = create_publisher(tmp_path_factory.mktemp("archive"))
    for name in ("content", "overrides"):
        shutil.copytree(ROOT / name, repository.folder / name)
    shutil.copy(ROOT / "mkdocs.yml", repository.folder)
    repository.edit_file(OVERALL, {"得分: 98}": "得分: 99}"})
    repository.append_to_file(FACTS, _EXPLANATION)
    repository.commit("2023-06-30", "2023-07-01")
    repository.edit_file(OVERALL, {"实际完成值: 96%": "实际完成值: 97%"})
    repository.edit_file(PROJECT, {"存在的问题: 示例路段施工时间较长": "存在的问题: 示例路段较长"})
    repository.append_to_file(REPORT, "\n补充一段示例文字。\n")
    repository.commit("2023-08-01", "2023-08-01")
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(repository.folder):
        patch.setattr(pagination.split_list, "__defaults__", (0,))
        patch.setattr(corrections, "MAX_ROWS", 0)
        code, _, errors = run_cli("build", "--today", "2024-01-01", "-j", 1)
    assert code == 0, errors
    return repository.folder / "site"


def test_names_and_placeholders_are_unique() -> None:
    for page_type in PAGE_TYPES:
        assert types_of(placeholder_url(page_type)) == [page_type.name]
    assert len({page_type.name for page_type in PAGE_TYPES}) == len(PAGE_TYPES)


def test_every_type_has_its_template_and_every_template_its_type() -> None:
    templates = {path.name.removesuffix(".md.jinja") for path in TEMPLATES.glob("*.md.jinja")}
    assert templates == {page_type.template for page_type in PAGE_TYPES}


def test_types_with_the_same_template_have_the_same_view() -> None:
    pairs = {(page_type.template, page_type.view) for page_type in PAGE_TYPES}
    assert len(pairs) == len({template for template, _ in pairs})


def test_every_asset_of_a_type_is_one_of_the_themes() -> None:
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    for page_type in PAGE_TYPES:
        for path in (*page_type.scripts, *page_type.preloads):
            assert (ROOT / "overrides" / path).is_file(), page_type.name
        for path in page_type.unused_sheets:
            assert f"  - {path}\n" in settings, page_type.name


def test_every_type_has_an_example_in_the_tests() -> None:
    names = {page_type.name: page_type.path for page_type in PAGE_TYPES}
    missing = names.keys() - EXAMPLES.keys() - NOT_IN_OWN_SITE.keys()
    assert {name: names[name] for name in missing} == {}, (
        "add the words in braces to EXAMPLE_NAMES of tests/site_pages.py, or the type to NOT_IN_OWN_SITE"
    )
    assert NOT_IN_OWN_SITE.keys() - names.keys() == set()


def test_every_page_of_the_own_site_has_one_type(built_site: Path) -> None:
    urls = urls_of(built_site)
    names = {name for url in urls for name in types_of(url)}
    assert {url: types_of(url) for url in urls if len(types_of(url)) != 1} == {}
    assert {page_type.name for page_type in PAGE_TYPES} - NOT_IN_OWN_SITE.keys() <= names


def test_every_page_of_a_site_with_an_archive_has_one_type(archive_site: Path) -> None:
    urls = urls_of(archive_site)
    assert {url: types_of(url) for url in urls if len(types_of(url)) != 1} == {}
    assert {name for url in urls for name in types_of(url)} == {
        page_type.name for page_type in PAGE_TYPES
    }


@pytest.mark.parametrize("name", ["built_site", "archive_site"])
def test_links_lead_from_the_home_page_to_every_page(
    name: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(name)
    unvisited, reached = [""], set[str]()
    while unvisited:
        url = unvisited.pop()
        page = folder / unquote(url) / "index.html"
        if url not in reached and page.is_file():
            reached.add(url)
            soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
            addresses = (
                *(link["href"] for link in soup.select("a[href]")),
                *(form["action"] for form in soup.select("form[action]")),
            )
            targets = (
                urldefrag(urljoin(f"{_ORIGIN}{url}", f"{address}")).url for address in addresses
            )
            unvisited += [
                target.removeprefix(_ORIGIN) for target in targets if target.startswith(_ORIGIN)
            ]
    assert set(urls_of(folder)) - reached == set()


def test_every_list_page_has_address_and_view_of_its_type() -> None:
    for page in list_pages(*entries_of(ROOT / "data")):
        view = page.view()
        assert types_of(page.url) == [page.type.name]
        assert (view.head.url, type(view)) == (page.url, page.type.view)


def test_only_types_with_headings_or_a_source_have_pages_with_them() -> None:
    for page in render_pages(check_data(ROOT / "data", TODAY).dataset):
        has_headings = bool(split_headings(page.body)[1])
        assert page.type.has_headings or not has_headings, page.path
        assert page.type.has_source == bool(page.source), page.path


@pytest.mark.parametrize("name", ["built_site", "archive_site"])
def test_pages_with_sortable_tables_load_their_script(
    name: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(name)
    for url in urls_of(folder):
        html = (folder / url / "index.html").read_text("utf-8")
        page_type = page_types.page_type_at(url)
        if " data-gk-list " in html and page_type not in UNSORTED:
            assert "assets/lists.js" in page_type.scripts, url
        loaded = [find_asset(folder, path).name for path in page_type.scripts]
        assert [name for name in loaded if f'{name}"></script>' not in html] == [], url


def test_a_site_with_an_archive_leaves_its_archive_to_no_search(archive_site: Path) -> None:
    sitemap = (archive_site / "sitemap.xml").read_text("utf-8")
    for url in urls_of(archive_site):
        page_type = page_types.page_type_at(url)
        html = (archive_site / url / "index.html").read_text("utf-8")
        assert page_type.is_indexed == (f"https://gongkai.example/{url}</loc>" in sitemap), url
        assert page_type.is_indexed != ('<meta name="robots" content="noindex">' in html), url
        assert page_type.is_indexed or page_type.category is None, url


@pytest.mark.parametrize(
    ("url", "trail", "current"),
    [
        ("guide/", ["首页", "填报指南"], "改数与核对"),
        ("guide/release/", ["首页", "填报指南", "发布与回退"], "发布与回退"),
        ("guide/rules/df-03/", ["首页", "填报指南", "校验规则", "DF-03 得分合计"], "校验规则"),
        ("data/dictionary/", ["首页", "开放数据", "数据字典"], "数据字典"),
        ("glossary/", ["首页", "关于本站", "名词解释"], "名词解释"),
    ],
)
def test_the_handbook_has_breadcrumbs_and_its_own_navigation(
    url: str, trail: list[str], current: str, built_site: Path
) -> None:
    page = BeautifulSoup((built_site / url / "index.html").read_text("utf-8"), "html.parser")
    assert [item.get_text() for item in page.select(".gk-crumbs li")] == trail
    marked = page.select(".gk-side [aria-current]")
    assert [link.get_text() for link in marked] == [current]
    assert page.select(".gk-turn a")


def test_every_page_but_home_has_breadcrumbs(built_site: Path) -> None:
    pages = {path.parent: path.read_text("utf-8") for path in built_site.rglob("index.html")}
    without = [
        f"{folder.relative_to(built_site)}"
        for folder, html in pages.items()
        if 'class="gk-crumbs"' not in html and 'http-equiv="refresh"' not in html
    ]
    assert without == ["."]


def test_the_error_page_knows_the_root_of_the_site(built_site: Path) -> None:
    html = (built_site / "404.html").read_text("utf-8")
    root = re.search(r'data-gk-root="([^"]*)"', html)
    assert root
    assert re.fullmatch(r"/([^/]+/)*", root[1])


def test_shared_links_have_a_picture(built_site: Path) -> None:
    html = (built_site / EXAMPLES["disclosure"] / "index.html").read_text("utf-8")
    address = re.search(r'<meta property="og:image" content="([^"]*)">', html)
    page = re.search(r'<meta property="og:url" content="([^"]*)">', html)
    assert address
    assert page
    site_url = page[1].removesuffix(EXAMPLES["disclosure"])
    picture = built_site / address[1].removeprefix(site_url)
    assert picture.read_bytes().startswith(b"\x89PNG")
