"""Releases: they are verified, then switched in one step; the old site stays intact on any failure."""

import fcntl
import hashlib
import json
import os
import random
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from gongkai.release.folder import ReleaseFolder
from gongkai.release.hashed_files import HASHED_NAME
from gongkai.release.manifest import find_differences, list_files
from gongkai.release.tags import tag_release
from gongkai.release.verify import ReleaseCriteria, find_faults
from gongkai.runtime.workers import Workers
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_dying, run_gongkai, run_program
from tests.folders import PERSONAL_NUMBERS, copy_publisher, example_data, replace_in_file
from tests.shared import share_folder

OVERALL = "data/units/shili/2022/overall.yml"
DAY = "2023-07-01"
REPOSITORY = "示例 仓库"
ONE = Workers(1)


@pytest.fixture(scope="session")
def repository_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a publisher's repository without uncommitted changes."""

    def create(folder: Path) -> None:
        repository = folder / REPOSITORY
        example_data(copy_publisher(repository))
        run_program("git", "init", "-q", folder=repository)
        commit(repository)

    return share_folder(tmp_path_factory, "repository", create)


@pytest.fixture(scope="session")
def released_folder(repository_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a publisher's repository and its first release."""

    def create(folder: Path) -> None:
        shutil.copytree(repository_folder, folder, symlinks=True, dirs_exist_ok=True)
        done = release(folder / REPOSITORY)
        assert done.returncode == 0, done.stderr

    return share_folder(tmp_path_factory, "released", create)


@pytest.fixture
def publisher(repository_folder: Path, tmp_path: Path) -> Path:
    """A publisher's repository without uncommitted changes."""
    return shutil.copytree(repository_folder, tmp_path / "work", symlinks=True) / REPOSITORY


@pytest.fixture
def released_copy(released_folder: Path, tmp_path: Path) -> Path:
    """A publisher's repository after its first release."""
    return shutil.copytree(released_folder, tmp_path / "work", symlinks=True) / REPOSITORY


def commit(folder: Path) -> None:
    run_program("git", "add", ".", folder=folder)
    assert run_program("git", "commit", "-qm", "示例", folder=folder).returncode == 0


def release(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run_gongkai(
        "release", "--demo", "../live", "--today", DAY, "-j", "1", *options, folder=folder
    )


def edit(folder: Path, text: str) -> None:
    """Change the home page's hand-written text, which no rule checks, and commit."""
    (folder / "content" / "index.md").write_text(f"# 示例\n\n{text}\n", "utf-8")
    commit(folder)


def message(folder: Path, name: str) -> str:
    """Return the message of a release's annotated tag."""
    content = run_program("git", "cat-file", "tag", f"released/{name}", folder=folder).stdout
    return content.partition("\n\n")[2]


def live(folder: Path) -> Path:
    return folder.parent / "live" / "current"


def test_a_release_its_manifest_and_a_rollback(publisher: Path) -> None:
    done = release(publisher)
    assert done.returncode == 0, done.stderr
    assert f"已发布 {DAY}：" in done.stderr
    assert f"git 标签 released/{DAY}" in done.stderr
    facts = json.loads((live(publisher) / "release.json").read_text("utf-8"))
    assert (
        facts["commit"] == run_program("git", "rev-parse", "HEAD", folder=publisher).stdout.strip()
    )
    assert facts["pages"] == len(list(live(publisher).rglob("*.html")))
    assert set(facts["versions"]) == {"gongkai", "mkdocs", "mkdocs-material"}
    checked = run_program("sha256sum", "-c", "--quiet", "SHA256SUMS", folder=live(publisher))
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
    back = run_gongkai("rollback", "../live", folder=publisher)
    assert (back.returncode, back.stderr) == (0, f"线上现在是 {DAY}\n")
    assert hashes(live(publisher)) == first
    assert "没有更早的发布" in run_gongkai("rollback", "../live", folder=publisher).stderr
    forth = run_gongkai("rollback", "../live", f"{DAY}-2", folder=publisher)
    assert forth.stderr == f"线上现在是 {DAY}-2\n"
    listing = run_gongkai("rollback", "../live", "--list", folder=publisher).stdout
    assert [line[0] for line in listing.splitlines()] == [" ", "*"]
    assert live(publisher).readlink().name == f"{DAY}-2"
    verified = run_gongkai("verify", "../live", folder=publisher)
    assert (verified.returncode, "hashed 里的" in verified.stderr) == (0, True)


def test_git_needs_no_configured_identity(publisher: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    run_program("git", "config", "user.useConfigOnly", "true", folder=publisher)
    data = publisher / "data"
    assert tag_release(data, DAY, "HEAD", "0" * 64) == f"released/{DAY}"
    assert message(publisher, DAY) == f"发布 {DAY}\n\nSHA256SUMS {'0' * 64}\n"
    content = run_program("git", "cat-file", "tag", f"released/{DAY}", folder=publisher).stdout
    assert "tagger gongkai <gongkai@localhost>" in content
    run_program("git", "config", "user.name", "示例员", folder=publisher)
    run_program("git", "config", "user.email", "shili@gongkai.example", folder=publisher)
    tag_release(data, f"{DAY}-2", "HEAD")
    content = run_program("git", "cat-file", "tag", f"released/{DAY}-2", folder=publisher).stdout
    assert "tagger 示例员 <shili@gongkai.example>" in content
    assert message(publisher, f"{DAY}-2") == f"发布 {DAY}-2\n"


def test_a_release_equals_an_ordinary_build(released_copy: Path) -> None:
    assert run_gongkai("build", "--today", DAY, folder=released_copy).returncode == 0
    manifest = {"SHA256SUMS", "SM3SUMS", "release.json", "sbom.cdx.json", "licences.txt"}
    files = {
        path: digest for path, digest in hashes(live(released_copy)).items() if path not in manifest
    }
    assert files == hashes(released_copy / "site")


@pytest.mark.parametrize(
    "umask",
    [0o077, *(pytest.param(umask, marks=pytest.mark.long) for umask in (0o027, 0o022))],
    ids=oct,
)
def test_a_web_server_can_read_a_release_whatever_the_umask(publisher: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        done = release(publisher)
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    folder = ReleaseFolder(publisher.parent / "live").folder
    private = stat.S_IMODE((folder / ".work").stat().st_mode) & 0o077 & umask
    assert private == 0, "the umask holds for what no server needs"
    site = live(publisher).resolve()
    for path in (folder, site.parent, site, *site.rglob("*")):
        needed = 0o555 if path.is_dir() else 0o444
        assert path.stat().st_mode & needed == needed, path


@pytest.mark.long
def test_old_releases_are_removed_but_never_those_that_readers_need(publisher: Path) -> None:
    for number in range(4):
        edit(publisher, f"第{number}次")
        done = release(publisher, "--keep", "2")
    assert f"删去旧的 {DAY}-2" in done.stderr
    releases = ReleaseFolder(publisher.parent / "live")
    assert releases.names() == [f"{DAY}-3", f"{DAY}-4"]
    run_gongkai("rollback", "../live", folder=publisher)
    edit(publisher, "又一次")
    release(publisher, "--keep", "1")
    assert (releases.names(), releases.current()) == ([f"{DAY}-3", f"{DAY}-5"], f"{DAY}-5")


def test_verify_lists_altered_missing_and_added_files(released_copy: Path) -> None:
    site = live(released_copy)
    assert run_gongkai("verify", "../live", folder=released_copy).returncode == 0
    (site / "robots2.txt").write_text("x")
    (site / "404.html").unlink()
    page = site / "index.html"
    page.write_text(page.read_text("utf-8").replace("<title>", "<title> "), "utf-8")
    done = run_gongkai("verify", "../live", folder=released_copy)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["改动 index.html", "缺少 404.html", "多出 robots2.txt"]
    (site / "SHA256SUMS").write_text("")
    done = run_gongkai("verify", str(site), folder=released_copy)
    assert "SHA256SUMS 被改动过" in done.stdout
    broken = run_gongkai("verify", "data", folder=released_copy)
    assert (broken.returncode, "这里不是 gongkai release 发布的网站" in broken.stdout) == (1, True)


def test_an_altered_release_is_not_rolled_back_to(released_copy: Path) -> None:
    (live(released_copy) / "404.html").unlink()
    edit(released_copy, "第二次")
    release(released_copy)
    done = run_gongkai("rollback", "../live", folder=released_copy)
    assert (done.returncode, "文件与发布时不同，没有换" in done.stderr) == (1, True)
    assert ReleaseFolder(released_copy.parent / "live").current() == f"{DAY}-2"


def test_a_file_altered_in_the_working_site_is_noticed(released_copy: Path) -> None:
    work = released_copy.parent / "live" / ".work" / "site" / "404.html"
    size = work.stat().st_size  # One of another size would be made again.
    work.unlink()
    work.write_text("x" * size)
    edit(released_copy, "第二次")
    done = release(released_copy)
    assert (done.returncode, "404.html）；请加 --fresh" in done.stderr) == (1, True)
    assert release(released_copy, "--fresh").returncode == 0


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
    released_copy: Path, text: str, options: tuple[str, ...], expected: str
) -> None:
    before = hashes(live(released_copy))
    edit(released_copy, text.replace("MOBILE", PERSONAL_NUMBERS["MOBILE"]))
    done = release(released_copy, *options)
    assert done.returncode == 1
    assert expected in done.stderr
    assert PERSONAL_NUMBERS["MOBILE"] not in done.stderr
    assert "没有发布；线上网站没有改动" in done.stderr
    assert hashes(live(released_copy)) == before
    assert not (released_copy.parent / "live" / ".making").exists()


def test_pages_are_compared_with_the_data(released_copy: Path, tmp_path: Path) -> None:
    site = tmp_path / "copy"
    shutil.copytree(live(released_copy), site)
    criteria = ReleaseCriteria(released_copy / "data", "https://gongkai.example/")
    assert list(find_faults(site, criteria, ONE)) == []
    (site / "units/shili/2022/index.html").rename(site / "units/shili/2022/other.html")
    (site / "units/fremd").mkdir()
    (site / "units/fremd/index.html").write_text("<p>示例</p>")
    messages = list(find_faults(site, criteria, ONE))
    assert "1 个网页数据里有，网站里没有：units/shili/2022/index.html" in messages
    assert "1 个网页网站里有，数据里没有：units/fremd/index.html" in messages


def test_blocked_and_uncommitted_data_is_not_released(released_copy: Path) -> None:
    before = hashes(live(released_copy))
    replace_in_file(released_copy / OVERALL, {"得分: 98}": "得分: 97}"})
    done = release(released_copy)
    assert (done.returncode, "数据里还有改动没有提交" in done.stderr) == (1, True)
    commit(released_copy)
    done = release(released_copy)
    assert (done.returncode, "没有勘误" in done.stderr) == (1, True)
    done = release(released_copy, "--no-git")
    assert (done.returncode, "错误 数据有 1 处错误" in done.stderr) == (1, True)
    assert hashes(live(released_copy)) == before


def test_without_git(publisher: Path) -> None:
    shutil.rmtree(publisher / ".git")
    assert "不在 git 仓库里" in release(publisher).stderr
    done = release(publisher, "--no-git")
    assert (done.returncode, "git 标签" in done.stderr) == (0, False)


def test_concurrent_releases_are_refused(released_copy: Path) -> None:
    with (released_copy.parent / "live" / ".work" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = release(released_copy)
    assert (done.returncode, "另一个程序正在发布到" in done.stderr) == (1, True)


def test_a_foreign_folder_is_refused(publisher: Path) -> None:
    live(publisher).mkdir(parents=True)
    done = release(publisher)
    assert (done.returncode, "不是链接；请换一个目录" in done.stderr) == (1, True)


def stop_release(folder: Path, how: str, change: int) -> tuple[int, str]:
    """Run a release that is stopped at a change of the disk; return exit code and standard error."""
    arguments = ("release", "--demo", "../live", "--today", DAY, "-j", "1")
    done = run_dying(how, change, *arguments, folder=folder)
    return done.returncode, done.stderr


@pytest.mark.parametrize("how", ["kill", "full"])
@pytest.mark.long
def test_the_live_site_stays_intact_after_any_interruption(released_copy: Path, how: str) -> None:
    """A release is stopped at every one of its last changes to the disk and at some earlier ones."""
    edit(released_copy, "第二次")
    count = int(stop_release(released_copy, "count", 0)[1].split()[-1])
    assert count > 100
    rnd = random.Random(how)  # noqa: S311 - where to stop
    in_pool = range(count - 80, count - 12)  # Two changes for every content-hashed file.
    early_stops = [*rnd.sample(range(1, in_pool.start), 4), *rnd.sample(in_pool, 4)]
    releases = ReleaseFolder(released_copy.parent / "live")
    were_live = {releases.current()}
    for number, at in enumerate([*early_stops, *range(count - 12, count + 1)]):
        edit(released_copy, f"{how}{number}")
        before, names = releases.current(), releases.names()
        text = (live(released_copy) / "index.html").read_text("utf-8")
        code, stderr = stop_release(released_copy, how, at)
        assert not find_differences(live(released_copy), ONE), at
        for path in filter(HASHED_NAME.search, list_files(live(released_copy))):
            content = (live(released_copy) / path).read_bytes()
            assert (releases.hashed / path).read_bytes() == content, (at, path)
        if releases.current() == before:
            assert text == (live(released_copy) / "index.html").read_text("utf-8")
            assert code != 0 or "完全相同" in stderr
        else:
            assert f"{how}{number}" in (live(released_copy) / "index.html").read_text("utf-8")
        if how == "full" and code:
            assert "磁盘满了" in stderr, stderr
        assert (set(names) - set(releases.names())) & were_live <= set(names[:1])
        were_live.add(releases.current())
    edit(released_copy, "最后")
    done = release(released_copy)
    assert done.returncode == 0, done.stderr
    assert not releases.find_pool_differences(ONE)
    assert "最后" in (live(released_copy) / "index.html").read_text("utf-8")
    tags = run_program("git", "tag", folder=released_copy).stdout.split()
    assert f"released/{releases.current()}" in tags
    for name in releases.names():
        assert not find_differences(releases.path(name), ONE)
        assert f"released/{name}" in tags


def test_a_leftover_symlink_does_not_block_a_release(released_copy: Path) -> None:
    """A release was killed after it made the new symlink and before it replaced the live one."""
    folder = released_copy.parent / "live"
    (folder / ".making-link").symlink_to(live(released_copy).resolve(), target_is_directory=True)
    edit(released_copy, "第二次")
    done = release(released_copy)
    assert done.returncode == 0, done.stderr
    assert not list(folder.glob(".making*"))
    assert live(released_copy).resolve().name.endswith("-2")


def test_a_moved_tag_blocks_a_release_and_a_lost_tag_is_restored(released_copy: Path) -> None:
    edit(released_copy, "第二次")
    run_program("git", "tag", "-f", f"released/{DAY}", "HEAD", folder=released_copy)
    done = release(released_copy)
    assert done.returncode == 1
    assert f"released/{DAY} 指向的提交与发布时的不同" in done.stderr
    assert ReleaseFolder(released_copy.parent / "live").names() == [DAY]
    run_program("git", "tag", "-d", f"released/{DAY}", folder=released_copy)
    assert release(released_copy).returncode == 0
    tagged_commit = run_program(
        "git", "rev-parse", f"released/{DAY}^{{commit}}", folder=released_copy
    ).stdout
    assert tagged_commit == run_program("git", "rev-parse", "HEAD~1", folder=released_copy).stdout


def test_a_shallow_clone_is_not_released_over_existing_releases(released_copy: Path) -> None:
    edit(released_copy, "第二次")
    clone = released_copy.with_name("浅")
    run_program(
        "git",
        "clone",
        "-q",
        "--depth",
        "1",
        f"file://{released_copy}",
        f"{clone}",
        folder=released_copy,
    )
    done = release(clone)
    assert done.returncode == 1
    assert "浅克隆" in done.stderr
    assert ReleaseFolder(released_copy.parent / "live").names() == [DAY]
