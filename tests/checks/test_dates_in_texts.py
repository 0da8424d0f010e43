"""Dates in texts: ends before their starts, and money and events of a later year."""

from pathlib import Path

import pytest

from gongkai.checks.runner import check_data
from tests.folders import TODAY, example_data

REVERSED = (
    "示例桥梁2022年9月12日正式开工，2022年8月30日完工。",
    "培训班10月18日开班、9月20日结业。",
    "示例渠道2022年6月启动，于2022年4月通过验收。",
    "公示期为2022年5月20日至2022年5月12日。",
    "展览自2022年8月25日起至2022年7月25日展出。",
    "采购2022.11.8开始、2022.10.8验收。",
    "11月22日至11月2日开展示例检查。",
)
IN_ORDER = (
    "示例桥梁2022年8月30日正式开工，2022年9月12日完工。",
    "示例桥梁11月开工，3月完工。",
    "一期2022年7月10日开工，二期2022年6月28日完工。",
    "2021年11月8日至2022年3月15日为供暖期。",
    "汛期为11月至3月以外的月份。",
    "2022年7月10日开工，6月28日完成招标。",
    "甲路段7月10日开工，乙路段6月28日完工。",
    "2022年12月20日至次年1月10日开展慰问。",
    "示例价格1.5-1.2万元，完成比例10.5至9.8。",
)
LATER_YEARS = (
    "2023年全年支出300万元。",
    "2023年决算支出300万元，主要用于人员经费。",
    "2024年三公经费支出2.5万元。",
    "2023年2月因示例任务减少，调减项目预算10万元。",
    "2023年2月15日县财政追加本项目资金10万元。",
    "2023年基本支出200万元，项目支出100万元。",
)
OTHER_YEARS = (
    "2022年全年支出300万元。",
    "2023年预算安排300万元。",
    "2023年计划支出300万元。",
    "2023年2月收回结转资金10万元。",
    "预计2023年支出300万元，与上年持平。",
    "2023年支出比2022年的300万元减少20万元。",
    "2023年1月支付尾款300万元。",
)


def reported_rules(folder: Path, text: str) -> set[str]:
    """Return the rules on dates and years reported for a report with a text."""
    report = {"units/shili/2022/report.md": {"全年支出300万元。": text}}
    problems = check_data(example_data(folder, report), TODAY).judgement.problems
    return {problem.rule.id for problem in problems} & {"RQ-06", "RQ-08"}


@pytest.mark.parametrize("text", REVERSED)
def test_end_before_start_is_reported(text: str, tmp_path: Path) -> None:
    assert reported_rules(tmp_path, text) == {"RQ-08"}


@pytest.mark.parametrize("text", LATER_YEARS)
def test_later_year_is_reported(text: str, tmp_path: Path) -> None:
    assert reported_rules(tmp_path, text) == {"RQ-06"}


@pytest.mark.parametrize("text", [*IN_ORDER, *OTHER_YEARS])
def test_right_dates_pass(text: str, tmp_path: Path) -> None:
    assert reported_rules(tmp_path, text) == set()
