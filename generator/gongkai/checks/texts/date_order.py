"""Check of starts and ends in texts (RQ-08): nothing ends before it starts."""

import re
from collections.abc import Iterator
from itertools import pairwise

from gongkai.checks.base import Finding, check
from gongkai.checks.sentences.prose import TextBlock, text_blocks
from gongkai.model.documents import Record
from gongkai.model.problems import Level

_DATE = r"(?:(?P<{0}_year>20\d\d)\s?[年./-]\s?)?(?P<{0}_month>\d{{1,2}})(?:月|[./-](?=\d))(?:(?P<{0}_day>\d{{1,2}})(?![\d.])(?:日|号)?)?(?:[上中下]旬|[初底末])?"
_FROM, _TO = _DATE.format("start"), _DATE.format("end")
_ADVERBS = (
    "正式|全面|全部|陆续|如期|按期|顺利|圆满|基本|已|项目|工程|组织|破土|进场|通过|竣工|主体|集中"
)
_STARTED = rf"(?:{_ADVERBS}){{0,3}}(?:开工|动工|启动|开始|施工|开班|开幕|立项|进场|开馆|开展|实施)(?:建设|施工|实施)?"
_ENDED = rf"(?:{_ADVERBS}){{0,3}}(?:完工|竣工|结束|验收|交付|投入使用|建成|闭幕|结业|结项|完成(?!\w)|完结|终止|止)"
_EVENTS = re.compile(
    rf"(?<!\d){_FROM}{_STARTED}\s?[、，,]?\s?(?:并|随后|其后)?[于在至到]?\s?{_TO}{_ENDED}"
)
"""7月10日开工、6月28日完工, of one thing: no other subject stands between."""
_PERIOD = re.compile(rf"(?<!\d){_FROM}起?\s?(?:至|到|—|–|-|~|～){{1,2}}\s?{_TO}")
"""7月10日至6月28日."""
_STAGES = (
    ("立项", "项目建议书?批复|完成立项|立项批复|可研批复"),
    ("公告", "(?:发布|发出|刊登)(?:招标|采购|竞争性磋商|询价|比选)?公告|发布招标"),
    ("开标", "开标|评标|定标|中标(?!结果|通知|价|单位|人)|成交公告"),
    ("合同", "(?:签订|签署)(?:施工|采购|服务|供货|供应|监理|设计|承包|购销)*(?:合同|协议)"),
    ("开工", "(?:正式|全面|破土)?(?:开工|动工)|进场施工"),
    ("主体", "主体(?:工程)?(?:完工|完成|封顶)|(?:完成)?封顶"),
    ("完工", "(?:全部|全面|全线)?(?:完工(?!验收)|竣工(?!验收))"),
    ("验收", "(?:通过|完成|组织)(?:竣工|完工|项目|工程|联合|初步|终期)*验收|验收合格"),
    ("交付", "投入(?:使用|运行|教学|运营)|交付使用|移交"),
    ("结算", "(?:完成|办结)(?:竣工)?(?:结算|决算)(?:审计|评审|审核)?"),
)
"""Stages of a project in their order, and the words that say that one has been reached."""
_RANKS = {name: rank for rank, (name, _) in enumerate(_STAGES)}
_STAGE = "|".join(f"(?P<{name}>{words})" for name, words in _STAGES)
_DATED_STAGE = re.compile(
    rf"(?<!\d){_DATE.format('when')}(?P<between>[^，,。；;：:0-9]{{0,12}}?)(?:{_STAGE})"
)
"""A date and the stage that was reached on it: 4月26日开标."""
_PARTIAL = re.compile(
    "[一二三四五六七八九十首末]期|标段|批|部分|片|段|其中|分别|[甲乙丙]|重新|再次|第[一二三四五六七八九十]|流标|变更|补"
)
_MOST_MONTHS = 2
"""How many months earlier an end without its year is taken for a slip, not for one in the next year."""


@check("RQ-08", "起止先后", Level.W, of=Record)
def ends_before_it_starts(record: Record) -> Iterator[Finding]:
    """文字里同一件事的结束不能早于开始：“7月10日开工、6月28日完工”“2022年9月15日至2022年9月3日”。

    项目的各个阶段也要按先后：先公告后开标，先完工后验收，先验收后交付；同一句里说分期、分标段的，不作判断。
    没有写年份的，只在相差不到三个月时提出：“11月开工，3月完工”可能是次年三月。中间写了另一个主语的，不作判断。

    为什么：时间颠倒，读者不知道工期是多长。
    怎么改：核对两个日期；跨年的写明年份。
    """
    for block in text_blocks(record):
        if block.text.count("月") < 2 and block.text.count("20") < 2:  # noqa: PLR2004 - two dates
            continue
        found: set[int] = set()
        for pattern in (_EVENTS, _PERIOD):
            for match in pattern.finditer(block.text):
                if _is_reversed(match, is_period=pattern is _PERIOD):
                    found.add(match.start())
                    message = f"“{match[0]}”结束早于开始"
                    place, where = block.position_at(match.start()), f"{block.where}/{match[0]}"
                    advice = "请核对两个日期，跨年的写明年份"
                    yield Finding(place, message, advice, where, match[0], level=Level.W)

        for first, second in _swapped_stages(block):
            if first.start() not in found:
                message = f"“{first[0]}”，“{second[0]}”，先后颠倒"
                place, where = block.position_at(first.start()), f"{block.where}/{first[0]}"
                advice = "请核对两个日期，跨年的写明年份"
                yield Finding(place, message, advice, where, first[0], level=Level.W)


def _swapped_stages(block: TextBlock) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Yield two dated stages of a sentence of which the later stage has the earlier date."""
    for sentence in block.sentences:
        start = sentence.start
        text = block.text[start : start + len(sentence.text)]
        if "月" not in text or _PARTIAL.search(text):
            continue
        stages = list(_DATED_STAGE.finditer(block.text, start, start + len(text)))
        for first, second in pairwise(stages):
            ranks = [_RANKS[match.lastgroup or ""] for match in (first, second)]
            if ranks[0] != ranks[1] and _is_swapped(first, second, later_first=ranks[0] > ranks[1]):
                yield first, second


def _is_swapped(first: re.Match[str], second: re.Match[str], *, later_first: bool) -> bool:
    """Tell whether the later of two stages surely has the earlier date."""
    year, other_year = first["when_year"], second["when_year"]
    exact = bool(first["when_day"] and second["when_day"])
    days = [
        (
            int(match["when_year"] or year or 0),
            int(match["when_month"]),
            int(match["when_day"]) if exact else 0,
        )
        for match in (first, second)
    ]
    before, after = reversed(days) if later_first else days
    is_near = before[1] - after[1] <= _MOST_MONTHS
    return after < before and (bool(other_year and year) or is_near)


def _is_reversed(match: re.Match[str], *, is_period: bool) -> bool:
    """Tell whether the second of two dates is surely before the first."""
    start_year, end_year = match["start_year"], match["end_year"]
    months = int(match["start_month"]), int(match["end_month"])
    if not all(1 <= month <= 12 for month in months) or (end_year and not start_year):  # noqa: PLR2004
        return False
    days = match["start_day"], match["end_day"]
    start = int(start_year or 0), months[0], int(days[0] or 0)
    end = int(end_year or start_year or 0), months[1], int(days[1] or 0)
    if not all(days):
        start, end = (*start[:2], 0), (*end[:2], 0)
    if end >= start:
        return False
    return bool(end_year) or months[0] - months[1] <= (0 if is_period else _MOST_MONTHS)
