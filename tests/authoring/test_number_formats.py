"""Number formats of Excel: what a cell shows for a stored value."""

import re
from decimal import Decimal

import pytest

from gongkai.authoring.office.number_formats import (
    BUILT_IN_FORMATS,
    UnknownFormatError,
    shown_number,
    shown_text,
    shows_whole_date,
    stored_number,
)

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '
SHOWN = [
    ("General", "292.3", "292.3"),
    ("General", "0.30000000000000004", "0.3"),
    ("General", "33.333333333333336", "33.33333333"),
    ("General", "123456789012345", "1.23457E+14"),
    ("General", "1E-7", "0.0000001"),
    ("G/通用格式", "5", "5"),
    ("0", "12.5", "13"),
    ("0.00", "2.675", "2.68"),
    ("0.00", "-0.001", "0.00"),
    ("0%", "0.8766", "88%"),
    ("0.00%", "0.8766", "87.66%"),
    ("0!.0,", "2923000", "292.3"),
    ('0\\.0,"万元"', "2923000", "292.3万元"),
    ("0!.0000", "2923000", "292.3000"),
    (ACCOUNTING, "292.3", "292.30"),
    (ACCOUNTING, "1234567.5", "1,234,567.50"),
    (ACCOUNTING, "-5", "-5.00"),
    (ACCOUNTING, "0", "-"),
    ("0.00_);(0.00)", "292.3", "292.30"),
    ("0.00_);(0.00)", "-292.3", "(292.30)"),
    ("0.00;[Red]0.00", "-12", "12.00"),
    ("000000", "123", "000123"),
    ("00-00", "1234", "12-34"),
    ('0.00"万元"', "292.31", "292.31万元"),
    ("#,##0.00元", "1234.5", "1,234.50元"),
    ("[$¥-804]#,##0.00", "-1234.5", "-¥1,234.50"),
    ("#.##", "5", "5"),
    ("#.##", "0.5", ".5"),
    ("0.0?", "1.5", "1.5"),
    ("0,", "2923000", "2923"),
    ('0.0,,"百万"', "2923000", "2.9百万"),
    ("0.00E+00", "292.3", "2.92E+02"),
    ("##0.0E+0", "12345", "12.3E+3"),
    ("0.0E+0", "9.96", "1.0E+1"),
    ("# ?/?", "2.5", "2 1/2"),
    ("# ?/?", "0.5", "1/2"),
    ("# ??/16", "1.999", "2"),
    ('[>=100]0;[<0]"负"0;0.00', "-5", "负5"),
    ('[>=100]0;[<0]"负"0;0.00', "5", "5.00"),
    ('[=0]"无";0.0', "0", "无"),
    ('0.00;-0.00;"零"', "0", "零"),
    (";;;", "5", ""),
    ("@", "5", "5"),
    ("0;@", "-5", "-5"),
    ("[DBNum1][$-804]General", "10203", "一万〇二百〇三"),
    ("[DBNum2][$-804]General", "292", "贰佰玖拾贰"),
    ("yyyy/m/d", "44625", "2022/3/5"),
    ('yyyy"年"m"月"d"日"', "45291", "2023年12月31日"),
    ('yyyy"年"m"月"', "45291", "2023年12月"),
    ('m"月"d"日"', "45291", "12月31日"),
    ("d-mmm", "44625", "5-Mar"),
    ("mmmm d, yyyy", "44625", "March 5, 2022"),
    ("mmmmm", "44625", "M"),
    ("[$-804]mmmm", "44625", "三月"),
    ("[$-804]aaaa", "44625", "星期六"),
    ("aaa", "44625", "六"),
    ("[$-804]dddd", "44625", "星期六"),
    ("dddd", "44625", "Saturday"),
    ('[DBNum1][$-804]yyyy"年"m"月"d"日"', "45291", "二〇二三年十二月三十一日"),
    ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "44625", "2022年3月5日"),
    ("yyyy-mm-dd hh:mm:ss", "44927.75", "2023-01-01 18:00:00"),
    ("h:mm AM/PM", "44927.75", "6:00 PM"),
    ('上午/下午h"时"mm"分"', "0.75", "下午6时00分"),
    ("h:mm", "44927.5208333333", "12:30"),
    ("h:mm:ss", "0.999999", "0:00:00"),
    ("[h]:mm", "1.5", "36:00"),
    ("[$-F400]h:mm:ss AM/PM", "0.75", "18:00:00"),
    ("mm:ss.0", "0.0001", "00:08.6"),
    ("yyyymmdd", "59", "19000228"),
    ("yyyymmdd", "61", "19000301"),
    (BUILT_IN_FORMATS[14], "44625", "2022/3/5"),
    (BUILT_IN_FORMATS[58], "44625", "3月5日"),
]


@pytest.mark.parametrize(("code", "stored", "shown"), SHOWN)
def test_number_as_shown(code: str, stored: str, shown: str) -> None:
    assert shown_number(stored_number(stored), code).strip() == shown


@pytest.mark.parametrize(
    ("code", "stored"),
    [
        ("yyyy/m/d", "-1"),
        ("yyyy/m/d", "0.5"),
        ("yyyy/m/d", "2958466"),
        ("[DBNum1]0", "12"),
        ("[DBNum2]General", "12.5"),
        ("[DBNum4]General", "12"),
        ("0/0/0", "12"),
    ],
)
def test_formats_that_are_not_known(code: str, stored: str) -> None:
    with pytest.raises(UnknownFormatError):
        shown_number(stored_number(stored), code)


@pytest.mark.parametrize(
    ("code", "shown"),
    [("General", "文"), ("0.00", "文"), ('@"元"', "文元"), ('0;0;0;"第"@', "第文"), ("0;0;0;", "")],
)
def test_text_as_shown(code: str, shown: str) -> None:
    assert shown_text("文", code) == shown


def test_dates_from_1904() -> None:
    assert shown_number(Decimal(0), "yyyy/m/d", is_1904=True) == "1904/1/1"


@pytest.mark.parametrize(
    ("code", "is_whole"),
    [("yyyy/m/d", True), ('m"月"d"日"', False), ("yyyy-mm", False), ("d h:mm", False)],
)
def test_whole_dates(code: str, *, is_whole: bool) -> None:
    assert shows_whole_date(code, Decimal(44625)) is is_whole


@pytest.mark.parametrize("text", ["-", "x", "nan", "inf"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        stored_number(text)
