"""Handing in and approving in a real browser, with real git and a bare remote."""

from contextlib import chdir
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from gongkai.model.problems import Problem
from gongkai.release.tags import find_unannounced_since
from gongkai.runtime.git import run_git
from tests.authoring.editor.serving import YEAR, cell, serve_editor, settle
from tests.authoring.editor.test_hand_in import (
    OVERALL,
    _no_settings_of_the_machine,
    change,
    clerk,
    clone,
    hand_in_from,
    origin,
    show,
)
from tests.folders import TODAY
from tests.pages.test_accessibility import violations
from tests.site_pages import open_page

__all__ = ["_no_settings_of_the_machine", "clerk", "origin"]


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


@pytest.mark.long
def test_a_published_value_is_changed_with_its_correction(
    clerk: Path,
    chromium: Browser,
) -> None:
    run_git("tag", "released/2023-07-01", folder=clerk)

    def find_unannounced(unit: str) -> list[Problem]:
        return find_unannounced_since(
            clerk / "data", TODAY, "released/2023-07-01", frozenset([unit])
        )

    with (
        chdir(clerk),
        serve_editor(clerk / "data", find_unannounced=find_unannounced) as server,
        open_page(chromium, server.address, 1366) as (page, errors),
    ):
        page.goto(f"{server.address}{YEAR}overall.yml")
        cell(page, "示例居民满意度/实际完成值").click()
        page.keyboard.type("81%")
        settle(page)
        page.click("#save")
        expect(page.locator("#status")).to_have_text("全部已保存")
        cell(page, "示例居民满意度/实际完成值").focus()
        page.click("#help-notes button")
        expect(page.locator("#dialog")).to_contain_text("公开过的：80%现在的：81%")
        page.fill("#dialog [name=原因]", "示例原因")
        page.click("#dialog .primary")
        expect(page.locator("#status")).to_contain_text("草稿")
        expect(page.locator("#problems details.E")).to_have_count(0)
        page.click("text=公开目录与落款")
        expect(cell(page, "勘误/第1条/新值")).to_have_value("81%")
        assert errors == []
