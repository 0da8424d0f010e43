"""The comparison page in a real browser, under the strict CSP: comparable, exact, by keyboard."""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.folders import ROOT
from tests.serving import serve_site
from tests.site_pages import open_page

PAGE = (
    '<!doctype html><html lang="zh-CN" data-gk-root="../"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>比较</title>'
    '<link rel="icon" href="data:,"><link rel="stylesheet" href="../lists.css"></head>'
    '<body><h1>比较</h1><div id="gk-compare"></div>'
    '<script type="module" src="../compare.js"></script></body></html>'
)


def year(number: int, slug: str, **overrides: object) -> dict[str, Any]:
    """Return the figures of one year."""
    return {
        "year": number,
        "url": f"units/{slug}/{number}/",
        "form": "部门整体支出绩效自评表",
        "kind": "部门整体自评表",
        "score": "97",
        "points": "100",
        "grade": "优",
        "initial": None,
        "budget": "292.30",
        "spent": "292.3",
        "rate": "100%",
        "money": "万元",
        "projects": 2,
        "dimensions": [
            {"name": "产出指标", "points": "50", "score": "48.5"},
            {"name": "效益指标", "points": "40", "score": "38.5"},
        ],
        "three_public": None,
        "indicators": 12,
        "missed": 3,
        "lost": 2,
        **overrides,
    }


UNITS: dict[str, list[dict[str, Any]]] = {
    "one": [year(2022, "one"), year(2021, "one", score="90.25", rate=None, missed=0)],
    "two": [
        year(
            2022,
            "two",
            score="96.9",
            budget="2923000.1",
            spent="30000000000000000.01",
            rate="99.5%",
            money="元",
            dimensions=[
                {"name": "产出指标", "points": "50.0", "score": "48.6"},
                {"name": "效益指标", "points": "30", "score": "29"},
            ],
            three_public={
                "money": "元",
                "total": {"prior": None, "budget": "18100", "final": "0"},
                "vehicles": None,
                "abroad": None,
                "reception": None,
            },
        )
    ],
    "rubric": [year(2022, "rubric", kind="评分表", score="88")],
    "hostile": [
        year(2022, "hostile", grade="<img src=x onerror=alert(1)>", url="javascript:alert(1)")
    ],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("compare")
    for name in ("compare.js", "lists.css"):
        shutil.copy(ROOT / "overrides/assets" / name, folder)
    (folder / "compare").mkdir()
    (folder / "compare/index.html").write_text(PAGE, "utf-8")
    (folder / "404.html").write_text("没有", "utf-8")
    unit_list = []
    for slug, years in UNITS.items():
        name = f"示例单位{slug}"
        unit_figures = {
            "unit": name,
            "slug": slug,
            "level": "县级",
            "department": "示例局",
            "years": years,
        }
        (folder / "units" / slug).mkdir(parents=True)
        (folder / "units" / slug / "figures.json").write_text(json.dumps(unit_figures), "utf-8")
        unit_list.append([slug, name, "示例局", "县级", [figures["year"] for figures in years]])
    unit_list.append(["gone", "示例已撤单位", "示例局", "县级", [2022]])
    (folder / "compare/units.json").write_text(json.dumps(unit_list), "utf-8")
    with serve_site(folder, "/sub/") as base:
        yield f"{base}compare/"


def rows(page: Page) -> dict[str, list[str]]:
    """Return the texts of the table's rows, by their heads."""
    page.wait_for_selector("table")
    return {
        row.locator("th").inner_text(): [
            " ".join(text.split()) for text in row.locator("td").all_inner_texts()
        ]
        for row in page.locator("tbody tr:has(th[scope=row])").all()
    }


def test_two_units_are_compared_exactly(site: str, chromium: Browser) -> None:
    with open_page(chromium, site.removesuffix("compare/")) as (page, errors):
        page.goto(f"{site}?u=one&u=two&y=2022")
        assert rows(page) == {
            "主管部门": ["示例局", "示例局"],
            "级别": ["县级", "县级"],
            "自评表": ["部门整体支出绩效自评表"] * 2,
            "总分（满分 100 分）": ["97", "96.9 比首列少 0.1 分"],
            "等级": ["优", "优"],
            "产出指标（50 分）": ["48.5", "48.6 比首列多 0.1 分"],
            "指标数": ["12", "12 与首列相同"],
            "未达到目标的指标（不含项目）": ["3", "3 与首列相同"],
            "被扣分的指标": ["2", "2 与首列相同"],
            "全年预算数（万元）": ["292.30", "292.30001 比首列多 0.00001 万元"],
            "全年执行数（万元）": [
                "292.3",
                "3000000000000.000001 比首列多 2999999999707.700001 万元",
            ],
            "执行率": ["100%", "99.5% 比首列少 0.5 个百分点"],
            "项目数": ["2", "2 与首列相同"],
            "合计：本年预算": ["原件未载", "1.81"],
            "合计：本年决算": ["原件未载", "0"],
        }
        heads = page.locator("thead th[scope=col]")
        assert heads.all_inner_texts() == ["项目", "示例单位one 2022年度", "示例单位two 2022年度"]
        assert heads.nth(1).locator("a").get_attribute("href") == (
            site.replace("compare/", "units/one/2022/")
        )
        message = "分值不同或不是各列都有，未作比较的指标：效益指标。"
        expect(page.get_by_role("status")).to_have_text(message)
        caption = "绩效自评比较：示例单位one2022年度、示例单位two2022年度"
        expect(page.locator("caption")).to_have_text(caption)
        assert errors == []


def test_scores_of_different_forms_are_not_compared(site: str, chromium: Browser) -> None:
    with open_page(chromium, site.removesuffix("compare/")) as (page, errors):
        page.goto(f"{site}?u=one&u=rubric")
        assert not {"总分（满分 100 分）", "等级", "被扣分的指标"} & set(rows(page))
        expect(page.get_by_role("status")).to_have_text(
            "自评表的类别或满分不同，得分不能相比，只列出可比的项目："
            "示例单位one2022年度是部门整体自评表（满分 100 分）；"
            "示例单位rubric2022年度是评分表（满分 100 分）。"
        )
        assert errors == []


def test_a_unit_is_compared_over_its_years_by_keyboard(site: str, chromium: Browser) -> None:
    with open_page(chromium, site.removesuffix("compare/")) as (page, errors):
        page.goto(site)
        message = "请选两个到六个单位；只选一个单位时，比较它的各个年度。"
        expect(page.get_by_role("status")).to_have_text(message)
        page.keyboard.press("Tab")
        page.keyboard.type("单位one")
        expect(page.locator("datalist option")).to_have_count(1)
        page.keyboard.press("Enter")
        table_rows = rows(page)
        assert table_rows["总分（满分 100 分）"] == ["97", "90.25 比首列少 6.75 分"]
        assert table_rows["执行率"] == ["100%", "原件未载"]
        assert page.url == f"{site}?u=one"
        expect(page.get_by_role("combobox", name="单位")).to_be_focused()
        page.keyboard.type("two")
        page.keyboard.press("Enter")
        expect(page.locator("thead th").last).to_have_text("示例单位two 2022年度")
        assert page.url == f"{site}?u=one&u=two"
        expect(page.get_by_role("combobox", name="单位")).to_be_focused()
        focused: list[str] = []
        while "2022" not in focused and len(focused) < 5:
            page.keyboard.press("Tab")
            focused.append(
                page.locator(":focus").evaluate("el => el.ariaLabel || el.value || el.textContent")
            )
        assert focused[-4:] == ["加入比较", "移除示例单位one", "移除示例单位two", "2022"]
        page.keyboard.press("Space")
        expect(page.get_by_label("2022年度")).to_be_checked()
        expect(page.get_by_label("2022年度")).to_be_focused()
        assert page.url == f"{site}?u=one&u=two&y=2022"
        page.get_by_label("2021年度").check()
        expect(page.get_by_role("status")).to_contain_text(
            "示例单位two没有公开2021年度的绩效自评。"
        )
        assert page.url == f"{site}?u=one&u=two&y=2022,2021"
        page.get_by_role("button", name="移除示例单位two").click()
        expect(page.locator("thead th")).to_have_text(
            ["项目", "示例单位one 2022年度", "示例单位one 2021年度"]
        )
        page.go_back()
        expect(page.locator("thead th")).to_have_count(4)
        assert errors == []


def test_a_late_response_keeps_the_focus(site: str, chromium: Browser) -> None:
    with open_page(chromium, site.removesuffix("compare/")) as (page, errors):
        page.goto(f"{site}?u=one")
        expect(page.locator("thead th")).to_have_count(3)
        delayed: list[Route] = []

        def delay(route: Route) -> None:
            delayed.append(route)

        page.route("**/units/two/figures.json", delay)
        page.get_by_role("combobox", name="单位").fill("two")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}?u=one&u=two")
        page.get_by_role("button", name="移除示例单位one").focus()
        expect(page.get_by_role("button", name="移除")).to_have_count(1)
        [route] = delayed
        route.continue_()
        expect(page.get_by_role("button", name="移除")).to_have_count(2)
        expect(page.get_by_role("button", name="移除示例单位one")).to_be_focused()
        assert errors == []


def test_failed_requests_are_reported(site: str, chromium: Browser) -> None:
    with open_page(chromium, site.removesuffix("compare/")) as (page, _):
        page.goto(f"{site}?u=one&u=gone&u=../../etc")
        expect(page.get_by_role("status")).to_contain_text(
            "“gone”的数据没有取到：本站没有这个单位的数据。"
        )
        expect(page.locator("thead th")).to_have_count(3)
        page.get_by_role("combobox", name="单位").fill("示例")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("有 5 个单位符合“示例”，请写得更全")
        page.get_by_role("combobox", name="单位").fill("无此单位")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("没有找到单位“无此单位”。")
        page.route("**/units/two/figures.json", lambda route: route.abort())
        page.get_by_role("combobox", name="单位").fill("示例单位two")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(
            "“two”的数据没有取到：请检查网络后重试。"
        )


def test_hostile_data_is_shown_as_text(site: str, chromium: Browser) -> None:
    with open_page(chromium, site.removesuffix("compare/"), 375) as (page, errors):
        page.goto(f"{site}?u=one&u=hostile")
        assert rows(page)["等级"] == ["优", "<img src=x onerror=alert(1)>"]
        assert page.locator("thead a").count() == 1
        assert errors == []


def test_comparison_begins_with_suggestions_and_marks_what_differs(
    site: str, chromium: Browser
) -> None:
    with open_page(chromium, site.removesuffix("compare/")) as (page, errors):
        page.goto(site)
        proposal = page.locator(".gk-compare-proposals button").first
        expect(proposal).to_contain_text("个单位")
        proposal.click()
        expect(page.locator("thead th")).not_to_have_count(0)
        assert page.url.count("u=") > 1
        for row in page.locator("tbody tr:has(td)").all():
            values = {
                cell.evaluate("cell => cell.firstChild.textContent")
                for cell in row.locator("td").all()
            } - {"原件未载"}
            assert ("gk-compare-differs" in (row.get_attribute("class") or "")) is (
                len(values) > 1
            ), row.inner_text()
        assert [error for error in errors if "/units/gone/" not in error] == []
