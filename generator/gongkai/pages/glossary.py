"""Glossary terms: a word, its meaning in one sentence, and its anchor on the page 名词解释."""

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

GLOSSARY = "glossary/"
"""Address of the hand-written page 名词解释."""


class Term(NamedTuple):
    """A term of the field."""

    anchor: str
    """Anchor on the page 名词解释."""
    meaning: str
    """One phrase in everyday language."""


TERMS: Mapping[str, Term] = {
    "自评得分": Term("score", "单位按自评表给自己打的分"),
    "等级": Term("grade", "按得分分为优、良、中、差"),
    "年初预算数": Term("initial-budget", "年初批准可以花的钱"),
    "全年预算数": Term("adjusted-budget", "年中调整以后全年可以花的钱"),
    "全年预算": Term("adjusted-budget", "年中调整以后全年可以花的钱"),
    "全年执行数": Term("spent", "全年实际花的钱"),
    "全年支出": Term("spent", "全年实际花的钱"),
    "执行率": Term("execution-rate", "全年执行数占全年预算数的比例"),
    "未达目标": Term("target", "实际完成值没有达到年度指标值"),
    "主管部门": Term("department", "管理这个单位的上级部门"),
    "核验说明": Term("verification", "机器核对出的不一致之处及其说明"),
}


def term_link(word: str, page_url: str) -> Markup:
    """Return a term as a link to its explanation, relative to the page at `page_url`."""
    term = TERMS[word]
    url = f"{'../' * page_url.count('/')}{GLOSSARY}#{term.anchor}"
    link = f'<a class="gk-term" href="{url}" title="{term.meaning}">{word}</a>'
    return Markup(link)  # noqa: S704 - from the table above
