"""Two publishers, two users, a clock that goes back, odd tags and file names, private paths."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from gongkai.release.folder import ReleaseFolder
from gongkai.release.tags import newest_tag
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_gongkai, run_module, run_program
from tests.folders import replace_in_file
from tests.release.test_publish import (
    DAY,
    OVERALL,
    commit,
    edit,
    live,
    publisher,
    release,
    released_copy,
    released_folder,
    repository_folder,
)

__all__ = ["publisher", "released_copy", "released_folder", "repository_folder"]
TEXT = "示例路段施工时间较长"


def build(folder: Path, *options: str) -> str:
    """Build the site; return what gongkai says."""
    done = run_gongkai("build", "--today", DAY, "-j", "1", *options, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.long
def test_two_publishers_do_not_mix(released_copy: Path, tmp_path: Path) -> None:
    """Neither release folder nor site of one takes anything from the other unnoticed."""
    other = shutil.copytree(released_copy, tmp_path / "other" / "示例 仓库", symlinks=True)
    replace_in_file(other / "data" / "site.yml", {"\n主办单位: ": "\n主办单位: 示例乙"})
    commit(other)
    live_folder = released_copy.parent / "live"
    arguments = ("release", "--demo", live_folder, "--today", DAY, "-j", "1")
    assert run_gongkai(*arguments, folder=other).returncode == 0
    edit(released_copy, "第二次")
    done = release(released_copy)
    assert (done.returncode, "这个 git 仓库里没有它，没有发布" in done.stderr) == (1, True)
    for folder in (released_copy, other, released_copy):
        build(folder, "-d", f"{tmp_path / 'shared'}")
        build(folder, "-d", "cold", "--fresh")
        assert hashes(tmp_path / "shared") == hashes(folder / "cold")


def test_a_clock_that_goes_back(released_copy: Path) -> None:
    edit(released_copy, "第二次")
    before = hashes(live(released_copy))
    arguments = ("release", "--demo", "../live", "-j", "1", "--today")
    done = run_gongkai(*arguments, "2023-06-30", folder=released_copy)
    assert done.returncode == 1
    assert f"今天是 2023-06-30，而最近一次发布是 {DAY}，没有发布。请核对电脑的时钟" in done.stderr
    assert hashes(live(released_copy)) == before
    tag_only = run_gongkai("release", "--demo", "--today", "2023-06-30", folder=released_copy)
    assert (tag_only.returncode, "请核对电脑的时钟" in tag_only.stderr) == (1, True)
    assert run_gongkai(*arguments, DAY, folder=released_copy).returncode == 0


ODD_TAGS = (
    *(
        "示例",
        "2023-13-45",
        f"{DAY}-x",
        "a/b/c",
        f"{DAY}-٣",
        "--help",
        "-",
        'a"b<i>',
        "a&amp;b",
    ),
    *("100%", "index", "x" * 180, "ａ", f"{DAY}-{'9' * 30}"),
)
"""Names after released/ that git allows."""


def test_odd_tags(released_copy: Path) -> None:
    """They neither stop a release nor break a link, and an older site stays reachable by them."""
    for number, name in enumerate(ODD_TAGS):
        replace_in_file(released_copy / OVERALL, {TEXT: f"{TEXT}又{number}"})
        commit(released_copy)
        done = run_program("git", "tag", f"released/{name}", "HEAD", folder=released_copy)
        assert done.returncode == 0, done.stderr
    run_program("git", "tag", "-a", "-m", "示例", "inner", "HEAD", folder=released_copy)
    run_program("git", "tag", "-a", "-m", "示例", "released/nested", "inner", folder=released_copy)
    for name, target in (("tree", "HEAD^{tree}"), ("blob", "HEAD:mkdocs.yml")):
        done = run_program("git", "tag", f"released/{name}", target, folder=released_copy)
        assert done.returncode == 0, done.stderr
    edit(released_copy, "第二次")
    assert newest_tag(released_copy / "data") == "released/nested"
    done = release(released_copy)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (live(released_copy) / "as-of").iterdir() if path.is_dir()}
    assert DAY in names
    assert len(names) >= len(ODD_TAGS)


def test_a_later_tag_counts_whatever_its_name(released_copy: Path) -> None:
    """What is compared is the nearest release before HEAD, not the last in alphabetical order."""
    run_program("git", "tag", "released/zzz", "HEAD~0", folder=released_copy)
    edit(released_copy, "第二次")
    assert release(released_copy).returncode == 0
    replace_in_file(released_copy / OVERALL, {TEXT: f"{TEXT}又"})
    commit(released_copy)
    assert newest_tag(released_copy / "data") == f"released/{DAY}-2"
    done = release(released_copy)
    assert (done.returncode, "没有勘误" in done.stderr) == (1, True)


def put_file(folder: Path, name: bytes) -> None:
    with open(os.path.join(os.fsencode(folder), name), "wb") as file:  # noqa: PTH118, PTH123 - bytes
        file.write(b"# x\n")


@pytest.mark.long
def test_file_names_that_are_not_utf8(released_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Archives from older systems have names in GBK."""
    # In processes of their own: what they log cannot go from a test's worker to pytest.
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8:backslashreplace")
    name = "示例".encode("gbk")
    folder = released_copy / "data" / "units" / "shili" / "2022"
    put_file(folder, name + b".txt")
    commit(released_copy)
    for style in ("json", "gitlab", "sarif"):
        done = run_module(
            "gongkai", "check", "--format", style, "--today", DAY, folder=released_copy
        )
        assert (done.returncode, "不认识的文件" in done.stdout) == (0, True), done.stderr
        json.loads(done.stdout)
    edit(released_copy, "第二次")
    done = run_module(
        "gongkai", "release", "--demo", "../live", "--today", DAY, folder=released_copy
    )
    assert done.returncode == 0, done.stderr
    put_file(folder / "projects", name + b".yml")
    done = run_module("gongkai", "build", "--today", DAY, folder=released_copy)
    assert (done.returncode, "只能用小写英文字母、数字和连字符" in done.stderr) == (1, True)
    for path in folder.rglob("*"):
        if not f"{path.name}".isprintable():
            path.unlink()
    put_file(released_copy / "content", name + b".md")
    done = run_module("gongkai", "build", "--today", DAY, folder=released_copy)
    assert done.returncode == 1
    assert "content 里的文件名“ʾ\\xc0\\xfd.md”不是 UTF-8 编码" in done.stdout + done.stderr


def test_pages_do_not_say_where_and_by_whom_they_were_made(publisher: Path) -> None:
    """No path of the machine, no address of the repository, no author, in no file of any kind."""
    secret = "geheim" + "nis"
    private = publisher.parent.parent / f"{secret}-ordner" / "示例 仓库"
    shutil.copytree(publisher, private, symlinks=True)
    url = f"https://{secret}:{secret}@{secret}.example/{secret}.git"
    for arguments in (
        ("remote", "add", "origin", url),
        ("config", "user.name", secret),
        ("config", "user.email", f"{secret}@gongkai.example"),
        (
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            secret,
            f"--author={secret} <{secret}@example.org>",
        ),
    ):
        assert run_program("git", *arguments, folder=private).returncode == 0
    with (private / "data" / "site.yml").open("a", encoding="utf-8") as site:
        site.write("整体下载: [CSV, SQLite, Parquet]\n")
    commit(private)
    assert release(private).returncode == 0
    files = [path for path in live(private).rglob("*") if path.is_file()]
    assert {".html", ".json", ".csv", ".bin", ".zip", ".sqlite", ".parquet"} <= {
        path.suffix for path in files
    }
    for path in files:
        for data in unpack(path):
            assert secret.encode() not in data.lower(), path
            assert f"{publisher.parent.parent}".encode() not in data, path


def unpack(path: Path) -> list[bytes]:
    """Return a file's bytes, and those of the files in it."""
    data = path.read_bytes()
    if path.suffix == ".bin":
        return [zlib.decompress(data)]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return [archive.read(name) for name in archive.namelist()]
    return [data]


def run_as_nobody(*arguments: str, folder: Path) -> tuple[int, str]:
    """Run gongkai as another user, who can read everything but write only what is allowed."""
    identity = ("--reuid=65534", "--regid=65534", "--clear-groups")
    reading = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    command = ("setpriv", *identity, *reading, sys.executable, "-m", "gongkai", *arguments)
    environment = {name: text for name, text in os.environ.items() if name != "HOME"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can become another user"
)
def test_two_users(released_copy: Path) -> None:
    """Another user checks, verifies and builds elsewhere, but is refused what is not his."""
    build(released_copy)
    before, live_before = hashes(released_copy / "site"), hashes(live(released_copy))
    allowed: tuple[tuple[str, ...], ...] = (
        ("check", "--today", DAY),
        ("verify", "../live"),
        ("rollback", "../live", "--list"),
        ("scan", "site"),
    )
    for arguments in allowed:
        code, text = run_as_nobody(*arguments, folder=released_copy)
        assert code == 0, text
    owner = Path(released_copy).owner()
    advice = f"。它属于用户 {owner}，请用这个用户运行，或者请管理员改权限"
    refused: tuple[tuple[str, ...], ...] = (
        ("build", "--today", DAY),
        ("release", "--demo", "../live", "--today", DAY, "--no-git"),
        ("rollback", "../live"),
    )
    for arguments in refused:
        code, text = run_as_nobody(*arguments, folder=released_copy)
        assert (code, "没有权限：" in text, text.rstrip().endswith(advice)) == (1, True, True), text
    other = released_copy.parent / "other"
    other.mkdir()
    other.chmod(0o777)
    elsewhere: tuple[tuple[str, ...], ...] = (
        ("build", "--today", DAY, "-d", f"{other / 'site'}"),
        ("release", "--demo", f"{other / 'live'}", "--today", DAY, "--no-git"),
    )
    for arguments in elsewhere:
        code, text = run_as_nobody(*arguments, folder=released_copy)
        assert code == 0, text
    by_history = ("as-of/", "search/data.")  # Without git there is no history, and another index.
    built = [
        {path for path in found if not path.startswith(by_history)}
        for found in (before, hashes(other / "site"))
    ]
    assert built[0] == built[1]
    assert (hashes(released_copy / "site"), hashes(live(released_copy))) == (before, live_before)


def test_a_tag_that_cannot_be_made_does_not_hide_that_the_site_is_live(released_copy: Path) -> None:
    edit(released_copy, "第二次")
    hook = released_copy / ".git" / "hooks" / "reference-transaction"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    done = release(released_copy)
    assert done.returncode == 1
    assert f"已发布 {DAY}-2" in done.stderr
    assert "错误 网站已经换上，git 标签没有打成，下一次发布时补上：" in done.stderr
    assert "第二次" in (live(released_copy) / "index.html").read_text("utf-8")
    hook.unlink()
    assert release(released_copy).returncode == 0
    tags = run_program("git", "tag", folder=released_copy).stdout.split()
    assert f"released/{ReleaseFolder(released_copy.parent / 'live').current()}" in tags
