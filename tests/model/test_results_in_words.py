"""Results stated in words: figures, failures and dates in the cells of indicators."""

from decimal import Decimal

import pytest

from gongkai.model.results_in_words import is_past_deadline, stated_failure, stated_number


@pytest.mark.parametrize(
    ("text", "measure", "number"),
    [
        ("开展41场，其余因高温取消", "场", "41"),
        ("计划8场，实际开展6场", "场", "6"),
        ("上半年2场，下半年3场，共5场", "场", "5"),
        ("上半年2场，下半年3场", "场", None),
        ("比上年增加12人，达到86人", "人", "86"),
        ("完成率98.6%，合格率100%", "%", None),
        ("一次性通过", "次", None),
        ("每季度1次，全年4次", "次", "4"),
        ("第1期、第2期已完成", "期", None),
    ],
)
def test_stated_number(text: str, measure: str, number: str | None) -> None:
    assert stated_number(text, measure) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("target", "text", "failure"),
    [
        ("建立健全", "制度正在起草，尚未印发", "正在起草"),
        ("合规", "审计发现一笔支出不符合规定", "不符合"),
        ("每月15日前发放", "8个月按时发放，4个月延迟到月底", "延迟"),
        ("按时完成", "已按时完成，未发生延误", ""),
        ("改善", "解决了管网破损、水质不达标问题", ""),
        ("好", "好，年度审计未发现违规使用资金", ""),
        ("持续", "持续推进，不及时问题得到整改", ""),
        ("100%", "取消收费项目3个", ""),
        ("不健全的补齐", "不健全的已补齐", ""),
    ],
)
def test_stated_failure(target: str, text: str, failure: str) -> None:
    assert stated_failure(text, target) == failure


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("2023年8月底前", "2023年10月中旬安装完毕", True),
        ("12月底前", "2023年1月5日", True),
        ("2021.12.31前", "2022.1.5", True),
        ("2022年6月前", "2022年6月20日", False),
        ("2022年12月底前", "2022年12月25日", False),
        ("11月底前", "10月完成招标，11月20日完工", False),
        ("每月10日前", "每月12日", False),
        ("2022年7月", "2022年8月", False),
    ],
)
def test_past_deadline(target: str, actual: str, *, expected: bool) -> None:
    assert is_past_deadline(target, actual, 2022) is expected
