"""部门整体绩效目标表: a form of its own, filed and published at the start of the year."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from gongkai.authoring.json_schemas import build_schemas
from gongkai.checks.runner import CheckedData, check_data
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.pages import page_types
from gongkai.pages.render import Page
from tests.folders import GOLDEN, TODAY, example_data
from tests.office_data import run_cli
from tests.rendering import render_pages

KIND = DocumentKind.OVERALL_TARGETS
YEAR = "units/shili/2025"
CASE = GOLDEN / "cases/units/shili-danwei/2025"
TARGETS = (CASE / "targets.yml").read_text("utf-8")


def targets_data(folder: Path, targets: str = TARGETS) -> Path:
    """Return the data of the example, whose unit has published its targets for 2025."""
    data = example_data(folder)
    shutil.copytree(CASE, data / YEAR)
    (data / YEAR / "targets.yml").write_text(targets, "utf-8")
    return data


def new_problems(checked: CheckedData) -> list[str]:
    return [
        f"{problem.rule.id} {problem.sentence}"
        for problem in checked.judgement.problems
        if YEAR in problem.position.file
    ]


def disclosure_of_targets(checked: CheckedData) -> Disclosure:
    (disclosure,) = (found for found in checked.dataset.disclosures if found.year == 2025)
    return disclosure


def test_targets_alone_are_complete(tmp_path: Path) -> None:
    checked = check_data(targets_data(tmp_path), dt.date(2025, 2, 1))
    assert new_problems(checked) == []
    disclosure = disclosure_of_targets(checked)
    assert (disclosure.has_targets_only, disclosure.subject) == (True, "绩效目标")
    record = disclosure.record(KIND)
    assert record
    assert [leaf.label for leaf in record.leaves] == [
        "养护里程",
        "培训期数",
        "路面合格率",
        "养护完成时间",
        "通行时间缩短比例",
        "群众满意度",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "金额合计: {总额: 65,",
            "金额合计: {总额: 75,",
            "ZJ-02 “金额合计”的总额填报 75，各分项合计为 65，相差 10；请核对各分项",
        ),
        (
            "年度总体目标: |-\n  目标1",
            "总体目标: |-\n  目标1",
            "JG-02 不认识的键“总体目标”；是否应为“年度总体目标”？",
        ),
        (
            "一级指标: 产出指标",
            "一级指标: 产出指标甲",
            "ZB-01 表式没有一级指标“产出指标甲”；表式的一级指标是：产出指标、效益指标、满意度指标",
        ),
        (
            "指标值: ≥100公里",
            "指标值: ≥1O0公里",
            "JG-01 “指标值”应为数字，这里写的是“≥1O0公里”，疑混进了字母 O；请改成 0",
        ),
    ],
)
def test_faults_of_targets(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert TARGETS.count(old) == 1
    checked = check_data(targets_data(tmp_path, TARGETS.replace(old, new)), TODAY)
    assert message in new_problems(checked)


def test_targets_beside_the_evaluation(tmp_path: Path) -> None:
    """A day at the start of the year is no fault of the targets; ZB-14 compares with them."""
    data = example_data(tmp_path)
    before = check_data(data, TODAY).judgement.problems
    form = data / "forms/shili-mubiao.yml"
    form.write_text(
        "表式: shili-mubiao\n继承: overall-targets\n名称: 示例县部门整体绩效目标表\n落款: ['填报日期：{填报日期}']\n",
        "utf-8",
    )
    targets = TARGETS.replace("overall-targets", "shili-mubiao").replace("2025", "2022")
    overall = check_data(data, TODAY).dataset.disclosures[0].record(DocumentKind.OVERALL)
    assert overall
    first = overall.leaves[0].name.filed
    targets = targets.replace("三级指标: 养护里程", f"三级指标: {first}").replace(
        "≥100公里", "≥120公里"
    )
    path = data / "units/shili/2022/targets.yml"
    path.write_text(f"{targets}填报: {{填报日期: 2022年1月20日}}\n", "utf-8")
    problems = check_data(data, TODAY).judgement.problems
    added = [
        f"{problem.rule.id} {problem.sentence}" for problem in problems if problem not in before
    ]
    assert {sentence[:5] for sentence in added} == {"ZB-14"}
    assert any(
        sentence.startswith(f"ZB-14 “{first}”年初的目标是“≥120公里”，自评表写的是“")
        for sentence in added
    )
    assert any("年初的目标表有指标“培训期数”（2期），自评表没有" in sentence for sentence in added)


def pages_of(data: Path) -> dict[str, Page]:
    checked = check_data(data, TODAY)
    return {page.path: page for page in render_pages(checked.dataset)}


def test_pages(tmp_path: Path) -> None:
    pages = pages_of(targets_data(tmp_path))
    (page,) = (page for path, page in pages.items() if path.startswith("units/shili/2025/index"))
    assert page.type is page_types.DISCLOSURE
    assert page.head.title == "示例单位2025年度绩效目标"
    body = page.body
    assert "部门整体支出绩效目标表（2025年度）" in body
    soup = BeautifulSoup(body, "html.parser")
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")] for row in soup.select("tr")
    ]
    assert ["示例道路养护", "2025年6月底完成主干道养护", "60", "50", "10"] in rows
    assert ["金额合计", "—", "65", "55", "10"] in rows
    assert ["产出指标", "数量指标", "养护里程", "≥100公里"] in rows
    assert ["培训期数", "2期"] in rows
    assert "得分" not in soup.get_text()


def test_lists_do_not_take_targets_for_an_evaluation(tmp_path: Path) -> None:
    pages = pages_of(targets_data(tmp_path))
    unit = pages["units/shili/index.md"].body
    assert "示例单位已公开 2022 年度的绩效自评；已公开 2025 年度的绩效目标。" in unit
    (status,) = (page.body for page in pages.values() if page.type is page_types.STATUS)
    assert "2022年度" in status
    assert "2025年度" not in status
    home = next(page.body for page in pages.values() if page.type is page_types.HOME)
    assert "2022 年度有 1 个单位公开" in home


def test_new_files_by_name(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    for number, name in enumerate(
        ("overall-targets", "部门整体支出绩效目标表", "部门整体绩效目标表")
    ):
        year = f"{2030 + number}"
        code, out, _ = run_cli("new", "shili", year, "--form", name, "--data", data)
        assert code == 0
        assert f"{year}/targets.yml" in out
    text = (data / "units/shili/2030/targets.yml").read_text("utf-8")
    assert text.startswith(
        "# yaml-language-server: $schema=../../../schemas/document.json\n# 部门整体支出绩效目标表\n"
    )
    assert "        - 三级指标:" in text
    assert "    类型: 部门整体绩效目标表\n" in (data / "units/shili/2030/disclosure.yml").read_text(
        "utf-8"
    )


def test_no_targets_file_unless_named(tmp_path: Path) -> None:
    data = example_data(
        tmp_path, {"units/shili/unit.yml": {"行政区划:\n": "行政区划:\n  省: 湖南省\n"}}
    )
    _, out, _ = run_cli("new", "shili", "2031", "--data", data)
    assert "overall.yml" in out
    assert "targets.yml" not in out


def test_schema(tmp_path: Path) -> None:
    forms = check_data(example_data(tmp_path), TODAY).dataset.forms
    schemas = build_schemas(forms)
    assert "overall-targets" in schemas["document"]["properties"]["表式"]["enum"]
    task = schemas["form-overall-targets"]["properties"]["年度主要任务"]["properties"]["任务"]
    assert list(task["items"]["properties"]) == ["名称", "主要内容", "总额", "财政拨款", "其他资金"]
