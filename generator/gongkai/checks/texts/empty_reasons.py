"""Reasons that give none: they only repeat that the target was missed, or only promise (ZB-11)."""

import re
from collections.abc import Iterator

from gongkai.checks import results
from gongkai.checks.base import Finding, additional_check, finding_at
from gongkai.checks.sentences.indicator_names import core_of_name
from gongkai.checks.texts.passages import find_passages
from gongkai.model.documents import Record
from gongkai.model.outcomes import IndicatorOutcome, indicator_outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import Role

_WORDS = """
    该项 本项 此项 该 本 此 项 指标 目标 任务 完成率 完成值 完成情况 完成 实际完成 实际值 实际 得分 满意度 合格率 年度 年初 年底 年末 年内 年 全年
    预期 预定 预算 绩效 计划 设定 既定 要求 标准 水平 未能 未 没有 没能 尚未 暂未 还未 不能 完全 全部 按时 按期 如期 达到 达成 实现 达标 到位 低于 少于
    小于 不足 偏低 偏差 差距 较低 略低 稍低 有所 存在 一定 距离 距 相比 比 与 和 仍 尚 还 暂 略 稍 较 有 值 数 率 前 后 内 项目 工作 影响
    按比例 按 比例 扣分 扣减 扣 分 酌情 得
    因 因为 由于 主要 原因 主要是 是 客观 主观 因素 条件 情况 实际情况 工作 特殊 其他 其它 各种 多种 种种 有关 相关 一些 某些 方面 问题 受 导致 造成 所致
    等 的 了 在 对 于 为 从 以 及 并 也 都 将 上 下 中 里 着 详见 见 参见 材料 报告 附件 说明 自评 文件 资料 内容 正文 同上 无 暂无
    今后 以后 后续 下一步 下步 下一年度 下一年 下年度 下年 来年 明年 次年 我单位 我局 我院 我校 我馆 我站 我所 我镇 我委 我们 本单位 单位 要 需 应 会 须
    再 更加 更 继续 进一步 不断 持续 切实 努力 认真 积极 大力 高度 重视 严格 强力 全力 尽快 及时
    做好 加强 改进 提高 提升 完善 强化 加大 优化 改善 抓好 推进 抓紧 加快 力争 争取 总结 经验 教训 吸取 分析 落实 狠抓 抓 思想 认识 意识 责任 措施
    服务 管理 力度 质量 效率 能力 作风 进度 效能 成效 统筹 协调 沟通 监督 监管 检查 督促 组织 领导 确保 保证 克服 困难 学习 业务 规范 整改
"""
"""Words with which a text says nothing: of the miss, of reasons that are none, of more to be done."""
_EMPTY = re.compile("|".join(sorted(map(re.escape, _WORDS.split()), key=len, reverse=True)))
_FIGURE = re.compile(r"[0-9.%％]+(?:个?百分点|万?元|人次|[个人户次件项分天日])?")
_MOST_LEFT = 1
"""Most characters of a text that may be left without those words."""
_CAUSE = re.compile(
    r"因(?!此|为未)|由于|原因|影响|导致|造成|所致|受|不[足够便高强易]|不完善|不及时|较|偏|困难|滞后|缺|有限|老化|天气|疫情|汛|延[期误长]|推迟|"
    r"希望|反映|意见|减少|增多|取消|调整|流标|尚未|跨年|质保|审批|水毁|停"
)
"""Words of a text that says why something was missed."""
_GENERAL_PAIRS = "满意 意度 完成 成率 指标 数量 人数 次数 面积 比例 项目 群众 服务 工作 对象 及时 时率 资金 年度 建设 管理 单位 合格 格率 程度 提升 提高"
_GENERAL = frozenset(_GENERAL_PAIRS.split())
"""Pairs of characters that names of many indicators have."""
_BREAK = re.compile(r"[，,、。；;！!：:（）()“”\s]+")
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
    """Tell whether a reason only repeats the miss, promises to do better or refers to other papers."""
    if len(text) > _LONGEST:
        return False
    name = outcome.indicator.name.filed
    text = _FIGURE.sub("", text.replace(name, "").replace(core_of_name(name), ""))
    return len(_BREAK.sub("", _EMPTY.sub("", text))) <= _MOST_LEFT


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
