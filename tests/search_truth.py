"""Expected search results: the literal text of every page's article, and random pieces of it."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random

from bs4 import BeautifulSoup, Tag

_VARIANTS = str.maketrans("〔［【〖[{〕］】〗]}≧≦═", "((((((" + "))))))" + "≥≤=")
_UNINDEXED = ".headerlink, .gk-downloads, .gk-whole, script, style, template, noscript"
_UNINDEXED_PAGES = frozenset({"404.html", "search/index.html"})
_PIECE_PATTERNS = (
    *(rf"[\u4e00-\u9fff]{{{length}}}" for length in range(1, 7)),
    *(r"\d+\.\d+", r"\d{2,4}", r"[\u4e00-\u9fff]\d+", r"\d+[\u4e00-\u9fff]{1,3}"),
    *(r"\(\d{4}\)\d+号?", r"[a-z]{1,4}\d*", r".{5}", r".{9}"),
)
"""Patterns of Han text, decimals, parts of numbers, mixtures, document numbers, Latin, any text."""


_WORD = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')
_AMOUNT = re.compile(r"(?<![\d.,])([\d,]*\d(?:\.\d+)?) *(万|亿)?元")
_BLOCKS = re.compile(r"p|div|li|t[dhr]|h\d|d[dt]|caption|br|section")
_UNITS = {"万": Decimal(10_000), "亿": Decimal(100_000_000), None: Decimal(1)}


def comparable_text(text: str) -> str:
    """Normalize text for comparison: NFKC, lower case, no spaces or accents, similar signs unified."""
    decomposed = unicodedata.normalize("NFKD", text.replace("≠", "\ue000"))
    marks = {char for char in decomposed if unicodedata.category(char) == "Mn"}
    plain = unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in marks))
    return "".join(plain.lower().translate(_VARIANTS).split()).replace("\ue000", "≠")


def page_amounts(site: Path, url: str) -> set[Decimal]:
    """Return the amounts of money in a page's article, in 元."""
    article = _article(site / url / "index.html")
    if not article:
        return set()
    for element in article.find_all(_BLOCKS):
        element.insert(0, "\n")
        element.append("\n")
    return {parse_amount(match) for match in _AMOUNT.finditer(article.get_text())}


def parse_amount(match: re.Match[str]) -> Decimal:
    """Return an amount in 元."""
    return Decimal(match[1].replace(",", "")) * _UNITS[match[2]]


def right_pages(
    texts: dict[str, str], query: str, amounts: Mapping[str, set[Decimal]] | None = None
) -> set[str]:
    """Return the pages that contain all words of a query, and none that it excludes.

    `amounts` are those of the pages, which count for a word that is one itself.
    """
    words = [(minus or sign, quoted or word) for minus, quoted, sign, word in _WORD.findall(query)]
    right = set(texts)
    for sign, word in words:
        text = comparable_text(word if sign else f"{sign}{word}")
        pages = {url for url, content in texts.items() if text in content}
        if (match := _AMOUNT.fullmatch(word)) and amounts:
            value = parse_amount(match)
            pages |= {url for url, of_page in amounts.items() if value in of_page}
        right = right - pages if sign else right & pages
    return right


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
    article = _article(path)
    return comparable_text(article.get_text()) if article else None


def _article(path: Path) -> Tag | None:
    html = path.read_text("utf-8")
    article = BeautifulSoup(html[html.find("<article") :], "html.parser").article
    for element in article.select(_UNINDEXED) if article else ():
        element.decompose()
    return article


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


def random_word_lists(texts: dict[str, str], count: int, seed: int) -> Iterator[str]:
    """Yield queries of several words: of one page, of two pages, "exact" ones and excluded ones."""
    rnd = Random(seed)  # noqa: S311 - reproducible, not secret
    contents = sorted(texts.values())
    han = re.compile(r"[\u4e00-\u9fff]{2,7}")
    for number in range(count):
        words = list[str]()
        text = rnd.choice(contents)
        while len(words) < 2 + number % 2:
            text = rnd.choice(contents) if number % 4 == 3 else text
            if match := han.search(text, rnd.randrange(max(1, len(text) - 2))):
                words.append(match[0][: rnd.choice((2, 3, 4, 7))])
            else:
                text = rnd.choice(contents)
        if number % 5 == 1:
            words[-1] = f"-{words[-1]}"
        if number % 5 == 2:
            words[0] = f'"{words[0]}"'
        yield " ".join(words)
