"""Every page of the built site is valid, has no dead links and loads nothing from other sites."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tinyhtml5.parser import HTMLParser

from gongkai.release.links import find_dead_links
from gongkai.runtime.workers import Workers
from tests.markup import find_markup_faults

SITE_URL = "https://gongkai.example/"
_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>示例</title></head>
<body><main><h1 id="top">示例</h1>{}</main></body></html>"""
_CSS_URL = re.compile(r"""\burl\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
_SCRIPT_URL = re.compile(r"""\b(?:fetch|import|importScripts|Worker|open)\(\s*["'`](https?:|//)""")
_LOADED_ATTRIBUTES = ("src", "srcset", "poster", "data", "action", "manifest")
_NOT_LOADED = {"canonical", "prev", "next", "alternate", "license"}
"""Link relations that browsers do not load by themselves."""


def test_every_page_is_valid(built_site: Path) -> None:
    problems = {
        f"{path.relative_to(built_site)}: {fault}"
        for path in built_site.rglob("*.html")
        for fault in find_markup_faults(path.read_text("utf-8"))
    }
    assert sorted(problems) == []


def test_no_dead_links(built_site: Path) -> None:
    files = [path.relative_to(built_site).as_posix() for path in built_site.rglob("*")]
    assert sum(file.endswith(".html") for file in files) > 90
    assert sorted(find_dead_links(built_site, files, SITE_URL, Workers(1))) == []


def test_nothing_is_loaded_from_other_sites(built_site: Path) -> None:
    foreign = {
        f"{path.relative_to(built_site)}: {url}"
        for path in built_site.rglob("*.*")
        for url in _loaded_urls(path)
        if url.startswith("//") or urlsplit(url).scheme not in {"", "data"}
    }
    assert sorted(foreign) == []


def _loaded_urls(path: Path) -> Iterator[str]:
    """Yield the URLs that a browser loads by itself."""
    if path.suffix == ".css":
        for groups in _CSS_URL.findall(path.read_text("utf-8")):
            yield "".join(groups)
    elif path.suffix == ".js":
        yield from _SCRIPT_URL.findall(path.read_text("utf-8"))
    elif path.suffix == ".html":
        tree = HTMLParser(namespace_html_elements=False).parse(path.read_text("utf-8"))
        for element in tree.iter():
            yield from (value for name in _LOADED_ATTRIBUTES if (value := element.get(name)))
            if element.tag == "link" and element.get("rel") not in _NOT_LOADED:
                yield element.get("href", "")


FAULTY = {
    "<p><div>示例</div></p>": "unexpected-end-tag",
    '<p class="a" class="b">示例</p>': "duplicate-attribute",
    "<table><tr><td>1</td></tr><div>2</div></table>": "table-voodoo",
    "<p>甲 &foo; 乙</p>": "expected-named-entity",
    '<p id="top">示例</p>': "id top 2 times",
    "<ul><p>示例</p></ul>": "p in ul",
    "<span><div>示例</div></span>": "div in span",
    '<a href="x"><button type="button">示例</button></a>': "button inside a",
    "<center>示例</center>": "obsolete element center",
    '<table><tr><td scope="row">1</td></tr></table>': "obsolete td[scope]",
    '<img src="x.png">': "img without alt: x.png",
    '<p tabindex="">示例</p>': "p[tabindex='']",
    '<input type="checkbox" autocomplete="off">': "input[type=checkbox][autocomplete]",
    '<p aria-labelledby="none">示例</p>': "p[aria-labelledby=none] leads nowhere",
    '<label for="none">示例</label>': "label[for=none] leads nowhere",
    '<label for="top">示例</label>': "label[for=top] for h1",
    "<script>1</script>": "inline script",
    '<script type="application/ld+json">{</script>': "JSON-LD: ",
    '<p style="color: red">示例</p>': "p[style]",
    '<p onclick="x()">示例</p>': "p[onclick]",
    '<a href="javascript:x()">示例</a>': "a[href=javascript:]",
    "<style>p {}</style>": "obsolete element style",
    "<h3>示例</h3>": "h3 after h1: 示例",
    "<h2> </h2>": "empty h2",
    "<h1>示例</h1>": "2 h1",
    "<main>示例</main>": "not one main",
    "<button>示例</button>": "button without type",
    '<table><tr><td rowspan="2">1</td></tr></table>': "rowspan 2 reaches out of its part",
    "<table><tr><td>1</td></tr><tr><td>1</td><td>2</td></tr></table>": "rows of different width",
}
"""Faulty markup, and a part of the expected message."""


@pytest.mark.parametrize("markup", FAULTY)
def test_faulty_markup_is_found(markup: str) -> None:
    messages = list(find_markup_faults(_PAGE.format(markup)))
    assert any(FAULTY[markup] in message for message in messages), messages


def test_valid_markup_passes() -> None:
    markup = """<table><caption>示例</caption><thead><tr><th scope="col">甲</th>
    <th scope="col" colspan="2">乙</th></tr></thead><tbody><tr><th scope="row" rowspan="2">1</th>
    <td>2</td><td>3</td></tr><tr><td colspan="2">4</td></tr></tbody></table>
    <dl><div><dt>示例</dt><dd>示例</dd></div></dl><details><summary><h2>示例</h2></summary></details>
    <svg viewBox="0 0 1 1" role="img" aria-labelledby="t"><title id="t">示例</title></svg>"""
    assert list(find_markup_faults(_PAGE.format(markup))) == []
