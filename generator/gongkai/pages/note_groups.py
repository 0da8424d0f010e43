"""What the rules' findings mean for readers: groups of notes, and a plain sentence per rule."""

from collections.abc import Mapping
from enum import Enum


class NoteGroup(Enum):
    """A group of notes; the heaviest comes first. The value is its title."""

    MONEY = "金额对不上"
    FIGURES = "得分、比率、数量对不上"
    REASONS = "没有说明原因"
    STATEMENTS = "前后说法不一"
    SPENDING = "花钱要留意的地方"
    BLANKS = "没有填全"
    MEASURES = "指标写得不好比较"
    DATES = "日期"
    WORDS = "文字和格式"
    CORRECTIONS = "填报以后更正过的"


_MEANINGS: Mapping[NoteGroup, Mapping[str, str]] = {
    NoteGroup.MONEY: {
        "ZJ-01": "金额的写法不对",
        "ZJ-02": "合计与各分项相加的数不同",
        "ZJ-03": "同一笔钱按两种分法，合计不同",
        "ZJ-09": "三公经费与它的各项相加的数不同",
        "ZJ-10": "“其中”的数比总数还大",
        "ZB-19": "成本指标的金额与资金表的金额相差悬殊",
        "GJ-01": "文字里的合计与各项相加的数不同",
        "GJ-02": "项目支出与各项目相加的数不同",
        "GJ-04": "同一个数，一处写“元”，一处写“万元”",
        "GJ-10": "应当相等的几个数不相等",
        "GJ-11": "引用的上年数与上年公开的不同",
        "GJ-12": "文字里的金额与表里的不同",
        "GJ-14": "两处的金额正好差一万倍",
    },
    NoteGroup.FIGURES: {
        "ZJ-04": "执行率与支出除以预算的结果不同",
        "ZJ-05": "预算执行的得分与执行率不相称",
        "ZB-15": "比率超出了可能的范围",
        "ZB-18": "“其中”各项相加超过了总数",
        "DF-01": "各类指标的分值相加不等于满分",
        "DF-02": "一类指标的分值与下级相加的数不同",
        "DF-03": "总分与各项得分相加的数不同",
        "DF-05": "得分与完成的程度不相称",
        "DF-06": "等级与总分不相称",
        "DF-07": "得分超过了分值，或小于零",
        "DF-08": "得分不在所评的档次里",
        "DF-09": "共用的得分填了不止一次",
        "DF-11": "得分与权重乘系数的结果不同",
        "GJ-05": "变动的数与前后两个数不相符",
        "GJ-06": "报告里的得分与表里的不同",
        "GJ-13": "文字里的数与指标的数不同",
    },
    NoteGroup.REASONS: {
        "DF-04": "扣了分，没有写原因",
        "DF-10": "全部得了满分",
        "ZB-11": "没有达到目标，没有写原因",
        "ZB-12": "远远超过目标，没有说明",
        "ZB-17": "文字说没有做到，却得了满分",
        "ZJ-08": "比上年增减三成以上，没有说明",
        "ZJ-11": "执行率低或调整了预算，没有说明",
    },
    NoteGroup.STATEMENTS: {
        "GJ-03": "同一件事，几处写的不同",
        "GJ-07": "文字与上一年一字不差",
        "GJ-08": "目标比上一年低，或去掉了没做到的指标",
        "GJ-09": "文字与别的单位一字不差",
        "JG-10": "项目的名称在几处不同",
        "ZB-14": "指标或目标与年初公开的不同",
    },
    NoteGroup.SPENDING: {
        "ZJ-06": "花的比预算多",
        "ZJ-07": "人员比编制多，或比率算得不对",
        "ZJ-12": "三公经费超过预算，或比上年增加",
        "ZJ-13": "楼堂馆所超过批准的规模，或比率算得不对",
    },
    NoteGroup.BLANKS: {
        "JG-03": "必填的没有填",
        "JG-04": "应填数的地方空着",
        "JG-05": "没有签字",
        "JG-09": "缺少附件",
        "ZB-01": "缺少一类指标",
        "ZB-02": "一类指标下面没有内容",
        "ZB-09": "产出指标不全",
        "ZB-16": "指标只填了一部分",
        "ZJ-14": "资金总额一行没有填全",
        "GK-01": "公开目录的信息不全",
    },
    NoteGroup.MEASURES: {
        "ZB-03": "数量没有写单位",
        "ZB-04": "目标与完成值的单位不同，无法比较",
        "ZB-05": "目标不是可以衡量的数",
        "ZB-06": "目标是数量，完成值却是文字",
        "ZB-07": "看不懂的比较符号",
        "ZB-08": "指标放错了类别",
        "ZB-10": "完成值不是一个确定的数",
        "ZB-13": "同一个指标写了两次",
    },
    NoteGroup.DATES: {
        "RQ-01": "一年还没有过完就填报了",
        "RQ-02": "日期不完整，或不可能",
        "RQ-03": "文字说到了填报以后的事",
        "RQ-04": "批复以后二十天内没有公开",
        "RQ-05": "发布的日期不可能",
        "RQ-06": "文字里的年份与本年度不同",
        "RQ-07": "文号的年份前后不同",
        "RQ-08": "结束早于开始",
        "JG-11": "标题的年份与本年度不同",
    },
    NoteGroup.WORDS: {
        "WB-01": "疑有错字",
        "WB-02": "章节的编号不连续",
        "WB-05": "内容空泛",
        "WB-06": "缺少规定的章节",
        "JG-06": "留着表格的提示语，等于没有填",
        "JG-07": "用的可能不是本地、本级的表",
        "JG-08": "金额的单位写法不统一",
        "JG-12": "文件放的地方不对",
        "YS-03": "疑有个人信息",
        "GK-02": "更正的记录不全",
        "GK-03": "差异说明已经失效",
        "GK-05": "改动没有写更正",
    },
}
_GROUPS = {rule: group for group, rules in _MEANINGS.items() for rule in rules}
_SENTENCES = {rule: text for rules in _MEANINGS.values() for rule, text in rules.items()}


def group_of_rule(rule: str) -> NoteGroup:
    """Return the group of a rule's findings."""
    return _GROUPS.get(rule, NoteGroup.WORDS)


def plain_sentence(rule: str, name: str) -> str:
    """Return what a rule's findings mean, in everyday words; else the rule's name."""
    return _SENTENCES.get(rule, name)


def has_plain_sentence(rule: str) -> bool:
    """Whether a rule's findings are explained to readers."""
    return rule in _SENTENCES
