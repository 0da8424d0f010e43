"""Views of the handbook's pages on the rules: the list of all rules, and a page per rule."""

import re
from functools import cache
from importlib.resources import files

import yaml

from gongkai.checks.registry import RULES
from gongkai.model.problems import Level, Rule
from gongkai.pages import page_types
from gongkai.pages.views.common import Link, PageHead
from gongkai.pages.views.lists import RuleLine, RulesView, RuleView

_RULES = Link("校验规则", page_types.RULES.url())
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
"""Group of rules by the letters of their ids."""
_LEVELS = {
    Level.E: "错误：改正或写“差异说明”之前不公开",
    Level.W: "警告：不影响公开",
    Level.I: "提示：不影响公开",
}
_UNEXPLAINABLE = "错误：改正之前不公开，不能用“差异说明”放行"
_LABEL = re.compile(r"^(为什么|来源|怎么改|容许的差)：", re.MULTILINE)


def rules_view() -> RulesView:
    """Return the page that lists all rules."""
    groups = tuple(
        (name, tuple(_rule_line(rule) for rule in RULES if rule.id.startswith(letters)))
        for letters, name in _GROUPS.items()
    )
    return RulesView(
        head=PageHead(
            title=_RULES.title,
            url=_RULES.url,
            description="程序核对哪些地方：每一条规则查什么、为什么、怎么改",
            breadcrumbs=(_HOME, _GUIDE),
        ),
        summary=(f"共 {len(RULES)} 条规则。每条一页：查什么、为什么、来源、例子、怎么改。",),
        groups=groups,
    )


def rule_view(rule: Rule) -> RuleView:
    """Return the page of a rule."""
    what, *labelled = _LABEL.split(rule.text)
    texts = (text.strip() for text in labelled[1::2])
    paragraphs = dict(zip(labelled[::2], texts, strict=True))
    return RuleView(
        head=PageHead(
            title=f"{rule.id} {rule.name}",
            url=rule_link(rule).url,
            description=f"校验规则 {rule.id} {rule.name}：查什么、为什么、怎么改",
            breadcrumbs=(_HOME, _GUIDE, _RULES),
        ),
        levels=_level_texts(rule),
        paragraphs=tuple(line for line in what.splitlines() if line.strip()),
        sections=tuple(paragraphs.items()),
        example=_examples().get(rule.id, ""),
        previous=_neighbour(rule, -1),
        following=_neighbour(rule, 1),
    )


def _neighbour(rule: Rule, step: int) -> Link | None:
    """Return the rule before or after a rule in the list of all; None at its ends."""
    ids = [known.id for known in RULES]
    place = ids.index(rule.id) + step if rule.id in ids else -1
    return rule_link(RULES[place]) if 0 <= place < len(RULES) else None


def rule_link(rule: Rule) -> Link:
    """Return a link to the page of a rule."""
    return Link(f"{rule.id} {rule.name}", page_types.RULE.url(rule=rule.id.lower()))


def _rule_line(rule: Rule) -> RuleLine:
    first = rule.text.strip().split("\n")[0]
    return RuleLine(rule_link(rule), first, "、".join(rule.levels))


def _level_texts(rule: Rule) -> tuple[str, ...]:
    error_text = _LEVELS[Level.E] if rule.is_explainable else _UNEXPLAINABLE
    return tuple(error_text if level is Level.E else _LEVELS[level] for level in rule.levels)


def render_rule_text(rule: Rule) -> str:
    """Return a rule as text for the command line."""
    levels = "；".join(_level_texts(rule))
    example = _examples().get(rule.id, "")
    example_text = f"\n例：{example}\n" if example else ""
    return f"{rule.id} {rule.name}\n{levels}\n\n{rule.text.strip()}\n{example_text}"


@cache
def _examples() -> dict[str, str]:
    """Return the messages of every rule's first test case, by rule id."""
    text = (files("gongkai.checks") / "examples.yml").read_text("utf-8")
    examples: dict[str, str] = yaml.safe_load(text)
    return examples
