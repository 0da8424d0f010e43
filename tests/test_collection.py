"""All tests run: pytest leaves out no folder."""

from fnmatch import fnmatch
from pathlib import Path

import pytest


def test_no_folder_of_tests_is_left_out(pytestconfig: pytest.Config) -> None:
    patterns = pytestconfig.getini("norecursedirs")
    folders = {
        folder for path in Path(__file__).parent.rglob("test_*.py") for folder in path.parents
    }
    names = {folder.name for folder in folders if folder.is_relative_to(Path(__file__).parent)}
    assert {"build", "tests"} < names
    assert [name for name in names if any(fnmatch(name, pattern) for pattern in patterns)] == []
