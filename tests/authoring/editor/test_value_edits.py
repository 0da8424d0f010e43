"""Edits of values in YAML files: only their lines change, and they read back as typed."""

import pytest

from gongkai.authoring.editor.tree_diffs import diff_trees
from gongkai.authoring.editor.value_edits import edit_values
from gongkai.authoring.editor.value_trees import (
    BODY,
    EditError,
    EditKind,
    Place,
    Tree,
    ValueEdit,
    apply_edits,
    clean_text,
    read_tree,
    same_values,
    value_at,
)

CERTAIN = (
    *(
        "0",
        "007",
        "12:30",
        "no",
        "~",
        "null",
        "true",
        "1e3",
        "0x1f",
        "1_000",
        "2022-06-29",
        "6月29日",
    ),
    *(
        "90%",
        "≥95%",
        "≤5",
        "95%以上",
        "原件未载",
        "不适用",
        "——",
        "—",
        "-",
        "-5",
        "- 5",
        "+3",
        ".5",
        "?",
    ),
    *(
        "甲：乙",
        "甲: 乙",
        "甲:",
        ":甲",
        "甲 #乙",
        "#甲",
        "# 甲",
        "[甲]",
        "{甲}",
        "甲, 乙",
        "甲，乙",
        "&甲",
    ),
    *(
        "*甲",
        "!甲",
        "|",
        "|-",
        ">",
        "'",
        "'甲'",
        '"',
        '"甲"',
        "甲'乙\"丙",
        "%",
        "@甲",
        "`甲`",
        "\\n",
        "C:\\甲",
    ),
    *(
        "---",
        "...",
        "--- 甲",
        "<<",
        "=",
        "“甲”",
        "　甲",
        "1,234.5",
        "#REF!",
        "甲  乙",
        "甲\t乙",
        "，",
        "、甲",
    ),
    *("{}", "[]", "{甲: 乙}", "<<<<<<< HEAD", "=======", ">>>>>>> main", "😀", "(甲", "甲)"),
)
"""Texts that YAML, or a careless writer of YAML, would read as something else."""
LONG = (
    "一\n二",
    "一\n\n二",
    "- 一\n- 二",
    "一\n  缩进\n二",
    "# 一\n# 二",
    "---\n一",
    "键: 值\n又: 值",
    "　　一\n　　二",
)
PLACES = {
    "plain": ("键: 旧\n", ("键",)),
    "comment behind": ("键: 旧  # 说明\n又: 1\n", ("键",)),
    "single quotes": ("键: '旧'\n", ("键",)),
    "double quotes": ('键: "旧"  # 说明\n', ("键",)),
    "blank": ("键:\n又:\n", ("键",)),
    "blank with comment": ("键:  # 必填\n又:\n", ("键",)),
    "literal": ("键: |-\n  旧\n  旧二\n又: 1\n", ("键",)),
    "literal with line end": ("甲:\n  键: |\n    旧\n    旧二\n\n# 说明\n又: 1\n", ("甲", "键")),
    "literal kept": ("键: |+\n  旧\n\n\n又: 1\n", ("键",)),
    "folded": ("键: >\n  旧\n  旧二\n\n又: 1\n", ("键",)),
    "plain lines": ("键: 旧的\n  续行\n又: 1\n", ("键",)),
    "quoted lines": ("键: '旧的\n\n  续行'  # 说明\n又: 1\n", ("键",)),
    "next line": ("键:\n  '旧'\n又: 1\n", ("键",)),
    "braces": ("键: {甲: 旧, 乙: 2}\n", ("键", "甲")),
    "braces, quoted": ("键: {甲: '旧', 乙: 2}  # 说明\n", ("键", "甲")),
    "braces, blank": ("键: {甲: , 乙: }\n", ("键", "甲")),
    "braces, last": ("键: {甲: 1, 乙: 旧}\n", ("键", "乙")),
    "braces, last blank": ("键: {甲: 1, 乙: }\n", ("键", "乙")),
    "braces on lines": ("键: {甲: 1,  # 说明\n  乙: 旧}\n", ("键", "乙")),
    "brackets": ("键: [甲, 旧, 乙]\n", ("键", 1)),
    "list": ("键:\n  - 甲\n  - 旧\n  - 乙\n", ("键", 1)),
    "list at the key": ("键:\n- 甲\n- 旧  # 说明\n又: 1\n", ("键", 1)),
    "blank entry": ("键:\n  -\n  - 乙\n", ("键", 0)),
    "list of mappings": ("键:\n  - 名: 旧\n    值: 1\n", ("键", 0, "名")),
    "list in a list": ("键:\n  - - 旧\n    - 乙\n", ("键", 0, 0)),
    "no line end": ("又: 1\n键: 旧", ("键",)),
    "Windows": ("键: 旧\r\n又: 1\r\n", ("键",)),
    "byte-order mark": ("\ufeff键: 旧\n又: 1\n", ("键",)),
    "key in quotes": ("'甲: 乙':\n  \"键\" : 旧\n", ("甲: 乙", "键")),
    "invisible characters": ("甲\u200b: 1\n键: 旧\u200b的  # 说\u200b明\n", ("键",)),
}


@pytest.mark.parametrize("case", PLACES)
def test_what_is_typed_reads_back(case: str) -> None:
    text, place = PLACES[case]
    for typed in (*CERTAIN, *LONG, ""):
        new = edit_values(text, [ValueEdit(place, typed)])
        read = value_at(read_tree(new), place)
        assert isinstance(read, str)
        assert read.rstrip("\n") == clean_text(typed)
        assert new.count("#") >= text.count("#"), "comments stay"
        back = edit_values(new, [ValueEdit(place, "旧")])
        assert value_at(read_tree(back), place) in {"旧", "旧\n", "旧\n\n\n"}


CASES: tuple[tuple[str, list[ValueEdit], str], ...] = (
    (
        "总分: {分值: 100, 得分: 97}  # 合计\n",
        [ValueEdit(("总分", "得分"), "98.5")],
        "总分: {分值: 100, 得分: 98.5}  # 合计\n",
    ),
    (
        "总分: {分值: 100, 得分: 97}\n",
        [ValueEdit(("总分", "得分")), ValueEdit(("总分", "分值"), "")],
        "总分: {分值: , 得分: }\n",
    ),
    (
        "甲: {上年: , 本年: , 执行: }\n",
        [ValueEdit(("甲", "执行"), "1,000"), ValueEdit(("甲", "上年"), "0")],
        "甲: {上年: 0, 本年: , 执行: '1,000'}\n",
    ),
    ("申报值: '8'  # 原件\n", [ValueEdit(("申报值",), "it's")], "申报值: 'it''s'  # 原件\n"),
    ('甲: "8"\n', [ValueEdit(("甲",), '“9”\\"')], '甲: "“9”\\\\\\""\n'),
    (
        "甲: 一行  # 说明\n乙: 1\n",
        [ValueEdit(("甲",), "第一行\n第二行")],
        "甲: |-  # 说明\n  第一行\n  第二行\n乙: 1\n",
    ),
    (
        "甲: |  # 说明\n    第一行\n    第二行\n\n# 乙的说明\n乙: 1\n",
        [ValueEdit(("甲",), "第一行\n改了")],
        "甲: |  # 说明\n    第一行\n    改了\n\n# 乙的说明\n乙: 1\n",
    ),
    ("甲: |-\n  一\n  二\n乙: 1\n", [ValueEdit(("甲",), "")], "甲:\n乙: 1\n"),
    (
        "甲: >-\n  一\n\n  二\n",
        [ValueEdit(("甲",), "一\n三\n四")],
        "甲: >-\n  一\n\n  三\n\n  四\n",
    ),
    (
        "甲: >\n  第一段\n  还是第一段\n\n  第二段\n乙: 1\n",
        [ValueEdit(("甲",), "第一段还是第一段\n第二段改了\n第三段")],
        "甲: >\n  第一段\n  还是第一段\n\n  第二段改了\n\n  第三段\n乙: 1\n",
    ),
    ("甲:  # 必填\n乙:\n", [ValueEdit(("甲",), "一")], "甲: 一  # 必填\n乙:\n"),
    ("甲: 1\r\n乙: 2\r\n", [ValueEdit(("甲",), "一\n二")], "甲: |-\r\n  一\r\n  二\r\n乙: 2\r\n"),
    ("\ufeff甲: 1", [ValueEdit(("乙",), "2")], "\ufeff甲: 1\n乙: 2"),
    (
        "表:\n  - 名: 甲\n    得分: 1\n  # 乙的说明\n  - 名: 乙\n    得分: 2  # 二\n尾: 1\n",
        [ValueEdit(("表", 1), {"名": "丙", "值": None, "下级": [{"名": "丁"}]}, EditKind.INSERT)],
        (
            "表:\n  - 名: 甲\n    得分: 1\n  - 名: 丙\n    值:\n    下级:\n      - 名: 丁\n"
            "  # 乙的说明\n  - 名: 乙\n    得分: 2  # 二\n尾: 1\n"
        ),
    ),
    (
        "表:\n  - 名: 甲\n    得分: 1\n  # 乙的说明\n  - 名: 乙\n    得分: 2  # 二\n尾: 1\n",
        [ValueEdit(("表", 1), kind=EditKind.MOVE, to=0)],
        "表:\n  # 乙的说明\n  - 名: 乙\n    得分: 2  # 二\n  - 名: 甲\n    得分: 1\n尾: 1\n",
    ),
    (
        "表:\n  - 名: 甲\n    得分: 1\n  # 乙的说明\n  - 名: 乙\n尾: 1\n",
        [ValueEdit(("表", 0), kind=EditKind.REMOVE)],
        "表:\n  # 乙的说明\n  - 名: 乙\n尾: 1\n",
    ),
    (
        "表:\n  - {名: 甲, 数: 1}\n尾: 1\n",
        [ValueEdit(("表", 1), {"名": "乙", "数": ""})],
        "表:\n  - {名: 甲, 数: 1}\n  - {名: 乙, 数: }\n尾: 1\n",
    ),
    (
        "表:\n- 甲\n尾: 1\n",
        [ValueEdit(("表", 0), "乙", EditKind.INSERT)],
        "表:\n- 乙\n- 甲\n尾: 1\n",
    ),
    ("表: [甲, 乙]\n", [ValueEdit(("表", 0), kind=EditKind.MOVE, to=1)], "表: [乙, 甲]\n"),
    ("表: [甲, 乙]\n", [ValueEdit(("表", 1), kind=EditKind.REMOVE)], "表: [甲]\n"),
    ("表: [甲]\n", [ValueEdit(("表", 0), kind=EditKind.REMOVE)], "表: []\n"),
    ("表:\n  - 甲\n尾: 1\n", [ValueEdit(("表", 0), kind=EditKind.REMOVE)], "表:\n尾: 1\n"),
    ("表: []\n", [ValueEdit(("表", 0), "甲", EditKind.INSERT)], "表:\n  - 甲\n"),
    ("表:  # 简称\n", [ValueEdit(("表", 0), "甲")], "表:  # 简称\n  - 甲\n"),
    (
        "甲:  # 没有的留空\n  # 一项一行\n  # 名称必填\n# 乙的说明\n乙:\n",
        [ValueEdit(("甲", 0), {"名": "一"}), ValueEdit(("乙", "丙"), "1")],
        "甲:  # 没有的留空\n  # 一项一行\n  # 名称必填\n  - 名: 一\n# 乙的说明\n乙:\n  丙: 1\n",
    ),
    (
        "表:\n  -   名: 甲\n      值: 1\n  -\n    名: 乙\n",
        [ValueEdit(("表", 0, "又"), "1"), ValueEdit(("表", 1), kind=EditKind.MOVE, to=0)],
        "表:\n  -\n    名: 乙\n  -   名: 甲\n      值: 1\n      又: 1\n",
    ),
    (
        "甲:\n  - 名: 一\n    得分: 1\n",
        [ValueEdit(("甲", 0, "名"), kind=EditKind.REMOVE)],
        "甲:\n  - 得分: 1\n",
    ),
    ("甲: 1\n乙: 2", [ValueEdit(("乙",), kind=EditKind.REMOVE)], "甲: 1"),
    ("甲: {一: 1, 二: 2}\n", [ValueEdit(("甲", "一"), kind=EditKind.REMOVE)], "甲: {二: 2}\n"),
    ("甲: {一: 1, 二: }\n", [ValueEdit(("甲", "三"), "3")], "甲: {一: 1, 二: , 三: 3}\n"),
    ("甲: 1\n", [ValueEdit(("乙: 丙",), "2")], "甲: 1\n'乙: 丙': 2\n"),
    (
        "填:\n    甲: 1\n    乙:\n        - 名: 一\n",
        [ValueEdit(("填", "丙"), {"丁": "4"})],
        "填:\n    甲: 1\n    乙:\n        - 名: 一\n    丙:\n        丁: 4\n",
    ),
    ("甲: {一: 1}\n", [ValueEdit(("甲",), "原件未载")], "甲: 原件未载\n"),
    (
        "甲:\n  -   一\n",
        [ValueEdit(("甲", 0), {"名": "二", "数": "2"})],
        "甲:\n  - 名: 二\n    数: 2\n",
    ),
    ("甲:\n  一: 1 #一\n乙: 2\n", [ValueEdit(("甲",), "")], "甲:\n乙: 2\n"),
    ("甲: 1 #说明\n乙: 2\n", [ValueEdit(("甲",), "")], "甲:  # 说明\n乙: 2\n"),
    ("甲:\n  一: 1\n乙: 2\n", [ValueEdit(("甲",), "——")], "甲: ——\n乙: 2\n"),
    (
        "甲: 1\n",
        [ValueEdit(("填报", "填报日期"), "6月29日")],
        "甲: 1\n填报:\n  填报日期: 6月29日\n",
    ),
)


@pytest.mark.parametrize(("text", "edits", "expected"), CASES)
def test_only_the_lines_of_the_edit_change(
    text: str, edits: list[ValueEdit], expected: str
) -> None:
    assert edit_values(text, edits) == expected


def test_new_keys_stand_in_the_order_of_the_form() -> None:
    def key_order(place: Place) -> list[str]:
        return ["一", "二", "三"] if place == ("甲",) else ["表式", "甲", "填报"]

    block = "表式: 例\n# 甲的说明\n甲:\n  三: 3\n  二: 2\n别的: 1\n"
    new = edit_values(
        block,
        [ValueEdit(("甲", "一"), "1"), ValueEdit(("填报",), {"人": "某"})],
        key_order=key_order,
    )
    assert new == (
        "表式: 例\n# 甲的说明\n甲:\n  一: 1\n  三: 3\n  二: 2\n填报:\n  人: 某\n别的: 1\n"
    )
    flow = edit_values("甲: {一: 1, 三: 3}\n", [ValueEdit(("甲", "二"), "2")], key_order=key_order)
    assert flow == "甲: {一: 1, 二: 2, 三: 3}\n"


def test_a_value_typed_again_changes_nothing() -> None:
    for text, place in PLACES.values():
        old = value_at(read_tree(text), place)
        assert edit_values(text, [ValueEdit(place, old)]) == text


def test_a_whole_mapping_changes_only_where_it_differs() -> None:
    text = "表:\n  - 名: 甲  # 一\n    数: '1'\n  - {名: 乙, 数: 2}\n"
    value: Tree = [{"名": "乙", "数": "2"}, {"名": "甲", "数": "3"}]
    new = edit_values(text, [ValueEdit(("表",), value)])
    assert new == "表:\n  - {名: 乙, 数: 2}\n  - 名: 甲  # 一\n    数: '3'\n"


REPORT = "---\n表式: 例  # 报告\n标题: 旧\n---\n\n# 一  \n\n第一段\n\n\t第二段\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_report_keeps_the_lines_that_stay(line_end: str) -> None:
    text = REPORT.replace("\n", line_end)
    body = "# 一  \n\n新的\n\n第一段\n\n\t第二段"
    edits = [ValueEdit(("标题",), "新"), ValueEdit(BODY, body)]
    new = edit_values(text, edits, is_report=True)
    expected = REPORT.replace("标题: 旧", "标题: 新").replace("第一段", "新的\n\n第一段")
    assert new == expected.replace("\n", line_end)


@pytest.mark.parametrize(
    "text", ["---\n表式: 例\n---", "---\n表式: 例\n---\n", "---\n表式: 例\n---\n\n"]
)
def test_a_report_without_body_gets_one(text: str) -> None:
    new = edit_values(text, [ValueEdit(BODY, "第一段")], is_report=True)
    assert new == "---\n表式: 例\n---\n\n第一段\n"


FAULTS = (
    ("甲\n", [ValueEdit(("甲",), "2")], "第 1 行的写法有误，不能在表里改：本行“甲”不是“键: 值”"),
    ("甲: [1\n", [ValueEdit(("甲",), "2")], "第 1 行的写法有误，不能在表里改：“\\[”没有配对"),
    ("甲: 1\n", [ValueEdit(("甲", "乙"), "2")], "“甲”里不能有下级"),
    ("甲: 1\n", [ValueEdit(("乙",), kind=EditKind.REMOVE)], "文件里没有“乙”"),
    ("甲:\n  - 1\n", [ValueEdit(("甲", 3), "2")], "文件里没有“甲/第4项”"),
    ("甲: 1\n", [ValueEdit(("甲",), kind=EditKind.REMOVE)], "是文件里唯一的一项"),
    ("甲:\n  - 1\n", [ValueEdit(("甲", 0), kind=EditKind.MOVE, to=1)], "文件里没有“甲/第1项”"),
)


@pytest.mark.parametrize(("text", "edits", "message"), FAULTS)
def test_an_edit_that_does_not_fit_is_refused(
    text: str, edits: list[ValueEdit], message: str
) -> None:
    with pytest.raises(EditError, match=message):
        edit_values(text, edits)


def test_a_fault_elsewhere_in_the_file_does_not_hinder() -> None:
    text = "甲: 一 #二\n乙: 1\n"
    assert edit_values(text, [ValueEdit(("乙",), "2")]) == "甲: 一 #二\n乙: 2\n"
    assert edit_values(text, [ValueEdit(("甲",), "三")]) == "甲: 三\n乙: 1\n"


def test_the_difference_of_two_versions_turns_one_into_the_other() -> None:
    old: Tree = {
        "甲": "1",
        "表": [{"名": "一", "数": "1"}, {"名": "二"}, {"名": "三"}],
        "乙": ["x"],
    }
    new: Tree = {
        "甲": "",
        "表": [{"名": "三"}, {"名": "四"}, {"名": "一", "数": "2"}],
        "丙": {"丁": "1"},
    }
    edits = diff_trees(old, new)
    assert same_values(apply_edits(old, edits), new)
    assert ValueEdit(("表", 2, "数"), "2") in edits
