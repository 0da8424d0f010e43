"""Choices with boxes: which are ticked in a printed text, and how the filed ones are printed."""

from typing import Any

import pytest

from gongkai.model.choices import choice_fault, filed_choices, print_choices, ticked_choices
from gongkai.model.specs import FieldSpec


def spec_of(choices: str = "甲乙", **keys: Any) -> FieldSpec:
    return FieldSpec.model_validate({"键": "性质", "类型": "选择", "选项": list(choices), **keys})


@pytest.mark.parametrize(
    ("text", "boxes", "ticked"),
    [
        ("1、甲☑ 2、乙□", "{序号}、{选项}{框}", "甲"),
        ("1、甲□ 2、乙√", "{序号}、{选项}{框}", "乙"),
        ("1、甲 2、乙□", "{序号}、{选项}{框}", "甲"),
        ("甲☑ 乙", "{选项}{框}", "甲"),
        ("□甲 ■乙", "{框}{选项}", "乙"),
        ("□甲 乙", "{框}{选项}", "乙"),
        ("□甲 □乙", "{框}{选项}", ""),
        ("☑甲 ☑乙", "{框}{选项}", "甲乙"),
        ("√甲 □乙", "", "甲"),
        ("□甲 √乙", "", "乙"),
        ("甲√ 乙□", "", "甲"),
        ("甲□ 乙√", "", "乙"),
        ("甲□\n乙√", "", "乙"),
        ("☐甲 ☒乙", "", "乙"),
        ("■甲 □乙", "", "甲"),
        ("甲（√） 乙（ ）", "", "甲"),
        ("甲( ) 乙(√)", "", "乙"),
        ("（√）甲 （）乙", "", "甲"),
        ("[ ]甲 [√]乙", "", "乙"),
        ("甲（√） 乙（×）", "", "甲"),
        ("□√甲 □乙", "", "甲"),
        ("甲□√ 乙□", "", "甲"),
        ("□ 甲　　☑ 乙", "", "乙"),
        ("甲乙类：□甲 ☑乙", "", "乙"),
    ],
)
def test_ticked(text: str, boxes: str, ticked: str) -> None:
    """Boxes before the words or after them, whatever the form prints; a tick may be lost."""
    assert ticked_choices(spec_of(勾选=boxes), text) == tuple(ticked)


@pytest.mark.parametrize("text", ["", "丙", "甲 乙", "□乙 ☑甲", "☑甲", "甲"])
def test_texts_without_all_choices_and_boxes(text: str) -> None:
    assert ticked_choices(spec_of(勾选="{框}{选项}"), text) is None


def test_choices_within_others() -> None:
    spec = FieldSpec.model_validate(
        {"键": "新增", "类型": "选择", "选项": ["是", "不是", "是（补充）"], "勾选": "{框}{选项}"}
    )
    assert ticked_choices(spec, "□是 ☑不是 □是（补充）") == ("不是",)
    assert ticked_choices(spec, "□是 □不是 ☑ 是 （补充）") == ("是（补充）",)


@pytest.mark.parametrize(
    ("text", "ticked"), [("甲√ 乙", "甲"), ("甲 乙√", "乙"), ("甲 乙", ""), ("甲√ 乙√", "甲乙")]
)
def test_form_without_a_sign_for_what_is_not_ticked(text: str, ticked: str) -> None:
    assert ticked_choices(spec_of(勾选="{选项}{框}", 框=["√", ""]), text) == tuple(ticked)


@pytest.mark.parametrize(
    ("keys", "filed", "printed"),
    [
        ({"勾选": "{序号}、{选项}{框}"}, "乙", "1、甲□ 2、乙☑"),
        ({"勾选": "{框}{选项}", "框": ["√", "□"]}, "甲", "√甲 □乙"),
        ({"勾选": "{框}{选项}", "框": ["■", "□"]}, "", "□甲 □乙"),
        ({"勾选": "{选项}（{框}）", "框": ["√", "  "]}, "甲", "甲（√） 乙（  ）"),
        ({"勾选": "{框}甲；{框}乙（附批文）"}, "乙", "□甲；☑乙（附批文）"),
        ({"勾选": "{框}{选项}", "多选": "是"}, "甲、乙", "☑甲 ☑乙"),
        ({"勾选": "{框}{选项}", "多选": "是"}, "乙，甲", "☑甲 ☑乙"),
        ({"勾选": "{框}{选项}", "多选": "是"}, "", "□甲 □乙"),
        ({"勾选": "{框}{选项}"}, "—", None),
        ({"勾选": "{框}{选项}"}, "甲、乙", None),
        ({"勾选": "{框}{选项}", "多选": "是"}, "甲、丙", None),
        ({}, "甲", None),
    ],
)
def test_printed_and_read_back(keys: dict[str, Any], filed: str, printed: str | None) -> None:
    spec = spec_of(**keys)
    assert print_choices(spec, filed) == printed
    if printed is not None:
        ticked = ticked_choices(spec, printed)
        assert ticked is not None
        assert set(ticked) == set(filed_choices(spec, filed) or ())


@pytest.mark.parametrize(
    ("several", "text", "fault", "remedy"),
    [
        ("否", "甲", "", ""),
        ("否", "丙", "应从“甲”“乙”中选一个，这里写的是“丙”", ""),
        ("否", "√甲 □乙", "只写选中的答案“甲”，方框由表式印，这里写的是“√甲 □乙”", "甲"),
        ("否", "□甲 □乙", "的方框一个也没有勾，这里写的是“□甲 □乙”；请从“甲”“乙”中选一个写上", ""),
        ("否", "☑甲 ☑乙", "勾了“甲”“乙”2 个，只能选一个，这里写的是“☑甲 ☑乙”；请核对原件", ""),
        ("否", "甲、乙", "只能选一个，这里写了“甲、乙”；请只留一个", ""),
        ("是", "甲、乙", "", ""),
        ("是", "☑甲 ☑乙", "只写选中的答案“甲、乙”，方框由表式印，这里写的是“☑甲 ☑乙”", "甲、乙"),
        ("是", "甲、丙", "里的“丙”不是选项；应从“甲”“乙”中选一个或几个，几个之间用“、”隔开", ""),
        ("是", "甲、甲", "把“甲”写了不止一次；请只留一处", ""),
    ],
)
def test_faults(several: str, text: str, fault: str, remedy: str) -> None:
    assert choice_fault(spec_of(多选=several), text) == (fault, remedy)
