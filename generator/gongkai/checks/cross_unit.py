"""Checks across all units: values that two units must not share.

Only the finance bureau sees these problems: no page shows them and no 差异说明 applies, so that a
unit's pages depend on nothing but its own files.
"""

from collections.abc import Iterator

from gongkai.checks import explanations
from gongkai.checks.base import Finding, additional_check, check
from gongkai.checks.uniqueness import INDEX_NUMBER, LONG_TEXT, SLUG, KeyRegister
from gongkai.model.problems import Level


@additional_check(explanations.catalogue_incomplete.rule, of=KeyRegister)
def index_number_twice(register: KeyRegister) -> Iterator[Finding]:
    """Find an 索引号 that another disclosure already has."""
    for first, duplicate in register.find_duplicates(INDEX_NUMBER):
        message = f"索引号“{duplicate.value}”与{first.owner}的相同"
        advice = "索引号全站唯一，请核对"
        yield Finding(duplicate.position, message, advice, duplicate.where, duplicate.value)


@check("GK-04", "单位重复", of=KeyRegister, explainable=False)
def unit_twice(register: KeyRegister) -> Iterator[Finding]:
    """两个单位不能有相同的名称、预算代码或统一社会信用代码；曾用代号不能是别的单位的目录名。

    为什么：一个单位两份档案，历年数据就断了；两个单位一个代码，数据就串了。
    怎么改：核对 unit.yml；改名的单位把旧名写进“曾用名”，不另建目录。
    """
    for first, duplicate in register.find_duplicates("名称", "预算代码", "统一社会信用代码", SLUG):
        message = f"“{duplicate.kind}”是“{duplicate.value}”，与{first.owner} 相同"
        yield Finding(
            duplicate.position, message, "请核对两个 unit.yml", duplicate.kind, duplicate.value
        )


@check("GJ-09", "各单位雷同", Level.W, of=KeyRegister, explainable=False)
def copied_from_another_unit(register: KeyRegister) -> Iterator[Finding]:
    """不同单位的长段文字不应一字不差。只提示财政部门，不在页面上显示。

    为什么：照抄别的单位，写的就不是自己的绩效。
    怎么改：写本单位的实际情况；统一规定的文字不必改。
    """
    for first, duplicate in register.find_duplicates(LONG_TEXT):
        if first.unit != duplicate.unit:
            key = duplicate.where.rpartition("/")[2]
            message = f"“{key}”与{first.owner}的一字不差"
            advice = "请写本单位的实际情况"
            yield Finding(duplicate.position, message, advice, duplicate.where, level=Level.W)
