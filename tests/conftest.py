"""Options and fixtures shared by all tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests.benchmarks.corpus import write_corpus
from tests.commands import run_gongkai, run_module
from tests.edits import DAYS
from tests.folders import copy_publisher, example_data
from tests.shared import share_folder
from tests.site_pages import launch_chromium

settings.register_profile(
    "gongkai",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gongkai")


os.sync = lambda: (
    None
)  # Programs in their own process wait for the disk, which others write to as well.


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files as they come out now"
    )


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository's own data, for reading."""

    def build(folder: Path) -> None:
        arguments = ("build", "--site-dir", f"{folder / 'site'}", "--today", f"{DAYS[0]}")
        completed = run_module("gongkai", *arguments)
        assert completed.returncode == 0, completed.stdout + completed.stderr

    return share_folder(tmp_path_factory, "own", build) / "site"


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publisher's folder with the built site of the synthetic 示例单位, for reading and copying."""

    def build(folder: Path) -> None:
        example_data(copy_publisher(folder))
        completed = run_gongkai("build", "--strict", folder=folder)
        assert completed.returncode == 0, completed.stdout + completed.stderr

    return share_folder(tmp_path_factory, "example", build)


@pytest.fixture(scope="session")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publisher's folder with the built site of four synthetic units, for reading and copying."""

    def build(folder: Path) -> None:
        write_corpus(copy_publisher(folder), 120, seed=5)
        with (folder / "data" / "site.yml").open("a", encoding="utf-8") as site:
            site.write("整体下载: [CSV, SQLite]\n")
        completed = run_gongkai("build", "--today", DAYS[0], folder=folder)
        assert completed.returncode == 0, completed.stdout + completed.stderr

    return share_folder(tmp_path_factory, "corpus", build)


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository of the made-up 示例县 with its site, for reading and copying."""

    def build(folder: Path) -> None:
        done = run_gongkai("init", folder / "county", "--demo")
        assert done.returncode == 0, done.stderr
        arguments = ("build", "--strict", "--today", "2025-10-01")
        done = run_gongkai(*arguments, folder=folder / "county")
        assert done.returncode == 0, done.stdout + done.stderr

    return share_folder(tmp_path_factory, "county", build) / "county"


@pytest.fixture
def built_publisher(example_folder: Path, tmp_path: Path) -> Path:
    """A copy of `example_folder`: its next build does not need MkDocs if only data has changed."""
    return shutil.copytree(example_folder, tmp_path / "publisher", symlinks=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Run one Chromium for all tests of a worker."""
    with launch_chromium() as browser:
        yield browser
