"""Shares and rates of figures that stand elsewhere in the document."""

import pytest

from gongkai.checks.sentences.named_shares import find_wrong_named_shares
from gongkai.checks.sentences.prose import TextBlock
from gongkai.model.problems import Position
from tests.hanging import no_hang

WRONG = (
    "在编职工52人，其中高级职称11人。经比对，高级职称占在编职工的22.15%。",
    "辖区共有行政村18个。建成示范村5个，示范村占行政村的28.77%。",
    "计划培训320人。实际培训304人，因疫情取消一期，培训完成率94%。",
    "全馆藏书12.6万册；少儿读物3.78万册。少儿读物占全馆藏书的比例为33%。",
    "脱贫户共有240户，发展产业的脱贫户156户。发展产业的脱贫户占脱贫户总数的56%。",
    "年度计划巡查480次。\n\n全年完成巡查504次，巡查完成率为104%。",
)
RIGHT = (
    "在编职工52人，其中高级职称11人。经比对，高级职称占在编职工的21.15%。",
    "在编职工52人，在编职工上年50人，高级职称11人。高级职称占在编职工的22%。",
    "建成示范村5个，示范村占全县的28.77%。",
    "实际培训304人，培训完成率94%。",
    "项目支出占总支出的39.7%，办公经费占项目支出的2%。",
    "计划培训4期。实际培训304人，培训完成率100%。",
    "藏书12.6万册，少儿读物约3.8万册。少儿读物占藏书的31%。",
    "计划管网巡查480次。管网巡查完成率为95%。",
)


def computed_shares(text: str) -> list[str]:
    """Return what the wrong shares of a text come to."""
    block = TextBlock(text, "示例", Position("示例.yml"), is_body=False)
    return [result.computed for _, result in find_wrong_named_shares([block])]


@pytest.mark.parametrize("text", WRONG)
def test_wrong_share_is_reported(text: str) -> None:
    assert len(computed_shares(text)) == 1


@pytest.mark.parametrize("text", RIGHT)
def test_right_share_passes(text: str) -> None:
    assert computed_shares(text) == []


def test_computed_share_has_the_decimals_of_the_stated_one() -> None:
    text = "在编职工52人，其中高级职称11人。高级职称占在编职工的22.15%。"
    assert computed_shares(text) == ["21.15%"]


def test_long_texts_are_read_in_linear_time() -> None:
    with no_hang():
        computed_shares("甲类1户，乙类2户。甲类占乙类的50%。" * 2_000)
        computed_shares("甲类占乙类的50%，" * 10_000)
