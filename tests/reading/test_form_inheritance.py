"""Inheritance of forms: resolved values, and messages for faulty heirs."""

import pytest

from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.reading.form_inheritance import resolve_inheritance
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


def parse_mapping(text: str, name: str) -> MappingNode:
    root = parse_source(text.encode(), f"forms/{name}.yml").root
    assert isinstance(root, MappingNode)
    return root


def to_plain(node: Node) -> object:
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [to_plain(item) for item in node.items]
    return {key: to_plain(value) for key, value in node.values.items()}


def resolve(*texts: str) -> tuple[dict[str, object], list[str]]:
    """Return the resolved forms a, b and c as plain Python, and the problems as text."""
    nodes = {name: parse_mapping(text, name) for name, text in zip("abc", texts, strict=False)}
    resolved, problems = resolve_inheritance(nodes)
    forms = {name: to_plain(node) for name, node in resolved.items()}
    return forms, [str(problem) for problem in problems]


def test_heir_overrides_only_its_own_keys() -> None:
    heir = """
表式: b
继承: a
等级: {良: 75}
部分:
  - {键: 资金, 列: [{键: 三}]}
  - {名称: 头, 删去: 是}
  - {形式: 填写项, 键: 尾, 项: [{键: 说明}]}
"""
    forms, problems = resolve(PARENT, heir)
    assert problems == []
    assert forms["b"] == {
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
    assert forms["a"] == to_plain(parse_mapping(PARENT, "a"))


def test_heir_of_an_heir() -> None:
    forms, problems = resolve(
        PARENT, "表式: b\n继承: a\n名称: 乙\n", "表式: c\n继承: b\n金额单位: 元\n"
    )
    assert problems == []
    assert forms["c"] == {**forms["a"], "表式": "c", "名称": "乙", "继承": "b", "金额单位": "元"}  # type: ignore[dict-item]


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
    forms, problems = resolve(*texts)
    assert problems[0] == message
    assert "b" not in forms
