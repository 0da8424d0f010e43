"""Sentences as people write them in reports: correct ones pass, wrong ones are reported."""

import time
from pathlib import Path

import pytest

from gongkai.checks.arithmetic import find_wrong_balances, find_wrong_equations
from gongkai.checks.changes import find_wrong_changes
from gongkai.checks.clauses import split_sentences
from gongkai.checks.prose import TextBlock
from gongkai.checks.runner import check_data
from gongkai.checks.shares import find_wrong_shares
from gongkai.checks.statements import find_itemized_totals
from gongkai.model.nodes import MappingNode, ScalarNode
from gongkai.reading.source import parse_source
from tests.folders import TODAY, example_data

REPORT = "units/shili/2022/report.md"
CORRECT = """
2022年收入合计1200万元，其中：财政拨款收入1000万元，占83.33%；其他收入200万元，占16.67%。
全年完成维护项目15个，其中：省级5个、市级10个，完成率100%。
共发放补助资金50万元，惠及群众200人，其中：甲镇120人、乙镇80人。
共发放补助资金50万元，惠及群众200人，其中：甲镇30万元、乙镇20万元。
部门预算支出300万元，比上年增加30万元，增长11.11%，其中：基本支出200万元，项目支出100万元。
示例活动费2万元，同比增加0.5万元，增长33.33%。
共有示例人员25人，其中：行政10人，事业15人；退休人员8人。
年末资产总额3000万元，其中流动资产500万元，固定资产2500万元，负债总额200万元。
基本支出200万元，其中：人员经费150万元（含工资120万元），公用经费50万元。
支出300万元，其中：基本支出200万元，包括人员经费150万元、公用经费50万元；项目支出100万元。
全年培训3期，共150人次，其中：第一期50人次，第二期60人次，第三期40人次。
收入增加10万元，其中：示例甲增加15万元，示例乙减少5万元。
预算数50万元、决算数45万元，其中：示例甲30万元，示例乙20万元。
自评总分为100分，本单位自评得分98分。
示例道路维护项目自评得分99分。
本单位编制12名，其中行政编制5名、事业编制7名。
2021年部门预算收入280万元，2022年部门预算收入300万元。
上年项目支出80万元，本年项目支出100万元。
政府采购项目支出20万元。
示例资金使用期限至2024年12月31日。
示例办法自2023年7月1日起施行。
下一步，2023年10月完成示例工程。
示例路段长3/4公里，宽7.5米，占比约80%左右。
安排资金100万元，其中：1月30万元，2月30万元，3月40万元。
三公经费支出2.5万元，其中：因公出国（境）费0万元，公务用车购置及运行费0万元（其中：购置费0万元，运行费0万元），公务接待费2.5万元。
慰问240户，发放慰问金24万元，户均0.1万元。
""".strip().split("\n")
WRONG = {
    "2022年收入合计1200万元，其中：财政拨款收入1000万元；其他收入100万元。": "GJ-01",
    "共有示例人员25人，其中：行政10人，事业14人；退休人员8人。": "GJ-01",
    "基本支出200万元，其中：人员经费140万元（含工资120万元），公用经费50万元。": "GJ-01",
    "安排资金100万元，其中：1月30万元，2月30万元，3月30万元。": "GJ-01",
    "三公经费支出2.5万元，比上年减少0.5万元，减少20%。": "GJ-05",
    "本单位自评得分89分。": "GJ-06",
    "本单位编制15名。": "GJ-03",
    "2022年部门预算收入280万元。": "GJ-03",
    "全年项目支出80万元。": "GJ-02",
    "截至2023年9月，示例道路已全部完工。": "RQ-03",
}


def reported_rules(folder: Path, line: str) -> set[str]:
    """Return the ids of rules reported for a report with this line."""
    data = example_data(folder, {REPORT: {"全年支出300万元。": line}})
    return {problem.rule.id for problem in check_data(data, TODAY).judgement.problems}


@pytest.mark.parametrize("line", CORRECT)
def test_correct_sentence_passes(line: str, tmp_path: Path) -> None:
    assert reported_rules(tmp_path, line) == set()


@pytest.mark.parametrize("line", WRONG)
def test_wrong_sentence_is_reported(line: str, tmp_path: Path) -> None:
    assert reported_rules(tmp_path, line) == {WRONG[line]}


def test_total_and_parts_of_a_sentence() -> None:
    text = "全年共计52.5万元，具体情况如下：示例甲9万元（示财[2022]0043号）；示例乙4万元等。"
    (sentence,) = split_sentences(text)[:1]
    (itemized,) = find_itemized_totals(sentence, text)
    assert itemized.total is not None
    assert (itemized.total.text, itemized.is_open) == ("52.5万元", True)
    assert [(part.name, part.quantity.text, part.reference) for part in itemized.parts] == [
        ("示例甲", "9万元", "示财[2022]0043号"),
        ("示例乙", "4万元", ""),
    ]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("共计10万元，其中甲6万元，乙5万元", (1, 7)),
        ('"共计10万元，其中甲6万元，乙5万元"', (1, 8)),
        ("|\n  示例说明。\n  共计10万元，其中甲6万元，乙5万元", (3, 5)),
        (">-\n  示例说明。\n  共计\n   10万元，其中甲6万元，乙5万元", (4, 4)),
    ],
)
def test_position_in_a_value(source: str, place: tuple[int, int]) -> None:
    node = parse_source(f"说明: {source}\n".encode(), "示例.yml").root
    assert isinstance(node, MappingNode)
    scalar = node.values["说明"]
    assert isinstance(scalar, ScalarNode)
    block = TextBlock(scalar.text, "", scalar.position, is_body=False)
    (itemized,) = find_itemized_totals(block.sentences[-1], block.text)
    assert itemized.total is not None
    position = block.position_at(itemized.total.column)
    assert (position.line, position.column) == place


HOSTILE = {
    "digits": "1234567890" * 10_000,
    "brackets": "（" * 50_000 + "）" * 50_000,
    "figures in brackets": "（1元" * 12_000 + "）" * 12_000,
    "figures": "甲1万元、" * 20_000,
    "connectors": "其中1万元，" * 20_000,
    "totals": "，合计1万元" * 20_000,
    "terms": "1元+" * 25_000 + "=1元",
    "comparisons": "比上年1元增加1元，" * 10_000,
    "from and to": "由1件增至2件，增长1%" * 8_000,
    "shares": "，占其中的1%" * 15_000,
    "blanks": "共计 1" + " " * 100_000,
    "lines": "1.甲1万元；\n" * 12_000,
    "words": "甲" * 100_000 + "1元，其中" + "乙" * 100_000 + "2元",
}
"""Texts of 100 KB and more."""


@pytest.mark.parametrize("name", HOSTILE)
def test_long_texts_are_read_in_linear_time(name: str) -> None:
    """It takes a second of this process, and a minute if anything is quadratic."""
    text = HOSTILE[name]
    started = time.process_time()
    for sentence in split_sentences(text):
        list(find_itemized_totals(sentence, text))
        list(find_wrong_equations(sentence, text))
        list(find_wrong_balances(sentence, text))
        list(find_wrong_shares(sentence, text))
        list(find_wrong_changes(sentence, text))
    assert time.process_time() - started < 20
