"""Options and fixtures shared by all tests."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from gongkai.runtime.clock import SOURCE_DATE_EPOCH
from gongkai.runtime.settings import DATA_VARIABLE
from tests.folders import ROOT
from tests.site_pages import launch_chromium


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files as they come out now"
    )


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """Undo changes that a test's options (--data, --today) make to the environment."""
    saved = {name: os.environ.pop(name, None) for name in (DATA_VARIABLE, SOURCE_DATE_EPOCH)}
    yield
    for name, value in saved.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of this repository's own data once for all tests; return its folder."""
    site = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "gongkai", "build", "--site-dir", str(site)]
    completed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return site


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run one Chromium for the tests of a module."""
    with launch_chromium() as browser:
        yield browser
