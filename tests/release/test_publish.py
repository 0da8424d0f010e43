"""Releases: verified before, switched in one step, the old site whole whatever happens."""

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

from gongkai.release.folder import Releases
from gongkai.release.manifest import differences
from gongkai.release.tags import tag
from gongkai.release.verify import Standard, faults
from gongkai.runtime.workers import Workers
from tests.build.test_mkdocs_site import hashes
from tests.cli.test_git_hook import run
from tests.folders import PERSONAL, ROOT, change, example

OVERALL = "data/units/shili/2022/overall.yml"
DAY = "2023-07-01"
ONE = Workers(1)


@pytest.fixture
def publisher(tmp_path: Path) -> Path:
    """A publisher's repository, everything committed."""
    folder = tmp_path / "示例 仓库"
    for name in ("content", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    example(folder)
    run("git", "init", "-q", folder=folder)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    run("git", "add", ".", folder=folder)
    assert run("git", "commit", "-qm", "示例", folder=folder).returncode == 0


def release(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run("gongkai", "release", "../live", "--today", DAY, "-j", "1", *words, folder=folder)


def edit(folder: Path, text: str) -> None:
    """Change the home page's own words, which no check minds, and commit."""
    (folder / "content" / "index.md").write_text(f"# 示例\n\n{text}\n", "utf-8")
    commit(folder)


def message(folder: Path, name: str) -> str:
    """What the annotated tag of a release says."""
    told = run("git", "cat-file", "tag", f"released/{name}", folder=folder).stdout
    return told.partition("\n\n")[2]


def live(folder: Path) -> Path:
    return folder.parent / "live" / "current"


def test_a_release_its_manifest_and_the_way_back(publisher: Path) -> None:
    done = release(publisher)
    assert done.returncode == 0, done.stderr
    assert f"已发布 {DAY}：" in done.stderr
    assert f"git 标签 released/{DAY}" in done.stderr
    told = json.loads((live(publisher) / "release.json").read_text("utf-8"))
    assert told["commit"] == run("git", "rev-parse", "HEAD", folder=publisher).stdout.strip()
    assert told["pages"] == len(list(live(publisher).rglob("*.html")))
    assert set(told["versions"]) == {"gongkai", "mkdocs", "mkdocs-material"}
    standard = run("sha256sum", "-c", "--quiet", "SHA256SUMS", folder=live(publisher))
    assert standard.returncode == 0

    sealed = hashlib.sha256((live(publisher) / "SHA256SUMS").read_bytes()).hexdigest()
    assert sealed == told["manifests"]["SHA256SUMS"]
    assert message(publisher, DAY) == f"发布 {DAY}\n\nSHA256SUMS {sealed}\n"

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
    listed = run("gongkai", "rollback", "../live", "--list", folder=publisher).stdout
    assert [line[0] for line in listed.splitlines()] == [" ", "*"]


def test_git_need_not_know_who_releases(publisher: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    run("git", "config", "user.useConfigOnly", "true", folder=publisher)
    data = publisher / "data"
    assert tag(data, DAY, "HEAD", "0" * 64) == f"released/{DAY}"
    assert message(publisher, DAY) == f"发布 {DAY}\n\nSHA256SUMS {'0' * 64}\n"
    told = run("git", "cat-file", "tag", f"released/{DAY}", folder=publisher).stdout
    assert "tagger gongkai <gongkai@localhost>" in told
    run("git", "config", "user.name", "示例员", folder=publisher)
    run("git", "config", "user.email", "shili@gongkai.example", folder=publisher)
    tag(data, f"{DAY}-2", "HEAD")
    told = run("git", "cat-file", "tag", f"released/{DAY}-2", folder=publisher).stdout
    assert "tagger 示例员 <shili@gongkai.example>" in told
    assert message(publisher, f"{DAY}-2") == f"发布 {DAY}-2\n"


def test_a_release_is_what_an_ordinary_build_makes(publisher: Path) -> None:
    assert release(publisher).returncode == 0
    assert run("gongkai", "build", "--today", DAY, folder=publisher).returncode == 0
    own = {"SHA256SUMS", "SM3SUMS", "release.json"}
    released = {path: each for path, each in hashes(live(publisher)).items() if path not in own}
    assert released == hashes(publisher / "site")


def test_only_so_many_are_kept_and_never_the_live_one_removed(publisher: Path) -> None:
    for number in range(4):
        edit(publisher, f"第{number}次")
        done = release(publisher, "--keep", "2")
    assert f"删去旧的 {DAY}-2" in done.stderr
    releases = Releases(publisher.parent / "live")
    assert releases.names() == [f"{DAY}-3", f"{DAY}-4"]
    run("gongkai", "rollback", "../live", folder=publisher)
    edit(publisher, "又一次")
    release(publisher, "--keep", "1")
    assert (releases.names(), releases.current()) == ([f"{DAY}-5"], f"{DAY}-5")


def test_verify_tells_what_is_not_as_it_was(publisher: Path) -> None:
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


def test_an_altered_release_is_not_let_back(publisher: Path) -> None:
    release(publisher)
    (live(publisher) / "404.html").unlink()
    edit(publisher, "第二次")
    release(publisher)
    done = run("gongkai", "rollback", "../live", folder=publisher)
    assert (done.returncode, "文件与发布时不同，没有换" in done.stderr) == (1, True)
    assert Releases(publisher.parent / "live").current() == f"{DAY}-2"


def test_a_file_altered_beside_the_live_site_is_noticed(publisher: Path) -> None:
    release(publisher)
    work = publisher.parent / "live" / ".work" / "site" / "404.html"
    work.unlink()
    work.write_text("x")
    edit(publisher, "第二次")
    done = release(publisher)
    assert (done.returncode, "404.html）；请加 --fresh" in done.stderr) == (1, True)
    assert release(publisher, "--fresh").returncode == 0


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("[去处](https://gongkai.example/nirgends/)", (), "1 个链接没有去处：index.html"),
        ("[去处](#nirgends)", (), "1 个链接没有去处：index.html"),
        ("手机 MOBILE", (), "处个人信息：index.html:"),
        ("好", ("--largest-page", "1"), "超过上限 1 KB"),
    ],
)
def test_what_a_site_must_not_have(
    publisher: Path, text: str, options: tuple[str, ...], told: str
) -> None:
    release(publisher)
    before = hashes(live(publisher))
    edit(publisher, text.replace("MOBILE", PERSONAL["MOBILE"]))
    done = release(publisher, *options)
    assert done.returncode == 1
    assert told in done.stderr
    assert PERSONAL["MOBILE"] not in done.stderr
    assert "没有发布；线上网站没有改动" in done.stderr
    assert hashes(live(publisher)) == before
    assert not (publisher.parent / "live" / ".making").exists()


def test_pages_are_counted_against_the_data(publisher: Path, tmp_path: Path) -> None:
    release(publisher)
    site = tmp_path / "copy"
    shutil.copytree(live(publisher), site)
    standard = Standard(publisher / "data", "https://gongkai.example/")
    assert list(faults(site, standard, ONE)) == []
    (site / "units/shili/2022/index.html").rename(site / "units/shili/2022/other.html")
    (site / "units/fremd").mkdir()
    (site / "units/fremd/index.html").write_text("<p>示例</p>")
    found = list(faults(site, standard, ONE))
    assert "1 个网页数据里有，网站里没有：units/shili/2022/index.html" in found
    assert "1 个网页网站里有，数据里没有：units/fremd/index.html" in found


def test_blocked_and_uncommitted_data_is_not_released(publisher: Path) -> None:
    release(publisher)
    before = hashes(live(publisher))
    change(publisher / OVERALL, {"得分: 98}": "得分: 97}"})
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


def test_two_releases_at_a_time(publisher: Path) -> None:
    release(publisher)
    with (publisher.parent / "live" / ".work" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = release(publisher)
    assert (done.returncode, "另一个程序正在发布到" in done.stderr) == (1, True)


def test_a_folder_of_somebody_else(publisher: Path) -> None:
    live(publisher).mkdir(parents=True)
    done = release(publisher)
    assert (done.returncode, "不是链接；请换一个目录" in done.stderr) == (1, True)


def stopped(folder: Path, how: str, at: int) -> tuple[int, str]:
    """Exit code and standard error of a release that is stopped at a change of the disk."""
    words = ("release", "../live", "--today", DAY, "-j", "1")
    done = run(sys.executable, "-c", DYING, how, str(at), *words, folder=folder)
    return done.returncode, done.stderr


DYING = f"import sys, runpy; sys.path.insert(0, {str(ROOT)!r}); runpy.run_module('tests.dying', run_name='__main__', alter_sys=True)"


@pytest.mark.parametrize("how", ["kill", "full"])
def test_whatever_happens_the_live_site_is_whole(publisher: Path, how: str) -> None:
    """Stopped at any of its changes to the disk: at the last ones, and at some of all others."""
    release(publisher)
    edit(publisher, "第二次")
    count = int(stopped(publisher, "count", 0)[1].split()[-1])
    assert count > 100
    chosen = random.Random(how).sample(  # noqa: S311 - where to stop
        range(1, count - 12), 4
    )
    releases = Releases(publisher.parent / "live")
    lived = {releases.current()}
    for number, at in enumerate([*chosen, *range(count - 12, count + 1)]):
        edit(publisher, f"{how}{number}")
        before, names = releases.current(), releases.names()
        text = (live(publisher) / "index.html").read_text("utf-8")
        code, said = stopped(publisher, how, at)
        assert not differences(live(publisher), ONE), at
        if releases.current() == before:
            assert text == (live(publisher) / "index.html").read_text("utf-8")
            assert code != 0 or "完全相同" in said
        else:
            assert f"{how}{number}" in (live(publisher) / "index.html").read_text("utf-8")
        if how == "full" and code:
            assert "磁盘满了" in said, said
        assert (set(names) - set(releases.names())) & lived <= set(names[:1])
        lived.add(releases.current())
    edit(publisher, "最后")
    done = release(publisher)
    assert done.returncode == 0, done.stderr
    assert "最后" in (live(publisher) / "index.html").read_text("utf-8")
    tags = run("git", "tag", folder=publisher).stdout.split()
    assert f"released/{releases.current()}" in tags
    for each in releases.names():
        assert not differences(releases.path(each), ONE)
        assert f"released/{each}" in tags


def test_a_link_that_never_went_live_is_no_hindrance(publisher: Path) -> None:
    """A release that is killed between making the link and putting it in the live one's place."""
    release(publisher)
    folder = publisher.parent / "live"
    (folder / ".making-link").symlink_to(live(publisher).resolve(), target_is_directory=True)
    edit(publisher, "第二次")
    done = release(publisher)
    assert done.returncode == 0, done.stderr
    assert not list(folder.glob(".making*"))
    assert live(publisher).resolve().name.endswith("-2")


def test_a_moved_tag_stops_a_release_and_a_lost_one_is_set_again(publisher: Path) -> None:
    assert release(publisher).returncode == 0
    edit(publisher, "第二次")
    run("git", "tag", "-f", f"released/{DAY}", "HEAD", folder=publisher)
    done = release(publisher)
    assert done.returncode == 1
    assert f"released/{DAY} 指向的提交与发布时的不同" in done.stderr
    assert Releases(publisher.parent / "live").names() == [DAY]
    run("git", "tag", "-d", f"released/{DAY}", folder=publisher)
    assert release(publisher).returncode == 0
    found = run("git", "rev-parse", f"released/{DAY}^{{commit}}", folder=publisher).stdout
    assert found == run("git", "rev-parse", "HEAD~1", folder=publisher).stdout


def test_a_shallow_clone_is_not_released_where_more_was_public(publisher: Path) -> None:
    assert release(publisher).returncode == 0
    edit(publisher, "第二次")
    clone = publisher.with_name("浅")
    run("git", "clone", "-q", "--depth", "1", f"file://{publisher}", f"{clone}", folder=publisher)
    done = release(clone)
    assert done.returncode == 1
    assert "浅克隆" in done.stderr
    assert Releases(publisher.parent / "live").names() == [DAY]
