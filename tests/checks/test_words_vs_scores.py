"""Results in words against targets and full points (ZB-17), and right ones that look alike."""

from pathlib import Path

import pytest

from gongkai.checks.runner import check_data
from gongkai.model.problems import Level
from tests.folders import TODAY, example_data

PROJECT = "units/shili/2022/projects/shili-daolu.yml"
INDICATOR = """年度指标值: 100公里
              实际完成值: 100公里
"""


def warnings_of(folder: Path, target: str, actual: str, reason: str = "") -> list[str]:
    """Check an indicator with full points; return the rules of the warnings and errors."""
    lines = [f"年度指标值: {target}", f"实际完成值: {actual}"]
    if reason:
        lines.append(f"偏差原因分析及改进措施: {reason}")
    filed = "".join(f"{line}\n              " for line in lines).rstrip(" ")
    data = example_data(folder / "data", {PROJECT: {INDICATOR: filed}})
    problems = check_data(data, TODAY, display_name="data").judgement.problems
    return [problem.rule.id for problem in problems if problem.level is not Level.I]


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("12月底前全部完成", "次年1月完成"),
        ("按时足额发放", "第四季度补助于次年2月发放"),
        ("村村全覆盖", "覆盖11个村，尚有2个村未覆盖"),
        ("50户", "惠及农户46户，其余4户放弃"),
        ("全部办结", "办结率98%，3件仍在办理"),
        ("建立健全制度", "制度正在起草"),
        ("100%", "九成"),
        ("1000份", "发放宣传资料八百份"),
        ("≥98%", "合格率为百分之九十五"),
        ("≥5项", "出台制度3项"),
        ("零事故", "发生一般事故1起"),
        ("无投诉", "受理投诉2件，均已办结"),
        ("全年无断水", "停水1次"),
        ("每月一次", "全年开展9次"),
        ("每季度1次", "全年共组织3次"),
        ("每周开展2次", "共开展70次"),
        ("有效降低", "没有明显降低"),
        ("增强", "有待增强"),
        ("明显改善", "改善不明显"),
        ("一等奖", "二等奖"),
        ("A级", "B级"),
        ("不低于上年", "较上年下降2个百分点"),
        ("不高于去年", "较去年上升3个百分点"),
        ("稳定在90%以上", "89%"),
        ("不超预算", "超预算3万元"),
    ],
)
def test_words_that_say_less_than_the_target(target: str, actual: str, tmp_path: Path) -> None:
    assert "ZB-17" in warnings_of(tmp_path, target, actual)


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("村村全覆盖", "覆盖13个村，无未覆盖的村"),
        ("零事故", "开展检查12次，未发生事故"),
        ("零差错", "审核票据3200张，差错0张"),
        ("不发生重大舆情", "妥善处置一般舆情2起，未发生重大舆情"),
        ("无投诉", "0件"),
        ("无事故", "无"),
        ("每月一次", "每月1次，全年12次"),
        ("每季度1次", "全年开展5次"),
        ("每周一次", "全年开展56次"),
        ("按时足额发放", "按季发放，第四季度于12月发放"),
        ("次年3月前验收", "次年1月验收"),
        ("≥90%", "九成五"),
        ("≥95%", "成活率达九成六"),
        ("1000份", "发放一千二百份"),
        ("≥4期", "举办四期"),
        ("≥12次", "开展12次，其余时间安排自查"),
        ("20台", "采购20台，其余设备利旧"),
        ("完成", "已完成，正在发挥效益"),
        ("全部建成", "全部建成，正在使用"),
        ("一等奖", "特等奖"),
        ("A级", "AA级"),
        ("良好", "优"),
        ("不低于上年", "较上年提高2个百分点"),
        ("不高于上年", "较上年下降3%"),
        ("稳定在90%以上", "91%"),
        ("控制在5%以内", "3%"),
        ("不超预算", "未超预算"),
        ("减少", "较上年减少"),
        ("有效提升", "稳步提升，与先进县仍有追赶空间"),
        ("提高效率", "效率提高，办结时间减少2天"),
    ],
)
def test_words_that_say_as_much(target: str, actual: str, tmp_path: Path) -> None:
    assert warnings_of(tmp_path, target, actual) == []


def test_a_reason_that_says_less(tmp_path: Path) -> None:
    assert "ZB-17" in warnings_of(tmp_path / "less", "4场", "4场", "因疫情取消2场培训")
    assert warnings_of(tmp_path / "more", "4场", "4场", "另加演1场") == []
