"""The purged style sheet: what it leaves out, which pages load it, and that nobody can see it."""

import gzip
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from gongkai.build.theme.style_sheet import needed_names, used_names
from tests.commands import run_gongkai
from tests.folders import ROOT, replace_in_file
from tests.serving import serve_site
from tests.site_pages import PAGE_TYPES, finish_animations, open_page, toggle_mode
from tests.styles import FOLDER, MARKDOWN_CLASSES, make_sheet, material_sheet, purge

PURGES = {
    "an unused class": (".a{color:red}.b{color:red}", ".a{color:red}"),
    "all classes are needed": (".a.b{margin:0}.a .b>p{margin:0}.a.c{margin:0}", ".a.c{margin:0}"),
    "elements are kept": ("kbd,p>kbd{margin:0}", "kbd,p>kbd{margin:0}"),
    "ids and attributes are kept": ("#x p,[x=b]{margin:0}", "#x p,[x=b]{margin:0}"),
    "a list of selectors stays whole": (".b,.a{margin:0}.b{top:0}.b.e{top:0}", ".b,.a{margin:0}.b{top:0}"),
    "a negation needs no class": (".a:not(.b){margin:0}", ".a:not(.b){margin:0}"),
    "a vendor's selector": (".a{margin:0}.b::-moz-b{margin:0}", ".a{margin:0}"),
    "a condition": ("@media print{.a{top:0}.b{top:0}}@media print{.b{top:0}}", "@media print{.a{top:0}}"),
    "an unused custom property": (":root{--x:1;--y:2;top:var(--y)}", ":root{--y:2;top:var(--y)}"),
    "a custom property used by another": (":root{--x:1;--y:var(--x)}p{top:var(--y)}",) * 2,
    "a custom property used by an unused one": (":root{--x:1;--y:var(--x)}", ""),
    "a custom property used by an unused class": (":root{--x:1}.b{top:var(--x)}", ""),
    "a custom property used elsewhere": (":root{--used:1}", ":root{--used:1}"),
    "an animation": (
        "@keyframes m{0%{top:0}}@keyframes n{0%{top:0}}p{animation:1s n}",
        "@keyframes n{0%{top:0}}p{animation:1s n}",
    ),
    "an animation uses a custom property": (":root{--x:1}@keyframes n{0%{top:var(--x)}}p{animation:1s n}",) * 2,
    "other rules": ('@charset "UTF-8";@page{margin:25mm}', "@page{margin:25mm}"),
    "an icon's address is no class": ("p{background:url(\"data:image/svg+xml,<b x='.b'>\")}.b{top:0}", "p{background:url(\"data:image/svg+xml,<b x='.b'>\")}"),
    "the order and what is important": ("p{top:0;left:1px!important}.b{top:0}p{left:2px}", "p{top:0;left:2px;left:1px!important}"),
    "syntax of the oldest browsers": ("@media (width>=1px){p{inset:0}}", "@media (min-width:1px){p{top:0;bottom:0;left:0;right:0}}"),
}  # fmt: skip
USES = {
    "page.html": ('<p class="a b"><p class=c id="d" title="e">f', {"a", "b", "c"}),
    "page.jinja": ("<p class='a {{ b }}'>{# c #}", {"a", "b"}),
    "page.py": ("def a(b): return f'<p class=\"c {d}\">'", {"c", "d"}),
    "page.js": ('a.className = "b c";', {"a", "className", "b", "c"}),
    "page.css": (".a .b{animation:c 1.5s;top:var(--d);--e:0}", {"a", "b", "c", "1", "5s", "--d"}),
}
NEEDS = {
    "p,.a>p{top:0}": [[], ["a"]],
    "@media print{.a .b:hover,.c.d::after{top:.5em}}": [["a", "b"], ["c", "d"], []],
    ".a:not(.b,:is(.c)) .d{top:0}": [["a", "d"]],
    ".a:is(.b,.c){top:0}": [["a", "b"], ["c"]],
    ":root{--a:0;--b:var(--c)}@keyframes d{0%{top:0}}": [[], ["--a"], ["--b"], ["d"]],
    ".a{background:url(\"data:image/svg+xml,<b x='.c,.d{'>\")}": [["a"]],
}


@pytest.mark.parametrize("name", PURGES)
def test_what_is_purged(name: str) -> None:
    before, after = PURGES[name]
    assert purge(before, {"a", "c", "--used"}) == after


@pytest.mark.parametrize("name", USES)
def test_names_that_files_use(tmp_path: Path, name: str) -> None:
    text, names = USES[name]
    (tmp_path / name).write_text(text, "utf-8")
    assert used_names(tmp_path / name) == names


@pytest.mark.parametrize("css", NEEDS)
def test_names_that_rules_need(css: str) -> None:
    assert needed_names(css) == frozenset(map(frozenset, NEEDS[css]))


def test_the_sheet_is_that_of_this_program_and_material() -> None:
    [sheet] = (ROOT / "overrides" / FOLDER).glob("theme.*")
    fresh = make_sheet(material_sheet())
    assert (sheet.name, sheet.read_text("utf-8")) == fresh, "please run make styles"


@pytest.fixture(scope="module", params=["seed", "corpus"])
def site(request: pytest.FixtureRequest) -> Path:
    """This repository's own site, and one of made-up units."""
    if request.param == "seed":
        return Path(request.getfixturevalue("built_site"))
    return Path(request.getfixturevalue("corpus_folder")) / "site"


def sheet_of(site: Path, name: str) -> str:
    [path] = (site / FOLDER).glob(f"{name}.*.min.css")
    return path.read_text("utf-8")


def rules(css: str) -> list[str]:
    """Return a style sheet's rules, with what opens and closes groups of them."""
    return re.findall(r"[^{}]+\{|[^{}]*\}", css.partition("*/\n")[2] or css)


CLASS = re.compile(r'\bclass="([^"]*)"')


def test_no_page_misses_a_rule(site: Path) -> None:
    """Whatever the theme's sheet has for the pages, the sheet that they load has too."""
    pages = [path.read_text("utf-8") for path in site.rglob("*.html")]
    light = [html for html in pages if "stylesheets/theme." in html]
    assert len(light) > 0.95 * len(pages)
    there = {name for html in light for value in CLASS.findall(html) for name in value.split()}
    assert {"md-typeset", "headerlink", "gk-table"} <= there
    needed, loaded = (purge(sheet_of(site, name), there) for name in ("main", "theme"))
    assert rules(loaded) == rules(needed)


def test_what_no_page_of_ours_shows_is_left_out(built_site: Path) -> None:
    purged, whole = sheet_of(built_site, "theme"), sheet_of(built_site, "main")
    for name in ("md-search", "md-nav", "tabbed-set", ".highlight", "md-tooltip", "md-consent"):
        assert name in whole
        assert name not in purged
    for name in (
        ".md-grid",
        ".md-typeset blockquote",
        ".md-typeset details",
        ".md-typeset table",
        ".md-typeset pre>code",
        "[data-md-color-scheme=default]",
        *(f".{name}" for name in MARKDOWN_CLASSES if f".{name}" in whole),
    ):
        assert name in whole
        assert name in purged
    assert len(gzip.compress(purged.encode(), 6)) < 7_000
    assert len(gzip.compress(whole.encode(), 6)) > 20_000


def test_no_class_name_of_the_theme_is_put_together() -> None:
    """A class name that our program makes of pieces would not be found in it."""
    files = [path for folder in ("generator", "overrides") for path in (ROOT / folder).rglob("*.*")]
    texts = {path: path.read_text("utf-8") for path in files if path.suffix in {".py", ".jinja", ".js", ".html"}}  # fmt: skip
    assert len(texts) > 200
    pieces = re.compile(r"""\bmd-[\w-]*["'`{$%]""")
    endings = {(path.name, end) for path, text in texts.items() for end in pieces.findall(text)}
    complete = ("md-grid", "md-typeset", "md-code", "md-text-font")
    assert {(name, end) for name, end in endings if end[:-1] not in complete} == set()


PAGES = ("about", "glossary", "", "units", "search")


def loaded_sheets(site: Path, pages: Iterable[str] = PAGES) -> list[str]:
    """Return which of the theme's sheets pages load."""
    texts = [(site / page / "index.html").read_text("utf-8") for page in pages]
    links = [re.findall(r"assets/stylesheets/(\w+)(?:\.\w+)+\.min\.css", html) for html in texts]
    return [",".join(names) for names in links]


def test_hand_written_pages_lose_nothing(built_publisher: Path) -> None:
    """One that shows what ours never do loads the theme's whole sheet; others need not."""
    with (built_publisher / "content" / "about.md").open("a", encoding="utf-8") as page:
        page.write('\n<div class="tabbed-set">示例</div>\n')
    done = run_gongkai("build", folder=built_publisher)
    assert done.returncode == 0
    assert "样式表" not in done.stderr
    assert loaded_sheets(built_publisher / "site") == ["main", *["theme"] * 4]
    with (built_publisher / "content" / "index.md").open("a", encoding="utf-8") as page:
        page.write('\n<div class="tabbed-set">示例</div>\n')
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    assert loaded_sheets(built_publisher / "site") == ["main", "theme", "main", *["theme"] * 2]
    (built_publisher / "content" / "index.md").write_text("# tabbed-set md-button\n", "utf-8")
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    assert loaded_sheets(built_publisher / "site") == ["main", *["theme"] * 4]


OPERATORS_FILES = {
    "base.html": ("<body>", '<body class="md-button">'),
    "assets/site.js": (None, 'document.body.classList.add("tabbed-set");'),
    "assets/search/search.css": (None, "p{color:var(--md-mermaid-label-fg-color)}"),
}


@pytest.mark.parametrize("name", OPERATORS_FILES)
def test_an_operators_files_lose_nothing(built_publisher: Path, name: str) -> None:
    old, new = OPERATORS_FILES[name]
    path = built_publisher / "overrides" / name
    if old:
        replace_in_file(path, {old: new})
    else:
        path.write_text(f"{path.read_text('utf-8')}\n{new}\n", "utf-8")
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    assert set(loaded_sheets(built_publisher / "site")) == {"main"}


def test_another_version_of_the_theme_is_loaded_whole(
    built_site: Path, built_publisher: Path
) -> None:
    [theirs] = (built_site / FOLDER).glob("main.*")
    own = built_publisher / "overrides" / theirs.relative_to(built_site)
    own.write_text("p{top:0}}", "utf-8")
    done = run_gongkai("build", folder=built_publisher)
    assert done.returncode == 0
    message = f"overrides/assets/stylesheets/theme.*.min.css 不是用现在的主题（{own.name}）做的，各网页使用主题的整份样式表；请在程序的仓库里运行 make styles"
    assert done.stderr.count(message) == 1
    assert set(loaded_sheets(built_publisher / "site")) == {"main"}
    assert sheet_of(built_publisher / "site", "main") == "p{top:0}}"


def test_the_search_loads_only_what_it_shows(built_site: Path) -> None:
    """A first query is to be light: no sheet of lists, comparisons and charts."""
    sheets = {
        page: re.findall(r"[/\"]assets/([a-z/]+)\.\w+\.css", (built_site / page / "index.html").read_text("utf-8"))
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


SWAP = """sheet => new Promise(done => {
    const link = document.querySelector("link[href*='stylesheets/theme.']");
    link.onload = done;
    link.href = sheet;
})"""


def take_picture(page: Page) -> bytes:
    """All of a page as it is laid out anew: Chromium's tables may depend on how they came about."""
    page.evaluate("document.body.style.display = 'none'; document.body.offsetHeight")
    page.evaluate("document.body.style.display = ''; document.body.offsetHeight")
    finish_animations(page)
    return page.screenshot()


def take_both_pictures(page: Page, url: str, sheet: str) -> tuple[bytes, bytes]:
    """A page, all that can be opened in it opened, with the sheet that it loads and with another."""
    page.goto(url)
    if "?q=" in url:
        expect(page.locator("#gk-find")).to_have_attribute("aria-busy", "false")
    if "?u=" in url:
        expect(page.locator(".gk-compare-chosen li")).to_have_count(1)
    page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
    size = page.viewport_size
    assert size
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": height})
    purged = take_picture(page)
    page.evaluate(SWAP, sheet)
    whole = take_picture(page)
    page.set_viewport_size(size)
    return purged, whole


def differing_pages(
    chromium: Browser, site: Path, pages: dict[str, str], mode: str, width: int
) -> list[str]:
    """Return the pages that look different with the theme's sheet in place of the purged one."""
    [whole] = (site / FOLDER).glob("main.*")
    media: Literal["screen", "print"] = "print" if mode == "print" else "screen"
    with (
        serve_site(site) as base,
        open_page(chromium, base, width, media=media) as (page, wrong),
    ):
        if mode not in {"", "print"}:
            page.goto(base)
            toggle_mode(page, mode)
        sheet = f"{base}{whole.relative_to(site).as_posix()}"
        different = list(pages)
        for _ in range(3):  # a script that is late under load changes a page between its pictures
            pictures = {name: take_both_pictures(page, base + pages[name], sheet) for name in different}  # fmt: skip
            different = [name for name, (purged, whole) in pictures.items() if purged != whole]
    assert wrong == []
    return different


@pytest.mark.parametrize(
    ("mode", "width", "names"),
    [
        pytest.param(*VIEWS[0], ("search", "disclosure", "glossary"), id="some"),
        *(
            pytest.param(*view, tuple(STATES), marks=pytest.mark.long, id="-".join(map(str, view)))
            for view in VIEWS
        ),
    ],
)
def test_nobody_sees_a_difference(
    built_site: Path, chromium: Browser, mode: str, width: int, names: Sequence[str]
) -> None:
    """The same pages with the purged sheet and with the theme's in its place, to the pixel."""
    states = {name: STATES[name] for name in names}
    assert differing_pages(chromium, built_site, states, mode, width) == []


MARKDOWN = """# 示例 {#top}

!!! warning "注意"
    提示框里的`代码`。

<details class="tip" open markdown="1"><summary>折叠</summary>

1. 一
    - 甲
    - 乙[^1]

</details>

| 甲 | 乙 |
|---|--:|
| 一 | 2 |

```
gongkai build
```

> 引文，<kbd>Ctrl</kbd>、<mark>标记</mark>、~~删去~~、H<sub>2</sub>O。

术语
:   释义

- [x] 完成
- [ ] 未完成

---

[^1]: 脚注。
"""
EXTENSIONS = ("admonition", "def_list", "fenced_code", "footnotes", "md_in_html", "pymdownx.tasklist")  # fmt: skip


@pytest.mark.parametrize(
    "views",
    [
        pytest.param(VIEWS[:2], id="some"),
        pytest.param(VIEWS, marks=pytest.mark.long, id="all"),
    ],
)
def test_usual_markdown_looks_as_with_the_whole_sheet(
    built_publisher: Path, chromium: Browser, views: Sequence[tuple[str, int]]
) -> None:
    (built_publisher / "content" / "about.md").write_text(MARKDOWN, "utf-8")
    extensions = "".join(f"  - {name}\n" for name in EXTENSIONS)
    replace_in_file(
        built_publisher / "mkdocs.yml", {"  - attr_list\n": f"  - attr_list\n{extensions}"}
    )
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    html = (built_publisher / "site" / "about" / "index.html").read_text("utf-8")
    classes = {"admonition warning", "tip", "task-list-item", "footnote", "footnote-ref"}
    assert [name for name in classes if f'class="{name}"' not in html] == []
    assert loaded_sheets(built_publisher / "site") == ["theme"] * 5
    for mode, width in views:
        assert (
            differing_pages(chromium, built_publisher / "site", {"about": "about/"}, mode, width)
            == []
        )
