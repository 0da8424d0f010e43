"""Names in texts that are the unit's with another character or place, and projects without a table."""

from pathlib import Path

import pytest

from gongkai.checks.runner import check_data
from gongkai.model.problems import Problem
from tests.folders import TODAY, example_data

WRONG = {
    "示例县示例农业技术推厂中心全年培训320人。": "示例县示例农业技术推广中心",
    "资料由小例县示例交通局整理。": "示例县示例交通局",
    "范例县示例文化馆年末馆藏图书5万册。": "示例县示例文化馆",
    "为示例小学512名学生提供午餐。": "示例县示例中学",
    "全年为示例医园1200名患者提供服务。": "示例县示例医院",
    "示例县示例城市管埋局全年清运垃圾2万吨。": "示例县示例城市管理局",
    "示例县示例博物院全年接待观众6万人次。": "示例县示例博物馆",
    "样例县示例残疾人联合会发放辅具120件。": "示例县示例残疾人联合会",
}
"""Texts, and the unit's name."""
WRONG_ABSTRACTS = {
    "公开示例县示例图书院2022年度绩效自评情况。": "示例县示例图书馆",
    "示例县示例水务局2022年度部门整体支出绩效自评。": "示例县示例水利局",
    "公布示范县示例林业局2022年度项目绩效自评结果。": "示例县示例林业局",
}
RIGHT = {
    "赴范例县示例文化馆学习总分馆制，全年馆际交流3次。": "示例县示例文化馆",
    "示例县示例教育局下达补助资金20万元。": "示例县示例体育局",
    "示例县示例财政局拨付资金20万元。": "示例县示例民政局",
    "示例市示例交通局下达省级补助20万元。": "示例县示例交通局",
    "与示例小学512名学生开展联谊交流。": "示例县示例中学",
    "示例县示例体育馆全年免费开放300天。": "示例县示例体育局",
    "全县示例文化馆服务点12个，由县示例文化馆统一管理。": "示例县示例文化馆",
    "示例县示例第二中学参加比赛，参赛学生30名。": "示例县示例第一中学",
    "示例县示例档案局印发通知，全县接收档案3000卷。": "示例县示例档案馆",
    "我县示例卫生健康意识普及率95%，示例卫生健康服务站12个。": "示例县示例卫生健康局",
    "为农村小学512名学生发放图书。": "示例县示例小学",
    "示例农机推广站与本站合办培训2期。": "示例县示例农技推广站",
}
RIGHT_ABSTRACTS = {
    "公开本馆2022年度绩效自评情况。": "示例县示例图书馆",
    "公开县图书馆2022年度绩效自评情况。": "示例县示例图书馆",
    "示例县示例林业局及所属单位2022年度自评。": "示例县示例林业局",
    "公开2022年度部门整体支出和两个项目支出的绩效自评情况。": "示例县示例林业局",
}


def name_problems(folder: Path, unit: str, text: str = "", abstract: str = "") -> list[Problem]:
    """Return the problems of a unit's name (GJ-03) in a report with a text, and in the catalogue."""
    data = example_data(folder)
    for path in data.glob("units/**/*.*"):
        content = (
            path.read_text("utf-8").replace("示例交通局", "示例上级局").replace("示例单位", unit)
        )
        if path.name == "report.md":
            content = content.replace("全年支出300万元。", text or "全年支出300万元。")
        if path.name == "disclosure.yml" and abstract:
            content = content.replace("  索引号:", f"  内容概述: {abstract}\n  索引号:")
        path.write_text(content, "utf-8")
    problems = check_data(data, TODAY).judgement.problems
    return [problem for problem in problems if problem.rule.id == "GJ-03"]


@pytest.mark.parametrize("text", WRONG)
def test_wrong_name_is_reported(text: str, tmp_path: Path) -> None:
    (problem,) = name_problems(tmp_path, WRONG[text], text)
    assert problem.computed == WRONG[text]
    assert problem.filed in text


@pytest.mark.parametrize("abstract", WRONG_ABSTRACTS)
def test_wrong_name_in_the_catalogue_is_reported(abstract: str, tmp_path: Path) -> None:
    (problem,) = name_problems(tmp_path, WRONG_ABSTRACTS[abstract], abstract=abstract)
    assert problem.where.startswith("公开目录/内容概述")
    assert problem.filed in abstract


@pytest.mark.parametrize("text", RIGHT)
def test_another_body_passes(text: str, tmp_path: Path) -> None:
    assert name_problems(tmp_path, RIGHT[text], text) == []


@pytest.mark.parametrize("abstract", RIGHT_ABSTRACTS)
def test_right_name_in_the_catalogue_passes(abstract: str, tmp_path: Path) -> None:
    assert name_problems(tmp_path, RIGHT_ABSTRACTS[abstract], abstract=abstract) == []


UNFILED_PROJECTS = (
    "“示例河塘清淤”项目支出进度偏慢。",
    "三是“示例校舍修缮”项目资金未及时支付。",
    "“示例农机补贴”专项项目绩效目标设置不够细。",
    "“示例路灯更换”项目预算执行率仅为62%。",
    "我单位“示例桥梁检测”项目完成情况较好。",
    "年内完成“示例管网改造”建设项目验收。",
)
OTHER_PROJECTS = (
    "“示例道路维护”项目支出进度偏慢。",
    "下一步实施“示例河塘清淤”项目，安排资金20万元。",
    "争取省级“示例校舍修缮”项目资金支持。",
    "上年“示例路灯更换”项目资金已经结清。",
    "参与全县“示例桥梁检测”项目，完成巡查12次。",
    "“示例管网改造”项目库已经建立，资金尚未安排。",
    "2021年“示例农机补贴”项目支出12万元。",
)


def project_problems(folder: Path, text: str) -> list[Problem]:
    """Return the problems of unfiled projects (JG-10) in a report with a text."""
    report = {"units/shili/2022/report.md": {"全年支出300万元。": text}}
    problems = check_data(example_data(folder, report), TODAY).judgement.problems
    return [problem for problem in problems if problem.rule.id == "JG-10"]


@pytest.mark.parametrize("text", UNFILED_PROJECTS)
def test_project_in_quotation_marks_without_a_table_is_reported(text: str, tmp_path: Path) -> None:
    (problem,) = project_problems(tmp_path, text)
    assert f"“{problem.filed}”" in text


@pytest.mark.parametrize("text", OTHER_PROJECTS)
def test_other_project_in_quotation_marks_passes(text: str, tmp_path: Path) -> None:
    assert project_problems(tmp_path, text) == []
