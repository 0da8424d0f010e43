"""The form as a sheet in a real browser: keys, blocks, rows, undo, and checks while typing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gongkai.authoring.editor.drafts import EditDraft, keep_draft, list_drafts
from gongkai.authoring.editor.server import EditorServer
from gongkai.authoring.editor.value_trees import ValueEdit
from tests.authoring.editor.serving import YEAR, cell, paste, serve_editor, settle
from tests.folders import PERSONAL_NUMBERS, example_data, replace_in_file
from tests.pages.test_accessibility import violations
from tests.site_pages import open_page

SCORE = "部门整体自评表/总分/得分"
LEAF = "产出指标/重点工作任务完成/维护示例道路"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EditorServer]:
    with serve_editor(example_data(tmp_path)) as editor:
        yield editor


def focus_of(page: Page) -> str:
    """Return the end of the key path of the cell that has the focus."""
    where = page.evaluate("document.activeElement.dataset.where || ''")
    return "/".join(f"{where}".split("/")[-2:])


def test_a_sheet_is_filled_in_by_keys(server: EditorServer, chromium: Browser) -> None:
    with open_page(chromium, server.address, 1366) as (page, errors):
        page.goto(f"{server.address}{YEAR}overall.yml")
        score = cell(page, SCORE)
        score.click()
        page.keyboard.type("97")
        expect(page.locator(".has-E + .tag")).to_have_text("各项得分合计 98")
        expect(page.locator("#help-notes")).to_contain_text(
            "总分填报 97，各项得分合计为 98，相差 1"
        )
        expect(page.locator("#problems details.E li")).to_have_count(1)
        expect(page.locator(".documents [aria-current] .count")).to_have_text("1")
        page.keyboard.press("Control+z")
        expect(score).to_have_value("98")
        expect(page.locator("#problems details.E")).to_have_count(0)
        page.keyboard.press("Control+y")
        expect(score).to_have_value("97")

        cell(page, f"{LEAF}/实际完成值").click()
        page.keyboard.press("ArrowRight")
        assert focus_of(page) == "维护示例道路/分值"
        page.keyboard.press("Enter")
        assert focus_of(page) == "示例路况优良率/分值"
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Tab")
        assert focus_of(page) == "维护示例道路/得分"
        page.keyboard.type("4")
        page.keyboard.press("Escape")
        expect(cell(page, f"{LEAF}/得分")).to_have_value("50")
        page.keyboard.press("F2")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type(".")
        page.keyboard.press("Enter")
        expect(cell(page, f"{LEAF}/得分")).to_have_value("5.0")
        settle(page)
        assert errors == []


def test_blocks_are_pasted_and_copied(server: EditorServer, chromium: Browser) -> None:
    with open_page(chromium, server.address, 1366) as (page, errors):
        page.goto(f"{server.address}{YEAR}overall.yml")
        cell(page, f"{LEAF}/三级指标").click()
        block = '维护示例道路\t≥80公里\t81公里\t20\t20\r\n"修补, “坑槽”"\t60处\t60处\t30\t30\r\n'
        paste(page, block)
        expect(page.locator("#dialog h2")).to_have_text("加行，还是接着往下填？")
        page.keyboard.press("Enter")
        expect(page.locator("#status")).to_have_text("贴了 2 行，加了 1 行")
        added = "产出指标/重点工作任务完成/修补, “坑槽”"
        expect(cell(page, f"{added}/年度指标值")).to_have_value("60处")
        expect(cell(page, f"{LEAF}/年度指标值")).to_have_value("≥80公里")

        cell(page, f"{LEAF}/年度指标值").click()
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Control+c")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.split() == ["≥80公里", "81公里", "60处", "60处"]
        page.keyboard.press("Delete")
        expect(cell(page, f"{added}/实际完成值")).to_have_value("")
        page.keyboard.press("Control+z")
        expect(cell(page, f"{added}/实际完成值")).to_have_value("60处")

        cell(page, f"{added}/分值").click()
        page.click("text=上移")
        assert focus_of(page) == "修补, “坑槽”/分值"
        expect(page.locator('[data-row="up"]')).to_be_disabled()
        page.click('[data-row="remove"]')
        expect(cell(page, f"{added}/分值")).to_have_count(0)
        page.keyboard.press("Control+z")
        expect(cell(page, f"{added}/分值")).to_have_value("30")
        assert errors == []


def test_an_empty_line_becomes_a_row(server: EditorServer, chromium: Browser) -> None:
    with open_page(chromium, server.address, 1366) as (page, errors):
        page.goto(f"{server.address}{YEAR}projects/shili-daolu.yml")
        empty = page.locator('[data-index="-1"][data-place*="年度指标值"]').first
        empty.click()
        page.keyboard.type("3")
        settle(page)
        page.keyboard.type("次")
        page.keyboard.press("Shift+Tab")
        page.keyboard.type("新的一项")
        page.keyboard.press("Enter")
        settle(page)
        expect(cell(page, "新的一项/年度指标值")).to_have_value("3次")
        assert errors == []


def test_figures_are_explained_beside_the_cell(server: EditorServer, chromium: Browser) -> None:
    with open_page(chromium, server.address, 1366) as (page, errors):
        page.goto(f"{server.address}{YEAR}overall.yml")
        cell(page, SCORE).click()
        page.keyboard.type("90")
        page.click("#help-notes button")
        page.fill("#dialog [name=说明]", "示例说明")
        page.fill("#dialog [name=说明人]", "示例员")
        page.fill("#dialog [name=日期]", "2023-06-29")
        page.click("#dialog .primary")
        expect(page.locator(".has-X + .tag")).to_have_text("各项得分合计 98")
        expect(page.locator("#problems details.E")).to_have_count(0)
        page.click("text=公开目录与落款")
        expect(cell(page, "差异说明/第1条/申报值")).to_have_value("90")
        assert errors == []


@pytest.mark.parametrize(
    "width", [375, *(pytest.param(width, marks=pytest.mark.long) for width in (1366, 320))]
)
def test_screens_are_accessible(server: EditorServer, chromium: Browser, width: int) -> None:
    paths = ["", *(f"{YEAR}{file}" for file in ("disclosure.yml", "overall.yml", "report.md"))]
    with open_page(chromium, server.address, width) as (page, errors):
        for path in paths:
            page.goto(f"{server.address}{path}")
            if path:
                settle(page)
            assert violations(page) == [], path
            assert page.evaluate(OVERFLOW) <= 0, path
        assert errors == []


def test_saving_keeps_what_others_saved(
    server: EditorServer, chromium: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "data" / YEAR / "overall.yml"
    with open_page(chromium, server.address, 1366) as (page, errors):
        page.goto(f"{server.address}{YEAR}overall.yml")
        cell(page, SCORE).click()
        page.keyboard.type("97")
        settle(page)
        page.keyboard.press("Control+s")
        expect(page.locator("#status")).to_have_text("全部已保存")
        assert "总分: {分值: 100, 得分: 97}" in path.read_text("utf-8")

        page.keyboard.press("Control+a")
        page.keyboard.type("96")
        settle(page)
        replace_in_file(path, {"得分: 97}": "得分: 95}", "年度指标值: ≥95%": "年度指标值: ≥94%"})
        page.click("#save")
        expect(page.locator("#dialog legend")).to_contain_text("总分/得分")
        expect(page.locator("#dialog")).to_contain_text("我填的：96")
        expect(page.locator("#dialog")).to_contain_text("那边的：95")
        assert "得分: 95}" in path.read_text("utf-8")
        page.click("#dialog .primary")
        expect(page.locator("#status")).to_have_text("全部已保存")
        expect(cell(page, "示例路况优良率/年度指标值")).to_have_value("≥94%")
        text = path.read_text("utf-8")
        assert "得分: 96}" in text
        assert "≥94%" in text
        assert [error for error in errors if "409" not in error] == []


@pytest.mark.long
def test_two_tabs_never_overwrite_one_another(server: EditorServer, chromium: Browser) -> None:
    with (
        open_page(chromium, server.address, 1366) as (first, _),
        open_page(chromium, server.address, 1366) as (second, errors),
    ):
        for page in (first, second):
            page.goto(f"{server.address}{YEAR}overall.yml")
            settle(page)
        cell(first, SCORE).click()
        first.keyboard.type("97")
        settle(first)
        cell(second, f"{LEAF}/实际完成值").click()
        second.keyboard.type("101公里")
        expect(cell(second, SCORE)).to_have_value("97")
        expect(cell(second, f"{LEAF}/实际完成值")).to_have_value("101公里")

        cell(first, SCORE).click()
        first.keyboard.press("Control+a")
        first.keyboard.type("96")
        expect(first.locator("#dialog")).to_have_count(1)
        settle(first)
        cell(second, SCORE).click()
        second.keyboard.type("95")
        expect(second.locator("#dialog")).to_contain_text("那边填的：96")
        second.click("text=用我填的")
        expect(second.locator("#status")).to_contain_text("草稿")
        expect(cell(second, SCORE)).to_have_value("95")

        cell(first, "示例居民满意度/得分").click()
        first.keyboard.press("Control+Enter")
        expect(first.locator("[data-line=三级指标][data-name]")).to_have_count(4)
        cell(first, "示例路况优良率/得分").click()
        first.keyboard.press("Control+Enter")
        settle(first)
        second.bring_to_front()
        cell(second, "示例居民满意度/得分").click()
        second.keyboard.type("12")
        settle(second)
        expect(cell(second, "示例居民满意度/得分")).to_have_value("12")
        assert [error for error in errors if "409" not in error] == []


@pytest.mark.long
def test_drafts_outlive_the_editor(chromium: Browser, tmp_path: Path) -> None:
    data = example_data(tmp_path)
    with (
        serve_editor(data) as server,
        open_page(chromium, server.address, 1366) as (page, _),
    ):
        page.goto(f"{server.address}{YEAR}overall.yml")
        cell(page, SCORE).click()
        page.keyboard.type("91")
        settle(page)
    with (
        serve_editor(data) as server,
        open_page(chromium, server.address, 1366) as (page, errors),
    ):
        page.goto(server.address)
        expect(page.locator(".badge.draft")).to_have_text("有没保存的改动")
        page.goto(f"{server.address}{YEAR}overall.yml")
        expect(cell(page, SCORE)).to_have_value("91")
        page.click("#save")
        expect(page.locator("#status")).to_have_text("全部已保存")
        assert "得分: 91}" in (data / YEAR / "overall.yml").read_text("utf-8")
        assert errors == []


def test_personal_data_is_not_even_saved(
    server: EditorServer, chromium: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "data" / YEAR / "disclosure.yml"
    before = path.read_text("utf-8")
    with open_page(chromium, server.address, 1366) as (page, _):
        page.goto(f"{server.address}{YEAR}disclosure.yml")
        cell(page, "填报/填表人").click()
        page.keyboard.insert_text(f"示例员{PERSONAL_NUMBERS['MOBILE']}")
        expect(page.locator("#problems details.E")).to_contain_text("手机号")
        page.click("#save")
        expect(page.locator("#status")).to_contain_text("里面有个人信息")
        assert path.read_text("utf-8") == before
        page.click("text=部门整体自评表")
        settle(page)
        page.click("#undo")
        page.wait_for_url("**/disclosure.yml")
        expect(cell(page, "填报/填表人")).to_have_value("示例员")


def test_a_draft_without_its_base_is_shown_to_be_typed_again(
    chromium: Browser, tmp_path: Path
) -> None:
    data = example_data(tmp_path)
    place = ("总分", "得分")
    draft = EditDraft(f"data/{YEAR}overall.yml", "0" * 64, (ValueEdit(place, "91"),), "editor")
    keep_draft(tmp_path, draft)
    with (
        serve_editor(data) as server,
        open_page(chromium, server.address, 1366) as (page, errors),
    ):
        page.goto(f"{server.address}{YEAR}overall.yml")
        expect(page.locator("#unread li")).to_have_text(f"data/{YEAR}overall.yml：总分 › 得分 → 91")
        cell(page, SCORE).click()
        page.keyboard.type("92")
        settle(page)
        assert sorted(draft.tab for draft in list_drafts(tmp_path)) == ["editor", "editor-unread"]
        page.click("#forget")
        expect(page.locator("#unread")).to_have_count(0)
        assert [draft.tab for draft in list_drafts(tmp_path)] == ["editor"]
        assert errors == []
