"""The search in a real browser, against the literal text of the pages."""

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

from gongkai.search.documents import OVERLAP, Names, Source, read_pages
from gongkai.search.facets import Facts
from gongkai.search.ngrams import Alphabet, codes, hashes
from gongkai.search.normalize import folded
from tests.build.test_incremental import made
from tests.folders import ROOT
from tests.pages.test_accessibility import violations
from tests.search_truth import pieces, texts_of
from tests.serving import served
from tests.site_pages import MODES, WIDTHS, opened, toggle

__all__ = ["made"]

_DONE = re.compile("找到|没有完成|请输入")
_RESULT = ".gk-results > li"
_UNIT = "新田县计划生育协会"


@pytest.fixture(params=["seed", "corpus"])
def site(request: pytest.FixtureRequest) -> Path:
    """This repository's own site, and one of made-up units."""
    if request.param == "seed":
        return Path(request.getfixturevalue("built_site"))
    return Path(request.getfixturevalue("made")) / "site"


def ask(page: Page, base: str, words: str, more: str = "") -> str:
    """Open the page of what is found; what it says."""
    page.goto(f"{base}search/?q={quote(words)}{more}")
    return told(page)


def told(page: Page) -> str:
    """What the search says when it is done."""
    expect(page.locator("#gk-find")).to_have_attribute("aria-busy", "false")
    status = page.locator(".gk-status")
    expect(status).to_have_text(_DONE)
    return status.inner_text()


def addresses(page: Page, base: str) -> list[str]:
    """The pages in the list, from the site's root."""
    links = page.locator(f"{_RESULT} h2 a").evaluate_all("all => all.map(each => each.href)")
    return [each.removeprefix(base) for each in links]


def everything(page: Page, base: str) -> list[str]:
    """The pages in all lists, one after another."""
    found: list[str] = []
    while True:
        while (more := page.get_by_role("button", name="继续找")).count():
            more.click()
            told(page)
        found += addresses(page, base)
        if not page.get_by_role("link", name="下一页").count():
            return found
        page.get_by_role("link", name="下一页").click()
        expect(page.locator(".gk-results")).to_have_attribute("start", f"{len(found) + 1}")
        told(page)


def test_what_holds_the_words_is_found_and_nothing_else(site: Path, chromium: Browser) -> None:
    texts = texts_of(site)
    assert len(texts) > 90
    with served(site, "/unter/weg/") as base, opened(chromium, base) as (page, wrong):
        for words in pieces(texts, 42, seed=7):
            expected = {url for url, text in texts.items() if words in text}
            said = ask(page, base, words)
            assert set(addresses(page, base)) <= expected, words
            if len(expected) <= 30:
                found = everything(page, base)
                assert sorted(found) == sorted(expected), words
            least, *most = map(int, re.findall(r"\d+", said))
            assert least <= len(expected) <= (most or [least])[0], words
            assert bool(most) == ("至少" in said), words
            assert not most or len(words) > 2, words
            assert not most or not re.fullmatch(r".[\d.].", words), words
        assert wrong == []


def test_what_stands_in_two_pieces_of_a_long_page_is_found(
    built_site: Path, chromium: Browser
) -> None:
    texts = texts_of(built_site)
    pieces_of: dict[str, list[str]] = {}
    folders = (built_site / "search" / "data" / "text").iterdir()
    for folder in folders:
        url = ""
        for number in range(len(list(folder.iterdir()))):
            data = zlib.decompress((folder / f"{number}.json.bin").read_bytes())
            for sections, _, *told in json.loads(data):
                url = told[0] if len(told) > 1 else url
                whole = "".join(f"{heading}{text}" for _, heading, text in sections)
                pieces_of.setdefault(url, []).append(folded(whole))
    long = {url: each for url, each in pieces_of.items() if len(each) > 1}
    assert long
    with served(built_site) as base, opened(chromium, base) as (page, wrong):
        for url, (first, second, *_) in list(long.items())[:4]:
            for words in (first[-3:] + second[:4], first[-40:] + second[:50], second[:30]):
                assert words in texts[url]
                ask(page, base, words)
                assert url in everything(page, base), words
                expect(page.locator(".gk-excerpt mark").first).not_to_be_empty()
        assert wrong == []


def test_a_piece_says_how_the_page_goes_on_past_a_short_one() -> None:
    parts = ["甲" * 3990 + "一二三", "短" * 7, "乙" * 3995]
    html = "".join(f'<h2 id="s{number}">节</h2><p>{each}</p>' for number, each in enumerate(parts))
    found = read_pages([Source("u/", f"<article>{html}</article>", Facts("其他"))], Names("示例"))
    made = [each for block in found.blocks for each in json.loads(zlib.decompress(block))]
    whole = folded("".join(f"节{each}" for each in parts))
    at = 0
    assert len(made) > 2
    for sections, follow, *_ in made:
        at += len(folded("".join(f"{heading}{text}" for _, heading, text in sections)))
        assert follow == whole[at : at + OVERLAP]


def _seldom_right(texts: dict[str, str], seed: int) -> tuple[str, set[str]]:
    """Words whose pairs stand in many pages together, they themselves in few; and these few."""
    rnd = Random(seed)  # noqa: S311 - which words are asked for
    for _ in range(20_000):
        text = rnd.choice(list(texts.values()))
        at = rnd.randrange(max(1, len(text) - 5))
        words = text[at : at + 5]
        if not re.fullmatch(r"[\u4e00-\u9fff]{5}", words):
            continue
        pairs = [words[i : i + 2] for i in range(4)]
        may = [url for url, each in texts.items() if all(pair in each for pair in pairs)]
        right = {url for url in may if words in texts[url]}
        if len(may) > 40 and len(right) < len(may) / 4:
            return words, right
    pytest.fail("no such words")


@pytest.mark.parametrize("seed", range(3))
def test_where_most_that_may_be_right_are_wrong_all_is_found_step_by_step(
    made: Path, chromium: Browser, seed: int
) -> None:
    texts = texts_of(made / "site")
    words, right = _seldom_right(texts, seed)
    with served(made / "site") as base, opened(chromium, base) as (page, wrong):
        ask(page, base, words)
        first = addresses(page, base)
        assert first, words
        assert set(first) <= right, words
        assert set(everything(page, base)) == right, words
        assert wrong == []


_MOST = 40
"""Of 20 pages, with what a page may have in a second block."""


def _nowhere(texts: dict[str, str]) -> str:
    """Words that stand nowhere, though their pairs stand in many pages together."""
    rnd = Random(5)  # noqa: S311 - which words are asked for
    pages = list(texts.values())
    for _ in range(50_000):
        one, other = rnd.choice(pages), rnd.choice(pages)
        at = rnd.randrange(max(1, len(one) - 3))
        begin = one[at : at + 3]
        follow = other.find(begin[-1:], rnd.randrange(len(other)))
        words = begin + other[follow + 1 : follow + 3]
        if follow < 0 or not re.fullmatch(r"[\u4e00-\u9fff]{5}", words):
            continue
        pairs = [words[i : i + 2] for i in range(4)]
        if sum(all(pair in each for pair in pairs) for each in pages) > 60 and not any(
            words in each for each in pages
        ):
            return words
    pytest.fail("no such words")


def test_where_the_first_pages_are_all_wrong_it_asks_before_it_goes_on(
    made: Path, chromium: Browser
) -> None:
    words = _nowhere(texts_of(made / "site"))
    with served(made / "site") as base, opened(chromium, base) as (page, wrong):
        looked: list[str] = []

        def texts() -> int:
            return len({each for each in looked if "/text/" in each})

        page.on("request", lambda each: looked.append(each.url))
        assert ask(page, base, words).startswith("先看的网页里还没有找到；可能含有的至多还有 ")
        assert 0 < texts() <= _MOST
        before = texts()
        page.get_by_role("button", name="继续找").click()
        expect(page.locator("#gk-find")).to_have_attribute("aria-busy", "false")
        assert texts() > before
        page.get_by_role("button", name="逐页核对").click()
        expect(page.locator(".gk-status")).to_have_text("找到 0 个网页。")
        expect(page.locator(".gk-nothing")).to_be_visible()
        assert wrong == []


@pytest.mark.parametrize("words", ["绩效自评", "2022年度"])
def test_what_is_typed_is_fetched_before_anybody_asks_and_no_more(
    built_site: Path, chromium: Browser, words: str
) -> None:
    """Lists of pages; so that after the Enter key only texts are to be fetched."""
    with served(built_site) as base, opened(chromium, base) as (page, wrong):
        asked: list[str] = []

        def lists() -> set[str]:
            return {each for each in asked if "/grams/" in each}

        page.on("request", lambda each: asked.append(each.url))
        page.goto(f"{base}search/", wait_until="networkidle")
        page.locator("#gk-find-q").press_sequentially(words, delay=150)
        page.wait_for_timeout(400)
        before = lists()
        assert len(before) > 1
        page.keyboard.press("Enter")
        expect(page.locator(_RESULT).first).to_be_visible()
        assert lists() == before
        asked.clear()
        page.goto("about:blank")
        ask(page, base, words)
        assert lists() == before
        assert wrong == []


def test_all_is_counted_when_asked_for(made: Path, chromium: Browser) -> None:
    site = made / "site"
    texts = texts_of(site)
    words = "示例县"
    expected = sum(words in text for text in texts.values())
    assert expected > 30
    with served(site) as base, opened(chromium, base) as (page, wrong):
        said = ask(page, base, words)
        if "至少" in said:
            page.get_by_role("button", name="逐页核对").click()
            expect(page.locator(".gk-status")).to_have_text(f"找到 {expected} 个网页。")
        else:
            assert said == f"找到 {expected} 个网页。"
        assert wrong == []


def test_a_units_own_page_comes_first(site: Path, chromium: Browser) -> None:
    with served(site) as base, opened(chromium, base) as (page, wrong):
        for path in sorted((site / "units").glob("*/index.html")):
            title = re.search(r"<h1[^>]*>([^<]+)", path.read_text("utf-8"))
            assert title
            ask(page, base, title[1])
            assert addresses(page, base)[0] == f"units/{path.parent.name}/"
        assert wrong == []


def test_the_browser_cuts_words_as_the_build_does(built_site: Path, chromium: Browser) -> None:
    rnd = Random(3)  # noqa: S311 - which signs are tried
    signs = [*range(0x20, 0x3100), *range(0x4E00, 0x9FFF, 7), *range(0xF900, 0xFFE6)]
    text = "".join(each for each in map(chr, signs) if category(each) != "Cn") + "𠀀𠮷🀄"
    words = [folded("".join(rnd.sample(text, 5))) for _ in range(500)]
    words += [f"第{number}号" for number in range(100, 1000, 7)]
    words += ["92.31", "2.3", ")1号", "𠀀0𠮷", "8", ".", "1.2.3", "年10"]
    script = """async ([text, all]) => {
        const words = await import(new URL("../assets/search/words.js", location.href));
        const cut = (word) => {
            const signs = [...word];
            const pieces = (size) => signs.map((_, at) => signs.slice(at, at + size)).filter((each) => each.length === size);
            const figures = pieces(3).filter(([, sign]) => /[0-9.]/.test(sign));
            return [...pieces(1), ...pieces(2), ...figures].map((each) => words.gram(each.join("")));
        };
        const grams = all.map(cut);
        return [[...text].map(words.folded), grams, grams.map((each) => each.map(words.hash))];
    }"""
    with served(built_site) as base, opened(chromium, base) as (page, _):
        page.goto(f"{base}search/")
        theirs, grams, numbers = page.evaluate(script, [text, words])
    assert [sign for sign, each in zip(text, theirs, strict=True) if folded(sign) != each] == []
    for word, its, hashed in zip(words, grams, numbers, strict=True):
        alphabet = Alphabet.of([word])
        cut = alphabet.grams(alphabet.apart(alphabet.cut([(word, 0)]))[0])
        assert {*zip(*map(list, codes(cut)), strict=True)} == {*map(tuple, its)}, word
        expected = dict(zip(map(tuple, its), hashed, strict=True))
        ours = zip(*map(list, codes(cut)), hashes(cut).tolist(), strict=True)
        assert {(first, second): number for first, second, number in ours} == expected, word


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("xtjsx", "units/xintian-jsx/"),
        ("xtxjhsyxh", "units/xintian-jsx/"),
        ("xintianxian", "units/xintian-jsx/"),
        ("县计生", "units/xintian-jsx/"),
        ("新", "units/xintian-jsx/"),
        ("lcrk", "units/xintian-jsx/2022/projects/liuchu-renkou/"),
        ("liuchurenkou", "units/xintian-jsx/2022/projects/liuchu-renkou/"),
        ("流出", "units/xintian-jsx/2022/projects/liuchu-renkou/"),
    ],
)
def test_suggestions_by_keyboard(built_site: Path, chromium: Browser, words: str, url: str) -> None:
    with served(built_site, "/a/") as base, opened(chromium, base) as (page, wrong):
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
        assert wrong == []


def test_the_first_keystroke_fetches_little(built_site: Path, chromium: Browser) -> None:
    with served(built_site) as base, opened(chromium, base) as (page, _):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(urlsplit(request.url).path))
        page.goto(f"{base}units/")
        assert not [path for path in asked if path.startswith("/search/data/")]
        page.locator("form.gk-search input[name=q]").press_sequentially("x")
        expect(page.get_by_role("option").first).to_be_visible()
        assert [path for path in asked if path.startswith("/search/data/")] == [
            "/search/data/names.json.bin"
        ]


def test_the_address_keeps_everything(made: Path, chromium: Browser) -> None:
    with served(made / "site") as base, opened(chromium, base) as (page, wrong):
        page.goto(base)
        page.locator("form.gk-search input[name=q]").fill("培训")
        page.get_by_role("button", name="搜索", exact=True).first.click()
        page.wait_for_url(f"{base}search/?q=*")
        all_of_them = told(page)
        page.locator(".gk-facets a").filter(has_text=re.compile(r"^2022（")).click()
        few = told(page)
        assert few != all_of_them
        assert "year=2022" in page.url
        page.get_by_label("排序").select_option("score-asc")
        told(page)
        assert "sort=score-asc" in page.url
        found, address = addresses(page, base), page.url
        assert all("/2022/" in each for each in found)
        page.goto(base)
        page.goto(address)
        told(page)
        assert addresses(page, base) == found
        page.get_by_role("link", name="去掉筛选 年度：2022").click()
        assert told(page) == all_of_them
        page.go_back()
        assert told(page) == few
        assert wrong == []


def test_the_page_tells_what_its_address_asks_for(made: Path, chromium: Browser) -> None:
    with served(made / "site") as base, opened(chromium, base) as (page, wrong):
        for words in ("示例-甲", "$&", "维修"):
            page.goto(f"{base}search/") if words != "维修" else None
            page.locator("#gk-find-q").fill(words)
            page.keyboard.press("Enter")
            told(page)
            assert page.title() == f"搜索 {words} - 示例站点"
        page.locator("#gk-find-q").fill("培训")
        page.keyboard.press("Enter")
        expect(page).to_have_title("搜索 培训 - 示例站点")
        trained = told(page)
        page.locator("#gk-find-q").fill("\u200b")
        page.keyboard.press("Enter")
        assert "请输入" in told(page)
        assert not addresses(page, base)
        page.go_back()
        expect(page.locator("#gk-find-q")).to_have_value("培训")
        assert told(page) == trained
        page.go_back()
        expect(page.locator("#gk-find-q")).to_have_value("维修")
        assert wrong == []


def test_an_address_that_asks_for_too_much(made: Path, chromium: Browser) -> None:
    with served(made / "site") as base, opened(chromium, base) as (page, wrong):
        most = ask(page, base, "维修")
        count = int(re.findall(r"\d+", most)[0])
        for far in ("999", "9" * 20):
            ask(page, base, "维修", f"&page={far}")
            last = -(-count // 10)
            expect(page.locator(".gk-pager [aria-current]")).to_have_text(f"{last}")
            assert len(addresses(page, base)) == count - (last - 1) * 10
            assert page.url.endswith(f"&page={last}")
        ask(page, base, "维修", "&sort=score")
        expect(page.get_by_label("排序")).to_have_value("")
        best = addresses(page, base)
        ask(page, base, "维修")
        assert addresses(page, base) == best
        ask(page, base, "维修", "&year=1999")
        assert "筛选的范围里没有网页含有“维修”" in page.locator(".gk-nothing").inner_text()
        assert wrong == []


def test_the_keyboard_stays_where_it_is(made: Path, chromium: Browser) -> None:
    with served(made / "site") as base, opened(chromium, base) as (page, wrong):
        ask(page, base, "组织开展")
        page.get_by_label("排序").focus()
        for order in ("year", "score-desc"):
            page.keyboard.press("ArrowDown")
            page.wait_for_url(f"**&sort={order}")
            told(page)
            expect(page.get_by_label("排序")).to_be_focused()
        page.get_by_role("button", name="逐页核对").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".gk-status")).to_be_focused()
        assert wrong == []


def test_filters_in_use_stand_side_by_side(made: Path, chromium: Browser) -> None:
    with served(made / "site") as base, opened(chromium, base) as (page, _):
        ask(page, base, "维修", "&year=2022&unit=danwei-2")
        boxes = [each.bounding_box() for each in page.locator(".gk-tags li").all()]
        assert len(boxes) == 3
        assert len({box["y"] for box in boxes if box}) == 1


def test_sorted_by_score_and_amount(made: Path, chromium: Browser) -> None:
    patterns = {"score": r"自评得分 ([\d.]+)", "year": r"　(20\d\d)(?:　|$)"}
    with served(made / "site") as base, opened(chromium, base) as (page, _):
        for order, name in (("score-asc", "score"), ("score-desc", "score"), ("year", "year")):
            ask(page, base, "维修", f"&sort={order}")
            lines = page.locator(f"{_RESULT} .gk-about").all_inner_texts()
            figures = [
                float(found[1]) for line in lines if (found := re.search(patterns[name], line))
            ]
            assert len(figures) > 3
            assert figures == sorted(figures, reverse=order != "score-asc")


def test_an_excerpt_leads_to_its_indicator(built_site: Path, chromium: Browser) -> None:
    texts = texts_of(built_site)
    words = next(
        each for each in ("慰问走访活动", "走访") if any(each in t for t in texts.values())
    )
    with served(built_site) as base, opened(chromium, base) as (page, _):
        ask(page, base, words)
        marks = page.locator(".gk-excerpt mark").all_inner_texts()
        assert set(marks) == {words}
        links = page.locator(".gk-where").evaluate_all("all => all.map(each => each.href)")
        anchors = [re.sub(r":~:.*", "", each).removeprefix(base).split("#") for each in links]
        assert any(anchor.startswith("i-") for _, anchor in anchors)
        for url, anchor in anchors:
            html = (built_site / url / "index.html").read_text("utf-8")
            assert f'id="{anchor}"' in html


def test_nothing_found_says_what_to_do(built_site: Path, chromium: Browser) -> None:
    with served(built_site) as base, opened(chromium, base) as (page, wrong):
        assert ask(page, base, "流出人口甲乙丙丁") == "找到 0 个网页。"
        hints = page.locator(".gk-nothing").inner_text()
        assert "没有网页含有“流出人口甲乙丙丁”" in hints
        page.get_by_role("link", name="流出人口", exact=True).click()
        assert told(page).startswith("找到 ")
        assert addresses(page, base)
        assert ask(page, base, "计生", "&year=1999") == "找到 0 个网页。"
        page.get_by_role("link", name="去掉筛选，在全站里找").click()
        assert told(page) != "找到 0 个网页。"
        for words in ("xtjsxh", "".join(chr(ord(each) + 0xFEE0) for each in "XTjsxh")):
            assert ask(page, base, words) == "找到 0 个网页。"
            expect(page.locator(".gk-pinyin a").first).to_have_text(_UNIT)
        assert "请输入" in ask(page, base, " ")
        assert wrong == []


def test_a_missing_file_is_told_and_may_be_asked_for_again(
    built_site: Path, chromium: Browser
) -> None:
    with served(built_site) as base, opened(chromium, base) as (page, _):
        for pattern in ("**/pages.json.bin", "**/grams/*.bin", "**/text/**"):
            page.route(pattern, lambda route: route.abort())
            assert "搜索没有完成：网络不通。" in ask(page, base, _UNIT)
            page.unroute(pattern)
            page.get_by_role("button", name="重试").click()
            expect(page.locator(_RESULT).first).to_be_visible()
        page.route("**/grams/*.bin", lambda route: route.fulfill(status=404))
        assert "读不到（404）" in ask(page, base, "流出")


def test_what_was_fetched_is_not_relied_upon_after_an_error_nor_for_long(
    built_site: Path, chromium: Browser
) -> None:
    """The site may have been made anew since: its texts would be looked for in the wrong places."""
    with served(built_site) as base, opened(chromium, base) as (page, _):
        asked: list[str] = []
        page.on("request", lambda each: asked.append(each.url))

        def tables() -> int:
            return sum(each.endswith("/pages.json.bin") for each in asked)

        page.clock.install()
        page.route("**/text/**", lambda route: route.fulfill(status=404))
        assert "读不到（404）" in ask(page, base, "流出人口")
        page.unroute("**/text/**")
        assert tables() == 1
        page.get_by_role("button", name="重试").click()
        expect(page.locator(_RESULT).first).to_be_visible()
        assert tables() == 2
        for minutes, expected in ((4, 2), (2, 3)):
            page.clock.fast_forward(f"0{minutes}:00")
            page.locator("#gk-find-q").press("Enter")
            expect(page.locator("#gk-find")).to_have_attribute("aria-busy", "false")
            told(page)
            assert tables() == expected


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_found_is_accessible(built_site: Path, chromium: Browser, width: int) -> None:
    with served(built_site) as base, opened(chromium, base, width) as (page, wrong):
        for words in ("计生", "流出人口甲乙丙丁"):
            ask(page, base, words)
            assert violations(page) == []
            overhang = "document.documentElement.scrollWidth - innerWidth"
            assert page.evaluate(overhang) <= 0
        page.locator("form.gk-find input[name=q]").fill("")
        page.locator("form.gk-find input[name=q]").press_sequentially("xt")
        expect(page.get_by_role("option").first).to_be_visible()
        assert violations(page) == []
        assert wrong == []


@pytest.mark.parametrize(("mode", "width"), MODES)
def test_what_is_found_is_accessible_in_every_mode(
    built_site: Path, chromium: Browser, mode: str, width: int
) -> None:
    with served(built_site) as base, opened(chromium, base, width) as (page, _):
        ask(page, base, "计生")
        toggle(page, mode)
        assert violations(page) == []


def test_without_script_there_are_the_lists(built_site: Path, chromium: Browser) -> None:
    with served(built_site) as base, opened(chromium, base, script=False) as (page, _):
        page.goto(f"{base}search/?q=x")
        expect(page.get_by_text("搜索要用浏览器的脚本")).to_be_visible()
        for name, url in (("各单位", "units/"), ("各年度", "years/")):
            link = page.locator(".gk-find-off").get_by_role("link", name=name)
            assert link.evaluate("each => each.href") == base + url


def test_a_site_that_changes_under_way_is_read_again(
    built_site: Path, made: Path, tmp_path: Path, chromium: Browser
) -> None:
    """A reader who has the old site's tables, and the new one's lists."""
    site = tmp_path / "site"
    shutil.copytree(built_site, site)
    with served(site) as base, opened(chromium, base) as (page, wrong):
        ask(page, base, "流出")
        shutil.rmtree(site / "search" / "data")
        shutil.copytree(made / "site" / "search" / "data", site / "search" / "data")
        page.locator("#gk-find-q").fill("示例县")
        page.keyboard.press("Enter")
        assert told(page) != "找到 0 个网页。"
        assert page.locator(_RESULT).count() == 10
        assert wrong == []


def test_the_page_of_the_search_is_not_found_itself(built_site: Path) -> None:
    texts = (
        zlib.decompress(path.read_bytes()).decode() for path in built_site.rglob("text/**/*.bin")
    )
    assert not any("搜索的文字、数字或拼音" in each for each in texts)


def test_no_script_of_the_search_evaluates_text() -> None:
    for path in (ROOT / "overrides" / "assets" / "search").glob("*.js"):
        assert not re.search(r"\beval\(|new Function|innerHTML|\.style\b", path.read_text("utf-8"))
