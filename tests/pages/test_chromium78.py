"""What readers do, in Chromium 78: the oldest promised browser of government desktops and of phones.

Where the pages of a current Chromium are the measure, both browsers open the same ones.
"""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from gongkai.pages.page_types import PAGE_TYPES
from tests.authoring.editor.serving import YEAR, serve_editor
from tests.folders import example_data
from tests.old_chromium import OldPage, Pipe, launch_old_chromium, open_old_page
from tests.printing import PAGE_STRUCTURE_JS, read_print
from tests.serving import serve_site
from tests.site_pages import find_asset, open_page

pytestmark = pytest.mark.long
VIEWS = ((1280, False), (375, True))
"""Width of the window, and whether it is a phone's."""
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_AT_REST = "new Promise(done => setTimeout(done, 30))"
_BOXES = """[...document.querySelectorAll(
        ".gk-brand, .gk-search input, .gk-search button, .gk-tools button, .gk-nav li, main, h1, h2,"
        + ".gk-crumbs li, .gk-dateline > *, .gk-figure, .gk-summary, .gk-facts > div, .gk-turn a,"
        + ".gk-wide, .gk-list-tools, .gk-compare-tools, .gk-footer span, .gk-footer li")]
    .filter(element => element.getClientRects().length && !element.closest("details"))
    .map(element => {
        const { left, width } = element.getBoundingClientRect();
        return [element.tagName + " " + element.textContent.trim().slice(0, 8), left, width];
    })"""
_HEIGHT = "document.documentElement.scrollHeight"
_RESULTS = """[...document.querySelectorAll(".gk-results h2")].map(title => title.textContent)"""
_STATUS = 'document.querySelector(".gk-status").textContent'
_IS_DONE = 'document.querySelector("#gk-find").getAttribute("aria-busy") === "false"'
_ROWS = """[...document.querySelectorAll("table.gk-list tbody tr")].filter(row => !row.hidden)
    .map(row => row.cells[0].textContent)"""
_COLOURS = """["body", ".gk-header", "main a"].map(name => getComputedStyle(document.querySelector(name)))
    .map(style => [style.color, style.backgroundColor, style.fontSize]).join()"""
QUERIES = (
    "得分",
    "示例县教育局",
    "交通 得分",
    '"绩效自评" -教育',
    "公車",
    "jiaoyuju",
    "没有这个词",
)


class Browsers(NamedTuple):
    """The same site in both browsers."""

    old: OldPage
    new: Page
    new_errors: list[str]
    base: str

    def open(self, path: str) -> None:
        """Open a page in both."""
        self.old.open(path)
        self.new.goto(self.base + path)

    def evaluate(self, expression: str) -> tuple[object, object]:
        """Return the value of an expression in the old and in the new browser."""
        return self.old.evaluate(expression), self.new.evaluate(expression)


@pytest.fixture(scope="module")
def old_chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipe]:
    with launch_old_chromium(tmp_path_factory.mktemp("chromium78")) as pipe:
        yield pipe


@pytest.fixture(scope="module")
def site(county: Path) -> Path:
    return county / "site"


@pytest.fixture
def browsers(old_chromium: Pipe, chromium: Browser, site: Path) -> Iterator[Browsers]:
    with (
        serve_site(site) as base,
        open_old_page(old_chromium, base) as old,
        open_page(chromium, base) as (new, new_errors),
    ):
        yield Browsers(old, new, new_errors, base)
        assert old.errors == []
        assert new_errors == []


def example_paths(site: Path) -> dict[str, str]:
    """Return the address of the largest page of every page type that the site has."""
    folders = sorted(site.rglob("index.html"), key=lambda page: page.stat().st_size)
    addresses = [folder.parent.relative_to(site).as_posix() + "/" for folder in folders]
    addresses = ["" if address == "./" else address for address in addresses]
    return {
        page_type.name: address
        for page_type in PAGE_TYPES
        for address in addresses
        if page_type.matches(address)
    }


@pytest.mark.parametrize(("width", "is_phone"), VIEWS)
def test_every_kind_of_page_looks_as_in_a_current_browser(
    browsers: Browsers, site: Path, width: int, *, is_phone: bool
) -> None:
    old, new = browsers.old, browsers.new
    old.resize(width, is_phone=is_phone)
    new.set_viewport_size({"width": width, "height": 800})
    paths = example_paths(site)
    assert len(paths) > 20
    hand_written = ("guide/", "glossary/", "accessibility/", "about/", "site-map/", "data/api/")
    for path in (*paths.values(), *hand_written):
        browsers.open(path)
        old.evaluate(_AT_REST)
        assert old.evaluate(_OVERFLOW) <= 0, path
        assert old.errors == [], path
        boxes, expected = browsers.evaluate(_BOXES)
        assert isinstance(boxes, list)
        assert isinstance(expected, list)
        assert [box[0] for box in boxes] == [box[0] for box in expected], path
        for box, other in zip(boxes, expected, strict=True):
            assert box[1:] == pytest.approx(other[1:], abs=4), (path, box, other)
        heights = browsers.evaluate(_HEIGHT)
        assert heights[0] == pytest.approx(heights[1], rel=0.08), path
        if is_phone:
            old.resize(320, is_phone=True)
            assert old.evaluate(_OVERFLOW) <= 0, path
            old.resize(width, is_phone=True)


@pytest.mark.parametrize("mode", ["large", "contrast", "dark"])
def test_reading_modes(browsers: Browsers, site: Path, mode: str) -> None:
    old = browsers.old
    browsers.open("")
    before = old.evaluate(_COLOURS)
    old.click(f'[data-gk-toggle="{mode}"]')
    browsers.new.locator(f'[data-gk-toggle="{mode}"]').click()
    assert old.evaluate(_COLOURS) != before
    paths = example_paths(site)
    for width in (1280, 375):
        old.resize(width)
        browsers.new.set_viewport_size({"width": width, "height": 800})
        for name in ("home", "units", "disclosure", "report", "search", "compare"):
            browsers.open(paths[name])
            assert old.evaluate(_OVERFLOW) <= 0, name
            colours, expected = browsers.evaluate(_COLOURS)
            assert colours == expected, name


def search(browsers: Browsers, words: str, more: str = "") -> tuple[list[str], str]:
    """Search in both browsers; return the results and what the page says of them, if it is the same."""
    browsers.open(f"search/?q={quote(words)}{more}")
    browsers.old.wait_for(_IS_DONE)
    expect(browsers.new.locator("#gk-find")).to_have_attribute("aria-busy", "false")
    (results, expected), (status, expected_status) = (
        browsers.evaluate(value) for value in (_RESULTS, _STATUS)
    )
    assert isinstance(results, list)
    assert (results, status) == (expected, expected_status), words
    return results, f"{status}"


def test_searches_find_the_same(browsers: Browsers) -> None:
    browsers.old.open("units/")
    amount = browsers.old.evaluate("""[...document.querySelectorAll(".gk-list td")]
        .map(cell => cell.textContent).find(text => text.endsWith("万元"))""")
    found = {words: search(browsers, words) for words in (*QUERIES, amount)}
    assert {words for words, (results, _) in found.items() if not results} == {"没有这个词"}
    assert len(search(browsers, "得分", "&page=2")[0]) == 10
    assert len(search(browsers, "得分", "&sort=score-asc&year=2022")[0]) == 10


def test_searching_by_hand(browsers: Browsers) -> None:
    old = browsers.old
    old.open("")
    old.click("#gk-q")
    old.type_text("教育")
    old.wait_for('document.querySelectorAll(".gk-suggestions li").length > 0')
    for key in ("ArrowDown", "Escape", "Enter"):
        old.press(key)
    old.wait_for('location.pathname.endsWith("/search/")')
    old.wait_for(f"document.querySelector('.gk-status') && {_IS_DONE}")
    old.wait_for('document.querySelectorAll(".gk-facets section").length > 0')
    first = old.evaluate(_RESULTS)
    assert len(first) == 10
    old.click('.gk-pager a[href*="page=2"]')
    old.wait_for('location.search.includes("page=2")')
    old.wait_for(_IS_DONE)
    assert not set(first) & set(old.evaluate(_RESULTS)[:1])
    old.evaluate("history.back()")
    old.wait_for('!location.search.includes("page=2")')
    old.wait_for(_IS_DONE)
    assert old.evaluate(_RESULTS) == first
    old.click('.gk-facets a[href*="year="]')
    old.wait_for('location.search.includes("year=")')
    old.wait_for(_IS_DONE)
    assert old.evaluate('document.querySelectorAll(".gk-tags li").length') == 1
    old.click(".gk-results h2 a")
    old.wait_for('location.pathname.includes("/units/")')


def test_comparing(browsers: Browsers) -> None:
    old = browsers.old
    old.open("compare/")
    for name in ("示例县教育局", "示例县水利局"):
        old.click("#gk-compare-unit")
        old.type_text(name)
        old.press("Enter")
        old.wait_for(f'document.querySelector(".gk-compare-chosen").textContent.includes("{name}")')
    old.wait_for('document.querySelector(".gk-compare table")')
    address = old.evaluate("location.search")
    browsers.new.goto(f"{browsers.base}compare/{address}")
    table = browsers.new.locator(".gk-compare table")
    expect(table).to_be_visible()
    text = old.evaluate('document.querySelector(".gk-compare table").textContent')
    assert text == table.text_content()
    assert "比首列" in text
    old.click('.gk-compare-years input[value="2022"]')
    old.wait_for('document.querySelector(".gk-compare caption").textContent.includes("2022")')
    old.click(".gk-compare-chosen button")
    old.wait_for('document.querySelectorAll(".gk-compare-chosen li").length === 1')


def test_sorting_and_filtering_a_list(browsers: Browsers) -> None:
    old = browsers.old
    browsers.open("units/?sort=自评得分&dir=desc")
    rows, expected = browsers.evaluate(_ROWS)
    assert rows == expected
    browsers.open("units/")
    original = old.evaluate(_ROWS)
    for _ in range(2):
        old.click("th[data-name=全年预算] button")
        browsers.new.locator("th[data-name=全年预算] button").click()
        rows, expected = browsers.evaluate(_ROWS)
        assert rows == expected
        assert rows != original
    old.click(".gk-list-query")
    old.type_text("教育局")
    old.wait_for('document.querySelector(".gk-list-count").textContent.startsWith("显示 7 ")')
    assert old.evaluate('location.search.includes("q=")')
    old.evaluate("""(() => {
        const select = document.querySelector(".gk-list-tools select");
        select.selectedIndex = 1;
        select.dispatchEvent(new Event("change"));
    })()""")
    old.wait_for('document.querySelector(".gk-list-count").textContent.startsWith("显示 0 ")')
    old.evaluate("history.go(-1)")
    old.wait_for('document.querySelector(".gk-list-count").textContent.startsWith("显示 7 ")')


def test_a_phone(browsers: Browsers) -> None:
    old = browsers.old
    old.resize(360, 640, is_phone=True)
    old.open("units/")
    is_shown = 'document.getElementById("gk-nav").getClientRects().length > 0'
    assert not old.evaluate(is_shown)
    old.click(".gk-menu")
    assert old.evaluate(is_shown)
    old.press("Escape")
    assert not old.evaluate(is_shown)
    rows = '[...document.querySelectorAll(".gk-list tbody tr")].filter(row => row.getClientRects().length)'
    assert old.evaluate(f"{rows}.length") == 10
    old.click(".gk-all label")
    assert old.evaluate(f"{rows}.length") == 40
    label = (
        'getComputedStyle(document.querySelector(".gk-list td[data-label]"), "::before").content'
    )
    assert "主管部门" in old.evaluate(label)


@pytest.mark.parametrize("name", ["disclosure", "report", "units"])
def test_printing(browsers: Browsers, site: Path, name: str) -> None:
    old = browsers.old
    old.open(example_paths(site)[name])
    old.send("Emulation.setEmulatedMedia", media="print")
    pdf = old.pdf()
    printed = read_print(old.evaluate(f"({PAGE_STRUCTURE_JS})()"), pdf)
    assert list(printed.find_missing()) == []
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "gongkai.example" in text
    assert "长者模式" not in text
    old.send("Emulation.setEmulatedMedia", media="screen")


@pytest.mark.parametrize("path", ["search/?q=%E5%BE%97%E5%88%86", "compare/"])
def test_a_browser_that_is_too_old_is_named_so(
    old_chromium: Pipe, site: Path, tmp_path: Path, path: str
) -> None:
    """It does not know the syntax of the page's scripts, or what all promised browsers have."""
    hint = 'document.querySelector(".gk-find-old, .gk-compare-old")'
    state = f"""[{hint}.getClientRects().length > 0,
        document.querySelector("main").innerText.includes("没有启用"),
        document.querySelector("main").innerText.includes("网络"), {hint}.textContent]"""
    copy = shutil.copytree(site, tmp_path / "site")
    for name in ("assets/compare.js", "assets/search/page.js"):
        script = find_asset(copy, name)
        script.write_text(f"const tooNew = globalThis?.x;\n{script.read_text('utf-8')}", "utf-8")
    with serve_site(copy) as base, open_old_page(old_chromium, base) as page:
        page.open(path)
        is_shown, *others, text = page.evaluate(state)
        assert (is_shown, others) == (True, [False, False])
        assert "浏览器较旧" in text
        links = page.evaluate(f"[...{hint}.querySelectorAll('a')].map(link => link.pathname)")
        assert links == ["/units/", "/years/"]
    with serve_site(site) as base, open_old_page(old_chromium, base) as page:
        page.open(path)
        assert page.evaluate(state)[0] is False
        source = "delete Promise.allSettled"
        page.send("Page.addScriptToEvaluateOnNewDocument", source=source)
        page.open(path)
        assert page.evaluate(state)[0] is True


def test_a_damaged_index_is_noticed(old_chromium: Pipe, site: Path, tmp_path: Path) -> None:
    """Fflate says so, and the page offers the lists."""
    copy = shutil.copytree(site, tmp_path / "site")
    for path in (copy / "search").rglob("*.bin"):
        path.write_bytes(path.read_bytes()[:20])
    with serve_site(copy) as base, open_old_page(old_chromium, base) as page:
        page.open("search/?q=%E5%BE%97%E5%88%86")
        page.wait_for(f"document.querySelector('.gk-status') && {_IS_DONE}")
        assert "不完整" in page.evaluate(_STATUS)


def test_the_editor(old_chromium: Pipe, tmp_path: Path) -> None:
    """A clerk's browser: a cell is filled in, and what does not add up is shown."""
    score = '[data-where$="部门整体自评表/总分/得分"]'
    with (
        serve_editor(example_data(tmp_path)) as server,
        open_old_page(old_chromium, server.address, 1366) as page,
    ):
        page.open(f"{YEAR}overall.yml")
        page.click(score)
        page.type_text("97")
        page.wait_for("""document.getElementById("help-notes").textContent.includes("合计为 98")""")
        page.wait_for("""document.getElementById("status").textContent.includes("草稿")""")
        assert page.evaluate(f"document.querySelector('{score}').value") == "97"
        assert page.errors == []
