"""Expected search results: the literal text of every page's article, and random pieces of it."""

import functools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bs4 import BeautifulSoup

_VARIANTS = str.maketrans("〔［【〖[{〕］】〗]}≧≦═", "((((((" + "))))))" + "≥≤=")
_UNINDEXED = ".headerlink, .gk-downloads, .gk-whole, script, style, template, noscript"
_UNINDEXED_PAGES = frozenset({"404.html", "search/index.html"})
_PIECE_PATTERNS = (
    *(rf"[\u4e00-\u9fff]{{{length}}}" for length in range(1, 7)),
    *(r"\d+\.\d+", r"\d{2,4}", r"[\u4e00-\u9fff]\d+", r"\d+[\u4e00-\u9fff]{1,3}"),
    *(r"\(\d{4}\)\d+号?", r"[a-z]{1,4}\d*", r".{5}", r".{9}"),
)
"""Patterns of Han text, decimals, parts of numbers, mixtures, document numbers, Latin, any text."""


def comparable_text(text: str) -> str:
    """Normalize text for comparison: NFKC, lower case, no spaces, similar signs unified."""
    return "".join(unicodedata.normalize("NFKC", text).lower().translate(_VARIANTS).split())


@functools.cache
def page_texts(site: Path) -> dict[str, str]:
    """Return the normalized text of every page in the search index, by URL."""
    texts = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if name not in _UNINDEXED_PAGES and (text := page_text(path)) is not None:
            texts[name.removesuffix("index.html")] = text
    return texts


def page_text(path: Path) -> str | None:
    """Return the normalized text of a page's article; None if the page has no article."""
    html = path.read_text("utf-8")
    article = BeautifulSoup(html[html.find("<article") :], "html.parser").article
    if not article:
        return None
    for element in article.select(_UNINDEXED):
        element.decompose()
    return comparable_text(article.get_text())


def random_pieces(texts: dict[str, str], count: int, seed: int) -> Iterator[str]:
    """Yield random pieces of the texts, matching every pattern in turn."""
    rnd = Random(seed)  # noqa: S311 - reproducible, not secret
    sorted_texts = sorted(texts.values())
    for number in range(count):
        pattern, match = re.compile(_PIECE_PATTERNS[number % len(_PIECE_PATTERNS)]), None
        while match is None:
            text = rnd.choice(sorted_texts)
            match = pattern.search(text, rnd.randrange(len(text))) if text else None
        yield match[0]
