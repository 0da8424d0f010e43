"""Start page, new years and projects, import beside the source, preview."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from gongkai.authoring.editor.server import EditorServer
from gongkai.authoring.editor.value_trees import read_tree
from tests.authoring.editor.serving import YEAR, cell, serve_editor, settle
from tests.commands import run_gongkai
from tests.folders import example_data, replace_in_file
from tests.pages.test_accessibility import violations
from tests.site_pages import open_page

NEW_YEAR = "units/shili/2023"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return example_data(tmp_path)


@pytest.fixture
def server(data: Path) -> Iterator[EditorServer]:
    with serve_editor(data) as editor:
        yield editor


@pytest.mark.long
def test_a_new_year_takes_over_names_targets_and_points(
    data: Path, server: EditorServer, chromium: Browser
) -> None:
    replace_in_file(
        data / "site.yml", {"展示警告: 是": "展示警告: 是\n公开期限: {2023: 2024-09-30}"}
    )
    with open_page(chromium, server.address, 1366) as (page, errors):
        page.goto(server.address)
        expect(page.locator(".year dd").first).to_contain_text("部门整体自评表")
        page.click(".new summary")
        page.click(".new .primary")
        page.wait_for_url(f"**/{NEW_YEAR}/*")
        page.click("text=部门整体自评表")
        expect(cell(page, "示例路况优良率/年度指标值")).to_have_value("≥95%")
        expect(cell(page, "示例路况优良率/分值")).to_have_value("25")
        for result in ("实际完成值", "得分"):
            expect(cell(page, f"示例路况优良率/{result}")).to_have_value("")
        page.click("text=示例道路维护")
        page.click("#new-project")
        page.fill("#dialog [name=name]", "示例桥梁")
        page.click("#dialog .primary")
        page.wait_for_url("**/shiliqiaoliang.yml")
        page.goto(server.address)
        expect(page.locator(".year dd.late")).to_contain_text("应在2024年9月30日前公开，已过")
        assert errors == []
    overall = read_tree((data / NEW_YEAR / "overall.yml").read_text("utf-8"))
    assert isinstance(overall, dict)
    assert overall["总分"] == {"分值": "100", "得分": ""}
    assert overall["年度总体目标"] == {
        "预期目标": "示例道路畅通，示例服务到位。",
        "实际完成情况": "",
    }


@pytest.mark.long
def test_a_filled_form_is_imported_beside_its_source(
    data: Path, server: EditorServer, chromium: Browser, tmp_path: Path
) -> None:
    arguments = ("export", "shili", "2022", "--to", tmp_path / "forms", "--data", data)
    assert run_gongkai(*arguments).returncode == 0
    [form] = (tmp_path / "forms").glob("*部门整体*自评表*.docx")
    path = data / YEAR / "overall.yml"
    replace_in_file(path, {"年度指标值: ≥95%": "年度指标值: ≥94%  # 待定"})
    before = path.read_text("utf-8")
    with open_page(chromium, server.address, 1366) as (page, errors):
        page.goto(f"{server.address}{YEAR}overall.yml")
        page.click("text=导入 Word、Excel…")
        with page.expect_navigation():
            page.set_input_files("#file", form)
        expect(cell(page, "示例路况优良率/年度指标值")).to_have_value("≥95%")
        assert violations(page) == []
        page.locator(".piece", has_text="96%").first.click()
        cell(page, "示例居民满意度/实际完成值").click()
        expect(cell(page, "示例居民满意度/实际完成值")).to_have_value("96%")
        assert path.read_text("utf-8") == before
        with page.expect_navigation():
            page.click("#adopt")
        settle(page)
        assert path.read_text("utf-8") == before
        page.click("#save")
        expect(page.locator("#status")).to_have_text("全部已保存")
        assert errors == []
    after = path.read_text("utf-8")
    assert "年度指标值: ≥95%  # 待定" in after
    assert after.count("96%") == before.count("96%") + 1


def test_a_page_is_previewed_with_its_errors(
    data: Path, server: EditorServer, chromium: Browser
) -> None:
    replace_in_file(data / YEAR / "overall.yml", {"得分: 98}": "得分: 90}"})
    with open_page(chromium, server.address, 1366) as (page, errors):
        page.goto(f"{server.address}{YEAR}overall.yml")
        page.click("#preview")
        expect(page.locator(".preview-bar")).to_contain_text("还有 1 处错误")
        expect(page.locator("main")).to_contain_text(
            "错误，改正或说明以后才能公开：总分填报 90，各项得分合计为 98"
        )
        expect(page.locator(".gk-mark").first).to_be_visible()
        assert errors == []


def test_attachments_are_exported_to_be_stamped(
    server: EditorServer, chromium: Browser, tmp_path: Path
) -> None:
    with open_page(chromium, server.address, 1366) as (page, _):
        page.goto(server.address)
        with page.expect_download() as download:
            page.click("text=导出盖章")
        assert download.value.suggested_filename == "示例单位2022年度.zip"
        download.value.save_as(tmp_path / "forms.zip")
    names = zipfile.ZipFile(tmp_path / "forms.zip").namelist()
    assert "附件2 2022年度部门整体支出绩效自评表.docx" in names
