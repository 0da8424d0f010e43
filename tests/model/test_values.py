"""Parsing of values as filed, and their comparison with targets."""

from decimal import Decimal

import pytest

from gongkai.model.comparison import attainment_degree, is_reached
from gongkai.model.values import (
    Comparison,
    InvalidValue,
    Kind,
    Value,
    ValueState,
    format_decimal,
    parse_value,
    readable_amount,
    round_half_up,
)


@pytest.mark.parametrize(
    ("kind", "text", "number", "measure", "comparison"),
    [
        (Kind.AMOUNT, "292.31", "292.31", "万元", None),
        (Kind.AMOUNT, "292.31万元", "292.31", "万元", None),
        (Kind.AMOUNT, "8.23万", "8.23", "万元", None),
        (Kind.AMOUNT, "1,234.56", "1234.56", "万元", None),
        (Kind.AMOUNT, "0", "0", "万元", None),
        (Kind.RATE, "100%", "100", "%", None),
        (Kind.RATE, "97.25％", "97.25", "%", None),
        (Kind.POINTS, "9.5分", "9.5", "分", None),
        (Kind.NUMBER, "5人", "5", "人", None),
        (Kind.MEASURED, "240", "240", "", None),
        (Kind.MEASURED, "59人次", "59", "人次", None),
        (Kind.MEASURED, "95%以上", "95", "%", Comparison.AT_LEAST),
        (Kind.MEASURED, "≧735人次", "735", "人次", Comparison.AT_LEAST),
        (Kind.MEASURED, "不超过3%", "3", "%", Comparison.AT_MOST),
        (Kind.MEASURED, "═100%", "100", "%", Comparison.EQUAL),
        (Kind.MEASURED, "≥100百分比", "100", "%", Comparison.AT_LEAST),
        (Kind.MEASURED, "10万人次", "10", "万人次", None),
        (Kind.MEASURED, "控制在5%以内", "5", "%", Comparison.AT_MOST),
        (Kind.MEASURED, "90%及以上", "90", "%", Comparison.AT_LEAST),
        (Kind.MEASURED, "至少2次", "2", "次", Comparison.AT_LEAST),
        (Kind.MEASURED, "两次", "2", "次", None),
        (Kind.MEASURED, "二百四十户", "240", "户", None),
        (Kind.MEASURED, "3‰", "3", "‰", None),
        (Kind.MEASURED, "5个工作日内", "5", "个工作日", Comparison.AT_MOST),
        (Kind.MEASURED, "240户左右", "240", "户", None),
        (Kind.MEASURED, "约2.1万人", "2.1", "万人", None),
        (Kind.MEASURED, "90%（含）以上", "90", "%", Comparison.AT_LEAST),
        (Kind.MEASURED, "66人（含学生志愿者）", "66", "人", None),
        (Kind.MEASURED, "64台(套)", "64", "台(套)", None),
        (Kind.RATE, "0.95", "95", "%", None),
        (Kind.RATE, "1", "100", "%", None),
        (Kind.RATE, "95.41", "95.41", "%", None),
        (Kind.MEASURED, "1月-6月", None, "", None),
        (Kind.MEASURED, "90%~95%", None, "", None),
        (Kind.MEASURED, "3/4", None, "", None),
        (Kind.MEASURED, "12月底前", None, "", None),
        (Kind.MEASURED, "一般", None, "", None),
        (Kind.MEASURED, "群众对项目实施的满意度", None, "", None),
        (Kind.TEXT, "12", None, "", None),
    ],
)
def test_parsed_value(
    kind: Kind, text: str, number: str | None, measure: str, comparison: Comparison | None
) -> None:
    value = parse_value(kind, text, "万元")
    expected_number = Decimal(number) if number is not None else None
    assert value == Value(text, ValueState.FILED, expected_number, measure, comparison)


@pytest.mark.parametrize("kind", list(Kind))
def test_blank_zero_and_not_applicable_differ(kind: Kind) -> None:
    assert parse_value(kind, " \u3000", "万元") == Value()
    for text in ("——", "—", "不适用"):
        assert parse_value(kind, text, "万元") == Value(text, ValueState.NOT_APPLICABLE)
    zero = parse_value(kind, "0", "万元")
    assert isinstance(zero, Value)
    assert zero.state is ValueState.FILED


@pytest.mark.parametrize(
    ("text", "money", "number", "filed_money"),
    [
        ("3160000元", "万元", "316", "元"),
        ("60万元", "元", "600000", "万元"),
        ("0.5亿", "万元", "5000", "亿元"),
        ("0元", "万元", "0", "元"),
        ("316万元", "万元", "316", "万元"),
    ],
)
def test_amount_with_a_unit_of_its_own(
    text: str, money: str, number: str, filed_money: str
) -> None:
    value = parse_value(Kind.AMOUNT, text, money)
    assert isinstance(value, Value)
    assert (value.text, value.number, value.measure) == (text, Decimal(number), money)
    assert value.filed_money == filed_money


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        (
            Kind.AMOUNT,
            "1.81元",
            (
                "本表金额以“万元”为单位，这里写的是“1.81元”；"
                "请换算成万元（0.000181万元），或核对单位是否误写"
            ),
        ),
        (
            Kind.AMOUNT,
            "十万",
            "应为金额（例如 292.31 或 292.31万元），这里写的是“十万”；请用阿拉伯数字写",
        ),
        (Kind.AMOUNT, "２９２．３１", "数字用了全角字符，请改写为半角“292.31”"),
        (Kind.MEASURED, "２４０户", "数字用了全角字符，请改写为半角“240户”"),
        (Kind.POINTS, "1O", "应为数字，这里写的是“1O”，疑混进了字母 O；请改成 0"),
        (Kind.NUMBER, "1O", "应为数字，这里写的是“1O”，疑混进了字母 O；请改成 0"),
        (Kind.AMOUNT, "2l.5", "应为数字，这里写的是“2l.5”，疑混进了字母 l；请改成 1"),
        (
            Kind.RATE,
            "全部",
            "应为百分比（例如 100% 或 97.25%），这里写的是“全部”；这一格只写一个数，说明请写到别处",
        ),
        (
            Kind.AMOUNT,
            "￥1,00",
            "应为金额（例如 292.31 或 292.31万元），这里写的是“￥1,00”；是否应为“100”？",
        ),
        (
            Kind.AMOUNT,
            "约.5左右",
            "应为金额（例如 292.31 或 292.31万元），这里写的是“约.5左右”；是否应为“0.5”？",
        ),
        (Kind.RATE, "95%%", "应为百分比（例如 100% 或 97.25%），这里写的是“95%%”；是否应为“95%”？"),
        (
            Kind.RATE,
            "9I%",
            "应为百分比（例如 100% 或 97.25%），这里写的是“9I%”；这一格只写一个数，说明请写到别处",
        ),
        (Kind.MEASURED, "1O0%", "应为数字，这里写的是“1O0%”，疑混进了字母 O；请改成 0"),
        (Kind.NUMBER, "五", "应为数字（例如 5 或 5人），这里写的是“五”；请用阿拉伯数字写"),
    ],
)
def test_invalid_value(kind: Kind, text: str, reason: str) -> None:
    result = parse_value(kind, text, "万元")
    assert isinstance(result, InvalidValue)
    assert result.reason == reason


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("12个", "12个", True),
        ("95%以上", "90%", False),
        ("95%以上", "92%以上", False),
        ("100", "100%", True),
        ("240", "100%", None),
        ("81户", "100%", None),
        ("≤1万元", "1.2万元", False),
        ("提升知晓率", "95%", None),
        ("", "95%", None),
        (">3次", "3次", False),
        ("=3次", "3次", True),
        ("<3次", "2次", True),
        ("≤4小时", "180分钟", True),
        ("≥18.5公里", "18600米", True),
        ("5个工作日内", "6个工作日", False),
        ("240户左右", "231户", True),
    ],
)
def test_target_is_reached(target: str, actual: str, *, expected: bool | None) -> None:
    values = [parse_value(Kind.MEASURED, text, "万元") for text in (target, actual)]
    target_value, actual_value = (value for value in values if isinstance(value, Value))
    assert is_reached(target_value, actual_value) is expected


@pytest.mark.parametrize(
    ("target", "actual", "share"),
    [
        ("≥95%", "96%", "1"),
        ("≥95%", "76%", "0.8"),
        ("100公里", "50", "0.5"),
        ("≤200元", "250元", "0.8"),
        ("≤200元", "100元", "1"),
        ("10万人次", "80000人次", "0.8"),
        ("5‰", "0.5%", "1"),
        ("100", "100%", "1"),
        ("240", "100%", None),
        ("=100%", "99%", None),
        ("59人次", "100%", None),
        ("≥0", "-1", None),
        ("有效", "有效", None),
    ],
)
def test_attainment(target: str, actual: str, share: str | None) -> None:
    values = [parse_value(Kind.MEASURED, text, "万元") for text in (target, actual)]
    target_value, actual_value = (value for value in values if isinstance(value, Value))
    assert attainment_degree(target_value, actual_value) == (
        None if share is None else Decimal(share)
    )


def test_formatted_numbers() -> None:
    assert [format_decimal(Decimal(text)) for text in ("100", "1E+2", "0.10", "52.50", "0")] == [
        "100", "100", "0.1", "52.5", "0",
    ]  # fmt: skip
    assert round_half_up(Decimal("5.235"), 2) == Decimal("5.24")


@pytest.mark.parametrize(
    ("filed", "shown"),
    [
        ("387664.62元", "38.77万元"),
        ("9999.5元", "9,999.5元"),
        ("12345.60万元", "12,345.60万元"),
        ("0万元", "0万元"),
        ("约300万元", "约300万元"),
        ("100%", "100%"),
        ("", ""),
    ],
)
def test_amounts_are_written_for_readers(filed: str, shown: str) -> None:
    assert readable_amount(filed) == shown
