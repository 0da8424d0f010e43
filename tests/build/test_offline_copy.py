"""The copy to unpack: every link opens a file, without a web server and without scripts."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from gongkai.build.offline_copy import name_files, write_offline_copy
from tests.commands import run_gongkai
from tests.folders import copy_publisher
from tests.site_pages import open_page

KNOWN = frozenset({"index.html", "units/index.html", "units/a/index.html", "data/all.zip"})


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="../">', '<a href="../index.html">'),
        ('<a href="./">', '<a href="./index.html">'),
        ('<a class="b" href="a/#c">', '<a class="b" href="a/index.html#c">'),
        (
            '<form action="../units/" method="get">',
            '<form action="../units/index.html" method="get">',
        ),
        ('<a href="#c">', '<a href="#c">'),
        ('<a href="../data/all.zip">', '<a href="../data/all.zip">'),
        ('<a href="https://example.cn/">', '<a href="https://example.cn/">'),
        ('<a href="none/">', '<a href="none/">'),
        ('<a href="/units/">', '<a href="/units/">'),
        ('<link rel="canonical" href="../">', '<link rel="canonical" href="../">'),
    ],
)
def test_links_to_folders_lead_to_files(html: str, expected: str) -> None:
    assert name_files(html, "units", KNOWN) == expected


def test_every_link_of_the_copy_opens_a_file(built_site: Path, tmp_path: Path) -> None:
    count = write_offline_copy(built_site, tmp_path / "site.zip")
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "site")
    assert len(names) == count > 100
    assert "404.html" not in names
    broken = [
        (name, url)
        for name in names
        if name.endswith(".html")
        for url in re.findall(
            r'<(?:a|form|link|script|img|image)\b[^>]*?\s(?:href|src|action)="([^":?#]+)[?#"]',
            (tmp_path / "site" / name).read_text("utf-8"),
        )
        if not ((tmp_path / "site" / name).parent / url).is_file()
    ]
    assert broken == []


def test_the_search_says_why_it_cannot(built_site: Path, chromium: Browser, tmp_path: Path) -> None:
    write_offline_copy(built_site, tmp_path / "site.zip")
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        archive.extractall(tmp_path / "site")
    with open_page(chromium, "") as (page, _):
        page.goto((tmp_path / "site/index.html").as_uri())
        page.locator("#gk-q").fill("示例")
        page.get_by_role("button", name="搜索").first.click()
        assert page.url.startswith((tmp_path / "site/search/index.html").as_uri())
        expect(page.get_by_text("这是存在本机上的网页")).to_be_visible()
        page.get_by_role("link", name="各单位").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("各单位#")


def test_the_copy_is_the_same_every_time(built_site: Path, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        write_offline_copy(built_site, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    folder = copy_publisher(tmp_path)
    done = run_gongkai("build", "--zip", f"{tmp_path}/none/site.zip", folder=folder)
    assert done.returncode != 0
    assert f"没有目录 {tmp_path}/none" in done.stderr
