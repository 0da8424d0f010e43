"""The checks report what an auditor finds in the real disclosure, and nothing that is right.

EXPECTED names the auditor's findings; tests/golden/verdicts/seed.yml judges all others too.
"""

import re
import shutil
from pathlib import Path

import pytest

from gongkai.checks.runner import check_data
from tests.checks.real_findings import real_problems
from tests.folders import PERSONAL_NUMBERS, ROOT, TODAY, replace_in_file

EXPECTED = {
    "first project's total 99 is 89": ("DF-03", "填报 99，各项得分合计为 89"),
    "数量指标 12个/12个 got 10 of 20": ("DF-05", "按比例应得 20 分，填报 10 分"),
    "项目支出小计 in 附件1": ("GJ-02", "各项目自评表的执行数为 52.5"),
    "first project's row in 附件1": ("GJ-02", "项目“流出人口计生协会专项经费”自评表的执行数为 18"),
    "second project's row in 附件1": ("GJ-02", "项目“计生协会专项经费”自评表的执行数为 34.5"),
    "项目支出 in 附件2": ("GJ-02", "“项目支出”填报 0万元"),
    "spending 34.5 in 附件5": ("GJ-02", "“全年专项经费支出34.5万元”"),
    "first list of 52.5": ("GJ-01", "各项相加为 41.36万元"),
    "second list of 52.5": ("GJ-01", "各项相加为 57.5万元"),
    "list of 34.5": ("GJ-01", "各项相加为 33.36万元"),
    "均等化补助 9 and 18": ("GJ-03", "同为新财社[2022]0043号"),
    "编制 5 and 6": ("GJ-03", "“编制6名”"),
    "budget 292.30 and 292.31": ("GJ-03", "“部门预算收入292.30万元”"),
    "1.81 元": ("GJ-04", "合计写的是 1.81元，其中却有 1.81万元"),
    "5.23 % is 5.24 %": ("GJ-05", "按变动额计算为 5.24%"),
    "filed before the year ended": ("RQ-01", "2022 年度还没有结束"),
    "6月29日 without a year": ("RQ-02", "没有写全年月日"),
    "December 2022 in the text": ("RQ-03", "正文说到 2022年12月 的事"),
    "8/10 without reason": ("DF-04", "分值 10、得分 8"),
    "10/20 without reason": ("DF-04", "分值 20、得分 10"),
    "target missed, 95 and 90": ("DF-04", "完成“90%”，没有达到目标"),
    "target missed, 95 and 92": ("DF-04", "完成“92%以上”，没有达到目标"),
    "专项经费 9 and 18": ("GJ-03", "“流出人口计生协会专项经费”这里是 9万元"),
    "240 against 100%": ("ZB-04", "“240”，完成值是“100%”"),
    "2568 against 100%": ("ZB-04", "“2568”，完成值是“100%”"),
    "59人次 against 100%": ("ZB-04", "“59人次”，完成值是“100%”"),
    "81户 against 100%": ("ZB-04", "“81户”，完成值是“100%”"),
    "6个 against 100%": ("ZB-04", "“6个”，完成值是“100%”"),
    "2个 against 100%": ("ZB-04", "“2个”，完成值是“100%”"),
    "bare 100": ("ZB-03", "目标“100”没有单位"),
    "bare 240": ("ZB-03", "目标“240”没有单位"),
    "bare 2568": ("ZB-03", "目标“2568”没有单位"),
    "batches in persons": ("ZB-03", "批次不用人次来量"),
    "95%以上 as a result": ("ZB-10", "“95%以上”不是一个确定的数"),
    "92%以上 as a result": ("ZB-10", "“92%以上”不是一个确定的数"),
    "90%以上 as a result": ("ZB-10", "“90%以上”不是一个确定的数"),
    "satisfaction is a sentence": ("ZB-05", "“社会对项目实施的满意度”的目标是一句话"),
    "another department": ("GJ-03", "主管部门在自评报告里是“新田县计划生育协会”"),
    "经济成本 7个": ("ZB-08", "目标却是“7个”"),
    "经济成本 240户": ("ZB-08", "目标却是“240户”"),
    "经济成本 81户": ("ZB-08", "目标却是“81户”"),
    "经济效益 2个": ("ZB-08", "目标却是“2个”"),
    "时效 6期": ("ZB-08", "目标却是“6期”"),
    "基本支出 +109.72 %": ("ZJ-08", "增加 109.72%"),
    "公用经费 +44.56 %": ("ZJ-08", "增加 44.56%"),
    "水电差旅 −64.65 %": ("ZJ-08", "减少 64.65%"),
    "a county's unit with 市级": ("JG-07", "市级预算部门名称"),
    "chapter 一": ("WB-02", "按顺序应是一"),
    "chapter 五": ("WB-02", "按顺序应是五"),
    "chapter 十": ("WB-02", "按顺序应是十"),
    "blank rows": ("JG-04", "公务用车购置和维护经费、其中：公务车购置、公务车运行维护、2.出国经费"),
    "blank buildings": ("JG-04", "楼堂馆所控制情况"),
    "units in some cells only": ("JG-08", "有的没有"),
    "8.23万": ("JG-08", "“8.23万”"),
    "no signature": ("JG-05", "单位负责人签字"),
    "no timeliness": ("ZB-09", "没有时效指标"),
    "光爱": ("WB-01", "“光爱”"),
    "档和政府": ("WB-01", "“档和政府”"),
    "桥梁作业": ("WB-01", "“桥梁作业”"),
    "健进校园": ("WB-01", "“健进校园”"),
    "拔付": ("WB-01", "“拔付”"),
}  # fmt: skip


def _reported() -> list[str]:
    return [f"{problem}" for problem in real_problems("seed")]


@pytest.mark.parametrize("name", EXPECTED)
def test_auditors_finding_is_reported(name: str) -> None:
    rule, words = EXPECTED[name]
    assert [line for line in _reported() if f"（{rule} " in line and words in line]


@pytest.mark.parametrize(
    "right",
    [
        r"DF-01", r"ZJ-02", r"ZJ-03", r"ZJ-04", r"ZJ-07", r"ZJ-09", r"ZJ-10", r"GJ-06", r"JG-10",
        r"各项相加为 271", r"各项相加为 14\.42", r"各项相加为 292\.31", r"填报 97", r"填报 98，",
    ],
)  # fmt: skip
def test_correct_figure_is_not_reported(right: str) -> None:
    assert [line for line in _reported() if re.search(right, line)] == []


def test_restored_prompts_and_numbers_are_reported(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    year = data / "units/xintian-jsx/2022"
    report = year / "report.md"
    report.write_text(f"{report.read_text('utf-8')}\n（此页为封面）\n", "utf-8")
    replace_in_file(year / "baseline.yml", {"{名称: 计生协会专项经费": "{名称: （一个项目一行）"})
    facts = year / "disclosure.yml"
    text = facts.read_text("utf-8").replace("138****3461", PERSONAL_NUMBERS["MOBILE"])
    facts.write_text(text, "utf-8")
    blocking = [
        problem for problem in check_data(data, TODAY).judgement.problems if problem.is_blocking
    ]
    prompts = [problem for problem in blocking if problem.rule.id == "JG-06"]
    numbers = [problem for problem in blocking if problem.rule.id == "YS-01"]
    assert [problem.position.file.rsplit("/")[-1] for problem in prompts] == [
        "baseline.yml",
        "report.md",
    ]
    assert [problem.rule.is_explainable for problem in numbers] == [False]


def test_publisher_adds_words_and_exceptions(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    own_words = "错字:\n  - {错: 计生协, 对: 计生协会}\n例外: [光爱]\n"
    (data / "words.yml").write_text(own_words, "utf-8")
    problems = check_data(data, TODAY).judgement.problems
    wrong_words = [problem.filed for problem in problems if problem.rule.id == "WB-01"]
    assert "计生协" in wrong_words
    assert "光爱" not in wrong_words
