"""Forms that inherit: what the heir gets, and what is said of faulty ones."""

import pytest

from gongkai.model.nodes import Mapping, Node, Scalar, Sequence
from gongkai.reading.form_inheritance import inherited
from gongkai.reading.source import parse_source

PARENT = """
表式: a
名称: 甲
等级: {优: 90, 良: 80}
部分:
  - {形式: 填写项, 名称: 头, 项: [{键: 项目}]}
  - {形式: 行列表, 键: 资金, 标签: 资金（万元）, 列: [{键: 一}, {键: 二}]}
  - {形式: 指标表, 键: 指标, 层级: [一级]}
"""


def mapping(text: str, name: str) -> Mapping:
    root = parse_source(text.encode(), f"forms/{name}.yml").root
    assert isinstance(root, Mapping)
    return root


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.values.items()}


def heirs(*texts: str) -> tuple[dict[str, object], list[str]]:
    nodes = {name: mapping(text, name) for name, text in zip("abc", texts, strict=False)}
    whole, problems = inherited(nodes)
    return {name: plain(node) for name, node in whole.items()}, [str(each) for each in problems]


def test_an_heir_states_only_what_differs() -> None:
    heir = """
表式: b
继承: a
等级: {良: 75}
部分:
  - {键: 资金, 列: [{键: 三}]}
  - {名称: 头, 删去: 是}
  - {形式: 填写项, 键: 尾, 项: [{键: 说明}]}
"""
    whole, problems = heirs(PARENT, heir)
    assert problems == []
    assert whole["b"] == {
        "表式": "b",
        "名称": "甲",
        "等级": {"优": "90", "良": "75"},
        "部分": [
            {"形式": "行列表", "键": "资金", "标签": "资金（万元）", "列": [{"键": "三"}]},
            {"形式": "指标表", "键": "指标", "层级": ["一级"]},
            {"形式": "填写项", "键": "尾", "项": [{"键": "说明"}]},
        ],
        "继承": "a",
    }
    assert whole["a"] == plain(mapping(PARENT, "a"))


def test_an_heir_of_an_heir() -> None:
    whole, problems = heirs(
        PARENT, "表式: b\n继承: a\n名称: 乙\n", "表式: c\n继承: b\n金额单位: 元\n"
    )
    assert problems == []
    assert whole["c"] == {**whole["a"], "表式": "c", "名称": "乙", "继承": "b", "金额单位": "元"}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (
            (PARENT, "表式: b\n继承: aa\n"),
            "forms/b.yml:2:5: 继承的表式“aa”不存在；是否应为“a”？（JG-02 未知或缺失的键）",
        ),
        (
            ("表式: a\n继承: a\n",),
            "forms/a.yml:2:5: 继承成了一个圈：a → a；请改掉其中一处“继承”（JG-02 未知或缺失的键）",
        ),
        (
            ("表式: a\n", "表式: b\n继承: c\n", "表式: c\n继承: b\n"),
            "forms/b.yml:2:5: 继承成了一个圈：b → c → b；请改掉其中一处“继承”（JG-02 未知或缺失的键）",
        ),
    ],
)
def test_faulty_heirs(texts: tuple[str, ...], message: str) -> None:
    whole, problems = heirs(*texts)
    assert problems[0] == message
    assert "b" not in whole
