"""Reasons that give none: they only repeat that the target was missed, or only promise (ZB-11)."""

import re
from collections.abc import Iterator

from gongkai.checks import results
from gongkai.checks.base import Finding, additional_check, finding_at
from gongkai.checks.texts.passages import find_passages
from gongkai.model.documents import Record
from gongkai.model.outcomes import IndicatorOutcome, indicator_outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import Role

_MISSED = re.compile(
    r"(?:主要)?(?:是|因|因为|由于|原因是)?(?:该|本|此)?项?(?:指标|目标|任务|完成率|完成值|实际完成值?|实际值|满意度|合格率|得分)?(?:实际)?"
    r"(?:与|和|比|距离?|年度|年初|预期|计划|目标|指标|值|暂|尚|仍|还|稍|略|存在|有|一定|的)*"
    r"(?:未能?(?:完全|全部|按时)?(?:达到|达成|完成|实现|达标|到位)|没有?能?(?:完全|全部)?(?:达到|完成|实现)|低于|少于|偏差|差距|偏低|不达标|不足)"
    r"(?:年度|年初|全年|预期|预定|绩效|计划|设定|既定|的|指标|目标|任务|[值数]|要求|标准|水平|[0-9.%％]|个百分点|个?工作日|与|和|有|存在|一定|偏差|差距)*"
)
"""Clauses that repeat that the target was missed."""
_PROMISE = re.compile(
    r"(?:在?(?:今后|以后|后续|下一?步|下一?年度?|下年度?|明年|次年|[0-9]{4}年度?)(?:的?工作)?中?)?(?:我[单局院馆校所站]位?|本单位)?"
    r"(?:将|需|要|应|会|须)?(?:再|更加?|继续|进一步|不断|持续|切实|努力|认真|积极|大力)*"
    r"(?:做好|加强|改进|提高|提升|完善|强化|加大|优化|改善|抓好|推进|抓紧|加快|力争|争取|努力)(?:[\u4e00-\u9fff]{0,8}?"
    r"(?:工作|服务|管理|力度|水平|质量|效率|满意度|能力|作风|进度|目标|措施|任务|指标|要求)(?:水平|力度|质量|值)?)?"
)
"""Clauses that only promise to do better."""
_CAUSE = re.compile(
    r"因(?!此|为未)|由于|原因|影响|导致|造成|所致|受|不[足够便高强易]|不完善|不及时|较|偏|困难|滞后|缺|有限|老化|天气|疫情|汛|延[期误长]|推迟|"
    r"希望|反映|意见|减少|增多|取消|调整|流标|尚未|跨年|质保|审批|水毁|停"
)
"""Words of a text that says why something was missed."""
_GENERAL_PAIRS = "满意 意度 完成 成率 指标 数量 人数 次数 面积 比例 项目 群众 服务 工作 对象 及时 时率 资金 年度 建设 管理 单位 合格 格率 程度 提升 提高"
_GENERAL = frozenset(_GENERAL_PAIRS.split())
"""Pairs of characters that names of many indicators have."""
_BREAK = re.compile(r"[，,。；;！!：:\s]+")
_LONGEST = 60
"""Longest text, in characters, that can say nothing."""


@additional_check(results.miss_unexplained.rule, of=Disclosure, needs_complete=True)
def reason_says_nothing(disclosure: Disclosure) -> Iterator[Finding]:
    """Find reasons of missed targets that state none, if no text of the disclosure does."""
    for record in disclosure.all_records:
        for outcome in indicator_outcomes(record):
            cell = outcome.reason
            if cell is None or not cell.filed or not _says_nothing(cell.filed, outcome):
                continue
            if not outcome.is_explained or outcome.is_met is not False:
                continue
            if _is_explained_elsewhere(outcome, record, disclosure):
                continue
            target = outcome.target.filed if outcome.target else ""
            actual = outcome.actual.filed if outcome.actual else ""
            message = (
                f"“{outcome.name}”的目标是“{target}”，完成“{actual}”，"
                f"“{cell.spec.key}”只写“{cell.filed}”，没有说为什么，各处文字也没有说"
            )
            yield finding_at(cell, message, "请写明没有做到的原因", level=Level.W)


def _says_nothing(text: str, outcome: IndicatorOutcome) -> bool:
    """Tell whether all clauses of a reason only repeat the miss or promise to do better."""
    if len(text) > _LONGEST:
        return False
    text = text.replace(outcome.indicator.name.filed, "")
    clauses = [clause for clause in _BREAK.split(text) if clause]
    return all(_MISSED.fullmatch(clause) or _PROMISE.fullmatch(clause) for clause in clauses)


def _is_explained_elsewhere(
    outcome: IndicatorOutcome, record: Record, disclosure: Disclosure
) -> bool:
    """Tell whether a passage that may be about an indicator says why something was missed."""
    name = outcome.indicator.name.filed
    pairs = {name[start : start + 2] for start in range(len(name) - 1)} - _GENERAL
    records = [*disclosure.records, record]
    if record.project:
        records += [
            other
            for project in disclosure.projects
            if project.slug == record.project
            for other in project.records
        ]
    for other in records:
        for passage in find_passages(other):
            if passage.role is Role.OBJECTIVE or not _CAUSE.search(passage.text):
                continue
            for sentence in re.split(r"[。；;\n]", passage.text):
                if _CAUSE.search(sentence) and any(pair in sentence for pair in pairs):
                    return True
    return False
