"""Damaged caches and sites, kills and power cuts: the next run makes everything whole again."""

import os
import shutil
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import pytest

from gongkai.build.workspace import Workspace
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_dying, run_gongkai, run_module, run_program
from tests.disks import mount_or_skip
from tests.edits import DAYS, change_text
from tests.site_pages import index_folder

BUILD = ("build", "--today", f"{DAYS[0]}", "-j", "1")


def build(folder: Path, *options: str) -> str:
    """Build the site; return what gongkai says."""
    done = run_gongkai(*BUILD, *options, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stderr


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


@pytest.mark.parametrize("damage", [empty, Path.unlink], ids=["emptied", "deleted"])
def test_a_lost_file_of_the_site_is_made_again(
    built_publisher: Path, damage: Callable[[Path], None]
) -> None:
    build(built_publisher)
    site = built_publisher / "site"
    expected = hashes(site)
    for path in (
        site / "index.html",
        site / "404.html",
        site / "units/shili/2022/index.html",
        index_folder(site) / "pages.json.bin",
    ):
        damage(path)
    assert "改动 0 个文件" not in build(built_publisher)
    assert hashes(site) == expected
    assert "改动 0 个文件" in build(built_publisher)


@pytest.mark.parametrize(
    ("damage", "options"),
    [
        pytest.param(empty, (), id="emptied", marks=pytest.mark.long),
        pytest.param(flip_bit, (), id="flipped"),
        pytest.param(cut_short, (), id="cut", marks=pytest.mark.long),
        pytest.param(Path.unlink, (), id="deleted", marks=pytest.mark.long),
        pytest.param(empty, ("--fresh",), id="fresh", marks=pytest.mark.long),
    ],
)
def test_damaged_caches_are_made_again(
    built_publisher: Path, damage: Callable[[Path], None], options: tuple[str, ...]
) -> None:
    """All parts, the output of MkDocs and the shared context at once."""
    with (built_publisher / "data" / "site.yml").open("a", encoding="utf-8") as site:
        site.write("整体下载: [CSV]\n")
    build(built_publisher)
    workspace = Workspace(built_publisher / "site")
    damaged = [path for path in workspace.folder.rglob("*") if path.is_file()]
    damaged = [path for path in damaged if path.name not in {"lock", "state"}]
    assert {".rows", ".html", ""} <= {path.suffix for path in damaged}
    for path in damaged:
        damage(path)
    change_text(built_publisher / "data", Random(3))  # noqa: S311 - which text is edited
    build(built_publisher, *options)
    build(built_publisher, "-d", "cold", "--fresh")
    assert hashes(built_publisher / "site") == hashes(built_publisher / "cold")


def test_damaged_templates_are_compiled_again(built_publisher: Path) -> None:
    """The state is good, so that the cache is used; a process of its own has none in memory."""
    for number in range(2):
        change_text(built_publisher / "data", Random(number))  # noqa: S311 - which text is edited
        done = run_module("gongkai", *BUILD, folder=built_publisher)
        assert done.returncode == 0, done.stderr
        compiled = list((built_publisher / ".gongkai" / "site" / "templates").rglob("*.cache"))
        assert compiled
        for path in compiled:
            cut_short(path)
    build(built_publisher, "-d", "cold", "--fresh")
    assert hashes(built_publisher / "site") == hashes(built_publisher / "cold")


def test_fresh_does_not_stop_a_build_that_runs(built_publisher: Path) -> None:
    build(built_publisher)
    workspace = Workspace(built_publisher / "site")
    before = hashes(workspace.folder)
    with workspace.lock():
        done = run_gongkai(*BUILD, "--fresh", folder=built_publisher)
    assert (done.returncode, "另一个程序正在生成" in done.stdout) == (1, True)
    assert hashes(workspace.folder) == before


def test_any_command_completes_a_killed_update_of_the_site(
    built_publisher: Path, tmp_path: Path
) -> None:
    """The build is killed while it moves changed files into the site, one by one."""
    build(built_publisher)
    change_text(built_publisher / "data", Random(3))  # noqa: S311 - which text is edited
    complete = shutil.copytree(built_publisher, tmp_path / "complete", symlinks=True)
    counted = run_dying("count", 0, *BUILD, folder=complete)
    count, expected = int(counted.stderr.split()[-1]), hashes(complete / "site")
    before = hashes(built_publisher / "site")
    killed = run_dying("kill", count - 12, *BUILD, folder=built_publisher)
    assert killed.returncode == -signal.SIGKILL
    assert hashes(built_publisher / "site") not in (before, expected)
    done = run_gongkai("check", folder=built_publisher)
    assert (done.returncode, "上次更新网站时被打断，现在已经换完" in done.stderr) == (0, True)
    assert hashes(built_publisher / "site") == expected
    assert "被打断" not in run_gongkai("check", folder=built_publisher).stderr


def add_second_unit(data: Path) -> None:
    """Add a second unit with the same content under another name."""
    copy = shutil.copytree(data / "units" / "shili", data / "units" / "zweite")
    for path in copy.rglob("*.*"):
        text = path.read_text("utf-8").replace("示例单位", "示例二单位").replace("SL/", "SL/2")
        path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    "distances",
    [
        pytest.param((9,), id="short"),
        pytest.param(range(1, 40, 3), id="all", marks=pytest.mark.long),
    ],
)
def test_a_killed_deletion_of_folders_is_completed(
    example_folder: Path, tmp_path: Path, distances: Iterable[int]
) -> None:
    """The build is killed while it deletes a unit's files and the folders that become empty."""
    source = shutil.copytree(example_folder, tmp_path / "source", symlinks=True)
    add_second_unit(source / "data")
    build(source)
    shutil.rmtree(source / "data" / "units" / "zweite")
    complete = shutil.copytree(source, tmp_path / "complete", symlinks=True)
    counted = run_dying("count", 0, *BUILD, folder=complete)
    count, expected = int(counted.stderr.split()[-1]), hashes(complete / "site")
    for distance in distances:
        folder = shutil.copytree(source, tmp_path / f"{distance}", symlinks=True)
        killed = run_dying("kill", count - distance, *BUILD, folder=folder)
        assert killed.returncode == -signal.SIGKILL
        build(folder)
        assert hashes(folder / "site") == expected
        shutil.rmtree(folder)


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk image")
def test_a_site_outlives_a_power_cut(example_folder: Path, tmp_path: Path) -> None:
    """A copy of the disk image, made at once, holds what a power cut would leave."""
    if not (shutil.which("mkfs.ext4") and shutil.which("mount")):
        pytest.skip("there is no mkfs.ext4 or no mount")
    image, remains = tmp_path / "disk", tmp_path / "remains"
    with image.open("wb") as file:
        file.truncate(300_000_000)
    assert run_program("mkfs.ext4", "-q", f"{image}", folder=tmp_path).returncode == 0
    with mount_or_skip(tmp_path / "mounted", "-o", "loop", f"{image}") as disk:
        folder = shutil.copytree(example_folder, disk / "publisher", symlinks=True)
        run_program("sync", folder=tmp_path)
        rnd = Random(4)  # noqa: S311 - which texts are edited
        old = hashes(folder / "site")
        for options in ((), ("--fresh",), ()):
            change_text(folder / "data", rnd)
            done = run_module("gongkai", *BUILD, *options, folder=folder)
            assert done.returncode == 0, done.stderr
            shutil.copyfile(image, remains)
            new = hashes(folder / "site")
            with mount_or_skip(tmp_path / "after", "-o", "loop", f"{remains}") as after:
                files = hashes(after / "publisher" / "site")
                whole = {path: {old.get(path), new.get(path)} for path in {*old, *new}}
                assert all(digest in whole[path] for path, digest in files.items())
                shutil.rmtree(after / "publisher" / "data")
                shutil.copytree(folder / "data", after / "publisher" / "data")
                build(after / "publisher")
                assert hashes(after / "publisher" / "site") == new
            old = new
