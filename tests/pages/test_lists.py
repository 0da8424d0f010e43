"""Long lists in a real browser, under the strict CSP: sorting, filtering, download, keyboard."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.folders import ROOT
from tests.serving import serve_site
from tests.site_pages import open_page

HEAD = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>示例</title>'
    '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
    '<link rel="stylesheet" href="lists.css"></head><body>'
)
FOOT = '<script type="module" src="lists.js"></script></body></html>'
LEVELS = ("县级", "市级", "")
SAVE = "下载当前筛选结果（CSV）"
VISIBLE_ROWS = "tbody tr:not([hidden])"


def table(rows: int, name: str = "all", caption: str = "各单位") -> str:
    """Return a list; scores count upwards in steps of three, every seventh has no sort key."""
    lines = [
        f'<tr><th scope="row"><a href="#u{n}">示例单位{n}</a></th><td>{LEVELS[n % 3]}</td>'
        f'<td data-sort="{"" if n % 7 == 6 else n * 3 % rows}">{n * 3 % rows} 分</td></tr>'
        for n in range(rows)
    ]
    return (
        f'<div class="gk-wide"><table class="gk-list" data-gk-list id="{name}">'
        f"<caption>{caption}</caption><thead><tr>"
        '<th scope="col">单位</th><th scope="col" data-filter>级别</th><th scope="col">得分</th>'
        f"</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    for name in ("lists.js", "lists.css"):
        shutil.copy(ROOT / "overrides/assets" / name, tmp_path)
    special = '<tr><th scope="row">=示例（Ａ）"公式", 单位</th><td>县级</td><td data-sort="-5">-5</td></tr>'
    short = table(10).replace("</tbody>", f"{special}</tbody>")
    two = table(8, "one") + table(8, "two") + table(7, "three")
    for name, body in {"long": table(1000), "short": short, "two": two}.items():
        (tmp_path / f"{name}.html").write_text(HEAD + body + FOOT, "utf-8")
    with serve_site(tmp_path) as base:
        yield base


def first_names(page: Page, count: int) -> list[str]:
    """Return the names in the first visible rows."""
    return page.locator(f"{VISIBLE_ROWS} th").all_inner_texts()[:count]


def test_sorting_by_click_and_by_keyboard(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280) as (page, errors):
        page.goto(f"{site}short.html?from=elsewhere#part")
        head = page.get_by_role("columnheader", name="得分")
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "ascending")
        assert first_names(page, 3) == ['=示例（Ａ）"公式", 单位', "示例单位0", "示例单位7"]
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", "descending")
        assert first_names(page, 2) == ["示例单位3", "示例单位9"]
        assert page.locator(f"{VISIBLE_ROWS} th").last.inner_text() == "示例单位6"
        assert page.url.endswith("short.html?from=elsewhere&sort=%E5%BE%97%E5%88%86&dir=desc#part")
        page.keyboard.press("Space")
        expect(head).not_to_have_attribute("aria-sort", "descending")
        assert first_names(page, 2) == ["示例单位0", "示例单位1"]
        assert page.url.endswith("?from=elsewhere#part")
        assert errors == []


def test_query_and_filters_update_the_count(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280) as (page, errors):
        page.goto(f"{site}short.html")
        status = page.get_by_role("status")
        expect(status).to_have_text("显示 11 / 11 行")
        page.get_by_role("searchbox").fill("示例(a)　县级")
        expect(status).to_have_text("显示 1 / 11 行")
        page.get_by_role("searchbox").fill("无此单位")
        expect(status).to_have_text("显示 0 / 11 行，没有符合条件的")
        page.get_by_role("searchbox").fill("")
        level_filter = page.get_by_role("combobox", name="级别")
        assert level_filter.locator("option").all_inner_texts() == [
            "全部",
            "（空白）（3）",
            "市级（3）",
            "县级（5）",
        ]
        level_filter.select_option("县级（5）")
        expect(status).to_have_text("显示 5 / 11 行")
        level_filter.select_option("（空白）（3）")
        expect(status).to_have_text("显示 3 / 11 行")
        assert errors == []


def test_a_long_list_is_shown_page_by_page(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280) as (page, errors):
        page.goto(f"{site}long.html")
        status = page.get_by_role("status")
        expect(status).to_have_text("显示 100 / 1,000 行")
        more = page.get_by_role("button", name="再显示 100 行")
        more.focus()
        page.keyboard.press("Enter")
        expect(status).to_have_text("显示 200 / 1,000 行")
        assert page.evaluate("document.activeElement.textContent") == "示例单位100"
        page.get_by_role("combobox", name="级别").select_option("=市级")
        expect(status).to_have_text("显示 100 / 333 行（共 1,000 行）")
        page.get_by_role("searchbox").fill("示例单位1")
        expect(status).to_have_text("显示 39 / 1,000 行")
        expect(more).to_be_hidden()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator(VISIBLE_ROWS).count() == 39
        page.get_by_role("searchbox").fill("")
        page.get_by_role("combobox", name="级别").select_option("all")
        expect(status).to_have_text("显示 100 / 1,000 行")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator(VISIBLE_ROWS).count() == 1000
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(VISIBLE_ROWS).count() == 100
        assert errors == []


def test_the_address_holds_the_selection(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280) as (page, errors):
        page.goto(f"{site}short.html?sort=得分&dir=desc&q=示例单位&级别=县级")
        assert first_names(page, 9) == ["示例单位3", "示例单位9", "示例单位0", "示例单位6"]
        expect(page.get_by_role("searchbox")).to_have_value("示例单位")
        expect(page.get_by_role("combobox", name="级别")).to_have_value("=县级")
        page.get_by_role("combobox", name="级别").select_option("全部")
        expect(page.get_by_role("status")).to_have_text("显示 10 / 11 行")
        page.go_back()
        expect(page.get_by_role("status")).to_have_text("显示 4 / 11 行")
        expect(page.get_by_role("combobox", name="级别")).to_have_value("=县级")
        page.go_forward()
        expect(page.get_by_role("status")).to_have_text("显示 10 / 11 行")
        page.goto(f"{site}short.html?sort=无此列&级别=无此值")
        expect(page.get_by_role("status")).to_have_text("显示 11 / 11 行")
        assert errors == []


def test_two_lists_are_independent(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280) as (page, errors):
        page.goto(f"{site}two.html?two.q=单位3")
        one, two = page.get_by_role("status").all()
        expect(one).to_have_text("显示 8 / 8 行")
        expect(two).to_have_text("显示 1 / 8 行")
        page.get_by_role("searchbox").first.fill("单位1")
        expect(one).to_have_text("显示 1 / 8 行")
        expect(two).to_have_text("显示 1 / 8 行")
        expect(page).to_have_url(
            f"{site}two.html?two.q=%E5%8D%95%E4%BD%8D3&one.q=%E5%8D%95%E4%BD%8D1"
        )
        assert errors == []


def test_what_is_listed_can_be_taken_away(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280) as (page, errors):
        page.goto(f"{site}short.html?级别=县级&sort=得分")
        with page.expect_download() as download:
            page.get_by_role("button", name=SAVE).click()
        assert download.value.suggested_filename == "各单位_级别=县级.csv"
        assert Path(download.value.path()).read_bytes().decode("utf-8") == (
            "\ufeff单位,级别,得分\r\n"
            '"\'=示例（Ａ）""公式"", 单位",县级,-5\r\n'
            "示例单位0,县级,0 分\r\n示例单位9,县级,7 分\r\n示例单位3,县级,9 分\r\n"
            "示例单位6,县级,8 分\r\n"
        )
        assert errors == []


def test_all_matching_rows_are_downloaded_by_keyboard(site: str, chromium: Browser) -> None:
    """The file holds all matching rows, not only visible ones; its name contains filters and query."""
    with open_page(chromium, site, 1280) as (page, errors):
        page.goto(f"{site}long.html?级别=&q=单位 1")
        expect(page.get_by_role("status")).to_contain_text("显示 100 / ")
        button = page.get_by_role("button", name=SAVE)
        button.focus()
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == "各单位_级别=空白_单位 1.csv"
        rows = [
            f"示例单位{n},,{n * 3 % 1000} 分"
            for n in range(1000)
            if n % 3 == 2 and "1" in f"{n} {n * 3 % 1000}"
        ]
        text = Path(download.value.path()).read_bytes().decode("utf-8")
        assert text == "\r\n".join(["\ufeff单位,级别,得分", *rows, ""])
        assert len(rows) > 100
        assert page.evaluate("document.activeElement.textContent") == SAVE
        assert errors == []


def test_file_names_are_valid_on_any_system(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280) as (page, errors):
        page.goto(f"{site}short.html")
        page.get_by_role("searchbox").fill('a/b\\c:*?"<>|' + "长" * 100)
        expect(page.get_by_role("status")).to_have_text("显示 0 / 11 行，没有符合条件的")
        with page.expect_download() as download:
            page.get_by_role("button", name=SAVE).click()
        name = f"各单位_a b c {'长' * 100}"[:80]
        assert download.value.suggested_filename == f"{name}.csv"
        assert Path(download.value.path()).read_text("utf-8-sig") == "单位,级别,得分\n"
        assert errors == []


def test_without_scripts_there_are_no_buttons(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280, script=False) as (page, _):
        page.goto(f"{site}short.html")
        assert page.get_by_role("button").count() == 0
        assert page.locator("tbody tr").count() == 11


def test_on_a_phone_a_select_sorts_the_list(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 375) as (page, errors):
        page.goto(f"{site}short.html")
        page.get_by_role("combobox", name="排序").select_option("得分：从大到小")
        assert first_names(page, 2) == ["示例单位3", "示例单位9"]
        assert page.locator("thead button").first.get_attribute("tabindex") == "-1"
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(script) <= 0
        page.set_viewport_size({"width": 1280, "height": 800})
        expect(page.locator("thead button").first).to_have_attribute("tabindex", "0")
        expect(page.get_by_role("combobox", name="排序")).to_be_hidden()
        assert errors == []


def test_the_first_click_sorts_what_counts_most_first(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280) as (page, errors):
        page.goto(f"{site}short.html")
        head = page.locator("thead th").last
        head.evaluate("head => head.dataset.most = ''")
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "descending")
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "ascending")
        assert errors == []


def test_heads_have_their_names_on_paper(site: str, chromium: Browser) -> None:
    with open_page(chromium, site, 1280, media="print") as (page, errors):
        page.goto(f"{site}short.html")
        names = page.locator("thead th").evaluate_all(
            "heads => heads.map(head => getComputedStyle(head, '::before').content)"
        )
        assert names == ['"单位"', '"级别"', '"得分"']
        assert errors == []
