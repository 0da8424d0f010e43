"""Checks of what a unit says about its own figures: corrections and explanations (GK)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.checks.frame import Finding, check
from generator.problems import Explanation, Level, Problem, Rule
from generator.publication import Disclosure


@check("GK-02", "更正留痕", of=Disclosure, explainable=False)
def correction_does_not_hold(disclosure: Disclosure) -> Iterator[Finding]:
    """“勘误”所指的位置须存在，现值须等于“新值”，且与“原值”不同。

    为什么：更正要能让人看到从什么改成了什么。
    来源：政府信息公开条例第四十一条。
    怎么改：位置照抄校验结果里的写法；新值与数据文件里的值一致。
    """
    cells = {cell.where: cell for record in disclosure.all_records for cell in record.cells()}
    for number, correction in enumerate(disclosure.facts.corrections):
        cell = cells.get(correction.where)
        if cell is None:
            message, advice = f"勘误的位置“{correction.where}”不存在", "请照抄校验结果里的位置"
        elif cell.filed != correction.new:
            message = f"勘误写明改为“{correction.new}”，数据文件里现在是“{cell.filed}”"
            advice = "两者须一致，请核对"
        elif correction.old == correction.new:
            message, advice = f"勘误的原值与新值都是“{correction.new}”", "没有改动请删去这一条"
        else:
            continue
        yield Finding(
            disclosure.places[f"勘误/{number}"],
            message,
            advice,
            correction.where,
            correction.old,
            correction.new,
        )


STALE = Rule("GK-03", "差异说明失效", (Level.W,), explainable=False)
"""差异说明所说的规则、位置、申报值、复算值须与现在的校验结果完全一致，否则不再起作用。"""


def explained(
    disclosure: Disclosure, problems: Iterable[Problem], *, stale: bool
) -> Iterator[Problem]:
    """The problems, each with the explanation that holds for it; then the stale explanations.

    `stale` is False where part of the disclosure could not be read: nothing can be said then.
    """
    held = {_key(each): each for each in disclosure.explanations}
    seen: list[Problem] = []
    for problem in problems:
        key = (problem.rule.id, problem.where, problem.filed, problem.computed)
        explanation = held.get(key) if problem.rule.explainable else None
        seen.append(replace(problem, explanation=explanation))
    used = {id(problem.explanation) for problem in seen}
    yield from seen
    for explanation in disclosure.explanations:
        if stale and id(explanation) not in used:
            yield Problem(STALE, Level.W, explanation.position, _why_stale(explanation, seen))


def _key(explanation: Explanation) -> tuple[str, str, str, str]:
    return explanation.rule, explanation.where, explanation.filed, explanation.computed


def _why_stale(explanation: Explanation, problems: list[Problem]) -> str:
    same = [p for p in problems if (p.rule.id, p.where) == (explanation.rule, explanation.where)]
    if not same:
        return (
            f"这条差异说明（{explanation.rule}，{explanation.where}）没有对应的差异；"
            "问题已改正的请删去，否则请照抄校验结果里的规则与位置"
        )
    now = same[0]
    if not now.rule.explainable:
        return f"{now.rule.id} 不能用差异说明放行；请改正数据"
    return (
        f"差异说明写的是申报“{explanation.filed}”、复算“{explanation.computed}”，"
        f"现在是申报“{now.filed}”、复算“{now.computed}”，说明已失效；请核对后重写"
    )
