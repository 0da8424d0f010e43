"""The search in a real browser, compared with the literal text of the pages."""

import json
import re
import shutil
import zlib
from pathlib import Path
from random import Random
from unicodedata import category
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from gongkai.pages.page_types import Category
from gongkai.search.documents import OVERLAP, SourcePage, UnitNames, index_pages
from gongkai.search.facets import PageFacts
from gongkai.search.index_set import INDEX_FORMAT
from gongkai.search.ngrams import Alphabet, hash_grams, split_grams
from gongkai.search.normalize import normalize_text
from tests.commands import run_gongkai
from tests.folders import ROOT
from tests.pages.test_accessibility import violations
from tests.search_truth import (
    page_amounts,
    page_texts,
    random_pieces,
    random_word_lists,
    right_pages,
)
from tests.serving import serve_site
from tests.site_pages import MODES, WIDTHS, find_asset, index_folder, open_page, toggle_mode

_IS_DONE = """() => document.querySelector("#gk-find")?.getAttribute("aria-busy") === "false"
    && /找到|没有完成|请输入|没有搜索/.test(document.querySelector(".gk-status")?.textContent)"""
"""Looked at with every frame; `expect` would look after 0.1, 0.35 and 0.85 seconds."""
_RESULT = ".gk-results > li"
_UNIT = "新田县计划生育协会"


@pytest.fixture(params=["seed", "corpus"])
def site(request: pytest.FixtureRequest) -> Path:
    """This repository's own site, and one of synthetic units."""
    if request.param == "seed":
        return Path(request.getfixturevalue("built_site"))
    return Path(request.getfixturevalue("corpus_folder")) / "site"


def search_for(page: Page, base: str, words: str, more: str = "") -> str:
    """Open the search page with a query; return its status."""
    page.goto(f"{base}search/?q={quote(words)}{more}")
    return wait_for_status(page)


def wait_for_status(page: Page) -> str:
    """Wait until the search is done, and return its status."""
    page.wait_for_function(_IS_DONE)
    return page.locator(".gk-status").inner_text()


def result_urls(page: Page, base: str) -> list[str]:
    """Return the addresses of the results shown, relative to the site's root."""
    links = page.locator(f"{_RESULT} h2 a").evaluate_all("links => links.map(({ href }) => href)")
    return [link.removeprefix(base) for link in links]


def all_result_urls(page: Page, base: str) -> list[str]:
    """Return the addresses of all results, page by page; the count stays the same."""
    urls = result_urls(page, base)
    first_status = wait_for_status(page).partition("，")[0]
    while page.get_by_role("link", name="下一页").count():
        status = wait_for_status(page)
        page.get_by_role("link", name="下一页").click()
        expect(page.locator(".gk-status")).not_to_have_text(status)
        status = wait_for_status(page)
        assert status.startswith(first_status.removesuffix("。")), (first_status, status)
        urls += result_urls(page, base)
    return urls


def exact_count(status: str) -> int:
    """Return the number of results in a status, which must be exact."""
    match = re.fullmatch(r"找到 (\d+) 个网页(?:，第 \d+ 页)?。", status)
    assert match, status
    return int(match[1])


@pytest.mark.parametrize("queries", [6, pytest.param(42, marks=pytest.mark.long)])
def test_results_are_exactly_the_pages_that_contain_the_words(
    site: Path, chromium: Browser, queries: int
) -> None:
    texts = page_texts(site)
    assert len(texts) > 90
    with serve_site(site, "/unter/weg/") as base, open_page(chromium, base) as (page, errors):
        for words in random_pieces(texts, queries, seed=7):
            expected = {url for url, text in texts.items() if words in text}
            status = search_for(page, base, words)
            if page.locator(".gk-understood").count():  # Synonyms, which stand on other pages.
                status = search_for(page, base, words, "&only=1")
            assert set(result_urls(page, base)) <= expected, words
            if len(expected) <= 30:
                assert sorted(all_result_urls(page, base)) == sorted(expected), words
            if "约" not in status:
                assert exact_count(status) == len(expected), words
            else:
                assert len(words) > 2, words
                assert not re.fullmatch(r".[\d.].", words), words
        assert errors == []


@pytest.mark.parametrize("queries", [8, pytest.param(40, marks=pytest.mark.long)])
def test_several_words_must_all_occur(site: Path, chromium: Browser, queries: int) -> None:
    texts = page_texts(site)
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        for words in random_word_lists(texts, queries, seed=8):
            expected = right_pages(texts, words)
            search_for(page, base, words)
            assert set(result_urls(page, base)) <= expected, words
            if len(expected) <= 30:
                assert sorted(all_result_urls(page, base)) == sorted(expected), words
        assert errors == []


def test_equal_amounts_are_found_whichever_way_they_are_written(
    built_site: Path, chromium: Browser
) -> None:
    texts = page_texts(built_site)
    amounts = {url: page_amounts(built_site, url) for url in texts}
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        for forms in (
            ("292.31万元", "2923100元", "2,923,100元", "0.029231亿元"),
            ("1.81万元", "18100元", "18,100.00元", "1.810 万元"),
        ):
            first_urls = None
            for words in forms:
                expected = right_pages(texts, words.replace(" ", ""), amounts)
                assert (
                    exact_count(search_for(page, base, words.replace(" ", ""))) == len(expected) > 1
                )
                urls = sorted(all_result_urls(page, base))
                assert urls == sorted(expected), words
                assert first_urls in {None, tuple(urls)}
                first_urls = tuple(urls)
                expect(page.locator(".gk-excerpt mark").first).not_to_be_empty()
        assert errors == []


@pytest.mark.parametrize("words", ["示例县", "组织开展 涉及"])
def test_pages_of_results_neither_lose_nor_repeat_a_page(
    corpus_folder: Path, chromium: Browser, words: str
) -> None:
    """By clicks, and by address in a new page each time."""
    site = corpus_folder / "site"
    expected = sorted(right_pages(page_texts(site), words))
    assert len(expected) > 30
    with serve_site(site) as base:
        with open_page(chromium, base) as (page, errors):
            status = search_for(page, base, words)
            last = int(
                page.locator(".gk-pager a[aria-current] ~ a, .gk-pager a").all()[-2].inner_text()
            )
            assert sorted(all_result_urls(page, base)) == expected
            assert errors == []
        urls = list[str]()
        for number in range(1, last + 1):
            with open_page(chromium, base) as (page, errors):
                search_for(page, base, words, f"&page={number}")
                urls += result_urls(page, base)
                assert page.locator(".gk-status").inner_text().startswith(status.rstrip("。"))
        assert sorted(urls) == expected


_ALL_PAGES = """async ([script, words]) => {
    const { reset, search } = await import(script);
    const walk = async (step) => {
        const [urls, counts] = [[], new Set()];
        const { pages } = await search(words, { literal: true });
        for (let number = 1; number <= pages; number += 1) {
            const page = step(number, pages);
            const answer = await search(words, { literal: true, page });
            urls.push(...answer.results.map(({ url }) => url));
            counts.add(`${answer.count} ${answer.isExact} ${answer.pages}`);
        }
        return [urls, [...counts]];
    };
    const forwards = await walk((number) => number);
    const byAddress = await walk((number, pages) => { reset(); return pages + 1 - number; });
    return [forwards, byAddress];
}"""


@pytest.mark.parametrize("count", [2, pytest.param(50, marks=pytest.mark.long)])
def test_every_hit_is_on_one_page_of_results(
    corpus_folder: Path, chromium: Browser, count: int
) -> None:
    """From page to page, and opened one by one in another order, without what was fetched before."""
    site = corpus_folder / "site"
    texts = page_texts(site)
    queries = [*random_pieces(texts, 400, seed=31), *random_word_lists(texts, 400, seed=32)]
    queries = [words for words in queries if len(_hits(texts, words)) > 30][:count]
    assert len(queries) == count
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        page.goto(f"{base}search/")
        script = base + find_asset(site, "assets/search/search.js").relative_to(site).as_posix()
        for words in queries:
            forwards, by_address = page.evaluate(_ALL_PAGES, [script, words])
            for urls, counts in (forwards, by_address):
                assert sorted(urls) == sorted(_hits(texts, words)), words
                assert len(counts) == 1, (words, counts)
            assert forwards[1] == by_address[1], words
        assert errors == []


def _hits(texts: dict[str, str], words: str) -> set[str]:
    """Return the pages that contain a piece of text, or several words."""
    if " " in words:
        return right_pages(texts, words)
    return {url for url, text in texts.items() if words in text}


@pytest.mark.parametrize("pages", [1, pytest.param(4, marks=pytest.mark.long)])
def test_text_across_two_pieces_of_a_long_page_is_found(
    built_site: Path, chromium: Browser, pages: int
) -> None:
    texts = page_texts(built_site)
    pieces_of: dict[str, list[str]] = {}
    folders = (index_folder(built_site) / "text").iterdir()
    for folder in folders:
        url = ""
        for number in range(len(list(folder.iterdir()))):
            data = zlib.decompress((folder / f"{number}.json.bin").read_bytes())
            for sections, _, *description in json.loads(data):
                url = description[0] if len(description) > 1 else url
                content = "".join(f"{heading}{text}" for _, heading, text in sections)
                pieces_of.setdefault(url, []).append(normalize_text(content))
    long_pages = {url: parts for url, parts in pieces_of.items() if len(parts) > 1}
    assert long_pages
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        for url, (first, second, *_) in list(long_pages.items())[:pages]:
            for words in (first[-3:] + second[:4], first[-40:] + second[:50], second[:30]):
                assert words in texts[url]
                search_for(page, base, words)
                assert url in all_result_urls(page, base), words
                expect(page.locator(".gk-excerpt mark").first).not_to_be_empty()
        assert errors == []


def test_a_piece_stores_the_text_that_follows_even_after_a_short_piece() -> None:
    parts = ["甲" * 3990 + "一二三", "短" * 7, "乙" * 3995]
    html = "".join(f'<h2 id="s{number}">节</h2><p>{part}</p>' for number, part in enumerate(parts))
    source = SourcePage("u/", f"<article>{html}</article>", PageFacts(Category.LIST))
    index = index_pages([source], UnitNames("示例"))
    stored = [piece for block in index.text_blocks for piece in json.loads(zlib.decompress(block))]
    whole = normalize_text("".join(f"节{part}" for part in parts))
    position = 0
    assert len(stored) > 2
    for sections, overlap, *_ in stored:
        position += len(
            normalize_text("".join(f"{heading}{text}" for _, heading, text in sections))
        )
        assert overlap == whole[position : position + OVERLAP]


def _rare_words_with_common_pairs(texts: dict[str, str], seed: int) -> tuple[str, set[str]]:
    """Return words that occur on filtered pages though their pairs occur on many, and these filtered."""
    rnd = Random(seed)  # noqa: S311 - chooses the words
    for _ in range(20_000):
        text = rnd.choice(list(texts.values()))
        start = rnd.randrange(max(1, len(text) - 5))
        words = text[start : start + 5]
        if not re.fullmatch(r"[\u4e00-\u9fff]{5}", words):
            continue
        pairs = [words[i : i + 2] for i in range(4)]
        candidates = [
            url for url, content in texts.items() if all(pair in content for pair in pairs)
        ]
        right = {url for url in candidates if words in texts[url]}
        if len(candidates) > 40 and len(right) < len(candidates) / 4:
            return words, right
    pytest.fail("no such words")


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=pytest.mark.long) for seed in range(3)])
def test_all_results_are_found_step_by_step_where_most_candidates_are_wrong(
    corpus_folder: Path, chromium: Browser, seed: int
) -> None:
    texts = page_texts(corpus_folder / "site")
    words, right = _rare_words_with_common_pairs(texts, seed)
    with serve_site(corpus_folder / "site") as base, open_page(chromium, base) as (page, errors):
        search_for(page, base, words)
        first = result_urls(page, base)
        assert first, words
        assert set(first) <= right, words
        assert set(all_result_urls(page, base)) == right, words
        assert errors == []


_MAX_TEXT_FILES = 40
"""Of 20 pages, every one of which may have a second block."""


def _absent_words_with_common_pairs(texts: dict[str, str]) -> str:
    """Return words that occur nowhere, though their pairs occur together on many pages."""
    rnd = Random(5)  # noqa: S311 - chooses the words
    pages = list(texts.values())
    for _ in range(50_000):
        first, second = rnd.choice(pages), rnd.choice(pages)
        start = rnd.randrange(max(1, len(first) - 3))
        beginning = first[start : start + 3]
        position = second.find(beginning[-1:], rnd.randrange(len(second)))
        words = beginning + second[position + 1 : position + 3]
        if position < 0 or not re.fullmatch(r"[\u4e00-\u9fff]{5}", words):
            continue
        pairs = [words[i : i + 2] for i in range(4)]
        if sum(all(pair in text for pair in pairs) for text in pages) > 60 and not any(
            words in text for text in pages
        ):
            return words
    pytest.fail("no such words")


@pytest.mark.long
def test_few_texts_are_fetched_where_the_first_candidates_are_all_wrong(
    corpus_folder: Path, chromium: Browser
) -> None:
    words = _absent_words_with_common_pairs(page_texts(corpus_folder / "site"))
    with serve_site(corpus_folder / "site") as base, open_page(chromium, base) as (page, errors):
        requests: list[str] = []

        def count_texts() -> int:
            return len({url for url in requests if "/text/" in url})

        page.on("request", lambda request: requests.append(request.url))
        status = search_for(page, base, f'"{words}"')
        assert count_texts() <= _MAX_TEXT_FILES
        if "约" in status:
            page.get_by_role("link", name="逐页核对").click()
            expect(page.locator(".gk-status")).to_have_text("找到 0 个网页。")
        expect(page.locator(".gk-nothing")).to_be_visible()
        assert errors == []


@pytest.mark.parametrize("words", ["2022年度", pytest.param("绩效自评", marks=pytest.mark.long)])
def test_shards_are_prefetched_while_typing_and_no_others(
    built_site: Path, chromium: Browser, words: str
) -> None:
    """After the Enter key only texts remain to be fetched."""
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        requests: list[str] = []

        def shard_urls() -> set[str]:
            return {url for url in requests if "/grams/" in url}

        page.on("request", lambda request: requests.append(request.url))
        search_for(page, base, words)
        needed = shard_urls()
        assert len(needed) > 1
        page.goto("about:blank")
        requests.clear()
        page.goto(f"{base}search/", wait_until="networkidle")
        with page.expect_event("request", lambda _: shard_urls() >= needed):
            page.locator("#gk-find-q").press_sequentially(words, delay=150)
        page.keyboard.press("Enter")
        expect(page.locator(_RESULT).first).to_be_visible()
        assert shard_urls() == needed
        assert errors == []


@pytest.mark.long
def test_all_results_are_counted_on_request(corpus_folder: Path, chromium: Browser) -> None:
    site = corpus_folder / "site"
    texts = page_texts(site)
    words = "示例县"
    expected = sum(words in text for text in texts.values())
    assert expected > 30
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        status = search_for(page, base, words)
        if "约" in status:
            page.get_by_role("link", name="逐页核对").click()
            expect(page.locator(".gk-status")).to_have_text(f"找到 {expected} 个网页。")
            page.get_by_role("link", name="下一页").click()
            expect(page.locator(".gk-status")).to_have_text(f"找到 {expected} 个网页，第 2 页。")
        else:
            assert exact_count(status) == expected
        assert errors == []


def test_the_page_of_a_unit_ranks_first_for_its_name(site: Path, chromium: Browser) -> None:
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        for path in sorted((site / "units").glob("*/index.html")):
            title = re.search(r"<h1[^>]*>([^<]+)", path.read_text("utf-8"))
            assert title
            search_for(page, base, title[1])
            assert result_urls(page, base)[0] == f"units/{path.parent.name}/"
        assert errors == []


def test_browser_and_build_make_the_same_grams(built_site: Path, chromium: Browser) -> None:
    rnd = Random(3)  # noqa: S311 - chooses the characters
    code_points = [*range(0x20, 0x3100), *range(0x4E00, 0x9FFF, 7), *range(0xF900, 0xFFE6)]
    text = "".join(char for char in map(chr, code_points) if category(char) != "Cn") + "𠀀𠮷🀄"
    words = [normalize_text("".join(rnd.sample(text, 5))) for _ in range(500)]
    words += [f"第{number}号" for number in range(100, 1000, 7)]
    words += ["92.31", "2.3", ")1号", "𠀀0𠮷", "8", ".", "1.2.3", "年10"]
    script = """async ([text, words]) => {
        const { encodeGram, hashGram, normalize } = await import(document.querySelector("link[href*='search/words.']").href);
        const gramsOf = (word) => {
            const chars = [...word];
            const ofSize = (size) => chars.map((_, index) => chars.slice(index, index + size)).filter(({ length }) => length === size);
            const trigrams = ofSize(3).filter(([, char]) => /[0-9.]/.test(char));
            return [...ofSize(1), ...ofSize(2), ...trigrams].map((gram) => encodeGram(gram.join("")));
        };
        const grams = words.map(gramsOf);
        return [[...text].map(normalize), grams, grams.map((ofWord) => ofWord.map(hashGram))];
    }"""
    with serve_site(built_site) as base, open_page(chromium, base) as (page, _):
        page.goto(f"{base}search/")
        normalized, grams, hashes = page.evaluate(script, [text, words])
    pairs = zip(text, normalized, strict=True)
    assert [char for char, browser_form in pairs if normalize_text(char) != browser_form] == []
    for word, browser_grams, browser_hashes in zip(words, grams, hashes, strict=True):
        alphabet = Alphabet.of_pages([word])
        postings = alphabet.extract_postings([(word, 0)])
        build_grams = alphabet.decode(alphabet.split_postings(postings)[0])
        codes = list(zip(*map(list, split_grams(build_grams)), strict=True))
        assert {*codes} == {*map(tuple, browser_grams)}, word
        expected = dict(zip(map(tuple, browser_grams), browser_hashes, strict=True))
        build_hashes = hash_grams(build_grams).tolist()
        assert dict(zip(codes, build_hashes, strict=True)) == expected, word


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("xtjsx", "units/xintian-jsx/"),
        ("县计生", "units/xintian-jsx/"),
        ("liuchurenkou", "units/xintian-jsx/2022/projects/liuchu-renkou/"),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in (
                ("xtxjhsyxh", "units/xintian-jsx/"),
                ("xintianxian", "units/xintian-jsx/"),
                ("新", "units/xintian-jsx/"),
                ("lcrk", "units/xintian-jsx/2022/projects/liuchu-renkou/"),
                ("流出", "units/xintian-jsx/2022/projects/liuchu-renkou/"),
            )
        ),
    ],
)
def test_suggestions_by_keyboard(built_site: Path, chromium: Browser, words: str, url: str) -> None:
    with serve_site(built_site, "/a/") as base, open_page(chromium, base) as (page, errors):
        page.goto(f"{base}units/")
        field = page.locator("form.gk-search input[name=q]")
        field.click()
        page.keyboard.insert_text(words)
        expect(page.get_by_role("option").first).to_be_visible()
        expect(field).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(field).to_have_attribute("aria-activedescendant", f"{chosen.get_attribute('id')}")
        page.keyboard.press("Escape")
        expect(page.get_by_role("option").first).to_be_hidden()
        page.keyboard.press("End")
        page.keyboard.insert_text(" ")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(base + url)
        assert errors == []


def test_the_first_keystroke_fetches_little(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, _):
        paths: list[str] = []
        page.on("request", lambda request: paths.append(urlsplit(request.url).path))
        page.goto(f"{base}units/")
        assert not [path for path in paths if path.startswith("/search/data")]
        page.locator("form.gk-search input[name=q]").press_sequentially("x")
        expect(page.get_by_role("option").first).to_be_visible()
        assert [path for path in paths if path.startswith("/search/data")] == [
            "/search/data.json",
            f"/search/{index_folder(built_site).name}/names.json.bin",
        ]


def test_the_address_holds_query_filters_and_order(corpus_folder: Path, chromium: Browser) -> None:
    with serve_site(corpus_folder / "site") as base, open_page(chromium, base) as (page, errors):
        page.goto(base)
        page.locator("form.gk-search input[name=q]").fill("培训")
        page.get_by_role("button", name="搜索", exact=True).first.click()
        page.wait_for_url(f"{base}search/?q=*")
        all_results = wait_for_status(page)
        page.locator(".gk-facets a").filter(has_text=re.compile(r"^2022（")).click()
        filtered = wait_for_status(page)
        assert filtered != all_results
        assert "year=2022" in page.url
        page.get_by_label("排序").select_option("score-asc")
        wait_for_status(page)
        assert "sort=score-asc" in page.url
        urls, address = result_urls(page, base), page.url
        assert all("/2022/" in url for url in urls)
        page.goto(base)
        page.goto(address)
        wait_for_status(page)
        assert result_urls(page, base) == urls
        page.get_by_role("link", name="去掉筛选 年度：2022").click()
        assert wait_for_status(page) == all_results
        page.go_back()
        assert wait_for_status(page) == filtered
        assert errors == []


def test_title_field_and_results_follow_the_address(corpus_folder: Path, chromium: Browser) -> None:
    with serve_site(corpus_folder / "site") as base, open_page(chromium, base) as (page, errors):
        for words in ("示例-甲", "$&", "维修"):
            page.goto(f"{base}search/") if words != "维修" else None
            page.locator("#gk-find-q").fill(words)
            page.keyboard.press("Enter")
            wait_for_status(page)
            assert page.title() == f"搜索 {words} - 示例站点"
        page.locator("#gk-find-q").fill("培训")
        page.keyboard.press("Enter")
        expect(page).to_have_title("搜索 培训 - 示例站点")
        status = wait_for_status(page)
        page.locator("#gk-find-q").fill("\u200b")
        page.keyboard.press("Enter")
        assert "请输入" in wait_for_status(page)
        assert not result_urls(page, base)
        page.go_back()
        expect(page.locator("#gk-find-q")).to_have_value("培训")
        assert wait_for_status(page) == status
        page.go_back()
        expect(page.locator("#gk-find-q")).to_have_value("维修")
        assert errors == []


def test_addresses_with_invalid_parameters(corpus_folder: Path, chromium: Browser) -> None:
    with serve_site(corpus_folder / "site") as base, open_page(chromium, base) as (page, errors):
        status = search_for(page, base, "维修")
        count = int(re.findall(r"\d+", status)[0])
        for number in ("999", "9" * 20):
            search_for(page, base, "维修", f"&page={number}")
            last = -(-count // 10)
            expect(page.locator(".gk-pager [aria-current]")).to_have_text(f"{last}")
            assert len(result_urls(page, base)) == count - (last - 1) * 10
            assert page.url.endswith(f"&page={last}")
        search_for(page, base, "维修", "&sort=score")
        expect(page.get_by_label("排序")).to_have_value("")
        ranked = result_urls(page, base)
        search_for(page, base, "维修")
        assert result_urls(page, base) == ranked
        search_for(page, base, "维修", "&year=1999")
        assert "筛选的范围里没有网页含有“维修”" in page.locator(".gk-nothing").inner_text()
        assert errors == []


def test_focus_survives_an_update(corpus_folder: Path, chromium: Browser) -> None:
    with serve_site(corpus_folder / "site") as base, open_page(chromium, base) as (page, errors):
        search_for(page, base, "组织开展")
        page.get_by_label("排序").focus()
        for order in ("year", "score-desc"):
            page.keyboard.press("ArrowDown")
            page.wait_for_url(f"**&sort={order}")
            wait_for_status(page)
            expect(page.get_by_label("排序")).to_be_focused()
        page.get_by_role("link", name="2022（").first.focus()
        page.keyboard.press("Enter")
        wait_for_status(page)
        expect(page.locator(".gk-status")).to_be_focused()
        assert errors == []


def test_results_and_filters_begin_at_the_margin(built_site: Path, chromium: Browser) -> None:
    """The theme indents lists."""
    with serve_site(built_site) as base, open_page(chromium, base) as (page, _):
        search_for(page, base, "得分")
        for selector, above in ((_RESULT, ".gk-status"), (".gk-facets li", ".gk-facets h2")):
            boxes = [page.locator(name).first.bounding_box() for name in (selector, above)]
            assert len({round(box["x"]) for box in boxes if box}) == 1, boxes


def test_active_filters_are_side_by_side(corpus_folder: Path, chromium: Browser) -> None:
    with serve_site(corpus_folder / "site") as base, open_page(chromium, base) as (page, _):
        search_for(page, base, "维修", "&year=2022&unit=danwei-2")
        boxes = [tag.bounding_box() for tag in page.locator(".gk-tags li").all()]
        assert len(boxes) == 3
        assert len({box["y"] for box in boxes if box}) == 1


def test_results_are_sorted_by_score_and_year(corpus_folder: Path, chromium: Browser) -> None:
    patterns = {"score": r"自评得分 ([\d.]+)", "year": r"　(20\d\d)(?:　|$)"}
    with serve_site(corpus_folder / "site") as base, open_page(chromium, base) as (page, _):
        for order, name in (("score-asc", "score"), ("score-desc", "score"), ("year", "year")):
            search_for(page, base, "维修", f"&sort={order}")
            lines = page.locator(f"{_RESULT} .gk-about").all_inner_texts()
            figures = [
                float(match[1]) for line in lines if (match := re.search(patterns[name], line))
            ]
            assert len(figures) > 3
            assert figures == sorted(figures, reverse=order != "score-asc")


def test_an_excerpt_links_to_its_indicator(built_site: Path, chromium: Browser) -> None:
    texts = page_texts(built_site)
    words = next(
        words for words in ("慰问走访活动", "走访") if any(words in text for text in texts.values())
    )
    with serve_site(built_site) as base, open_page(chromium, base) as (page, _):
        search_for(page, base, words)
        marks = page.locator(".gk-excerpt mark").all_inner_texts()
        assert set(marks) == {words}
        links = page.locator(".gk-where").evaluate_all("links => links.map(({ href }) => href)")
        anchors = [re.sub(r":~:.*", "", link).removeprefix(base).split("#") for link in links]
        assert any(anchor.startswith("i-") for _, anchor in anchors)
        for url, anchor in anchors:
            html = (built_site / url / "index.html").read_text("utf-8")
            assert f'id="{anchor}"' in html


def test_a_search_without_results_gives_hints(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        assert search_for(page, base, "流出人口甲乙丙丁") == "找到 0 个网页。"
        hints = page.locator(".gk-nothing").inner_text()
        assert "没有网页含有“流出人口甲乙丙丁”" in hints
        page.get_by_role("link", name="流出人口", exact=True).click()
        assert wait_for_status(page).startswith("找到 ")
        assert result_urls(page, base)
        assert search_for(page, base, "计生", "&year=1999") == "找到 0 个网页。"
        page.get_by_role("link", name="去掉筛选，在全站里找").click()
        assert wait_for_status(page) != "找到 0 个网页。"
        for words in ("xtjsxh", "".join(chr(ord(char) + 0xFEE0) for char in "XTjsxh")):
            assert search_for(page, base, words).startswith("找到")
            assert result_urls(page, base)[0] == "units/xintian-jsx/"
            expect(page.locator(".gk-understood")).to_contain_text(f"按拼音查了：{_UNIT}。")
        assert "请输入" in search_for(page, base, " ")
        assert errors == []


def test_a_missing_file_is_reported_and_can_be_retried(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, _):
        for pattern in ("**/pages.json.bin", "**/grams/*.bin", "**/text/**"):
            page.route(pattern, lambda route: route.abort())
            assert "搜索没有完成：网络不通。" in search_for(page, base, _UNIT)
            page.unroute(pattern)
            page.get_by_role("button", name="重试").click()
            expect(page.locator(_RESULT).first).to_be_visible()
        page.route("**/grams/*.bin", lambda route: route.fulfill(status=404))
        assert "读不到（404）" in search_for(page, base, "流出")


def test_fetched_files_are_dropped_after_an_error_and_after_five_minutes(
    built_site: Path, chromium: Browser
) -> None:
    """The site may have been rebuilt since, with its texts in other blocks."""
    with serve_site(built_site) as base, open_page(chromium, base) as (page, _):
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))

        def count_tables() -> int:
            return sum(url.endswith("/pages.json.bin") for url in requests)

        page.clock.install()
        page.route("**/text/**", lambda route: route.fulfill(status=404))
        assert "读不到（404）" in search_for(page, base, "流出人口")
        page.unroute("**/text/**")
        assert count_tables() == 1
        page.get_by_role("button", name="重试").click()
        expect(page.locator(_RESULT).first).to_be_visible()
        assert count_tables() == 2
        for minutes, expected in ((4, 2), (2, 3)):
            page.clock.fast_forward(f"0{minutes}:00")
            page.locator("#gk-find-q").press("Enter")
            expect(page.locator("#gk-find")).to_have_attribute("aria-busy", "false")
            wait_for_status(page)
            assert count_tables() == expected


@pytest.mark.parametrize("width", [WIDTHS[-1], pytest.param(WIDTHS[0], marks=pytest.mark.long)])
def test_results_are_accessible(built_site: Path, chromium: Browser, width: int) -> None:
    with serve_site(built_site) as base, open_page(chromium, base, width) as (page, errors):
        for words in ("计生", "流出人口甲乙丙丁"):
            search_for(page, base, words)
            assert violations(page) == []
            overhang = "document.documentElement.scrollWidth - innerWidth"
            assert page.evaluate(overhang) <= 0
        page.locator("form.gk-find input[name=q]").fill("")
        page.locator("form.gk-find input[name=q]").press_sequentially("xt")
        expect(page.get_by_role("option").first).to_be_visible()
        assert violations(page) == []
        assert errors == []


@pytest.mark.parametrize(("mode", "width"), MODES)
def test_results_are_accessible_in_every_mode(
    built_site: Path, chromium: Browser, mode: str, width: int
) -> None:
    with serve_site(built_site) as base, open_page(chromium, base, width) as (page, _):
        search_for(page, base, "计生")
        toggle_mode(page, mode)
        assert violations(page) == []


def test_without_scripts_the_page_links_to_the_lists(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base, script=False) as (page, _):
        page.goto(f"{base}search/?q=x")
        expect(page.get_by_text("搜索要用浏览器的脚本")).to_be_visible()
        for name, url in (("各单位", "units/"), ("各年度", "years/")):
            link = page.locator(".gk-find-off").get_by_role("link", name=name)
            assert link.evaluate("({ href }) => href") == base + url


def test_an_index_that_changes_between_searches_is_loaded_again(
    built_site: Path, corpus_folder: Path, tmp_path: Path, chromium: Browser
) -> None:
    """The browser has the tables of the old site, and its other files are gone."""
    site = tmp_path / "site"
    shutil.copytree(built_site, site)
    with serve_site(site) as base, open_page(chromium, base) as (page, _):
        search_for(page, base, "流出")
        for path in (index_folder(site), site / "search" / "data.json"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        new_site = corpus_folder / "site"
        shutil.copytree(index_folder(new_site), site / "search" / index_folder(new_site).name)
        shutil.copy(new_site / "search" / "data.json", site / "search")
        page.locator("#gk-find-q").fill("示例县")
        page.keyboard.press("Enter")
        assert wait_for_status(page) != "找到 0 个网页。"
        assert page.locator(_RESULT).count() == 10


def test_a_query_reads_one_index_only(
    built_site: Path, corpus_folder: Path, tmp_path: Path, chromium: Browser
) -> None:
    """While the files of the old index are within reach, an open query goes on with them."""
    site = tmp_path / "site"
    shutil.copytree(built_site, site)
    with serve_site(site) as base, open_page(chromium, base) as (page, errors):
        old, new = index_folder(built_site).name, index_folder(corpus_folder / "site").name
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        search_for(page, base, "流出")
        shutil.copytree(corpus_folder / "site" / "search" / new, site / "search" / new)
        shutil.copy(corpus_folder / "site" / "search" / "data.json", site / "search")
        page.locator("#gk-find-q").fill("计生")
        page.keyboard.press("Enter")
        wait_for_status(page)
        assert any(f"/{old}/" in url for url in requests)
        assert not any(f"/{new}/" in url for url in requests)
        search_for(page, base, "示例县")
        assert any(f"/{new}/" in url for url in requests)
        assert errors == []


def test_a_release_that_is_switched_before_the_enter_key(
    built_publisher: Path, tmp_path: Path, chromium: Browser
) -> None:
    """Scripts that were not loaded yet have other names now, and the index is another one."""
    live = shutil.copytree(built_publisher / "site", tmp_path / "live")
    synonyms = built_publisher / "overrides" / "assets" / "search" / "synonyms.js"
    synonyms.write_text(synonyms.read_text("utf-8").replace("公车 =", "示例车 ="), "utf-8")
    [report] = (built_publisher / "data").rglob("report.md")
    report.write_text(f"{report.read_text('utf-8')}\n\n刚刚补充的一段。\n", "utf-8")
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    with serve_site(live) as base, open_page(chromium, base) as (page, _):
        page.goto(f"{base}search/", wait_until="networkidle")
        page.locator("#gk-find-q").click()
        page.keyboard.insert_text("刚刚补充")
        shutil.rmtree(live)
        shutil.copytree(built_publisher / "site", live)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=*")
        expect(page.locator(f"{_RESULT} h2 a")).to_have_attribute("href", re.compile("/report/$"))


def test_a_newer_format_of_the_index_is_not_read(
    built_site: Path, tmp_path: Path, chromium: Browser
) -> None:
    site = tmp_path / "site"
    shutil.copytree(built_site, site)
    pointer = {"format": INDEX_FORMAT + 1, "folder": index_folder(site).name}
    (site / "search" / "data.json").write_text(json.dumps(pointer), "utf-8")
    with serve_site(site) as base, open_page(chromium, base) as (page, _):
        assert search_for(page, base, "流出") == "搜索没有完成：网站已经更新，请刷新本页。"


def test_the_search_page_is_not_indexed(built_site: Path) -> None:
    texts = (
        zlib.decompress(path.read_bytes()).decode() for path in built_site.rglob("text/**/*.bin")
    )
    assert not any("搜索的文字、数字或拼音" in text for text in texts)


def test_no_search_script_evaluates_text() -> None:
    for path in (ROOT / "overrides" / "assets" / "search").glob("*.js"):
        assert not re.search(r"\beval\(|new Function|innerHTML|\.style\b", path.read_text("utf-8"))


_SYNONYMS = (("公车", "公务用车"), ("失独", "计划生育特殊家庭"))
"""Words, and what is searched for besides them."""


@pytest.mark.parametrize(("words", "other"), _SYNONYMS)
def test_synonyms_are_named_and_can_be_left_out(
    built_site: Path, chromium: Browser, words: str, other: str
) -> None:
    texts = page_texts(built_site)
    literal = {url for url, text in texts.items() if words in text}
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        search_for(page, base, words)
        urls = all_result_urls(page, base)
        assert {url for url, text in texts.items() if other in text} <= set(urls)
        assert literal <= set(urls)
        expect(page.locator(".gk-understood")).to_contain_text("也查了：")
        expect(page.locator(".gk-understood")).to_contain_text(other)
        page.get_by_role("link", name="只查原来的字").click()
        expect(page.locator(".gk-understood")).to_have_count(0)
        wait_for_status(page)
        assert sorted(all_result_urls(page, base)) == sorted(literal)
        assert errors == []


def test_traditional_characters_find_simplified_ones(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        for words, simplified in (("計劃生育", "计划生育"), ("滿意度指標", "满意度指标")):
            expected = right_pages(page_texts(built_site), simplified)
            search_for(page, base, words)
            assert expected <= set(all_result_urls(page, base)), words
            expect(page.locator(".gk-understood")).to_contain_text(f"也查了简体：{simplified}")
        assert errors == []


def test_words_that_stand_nowhere_are_read_otherwise(built_site: Path, chromium: Browser) -> None:
    texts = page_texts(built_site)
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        search_for(page, base, "计生协的得分是多少？")
        assert right_pages(texts, "计生协 得分") <= set(all_result_urls(page, base))
        expect(page.locator(".gk-understood")).to_contain_text("已拆成：计生协、得分；")
        assert search_for(page, base, "人群满意渡") == "找到 0 个网页。"
        expect(page.locator(".gk-nothing")).to_contain_text("您是不是要找：人群满意度")
        page.get_by_role("link", name="人群满意度", exact=True).click()
        assert wait_for_status(page).startswith("找到 ")
        assert result_urls(page, base)
        assert errors == []


def test_lists_with_the_words_in_their_title_come_first(
    built_site: Path, chromium: Browser
) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        for words, url in (("未达标", "shortfalls/2022/"), ("更正", "corrections/")):
            search_for(page, base, words)
            assert result_urls(page, base)[0] == url
        assert errors == []


def test_letters_that_stand_in_guides_only_are_read_as_pinyin_too(
    built_site: Path, chromium: Browser
) -> None:
    texts = page_texts(built_site)
    letters = "jyj"  # An example in the handbook.
    [guide] = (url for url, text in texts.items() if letters in text)
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        search_for(page, base, letters)
        assert result_urls(page, base) == [guide]
        search_for(page, base, "xtjsx")
        assert result_urls(page, base)[0] == "units/xintian-jsx/"
        assert errors == []


def test_a_question_how_finds_the_guide_first(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        search_for(page, base, "怎么填报")
        assert {url.partition("/")[0] for url in result_urls(page, base)[:3]} == {"guide"}
        assert errors == []


def test_a_query_that_is_too_long_is_not_searched_for(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base) as (page, errors):
        assert search_for(page, base, "a" * 2_000) == (
            "没有搜索：所输的文字有 2000 个字，最多 500 个；请只留其中一段。"
        )
        assert errors == []


def test_links_of_the_results_can_be_touched(built_site: Path, chromium: Browser) -> None:
    with serve_site(built_site) as base, open_page(chromium, base, 320) as (page, errors):
        search_for(page, base, "计生协")
        selector = ".gk-facets a, .gk-pager a, .gk-understood a, .gk-results h2 a, .gk-order select"
        boxes = [link.bounding_box() for link in page.locator(selector).all()]
        assert len(boxes) > 10
        assert [box for box in boxes if box and min(box["width"], box["height"]) < 44] == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert errors == []
