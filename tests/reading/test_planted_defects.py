"""Two dozen defects planted one by one: checks report all of them, without a traceback."""

from pathlib import Path

import pytest

from gongkai.checks.runner import check_data
from tests.folders import PERSONAL_NUMBERS, TODAY, example_data, replace_in_file

OVERALL = "units/shili/2022/overall.yml"
PROJECT = "units/shili/2022/projects/shili-daolu.yml"
BASELINE = "units/shili/2022/baseline.yml"
DISCLOSURE = "units/shili/2022/disclosure.yml"
UNIT = "units/shili/unit.yml"
ROW = "    - {名称: 示例道路维护, 上年决算数: 80, 本年预算数: 100, 本年决算数: 100}\n"

PLANTED = {
    "words in a number": (OVERALL, {"政府性基金拨款: 0": "政府性基金拨款: 无数"}, "JG-01"),
    "full-width digits": (OVERALL, {"政府性基金拨款: 0": "政府性基金拨款: １０"}, "JG-01"),
    "a required value left blank": (PROJECT, {"  主管部门: 示例交通局": "  主管部门:"}, "JG-03"),
    "an empty row": (BASELINE, {"办公费: {上年决算数: 20, 本年预算数: 20, 本年决算数: 20}": "办公费:"}, "JG-04"),
    "a duplicate row": (BASELINE, {ROW: ROW + ROW}, "JG-10"),
    "one key with two values": (OVERALL, {"分值: 100, 得分: 98": "分值: 100, 得分: 98, 得分: 97"}, "JG-01"),
    "a duplicate YAML key": (UNIT, {"名称: 示例单位": "名称: 示例单位\n名称: 示例单位"}, "JG-01"),
    "the year 20244": (DISCLOSURE, {"年度: 2022": "年度: 20244"}, "JG-11"),
    "the year 1918": (DISCLOSURE, {"年度: 2022": "年度: 1918"}, "JG-11"),
    "an execution rate of 1800 %": (OVERALL, {"执行率: 100%": "执行率: 1800%"}, "ZJ-04"),
    "a negative amount": (OVERALL, {"政府性基金拨款: 0": "政府性基金拨款: -5"}, "ZJ-01"),
    "a value outside the choices": ("site.yml", {"展示警告: 是": "展示警告: 大概"}, "JG-01"),
    "a missing name": (UNIT, {"名称: 示例单位\n": ""}, "JG-02"),
    "a mistyped key": (OVERALL, {"总分: {": "总份: {"}, "JG-02"),
    "a number for a name": (UNIT, {"名称: 示例单位": "名称: 12345"}, "JG-12"),
    "a spreadsheet error value": (OVERALL, {"预期目标: 示例道路畅通，示例服务到位。": "预期目标: '#REF!'"}, "JG-06"),
    "a TODO left in the text": (PROJECT, {"改进措施: 错峰施工": "改进措施: TODO"}, "JG-06"),
    "an identity number": (PROJECT, {"改进措施: 错峰施工": "改进措施: 找 IDENTITY"}, "YS-02"),
    "a total that is not the sum": (OVERALL, {"得分: 98}": "得分: 99}"}, "DF-03"),
    "a score above the points": (OVERALL, {"            得分: 50": "            得分: 55"}, "DF-07"),
    "parts that do not add up to the total": (PROJECT, {"全年预算数: 95,": "全年预算数: 90,"}, "ZJ-02"),
    "a list instead of a text": (PROJECT, {"改进措施: 错峰施工": "改进措施: [错峰, 施工]"}, "JG-01"),
    "a date that does not exist": (DISCLOSURE, {"发布日期: 2023-06-30": "发布日期: 2023-06-31"}, "JG-01"),
    "a form id of another form": (OVERALL, {"表式: hunan-2022-overall": "表式: hunan-2022-baseline"}, "JG-12"),
    "a tab": (OVERALL, {"  预期目标:": "\t预期目标:"}, "JG-01"),
    "a full-width colon": (UNIT, {"级别: 市级": "级别：市级"}, "JG-01"),
}  # fmt: skip


def reported_rules(data: Path) -> set[str]:
    return {problem.rule.id for problem in check_data(data, TODAY).judgement.problems}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_defect(name: str, tmp_path: Path) -> None:
    file, pairs, rule = PLANTED[name]
    data = example_data(tmp_path)
    assert reported_rules(data) == set()
    replace_in_file(data / file, pairs)
    assert rule in reported_rules(data)


def test_unit_folder_without_unit_yml(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    (data / UNIT).unlink()
    assert "JG-01" in reported_rules(data)


def test_form_id_differs_from_file_name(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    form = data / "forms" / "project-targets.yml"
    form.rename(form.with_name("other-targets.yml"))
    assert reported_rules(data) == {"JG-12"}


def test_two_units_with_the_same_budget_code(tmp_path: Path) -> None:
    data = example_data(tmp_path, {UNIT: {"级别: 市级": "级别: 市级\n预算代码: 001"}}, None)
    other = data / "units/shili-er"
    other.mkdir()
    (other / "unit.yml").write_text("名称: 示例二单位\n预算代码: 001\n", "utf-8")
    assert reported_rules(data) == {"GK-04"}


def test_this_file_contains_no_personal_number() -> None:
    text = Path(__file__).read_text("utf-8")
    assert not [number for number in PERSONAL_NUMBERS.values() if number in text]
