"""Pages from views: golden pages, and templates that ask for just what views give."""

import datetime as dt
import re
from dataclasses import fields
from pathlib import Path

import pytest

from generator import views
from generator.site import examine, pages, write_pages
from tests.folders import GOLDEN, ROOT, example

TEMPLATES = ROOT / "generator" / "templates"
VIEWS = {
    "home": views.HomeView,
    "list": views.ListView,
    "unit": views.UnitView,
    "disclosure": views.DisclosureView,
    "project": views.ProjectView,
    "report": views.ReportView,
}


def test_pages(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page of the synthetic disclosure; --update-golden writes them anew."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(dt.datetime(2024, 1, 1).timestamp())))  # noqa: DTZ001
    run = examine(example(tmp_path))
    out = GOLDEN / "pages" if request.config.getoption("--update-golden") else tmp_path / "out"
    write_pages(pages(run, tmp_path / "no-content"), out)
    made = {path.relative_to(out).as_posix(): path.read_text("utf-8") for path in out.rglob("*.md")}
    kept = GOLDEN / "pages"
    assert made == {
        path.relative_to(kept).as_posix(): path.read_text("utf-8") for path in kept.rglob("*.md")
    }


def test_templates_ask_for_what_views_give() -> None:
    assert {path.name for path in TEMPLATES.glob("*.md.jinja")} == {f"{n}.md.jinja" for n in VIEWS}
    for name, view in VIEWS.items():
        text = (TEMPLATES / f"{name}.md.jinja").read_text("utf-8")
        asked = set(re.findall(r"\bview\.(\w+)", text))
        assert asked == {field.name for field in fields(view)}, name


def test_no_form_or_region_is_known_to_the_code() -> None:
    forms = {path.stem for path in (ROOT / "data" / "forms").glob("*.yml")}
    words = forms | {"湖南", "新田"}
    for path in (ROOT / "generator").rglob("*.py"):
        text = path.read_text("utf-8")
        assert not [word for word in words if word in text], path.name


def test_another_provinces_form_is_a_matter_of_data(tmp_path: Path) -> None:
    """The project's table through 河北's form: its own column, no cost indicators of its own."""
    project = "units/shili/2022/projects/shili-daolu.yml"
    data = example(
        tmp_path,
        {
            project: {
                "表式: hunan-2022-project\n": "表式: hebei-2020-project\n",
                "年度资金总额: {年初预算数: 90, 全年": "年度资金总额: {年初预算数: 90, 调整",
                "{年初预算数: 90, 全年预算数: 95": "{年初预算数: 90, 调整预算数: 95",
                "{年初预算数: , 全年": "{年初预算数: , 调整",
                "{年初预算数: 0, 全年": "{年初预算数: 0, 调整",
            }
        },
    )
    run = examine(data)
    assert [each.rule.id for each in run.judgement.problems if each.blocks] == []
    made = {page.path: page.text for page in pages(run, tmp_path / "no-content")}
    text = made["units/shili/2022/projects/shili-daolu.md"]
    assert '<th scope="col">调整预算数</th>' in text
    assert "年初预算 90万元，全年预算 100万元，全年支出 100万元，预算执行率 100%。" in text
    assert "项目支出绩效自评表（2022年度）" in text
    assert "单位负责人签字" not in text.split("项目支出绩效自评表（2022年度）")[1]
