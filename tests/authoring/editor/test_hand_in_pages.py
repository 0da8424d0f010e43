"""Handing in and approving in a real browser, with real git and a bare remote."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from gongkai.runtime.git import run_git
from tests.authoring.editor.serving import YEAR, cell, serve_editor, settle
from tests.authoring.editor.test_hand_in import (
    OVERALL,
    _no_settings_of_the_machine,
    change,
    clerk,
    clone,
    hand_in_from,
    show,
)
from tests.pages.test_accessibility import violations
from tests.site_pages import open_page

__all__ = ["_no_settings_of_the_machine", "clerk"]


@pytest.mark.long
def test_a_clerk_hands_in_what_others_changed_as_well(
    clerk: Path,
    chromium: Browser,
    tmp_path: Path,
) -> None:
    other = clone(tmp_path, "同事")
    change(other, "得分: 98}", "得分: 97}")
    change(other, "年度指标值: ≥95%", "年度指标值: ≥94%")
    hand_in_from(other)
    for key in ("user.name", "user.email"):
        run_git("config", "--unset", key, folder=clerk)
    with (
        serve_editor(clerk / "data") as server,
        open_page(chromium, server.address, 1366) as (page, errors),
    ):
        page.goto(f"{server.address}{YEAR}overall.yml")
        cell(page, "总分/得分").click()
        page.keyboard.type("96")
        settle(page)
        page.click("text=交件")
        expect(page.locator(".fault").first).to_contain_text("2022 年度还有没保存的改动")
        expect(page.locator("#hand-in [type=submit]")).to_be_disabled()
        page.click("text=去保存")
        page.click("#save")
        expect(page.locator("#status")).to_have_text("全部已保存")
        page.click("text=交件")
        expect(page.locator("table")).to_contain_text("9896")
        assert violations(page) == []
        page.fill("[name=name]", "示例员")
        page.fill("[name=email]", "shili@gongkai.example")
        page.click("#hand-in [type=submit]")
        expect(page.locator("#dialog legend")).to_contain_text("总分/得分")
        assert violations(page) == []
        page.click("#dialog .primary")
        expect(page.locator("#status")).to_have_text(
            "已提交并上传到远程仓库；别人同时改过的文件，已逐项合并"
        )
        assert [error for error in errors if "409" not in error] == []
    run_git("fetch", "--quiet", folder=other)
    handed_in = show(other, "origin/main")
    assert "得分: 96}" in handed_in
    assert "≥94%" in handed_in
    assert "示例员" in run_git("log", "origin/main", "--format=%an", folder=other)


@pytest.mark.long
def test_a_reviewer_sees_what_a_branch_changes_and_approves(
    clerk: Path,
    chromium: Browser,
    tmp_path: Path,
) -> None:
    other = clone(tmp_path, "同事")
    run_git("switch", "--quiet", "--create", "gaishu", folder=other)
    change(other, "得分: 98}", "得分: 97}")
    hand_in_from(other)
    with (
        serve_editor(clerk / "data") as server,
        open_page(chromium, server.address, 1366) as (page, errors),
    ):
        page.goto(server.address)
        page.click("text=审阅别人交来的分支")
        page.click("text=从远程仓库取最新的")
        page.click("text=origin/gaishu")
        expect(page.locator("main")).to_contain_text("总分填报 97，各项得分合计为 98")
        assert violations(page) == []
        page.click("text=同意，合并到本机")
        expect(page.locator("#status")).to_contain_text("已合并“origin/gaishu”到本机的分支")
        assert errors == []
    assert "得分: 97}" in (clerk / OVERALL).read_text("utf-8")
