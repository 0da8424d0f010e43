"""The lean style sheet: what it leaves out, and that nobody can see it."""

import gzip
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from gongkai.build.theme.css import Group, Other, Part, UnreadableError, read_sheet, trimmed, words
from tests.build.test_incremental import made
from tests.build.test_mkdocs_site import publisher, run
from tests.folders import ROOT, replace_in_file
from tests.serving import serve_site
from tests.site_pages import PAGE_TYPES, finish_animations, open_page, toggle_mode

__all__ = ["made", "publisher"]

CASES = {
    "a class that nobody has": (".a{color:red}.b{color:red}", ".a{color:red}"),
    "one selector of several": (".b,.a p,#b{margin:0}", ".a p{margin:0}"),
    "all classes are needed": (".a.b{margin:0}.a .b>p{margin:0}.a.c{margin:0}", ".a.c{margin:0}"),
    "elements are always kept": ("kbd,p>kbd{margin:0}", "kbd,p>kbd{margin:0}"),
    "an id": ("#b p{margin:0}#a{margin:0}", "#a{margin:0}"),
    "an attribute's value": ("[x=b]{margin:0}[x='c b']{margin:0}[x=A i]{margin:0}", "[x=A i]{margin:0}"),
    "a part of a value": ("[x^=b],[b],[x|=b]{margin:0}", "[x^=b],[b],[x|=b]{margin:0}"),
    "what must not be there": (".a:not(.b):is(.b){margin:0}", ".a:not(.b):is(.b){margin:0}"),
    "one that some browsers refuse": (".a,.b::-moz-b{margin:0}", ".a,.b::-moz-b{margin:0}"),
    "a condition": ("@media print{.a{top:0}.b{top:0}}@media print{.b{top:0}}", "@media print{.a{top:0}}"),
    "a variable that nobody reads": (":root{--x:1;--y:2;top:var(--y)}", ":root{--y:2;top:var(--y)}"),
    "a variable read by another": (":root{--x:1;--y:var(--x)}p{top:var(--y)}", ":root{--x:1;--y:var(--x)}p{top:var(--y)}"),
    "a variable read by what is left out": (":root{--x:1}.b{top:var(--x)}", ""),
    "a variable known elsewhere": (":root{--known:1}", ":root{--known:1}"),
    "a movement": ("@keyframes m{0%{top:0}}@keyframes n{0%{top:0}}p{animation:n 1s}", "@keyframes n{0%{top:0}}p{animation:n 1s}"),
    "a movement reads a variable": (":root{--x:1}@keyframes n{0%{top:var(--x)}}p{animation:n 1s}",) * 2,
    "other rules": ('@charset "UTF-8";@page{margin:25mm}', '@charset "UTF-8";@page{margin:25mm}'),
    "rules within a rule": ("p{top:0;.b &{top:1px}}", "p{top:0;.b &{top:1px}}"),
    "the order and what is important": ("p{top:0;top:1px!important}.b{top:0}p{top:2px}", "p{top:0;top:1px!important}p{top:2px}"),
}  # fmt: skip


ATTRIBUTE = re.compile(r'="([^"]*)"')


@pytest.mark.parametrize("name", CASES)
def test_what_is_kept(name: str) -> None:
    before, after = CASES[name]
    assert trimmed(read_sheet(before), words('class="a c" var(--known)')) == after


def test_what_is_no_sheet_is_not_read() -> None:
    for text in ("p{top:0}}", "@media print{p{top:0}}}", "@media print{p}", "<html>"):
        with pytest.raises(UnreadableError):
            read_sheet(text)


@pytest.fixture(scope="module", params=["seed", "corpus"])
def site(request: pytest.FixtureRequest) -> Path:
    """This repository's own site, and one of made-up units."""
    if request.param == "seed":
        return Path(request.getfixturevalue("built_site"))
    return Path(request.getfixturevalue("made")) / "site"


def sheet_of(site: Path, name: str) -> str:
    [path] = (site / "assets" / "stylesheets").glob(f"{name}.*.min.css")
    return path.read_text("utf-8")


def said(parts: Sequence[Part], under: str = "") -> Iterator[tuple[str, str, str]]:
    """Each thing that a sheet says: on what condition, of what, and what."""
    for part in parts:
        if isinstance(part, Group):
            yield from said(part.within, f"{under}{part.head}")
        elif isinstance(part, Other):
            yield under, part.name, part.text
        else:
            for selector in part.selectors:
                yield from ((under, selector, text) for _, text in part.declared)


def test_no_page_misses_a_rule(site: Path) -> None:
    """All that the theme's sheet says of what is in the pages, the sheet says that they load."""
    pages = [path.read_text("utf-8") for path in site.rglob("*.html")]
    light = [html for html in pages if "stylesheets/lean." in html]
    assert len(light) > 0.95 * len(pages)
    there = words(" ".join(value for html in light for value in ATTRIBUTE.findall(html)))
    assert {"md-typeset", "headerlink", "gk-table", "default"} <= there
    whole = trimmed(read_sheet(sheet_of(site, "main")), there)
    missing = set(said(read_sheet(whole))) - set(said(read_sheet(sheet_of(site, "lean"))))
    assert missing == set()


def test_what_no_page_of_ours_shows_is_left_out(built_site: Path) -> None:
    lean, whole = sheet_of(built_site, "lean"), sheet_of(built_site, "main")
    for name in (
        "md-search",
        "md-nav",
        "tabbed-set",
        ".highlight",
        "md-tooltip",
        "md-consent",
        "rtl",
    ):
        assert name in whole
        assert name not in lean
    for name in (
        ".md-grid",
        ".md-typeset blockquote",
        ".headerlink",
        "[data-md-color-scheme=default]",
    ):
        assert name in whole
        assert name in lean
    assert len(gzip.compress(lean.encode(), 6)) < 5_500
    assert len(gzip.compress(whole.encode(), 6)) > 20_000


def test_no_name_of_the_themes_is_put_together() -> None:
    """A class that our program makes of pieces would not be found in it."""
    files = [path for folder in ("gongkai", "overrides") for path in (ROOT / folder).rglob("*.*")]
    texts = {path: path.read_text("utf-8") for path in files if path.suffix in {".py", ".jinja", ".js", ".html"}}  # fmt: skip
    assert len(texts) > 200
    pieces = re.compile(r"""\bmd-[\w-]*["'`{$%]""")
    found = {(path.name, each) for path, text in texts.items() for each in pieces.findall(text)}
    whole = ("md-grid", "md-typeset", "md-code", "md-text-font")
    assert {each for each in found if each[1][:-1] not in whole} == set()


def loaded(site: Path, page: str) -> str:
    """Which of the theme's sheets a page loads."""
    html = (site / page / "index.html").read_text("utf-8")
    [name] = re.findall(r"assets/stylesheets/(\w+)\.\w+\.min\.css", html)
    return str(name)


def test_pages_written_by_hand_lose_nothing(publisher: Path) -> None:
    """One that shows what ours never do loads all of the theme's sheet; others need not."""
    with (publisher / "content" / "about.md").open("a", encoding="utf-8") as page:
        page.write('\n<div class="tabbed-set">示例</div>\n')
    assert run("gongkai", "build", folder=publisher).returncode == 0
    pages = ("about", "glossary", "", "units", "search")
    assert [loaded(publisher / "site", each) for each in pages] == ["main", *["lean"] * 4]
    before = sheet_of(publisher / "site", "lean")
    with (publisher / "content" / "index.md").open("a", encoding="utf-8") as page:
        page.write('\n<div class="tabbed-set">示例</div>\n')
    assert run("gongkai", "build", folder=publisher).returncode == 0
    assert [loaded(publisher / "site", each) for each in pages] == ["main", "lean", "main", *["lean"] * 2]  # fmt: skip
    assert sheet_of(publisher / "site", "lean") == before


def test_what_an_operators_templates_and_scripts_say_is_kept(publisher: Path) -> None:
    replace_in_file(publisher / "overrides" / "base.html", {"<body>": '<body class="md-button">'})
    script = publisher / "overrides" / "assets" / "site.js"
    script.write_text(f'{script.read_text("utf-8")}\ndocument.body.classList.add("tabbed-set");', "utf-8")  # fmt: skip
    assert run("gongkai", "build", folder=publisher).returncode == 0
    lean = sheet_of(publisher / "site", "lean")
    assert ".md-button{" in lean
    assert ".tabbed-set{" in lean
    assert "md-search" not in lean


def test_a_sheet_that_cannot_be_read_is_loaded_as_it_is(built_site: Path, publisher: Path) -> None:
    [theirs] = (built_site / "assets" / "stylesheets").glob("main.*")
    own = publisher / "overrides" / theirs.relative_to(built_site)
    own.parent.mkdir(parents=True)
    own.write_text("p{top:0}}", "utf-8")
    assert run("gongkai", "build", folder=publisher).returncode == 0
    assert loaded(publisher / "site", "units") == "main"
    assert not list(publisher.glob("site/assets/stylesheets/lean.*"))
    assert sheet_of(publisher / "site", "main") == "p{top:0}}"


def test_the_search_loads_only_what_it_shows(built_site: Path) -> None:
    """A first query is to be light: no sheet of lists, comparisons and charts."""
    sheets = {
        page: re.findall(r"[/\"]assets/([\w/]+)\.css", (built_site / page / "index.html").read_text("utf-8"))
        for page in ("search", "units")
    }  # fmt: skip
    assert sheets["search"] == ["gongkai", "search/search"]
    assert sheets["units"] == ["gongkai", "charts", "lists", "search/search"]


STATES = {
    "search": f"search/?q={quote('资金')}",
    "compare": "compare/?u=xintian-jsx",
    **{name: PAGE_TYPES[name] for name in ("home", "disclosure", "data", "glossary")},
}  # fmt: skip
"""Pages of which pictures are compared."""
VIEWS = (("", 1280), ("dark", 375), ("large", 375), ("contrast", 1280), ("print", 794))


def picture(page: Page) -> bytes:
    """All of a page as it is laid out anew: Chromium's tables may depend on how they came about."""
    page.evaluate("document.body.style.display = 'none'; document.body.offsetHeight")
    page.evaluate("document.body.style.display = ''; document.body.offsetHeight")
    finish_animations(page)
    return page.screenshot()


def both(page: Page, url: str, sheet: str) -> tuple[bytes, bytes]:
    """A page, all that can be opened in it opened, with the sheet that it loads and with another."""
    page.goto(url)
    if "?q=" in url:
        expect(page.locator("#gk-find")).to_have_attribute("aria-busy", "false")
    if "?u=" in url:
        expect(page.locator(".gk-compare-chosen li")).to_have_count(1)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    before = page.viewport_size
    assert before
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": before["width"], "height": height})
    first = picture(page)
    page.evaluate(SWAP, sheet)
    second = picture(page)
    page.set_viewport_size(before)
    return first, second


SWAP = """sheet => new Promise(done => {
    const link = document.querySelector("link[href*='stylesheets/lean.']");
    link.onload = done;
    link.href = sheet;
})"""


@pytest.mark.parametrize(("mode", "width"), VIEWS)
def test_nobody_sees_a_difference(
    built_site: Path, chromium: Browser, mode: str, width: int
) -> None:
    """The same pages with the lean sheet and with the theme's in its place, to the pixel."""
    [whole] = (built_site / "assets" / "stylesheets").glob("main.*")
    media: Literal["screen", "print"] = "print" if mode == "print" else "screen"
    with (
        serve_site(built_site) as base,
        open_page(chromium, base, width, media=media) as (page, wrong),
    ):
        if mode not in {"", "print"}:
            page.goto(base)
            toggle_mode(page, mode)
        sheet = f"{base}{whole.relative_to(built_site).as_posix()}"
        pictures = {name: both(page, base + url, sheet) for name, url in STATES.items()}
    assert [name for name, (one, other) in pictures.items() if one != other] == []
    assert wrong == []
