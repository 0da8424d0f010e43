"""What a search has to find: the literal text of every page's article, and random pieces of it."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bs4 import BeautifulSoup

_VARIANTS = str.maketrans("〔［【〖[{〕］】〗]}≧≦═", "((((((" + "))))))" + "≥≤=")
_NOT_SEEN = ".headerlink, .gk-downloads, .gk-whole, script, style, template, noscript"
_NO_PAGES = frozenset({"404.html", "search/index.html"})
_PIECES = (
    *(rf"[\u4e00-\u9fff]{{{length}}}" for length in range(1, 7)),
    *(r"\d+\.\d+", r"\d{2,4}", r"[\u4e00-\u9fff]\d+", r"\d+[\u4e00-\u9fff]{1,3}"),
    *(r"\(\d{4}\)\d+号?", r"[a-z]{1,4}\d*", r".{5}", r".{9}"),
)
"""Han, decimals, pieces of numbers, both, document numbers, Latin, anything."""


def plain(text: str) -> str:
    """Text as it is compared: without blanks, signs that look alike as one."""
    return "".join(unicodedata.normalize("NFKC", text).lower().translate(_VARIANTS).split())


def texts_of(site: Path) -> dict[str, str]:
    """The text of every page that is to be found, by its address."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if name not in _NO_PAGES and (text := text_of(path)) is not None:
            found[name.removesuffix("index.html")] = text
    return found


def text_of(path: Path) -> str | None:
    """The text of a page's article, as it is compared; None where it has none."""
    html = path.read_text("utf-8")
    article = BeautifulSoup(html[html.find("<article") :], "html.parser").article
    if not article:
        return None
    for each in article.select(_NOT_SEEN):
        each.decompose()
    return plain(article.get_text())


def pieces(texts: dict[str, str], count: int, seed: int) -> Iterator[str]:
    """Random pieces of the texts, of all kinds in turn."""
    rnd = Random(seed)  # noqa: S311 - which pieces are asked for
    pages = sorted(texts.values())
    for number in range(count):
        pattern, found = re.compile(_PIECES[number % len(_PIECES)]), None
        while found is None:
            text = rnd.choice(pages)
            found = pattern.search(text, rnd.randrange(len(text))) if text else None
        yield found[0]
