"""The built site: real MkDocs builds in temporary folders."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.commands import run_gongkai, run_module
from tests.edits import DAYS
from tests.folders import copy_publisher, example_data, replace_in_file

DISCLOSURE = "units/shili/2022/disclosure.yml"
PROJECT = "units/shili/2022/projects/shili-daolu.yml"


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def publisher(tmp_path: Path) -> Path:
    """A publisher's folder: mkdocs.yml, content, overrides, and the synthetic data."""
    example_data(copy_publisher(tmp_path))
    return tmp_path


def test_mkdocs_itself_builds_strictly_and_quietly(tmp_path: Path) -> None:
    done = run_module("mkdocs", "build", "--strict", "-d", str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    assert "end of life" not in done.stdout + done.stderr
    assert "WARNING" not in done.stderr


def test_two_builds_are_byte_identical(built_site: Path, tmp_path: Path) -> None:
    done = run_module("gongkai", "build", "-d", f"{tmp_path / 'site'}", "--today", f"{DAYS[0]}")
    assert done.returncode == 0, done.stderr
    assert hashes(tmp_path / "site") == hashes(built_site)


def test_the_site_does_not_depend_on_the_build_date(built_site: Path, tmp_path: Path) -> None:
    done = run_gongkai("build", "-d", tmp_path / "site", "--today", "2027-01-31")
    assert done.returncode == 0, done.stderr
    assert hashes(tmp_path / "site") == hashes(built_site)


def test_sitemap_dates_come_from_the_data(example_folder: Path) -> None:
    sitemap = (example_folder / "site" / "sitemap.xml").read_text("utf-8")
    pattern = r"<url><loc>(.*?)</loc>(?:<lastmod>(.*?)</lastmod>)?</url>"
    dates = dict(re.findall(pattern, sitemap))
    base = "https://gongkai.example/"
    assert dates[f"{base}units/shili/2022/"] == "2023-06-30"
    assert dates[f"{base}units/shili/2022/projects/shili-daolu/"] == "2023-06-30"
    assert dates[f"{base}guide/"] == ""


def test_faulty_data_fails_the_build_and_leaves_the_old_site(built_publisher: Path) -> None:
    before = hashes(built_publisher / "site")
    data = built_publisher / "data"
    replace_in_file(data / PROJECT, {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"})
    replace_in_file(data / DISCLOSURE, {"填表人: 示例员": "填表员: 示例员"})
    for run, command in ((run_gongkai, ()), (run_module, ("mkdocs",))):
        done = run(*command, "build", folder=built_publisher)
        assert done.returncode == 1
        assert done.stderr.count("DF-03") == 1
        assert "Traceback" not in done.stderr
        assert "原有的网站没有改动" in done.stdout + done.stderr
        assert hashes(built_publisher / "site") == before


def test_a_build_through_mkdocs_forgets_the_result_of_the_last_one(publisher: Path) -> None:
    """The plugin outlives a build in one process, as in a preview."""
    correct = (publisher / "data" / PROJECT).read_text("utf-8")
    replace_in_file(
        publisher / "data" / PROJECT, {"总分: {分值: 100, 得分: 99}": "总分: {分值: 100, 得分: 98}"}
    )
    assert "DF-03" in run_gongkai("build", folder=publisher).stderr
    (publisher / "data" / PROJECT).write_text(correct, "utf-8")
    page = publisher / "content" / "about.md"
    page.write_text(f"{page.read_text('utf-8')}\n[示例](nirgends.md)\n", "utf-8")
    done = run_gongkai("build", "--strict", folder=publisher)
    assert (done.returncode, "DF-03" in done.stderr) == (1, False)
    assert "nirgends.md" in done.stderr
    assert "有警告，--strict 把它算作失败" in done.stdout


@pytest.mark.long
def test_the_publishers_own_files_are_never_overwritten(publisher: Path) -> None:
    (publisher / "mine").mkdir()
    (publisher / "mine" / "letter.txt").write_text("示例")
    before = hashes(publisher)
    for place in ("data", "data/units", "overrides", "content", "."):
        for arguments in (("build", "-d"), ("render",)):
            done = run_gongkai(*arguments, place, folder=publisher)
            assert done.returncode, (arguments, place)
            assert "请换一个目录" in done.stdout + done.stderr
        # For content/, MkDocs prints its own message.
        assert run_module("mkdocs", "build", "-d", place, folder=publisher).returncode, place
    for command in ("gongkai", "mkdocs"):
        done = run_module(command, "build", "-d", "mine", folder=publisher)
        assert (done.returncode, "里有别的文件（letter.txt）" in done.stdout) == (1, True)
    for place in ("data", "data/releases", "content"):
        done = run_gongkai("release", "--demo", "--no-git", place, folder=publisher)
        assert done.returncode, place
        assert "请换一个目录" in done.stderr
    after = hashes(publisher)
    assert {path: after.get(path) for path in before} == before
    assert all(path.startswith(".gongkai/") for path in after.keys() - before.keys())


@pytest.mark.long
def test_a_site_can_be_rebuilt_after_its_workspace_is_deleted(publisher: Path) -> None:
    run_module("mkdocs", "build", "-q", folder=publisher)
    site = hashes(publisher / "site")
    shutil.rmtree(publisher / ".gongkai")
    assert run_gongkai("build", folder=publisher).returncode == 0
    assert hashes(publisher / "site") == site


def test_warnings_do_not_fail_a_strict_build(publisher: Path) -> None:
    entry = "差异说明:\n  - {规则: DF-03, 位置: 某处, 说明: 示例, 说明人: 示例员, 日期: 2023-07-01}\n填报:"
    replace_in_file(publisher / "data" / DISCLOSURE, {"填报:": entry})
    done = run_module("mkdocs", "build", "--strict", folder=publisher)
    assert done.returncode == 0, done.stderr
    assert "警告：data/units/shili/2022/disclosure.yml:25:5: 这条差异说明" in done.stderr


def test_edit_links_open_the_data_file(publisher: Path) -> None:
    lines = "repo_url: https://code.example/publisher\nedit_uri: edit/main/content/\n"
    settings = publisher / "mkdocs.yml"
    text = settings.read_text("utf-8").replace("theme:\n", f"{lines}theme:\n", 1)
    settings.write_text(text, "utf-8")
    assert run_gongkai("build", "--strict", folder=publisher).returncode == 0
    page = (publisher / "site/units/shili/2022/projects/shili-daolu/index.html").read_text("utf-8")
    assert f"https://code.example/publisher/edit/main/data/{PROJECT}" in page


def test_another_data_folder(publisher: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.move(publisher / "data", moved)
    done = run_gongkai("build", "--data", moved, "-d", "out", folder=publisher)
    assert done.returncode == 0, done.stderr
    assert (publisher / "out/units/shili/2022/index.html").is_file()


def test_a_note_stands_at_the_contradicted_figure(built_site: Path) -> None:
    path = built_site / "units/xintian-jsx/2022/projects/liuchu-renkou/index.html"
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    total = soup.select_one("tfoot tr")
    assert total is not None
    cells = [cell.get_text(" ", strip=True) for cell in total.find_all(["th", "td"])]
    number = cells[2].removeprefix("99 注")
    assert cells == ["总分", "100", f"99 注{number}", ""]
    note = soup.select_one(f"#note-{number}")
    assert note is not None
    text = note.get_text(" ", strip=True)
    assert "总分填报 99，各项得分合计为 89，相差 10。" in text
    assert "原件如此" in text
    assert "本站整理者，2026-11-23" in text


def test_a_repository_link_sends_no_request_to_the_code_host(publisher: Path) -> None:
    settings = publisher / "mkdocs.yml"
    lines = "repo_url: https://github.com/example/publisher\nedit_uri: edit/main/content/\ntheme:\n"
    settings.write_text(settings.read_text("utf-8").replace("theme:\n", lines, 1), "utf-8")
    assert run_gongkai("build", "--strict", folder=publisher).returncode == 0
    page = (publisher / "site/index.html").read_text("utf-8")
    assert 'href="https://github.com/example/publisher"' in page
    assert 'data-md-component="source"' not in page


@pytest.mark.parametrize("command", [("gongkai", "build"), ("mkdocs", "build")])
@pytest.mark.parametrize(
    "path", ["units/shili/2022/index.md", "departments/index.md", "units/shili/2022/index.csv"]
)
def test_a_hand_written_file_never_takes_the_place_of_the_data(
    command: tuple[str, str], path: str, publisher: Path
) -> None:
    file = publisher / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("# 手写\n", "utf-8")
    done = run_module(*command, folder=publisher)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert f"{path} " in said
    assert "网站没有改动" in said
    assert not (publisher / "site/units").exists()


def test_a_publisher_may_have_its_own_robots_txt(publisher: Path) -> None:
    (publisher / "content/robots.txt").write_text("User-agent: *\nDisallow: /api/\n", "utf-8")
    done = run_gongkai("build", folder=publisher)
    assert done.returncode == 0, done.stderr
    assert "Disallow: /api/" in (publisher / "site/robots.txt").read_text("utf-8")
