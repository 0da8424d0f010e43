"""Lists over many units: parts, status, shortfalls, corrections; redirects of former addresses."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.build.list_pages import list_pages
from gongkai.build.render import render_site
from gongkai.build.state import BuildRequest
from gongkai.checks.runner import check_data
from gongkai.model.publication import Site
from gongkai.model.shortfalls import TargetCounts
from gongkai.pages.corrections import corrections_view
from gongkai.pages.entries import CorrectionEntry, Entry, UnitEntry
from gongkai.pages.lists import unit_parts, units_part_view, units_view, year_view
from gongkai.pages.pagination import split_list
from gongkai.pages.registers import status_view
from gongkai.pages.views.common import EvaluationLine, Link
from tests.build.test_mkdocs_site import hashes
from tests.commands import run_gongkai
from tests.folders import TODAY, example_data

UNIT = "units/shili/unit.yml"
DISCLOSURE = "units/shili/2022/disclosure.yml"


def entry(year: int, published: str = "", packed: bytes = b"") -> Entry:
    link = Link(f"{year}年度", f"units/u/{year}/")
    return Entry(
        year=year,
        line=EvaluationLine(link),
        budget=Decimal(0),
        spent=Decimal(0),
        score=None,
        rate=None,
        published=published,
        missed=0,
        shortfall_count=0,
        corrections=(),
        exact_texts=(),
        forms=(),
        packed_shortfalls=packed,
        key="",
    )


def unit(
    number: int, *entries: Entry, department: str = "", region: str = "", duty: str = ""
) -> UnitEntry:
    link = Link(f"示例单位{number}号", f"units/u-{number}/")
    return UnitEntry(link, f"u-{number}", department, "", region, duty, tuple(entries))


def site(**due: str) -> Site:
    years = {int(year[1:]): day for year, day in due.items()}
    return Site.model_validate(
        {"站点名称": "示例站点", "主办单位": "示例县财政局", "公开期限": years}
    )


def test_a_long_list_is_split_by_department() -> None:
    units = [unit(n, department="甲局" if n % 3 else "乙局") for n in range(1500)]
    parts = unit_parts(units)
    assert [(part.title, part.rows) for part in parts] == [("乙局", 500), ("甲局", 1000)]
    assert units_view(units).lines == ()
    assert sum(len(units_part_view(part).lines) for part in parts) == 1500
    assert len({part.slug for part in parts}) == 2


def test_a_long_list_without_departments_is_split_by_region_then_by_number() -> None:
    by_region = split_list([unit(n, region=f"示例县{n % 2}") for n in range(20)], lambda _: 1, 15)
    assert [part.rows for part in by_region] == [10, 10]
    by_number = split_list([unit(n) for n in range(20)], lambda _: 1, 15)
    assert [(part.title, part.rows) for part in by_number] == [
        ("各单位（1）", 15),
        ("各单位（2）", 5),
    ]
    assert unit_parts([unit(1)]) == []


def test_status_of_published_late_missing_and_exempt_units() -> None:
    units = [
        unit(1, entry(2022, "2023-09-30")),
        unit(2, entry(2022, "2023-10-01")),
        unit(3),
        unit(4, duty="免予公开：示例理由"),
        unit(5, entry(2022)),
    ]
    view = status_view(units, site(y2022="2023-09-30"))
    states = [line.state for line in view.years[0].lines]
    assert states == ["已公开", "逾期公开", "尚未公开", "免予公开", "已公开"]
    assert view.years[0].lines[3].reason == "免予公开：示例理由"
    assert view.years[0].due == "2023-09-30"
    assert dict(view.years[0].counts)["已公开"] == 2


def test_registers_exist_without_data() -> None:
    assert status_view([], site()).years == ()
    assert "没有任何年度" in status_view([], site()).summary[1]
    assert "没有更正" in corrections_view([]).summary[0]
    kinds = [page.type.name for page in list_pages([], site(), [])]
    assert {"status", "corrections", "shortfalls", "compare"} <= set(kinds)


def test_corrections_are_newest_first() -> None:
    old = CorrectionEntry("2023-07-01", "某处", "1", "2", "示例")
    new = CorrectionEntry("2023-08-01", "某处", "2", "3", "示例")
    view = corrections_view([unit(1, entry(2022)._replace(corrections=(old, new)))])
    assert [line.date for line in view.lines] == ["2023-08-01", "2023-07-01"]


def test_shortfalls_of_the_example(tmp_path: Path) -> None:
    out = tmp_path / "out"
    request = BuildRequest(example_data(tmp_path), TODAY)
    render_site(request, out, tmp_path / "no-content", site_url="")
    bodies = {
        path.relative_to(out).as_posix(): path.read_text("utf-8") for path in out.rglob("*.md")
    }
    year = bodies["shortfalls/2022.md"]
    anchors = re.findall(r'href="(../../units/shili/2022/[^"]*#i-\w+)"', year)
    assert len(anchors) == len(set(anchors)) == 2
    for address in anchors:
        page, _, anchor = address.removeprefix("../../").partition("#")
        files = (f"{page}index.md", f"{page.rstrip('/')}.md")
        assert f'id="{anchor}"' in next(bodies[file] for file in files if file in bodies)
    assert "示例路段施工时间较长" in year
    assert "示例居民满意度" in year


def test_former_addresses_of_a_renamed_unit_redirect(built_publisher: Path) -> None:
    unit_file = built_publisher / "data" / UNIT
    text = unit_file.read_text("utf-8")
    unit_file.write_text(f"{text}曾用代号:\n  - jiu-danwei\n", "utf-8")
    assert run_gongkai("build", folder=built_publisher).returncode == 0
    site_folder = built_publisher / "site"
    old_paths = {path for path in hashes(site_folder) if path.startswith("units/jiu-danwei/")}
    pages = {
        f"{path.relative_to(site_folder)}" for path in site_folder.glob("units/shili/**/*.html")
    }
    new_paths = pages | {"units/shili/feed.xml", "units/shili/feed.json"}
    assert {path.replace("jiu-danwei", "shili") for path in old_paths} == new_paths
    redirect = (site_folder / "units/jiu-danwei/2022/index.html").read_text("utf-8")
    assert 'content="0; url=../../shili/2022/"' in redirect
    assert "jiu-danwei" not in (site_folder / "sitemap.xml").read_text("utf-8")


@pytest.mark.parametrize("slug", ["另一个", "Shili 2"])
def test_a_former_address_must_be_a_valid_slug(tmp_path: Path, slug: str) -> None:
    data = example_data(tmp_path)
    text = (data / UNIT).read_text("utf-8")
    (data / UNIT).write_text(f"{text}曾用代号:\n  - {slug}\n", "utf-8")
    problems = check_data(data, TODAY).judgement.problems
    assert any("只能用小写英文字母、数字和连字符" in problem.message for problem in problems), (
        problems
    )


def test_a_former_address_must_not_be_another_units(tmp_path: Path) -> None:
    data = example_data(tmp_path, copies={"units/shili": "units/shili-2"})
    text = (data / UNIT).read_text("utf-8")
    (data / UNIT).write_text(f"{text}曾用代号:\n  - shili-2\n", "utf-8")
    problems = check_data(data, TODAY).judgement.problems
    messages = [problem.message for problem in problems if problem.rule.id == "GK-04"]
    assert any("代号" in message for message in messages), problems


def test_a_year_has_its_totals() -> None:
    units = [
        unit(n, entry(2022)._replace(budget=Decimal("1.5"), spent=Decimal(1))) for n in range(3)
    ]
    assert year_view(2022, units).summary == (
        "2022 年度有 3 个单位公开了绩效自评。",
        "3 个单位填报了整个单位的预算和支出，预算合计 4.5 万元，支出合计 3 万元。",
    )


def test_totals_say_over_how_many_units_they_are() -> None:
    known = entry(2022)._replace(
        budget=Decimal(1000), spent=Decimal(0), recomputed_spent=Decimal("89.974")
    )
    planned = entry(2022)._replace(
        budget=None, spent=None, has_targets_only=True, targets=TargetCounts(4, 0, 0, 4)
    )
    units = [unit(1, known), unit(2, planned), unit(3, planned)]
    assert year_view(2022, units).summary == (
        "2022 年度有 1 个单位公开了绩效自评，另有 2 个单位只公开了绩效目标。",
        "1 个单位填报了整个单位的预算和支出，预算合计 1,000 万元，支出合计 0 万元；2 个单位没有填报，不在合计内。",
        "其中 1 个单位填报的数与复算的不一致，按复算，预算合计 1,000 万元，支出合计 89.974 万元。",
        "共 8 项指标（含项目）：没有完成值，无法判断是否达到目标。",
    )


def test_a_year_of_targets_is_no_evaluation() -> None:
    planned = entry(2025)._replace(budget=Decimal(5), spent=None, has_targets_only=True)
    view = year_view(2025, [unit(1, planned)])
    assert view.head.title == "2025年度绩效目标"
    assert view.summary == (
        "2025 年度有 1 个单位公开了绩效目标，还没有自评。",
        "1 个单位填报了整个单位的预算，合计 5 万元；没有单位填报整个单位的支出。",
    )
