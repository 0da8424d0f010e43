"""Direction of indicators: more or less is better, by signs, words, categories and measures."""

import pytest

from gongkai.model.direction import Direction, direction_of
from gongkai.model.values import Kind, Value, parse_value


@pytest.mark.parametrize(
    ("name", "aspect", "target", "direction"),
    [
        ("示例", "", "≥3个", Direction.HIGHER),
        ("示例", "", "5个工作日内", Direction.LOWER),
        ("投诉办结率", "", "98%", Direction.HIGHER),
        ("群众有效投诉件数", "社会效益指标", "12件", Direction.LOWER),
        ("故障平均修复时长", "时效指标", "24小时", Direction.LOWER),
        ("安全事故应急演练次数", "数量指标", "3次", Direction.PROBABLY_HIGHER),
        ("查处违法案件数", "数量指标", "50起", Direction.PROBABLY_HIGHER),
        ("不合格率", "质量指标", "1%", Direction.LOWER),
        ("节约成本额", "", "3万元", Direction.PROBABLY_HIGHER),
        ("示例投入", "经济成本指标", "3万元", Direction.LOWER),
        ("示例工程", "时效指标", "30天", Direction.LOWER),
        ("示例", "质量指标", "100%", Direction.HIGHER),
        ("安全生产", "质量指标", "0起", Direction.LOWER),
        ("参训人数", "社会效益指标", "224人", Direction.PROBABLY_HIGHER),
        ("示例", "社会效益指标", "3个", Direction.UNKNOWN),
    ],
)
def test_direction(name: str, aspect: str, target: str, direction: Direction) -> None:
    value = parse_value(Kind.MEASURED, target, "万元")
    assert isinstance(value, Value)
    assert direction_of(name, aspect, value) is direction
