"""The promised browsers: what is in the pages for those that do less than today's."""

import re

import pytest

from tests.fflate import SCRIPT, has_npm, make_script


@pytest.mark.long
def test_the_script_that_decompresses_is_made_from_its_package() -> None:
    if not has_npm():
        pytest.skip("没有 npm，不能由 fflate 重做解压程序")
    assert SCRIPT.read_text("utf-8") == make_script(), "please run make fflate"


def test_the_script_that_decompresses_is_loaded_by_old_browsers_only() -> None:
    loading = re.compile(r'["\'./]fflate\.min\.js["\']')
    users = {path.name: loading.findall(path.read_text("utf-8")) for path in SCRIPT.parent.parent.rglob("*.js")}  # fmt: skip
    assert {name for name, found in users.items() if found} == {"files.js"}
    assert 'import("./fflate.min.js")' in (SCRIPT.parent / "files.js").read_text("utf-8")
