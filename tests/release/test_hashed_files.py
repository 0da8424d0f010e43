"""The content-hashed files of all releases stay within reach of readers, whatever happens."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.release.folder import ReleaseError, ReleaseFolder
from gongkai.release.manifest import (
    RELEASE,
    SHA256,
    Differences,
    hash_files,
    list_files,
    manifest_hash,
    write_hash_lists,
)
from gongkai.runtime.workers import Workers
from tests.commands import run_gongkai

ONE = Workers(1)
NONE = Differences()
SCRIPT, PICTURE, PART = (
    "assets/site.11111111.js",
    "units/图.20221130.png",
    "search/data.11111111/a/1.bin",
)
FILES = {"index.html": "一", "assets/site.svg": "一", SCRIPT: "一", PICTURE: "一", PART: "一"}
NEW_SCRIPT = "assets/site.22222222.min.js"
NEW_FILES = {"index.html": "二", NEW_SCRIPT: "二", PICTURE: "二"}


def store(releases: ReleaseFolder, name: str, files: dict[str, str]) -> None:
    """Store a release that consists of a few files."""
    for path, text in files.items():
        (releases.staging / path).parent.mkdir(parents=True, exist_ok=True)
        (releases.staging / path).write_text(text, "utf-8")
    names = list_files(releases.staging)
    hashes = hash_files(releases.staging, names, ONE, with_sm3=False)
    write_hash_lists(releases.staging, hashes)
    facts = {"name": name, "manifests": {SHA256: manifest_hash(releases.staging)}}
    (releases.staging / RELEASE).write_text(json.dumps(facts), "utf-8")
    releases.store_staged(name)


@pytest.fixture(scope="module")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release folder with two releases, the second live."""
    folder = ReleaseFolder(tmp_path_factory.mktemp("releases") / "live")
    with folder.lock():
        for name, files in (("2023-07-01", FILES), ("2023-07-02", NEW_FILES)):
            store(folder, name, files)
            folder.switch(name, is_new=True)
    return folder.folder


@pytest.fixture
def releases(two_releases: Path, tmp_path: Path) -> ReleaseFolder:
    """A release folder with two releases, the second live, to be changed."""
    return ReleaseFolder(shutil.copytree(two_releases, tmp_path / "live", symlinks=True))


def texts(releases: ReleaseFolder) -> dict[str, str]:
    """Return the files in the folder by path, without their list."""
    return {
        path: (releases.hashed / path).read_text("utf-8") for path in list_files(releases.hashed)
    }


def switch(releases: ReleaseFolder, name: str) -> None:
    with releases.lock():
        releases.switch(name)


def test_files_of_all_releases_are_there_and_those_of_the_live_one_come_first(
    releases: ReleaseFolder,
) -> None:
    assert texts(releases) == {SCRIPT: "一", PART: "一", NEW_SCRIPT: "二", PICTURE: "二"}
    switch(releases, "2023-07-01")
    assert texts(releases) == {SCRIPT: "一", PART: "一", NEW_SCRIPT: "二", PICTURE: "一"}
    shutil.rmtree(releases.hashed)
    switch(releases, "2023-07-01")
    script = releases.path("2023-07-01") / SCRIPT
    assert script.samefile(releases.hashed / SCRIPT), "no space is needed"


def test_files_of_a_removed_release_stay_until_the_next_one(releases: ReleaseFolder) -> None:
    with releases.lock():
        store(releases, "2023-07-03", NEW_FILES | {"index.html": "三"})
        releases.switch("2023-07-03", is_new=True)
        assert releases.prune(1, live_before="2023-07-02") == ["2023-07-01"]
    everything = {SCRIPT: "一", PART: "一", NEW_SCRIPT: "二", PICTURE: "二"}
    assert (texts(releases), releases.find_pool_differences(ONE)) == (everything, NONE)
    switch(releases, "2023-07-02")
    assert (texts(releases), releases.find_pool_differences(ONE)) == (everything, NONE)
    with releases.lock():
        store(releases, "2023-07-04", {"index.html": "四", SCRIPT: "四"})
        releases.switch("2023-07-04", is_new=True)
    assert texts(releases) == {SCRIPT: "四", NEW_SCRIPT: "二", PICTURE: "二"}
    assert sorted(path.name for path in releases.hashed.iterdir()) == [
        "SHA256SUMS",
        "assets",
        "units",
    ]
    assert releases.find_pool_differences(ONE) == NONE


def test_withdrawn_releases_leave_nothing(releases: ReleaseFolder) -> None:
    """As the handbook says: both folders are deleted, then the live release is switched to."""
    shutil.rmtree(releases.path("2023-07-01"))
    shutil.rmtree(releases.hashed)
    done = run_gongkai("rollback", releases.folder, "2023-07-02", "-j", "1")
    assert (done.returncode, done.stderr) == (0, "线上现在是 2023-07-02\n")
    assert texts(releases) == {NEW_SCRIPT: "二", PICTURE: "二"}


def _lose_everything(pool: Path) -> None:
    shutil.rmtree(pool)


def _put_a_file_for_the_folder(pool: Path) -> None:
    shutil.rmtree(pool)
    pool.write_text("x")


def _lose_a_file(pool: Path) -> None:
    (pool / SCRIPT).unlink()


def _empty_a_file(pool: Path) -> None:
    (pool / SCRIPT).unlink()
    (pool / SCRIPT).touch()


def _put_a_link_for_a_file(pool: Path) -> None:
    (pool / SCRIPT).unlink()
    (pool / SCRIPT).symlink_to("/nirgends")


def _put_a_folder_for_a_file(pool: Path) -> None:
    (pool / SCRIPT).unlink()
    (pool / SCRIPT / "x").mkdir(parents=True)
    (pool / SCRIPT / "x" / "y").touch()


def _put_a_link_for_a_folder(pool: Path) -> None:
    (pool / "assets").rename(pool.parent / "moved")
    (pool / "assets").symlink_to("../moved")


def _put_a_file_for_a_subfolder(pool: Path) -> None:
    shutil.rmtree(pool / "search")
    (pool / "search").touch()


def _lose_the_list(pool: Path) -> None:
    (pool / "SHA256SUMS").unlink()


def _damage_the_list(pool: Path) -> None:
    (pool / "SHA256SUMS").write_bytes(b"\xff\n0  ../x.11111111.js\n")


def _put_a_folder_for_the_list(pool: Path) -> None:
    (pool / "SHA256SUMS").unlink()
    (pool / "SHA256SUMS").mkdir()


def _add_files(pool: Path) -> None:
    (pool / "assets" / "fremd.12345678.js").touch()
    (pool / ".making").touch()


DAMAGES = [
    _lose_everything,
    _put_a_file_for_the_folder,
    _lose_a_file,
    _empty_a_file,
    _put_a_link_for_a_file,
    _put_a_folder_for_a_file,
    _put_a_link_for_a_folder,
    _put_a_file_for_a_subfolder,
    _lose_the_list,
    _damage_the_list,
    _put_a_folder_for_the_list,
    _add_files,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_is_made_again(
    releases: ReleaseFolder, damage: Callable[[Path], None]
) -> None:
    before, list_before = texts(releases), (releases.hashed / "SHA256SUMS").read_bytes()
    damage(releases.hashed)
    is_list = damage in {_lose_the_list, _put_a_folder_for_the_list}
    assert is_list or releases.find_pool_differences(ONE) != NONE
    switch(releases, releases.current())
    assert (texts(releases), releases.find_pool_differences(ONE)) == (before, NONE)
    assert (releases.hashed / "SHA256SUMS").read_bytes() == list_before
    assert not [path for path in releases.hashed.rglob("*") if path.is_symlink()]


def test_a_damaged_file_of_a_removed_release_is_removed(releases: ReleaseFolder) -> None:
    releases.remove("2023-07-01")
    (releases.hashed / PART).unlink()
    (releases.hashed / PART).write_text("x")
    switch(releases, "2023-07-02")
    assert texts(releases) == {SCRIPT: "一", NEW_SCRIPT: "二", PICTURE: "二"}
    assert releases.find_pool_differences(ONE) == NONE


def test_a_file_that_a_kept_release_has_lost_is_kept_here(releases: ReleaseFolder) -> None:
    (releases.path("2023-07-01") / SCRIPT).unlink()
    (releases.path("2023-07-01") / "SHA256SUMS").write_text("")
    before = texts(releases)
    switch(releases, "2023-07-02")
    assert texts(releases) == before


def test_copies_serve_where_the_disk_cannot_link(
    releases: ReleaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(releases.hashed)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    switch(releases, "2023-07-01")
    copies = {path: (releases.hashed / path).stat().st_ino for path in texts(releases)}
    assert texts(releases) == {SCRIPT: "一", PART: "一", NEW_SCRIPT: "二", PICTURE: "一"}
    switch(releases, "2023-07-02")
    again = {path: (releases.hashed / path).stat().st_ino for path in texts(releases)}
    assert {path for path, number in copies.items() if again[path] != number} == {PICTURE}


def test_verify_names_what_differs_and_how_to_mend_it(releases: ReleaseFolder) -> None:
    done = run_gongkai("verify", releases.folder, "-j", "1")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "3 个文件都与发布时相同，hashed 里的 4 个也相同，发布 2023-07-02\n"
    (releases.hashed / NEW_SCRIPT).unlink()
    (releases.hashed / SCRIPT).unlink()
    (releases.hashed / SCRIPT).write_text("x", "utf-8")
    (releases.hashed / "assets" / "fremd.12345678.js").touch()
    done = run_gongkai("verify", releases.folder, "-j", "1")
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        [
            f"改动 hashed/{SCRIPT}",
            f"缺少 hashed/{NEW_SCRIPT}",
            "多出 hashed/assets/fremd.12345678.js",
        ],
    )
    command = f"gongkai rollback {releases.folder} 2023-07-02"
    assert done.stderr == f"线上的版本与发布时相同，hashed 里的不同；请用 {command} 重新做好\n"
    assert run_gongkai(*command.split()[1:]).returncode == 0
    assert run_gongkai("verify", releases.folder, "-j", "1").returncode == 0


def test_the_link_of_older_versions_is_removed(releases: ReleaseFolder) -> None:
    (releases.folder / "previous").symlink_to("releases/2023-07-01")
    switch(releases, "2023-07-01")
    assert sorted(path.name for path in releases.folder.iterdir()) == [
        ".work",
        "current",
        "hashed",
        "releases",
    ]


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    folder = ReleaseFolder(tmp_path)
    (tmp_path / "hashed").mkdir()
    with pytest.raises(ReleaseError) as caught, folder.lock():
        pass
    expected = f"{tmp_path / 'hashed'} 不是发布时建立的；请换一个目录，或先移走它"
    assert f"{caught.value}" == expected
