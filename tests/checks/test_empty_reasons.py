"""Reasons of missed targets that give none are reported, unless a text of the disclosure gives one."""

from pathlib import Path

import pytest

from gongkai.checks.runner import check_data
from tests.folders import TODAY, example_data
from tests.hanging import no_hang

EMPTY = (
    "未达到目标值。",
    "满意度未达到年度指标值，今后继续改进。",
    "略低于预期目标。",
    "实际完成值与目标存在一定差距，下一步加强管理。",
    "今后将进一步提高服务质量。",
    "继续努力提升工作水平。",
    "未完成年初指标，低于目标5个百分点。",
    "居民满意度未达标，下年度持续改进工作作风。",
)
REASONS = (
    "示例路段施工时间较长，今后错峰施工。",
    "部分居民反映夜间照明不足；下年度增设路灯。",
    "受连续降雨影响，工期延长。",
    "未达到目标，原因是部分路段仍在施工。",
    "问卷回收较少。",
    "施工扬尘扰民，今后加强管理。",
    "继续改进服务，增设示例便民点，解决排队时间长的问题。",
)
PROJECT = "units/shili/2022/projects/shili-daolu.yml"
ELSEWHERE = "存在的问题: 示例路段施工时间较长"


def reported_messages(folder: Path, reason: str, problem: str) -> list[str]:
    """Return the messages on a reason (ZB-11) in a table beside a report with a problem."""
    changes = {
        "三级指标: 示例居民满意度": "三级指标: 居民满意度",
        "偏差原因分析及改进措施: 示例路段施工时间较长，今后错峰施工。": f"偏差原因分析及改进措施: {reason}",
        ELSEWHERE: f"存在的问题: {problem}",
    }
    problems = check_data(example_data(folder, {PROJECT: changes}), TODAY).judgement.problems
    return [problem.message for problem in problems if problem.rule.id == "ZB-11"]


@pytest.mark.parametrize("reason", EMPTY)
def test_empty_reason_is_reported(reason: str, tmp_path: Path) -> None:
    message = (
        f"“居民满意度”的目标是“≥90%”，完成“85%”，“偏差原因分析及改进措施”只写“{reason}”，"
        "没有说为什么，各处文字也没有说"
    )
    assert reported_messages(tmp_path, reason, "示例路段较长") == [message]


@pytest.mark.parametrize("reason", REASONS)
def test_reason_passes(reason: str, tmp_path: Path) -> None:
    assert reported_messages(tmp_path, reason, "示例路段较长") == []


@pytest.mark.parametrize("reason", EMPTY)
def test_reason_in_another_text_counts(reason: str, tmp_path: Path) -> None:
    problem = "施工时间较长，居民出行不便"
    assert reported_messages(tmp_path, reason, problem) == []


def test_long_reasons_are_read_in_linear_time(tmp_path: Path) -> None:
    with no_hang():
        reported_messages(tmp_path / "digits", f"未达到{'0' * 50}目标一", "示例路段较长")
        reported_messages(tmp_path / "words", f"{'略有' * 25}一", "示例路段较长")
