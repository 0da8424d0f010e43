"""The report's editor: outline, pasted tables, figures that contradict the tables."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.authoring.editor.serving import YEAR, paste, serve_editor, settle
from tests.folders import example_data
from tests.pages.test_accessibility import violations
from tests.site_pages import open_page


def test_a_report_is_written_beside_its_outline(chromium: Browser, tmp_path: Path) -> None:
    data = example_data(tmp_path)
    path = data / YEAR / "report.md"
    with (
        serve_editor(data) as server,
        open_page(chromium, server.address, 1366) as (page, errors),
    ):
        page.goto(f"{server.address}{YEAR}report.md")
        settle(page)
        text = page.locator("#source").input_value()
        assert "全年支出300万元。" in text
        text = text.replace("全年支出300万元。", "全年支出310万元。").replace("## 二、", "二、")
        page.fill("#source", text)
        expect(page.locator("#marks mark", has_text="310万元")).to_have_count(1)
        page.locator("#problems .jump", has_text="310万元").first.click()
        selected = "document.activeElement.value.slice(...['Start', 'End'].map(end => document.activeElement[`selection${end}`]))"
        assert "310万元" in page.evaluate(selected)
        page.locator("#source").press("Control+End")
        paste(page, "项目\t金额\r\n甲|乙\t1\r\n")
        settle(page)
        lacking = page.locator(".outline .lacking button")
        expect(lacking.first).to_be_visible()
        count = lacking.count()
        lacking.first.click()
        expect(lacking).to_have_count(count - 1)
        settle(page)
        assert violations(page) == []
        page.click("#save")
        expect(page.locator("#status")).to_have_text("全部已保存")
        assert errors == []
    saved = path.read_text("utf-8")
    assert "| 项目 | 金额 |\n| --- | --- |\n| 甲&#124;乙 | 1 |" in saved
    assert saved.startswith("---\n表式: hunan-2022-report\n单位名称: 示例单位\n---\n")
