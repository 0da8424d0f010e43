"""Results stated in words: 计划8场，实际开展6场; 尚未印发; 2023年10月中旬."""

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.model.values import Value, parse_decimal, parse_han_number

_NUMBER = re.compile(
    r"(?<![0-9.])(?P<number>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|[一二两三四五六七八九十百千零]+)\s*"
    r"(?P<measure>[^0-9\s，,。；;、（）()：:]{0,8})"
)
_CLAUSE_END = re.compile(r"[，,。；;、（）()]")
_PLANNED = re.compile(
    r"计划|目标|应|要求|原定|拟|年初|预期|需|不低于|不少于|至少|不超过|[≥≧>＞≤≦<＜]|上年|去年|上一年|同期|比|较|"
    r"增加|减少|提高|下降|增长|超过|超额|少|多|第|每|其中|调整为|改为|占|其余|剩余|另有|还有|尚有|未"
)
"""Words before figures that are no results."""
_ACHIEVED = re.compile(r"实际|实有|实现|完成|达到?|开展|举办|共|合计|累计|总计|为|仅|只")
_ACTUAL = re.compile(r"实际|实有|共|合计|累计|总计|仅|只")
_LOST_AFTER = re.compile(
    r"^[^，,。；;]{0,12}?(?:因|未|没有|取消|推迟|延[期迟误]|不合格|不达标|退|缺|待|尚|正在|仍在|在[建办签谈])"
)
_FAILURES = re.compile(
    r"未(?!发现|发生|出现|见)(?:能|按)?[^，。；,;]{0,4}?(?:完成|达到|达标|实现|落实|执行|履行|坚持|明确|组织|印发|建立|开展|验收|到位|建成|启动|实施|出台|使用|发放|整改|通过|覆盖|办结|支付|兑现|安装|投用)|"
    r"尚未|没有(?:完成|达到|实现|落实|开展|建立|明确|执行)|未达|延迟|推迟|滞后|延误|拖延|拖[至到]|缺失|逾期|延期|取消(?=[，。；,;]|$|了?[一二两三四五六七八九十0-9])|中断|停工|搁置|"
    r"(?:[仍尚还]有|存在|(?<!没)有)(?:一定|较大|很大|不小|明显|些许?|少许)?的?差距|"
    r"(?:其余|剩余|余下|[仍尚还]有)[^，。；,;]{0,10}?(?:放弃|取消|待|在办|在建|未(?=[一-龥]))|"
    r"(?:正在|仍在|尚在)(?:办理|起草|制定|编制|建设|推进|实施|施工|筹备|申报|审批|招标|采购|安装|验收|整改|协商)|"
    r"(?:个别|部分|少数|有的)[^，。；,;]{1,10}?(?:未(?!发现|发生|出现|见)|没有|不(?!再|断|同|少|仅|等|含|包|低于|超))|"
    r"有待|(?:效果|改善|提升|变化|进展)(?:不(?:明显|大|够|理想)|甚微)|不(?:明显|理想)|(?:没有|无)明显|超(?:预算|支|概算|编制)|"
    r"不(?:符合|合规|合格|达标|到位|健全|完善|及时|规范)|较差|违规|违反|超标准|超范围|查出[^，。；,;]{0,3}(?:问题|[一二两三四五六七八九十0-9]+[笔起项件处])|只(?:完成|举办|开展|有|演练)|仅(?:完成|举办|开展|有|演练)"
)
"""Words of a result that falls short."""
_LATE = re.compile(r"延迟|推迟|滞后|延误|拖延|延期")
_NEGATION = re.compile(
    r"(?:(?:无|没有|未(?:发生|出现|发现)?|不存在|不会|零|不)[^，。；,;]{0,6}"
    r"|(?:杜绝|避免|防止|解决|缓解|消除|减少|降低|克服|整改|查处|纠正|处理|治理|改善|建立|健全|完善)[^，。；,;]{0,16})$"
)
"""Words before a failure that turn it into none: 无延期, 解决了水质不达标问题."""
_REMEDIED = re.compile(
    r"[^，。；,;]{0,8}?(?:问题|情况|现象)[^，。；,;]{0,4}(?:整改|解决|改善|消除|清零)"
)
"""Words after a failure that say that it has been put right."""
_SCALES = (
    ("很高", "高", "较高", "中", "一般", "较低", "低", "很低"),
    ("很好", "好", "较好", "一般", "较差", "差"),
    ("优", "良", "中", "差"),
    ("优秀", "良好", "合格", "不合格"),
    ("显著", "明显", "较明显", "一般", "不明显"),
    ("满意", "较满意", "基本满意", "一般", "不满意"),
    ("特等", "一等", "二等", "三等"),
    ("AAA", "AA", "A", "B", "C", "D"),
    ("甲", "乙", "丙", "丁"),
    ("第一名", "第二名", "第三名", "第四名"),
)
_DEGREE_NOUN = re.compile("(?<=.)(?:等次|等级|[级奖档])$")
"""Words for the degree of a quality, the best first."""
_AFTER_DEGREE = re.compile(r"[，,；;。：:]")

_BETTER = re.compile("提升|提高|增加|增长|增强|改善|上升|扩大|好转|向好|拓宽|拓展|巩固")
_LESS = re.compile("降低|下降|减少|压减|缩短|遏制|减轻|控制")
_SUBJECT = (
    r"(?:^|[，,；;、。])(?:(?:与|较|比)?(?:上年|去年|上一年|同期|往年|年初)(?:同期|相比|比较)?|同比|环比|"
    r"个别[^，。；,;]{0,4}?|部分[^，。；,;]{0,4}?|总体|整体|基本|略有?|有所|有|稍有?|小幅|的|，|,)*"
)
"""Words before a trend that name nothing else that rises or falls."""
_UNCHANGED = "持平|不变|没有变化|无变化|无明显(?:变化|改善|提升|提高|效果)|变化不大"
_GOT_WORSE = re.compile(rf"{_SUBJECT}(?:{_UNCHANGED}|下降|下滑|降低|减少|恶化|回落|减弱|变差|倒退)")
_GREW = re.compile(rf"{_SUBJECT}(?:{_UNCHANGED}|上升|增加|增长|反弹|提高|回升|扩大)")
_LAST_YEARS = re.compile("不([低少高多超])[于过]?(?:上年|去年|上一年|往年)")
"""A target that is last year's value."""
_FELL = re.compile(rf"{_SUBJECT}(?:下降|下滑|降低|减少|回落)")
_ROSE = re.compile(rf"{_SUBJECT}(?:上升|增加|增长|反弹|提高|回升)")

_SHARE = re.compile("百分之([一二三四五六七八九十百零]+)")
_TENTHS = re.compile(
    "([一二两三四五六七八九])成([一二三四五六七八九半])?(?![一-龥]|[0-9])|"
    "(?<=[达到为是约])([一二两三四五六七八九])成"
)
_ZERO_TARGET = re.compile(
    "^(?:全年|年内|本年度?|确保|实现|做到|力争)*(?:零|无|不发生|不出现|未发生|杜绝)(?:重大|较大|一般)?([一-龥]{2,6})"
)
"""A target that something does not happen: 零事故, 无投诉."""
_HAPPENED = re.compile(
    r"(?:发生|出现|受理|接到|收到|停|断|有)[^，。；,;无未零]{0,8}?([1-9][0-9]*|[一两二三四五六七八九十]+)\s*[起次件例宗人处]"
)
_FREQUENCY = re.compile(
    r"每(半年|个?[年月周天日]|个?季度?|个?星期)(?:至少|不少于|开展|组织|召开|举办|巡查|检查)*"
    r"([0-9]+|[一两二三四五六七八九十]+)\s*(?:次|场|期|批|轮|回)(?![以之]上)?"
)
_TIMES_A_YEAR = {"半年": 2, "年": 1, "月": 12, "周": 52, "星期": 52, "季": 4, "季度": 4}
_YEARLY_COUNT = re.compile(
    r"(?:全年|年内|共|合计|累计|仅|只|实际)(?:实际|共|只|仅)?(?:开展|组织|召开|举办|巡查|检查|完成|进行)?了?"
    r"([0-9]+|[一两二三四五六七八九十]+)\s*(?:次|场|期|批|轮|回)"
)
_NEXT_YEAR = re.compile(
    "(?:次年|翌年|第二年|下一?年度?)(?:[1-9]|1[0-2])月[^，。；,;]{0,8}?(?:发放|完成|支付|拨付|到位|验收|完工|建成|兑现|投用)"
)

_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)\s*[年./-]\s*)?(?P<month>1[0-2]|0?[1-9])\s*(?(year)(?:月|[./-](?=\d))|月)\s*"
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号]?|(?P<third>[上中下]旬|月?底|月?末|初))?"
)
_TREND_LENGTH = 20
"""Longest target, in characters, that is a trend and no description."""
_DEADLINE = re.compile(r"[前内]|之前|以前|底$|末$")
_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10)}


def leading_target(text: str) -> tuple[str, str]:
    """Split a target cell into its target and what follows after punctuation (≥85%，核查为81%)."""
    match = re.match(r"([^，,。；;、（(]*[0-9][^，,。；;、（(]*)[，,。；;](.+)", text)
    return (match[1], match[2]) if match else (text, "")


def stated_number(text: str, measure: str, *, actual_only: bool = False) -> Decimal | None:
    """Return the result that a sentence states in a measure; None if there is none, or several.

    Of several, the one that is called 实际 or 共 counts; with `actual_only` no other does.
    """
    results = list(_iter_results(_read_shares(text) if measure == "%" else text, measure))
    actual = {number for number, is_actual in results if is_actual}
    numbers = actual or {number for number, _ in results if not actual_only}
    return numbers.pop() if len(numbers) == 1 else None


def _read_shares(text: str) -> str:
    """Write shares in words as percentages: 九成五 and 百分之九十五 as 95%."""
    text = _SHARE.sub(lambda match: f"{parse_han_number(match[1])}%", text)
    return _TENTHS.sub(_tenths, text)


def _tenths(match: re.Match[str]) -> str:
    tenths = parse_han_number(match[1] or match[3]) * 10
    rest = 5 if match[2] == "半" else parse_han_number(match[2] or "零")
    return f"{tenths + rest}%"


def _iter_results(text: str, measure: str) -> Iterator[tuple[Decimal, bool]]:
    """Yield the figures in a measure that may be results, and whether they are called 实际 or 共."""
    for match in _NUMBER.finditer(text):
        unit = match["measure"].replace("％", "%")
        if not unit.startswith(measure) or unit[len(measure) :].startswith(("以", "次", "性")):
            continue
        before = _CLAUSE_END.split(text[: match.start()])[-1]
        after = unit[len(measure) :] + text[match.end() :]
        if ("实际" not in before and _PLANNED.search(before)) or _LOST_AFTER.match(after):
            continue
        numeral = match["number"]
        if not (numeral[0].isascii() or len(numeral) > 1 or _ACHIEVED.search(before)):
            continue  # 一次性, 一个月后 …
        number = parse_decimal(numeral) if numeral[0].isascii() else parse_han_number(numeral)
        yield number, bool(_ACTUAL.search(before))


def stated_failure(text: str, target: str, *, may_be_late: bool = False) -> str:
    """Return the words that say that something was not done; empty if there are none.

    Words after a negation (无延期) or in the target do not count, nor does being late if it may be.
    """
    for match in _FAILURES.finditer(text):
        is_late = bool(_LATE.fullmatch(match[0]))
        before, in_target, _ = target.partition(match[0])
        is_stated = in_target and not _NEGATION.search(before)
        if is_stated or (is_late and may_be_late):
            continue
        is_negated = _NEGATION.search(text[: match.start()])
        if not (is_negated or _REMEDIED.match(text, match.end())):
            return match[0]
    return ""


def is_lower_degree(target: str, actual: str) -> bool:
    """Tell whether a result is a lower degree than its target: 较低 for 高."""
    actual = _AFTER_DEGREE.split(actual, maxsplit=1)[0]
    target, actual = (_DEGREE_NOUN.sub("", text) for text in (target, actual))
    scales = (scale for scale in _SCALES if target in scale and actual in scale)
    return any(scale.index(actual) > scale.index(target) for scale in scales)


def is_opposite_trend(target: str, actual: str) -> bool:
    """Tell whether a result goes the other way than its target, or nowhere: 与上年持平 for 逐步提升."""
    if len(target) > _TREND_LENGTH or any(character.isdigit() for character in target):
        return False
    if limit := _LAST_YEARS.search(target):
        changes = _FELL if limit[1] in {"低", "少"} else _ROSE
        return bool(changes.search(actual))
    is_up, is_down = (bool(words.search(target)) for words in (_BETTER, _LESS))
    if is_up == is_down:
        return False
    right, opposite = (_BETTER, _GOT_WORSE) if is_up else (_LESS, _GREW)
    return bool(opposite.search(actual)) and not right.search(opposite.sub("", actual))


def happened_against_target(target: str, actual: str) -> str:
    """Return the words that say that what was not to happen (零事故) did; empty if they do not."""
    zero, happened = _ZERO_TARGET.match(target), _HAPPENED.search(actual)
    if not (zero and happened) or re.search("未发生|没有发生|未出现|无", actual):
        return ""
    return happened[0]


def times_missing(target: str, actual: str) -> str:
    """Return how often something was done if that is less often than its target (每月一次) says."""
    planned, done = _FREQUENCY.search(target), _YEARLY_COUNT.search(actual)
    if not (planned and done):
        return ""
    times = _TIMES_A_YEAR.get(planned[1].removeprefix("个"), 0)
    return done[0] if _count(done[1]) < times * _count(planned[2]) else ""


def _count(numeral: str) -> Decimal:
    return parse_decimal(numeral) if numeral[0].isascii() else parse_han_number(numeral)


def is_past_year(target: str, actual: str) -> str:
    """Return the words that say that something was done in the next year, against a target of this one."""
    late = _NEXT_YEAR.search(actual)
    return late[0] if late and not re.search("次年|翌年|第二年|下一?年", target) else ""


def is_past_deadline(target: str, actual: str, year: int) -> bool:
    """Tell whether a date is after a deadline (2023年8月底前, 2023年10月中旬), both in one year or dated."""
    deadlines, dates = list(_DATE.finditer(target)), list(_DATE.finditer(actual))
    if (
        len(deadlines) != 1
        or len(dates) != 1
        or not _DEADLINE.search(target[deadlines[0].end() - 1 :])
    ):
        return False
    if re.search(r"每[年月季]", target + actual):
        return False
    return _bounds(dates[0], year)[0] > _bounds(deadlines[0], year)[1]


def _bounds(match: re.Match[str], year: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Return the first and the last day that a date can mean."""
    stated = int(match["year"] or year), int(match["month"])
    if match["day"]:
        return (*stated, int(match["day"])), (*stated, int(match["day"]))
    first, last = _DAYS.get(match["third"] or "", (1, 31))
    return (*stated, first), (*stated, last)


def as_target(value: Value, number: Decimal) -> Value:
    """Return a result in the measure of its target."""
    return Value(f"{number}", value.state, number, value.measure)
