"""Releases: they are verified, then switched in one step; the old site stays intact on any failure."""

import fcntl
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.release.folder import ReleaseFolder
from gongkai.release.manifest import find_differences
from gongkai.release.tags import tag_release
from gongkai.release.verify import ReleaseCriteria, find_faults
from gongkai.runtime.workers import Workers
from tests.build.test_mkdocs_site import hashes
from tests.cli.test_git_hook import run
from tests.folders import PERSONAL_NUMBERS, ROOT, example_data, replace_in_file

OVERALL = "data/units/shili/2022/overall.yml"
DAY = "2023-07-01"
ONE = Workers(1)


@pytest.fixture
def publisher(tmp_path: Path) -> Path:
    """A publisher's repository without uncommitted changes."""
    folder = tmp_path / "示例 仓库"
    for name in ("content", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    example_data(folder)
    run("git", "init", "-q", folder=folder)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    run("git", "add", ".", folder=folder)
    assert run("git", "commit", "-qm", "示例", folder=folder).returncode == 0


def release(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run("gongkai", "release", "../live", "--today", DAY, "-j", "1", *options, folder=folder)


def edit(folder: Path, text: str) -> None:
    """Change the home page's hand-written text, which no rule checks, and commit."""
    (folder / "content" / "index.md").write_text(f"# 示例\n\n{text}\n", "utf-8")
    commit(folder)


def message(folder: Path, name: str) -> str:
    """Return the message of a release's annotated tag."""
    content = run("git", "cat-file", "tag", f"released/{name}", folder=folder).stdout
    return content.partition("\n\n")[2]


def live(folder: Path) -> Path:
    return folder.parent / "live" / "current"


def test_a_release_its_manifest_and_a_rollback(publisher: Path) -> None:
    done = release(publisher)
    assert done.returncode == 0, done.stderr
    assert f"已发布 {DAY}：" in done.stderr
    assert f"git 标签 released/{DAY}" in done.stderr
    facts = json.loads((live(publisher) / "release.json").read_text("utf-8"))
    assert facts["commit"] == run("git", "rev-parse", "HEAD", folder=publisher).stdout.strip()
    assert facts["pages"] == len(list(live(publisher).rglob("*.html")))
    assert set(facts["versions"]) == {"gongkai", "mkdocs", "mkdocs-material"}
    checked = run("sha256sum", "-c", "--quiet", "SHA256SUMS", folder=live(publisher))
    assert checked.returncode == 0

    manifest_hash = hashlib.sha256((live(publisher) / "SHA256SUMS").read_bytes()).hexdigest()
    assert manifest_hash == facts["manifests"]["SHA256SUMS"]
    assert message(publisher, DAY) == f"发布 {DAY}\n\nSHA256SUMS {manifest_hash}\n"

    again = release(publisher)
    assert (again.returncode, "完全相同，没有另外发布" in again.stderr) == (0, True)

    first = hashes(live(publisher))
    edit(publisher, "第二次")
    assert f"已发布 {DAY}-2" in release(publisher).stderr
    assert "第二次" in (live(publisher) / "index.html").read_text("utf-8")
    back = run("gongkai", "rollback", "../live", folder=publisher)
    assert (back.returncode, back.stderr) == (0, f"线上现在是 {DAY}\n")
    assert hashes(live(publisher)) == first
    assert "没有更早的发布" in run("gongkai", "rollback", "../live", folder=publisher).stderr
    forth = run("gongkai", "rollback", "../live", f"{DAY}-2", folder=publisher)
    assert forth.stderr == f"线上现在是 {DAY}-2\n"
    listing = run("gongkai", "rollback", "../live", "--list", folder=publisher).stdout
    assert [line[0] for line in listing.splitlines()] == [" ", "*"]


def test_git_needs_no_configured_identity(publisher: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    run("git", "config", "user.useConfigOnly", "true", folder=publisher)
    data = publisher / "data"
    assert tag_release(data, DAY, "HEAD", "0" * 64) == f"released/{DAY}"
    assert message(publisher, DAY) == f"发布 {DAY}\n\nSHA256SUMS {'0' * 64}\n"
    content = run("git", "cat-file", "tag", f"released/{DAY}", folder=publisher).stdout
    assert "tagger gongkai <gongkai@localhost>" in content
    run("git", "config", "user.name", "示例员", folder=publisher)
    run("git", "config", "user.email", "shili@gongkai.example", folder=publisher)
    tag_release(data, f"{DAY}-2", "HEAD")
    content = run("git", "cat-file", "tag", f"released/{DAY}-2", folder=publisher).stdout
    assert "tagger 示例员 <shili@gongkai.example>" in content
    assert message(publisher, f"{DAY}-2") == f"发布 {DAY}-2\n"


def test_a_release_equals_an_ordinary_build(publisher: Path) -> None:
    assert release(publisher).returncode == 0
    assert run("gongkai", "build", "--today", DAY, folder=publisher).returncode == 0
    manifest = {"SHA256SUMS", "SM3SUMS", "release.json"}
    released = {
        path: digest for path, digest in hashes(live(publisher)).items() if path not in manifest
    }
    assert released == hashes(publisher / "site")


def test_old_releases_are_removed_but_never_the_live_one(publisher: Path) -> None:
    for number in range(4):
        edit(publisher, f"第{number}次")
        done = release(publisher, "--keep", "2")
    assert f"删去旧的 {DAY}-2" in done.stderr
    releases = ReleaseFolder(publisher.parent / "live")
    assert releases.names() == [f"{DAY}-3", f"{DAY}-4"]
    run("gongkai", "rollback", "../live", folder=publisher)
    edit(publisher, "又一次")
    release(publisher, "--keep", "1")
    assert (releases.names(), releases.current()) == ([f"{DAY}-5"], f"{DAY}-5")


def test_verify_lists_altered_missing_and_added_files(publisher: Path) -> None:
    release(publisher)
    site = live(publisher)
    assert run("gongkai", "verify", "../live", folder=publisher).returncode == 0
    (site / "robots2.txt").write_text("x")
    (site / "404.html").unlink()
    page = site / "index.html"
    page.write_text(page.read_text("utf-8").replace("<title>", "<title> "), "utf-8")
    done = run("gongkai", "verify", "../live", folder=publisher)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["改动 index.html", "缺少 404.html", "多出 robots2.txt"]
    (site / "SHA256SUMS").write_text("")
    done = run("gongkai", "verify", str(site), folder=publisher)
    assert "SHA256SUMS 被改动过" in done.stdout
    broken = run("gongkai", "verify", "data", folder=publisher)
    assert (broken.returncode, "这里不是 gongkai release 发布的网站" in broken.stdout) == (1, True)


def test_an_altered_release_is_not_rolled_back_to(publisher: Path) -> None:
    release(publisher)
    (live(publisher) / "404.html").unlink()
    edit(publisher, "第二次")
    release(publisher)
    done = run("gongkai", "rollback", "../live", folder=publisher)
    assert (done.returncode, "文件与发布时不同，没有换" in done.stderr) == (1, True)
    assert ReleaseFolder(publisher.parent / "live").current() == f"{DAY}-2"


def test_a_file_altered_in_the_working_site_is_noticed(publisher: Path) -> None:
    release(publisher)
    work = publisher.parent / "live" / ".work" / "site" / "404.html"
    work.unlink()
    work.write_text("x")
    edit(publisher, "第二次")
    done = release(publisher)
    assert (done.returncode, "404.html）；请加 --fresh" in done.stderr) == (1, True)
    assert release(publisher, "--fresh").returncode == 0


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("[去处](https://gongkai.example/nirgends/)", (), "1 个链接没有去处：index.html"),
        ("[去处](#nirgends)", (), "1 个链接没有去处：index.html"),
        ("手机 MOBILE", (), "处个人信息：index.html:"),
        ("好", ("--largest-page", "1"), "超过上限 1 KB"),
    ],
)
def test_a_site_with_faults_is_not_released(
    publisher: Path, text: str, options: tuple[str, ...], expected: str
) -> None:
    release(publisher)
    before = hashes(live(publisher))
    edit(publisher, text.replace("MOBILE", PERSONAL_NUMBERS["MOBILE"]))
    done = release(publisher, *options)
    assert done.returncode == 1
    assert expected in done.stderr
    assert PERSONAL_NUMBERS["MOBILE"] not in done.stderr
    assert "没有发布；线上网站没有改动" in done.stderr
    assert hashes(live(publisher)) == before
    assert not (publisher.parent / "live" / ".making").exists()


def test_pages_are_compared_with_the_data(publisher: Path, tmp_path: Path) -> None:
    release(publisher)
    site = tmp_path / "copy"
    shutil.copytree(live(publisher), site)
    criteria = ReleaseCriteria(publisher / "data", "https://gongkai.example/")
    assert list(find_faults(site, criteria, ONE)) == []
    (site / "units/shili/2022/index.html").rename(site / "units/shili/2022/other.html")
    (site / "units/fremd").mkdir()
    (site / "units/fremd/index.html").write_text("<p>示例</p>")
    messages = list(find_faults(site, criteria, ONE))
    assert "1 个网页数据里有，网站里没有：units/shili/2022/index.html" in messages
    assert "1 个网页网站里有，数据里没有：units/fremd/index.html" in messages


def test_blocked_and_uncommitted_data_is_not_released(publisher: Path) -> None:
    release(publisher)
    before = hashes(live(publisher))
    replace_in_file(publisher / OVERALL, {"得分: 98}": "得分: 97}"})
    done = release(publisher)
    assert (done.returncode, "没有提交的改动" in done.stderr) == (1, True)
    commit(publisher)
    done = release(publisher)
    assert (done.returncode, "没有勘误" in done.stderr) == (1, True)
    done = release(publisher, "--no-git")
    assert (done.returncode, "错误 数据有 1 处错误" in done.stderr) == (1, True)
    assert hashes(live(publisher)) == before


def test_without_git(publisher: Path) -> None:
    shutil.rmtree(publisher / ".git")
    assert "不在 git 仓库里" in release(publisher).stderr
    done = release(publisher, "--no-git")
    assert (done.returncode, "git 标签" in done.stderr) == (0, False)


def test_concurrent_releases_are_refused(publisher: Path) -> None:
    release(publisher)
    with (publisher.parent / "live" / ".work" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = release(publisher)
    assert (done.returncode, "另一个程序正在发布到" in done.stderr) == (1, True)


def test_a_foreign_folder_is_refused(publisher: Path) -> None:
    live(publisher).mkdir(parents=True)
    done = release(publisher)
    assert (done.returncode, "不是链接；请换一个目录" in done.stderr) == (1, True)


def stop_release(folder: Path, how: str, at: int) -> tuple[int, str]:
    """Run a release that is stopped at a change of the disk; return exit code and standard error."""
    arguments = ("release", "../live", "--today", DAY, "-j", "1")
    done = run(sys.executable, "-c", DYING, how, str(at), *arguments, folder=folder)
    return done.returncode, done.stderr


DYING = f"import sys, runpy; sys.path.insert(0, {str(ROOT)!r}); runpy.run_module('tests.dying', run_name='__main__', alter_sys=True)"


@pytest.mark.parametrize("how", ["kill", "full"])
def test_the_live_site_stays_intact_after_any_interruption(publisher: Path, how: str) -> None:
    """A release is stopped at every one of its last changes to the disk and at some earlier ones."""
    release(publisher)
    edit(publisher, "第二次")
    count = int(stop_release(publisher, "count", 0)[1].split()[-1])
    assert count > 100
    early_stops = random.Random(how).sample(  # noqa: S311 - where to stop
        range(1, count - 12), 4
    )
    releases = ReleaseFolder(publisher.parent / "live")
    were_live = {releases.current()}
    for number, at in enumerate([*early_stops, *range(count - 12, count + 1)]):
        edit(publisher, f"{how}{number}")
        before, names = releases.current(), releases.names()
        text = (live(publisher) / "index.html").read_text("utf-8")
        code, stderr = stop_release(publisher, how, at)
        assert not find_differences(live(publisher), ONE), at
        if releases.current() == before:
            assert text == (live(publisher) / "index.html").read_text("utf-8")
            assert code != 0 or "完全相同" in stderr
        else:
            assert f"{how}{number}" in (live(publisher) / "index.html").read_text("utf-8")
        if how == "full" and code:
            assert "磁盘满了" in stderr, stderr
        assert (set(names) - set(releases.names())) & were_live <= set(names[:1])
        were_live.add(releases.current())
    edit(publisher, "最后")
    done = release(publisher)
    assert done.returncode == 0, done.stderr
    assert "最后" in (live(publisher) / "index.html").read_text("utf-8")
    tags = run("git", "tag", folder=publisher).stdout.split()
    assert f"released/{releases.current()}" in tags
    for name in releases.names():
        assert not find_differences(releases.path(name), ONE)
        assert f"released/{name}" in tags


def test_a_leftover_symlink_does_not_block_a_release(publisher: Path) -> None:
    """A release was killed after it made the new symlink and before it replaced the live one."""
    release(publisher)
    folder = publisher.parent / "live"
    (folder / ".making-link").symlink_to(live(publisher).resolve(), target_is_directory=True)
    edit(publisher, "第二次")
    done = release(publisher)
    assert done.returncode == 0, done.stderr
    assert not list(folder.glob(".making*"))
    assert live(publisher).resolve().name.endswith("-2")


def test_a_moved_tag_blocks_a_release_and_a_lost_tag_is_restored(publisher: Path) -> None:
    assert release(publisher).returncode == 0
    edit(publisher, "第二次")
    run("git", "tag", "-f", f"released/{DAY}", "HEAD", folder=publisher)
    done = release(publisher)
    assert done.returncode == 1
    assert f"released/{DAY} 指向的提交与发布时的不同" in done.stderr
    assert ReleaseFolder(publisher.parent / "live").names() == [DAY]
    run("git", "tag", "-d", f"released/{DAY}", folder=publisher)
    assert release(publisher).returncode == 0
    tagged_commit = run("git", "rev-parse", f"released/{DAY}^{{commit}}", folder=publisher).stdout
    assert tagged_commit == run("git", "rev-parse", "HEAD~1", folder=publisher).stdout


def test_a_shallow_clone_is_not_released_over_existing_releases(publisher: Path) -> None:
    assert release(publisher).returncode == 0
    edit(publisher, "第二次")
    clone = publisher.with_name("浅")
    run("git", "clone", "-q", "--depth", "1", f"file://{publisher}", f"{clone}", folder=publisher)
    done = release(clone)
    assert done.returncode == 1
    assert "浅克隆" in done.stderr
    assert ReleaseFolder(publisher.parent / "live").names() == [DAY]
