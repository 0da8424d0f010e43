"""Direction of an indicator: whether more or less is better, by its sign or by its words."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from gongkai.model.values import Comparison, Value


class Direction(StrEnum):
    """Whether more or less than the target is better."""

    HIGHER = "越高越好"
    LOWER = "越低越好"
    PROBABLY_HIGHER = "多半越高越好"
    UNKNOWN = "看不出"

    @property
    def is_certain(self) -> bool:
        """Whether sign or words say it."""
        return self in {Direction.HIGHER, Direction.LOWER}


LOWER_WORDS = (
    "成本", "费用", "单价", "造价", "均投资", "控制数", "控制率", "控制额", "控制价", "调整率", "变动率", "差异率",
    "负债率", "债务", "重复率", "时限", "用时", "耗时", "周期", "间隔", "半径", "上限", "浓度", "降尘", "噪声",
    "能耗", "电耗", "水耗", "耗电", "耗水", "耗能", "耗气", "未[一-龥]{1,3}率", "不[一-龥]{1,3}率",
    "(?:超期|逾期|超时|延期)[一-龥]{0,4}率",
    "(?:修复|响应|办理|办结|处置|处理|到场|到达|等待|等候|平均|抢修|维修|审批|审核)(?:时间|时长)",
)  # fmt: skip
"""Words, as regular expressions, of indicators whose figure is to be low: costs, times, limits."""
BAD_WORDS = (
    "差错", "错误", "误差", "误报", "误判", "漏报", "错发", "漏发", "错漏", "投诉", "信访", "上访", "事故", "火灾", "火情",
    "灾情", "伤亡", "死亡", "受伤", "伤残", "结转", "结余", "偏差", "超标", "超期", "超时", "超限", "逾期", "延期", "延误",
    "违规", "违纪", "违法", "漏损", "损失", "损耗", "损坏", "破损", "流失", "辍学", "离岗", "离职", "空置", "闲置", "空缺",
    "受害", "成灾", "发病", "感染", "患病", "失业", "返贫", "退货", "返工", "退件", "故障", "缺陷", "缺勤", "舆情", "发案",
    "复发", "虚报", "冒领", "流标", "停水", "停电", "停运", "中断", "欠费", "拖欠", "排放", "污染",
)  # fmt: skip
"""What is to be rare."""
REMEDIES = (
    "查处", "打击", "整治", "处理", "处置", "化解", "排查", "治理", "修复", "消除", "扑救", "扑灭", "减少", "降低", "下降",
    "清理", "纠正", "防治", "预防", "办理", "受理", "解决", "救治", "查办", "审理", "审结", "防止", "避免", "应对", "发现",
    "督办", "接待", "调解", "救助", "监测", "核查", "检查", "督查", "减", "降",
)  # fmt: skip
"""What is done about it; with these words before it, a bad word says nothing: 查处违法案件数."""
HIGHER_WORDS = (
    "满意",
    "(?:完好|合格|达标|覆盖|知晓|完成|优良|优秀|良好|成活|存活|保存|入学|就业|利用|使用|准确|及时|到位|执行|办结|通过)率",
    "(?:参训|出勤|参与|普及|治愈|公开|兑现|发放|开诊|规范|管理|响应|落实|处理|处置|整改|接种|保障|保证|供水|供电)率",
    "(?:供应|回收|绿化|解决|回复|答复|修复|治理|救治|化解|扑灭|防治|建档|签约|安装|在线|上线|验收|投用|入库|配备)率",
    "(?:持证|巩固|毕业|升学|结案|执结|销号|资助|受益|无害化|资源化|机械化|信息化|正确|支付|拨付|支出|履约)率",
    "(?:按期|按时|准时)[一-龥]{0,3}率",
    "(?:下降|降低|减少|减量|压减|压缩|节约|节省|削减|增长|提升|提高|增加)(?:率|额|幅度|比例)", "增幅", "降幅", "节约", "节省",
    "增收", "利润", "产值", "税收",
)  # fmt: skip
"""Words of indicators whose figure is to be high."""
TASK_WORDS = (
    "培训", "演练", "宣传", "宣讲", "检查", "巡查", "巡护", "巡检", "抽查", "抽检", "督查", "监测", "检测", "维修", "检修", "维护",
    "养护", "管护", "改造", "建设", "新建", "修建", "购置", "更新", "更换", "补助", "补贴", "救助", "资助", "慰问", "走访", "服务",
    "整治", "清理", "清淤", "治理", "修复", "办结", "处理", "处置", "整改", "化解", "排查", "查处", "回复", "救治", "扑灭", "防治",
    "预防", "举办", "开展", "开放", "保障", "受益", "惠及", "带动", "就业", "安装", "种植", "造林", "抚育", "接待", "接收", "扫描",
    "发放", "保护", "签约", "接种", "体检", "随访", "建档", "辅导", "演出", "放映", "展览", "挂牌", "聘用", "招聘", "清运", "回收",
    "利用", "覆盖", "飞行", "完成", "收入", "产量", "销售", "办案", "审结", "执法", "采集", "编制", "印发", "播发", "制作",
    "提升", "提高", "改善", "下降", "降低", "减少",
)  # fmt: skip
"""Words of tasks: what is done about something bad (事故应急演练次数) is to be much."""
_COUNTED = re.compile(
    r"(?:数|数量|率|量|额|面积|长度|里程|天数|课时|学时|人次|场次|规模|比例|占比|总数|篇幅)$|数量"
)
"""Ends of names that count something of which, as a rule, more is better."""
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]$")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_WORDS = re.compile(
    rf"(?P<lower>{_alternatives(LOWER_WORDS)})|(?P<higher>{_alternatives(HIGHER_WORDS)})"
    rf"|(?P<bad>{_alternatives(BAD_WORDS)})|(?P<task>{_alternatives(TASK_WORDS)})"
)
_REMEDY = re.compile("|".join(REMEDIES))
_SAVING = re.compile("节约|节省|压减|压缩|削减|降低|减少|下降")
_DIRECTIONS = {
    "lower": Direction.LOWER,
    "bad": Direction.LOWER,
    "higher": Direction.HIGHER,
    "task": Direction.PROBABLY_HIGHER,
}
_SIGNS = {
    Comparison.AT_LEAST: Direction.HIGHER,
    Comparison.ABOVE: Direction.HIGHER,
    Comparison.AT_MOST: Direction.LOWER,
    Comparison.BELOW: Direction.LOWER,
}
_TIMES = ("小时", "分钟", "工作日", "天", "日")


def direction_of_sign(comparison: Comparison | None) -> Direction | None:
    """Return the direction that a sign states; None without a sign, or for “=”."""
    return _SIGNS.get(comparison) if comparison else None


def direction_of(name: str, aspect: str, target: Value) -> Direction:
    """Return the direction of an indicator, `aspect` being the category above it.

    Signs come first, then the last word of the name that says it (Chinese names end in what they
    count: 投诉办结率 is a rate of settlement), then the category and the measure.
    """
    if by_sign := direction_of_sign(target.comparison):
        return by_sign
    if target.number == 0:
        return Direction.LOWER
    by_words = _direction_of_words(name)
    if by_words.is_certain:
        return by_words
    by_category = _direction_of_category(aspect, target, is_named=by_words is not Direction.UNKNOWN)
    if by_category or by_words is not Direction.UNKNOWN:
        return by_category or by_words
    is_counted = target.measure == "%" or aspect.startswith("数量") or _COUNTED.search(name)
    return Direction.PROBABLY_HIGHER if is_counted else Direction.UNKNOWN


def _direction_of_category(aspect: str, target: Value, *, is_named: bool) -> Direction | None:
    """Return what category and measure say; a name that says something counts more than times."""
    if "满意" in aspect or (target.measure == "%" and target.number == 100):  # noqa: PLR2004
        return Direction.HIGHER
    is_cost = "成本" in aspect and target.measure.endswith("元")
    is_time = "时效" in aspect and target.measure.endswith(_TIMES) and not is_named
    return Direction.LOWER if is_cost or is_time else None


@lru_cache(maxsize=20_000)
def _direction_of_words(name: str) -> Direction:
    """Return what the last telling word of a name says."""
    last = next(reversed(list(_WORDS.finditer(_BRACKETS.sub("", name)))), None)
    if last is None or last.lastgroup is None:
        return Direction.UNKNOWN
    if last.lastgroup == "lower" and _SAVING.search(name, 0, last.start()):
        return Direction.PROBABLY_HIGHER
    if last.lastgroup == "bad" and _REMEDY.search(name, 0, last.start()):
        return Direction.UNKNOWN
    return _DIRECTIONS[last.lastgroup]
