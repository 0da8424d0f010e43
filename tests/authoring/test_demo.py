"""示例县: the made-up county is the same everywhere, publishable, and shows every kind of page."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from gongkai.pages.page_types import PAGE_TYPES
from tests.commands import run_gongkai, run_program
from tests.folders import ROOT

pytestmark = pytest.mark.long
RELEASES = ("2022-07-15", "2023-07-15", "2024-07-15", "2025-07-15", "2025-09-15")

_OF_LONGER_LISTS = {
    *("units-part", "year-part", "shortfalls-part", "contradictions-part"),
    "corrections-year",
}
"""Pages of lists that are too long for one page; the county's are not."""


def git(folder: Path, *arguments: str) -> str:
    done = run_program("git", *arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def read_yaml(path: Path) -> dict[str, object]:
    content = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
    assert isinstance(content, dict)
    return content


def test_it_has_what_it_promises(county: Path) -> None:
    units = sorted((county / "data/units").glob("*/unit.yml"))
    facts = [read_yaml(path) for path in units]
    assert len(units) == 40
    assert len({fact["主管部门"] for fact in facts}) == 6
    assert all(f"{fact['名称']}".startswith("示例县") for fact in facts)
    special = Counter(
        key for fact in facts for key in fact if key in {"曾用代号", "撤回", "公开义务"}
    )
    assert special == {"曾用代号": 1, "撤回": 1, "公开义务": 1}
    assert len(list(county.glob("data/units/*/*/projects/*.yml"))) == 300
    assert {path.parent.name for path in county.glob("data/units/*/*/disclosure.yml")} == {
        *("2021", "2022", "2023", "2024")
    }
    disclosures = [read_yaml(path) for path in county.glob("data/units/*/*/disclosure.yml")]
    assert sum("差异说明" in disclosure for disclosure in disclosures) >= 10
    assert sum("勘误" in disclosure for disclosure in disclosures) >= 2
    texts = "".join(path.read_text("utf-8") for path in county.rglob("data/units/**/*.*"))
    used = {
        path.stem for path in (ROOT / "data/forms").glob("*.yml") if f"表式: {path.stem}\n" in texts
    }
    assert len(used) == 8


def test_its_history_is_the_same_everywhere(county: Path, tmp_path: Path) -> None:
    assert git(county, "tag").split() == [f"released/{day}" for day in RELEASES]
    assert git(county, "status", "--short") == ""
    run_gongkai("init", tmp_path / "again", "--demo")
    for name in ("HEAD", *(f"released/{day}" for day in RELEASES)):
        assert git(county, "rev-parse", name) == git(tmp_path / "again", "rev-parse", name)


def test_every_kind_of_page_has_something_to_show(county: Path) -> None:
    pages = {
        f"{path.parent.relative_to(county / 'site').as_posix()}/"
        for path in (county / "site").rglob("index.html")
    }
    missing = {
        page_type.name
        for page_type in PAGE_TYPES
        if not any(page_type.matches("" if page == "./" else page) for page in pages)
    }
    assert missing == _OF_LONGER_LISTS
    assert list((county / "site/as-of").rglob("index.html"))
    texts = {
        "corrections": "示例原因：编制数填成了在职人数",
        "status": "免予公开",
        "shortfalls/2024": "相应推迟",
        "units/weijian-3/2024": "绩效目标",
    }
    for page, text in texts.items():
        assert text in (county / "site" / page / "index.html").read_text("utf-8"), page
    assert (county / "site/units/shuili-jiu/index.html").is_file() or any(
        "-jiu/" in page for page in pages
    )
