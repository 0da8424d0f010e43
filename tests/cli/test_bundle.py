"""A closed network: the bundle installs where there is no route, and the program does all its work there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import run_program
from tests.folders import GOLDEN, ROOT

pytestmark = pytest.mark.long
CLOSED = ("unshare", "--map-root-user", "--net")
"""Runs a command in a network namespace of its own, which has no route."""


def has_namespaces() -> bool:
    if shutil.which(CLOSED[0]) is None:
        return False
    return subprocess.run([*CLOSED, "true"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of this system and this Python."""
    if not (sys.platform == "linux" and os.uname().machine == "x86_64" and has_namespaces()):
        pytest.skip("no network namespace without a route can be made here")
    folder = tmp_path_factory.mktemp("bundle") / "bundle"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [sys.executable, ".ci/bundle.py", f"{folder}", python, "--system", "linux-x86_64"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "linux-x86_64"


def run_without_route(*command: object, folder: Path) -> str:
    """Run a command without any network; return what it prints."""
    done = run_program(*CLOSED, "env", "-u", "PYTHONPATH", *map(str, command), folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_everything_works_without_a_network(bundle: Path, tmp_path: Path) -> None:
    run_without_route(
        "env", f"PYTHON={sys.executable}", bundle / "install.sh", "venv", folder=tmp_path
    )
    gongkai, county = tmp_path / "venv/bin/gongkai", tmp_path / "county"
    run_without_route(gongkai, "init", "county", "--domain", "gongkai.example", folder=tmp_path)
    shutil.copytree(GOLDEN / "data/units", county / "data/units", dirs_exist_ok=True)
    assert "7 个数据文件" in run_without_route(gongkai, "build", "--strict", folder=county)
    for day in ("2026-11-01", "2026-11-02"):
        (county / "content/contact.md").write_text(f"# 联系我们 {day} {{#top}}\n", "utf-8")
        run_program("git", "add", "--all", folder=county)
        run_program("git", "commit", "--no-verify", "--message", day, folder=county)
        text = run_without_route(
            gongkai, "release", "../live", "--demo", "--today", day, folder=county
        )
        assert f"已发布 {day}：" in text
    assert "线上现在是 2026-11-01" in run_without_route(
        gongkai, "rollback", "../live", folder=county
    )
    assert "都与发布时相同" in run_without_route(gongkai, "verify", "../live", folder=county)


def test_a_bundle_that_was_changed_is_not_installed(bundle: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(bundle, tmp_path / "bundle")
    with (copy / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("\n")
    done = run_program(f"{copy / 'install.sh'}", "venv", folder=tmp_path)
    assert done.returncode == 1
    assert "安装包不完整或者被改动过，没有安装；请重新拷一份\n" in done.stdout
    assert not (tmp_path / "venv").exists()
