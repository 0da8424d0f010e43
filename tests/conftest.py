"""What all tests share."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.folders import ROOT


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files as they come out now"
    )


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository's own data, built once for all tests."""
    site = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "generator", "build", "--site-dir", str(site)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return site
