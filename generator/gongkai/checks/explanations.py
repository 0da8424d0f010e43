"""Checks of 勘误, 撤回, 公开目录 and 差异说明 (GK)."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gongkai.checks.base import Finding, check
from gongkai.checks.texts.places import advise_place, misspelt_place
from gongkai.model.linear_patterns import compile_pattern
from gongkai.model.problems import Explanation, FindingKey, Level, Position, Problem
from gongkai.model.publication import Catalogue, Disclosure
from gongkai.reading.dataset import Dataset


@check("GK-02", "更正留痕", of=Disclosure, explainable=False)
def correction_does_not_hold(disclosure: Disclosure) -> Iterator[Finding]:
    """“勘误”所指的位置须存在，现值须等于“新值”，且与“原值”不同。

    为什么：更正要能让人看到从什么改成了什么。
    来源：政府信息公开条例第四十一条。
    怎么改：位置照抄校验结果里的写法；新值与数据文件里的值一致。
    """
    cells = disclosure.cells_by_path() if disclosure.facts.corrections else {}
    for number, correction in enumerate(disclosure.facts.corrections):
        cell = cells.get(correction.where)
        if cell is None:
            message = f"勘误的位置“{correction.where}”不存在"
            advice = advise_place(correction.where, cells)
        elif cell.filed != correction.new:
            message = f"勘误写明改为“{correction.new}”，数据文件里现在是“{cell.filed}”"
            advice = "两者须一致，请核对"
        elif correction.old == correction.new:
            message, advice = f"勘误的原值与新值都是“{correction.new}”", "没有改动请删去这一条"
        else:
            continue
        yield Finding(
            disclosure.key_positions[f"勘误/{number}"],
            message,
            advice,
            correction.where,
            correction.old,
            correction.new,
        )


@check("GK-06", "撤回的年度仍在", of=Disclosure, explainable=False)
def withdrawn_but_filed(disclosure: Disclosure) -> Iterator[Finding]:
    """unit.yml 写了“撤回”的年度，不应再有文件。

    为什么：撤回的公开件若还在，会照旧公开，与“已经撤回”的说明矛盾。
    来源：政府信息公开条例第四十一条。
    怎么改：撤回的，删去这一年度的文件夹（git 里仍有原件）；不撤回了的，删去 unit.yml 的“撤回”。
    """
    for withdrawal in disclosure.unit.facts.withdrawals:
        if withdrawal.year == disclosure.year:
            message = (
                f"unit.yml 写明 {withdrawal.year} 年度已于 {withdrawal.date} 撤回，它的文件却还在"
            )
            advice = "要撤回请删去这个文件夹，不撤回请删去 unit.yml 的“撤回”"
            yield Finding(
                disclosure.key_positions["年度"], message, advice, "年度", f"{withdrawal.year}"
            )


@check("GK-01", "目录元数据", Level.E, Level.W, of=Dataset, explainable=False)
def catalogue_incomplete(dataset: Dataset) -> Iterator[Finding]:
    """公开目录要有索引号、名称、发布机构、生成日期、公开方式、主题分类；索引号全站唯一，格式合站点的规定。

    为什么：索引号是信息的身份证，一经公布终身不变；没有目录，公众查不到。
    来源：政府信息公开目录编制规范。
    怎么改：补上；站点在 site.yml 写了“索引号格式”的，缺少或不合格式都算错误。
    """
    pattern = dataset.site.index_pattern if dataset.site else ""
    for disclosure in dataset.disclosures:
        catalogue, where = disclosure.facts.catalogue, "公开目录/索引号"
        number = catalogue.index_number
        place = disclosure.key_positions.get(where, disclosure.key_positions["公开目录"])
        if number and pattern and not compile_pattern(pattern).fullmatch(number):
            message = f"索引号“{number}”不合站点规定的格式"
            yield Finding(place, message, f"格式是 {pattern}", where, number)
        elif not number and pattern:
            yield Finding(place, "没有索引号", "请补上", where)
        missing = [key for key, value in _required_values(catalogue).items() if not value]
        if not number and not pattern:
            missing = ["索引号", *missing]
        if missing:
            message = f"公开目录缺少：{'、'.join(missing)}"
            position = disclosure.key_positions["公开目录"]
            yield Finding(position, message, "请补上", "公开目录", level=Level.W)


def _required_values(catalogue: Catalogue) -> dict[str, str]:
    return {
        "发布机构": catalogue.publisher,
        "生成日期": catalogue.created,
        "公开方式": catalogue.manner,
        "主题分类": catalogue.subject,
    }


@dataclass(frozen=True, slots=True)
class ExplainedProblems:
    """The problems of a disclosure, with the explanations that apply."""

    disclosure: Disclosure
    problems: tuple[Problem, ...]
    applied: frozenset[Position]
    """Positions of the explanations that apply."""


def apply_explanations(disclosure: Disclosure, problems: Iterable[Problem]) -> ExplainedProblems:
    """Add to every problem its explanation, if the disclosure has one that applies."""
    explanations = {
        _key(explanation): explanation for explanation in reversed(disclosure.explanations)
    }
    explained: list[Problem] = []
    applied: set[Position] = set()
    for problem in problems:
        keys = problem.keys if explanations and problem.rule.is_explainable else ()
        applying = [explanations[key] for key in keys if key in explanations]
        applied.update(explanation.position for explanation in applying)
        explained.append(problem._replace(explanation=applying[0]) if applying else problem)
    return ExplainedProblems(disclosure, tuple(explained), frozenset(applied))


@check(
    "GK-03",
    "差异说明失效",
    Level.W,
    of=ExplainedProblems,
    explainable=False,
    needs_complete=True,
)
def explanation_stale(explained: ExplainedProblems) -> Iterator[Finding]:
    """差异说明所说的规则、位置、申报值、复算值须与现在的校验结果完全一致，否则不再起作用。

    为什么：数字改了，旧的说明就不再对得上。
    怎么改：问题已改正的删去这一条；仍有差异的，用 gongkai explain 重写。
    """
    seen: dict[FindingKey, int] = {}
    for explanation in explained.disclosure.explanations:
        key = _key(explanation)
        if key in seen:
            message = f"这条差异说明与第 {seen[key]} 行起的一条相同"
            yield Finding(explanation.position, message, "请删去一条", level=Level.W)
        elif explanation.position not in explained.applied:
            message = _stale_message(explanation, explained.problems)
            yield Finding(explanation.position, message, advice="", level=Level.W)
        seen.setdefault(key, explanation.position.line)


def _key(explanation: Explanation) -> FindingKey:
    return FindingKey(explanation.rule, explanation.where, explanation.filed, explanation.computed)


def _advise_stale(explanation: Explanation, problems: Iterable[Problem]) -> str:
    """Return in Chinese what to write instead of a rule or place without a difference."""
    open_problems = [
        problem for problem in problems if problem.is_blocking and problem.rule.is_explainable
    ]
    for problem in open_problems:
        if problem.where == explanation.where:
            return f"这一处的差异是 {problem.rule.id}（{problem.rule.name}），请改“规则”"
    rule = unicodedata.normalize("NFKC", explanation.rule).strip().upper()
    places = [
        problem.where for problem in open_problems if rule in {problem.rule.id, problem.rule.name}
    ]
    if places:
        advice = _advise_difference(explanation.where, places)
        return f"问题已改正的请删去；仍有差异的，{advice}"
    return "问题已改正的请删去；仍有差异的，用 gongkai explain 写出"


def _advise_difference(where: str, places: Sequence[str]) -> str:
    """Return in Chinese which of the places of a rule's differences may be meant."""
    if len(places) > 1 or misspelt_place(where, places):
        return advise_place(where, places)
    return f"位置请写成“{places[0]}”"


def _stale_message(explanation: Explanation, problems: tuple[Problem, ...]) -> str:
    rule_and_place = (explanation.rule, explanation.where)
    same_place = [
        problem for problem in problems if (problem.rule.id, problem.where) == rule_and_place
    ]
    if not same_place:
        return (
            f"这条差异说明（{explanation.rule}，{explanation.where}）没有对应的差异；"
            f"{_advise_stale(explanation, problems)}"
        )
    current = same_place[0]
    if not current.rule.is_explainable:
        return f"{current.rule.id} 不能用差异说明放行；请改正数据"
    return (
        f"差异说明写的是申报“{explanation.filed}”、复算“{explanation.computed}”，"
        f"现在是申报“{current.filed}”、复算“{current.computed}”，说明已失效；请核对后重写"
    )
