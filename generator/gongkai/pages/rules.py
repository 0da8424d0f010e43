"""The catalogue of checks as the handbook tells it: a page for every rule."""

import re
from functools import cache
from importlib.resources import files

import yaml

from gongkai.checks.registry import RULES
from gongkai.model.problems import Level, Rule
from gongkai.pages.views.common import Head, Link
from gongkai.pages.views.lists import RuleLine, RulesView, RuleView

RULES_LINK = Link("校验规则", "guide/rules/")
_GUIDE = Link("填报指南", "guide/")
_HOME = Link("首页", "")
_GROUPS = {
    "BS": "表式",
    "JG": "结构与完整",
    "ZJ": "资金",
    "ZB": "指标",
    "DF": "分值与得分",
    "GJ": "相互核对",
    "RQ": "日期",
    "WB": "文字",
    "YS": "个人信息",
    "GK": "公开与更正",
}
"""What the letters of an id stand for."""
_LEVELS = {
    Level.E: "错误：改正或写“差异说明”之前不公开",
    Level.W: "警告：不影响公开",
    Level.I: "提示：不影响公开",
}
_REFUSED = "错误：改正之前不公开，不能用“差异说明”放行"
_LABEL = re.compile(r"^(为什么|来源|怎么改|容许的差)：", re.MULTILINE)


def rules_view() -> RulesView:
    """The page that lists all rules."""
    groups = tuple(
        (name, tuple(_line(rule) for rule in RULES if rule.id.startswith(letters)))
        for letters, name in _GROUPS.items()
    )
    return RulesView(
        head=Head(
            title=RULES_LINK.title,
            url=RULES_LINK.url,
            description="程序核对哪些地方：每一条规则查什么、为什么、怎么改",
            crumbs=(_HOME, _GUIDE),
        ),
        summary=(f"共 {len(RULES)} 条规则。每条一页：查什么、为什么、来源、例子、怎么改。",),
        groups=groups,
    )


def rule_view(rule: Rule) -> RuleView:
    """The page of one rule."""
    what, *told = _LABEL.split(rule.text)
    paragraphs = dict(zip(told[::2], (text.strip() for text in told[1::2]), strict=True))
    return RuleView(
        head=Head(
            title=f"{rule.id} {rule.name}",
            url=_address(rule),
            description=f"校验规则 {rule.id} {rule.name}：查什么、为什么、怎么改",
            crumbs=(_HOME, _GUIDE, RULES_LINK),
        ),
        levels=_levels(rule),
        what=tuple(line for line in what.splitlines() if line.strip()),
        told=tuple(paragraphs.items()),
        example=_examples().get(rule.id, ""),
    )


def _line(rule: Rule) -> RuleLine:
    first = rule.text.strip().split("\n")[0]
    return RuleLine(Link(f"{rule.id} {rule.name}", _address(rule)), first, "、".join(rule.levels))


def _address(rule: Rule) -> str:
    return f"{RULES_LINK.url}{rule.id.lower()}/"


def _levels(rule: Rule) -> tuple[str, ...]:
    grave = _LEVELS[Level.E] if rule.explainable else _REFUSED
    return tuple(grave if level is Level.E else _LEVELS[level] for level in rule.levels)


def in_words(rule: Rule) -> str:
    """A rule for the command line."""
    levels = "；".join(_levels(rule))
    example = _examples().get(rule.id, "")
    shown = f"\n例：{example}\n" if example else ""
    return f"{rule.id} {rule.name}\n{levels}\n\n{rule.text.strip()}\n{shown}"


@cache
def _examples() -> dict[str, str]:
    """What each rule reports in its first test case, by id."""
    text = (files("gongkai.checks") / "examples.yml").read_text("utf-8")
    read: dict[str, str] = yaml.safe_load(text)
    return read
