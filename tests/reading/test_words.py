"""Kinds of mistakes in the data, each in several wordings: one message that says what to do."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from gongkai.checks.runner import check_data
from gongkai.model.spreadsheet_errors import explain_spreadsheet_error
from tests.folders import TODAY, example_data, replace_in_file

OVERALL = "units/shili/2022/overall.yml"
PROJECT = "units/shili/2022/projects/shili-daolu.yml"
BASELINE = "units/shili/2022/baseline.yml"
DISCLOSURE = "units/shili/2022/disclosure.yml"
UNIT = "units/shili/unit.yml"
FUND = "政府性基金拨款: 0"
OBJECTIVE = "预期目标: 示例道路畅通，示例服务到位。"


def report(folder: Path, file: str, old: str, new: str) -> list[str]:
    """Return rule and sentence of the problems after one replacement."""
    data = example_data(folder)
    replace_in_file(data / file, {old: new})
    return sentences(data)


def sentences(data: Path) -> list[str]:
    problems = check_data(data, TODAY).judgement.problems
    return [f"{problem.rule.id} {problem.sentence}" for problem in problems]


def starting_with(rules: Iterable[str], found: list[str]) -> list[str]:
    return [sentence for sentence in found if sentence.split()[0] in rules]


@pytest.mark.parametrize("word", ["无", "没有", "暂无", "未发生", "无此项", "同上", "略", "……"])
def test_words_for_an_amount(word: str, tmp_path: Path) -> None:
    """JG-01 alone reports them; JG-06 does not advise “无”."""
    assert report(tmp_path, OVERALL, FUND, f"政府性基金拨款: {word}") == [
        (
            f"JG-01 “政府性基金拨款”应为金额（例如 292.31 或 292.31万元），这里写的是“{word}”；"
            "没有的填 0，不适用的填“—”"
        )
    ]


@pytest.mark.parametrize("filed", ["0", "—", "——", "-", "/", "不适用"])
def test_what_the_message_advises_for_an_amount_is_accepted(filed: str, tmp_path: Path) -> None:
    assert (
        starting_with(
            ["JG-01", "JG-06"], report(tmp_path, OVERALL, FUND, f"政府性基金拨款: {filed}")
        )
        == []
    )


ERRORS = {
    "#REF!": "公式引用的单元格已经删去",
    "#N/A": "公式没有查到要找的值",
    "#VALUE!": "公式里的数其实是文字",
    "#DIV/0!": "公式除以了零或空格",
    "#NAME?": "公式里有不认识的名称",
    "#NUM!": "公式算出的数太大、太小或不存在",
    "#NULL!": "公式里两个区域没有交集",
    "#SPILL!": "公式的结果放不下",
    "#CALC!": "公式算不下去",
}


@pytest.mark.parametrize("error", ERRORS)
def test_error_value_of_excel(error: str, tmp_path: Path) -> None:
    meaning = f"“{error}”是 Excel 的错误值（{ERRORS[error]}）"
    cases = {
        "quoted": (
            OVERALL,
            FUND,
            f'政府性基金拨款: "{error}"',
            f"JG-01 “政府性基金拨款”：{meaning}；请回到原表查清，写上真正的数，没有的填 0，不适用的填“—”",
        ),
        "plain": (
            OVERALL,
            FUND,
            f"政府性基金拨款: {error}",
            f"JG-01 {meaning}；请回到原表查清，写上真正的值，没有的填 0，不适用的填“—”",
        ),
        "text": (
            OVERALL,
            OBJECTIVE,
            f'预期目标: "{error}"',
            f"JG-06 “预期目标”：{meaning}；请写上实际内容，没有的写“无”，不要照抄错误值",
        ),
    }
    for name, (file, old, new, message) in cases.items():
        found = report(tmp_path / name, file, old, new)
        assert message in found
        assert not any("提示语" in sentence for sentence in found)


@pytest.mark.parametrize(
    "text",
    [
        "###",
        "########",
        "#BUSY!",
        "#GETTING_DATA",
        "#FUTURE!",
        "Err:502",
        "错误:508",
        "＃REF！",
        "#ref!",
    ],
)
def test_other_error_values(text: str) -> None:
    assert "Excel" in explain_spreadsheet_error(text)


@pytest.mark.parametrize(
    "text", ["", "#", "第#1号", "#1", "# 说明", "N", "1#楼", "Err", "不适用", "#待填"]
)
def test_texts_that_are_no_error_values(text: str) -> None:
    assert explain_spreadsheet_error(text) == ""


DATES = {
    "2月30日": "2 月只有 29 天，没有 30 日",
    "2023年2月30日": "2023 年 2 月只有 28 天，没有 30 日",
    "2023年2月29日": "2023 年 2 月只有 28 天，没有 29 日",
    "2023-04-31": "4 月只有 30 天，没有 31 日",
    "2023.13.1": "一年只有 12 个月，没有 13 月",
    "2023年0月5日": "一年只有 12 个月，没有 0 月",
    "2023/6/0": "6 月只有 30 天，没有 0 日",
    "13月1日": "一年只有 12 个月，没有 13 月",
    "二〇二三年6月31日": "6 月只有 30 天，没有 31 日",
}


@pytest.mark.parametrize("date", DATES)
def test_filing_date_that_does_not_exist(date: str, tmp_path: Path) -> None:
    found = report(tmp_path, DISCLOSURE, "填报日期: 2023年3月1日", f"填报日期: {date}")
    assert found == [f"RQ-02 填报日期“{date}”不是真有的一天：{DATES[date]}；请核对是哪一天"]


@pytest.mark.parametrize("date", ["2月29日", "2024年2月29日"])
def test_leap_day(date: str, tmp_path: Path) -> None:
    found = report(tmp_path, DISCLOSURE, "填报日期: 2023年3月1日", f"填报日期: {date}")
    assert not any("不是真有的一天" in sentence for sentence in found)


@pytest.mark.parametrize(
    "date", ["2023-02-30", "2023-06-31", "2023-13-01", "2023-00-10", "2023-01-32", "2023-02-29"]
)
def test_publication_date_that_does_not_exist(date: str, tmp_path: Path) -> None:
    (message,) = report(tmp_path, DISCLOSURE, "发布日期: 2023-06-30", f"发布日期: {date}")
    start = f"JG-01 “发布日期”应是日期，例如 2023-06-29，这里写的是“{date}”；"
    assert message.startswith(start)
    assert "，没有 " in message.removeprefix(start)


@pytest.mark.parametrize(
    "text",
    [
        "于2月30日完成",
        "2022年6月31日验收",
        "自2022-02-30起施行，4月5日办结",
        "11月31日前完成",
        "2022年13月1日",
        "0月3日",
    ],
)
def test_date_in_a_text_that_does_not_exist(text: str, tmp_path: Path) -> None:
    found = starting_with(
        ["RQ-02"], report(tmp_path, OVERALL, OBJECTIVE, f"预期目标: {text}日常示例。")
    )
    assert [sentence[:11] for sentence in found] == ["RQ-02 “预期目标"]
    assert all("不是真有的一天" in sentence for sentence in found)


LEVELS = {
    "县": "县级",
    "市": "市级",
    "省": "省级",
    "区": "区级",
    "乡镇": "乡镇级",
    "县局": "县级",
    "乡级": "乡镇级",
}


@pytest.mark.parametrize("level", LEVELS)
def test_level_of_a_unit(level: str, tmp_path: Path) -> None:
    assert report(tmp_path, UNIT, "级别: 市级", f"级别: {level}") == [
        (
            f"JG-01 “级别”应从中央级、省级、市级、区级、县级、乡镇级中选一个，这里写的是“{level}”；"
            f"是否应为“{LEVELS[level]}”？"
        )
    ]


BROKEN = {
    "not closed": "名称: {甲",
    "a tab and text": "\t\t甲\n乙",
    "empty": "",
    "conflict": "<<<<<<< HEAD\n甲: 1\n=======\n甲: 2\n>>>>>>> b\n",
    "a list": "- 甲\n- 乙\n",
    "not text": "\x00\x01\x02",
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("file", [PROJECT, OVERALL, BASELINE])
def test_unreadable_file_is_there(file: str, name: str, tmp_path: Path) -> None:
    """A file that cannot be read is not said to be missing too."""
    data = example_data(tmp_path)
    path = data / file
    path.write_text(BROKEN[name], "utf-8")
    found = sentences(data)
    assert starting_with(["JG-01"], found)
    assert not any("没有文件" in sentence or "没有这份文件" in sentence for sentence in found)
    assert starting_with(["JG-09", "JG-10", "JG-12"], found) == []


def test_file_that_is_missing(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    (data / PROJECT).unlink()
    assert any("没有文件 projects/shili-daolu.yml" in sentence for sentence in sentences(data))


PLACE = "项目自评表（示例道路维护）/总分/得分"
PLACES = {
    "half-width brackets": "项目自评表(示例道路维护)/总分/得分",
    "one half-width bracket": "项目自评表（示例道路维护)/总分/得分",
    "spaces": "项目自评表（示例道路维护） / 总分 / 得分",
    "full-width slashes": "项目自评表（示例道路维护）／总分／得分",
    "full-width spaces": "项目自评表（示例道路维护）/\u3000总分/得分",
    "mixed": "项目自评表(示例道路维护)/总分／得分",
}


@pytest.mark.parametrize("name", PLACES)
def test_place_with_other_signs(name: str, tmp_path: Path) -> None:
    data = example_data(tmp_path)
    with (data / DISCLOSURE).open("a", encoding="utf-8") as file:
        file.write(
            f"勘误:\n  - {{位置: {PLACES[name]}, 原值: 97, 新值: 99, 原因: 示例, 日期: 2023-07-01}}\n"
            f"差异说明:\n  - {{规则: DF-03, 位置: {PLACES[name]}, 说明: 示例, 说明人: 示例员, 日期: 2023-07-01}}\n"
            "勾稽核对:\n"
            f"  - {{名称: 示例, 相等: ['{PLACES[name]}', '{PLACE}']}}\n"
        )
    replace_in_file(data / PROJECT, {"得分: 99}": "得分: 98}"})
    found = sentences(data)
    for rule in ("GK-02", "GK-03", "GJ-10"):
        (sentence,) = starting_with([rule], found)
        assert PLACES[name] in sentence
        assert f"请写成“{PLACE}”" in sentence


def test_place_that_is_somewhat_wrong(tmp_path: Path) -> None:
    data = example_data(tmp_path)
    with (data / DISCLOSURE).open("a", encoding="utf-8") as file:
        file.write(
            "勘误:\n  - {位置: 项目自评表（示例道路维护）/总分/等分, 原值: 97, 新值: 99, 原因: 示例, 日期: 2023-07-01}\n"
        )
    assert sentences(data) == [
        f"GK-02 勘误的位置“项目自评表（示例道路维护）/总分/等分”不存在；是否应为“{PLACE}”？"
    ]
